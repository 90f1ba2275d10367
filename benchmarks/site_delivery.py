"""Whether what a site delivers is what was sold: a step, four droops in seeded worlds, fast reserves.

`python benchmarks/site_delivery.py --json` prints one object and ends with 1 where a goal is not met; `site.py` runs it
too. Frequencies are those of seeded worlds (synthetic, none is a recording of its grid) sampled at 50 Hz.

A delivery passes the whole chain: meter (within 1 mHz, each reading by itself: a constant offset would stay), guard,
20 ms of transport, converter (50 ms lag, 10 per unit a second). It is scored at 20 Hz, and the samples outside are
counted five times:

- `outside_band`: against the band of the true frequency. Where frequency stands still that band is a line, which no
  meter meets exactly; the guard answers the mean of its newest samples, so little is left, but not nothing.
- `outside_band_of_own_meter`: against the band of what the site's own meter showed at 20 Hz, its newest reading; and
  `outside_band_of_own_meter_mean`, of the mean of its readings in each 50 ms. A provider has to submit data at 20 Hz
  (stated by the operator); which of the two, and that the operator takes its band from them, was not read.
- `outside_band_of_meter`: against the band of all frequencies within 1 mHz of the true one.
- `outside_band_exact_meter`: by more than the resolution of a setpoint, law and converter fed with the true frequency.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
from figures import Figure, answer, questions, say

from battuta.adapters.devices.simulated.in_process import SimulatedSites
from battuta.app.living import LivingSystem
from battuta.app.living_journal import LivingJournal, LivingSettings
from battuta.domain.command import Mandate, Reservation
from battuta.domain.image import Signal
from battuta.domain.product_catalogue import product, reserved_energy_kwh
from battuta.domain.response_law import Droop, TriggeredStep
from battuta.domain.time import NS_PER_S
from battuta.numerics.arrays import FloatArray
from battuta.numerics.sampling import generator
from battuta.physics.grid_connection import ReactiveLaw
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

DAY = date(2026, 1, 1)
START_S = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
SEEDS = (1, 2, 3, 4, 5)
TICKS_PER_S = 50
STEPS_PER_TICK = 2
"""Power is looked at each 10 ms: twice a tick."""
TRANSPORT_S = 0.02
"""From the meter's sample to the converter: about what `site.py` measures as the 99th percentile over Modbus."""
SETPOINT_PU = 1e-4
SCORES_PER_S = 20
METER_HZ = 0.001
HOURS = 3
WARM_UP_S = 10
"""Not scored: the run begins at 0 kW, whatever the frequency is."""
POWER_KW, APPARENT_POWER_KVA = 100.0, 110.0
INITIATED_PU, FULL_PU = 0.01, 0.999
FFR_DEADLINES_S = {"nordic_ffr_49_5": 0.7, "nordic_ffr_49_6": 1.0, "nordic_ffr_49_7": 1.3}


def main() -> int:
    """Measure everything and print it."""
    options = questions(__doc__).parse_args()
    return answer(deliveries(), as_json=options.json, told={"seeds": SEEDS})


def deliveries() -> list[Figure]:
    """Everything that this benchmark measures."""
    return [*grid_step(), *products_in_worlds(), *triggered_in_worlds()]


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


def chain(
    products: tuple[str, ...],
    ticks_per_block: int,
    ticks_per_s: int = TICKS_PER_S,
    reactive: tuple[ReactiveLaw, ...] = (),
) -> LivingSystem:
    """Conductor and guard of sites that sold their whole power, one product each, journal off."""
    n_sites, start_ns = len(products), START_S * NS_PER_S
    limits = SiteLimits(power_kw=POWER_KW, apparent_power_kva=APPARENT_POWER_KVA, energy_kwh=205.0)
    settings = LivingSettings(
        seed=1,
        start_ns=start_ns,
        ticks_per_s=ticks_per_s,
        ticks_per_block=ticks_per_block,
        sites=(limits,) * n_sites,
        mandates=(Mandate(charge_kw_max=POWER_KW, discharge_kw_max=POWER_KW),) * n_sites,
        products=products,
        products_on=DAY.isoformat(),
        reactive=reactive,
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
    return delivered(products, meter_hz, steps_kept, steps_per_tick)[0]


def delivered(
    products: tuple[str, ...],
    meter_hz: FloatArray,
    steps_kept: int,
    steps_per_tick: int = STEPS_PER_TICK,
    *,
    reactive: tuple[ReactiveLaw, ...] = (),
    voltage_pu: FloatArray | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Active power by the whole chain, as `delivered_pu`, and the reactive power that each second is asked for.

    `voltage_pu`, shape (n_sites, n_seconds), is shown by the meters instead of the world's own. Reactive power has the
    same shape, injection positive, per unit of the apparent power.
    """
    n_sites, n_seconds, n_ticks = meter_hz.shape
    system = chain(products, n_ticks, n_ticks, reactive)
    devices = SimulatedSites(1, n_sites, START_S * NS_PER_S, power_kw=POWER_KW)
    n_late = transport_steps(n_ticks * steps_per_tick)
    before_kw = np.zeros((n_sites, n_late))
    kept: list[FloatArray] = []
    reactive_pu = np.empty((n_sites, n_seconds))
    for second in range(n_seconds):
        now_ns = devices.time_ns
        values, measured_ns = devices.read()
        if voltage_pu is not None:
            values[Signal.METER_VOLTAGE_PU] = voltage_pu[:, second]
        system.look(values, measured_ns, now_ns, now_ns)
        written = system.answer(np.ascontiguousarray(meter_hz[:, second]), now_ns, now_ns)
        reactive_pu[:, second] = written.reactive_kvar / APPARENT_POWER_KVA
        steps_kw = np.concatenate((before_kw, np.repeat(written.block.power_kw, steps_per_tick, axis=1)), axis=1)
        before_kw = steps_kw[:, -n_late:]
        followed_kw = devices.advance(
            np.ascontiguousarray(steps_kw[:, :-n_late]), written.reactive_kvar, written.stopped
        )
        kept.append(followed_kw[:, steps_kept - 1 :: steps_kept].copy())
    return np.concatenate(kept, axis=1) / POWER_KW, reactive_pu


def transport_steps(per_s: int) -> int:
    """Whole steps that a setpoint is on its way."""
    return math.ceil(TRANSPORT_S * per_s - 1e-9)


def metered_hz(true_hz: FloatArray, seed: int) -> FloatArray:
    """What a meter shows: whole mHz, in all within 1 mHz of the truth, shape kept."""
    error_hz = generator(seed, "benchmark.site.meter").uniform(-0.5, 0.5, true_hz.shape) * METER_HZ
    return np.rint((true_hz + error_hz) / METER_HZ) * METER_HZ


def grid_step() -> list[Figure]:
    """Step from 50.0 to 49.5 Hz just after a tick: Dynamic Containment begins, and is full."""
    say("grid step")
    step_s, n_seconds = 4, 8
    ticks = np.arange(n_seconds * TICKS_PER_S)
    meter_hz = np.where(ticks > step_s * TICKS_PER_S, 49.5, 50.0) - METER_HZ * (ticks % 2).astype(np.float64)
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
    figures: list[Figure] = []
    for name, _, _ in kinds:
        own = [k for k, m in enumerate(members) if m.product == name]
        figures += summed(name, [score(members[k], meter_hz[k].reshape(-1), power_pu[k], exact_pu[k]) for k in own])
    return figures


def delivered_exact_pu(products: tuple[str, ...], true_hz: FloatArray, steps_kept: int) -> FloatArray:
    """What sites would deliver with an exact meter; law and converter alone, since the chain keeps whole mHz."""
    n_sites = len(products)
    laws = tuple(product(name, DAY).law for name in products)
    asked_pu = np.stack(
        [response_pu(each.reshape(-1), 1.0 / TICKS_PER_S, law) for each, law in zip(true_hz, laws, strict=True)]
    )
    steps_pu = np.repeat(asked_pu, STEPS_PER_TICK, axis=1)
    n_late = transport_steps(TICKS_PER_S * STEPS_PER_TICK)
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
    n_outside_own_meter: int
    n_outside_own_mean: int
    n_outside_meter: int
    n_outside_exact: int
    outside_pu_max: float
    power_pu_max: float
    frequency_hz_min: float


def shown_hz(meter_hz: FloatArray, n_scores: int) -> tuple[FloatArray, FloatArray]:
    """What a meter that reads at each tick shows at a score: its newest reading, and its mean since the last score."""
    newest = np.floor(np.arange(n_scores) * (TICKS_PER_S / SCORES_PER_S) + 1e-9).astype(np.int64)
    newest = np.minimum(newest, meter_hz.size - 1)
    before = np.minimum(np.concatenate(([-1], newest[:-1])), newest - 1)
    total_hz = np.concatenate(([0.0], np.cumsum(meter_hz - meter_hz[0])))
    return meter_hz[newest], meter_hz[0] + (total_hz[newest + 1] - total_hz[before + 1]) / (newest - before)


def score(member: Member, meter_hz: FloatArray, power_pu: FloatArray, exact_pu: FloatArray) -> Score:
    """Hold a delivery at 20 Hz against the band of the true frequency, and of what the meter showed of it."""
    law = product(member.product, DAY).law
    assert isinstance(law, Droop), "a triggered step has no band"
    n_scores = power_pu.size + 1  # one more at the start: a power is known at the end of its step
    true_hz = member.grid.samples(START_S, n_scores // SCORES_PER_S + 1, SCORES_PER_S).reshape(-1)[:n_scores]
    scored = slice(WARM_UP_S * SCORES_PER_S, None)
    dt_s = 1.0 / SCORES_PER_S
    low_pu, high_pu = (each[1:][scored] for each in envelope_pu(true_hz, dt_s, law))
    own, own_mean = ([each[1:][scored] for each in envelope_pu(hz, dt_s, law)] for hz in shown_hz(meter_hz, n_scores))
    wide_low_pu = envelope_pu(true_hz + METER_HZ, dt_s, law)[0][1:][scored]
    wide_high_pu = envelope_pu(true_hz - METER_HZ, dt_s, law)[1][1:][scored]
    power_pu = power_pu[scored]
    outside_pu = outside_envelope_pu(power_pu, low_pu, high_pu)
    own_pu, own_mean_pu = (outside_envelope_pu(power_pu, *each) for each in (own, own_mean))
    beyond_pu = outside_envelope_pu(power_pu, wide_low_pu, wide_high_pu)
    exact_pu = outside_envelope_pu(exact_pu[scored], low_pu, high_pu)
    return Score(
        n_samples=power_pu.size,
        n_outside=int(np.count_nonzero(outside_pu > 1e-9)),
        n_outside_own_meter=int(np.count_nonzero(own_pu > 1e-9)),
        n_outside_own_mean=int(np.count_nonzero(own_mean_pu > 1e-9)),
        n_outside_meter=int(np.count_nonzero(beyond_pu > 1e-9)),
        n_outside_exact=int(np.count_nonzero(exact_pu > SETPOINT_PU)),
        outside_pu_max=float(outside_pu.max()),
        power_pu_max=float(power_pu.max()),
        frequency_hz_min=float(true_hz.min()),
    )


def summed(name: str, scores: list[Score]) -> list[Figure]:
    """Figures of one product over all its worlds."""
    outside = {
        "outside_band": sum(each.n_outside for each in scores),
        "outside_band_of_own_meter": sum(each.n_outside_own_meter for each in scores),
        "outside_band_of_own_meter_mean": sum(each.n_outside_own_mean for each in scores),
        "outside_band_of_meter": sum(each.n_outside_meter for each in scores),
        "outside_band_exact_meter": sum(each.n_outside_exact for each in scores),
    }
    return [
        Figure(name=f"{name}_samples", value=sum(each.n_samples for each in scores), unit="-"),
        *(Figure(name=f"{name}_{key}", value=count, unit="-", goal=0.0) for key, count in outside.items()),
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
    figures: list[Figure] = []
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


if __name__ == "__main__":
    sys.exit(main())
