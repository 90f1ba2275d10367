"""Sockets have their own pace, and what was read too long ago is missing; the rest is held by the end-to-end test."""

import asyncio
import math
from time import monotonic_ns

import numpy as np
import pytest

from battuta.adapters.devices.simulated.world_clock import WorldClock
from battuta.app.living_request import RunRequest
from battuta.app.living_run import LivingRun
from battuta.app.living_setup import living_site
from battuta.app.prices import synthetic_prices
from battuta.app.socket_run import FREQUENCY_AGE_S, SocketSites, live_over_sockets
from battuta.domain.errors import DeviceUnavailableError, UsageError
from battuta.domain.image import N_SIGNALS, N_SOURCES, Signal, Source
from battuta.ports.device import Readings


class Site:
    """A device that answers, or does not."""

    words = "site 0 is silent"

    def __init__(self) -> None:
        self.is_there = True

    async def open(self) -> None:
        await self._answer()

    async def read(self) -> Readings:
        await self._answer()
        values = np.full(N_SIGNALS, 7.0)
        return Readings(values=values, measured_ns=np.full(N_SOURCES, 42, dtype=np.int64))

    async def read_frequency_hz(self) -> float:
        await self._answer()
        return 49.9

    async def _answer(self) -> None:
        await asyncio.sleep(0)
        if not self.is_there:
            raise DeviceUnavailableError(self.words)


async def until(holds) -> None:
    """Let the tasks run until something holds."""
    async with asyncio.timeout(5.0):
        while not holds():  # noqa: ASYNC110 - what is waited for is time and arrays, which set no event
            await asyncio.sleep(0.005)


@pytest.mark.parametrize("speed", [math.inf, 50.0])
def test_sockets_refuse_to_hurry(tmp_path, speed) -> None:
    run = LivingRun(RunRequest(n_sites=1, duration_s=5), synthetic_prices(1, 60), living_site(), tmp_path)
    with pytest.raises(UsageError, match="too fast for sockets"):
        live_over_sockets(run, speed, lambda _: None, lambda _: None)
    run.journal.close()


def test_readings_arrive_and_an_old_frequency_is_missing() -> None:
    async def scene() -> None:
        told, site = [], Site()
        sites = SocketSites([site], WorldClock(10**9, monotonic_ns(), 1.0), lambda *words: told.append(words))
        assert np.isnan(sites.frequency_hz()).all()
        tasks = [asyncio.create_task(work(0)) for work in (sites.keep, sites.listen)]
        await until(lambda: not np.isnan(sites.frequency_hz()).any() and not np.isnan(sites.values[Signal.SOC, 0]))
        assert sites.frequency_hz().tolist() == [[49.9]]
        assert sites.measured_ns[Source.BATTERY, 0] == 42
        site.is_there = False
        begun_ns = monotonic_ns()
        await until(lambda: bool(np.isnan(sites.frequency_hz()).all() and told))
        assert monotonic_ns() - begun_ns > 0.5 * FREQUENCY_AGE_S * 1e9
        assert told[0][0] == 0
        assert told[0][1].startswith("DEVICE_LOST E601")
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(scene())
