"""How fast a site answers, and whether what it delivers is what was sold: latency, deliveries, many sites.

`python benchmarks/site.py --json` prints one object and ends with 1 where a goal is not met. Latency is that of the
guard in this process, and over Modbus against a simulated site in a process of its own; `site_delivery.py` says how
deliveries are scored, `site_recordings.py` what recordings serve for.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic_ns, perf_counter, process_time

import numpy as np
from figures import NOT_RUN, Figure, answer, machine, questions, say
from site_delivery import SEEDS, START_S, TICKS_PER_S, chain, deliveries, metered_hz
from site_recordings import disturbances

from battuta.app.living_request import RunRequest
from battuta.app.living_run import LivingRun
from battuta.app.living_setup import living_site
from battuta.app.lockstep import LockstepSites
from battuta.app.prices import synthetic_prices
from battuta.domain.command import DeviceCommand, Owner
from battuta.domain.time import NS_PER_S
from battuta.numerics.arrays import FloatArray
from battuta.numerics.sampling import generator
from battuta.world.grid_frequency import GridFrequency

N_LATENCIES = 5000
N_MODBUS = 2000


def main() -> int:
    """Measure everything and print it."""
    options = questions(__doc__).parse_args()
    began = machine()
    delivered = deliveries()  # first: they compile the kernels that the world's own process must find compiled
    figures = [*latency(), *over_modbus(), *delivered, *disturbances(), *thousand_sites(), *full_speed()]
    return answer(figures, as_json=options.json, told={"load_1min_before": began["load_1min"], "seeds": SEEDS})


def latency() -> list[Figure]:
    """Frequency sample to setpoints of 20 sites, one tick a call, in process, with the journal on."""
    say("latency in process")
    request = RunRequest(n_sites=20, duration_s=3600, ticks_per_block=1)
    with tempfile.TemporaryDirectory() as folder:
        run = LivingRun(request, synthetic_prices(1, 60), living_site(), Path(folder))
        sites = LockstepSites(run)
        values, measured_ns = sites.devices.read()
        samples_hz = metered_hz(GridFrequency(1).samples(START_S, N_LATENCIES // 20 + 1).reshape(-1), 1)
        seconds: list[float] = []
        for tick in range(N_LATENCIES + 100):
            now_ns = sites.devices.time_ns + tick * NS_PER_S // 20
            if tick % 20 == 0:
                run.look(values, np.full_like(measured_ns, now_ns), now_ns, now_ns)
            frequency_hz = np.full((20, 1), samples_hz[tick % samples_hz.size])
            started = perf_counter()
            run.system.answer(frequency_hz, now_ns, now_ns)
            seconds.append(perf_counter() - started)
        run.finish()
    half, most = np.percentile(np.array(seconds[100:]) * 1000.0, (50, 99))
    return [
        Figure(name="sample_to_setpoint_20_sites_ms_p50", value=float(half), unit="ms"),
        Figure(name="sample_to_setpoint_20_sites_ms_p99", value=float(most), unit="ms", goal=20.0),
    ]


def over_modbus() -> list[Figure]:
    """Frequency read, guard, write acknowledged, against a simulated site in a process of its own."""
    say("latency over Modbus")
    if importlib.util.find_spec("pymodbus") is None:
        return [Figure(name="modbus_sample_to_acknowledged_ms_p99", value=NOT_RUN, unit="ms", goal=50.0)]
    command = [sys.executable, "-m", "battuta.adapters.devices.simulated.world_process", f"--start-s={START_S}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as world:
        assert world.stdin is not None
        assert world.stdout is not None
        port = json.loads(world.stdout.readline())["ports"][0]
        world.stdin.write(f"{monotonic_ns()}\n")
        world.stdin.flush()
        rounds_ms = asyncio.run(modbus_rounds_ms(port))
        world.stdin.close()
    half, most = np.percentile(rounds_ms, (50, 99))
    return [
        Figure(name="modbus_sample_to_acknowledged_ms_p50", value=float(half), unit="ms"),
        Figure(name="modbus_sample_to_acknowledged_ms_p99", value=float(most), unit="ms", goal=50.0),
    ]


async def modbus_rounds_ms(port: int) -> FloatArray:
    """Milliseconds from asking the meter to the converter's acknowledgement, one each tick of 20 ms."""
    from battuta.adapters.devices.simulated.site_client import simulated_site  # noqa: PLC0415

    device = simulated_site("127.0.0.1", port, now_ns=monotonic_ns)
    await device.open()
    system = chain(("gb_dc",), 1)
    rounds_ms: list[float] = []
    for tick in range(N_MODBUS + 50):
        now_ns = START_S * NS_PER_S + tick * NS_PER_S // TICKS_PER_S
        if tick % TICKS_PER_S == 0:
            readings = await device.read()
            fresh_ns = np.where(readings.measured_ns > 0, now_ns, 0)
            system.look(readings.values[:, None], fresh_ns[:, None], now_ns, now_ns)
        started = perf_counter()
        frequency_hz = await device.read_frequency_hz()
        written = system.answer(np.array([[frequency_hz]]), now_ns, now_ns)
        await device.write(DeviceCommand(power_kw=float(written.block.power_kw[0, 0])))
        spent_s = perf_counter() - started
        rounds_ms.append(spent_s * 1000.0)
        await asyncio.sleep(max(1.0 / TICKS_PER_S - spent_s, 0.0))
    await device.close()
    return np.array(rounds_ms[50:])


def thousand_sites() -> list[Figure]:
    """CPU of a thousand sites of 200 cells, second by second: world, conductor, guard, without and with journal."""
    figures: list[Figure] = []
    for has_journal in (False, True):
        name = f"thousand_sites_journal_{'on' if has_journal else 'off'}"
        say(name)
        with tempfile.TemporaryDirectory() as folder:
            request = RunRequest(n_sites=1000, duration_s=3600, has_journal=has_journal)
            run = LivingRun(request, synthetic_prices(1, 60), living_site(), Path(folder))
            sites = LockstepSites(run)
            started = process_time()
            sites.second()
            first_s = process_time() - started
            started = process_time()
            for second in range(60):
                move(run, second)
                sites.second()
            run.finish()
            each_s = (process_time() - started) / 60
        figures += [
            Figure(name=f"{name}_cpu_s_per_s", value=each_s, unit="s/s", goal=1.0),
            Figure(name=f"{name}_day_planned_cpu_s", value=first_s, unit="s"),
        ]
    return figures


def move(run: LivingRun, second: int) -> None:
    """Each minute give each site another power, so that none stands still, as half of them do where prices say so."""
    if second % 60 == 0:
        wanted_kw = generator(1, "benchmark.site.wishes", cell=second).uniform(-50.0, 50.0, run.request.n_sites)
        run.system.wish(run.now_ns, Owner.MARKET, run.now_ns + 120 * NS_PER_S, wanted_kw)


def full_speed() -> list[Figure]:
    """Times real time of 20 sites of 200 cells over an hour, journal on."""
    say("full speed")
    with tempfile.TemporaryDirectory() as folder:
        run = LivingRun(RunRequest(n_sites=20, duration_s=3600), synthetic_prices(1, 60), living_site(), Path(folder))
        sites = LockstepSites(run)
        started, used = perf_counter(), process_time()
        for second in range(3600):
            move(run, second)
            sites.second()
        run.finish()
        wall_s, cpu_s = perf_counter() - started, process_time() - used
    return [
        Figure(name="twenty_sites_times_real_time", value=3600.0 / wall_s, unit="x", goal=500.0, is_more_better=True),
        Figure(name="twenty_sites_times_real_time_by_cpu", value=3600.0 / cpu_s, unit="x"),
    ]


if __name__ == "__main__":
    sys.exit(main())
