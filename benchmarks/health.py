"""How many cells are called out for nothing, how early a bad one is named, and what others do on the same fleet.

`python benchmarks/health.py --json` prints one object and ends with 1 where a goal is not met. All telemetry is
SYNTHETIC: strings of another kind of cell, under other equations than Battuta's own, with balancing, sensor drift, lost
rows, seasons, idle weeks and fresh modules (`battuta.world.foreign`). Limits, ours and those of others, were chosen on
fleets with seeds below 1000; figures come from seeds of 1000 and more.

Healthy strings give the false alarms, per 100,000 cells and year, which is about 100 MWh: with the upper 95 % bound
that so many cell-years allow. Each faulty string has one planted fault, which begins after two to three months. Beside
each delay stands the limit: the day on which one who knows all but whether the fault is there could tell it
(`health_limits`). Others stand beside us by limits chosen for their best (`health_footing`): the alarms of a battery
management system, a z-score, a cumulative sum, an isolation forest and a band around the resistance of a string.

Leaks that begin at 1000 ohm and double every 7 to 14 days have strings of their own, which live long enough for the
alarms to ring; no other figure counts them. `--only-early` runs these alone.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the strings run side by side

import math
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Sequence

import numpy as np
from figures import Figure, answer, questions
from health_footing import LIMITS, chosen_limits, side_by_side
from health_lives import (
    EARLY,
    N_CELLS,
    PLANTED,
    SUDDEN,
    Life,
    Piece,
    all_of,
    cell_years_of,
    day_of,
    delay_days,
    early_fleet,
    lived,
    planted_fleet,
)
from health_operator import false_cells, operator_figures, rates, share_found

from battuta.domain.health import FaultClass, FindingLevel
from battuta.world.foreign.foreign_fleet import FleetPlan

HEALTHY_SEED, FAULTY_SEED, EARLY_SEED = 1000, 1500, 1600
FIRST_SEED_OF_FIGURES = 1000
LABEL = "SYNTHETIC telemetry of a foreign fleet"
SENSORS = {FaultClass.VOLTAGE_SENSOR, FaultClass.STUCK_VALUE, FaultClass.TEMPERATURE_SENSOR, FaultClass.CURRENT_SENSOR}
DELAY_OVER_LIMIT_GOAL = 1.3
LEAD_GOALS_DAYS = (21.0, 7.0)
"""Median and tenth percentile."""


def main() -> int:
    """Measure and print."""
    options = asked()
    if options.only_early:
        seed = EARLY_SEED + options.first_seed
        return answer(early(grown_early(options)), as_json=options.json, told={"label": LABEL, "early_seed": seed})
    healthy_plan = FleetPlan(seed=HEALTHY_SEED + options.first_seed, n_strings=options.healthy_strings, n_cells=N_CELLS)
    with_rules = not options.no_rules
    healthy = lived(
        [
            Piece(plan=healthy_plan, string=string, n_days=options.healthy_days, with_rules=with_rules)
            for string in range(options.healthy_strings)
        ],
        "healthy strings",
    )
    if options.choose_limits:
        limits = {name: list(each) for name, each in chosen_limits(healthy).items()}
        return answer([], as_json=True, told={"healthy_seed": healthy_plan.seed, "limits": limits})
    faulty_plan, kinds = planted_fleet(FAULTY_SEED + options.first_seed, options.faulty_strings)
    faulty = lived(
        [
            Piece(
                plan=faulty_plan, string=string, n_days=options.faulty_days, planted=planted, with_rules=with_rules,
                with_limit=not options.no_limits,
            )
            for string, planted in enumerate(kinds)
        ],
        "faulty strings",
    )  # fmt: skip
    figures = [*false_alarms(healthy), *found(faulty), *operator_figures(healthy, faulty, options.callout_eur)]
    figures += [*(side_by_side(healthy, faulty, LIMITS) if with_rules else ()), *pace(healthy + faulty)]
    figures += early(grown_early(options)) if with_rules else []
    told: dict[str, object] = {
        "label": LABEL,
        "healthy_seed": healthy_plan.seed,
        "faulty_seed": faulty_plan.seed,
        "early_seed": EARLY_SEED + options.first_seed,
        "callout_eur": options.callout_eur,
        "told_of_healthy": dict(Counter(f"{each.fault.value} {each.level.name.lower()}" for each in all_of(healthy))),
    }
    return answer(figures, as_json=options.json, told=told)


def asked() -> Namespace:
    """Read the options."""
    parser = questions(__doc__)
    parser.add_argument("--healthy-strings", type=int, default=24)
    parser.add_argument("--healthy-days", type=int, default=300)
    parser.add_argument("--faulty-strings", type=int, default=3, help="strings of each kind of fault")
    parser.add_argument("--faulty-days", type=int, default=170)
    parser.add_argument("--early-strings", type=int, default=24, help="strings whose leak grows from 1000 ohm")
    parser.add_argument("--early-days", type=int, default=260)
    parser.add_argument("--only-early", action="store_true", help="run the leaks that grow from 1000 ohm alone")
    parser.add_argument(
        "--first-seed", type=int, default=0, help="added to the seeds; -1000 gives fleets on which limits were chosen"
    )
    parser.add_argument("--callout-eur", type=float, default=2000.0, help="assumed price of sending somebody [EUR]")
    parser.add_argument("--no-rules", action="store_true", help="leave the others out")
    parser.add_argument("--no-limits", action="store_true", help="leave the earliest possible delays out")
    parser.add_argument(
        "--choose-limits", action="store_true", help="print limits for the other rules; needs --first-seed -1000 or so"
    )
    options = parser.parse_args()
    if options.choose_limits and (options.no_rules or HEALTHY_SEED + options.first_seed >= FIRST_SEED_OF_FIGURES):
        parser.error("limits are chosen with rules and on seeds below 1000 alone: add --first-seed -1000")
    if options.only_early and (options.no_rules or options.choose_limits):
        parser.error("leads are over the alarms, which are among the rules: leave --no-rules and --choose-limits out")
    return options


def grown_early(options: Namespace) -> list[Life]:
    """Let the strings live whose leak grows from 1000 ohm."""
    plan = early_fleet(EARLY_SEED + options.first_seed, options.early_strings)
    pieces = [
        Piece(plan=plan, string=string, n_days=options.early_days, planted=EARLY, with_limit=False)
        for string in range(plan.n_strings)
    ]
    return lived(pieces, "strings with an early leak")


def false_alarms(healthy: Sequence[Life]) -> list[Figure]:
    """Alarms of healthy strings per 100 MWh and year, with the upper 95 % bound."""
    cell_years = cell_years_of(healthy)
    figures = [Figure(name="healthy_cell_years", value=cell_years, unit="year")]
    for level, goal in ((FindingLevel.ACT, 1.0), (FindingLevel.WATCH, 12.0)):
        n_false = false_cells(healthy, level)
        name = f"{level.name.lower()}_false_per_100_mwh_year"
        rate, bound = rates(n_false, cell_years)
        figures += [
            Figure(name=name, value=rate, unit="1/year", goal=goal),
            Figure(name=f"{name}_upper_95", value=bound, unit="1/year"),
            Figure(name=f"{level.name.lower()}_false_cells", value=n_false, unit="-"),
        ]
    return figures


def found(faulty: Sequence[Life]) -> list[Figure]:
    """Share found, delay, lead over the conventional alarm, localisation and class."""
    figures: list[Figure] = []
    for planted in PLANTED + SUDDEN:
        lives = [life for life in faulty if life.planted is planted]
        if not lives:
            continue
        delays = [delay_days(life) for life in lives]
        seen = [each for each in delays if math.isfinite(each)]
        figures += [
            Figure(
                name=f"{planted.name}_found",
                value=len(seen) / len(lives),
                unit="-",
                goal=planted.found_goal,
                is_more_better=True,
            ),
            Figure(
                name=f"{planted.name}_delay_median",
                value=told_days(delays),
                unit="d",
                goal=planted.delay_goal_days,
            ),
            Figure(name=f"{planted.name}_limit_median", value=told_days([life.limit_days for life in lives]), unit="d"),
        ]
    return [*figures, *over_limits(faulty), *leads(faulty), *places(faulty)]


def told_days(days: Sequence[float]) -> float | str:
    """Median of delays, if more than half of them are finite. [d]"""
    if any(math.isnan(each) for each in days):
        return "not run"
    is_told = sum(math.isfinite(each) for each in days) > len(days) / 2
    return float(np.median(days)) if is_told else "later than the test"


def over_limits(faulty: Sequence[Life]) -> list[Figure]:
    """Delays over the earliest that is possible, of all faults that could be told in the test."""
    ratios = [delay_days(life) / life.limit_days for life in faulty if math.isfinite(life.limit_days)]
    if not ratios:
        return [Figure(name="delay_over_limit_median", value="not run", unit="-", goal=DELAY_OVER_LIMIT_GOAL)]
    return [
        Figure(name="delay_over_limit_median", value=told_days(ratios), unit="-", goal=DELAY_OVER_LIMIT_GOAL),
        Figure(name="limit_in_test_share", value=len(ratios) / len(faulty), unit="-"),
    ]


def rung_day(life: Life) -> int | None:
    """First day since a fault began on which the conventional alarm rings for its cell; None if it never does."""
    fault, bms = life.fault, life.scores.get("bms")
    if fault is None or bms is None:
        return None
    rings = np.flatnonzero(bms[:, fault.cell] > 0.0)
    return min(rings[rings >= fault.start_day].tolist(), default=None)


def lead_days(life: Life, level: FindingLevel = FindingLevel.WATCH) -> float:
    """Days by which a cell is named before the conventional alarm rings for it, or the test ends. [d]"""
    delay = delay_days(life, level)
    if life.fault is None or not math.isfinite(delay):
        return -math.inf
    rung = rung_day(life)
    return (life.n_days if rung is None else rung) - life.fault.start_day - delay


def tenth_percentile(days: Sequence[float]) -> float:
    """The lead that nine of ten have at least. [d]"""
    return float(np.sort(days)[int(0.1 * len(days))])


def leads(faulty: Sequence[Life]) -> list[Figure]:
    """Days by which a growing leak is named before the conventional alarm rings for its cell, or the test ends."""
    ahead = [
        lead_days(life)
        for life in faulty
        if life.planted is not None and life.planted.name.startswith("leak_doubling") and life.fault is not None
    ]
    return lead_figures("lead", ahead) if ahead else []


def lead_figures(name: str, ahead: Sequence[float]) -> list[Figure]:
    """Median and tenth percentile of leads, with their goals."""
    told = {"median": float(np.median(ahead)), "tenth_percentile": tenth_percentile(ahead)}
    return [
        Figure(name=f"{name}_{which}", value=value, unit="d", goal=goal, is_more_better=True)
        for (which, value), goal in zip(told.items(), LEAD_GOALS_DAYS, strict=True)
    ]


def early(lives: Sequence[Life]) -> list[Figure]:
    """Leaks that grow from 1000 ohm: share found, delay, days to the conventional alarm, and lead over it.

    Where no alarm rings, the lead counts to the end of the life, and is longer in truth.
    """
    if not lives:
        return []
    name = EARLY.name
    delays = [delay_days(life) for life in lives]
    rung = [(rung_day(life), life.fault) for life in lives]
    to_alarm = [math.inf if day is None or fault is None else day - fault.start_day for day, fault in rung]
    ahead = [lead_days(life) for life in lives]
    act = [lead_days(life, FindingLevel.ACT) for life in lives]
    return [
        Figure(
            name=f"{name}_found",
            value=share_found(lives), unit="-", goal=EARLY.found_goal, is_more_better=True,
        ),
        Figure(name=f"{name}_found_act", value=share_found(lives, FindingLevel.ACT), unit="-"),
        Figure(name=f"{name}_delay_median", value=told_days(delays), unit="d"),
        Figure(name=f"{name}_alarm_median", value=told_days(to_alarm), unit="d"),
        Figure(name=f"{name}_alarm_not_rung", value=sum(map(math.isinf, to_alarm)), unit="strings"),
        Figure(name=f"{name}_named_before_alarm", value=float(np.mean(np.array(ahead) > 0.0)), unit="-"),
        *lead_figures(f"{name}_lead", ahead),
        Figure(name=f"{name}_lead_act_median", value=float(np.median(act)), unit="d"),
        Figure(name=f"{name}_lead_act_tenth_percentile", value=tenth_percentile(act), unit="d"),
    ]  # fmt: skip


def places(faulty: Sequence[Life]) -> list[Figure]:
    """Of what is told of faulty strings after the fault began: right cells, right classes, and sensors called cells."""
    told = right_cell = right_class = sensors = called_cell = 0
    for life in faulty:
        fault = life.fault
        if fault is None:
            continue
        after = [each for each in life.findings if day_of(each) > fault.start_day and each.level == FindingLevel.ACT]
        if not after:
            continue
        first = min(after, key=lambda each: each.found_ns)
        told += 1
        right_cell += first.cell == fault.cell
        right_class += first.fault is fault.fault_class
        if fault.fault_class in SENSORS:
            sensors += 1
            called_cell += first.fault not in SENSORS
    if not told:
        return []
    return [
        Figure(name="localisation", value=right_cell / told, unit="-", goal=0.98, is_more_better=True),
        Figure(name="class_right", value=right_class / told, unit="-", goal=0.90, is_more_better=True),
        Figure(name="sensor_called_cell", value=called_cell / max(sensors, 1), unit="-", goal=0.05),
    ]


def pace(lives: Sequence[Life]) -> list[Figure]:
    """Samples a second of one thread while others run."""
    samples, seconds = sum(life.n_samples for life in lives), sum(life.scan_s for life in lives)
    return [Figure(name="scan_of_one_thread", value=samples / seconds / 1e6, unit="M/s")]


if __name__ == "__main__":
    sys.exit(main())
