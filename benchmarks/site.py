"""How fast a site answers, and whether what it delivers is what was sold: latency, products, recordings, many sites.

`python benchmarks/site.py --json` prints one object and ends with 1 where a goal is not met. Frequencies are those of
seeded worlds (synthetic, none is a recording of its grid) sampled at 50 Hz; recordings serve for what their rate
supports, and print `not run` where the data folder is missing.

A delivery passes the whole chain: meter (within 1 mHz), guard, 20 ms of transport, converter (50 ms lag, 10 per unit a
second). Its score is taken at 20 Hz against the band of the true frequency. Where frequency stands still that band is a
line, which no meter meets exactly. So the samples outside are counted three times: against the band itself
(`outside_band`), against the band of all frequencies within 1 mHz of the true one (`outside_band_of_meter`), and by
more than the resolution of a setpoint when law and converter are fed with the true frequency
(`outside_band_exact_meter`).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic_ns, perf_counter, process_time

import numpy as np
from schedule import DATA, Figure, machine, say

from battuta.adapters.devices.simulated.in_process import SimulatedSites
from battuta.app.living import LivingSystem
from battuta.app.living_journal import LivingJournal, LivingSettings
from battuta.app.living_run import LivingRun, RunRequest, living_site
from battuta.app.lockstep import LockstepSites
from battuta.app.prices import synthetic_prices
from battuta.domain.command import DeviceCommand, Mandate, Owner, Reservation
from battuta.domain.product_catalogue import product, reserved_energy_kwh
from battuta.domain.response_law import Droop, TriggeredStep
from battuta.domain.time import NS_PER_S
from battuta.numerics.arrays import FloatArray
from battuta.numerics.sampling import generator
from battuta.physics.grid_connection import reactive_power_pu, volt_var_law
from battuta.physics.pcs_kernels import pcs_follow
from battuta.physics.response import envelope_pu, outside_envelope_pu, response_pu
from battuta.site.limits import SiteLimits
from battuta.world.grid_character import (
    CONTINENTAL_EUROPE_LIKE,
    GREAT_BRITAIN_LIKE,
    NORDIC_LIKE,
    GridCharacter,
    GridEvent,
)
from battuta.world.grid_frequency import GridFrequency
from battuta.world.plant_parameters import PlantCharacter
from battuta.world.recorded_frequency import RecordedFrequency

DAY = date(2026, 1, 1)
START_S = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
SEEDS = (1, 2, 3, 4, 5)
TICKS_PER_S = 50
STEPS_PER_TICK = 2
"""Power is looked at each 10 ms: twice a tick."""
TRANSPORT_S = 0.02
"""From the meter's sample to the converter: about what the 99th percentile over Modbus is measured as below."""
SETPOINT_PU = 1e-4
SCORES_PER_S = 20
METER_HZ = 0.001
HOURS = 3
WARM_UP_S = 10
"""Not scored: the run begins at 0 kW, whatever the frequency is."""
POWER_KW = 100.0
INITIATED_PU, FULL_PU = 0.01, 0.999
FFR_DEADLINES_S = {"nordic_ffr_49_5": 0.7, "nordic_ffr_49_6": 1.0, "nordic_ffr_49_7": 1.3}
N_LATENCIES = 5000
N_MODBUS = 2000


@dataclass(frozen=True, kw_only=True)
class Member:
    """A site of a test: what it sold, in which world."""

    product: str
    seed: int
    character: GridCharacter
    event: GridEvent

    @property
    def grid(self) -> GridFrequency:
        """Frequency that it sees."""
        return GridFrequency(self.seed, character=self.character, planted=(self.event,))


def main() -> int:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")
    options = parser.parse_args()
    began = machine()
    figures = grid_step()  # first: it compiles the kernels that the world's own process must find compiled
    figures += [*latency(), *over_modbus(), *products_in_worlds(), *triggered_in_worlds()]
    figures += [*toledo(), *gmlc(), *thousand_sites(), *full_speed()]
    told = {**machine(), "load_1min_before": began["load_1min"], "seeds": SEEDS}
    if options.json:
        print(json.dumps({"figures": [each.row() for each in figures], "machine": told}))
    else:
        for each in figures:
            print(f"{each.name:<52} {each.value!s:>24} {each.unit:<8} goal {each.goal} met {each.met}")
    return 1 if any(each.met is False for each in figures) else 0


def chain(products: tuple[str, ...], ticks_per_block: int, ticks_per_s: int = TICKS_PER_S) -> LivingSystem:
    """Conductor and guard of sites that sold their whole power, one product each, journal off."""
    n_sites, start_ns = len(products), START_S * NS_PER_S
    limits = SiteLimits(power_kw=POWER_KW, apparent_power_kva=1.1 * POWER_KW, energy_kwh=205.0)
    settings = LivingSettings(
        seed=1,
        start_ns=start_ns,
        ticks_per_s=ticks_per_s,
        ticks_per_block=ticks_per_block,
        sites=(limits,) * n_sites,
        mandates=(Mandate(charge_kw_max=POWER_KW, discharge_kw_max=POWER_KW),) * n_sites,
        products=products,
        products_on=DAY.isoformat(),
    )
    system = LivingSystem(settings, LivingJournal(None, settings))
    system.award(start_ns, tuple(sold(k, name, start_ns) for k, name in enumerate(products) if name))
    return system


def sold(site: int, name: str, start_ns: int) -> Reservation:
    """Reserve the whole power of a site, with the energy that the product asks for."""
    rules = product(name, DAY)
    is_one_way = isinstance(rules.law, TriggeredStep)
    energy_kwh = reserved_energy_kwh(rules, POWER_KW)
    return Reservation(
        site=site,
        product=name,
        up_kw=POWER_KW,
        down_kw=0.0 if is_one_way else POWER_KW,
        energy_up_kwh=energy_kwh,
        energy_down_kwh=0.0 if is_one_way else energy_kwh,
        start_ns=start_ns,
        end_ns=start_ns + 86_400 * NS_PER_S,
    )


def delivered_pu(
    products: tuple[str, ...], meter_hz: FloatArray, steps_kept: int, steps_per_tick: int = STEPS_PER_TICK
) -> FloatArray:
    """What sites deliver of what they sold, by the whole chain.

    `meter_hz` has the shape (n_sites, n_seconds, ticks); of the steps, one in `steps_kept` is returned, the first
    at its end.
    """
    n_sites, n_seconds, n_ticks = meter_hz.shape
    system = chain(products, n_ticks, n_ticks)
    devices = SimulatedSites(1, n_sites, START_S * NS_PER_S, power_kw=POWER_KW)
    n_late = math.ceil(TRANSPORT_S * n_ticks * steps_per_tick - 1e-9)
    before_kw = np.zeros((n_sites, n_late))
    kept = []
    for second in range(n_seconds):
        now_ns = devices.time_ns
        system.look(*devices.read(), now_ns, now_ns)
        written = system.answer(np.ascontiguousarray(meter_hz[:, second]), now_ns)
        steps_kw = np.concatenate((before_kw, np.repeat(written.block.power_kw, steps_per_tick, axis=1)), axis=1)
        before_kw = steps_kw[:, -n_late:]
        followed_kw = devices.advance(
            np.ascontiguousarray(steps_kw[:, :-n_late]), written.reactive_kvar, written.stopped
        )
        kept.append(followed_kw[:, steps_kept - 1 :: steps_kept].copy())
    return np.concatenate(kept, axis=1) / POWER_KW


def metered_hz(true_hz: FloatArray, seed: int) -> FloatArray:
    """What a meter shows: whole mHz, in all within 1 mHz of the truth, shape kept."""
    error_hz = generator(seed, "benchmark.site.meter").uniform(-0.5, 0.5, true_hz.shape) * METER_HZ
    return np.rint((true_hz + error_hz) / METER_HZ) * METER_HZ


def latency() -> list[Figure]:
    """Frequency sample to setpoints of 20 sites, one tick a call, in process, with the journal on."""
    say("latency in process")
    request = RunRequest(n_sites=20, duration_s=3600, ticks_per_block=1)
    with tempfile.TemporaryDirectory() as folder:
        run = LivingRun(request, synthetic_prices(1, 60), living_site(), Path(folder))
        sites = LockstepSites(run)
        values, measured_ns = sites.devices.read()
        samples_hz = metered_hz(GridFrequency(1).samples(START_S, N_LATENCIES // 20 + 1).reshape(-1), 1)
        seconds = []
        for tick in range(N_LATENCIES + 100):
            now_ns = sites.devices.time_ns + tick * NS_PER_S // 20
            if tick % 20 == 0:
                run.look(values, np.full_like(measured_ns, now_ns), now_ns, now_ns)
            frequency_hz = np.full((20, 1), samples_hz[tick % samples_hz.size])
            started = perf_counter()
            run.system.answer(frequency_hz, now_ns)
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
    try:
        from battuta.adapters.devices.simulated import site_client, world_process  # noqa: F401, PLC0415
    except ImportError:
        return [Figure(name="modbus_sample_to_acknowledged_ms_p99", value="not run", unit="ms", goal=50.0)]
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
    rounds_ms = []
    for tick in range(N_MODBUS + 50):
        now_ns = START_S * NS_PER_S + tick * NS_PER_S // TICKS_PER_S
        if tick % TICKS_PER_S == 0:
            readings = await device.read()
            fresh_ns = np.where(readings.measured_ns > 0, now_ns, 0)
            system.look(readings.values[:, None], fresh_ns[:, None], now_ns, now_ns)
        started = perf_counter()
        frequency_hz = await device.read_frequency_hz()
        written = system.answer(np.array([[frequency_hz]]), now_ns)
        await device.write(DeviceCommand(power_kw=float(written.block.power_kw[0, 0])))
        spent_s = perf_counter() - started
        rounds_ms.append(spent_s * 1000.0)
        await asyncio.sleep(max(1.0 / TICKS_PER_S - spent_s, 0.0))
    await device.close()
    return np.array(rounds_ms[50:])


def grid_step() -> list[Figure]:
    """Step from 50.0 to 49.5 Hz just after a tick: Dynamic Containment begins, and is full."""
    say("grid step")
    step_s, n_seconds = 4, 8
    ticks = np.arange(n_seconds * TICKS_PER_S)
    meter_hz = np.where(ticks > step_s * TICKS_PER_S, 49.5, 50.0) - METER_HZ * (ticks % 2)
    power_pu = delivered_pu(("gb_dc",), meter_hz.reshape(1, n_seconds, TICKS_PER_S), 1)[0]
    begun_ms, full_ms = (after_ms(power_pu, step_s, share) for share in (INITIATED_PU, FULL_PU))
    return [
        Figure(name="gb_dc_step_to_1_percent_ms", value=begun_ms, unit="ms", goal=500.0),
        Figure(name="gb_dc_step_to_full_ms", value=full_ms, unit="ms", goal=1000.0),
    ]


def after_ms(power_pu: FloatArray, at_s: float, share_pu: float, per_s: int = TICKS_PER_S * STEPS_PER_TICK) -> float:
    """Milliseconds from an instant until power, known at the end of each step, first reaches a share."""
    if math.isinf(at_s):
        return at_s
    reached = np.flatnonzero(power_pu[int(at_s * per_s) :] >= share_pu)
    return float((int(at_s * per_s) + reached[0] + 1) / per_s - at_s) * 1000.0 if reached.size else float("inf")


def products_in_worlds() -> list[Figure]:
    """Four droop products in five worlds each, hours long, with a large loss planted in each."""
    say("products in seeded worlds")
    middle_s = START_S + HOURS * 1800 + 600.0
    britain = GridEvent(at_s=middle_s, lost_power_mw=1600.0)
    europe = GridEvent(at_s=middle_s, lost_power_mw=5400.0)
    kinds = [(name, GREAT_BRITAIN_LIKE, britain) for name in ("gb_dc", "gb_dm", "gb_dr")]
    kinds += [("ce_fcr", CONTINENTAL_EUROPE_LIKE, europe)]
    members = [
        Member(product=name, seed=seed, character=character, event=event)
        for name, character, event in kinds
        for seed in SEEDS
    ]
    n_seconds = HOURS * 3600
    true_hz = np.stack([m.grid.samples(START_S, n_seconds, TICKS_PER_S) for m in members])
    meter_hz = np.stack([metered_hz(each, m.seed) for each, m in zip(true_hz, members, strict=True)])
    per_score = TICKS_PER_S * STEPS_PER_TICK // SCORES_PER_S
    names = tuple(m.product for m in members)
    power_pu = delivered_pu(names, meter_hz, per_score)
    exact_pu = delivered_exact_pu(names, true_hz, per_score)
    figures = []
    for name, _, _ in kinds:
        own = [k for k, m in enumerate(members) if m.product == name]
        figures += summed(name, [score(members[k], power_pu[k], exact_pu[k], n_seconds) for k in own])
    return figures


def delivered_exact_pu(products: tuple[str, ...], true_hz: FloatArray, steps_kept: int) -> FloatArray:
    """What sites would deliver with an exact meter; law and converter alone, since the chain keeps whole mHz."""
    n_sites = len(products)
    laws = tuple(product(name, DAY).law for name in products)
    asked_pu = np.stack(
        [response_pu(each.reshape(-1), 1.0 / TICKS_PER_S, law) for each, law in zip(true_hz, laws, strict=True)]
    )
    steps_pu = np.repeat(asked_pu, STEPS_PER_TICK, axis=1)
    n_late = math.ceil(TRANSPORT_S * TICKS_PER_S * STEPS_PER_TICK - 1e-9)
    steps_pu = np.ascontiguousarray(np.concatenate((np.zeros((n_sites, n_late)), steps_pu[:, :-n_late]), axis=1))
    kind, followed_pu = PlantCharacter(), np.empty(steps_pu.shape)
    lag_s, ramp_pu_per_s = np.full(n_sites, kind.lag_s), np.full(n_sites, kind.ramp_pu_per_s)
    pcs_follow(steps_pu, np.zeros(n_sites), lag_s, ramp_pu_per_s, 1.0 / TICKS_PER_S / STEPS_PER_TICK, followed_pu)
    return followed_pu[:, steps_kept - 1 :: steps_kept]


@dataclass(frozen=True, kw_only=True)
class Score:
    """Samples of one site: how many, how many outside each band, how far, extremes."""

    n_samples: int
    n_outside: int
    n_outside_meter: int
    n_outside_exact: int
    outside_pu_max: float
    power_pu_max: float
    frequency_hz_min: float


def score(member: Member, power_pu: FloatArray, exact_pu: FloatArray, n_seconds: int) -> Score:
    """Hold a delivery at 20 Hz against the band of the true frequency."""
    law = product(member.product, DAY).law
    assert isinstance(law, Droop), "a triggered step has no band"
    true_hz = member.grid.samples(START_S, n_seconds + 1, SCORES_PER_S).reshape(-1)[: n_seconds * SCORES_PER_S + 1]
    scored = slice(WARM_UP_S * SCORES_PER_S, None)
    dt_s = 1.0 / SCORES_PER_S
    low_pu, high_pu = (each[1:][scored] for each in envelope_pu(true_hz, dt_s, law))
    wide_low_pu = envelope_pu(true_hz + METER_HZ, dt_s, law)[0][1:][scored]
    wide_high_pu = envelope_pu(true_hz - METER_HZ, dt_s, law)[1][1:][scored]
    power_pu = power_pu[scored]
    outside_pu = outside_envelope_pu(power_pu, low_pu, high_pu)
    beyond_pu = outside_envelope_pu(power_pu, wide_low_pu, wide_high_pu)
    exact_pu = outside_envelope_pu(exact_pu[scored], low_pu, high_pu)
    return Score(
        n_samples=power_pu.size,
        n_outside=int(np.count_nonzero(outside_pu > 1e-9)),
        n_outside_meter=int(np.count_nonzero(beyond_pu > 1e-9)),
        n_outside_exact=int(np.count_nonzero(exact_pu > SETPOINT_PU)),
        outside_pu_max=float(outside_pu.max()),
        power_pu_max=float(power_pu.max()),
        frequency_hz_min=float(true_hz.min()),
    )


def summed(name: str, scores: list[Score]) -> list[Figure]:
    """Figures of one product over all its worlds."""
    return [
        Figure(name=f"{name}_samples", value=sum(each.n_samples for each in scores), unit="-"),
        Figure(name=f"{name}_outside_band", value=sum(each.n_outside for each in scores), unit="-", goal=0.0),
        Figure(
            name=f"{name}_outside_band_of_meter", value=sum(each.n_outside_meter for each in scores), unit="-", goal=0.0
        ),
        Figure(
            name=f"{name}_outside_band_exact_meter",
            value=sum(each.n_outside_exact for each in scores),
            unit="-",
            goal=0.0,
        ),
        Figure(name=f"{name}_outside_band_most", value=max(each.outside_pu_max for each in scores), unit="pu"),
        Figure(name=f"{name}_largest_power_least", value=min(each.power_pu_max for each in scores), unit="pu"),
        Figure(name=f"{name}_lowest_frequency", value=min(each.frequency_hz_min for each in scores), unit="Hz"),
    ]


def triggered_in_worlds() -> list[Figure]:
    """Three kinds of Nordic fast reserve in five worlds each: full after the threshold, support, and none unasked."""
    say("triggered reserve")
    event = GridEvent(at_s=START_S + 60.01, lost_power_mw=2800.0)
    members = [
        Member(product=name, seed=seed, character=NORDIC_LIKE, event=event)
        for name in FFR_DEADLINES_S
        for seed in SEEDS
    ]
    n_seconds = 120
    true_hz = np.stack([m.grid.samples(START_S, n_seconds, TICKS_PER_S) for m in members])
    meter_hz = np.stack([metered_hz(each, m.seed) for each, m in zip(true_hz, members, strict=True)])
    power_pu = delivered_pu(tuple(m.product for m in members), meter_hz, 1)
    figures = []
    for name, deadline_s in FFR_DEADLINES_S.items():
        own = [k for k, m in enumerate(members) if m.product == name]
        law = product(name, DAY).law
        assert isinstance(law, TriggeredStep), "fast reserve is triggered"
        crossed_s = [crossing_s(true_hz[k].reshape(-1), law.trigger_hz) for k in own]
        full_ms = [after_ms(power_pu[k], at_s, FULL_PU) for k, at_s in zip(own, crossed_s, strict=True)]
        support_s = [float(np.count_nonzero(power_pu[k] >= FULL_PU)) / 100.0 for k in own]
        figures += [
            Figure(name=f"{name}_full_ms_most", value=max(full_ms), unit="ms", goal=deadline_s * 1000.0),
            Figure(
                name=f"{name}_support_s_least", value=min(support_s), unit="s", goal=law.hold_s, is_more_better=True
            ),
        ]
    return figures


def crossing_s(frequency_hz: FloatArray, trigger_hz: float, rate_hz: int = TICKS_PER_S) -> float:
    """When a frequency first reaches a threshold from above, straight between samples; infinite if never. [s]"""
    below = np.flatnonzero(frequency_hz <= trigger_hz)
    if not below.size:
        return float("inf")
    k = int(below[0])
    share = (frequency_hz[k - 1] - trigger_hz) / (frequency_hz[k - 1] - frequency_hz[k])
    return float(k - 1 + share) / rate_hz


def recording(name: str) -> dict[str, np.ndarray] | None:
    """Columns of a recording, None where the data folder lacks it."""
    path = DATA / "frequency" / name
    if not path.is_file():
        return None
    import polars as pl  # noqa: PLC0415

    table = pl.read_parquet(path)
    return {column: table[column].to_numpy() for column in table.columns}


def toledo() -> list[Figure]:
    """Spain on 28 April 2025, two seconds a sample: voltage rises, reactive power is absorbed; then the line dies."""
    say("Toledo")
    table = recording("es_toledo_2025-04-28_2s.parquet")
    if table is None:
        return [Figure(name="toledo_reactive_power_at_peak", value="not run", unit="pu")]
    clock = table["time"].tolist()
    start, peak, dead = (clock.index(f"28-Apr-2025 12:{at}") for at in ("32:40", "33:18", "33:24"))
    voltage_pu = table["AnalyzerL1PhaseVoltage"].astype(np.float64)
    voltage_pu /= np.nanmedian(voltage_pu[: start // 2])
    reactive_pu = reactive_power_pu(voltage_pu, np.full(voltage_pu.size, 0.5), 2.0, volt_var_law("ieee_1547_b_like"))
    frequency_hz = table["AnalyzerL1Frequency"].astype(np.float64)
    trace = RecordedFrequency(np.arange(frequency_hz.size) * 2.0, frequency_hz, 50.0)
    held_hz = trace.samples(start * 2 - 600, (peak - start) * 2 + 700, TICKS_PER_S, hold=True)
    power_pu = delivered_pu(("ce_fcr",), held_hz[np.newaxis], 1)[0]
    last_s = (dead - start) * 2 + 600
    return [
        Figure(name="toledo_voltage_rise", value=float(voltage_pu[peak] / voltage_pu[start] - 1.0), unit="-"),
        Figure(name="toledo_reactive_power_at_start", value=float(reactive_pu[start]), unit="pu"),
        Figure(name="toledo_reactive_power_at_peak", value=float(reactive_pu[peak]), unit="pu", goal=-0.1),
        Figure(
            name="toledo_reactive_power_when_dead",
            value=float(np.abs(reactive_pu[dead + 1 :]).max()),
            unit="pu",
            goal=0.0,
        ),
        Figure(name="toledo_ce_fcr_power_before_line_is_dead", value=float(power_pu[: last_s * 100].max()), unit="pu"),
        Figure(name="toledo_ce_fcr_power_when_dead", value=float(np.abs(power_pu[-1000:]).max()), unit="pu"),
    ]


def gmlc() -> list[Figure]:
    """A 60 Hz disturbance, 30 samples a second: whether it reaches the trigger of the Texan fast reserve, and then."""
    say("GMLC")
    table = recording("us_gmlc_event_150s.parquet")
    if table is None:
        return [Figure(name="gmlc_reaches_ercot_trigger", value="not run", unit="-")]
    frequency_hz = table["Bus1.F"].astype(np.float64)
    law = product("ercot_ffr", DAY).law
    assert isinstance(law, TriggeredStep), "fast reserve is triggered"
    trace = RecordedFrequency(np.arange(frequency_hz.size) / 30.0, frequency_hz, law.nominal_hz)
    samples_hz = trace.samples(0, frequency_hz.size // 30 - 1, 30)
    crossed_s = crossing_s(samples_hz.reshape(-1), law.trigger_hz, 30)
    power_pu = delivered_pu(("ercot_ffr",), samples_hz[np.newaxis], 1, 6)[0]
    figures = [
        Figure(name="gmlc_lowest_frequency", value=float(np.nanmin(frequency_hz)), unit="Hz"),
        Figure(name="gmlc_reaches_ercot_trigger", value=float(crossed_s < math.inf), unit="-"),
    ]
    if math.isinf(crossed_s):
        return [*figures, Figure(name="gmlc_ercot_ffr_power_unasked", value=float(power_pu.max()), unit="pu", goal=0.0)]
    goal_ms = law.full_time_s * 1000.0
    most_ms, full_ms = (after_ms(power_pu, crossed_s, share, 180) for share in (0.95, FULL_PU))
    return [
        *figures,
        Figure(name="gmlc_ercot_ffr_95_percent_ms", value=most_ms, unit="ms"),
        Figure(name="gmlc_ercot_ffr_full_ms", value=full_ms, unit="ms", goal=goal_ms),
    ]


def thousand_sites() -> list[Figure]:
    """CPU of a thousand sites of 200 cells, second by second: world, conductor, guard, without and with journal."""
    figures = []
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
