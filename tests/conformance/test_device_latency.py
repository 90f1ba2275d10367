"""How long a reading of the frequency and a written setpoint take on loopback; `pytest -s` prints the figures.

Both ends share one process and one event loop, so each figure holds the server's time too, and no network.
"""

import asyncio
import time

import numpy as np
import pytest

from battuta.adapters.devices.simulated.site_client import simulated_site
from battuta.adapters.devices.simulated.sunspec_server import SunSpecServer
from battuta.domain.command import DeviceCommand
from conformance.tank import Tank

N_ROUNDS = 1000


async def rounds_ms(call):
    taken_ms = np.empty(N_ROUNDS)
    for k in range(N_ROUNDS):
        start_s = time.perf_counter()
        await call(k)
        taken_ms[k] = 1000.0 * (time.perf_counter() - start_s)
    return taken_ms


async def measure():
    """Latencies by name, each of shape (n_rounds,). [ms]"""
    tank = Tank()
    async with SunSpecServer([tank]) as server:
        site = simulated_site("127.0.0.1", server.ports[0], now_ns=time.time_ns)
        await site.open()
        await site.read()
        taken_ms = {
            "read_frequency_hz": await rounds_ms(lambda _: site.read_frequency_hz()),
            "write": await rounds_ms(lambda k: site.write(DeviceCommand(power_kw=float(k % 100)))),
            "read": await rounds_ms(lambda _: site.read()),
        }
        await site.close()
    return taken_ms, tank


@pytest.mark.slow
def test_latency_on_loopback():
    taken_ms, tank = asyncio.run(measure())
    for name, each_ms in taken_ms.items():
        p50_ms, p99_ms = np.percentile(each_ms, [50, 99])
        print(f"{name}: p50 {p50_ms:.3f} ms, p99 {p99_ms:.3f} ms, max {each_ms.max():.3f} ms, {N_ROUNDS} rounds")  # noqa: T201 - the figures are what it is for
        assert p50_ms < 50.0, f"{name} is slower than the loop that it serves"
    assert tank.n_applied >= N_ROUNDS
