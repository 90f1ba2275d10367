"""Strings that live with a planted fault or without, watched by us and by others: what the figures are made of.

All telemetry is SYNTHETIC: strings of another kind of cell, under other equations than Battuta's own
(`battuta.world.foreign`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
from figures import say
from health_limits import FaultLimit
from health_peers import RULES
from health_rules import DayView

from battuta.adapters.compute.local import LocalCompute
from battuta.domain.health import Finding, FindingLevel
from battuta.domain.time import NS_PER_DAY
from battuta.health.string_scan import StringScan
from battuta.numerics.arrays import FloatArray
from battuta.physics.cell_parameters import cell_parameters
from battuta.world.foreign.faults import LEAK_DOUBLINGS, ForeignFault, ForeignFaultKind
from battuta.world.foreign.foreign_fleet import FleetPlan, StringLife

N_CELLS = 240
CELLS_PER_100_MWH = 100_000.0
DAYS_PER_YEAR = 365.25
START_NS = int(FleetPlan(seed=0, n_strings=1).start.timestamp()) * 1_000_000_000
K = ForeignFaultKind


@dataclass(frozen=True, kw_only=True)
class Planted:
    """A kind of fault as it is planted; one that is sudden has no sign before it is there in full."""

    name: str
    kind: ForeignFaultKind
    size: float
    growth_days: float = 0.0
    delay_goal_days: float | None = None
    found_goal: float | None = None
    is_sudden: bool = False


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
SUDDEN = (Planted(name="sudden_short_5_ohm", kind=K.LEAK, size=5.0, is_sudden=True),)
"""A stand-in for what shows no sign before it happens: separators pierced by a foreign body, water, a blow."""
EARLY_OHM = 1000.0
EARLY_DOUBLING_DAYS = (7.0, 14.0)
EARLY = Planted(name="micro_short_growing_early", kind=K.LEAK, size=EARLY_OHM / 2.0**LEAK_DOUBLINGS, found_goal=0.95)
"""A leak that is seen from its small beginning: 1000 ohm at first, 16 ohm and no less after six doublings.

The doubling ones above begin at 128 ohm, which the alarms of a battery management system see about as many days later
as a lead would have to be long. How fast one doubles is drawn for each string.
"""


@dataclass(kw_only=True)
class Life:
    """What was told of one string, by us and by others.

    Attributes
    ----------
    planted, fault : Planted, ForeignFault or None
        What broke in it.
    n_days : int
        Days lived.
    findings : list of Finding
        What we told.
    scores : dict of str to ndarray, shape (n_days, n_cells)
        What each rule scored.
    limit_days : float
        Days after the fault began at which one who knows all else about it could tell; infinite if never, not a
        number if nobody asked. [d]
    scan_s, n_samples : float, int
        Time that our scan took, and what it read.
    """

    planted: Planted | None
    fault: ForeignFault | None
    n_days: int
    findings: list[Finding] = field(default_factory=list[Finding])
    scores: dict[str, FloatArray] = field(default_factory=dict[str, FloatArray])
    limit_days: float = math.nan
    scan_s: float = 0.0
    n_samples: int = 0


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A string to live, for how long, and who looks on beside us."""

    plan: FleetPlan
    string: int
    n_days: int
    planted: Planted | None = None
    with_rules: bool = True
    with_limit: bool = True


def planted_fleet(seed: int, n_of_each: int) -> tuple[FleetPlan, tuple[Planted, ...]]:
    """A fleet in which every string has one fault, and what that is; the sudden ones come last."""
    rng = np.random.default_rng(seed)
    kinds = PLANTED * n_of_each + SUDDEN * n_of_each
    faults = tuple(
        ForeignFault(
            kind=planted.kind,
            string=string,
            cell=int(rng.integers(1, N_CELLS - 1)),
            start_day=60 + int(rng.integers(0, 30)),
            size=planted.size * (float(rng.choice([-1.0, 1.0])) if planted.kind is K.VOLTAGE_OFFSET else 1.0),
            growth_days=planted.growth_days,
        )
        for string, planted in enumerate(kinds)
    )
    return FleetPlan(seed=seed, n_strings=len(faults), n_cells=N_CELLS, faults=faults), kinds


def early_fleet(seed: int, n_strings: int) -> FleetPlan:
    """A fleet in which each string has one leak of the kind `EARLY`."""
    rng = np.random.default_rng(seed)
    faults = tuple(
        ForeignFault(
            kind=EARLY.kind,
            string=string,
            cell=int(rng.integers(1, N_CELLS - 1)),
            start_day=60 + int(rng.integers(0, 30)),
            size=EARLY.size,
            growth_days=LEAK_DOUBLINGS * float(rng.uniform(*EARLY_DOUBLING_DAYS)),
        )
        for string in range(n_strings)
    )
    return FleetPlan(seed=seed, n_strings=n_strings, n_cells=N_CELLS, faults=faults)


def lived(pieces: Sequence[Piece], what: str) -> list[Life]:
    """Let strings live and watch them."""
    said = {0}

    def progress(done: int, total: int) -> None:
        if done not in said:
            said.add(done)
            say(f"  {what}: {done} of {total}")

    return LocalCompute().map(live, pieces, progress)


def live(piece: Piece) -> Life:
    """Let one string live and watch it."""
    source = StringLife(piece.plan, piece.string)
    watch = StringScan(cell_parameters("lfp_314ah"), source.string_id, piece.plan.n_cells)
    rules = [rule(piece.plan.n_cells) for rule in RULES] if piece.with_rules else []
    fault = source.faults[0] if source.faults else None
    life = Life(planted=piece.planted, fault=fault, n_days=piece.n_days)
    scores: dict[str, FloatArray] = {rule.name: np.full((piece.n_days, piece.plan.n_cells), -np.inf) for rule in rules}
    limit: FaultLimit | None = None
    for day in range(piece.n_days):
        if piece.with_limit and fault is not None and day == fault.start_day:
            limit, life.limit_days = FaultLimit(source, fault), math.inf
        block = source.block(1)
        view = DayView(block) if block.n_times and (rules or limit is not None) else None
        if limit is not None and limit.take(view):
            life.limit_days, limit = float(day + 1 - limit.fault.start_day), None
        if block.n_times == 0:
            continue
        started = perf_counter()
        life.findings += watch.take(block)
        life.scan_s += perf_counter() - started
        life.n_samples += block.n_times * block.n_cells
        if view is not None:
            for rule in rules:
                scores[rule.name][day] = rule.take(view)
    life.findings += watch.close()
    life.scores = scores
    return life


def all_of(lives: Sequence[Life]) -> list[Finding]:
    """Findings of many strings."""
    return [finding for life in lives for finding in life.findings]


def cell_years_of(lives: Sequence[Life]) -> float:
    """Years that the cells of some strings lived, together."""
    return sum(life.n_days for life in lives) * N_CELLS / DAYS_PER_YEAR


def day_of(finding: Finding) -> int:
    """Days since the fleet started at which a finding was told."""
    return (finding.found_ns - START_NS) // NS_PER_DAY


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
