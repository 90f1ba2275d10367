"""How near features of cells come to the truth, how sure they are told to be, and how long a day of a string takes.

`python benchmarks/health_features.py --json` prints one object and ends with 1 where a goal is not met. All telemetry
is SYNTHETIC: a foreign fleet (`battuta.world.foreign`) with other curves, hysteresis, relaxations and activation
energies than the features assume, channels that wander, currents read early, lost rows, balancing, campaigns, fresh
modules. Shares are of the string's median. Some strings live twice, once sound and once with a cell that fades, a cell
that resists and a temperature sensor that is off, so that what the fault did is known to the sample.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
from figures import NOT_RUN, Figure, answer, questions, say

from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_DAY
from battuta.health.apparent_resistance import apparent_resistance, jump_rows
from battuta.health.apparent_resistance_kernels import answer_jumps, spread_at_jumps
from battuta.health.charge_features import LEAD_SHARE_MAX, charge_features
from battuta.health.charge_features_curve import places_of, slow_charge
from battuta.health.charge_features_kernels import local_slope, place_cells
from battuta.health.relaxation_features import relaxation_features
from battuta.health.string_kernels import middle_of_string
from battuta.health.thermal_residual import ThermalDay, ThermalResiduals
from battuta.health.thermal_residual_kernels import lag_heat, mean_sensors
from battuta.numerics.arrays import FloatArray
from battuta.world.foreign.cell_law import FAST_SHARE, SLOW_SHARE, cell_law
from battuta.world.foreign.faults import ForeignFault, ForeignFaultKind
from battuta.world.foreign.foreign_fleet import FleetPlan, StringLife
from battuta.world.foreign.string_draws import SERIES_OHM

SEED = 9_071
STRINGS, TWINS, DAYS, CELLS, FAULT_DAY = 24, 16, 30, 240, 16
CAPACITY_AH = 314.0
FADED, RESISTING, OFF_SENSOR = 20, 100, 5
FADE, RISE, OFF_K = 0.06, 0.5, 2.0
CELLS_PER_SENSOR = 8
REPEATS = 15


@dataclass(kw_only=True)
class Told:
    """Values that were told, their deviations, and the truth, over cells and days."""

    told: list[FloatArray] = field(default_factory=list)
    deviation: list[FloatArray] = field(default_factory=list)
    truth: list[FloatArray] = field(default_factory=list)

    def add(self, told: FloatArray, deviation: FloatArray, truth: FloatArray) -> None:
        """Add a day of a string, shares of its median; what is not told is left out."""
        seen = np.isfinite(told) & np.isfinite(deviation)
        if seen.sum() < 30:
            return
        middle, true_middle = np.median(told[seen]), np.median(truth[seen])
        self.told.append(told[seen] / middle)
        self.deviation.append(deviation[seen] / abs(middle))
        self.truth.append(truth[seen] / true_middle)

    def figures(self, name: str, goal: float) -> list[Figure]:
        """Correlation within strings, error, error over what was told of it, and how much it rests on."""
        each = [float(np.corrcoef(a, b)[0, 1]) for a, b in zip(self.told, self.truth, strict=True)]
        off = np.concatenate(self.told) - np.concatenate(self.truth)
        ratio = off / np.concatenate(self.deviation)
        return [
            Figure(name=f"{name}_correlation", value=statistics.median(each), unit="-", goal=goal, is_more_better=True),
            Figure(name=f"{name}_error", value=float(np.sqrt(np.mean(off**2))), unit="-"),
            Figure(name=f"{name}_error_median", value=float(np.median(np.abs(off))), unit="-"),
            Figure(name=f"{name}_error_over_told", value=float(np.sqrt(np.mean(ratio**2))), unit="-", goal=1.5),
            Figure(name=f"{name}_string_days", value=float(len(each)), unit="-"),
        ]


@dataclass(kw_only=True)
class Seen:
    """Everything that is held against the truth."""

    between: Told = field(default_factory=Told)
    apparent: Told = field(default_factory=Told)
    slow: Told = field(default_factory=Told)
    string_ohm: list[float] = field(default_factory=list)
    time_constant_s: list[float] = field(default_factory=list)
    quiet_k: list[FloatArray] = field(default_factory=list)
    quiet_ratio: list[FloatArray] = field(default_factory=list)


def main() -> int:
    """Measure everything and print it."""
    options = questions(__doc__).parse_args()
    return answer([*fleet(), *twins(), *speed()], as_json=bool(options.json))


def fleet() -> list[Figure]:
    """Features of sound strings against their truth."""
    seen = Seen()
    plan = FleetPlan(seed=SEED, n_strings=STRINGS, n_cells=CELLS)
    for string in range(STRINGS):
        say(f"string {string}")
        life, warmth = StringLife(plan, string), ThermalResiduals(-(-CELLS // CELLS_PER_SENSOR))
        for _ in range(DAYS):
            look(seen, life, life.block(1), warmth)
    slow_s = cell_law(0).slow_s
    quiet_k, ratio = np.concatenate(seen.quiet_k), np.concatenate(seen.quiet_ratio)
    return [
        *seen.between.figures("capacity_between", 0.6),
        *seen.apparent.figures("apparent_resistance", 0.85),
        *seen.slow.figures("slow_resistance", 0.5),
        Figure(name="apparent_resistance_of_string_over_truth", value=statistics.median(seen.string_ohm), unit="-"),
        Figure(name="apparent_resistance_of_string_spread", value=statistics.stdev(seen.string_ohm), unit="-"),
        Figure(
            name="time_constant_error_median",
            value=statistics.median(abs(each / slow_s - 1.0) for each in seen.time_constant_s), unit="-", goal=0.1,
        ),
        Figure(name="warmth_of_sound_places", value=float(np.sqrt(np.mean(quiet_k**2))), unit="K", goal=0.1),
        Figure(name="warmth_of_sound_places_over_told", value=float(np.sqrt(np.mean(ratio**2))), unit="-", goal=1.5),
        Figure(name="warmth_of_sound_places_beyond_4_told", value=float(np.mean(np.abs(ratio) > 4.0)), unit="-"),
    ]  # fmt: skip


def look(seen: Seen, life: StringLife, block: Block, warmth: ThermalResiduals) -> ThermalDay:
    """Hold a day of a string against its truth."""
    truth = life.truth
    charge, jump = charge_features(block, CAPACITY_AH), apparent_resistance(block, CAPACITY_AH)
    rest = relaxation_features(block, CAPACITY_AH)
    seen.between.add(charge.between_share, charge.between_share_deviation, truth.capacity_ah)
    seen.apparent.add(jump.share, jump.share_deviation, truth.resistance_factor)
    seen.slow.add(rest.slow_resistance_ohm, rest.slow_resistance_deviation_ohm, truth.resistance_factor)
    if np.isfinite(jump.string_resistance_ohm):
        law = cell_law(0)
        first_step = FAST_SHARE * (1.0 - np.exp(-60.0 / law.fast_s)) + SLOW_SHARE * (1.0 - np.exp(-60.0 / law.slow_s))
        true_ohm = SERIES_OHM * float(np.median(truth.resistance_factor)) * (1.0 + first_step)
        seen.string_ohm.append(jump.string_resistance_ohm / true_ohm)
    if np.isfinite(rest.string_time_constant_s):
        seen.time_constant_s.append(rest.string_time_constant_s)
    warm = warmth_of(warmth, block)
    told = np.isfinite(warm.residual_k)
    seen.quiet_k.append(warm.residual_k[told])
    seen.quiet_ratio.append(warm.residual_k[told] / warm.residual_deviation_k[told])
    return warm


def warmth_of(warmth: ThermalResiduals, block: Block) -> ThermalDay:
    """Give a day to the thermal residuals."""
    day = int(block.time_ns[0] // NS_PER_DAY)
    return warmth.take(
        day, (block.time_ns - day * NS_PER_DAY) / 1e9, block.current_a / CAPACITY_AH, block.temperature_c
    )


def twins() -> list[Figure]:
    """What faults did, told against the difference of two lives."""
    kinds = ForeignFaultKind
    faults = [
        ForeignFault(kind=kind, string=string, cell=cell, start_day=FAULT_DAY, size=size)
        for string in range(TWINS)
        for kind, cell, size in (
            (kinds.CAPACITY_FADE, FADED, FADE),
            (kinds.RESISTANCE_RISE, RESISTING, RISE),
            (kinds.TEMPERATURE_OFFSET, OFF_SENSOR * CELLS_PER_SENSOR, OFF_K),
        )
    ]
    sound_plan = FleetPlan(seed=SEED, n_strings=TWINS, n_cells=CELLS, has_events=False)
    faulty_plan = FleetPlan(seed=SEED, n_strings=TWINS, n_cells=CELLS, has_events=False, faults=tuple(faults))
    off_k, hot_told_k, hot_true_k, faded, resisting = ([] for _ in range(5))
    for string in range(TWINS):
        say(f"twins {string}")
        sound, faulty = StringLife(sound_plan, string), StringLife(faulty_plan, string)
        warmth = ThermalResiduals(-(-CELLS // CELLS_PER_SENSOR))
        before: dict[str, list[float]] = {"faded": [], "resisting": []}
        for day in range(DAYS):
            healthy, block = sound.block(1), faulty.block(1)
            warm = warmth_of(warmth, block)
            charge, jump = charge_features(block, CAPACITY_AH), apparent_resistance(block, CAPACITY_AH)
            shares = (("faded", charge.between_share[FADED], faded), ("resisting", jump.share[RESISTING], resisting))
            for name, share, after in shares:
                if day < FAULT_DAY:
                    before[name].append(float(share))
                elif np.isfinite(share) and np.isfinite(before[name]).any():
                    after.append(float(share) / float(np.nanmean(before[name])) - 1.0)
            if day == FAULT_DAY:
                off_k.append(float(warm.residual_k[OFF_SENSOR]))
            if FAULT_DAY <= day < FAULT_DAY + 3 and healthy.n_times == block.n_times:
                sensor = RESISTING // CELLS_PER_SENSOR
                hot_told_k.append(float(warm.residual_k[sensor]))
                warmer_k = np.mean(block.temperature_c - healthy.temperature_c, axis=0)
                hot_true_k.append(float(warmer_k[sensor] - np.median(warmer_k)))  # the two lives drift apart as a whole
    told_k, true_k = np.array(hot_told_k), np.array(hot_true_k)
    known = np.isfinite(told_k)
    return [
        Figure(name="fade_of_6_percent_told", value=statistics.median(faded) if faded else NOT_RUN, unit="-"),
        Figure(name="fade_of_6_percent_told_spread", value=statistics.pstdev(faded) if faded else NOT_RUN, unit="-"),
        Figure(name="fade_of_6_percent_charges", value=float(len(faded)), unit="-"),
        Figure(name="rise_of_50_percent_told", value=statistics.median(resisting), unit="-"),
        Figure(name="rise_of_50_percent_told_spread", value=statistics.pstdev(resisting), unit="-"),
        Figure(name="sensor_off_by_2_k_told", value=statistics.median(off_k), unit="K"),
        Figure(
            name="warmth_by_resistance_correlation", value=float(np.corrcoef(told_k[known], true_k[known])[0, 1]),
            unit="-", goal=0.9, is_more_better=True,
        ),
        Figure(
            name="warmth_by_resistance_error", value=float(np.sqrt(np.mean((told_k - true_k)[known] ** 2))), unit="K"
        ),
        Figure(name="warmth_by_resistance_true", value=float(np.sqrt(np.mean(true_k[known] ** 2))), unit="K"),
    ]  # fmt: skip


def speed() -> list[Figure]:
    """A day of 240 cells at a minute on which everything can be read, on one thread."""
    say("speed")
    plan = FleetPlan(seed=SEED, n_strings=STRINGS, n_cells=CELLS)
    block, middle_v = block_with_all(plan)
    time_s = (block.time_ns - block.time_ns[0]) / 1e9
    warmth = ThermalResiduals(block.temperature_c.shape[1])
    curve = slow_charge(block.current_a, time_s, middle_v, CAPACITY_AH)
    assert curve is not None
    places = places_of(curve, CAPACITY_AH)
    steps = [place for place in (places.lower, places.upper) if place is not None]
    voltage_v, placed, slope = block.voltage_v[curve.rows], np.empty((5, CELLS)), np.empty(curve.rows.size)
    rows = jump_rows(block, CAPACITY_AH, middle_v, 60.0)
    weight, moments, apart_v = np.ones(rows.size), np.empty((4, CELLS)), np.empty(rows.size)
    mean_c, heat, lagged = np.empty((144, block.temperature_c.shape[1])), np.empty(144), np.empty(144)
    rate_c = block.current_a / CAPACITY_AH

    def kernels() -> None:
        middle_of_string(block.voltage_v, 0.02, middle_v)
        local_slope(curve.charge_ah, curve.middle_v, 4.7, slope)
        for place in steps:
            place_cells(
                curve.charge_ah, curve.middle_v, curve.slope, voltage_v, place.first, place.stop,
                LEAD_SHARE_MAX * CAPACITY_AH, placed,
            )  # fmt: skip
        answer_jumps(block.voltage_v, middle_v, rows, weight, moments)
        spread_at_jumps(block.voltage_v, middle_v, rows, apart_v)
        mean_sensors(time_s, rate_c, block.temperature_c, 600.0, -30.0, 90.0, mean_c, heat)
        for _ in range(2):
            lag_heat(heat, 0.9, 0.0, lagged)

    def whole() -> None:
        middle_of_string(block.voltage_v, 0.02, middle_v)
        charge_features(block, CAPACITY_AH, middle_v)
        relaxation_features(block, CAPACITY_AH, middle_v)
        apparent_resistance(block, CAPACITY_AH, middle_v)
        warmth_of(warmth, block)

    return [
        Figure(name="kernels_of_a_string_day", value=best_ms(kernels), unit="ms", goal=2.0),
        Figure(name="whole_of_a_string_day", value=best_ms(whole), unit="ms"),
    ]


def block_with_all(plan: FleetPlan) -> tuple[Block, FloatArray]:
    """First day of the fleet in which a charge goes through both features, and the middle of its string."""
    for string in range(STRINGS):
        life = StringLife(plan, string)
        for _ in range(10):
            block = life.block(1)
            if np.isfinite(charge_features(block, CAPACITY_AH).between_share).any():
                middle_v = np.empty(block.n_times)
                middle_of_string(block.voltage_v, 0.02, middle_v)
                return block, middle_v
    message = "no day of the fleet has a charge through both features"
    raise RuntimeError(message)


def best_ms(work: Callable[[], None]) -> float:
    """Shortest of some runs: what the machine can, whoever else uses it. [ms]"""
    took: list[float] = []
    for _ in range(REPEATS):
        started = perf_counter()
        work()
        took.append(1e3 * (perf_counter() - started))
    return min(took)


if __name__ == "__main__":
    sys.exit(main())
