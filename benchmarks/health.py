"""How many cells are called out for nothing, how early a bad one is named, and what simpler rules do on the same fleet.

`python benchmarks/health.py --json` prints one object and ends with 1 where a goal is not met. All telemetry is
SYNTHETIC: strings of another kind of cell, under other equations than Battuta's own, with balancing, sensor drift, lost
rows, seasons, idle weeks and fresh modules (`battuta.world.foreign`). Limits were chosen on fleets with seeds below
1000; figures come from seeds of 1000 and more.

Healthy strings give the false alarms, per 100,000 cells and year, which is about 100 MWh: with the upper 95 % bound
that so many cell-years allow. Each faulty string has one planted fault, which begins after two to three months.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the strings run side by side

import math
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
from figures import Figure, answer, questions, say
from health_rules import RULES, Rule, rule_of
from scipy.stats import chi2

from battuta.adapters.compute.local import LocalCompute
from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_DAY
from battuta.health.string_scan import StringScan
from battuta.physics.cell_parameters import cell_parameters
from battuta.world.foreign.faults import ForeignFault, ForeignFaultKind
from battuta.world.foreign.foreign_fleet import FleetPlan, StringLife

N_CELLS = 240
CELLS_PER_100_MWH = 100_000.0
DAYS_PER_YEAR = 365.25
HEALTHY_SEED, FAULTY_SEED = 1000, 1500
SENSORS = {FaultClass.VOLTAGE_SENSOR, FaultClass.STUCK_VALUE, FaultClass.TEMPERATURE_SENSOR, FaultClass.CURRENT_SENSOR}
K = ForeignFaultKind


@dataclass(frozen=True, kw_only=True)
class Planted:
    """A kind of fault as it is planted."""

    name: str
    kind: ForeignFaultKind
    size: float
    growth_days: float = 0.0
    delay_goal_days: float | None = None
    found_goal: float | None = None


PLANTED = (
    Planted(name="leak_doubling_7d", kind=K.LEAK, size=2.0, growth_days=42.0, found_goal=0.95),
    Planted(name="leak_doubling_14d", kind=K.LEAK, size=2.0, growth_days=84.0, found_goal=0.95),
    Planted(name="leak_100_ohm", kind=K.LEAK, size=100.0, delay_goal_days=7.0),
    Planted(name="leak_300_ohm", kind=K.LEAK, size=300.0, delay_goal_days=14.0),
    Planted(name="leak_1000_ohm", kind=K.LEAK, size=1000.0, delay_goal_days=45.0),
    Planted(name="resistance_20_percent", kind=K.RESISTANCE_RISE, size=0.2, growth_days=20.0, found_goal=0.95),
    Planted(name="capacity_15_percent", kind=K.CAPACITY_FADE, size=0.15, growth_days=100.0),
    Planted(name="loose_contact_300_uohm", kind=K.LOOSE_CONTACT, size=3e-4),
    Planted(name="voltage_offset_10_mv", kind=K.VOLTAGE_OFFSET, size=0.01),
    Planted(name="stuck_value", kind=K.STUCK_VALUE, size=0.0),
)


@dataclass(kw_only=True)
class Life:
    """What was told of one string, by us and by simpler rules."""

    planted: Planted | None
    fault: ForeignFault | None
    n_days: int
    findings: list[Finding] = field(default_factory=list[Finding])
    alarms: dict[str, list[tuple[int, int]]] = field(default_factory=dict[str, list[tuple[int, int]]])
    scan_s: float = 0.0
    n_samples: int = 0


def main() -> int:
    """Measure and print."""
    parser = questions(__doc__)
    parser.add_argument("--healthy-strings", type=int, default=24)
    parser.add_argument("--healthy-days", type=int, default=300)
    parser.add_argument("--faulty-strings", type=int, default=3, help="strings of each kind of fault")
    parser.add_argument("--faulty-days", type=int, default=170)
    parser.add_argument(
        "--first-seed", type=int, default=0, help="added to the seeds; -1000 gives fleets on which limits were chosen"
    )
    parser.add_argument("--no-rules", action="store_true", help="leave the simpler rules out")
    options = parser.parse_args()
    rules = () if options.no_rules else RULES
    healthy_plan = FleetPlan(seed=HEALTHY_SEED + options.first_seed, n_strings=options.healthy_strings, n_cells=N_CELLS)
    healthy = lived(
        [(healthy_plan, string, None, options.healthy_days, rules) for string in range(options.healthy_strings)],
        "healthy strings",
    )
    faulty_plan = planted_fleet(FAULTY_SEED + options.first_seed, options.faulty_strings)
    faulty = lived(
        [
            (faulty_plan, fault.string, PLANTED[fault.string % len(PLANTED)], options.faulty_days, rules)
            for fault in faulty_plan.faults
        ],
        "faulty strings",
    )
    figures = [*false_alarms(healthy), *found(faulty), *side_by_side(healthy, faulty, rules), *pace(healthy + faulty)]
    told: dict[str, object] = {
        "label": "SYNTHETIC telemetry of a foreign fleet",
        "healthy_seed": healthy_plan.seed,
        "faulty_seed": faulty_plan.seed,
        "told_of_healthy": dict(Counter(f"{each.fault.value} {each.level.name.lower()}" for each in all_of(healthy))),
    }
    return answer(figures, as_json=options.json, told=told)


def planted_fleet(seed: int, n_of_each: int) -> FleetPlan:
    """A fleet in which every string has one fault."""
    rng = np.random.default_rng(seed)
    faults = tuple(
        ForeignFault(
            kind=planted.kind,
            string=string,
            cell=int(rng.integers(1, N_CELLS - 1)),
            start_day=60 + int(rng.integers(0, 30)),
            size=planted.size * (float(rng.choice([-1.0, 1.0])) if planted.kind is K.VOLTAGE_OFFSET else 1.0),
            growth_days=planted.growth_days,
        )
        for string, planted in enumerate(PLANTED * n_of_each)
    )
    return FleetPlan(seed=seed, n_strings=len(faults), n_cells=N_CELLS, faults=faults)


Piece = tuple[FleetPlan, int, Planted | None, int, Sequence[type[Rule]]]


def lived(pieces: Sequence[Piece], what: str) -> list[Life]:
    """Let strings live and watch them."""
    return LocalCompute().map(live, pieces, lambda done, total: say(f"  {what}: {done} of {total}"))


def live(piece: Piece) -> Life:
    """Let one string live and watch it."""
    plan, string, planted, n_days, rules = piece
    source = StringLife(plan, string)
    watch = StringScan(cell_parameters("lfp_314ah"), source.string_id, plan.n_cells)
    others = [rule_of(rule, plan.n_cells) for rule in rules]
    fault = source.faults[0] if source.faults else None
    life = Life(planted=planted, fault=fault, n_days=n_days, alarms={each.name: [] for each in others})
    for day, block in enumerate(days_of(source, n_days)):
        if block.n_times == 0:
            continue
        started = perf_counter()
        life.findings += watch.take(block)
        life.scan_s += perf_counter() - started
        life.n_samples += block.n_times * block.n_cells
        for each in others:
            life.alarms[each.name] += [(day, cell) for cell in each.take(block)]
    life.findings += watch.close()
    return life


def days_of(source: StringLife, n_days: int) -> Iterator[Block]:
    """The days of a life, one by one."""
    for _ in range(n_days):
        yield source.block(1)


def all_of(lives: Sequence[Life]) -> list[Finding]:
    """Findings of many strings."""
    return [finding for life in lives for finding in life.findings]


def false_alarms(healthy: Sequence[Life]) -> list[Figure]:
    """Alarms of healthy strings per 100 MWh and year, with the upper 95 % bound."""
    cell_years = sum(life.n_days for life in healthy) * N_CELLS / DAYS_PER_YEAR
    figures = [Figure(name="healthy_cell_years", value=cell_years, unit="year")]
    for level, goal in ((FindingLevel.ACT, 1.0), (FindingLevel.WATCH, 12.0)):
        cells = {(each.string_id, each.cell) for each in all_of(healthy) if each.level >= level}
        name = f"{level.name.lower()}_false_per_100_mwh_year"
        rate, bound = rates(len(cells), cell_years)
        figures += [
            Figure(name=name, value=rate, unit="1/year", goal=goal),
            Figure(name=f"{name}_upper_95", value=bound, unit="1/year"),
            Figure(name=f"{level.name.lower()}_false_cells", value=len(cells), unit="-"),
        ]
    return figures


def rates(n_alarms: int, cell_years: float) -> tuple[float, float]:
    """Alarms per 100,000 cells and year, and the upper 95 % bound of Poisson."""
    per = CELLS_PER_100_MWH / cell_years
    return n_alarms * per, float(chi2.ppf(0.95, 2 * (n_alarms + 1))) / 2.0 * per


def found(faulty: Sequence[Life]) -> list[Figure]:
    """Share found, delay, lead over the conventional alarm, localisation and class."""
    figures: list[Figure] = []
    for planted in PLANTED:
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
                value=float(np.median(delays)) if len(seen) > len(lives) / 2 else "later than the test",
                unit="d",
                goal=planted.delay_goal_days,
            ),
        ]
    return figures + leads(faulty) + places(faulty)


def delay_days(life: Life, level: FindingLevel = FindingLevel.WATCH) -> float:
    """Days from the beginning of the fault to the first finding that names its cell; infinite if there is none."""
    fault = life.fault
    if fault is None:
        return math.inf
    days = [
        day_of(each) - fault.start_day
        for each in life.findings
        if each.cell == fault.cell and each.level >= level and day_of(each) > fault.start_day
    ]
    return float(min(days, default=math.inf))


def day_of(finding: Finding) -> int:
    """Days since the fleet started at which a finding was told."""
    return (finding.found_ns - START_NS) // NS_PER_DAY


START_NS = int(FleetPlan(seed=0, n_strings=1).start.timestamp()) * 1_000_000_000


def leads(faulty: Sequence[Life]) -> list[Figure]:
    """Days by which a growing leak is named before the conventional alarm rings for its cell, or the test ends."""
    ahead: list[float] = []
    for life in faulty:
        if life.planted is None or not life.planted.name.startswith("leak_doubling") or life.fault is None:
            continue
        fault = life.fault
        rung = (day for day, cell in life.alarms.get("bms", []) if day >= fault.start_day and cell == fault.cell)
        delay = delay_days(life)
        ahead.append(min(rung, default=life.n_days) - fault.start_day - delay if math.isfinite(delay) else -math.inf)
    if not ahead:
        return []
    return [
        Figure(name="lead_median", value=float(np.median(ahead)), unit="d", goal=21.0, is_more_better=True),
        Figure(
            name="lead_tenth_percentile",
            value=float(np.sort(ahead)[int(0.1 * len(ahead))]),
            unit="d",
            goal=7.0,
            is_more_better=True,
        ),
    ]


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


def side_by_side(healthy: Sequence[Life], faulty: Sequence[Life], rules: Sequence[type[Rule]]) -> list[Figure]:
    """What simpler rules do on the same fleet: false alarms, and leaks of 100 ohm found within 30 days."""
    cell_years = sum(life.n_days for life in healthy) * N_CELLS / DAYS_PER_YEAR
    figures: list[Figure] = []
    for rule in rules:
        name = rule_of(rule, 2).name
        false = sum(len({cell for _, cell in life.alarms[name]}) for life in healthy)
        hits = [
            any(cell == life.fault.cell and 0 < day - life.fault.start_day <= 30 for day, cell in life.alarms[name])
            for life in faulty
            if life.fault is not None and life.planted is not None and life.planted.name == "leak_100_ohm"
        ]
        figures += [
            Figure(name=f"{name}_false_per_100_mwh_year", value=rates(false, cell_years)[0], unit="1/year"),
            Figure(name=f"{name}_leak_100_ohm_in_30_d", value=float(np.mean(hits)) if hits else "not run", unit="-"),
        ]
    return figures


def pace(lives: Sequence[Life]) -> list[Figure]:
    """Samples a second of one thread while others run."""
    samples, seconds = sum(life.n_samples for life in lives), sum(life.scan_s for life in lives)
    return [Figure(name="scan_of_one_thread", value=samples / seconds / 1e6, unit="M/s")]


if __name__ == "__main__":
    sys.exit(main())
