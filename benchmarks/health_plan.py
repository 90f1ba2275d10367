"""What maintenance plans cost in invented lives, beside simple rules and somebody who knows each day of failure.

`python benchmarks/health_plan.py --json` prints one object and ends with 1 where a goal is not met. SYNTHETIC:
suspects, their probabilities and times to failure are drawn, none is from a site; prices are the assumptions of
`MaintenanceSettings`. All suspects are told as shorts, whose failures are dearer than others. Each life is walked
through event by event, with the modules that really lie in stock, by code that shares nothing with the planner's sums.
Worlds: `as_told`, where findings are as likely and as fast as they say; `half_false`, where half of the real ones are
none; `twice_as_fast`, where faults take half the days. The planner knows of the first only. No setting was chosen by
these figures; seeds are 1000 and more.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from time import perf_counter

import numpy as np
from figures import Figure, answer, questions, say

from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.domain.time import to_ns
from battuta.health.maintenance import plan_maintenance
from battuta.health.maintenance_cost import Reserve
from battuta.health.maintenance_desk import Desk, PricedPlan
from battuta.health.maintenance_risk import FailureRisk
from battuta.health.maintenance_settings import MaintenanceSettings
from battuta.health.maintenance_suspects import suspects_of
from battuta.health.maintenance_visits import PlannedWindow, visits_of
from battuta.numerics.arrays import BoolArray, FloatArray
from battuta.numerics.sampling import generator

FIRST_SEED = 1000
LABEL = "SYNTHETIC: drawn suspects and lives, assumed prices"
TODAY = date(2026, 1, 1)
NOW_NS = to_ns(datetime(2026, 1, 1, tzinfo=UTC))
WINDOW_DAYS = (30, 90, 180, 365, 545)
CREW_H = 16.0
PRICES = MaintenanceSettings()
WORLDS: Mapping[str, tuple[float, float]] = {
    "as_told": (1.0, 1.0),
    "half_false": (0.5, 1.0),
    "twice_as_fast": (1.0, 0.5),
}
RULES = ("do_nothing", "at_once", "next_window")
Z_90 = 1.2815515655446004


@dataclass(frozen=True, kw_only=True)
class Life:
    """What comes true: days to failure, infinite for false alarms, and what fails."""

    failure_days: FloatArray
    faults: tuple[FaultClass, ...]


def main() -> int:
    """Measure and print."""
    parser = questions(__doc__)
    parser.add_argument("--fleets", type=int, default=40, help="drawn sets of suspects")
    parser.add_argument("--lives", type=int, default=20, help="lives of each, in each world")
    parser.add_argument(
        "--damage-cost-short", type=float, default=PRICES.damage_cost_short, help="what a failed short spoils [EUR]"
    )
    options = parser.parse_args()
    prices = replace(PRICES, damage_cost_short=options.damage_cost_short)
    spent: dict[str, list[FloatArray]] = {world: [] for world in WORLDS}
    expected: list[float] = []
    for seed in range(FIRST_SEED, FIRST_SEED + options.fleets):
        say(f"  fleet {seed}")
        desk, findings, plans = planned(seed, prices)
        expected.append(plans["plan"].cost)
        for world in WORLDS:
            spent[world].append(costs_of_lives(seed, world, desk, findings, plans, options.lives))
    figures = [*told(spent, np.array(expected)), *pace()]
    seeds = [FIRST_SEED, FIRST_SEED + options.fleets]
    told_too: dict[str, object] = {
        "label": LABEL,
        "seeds": seeds,
        "lives": options.lives,
        "damage_cost_short_eur": options.damage_cost_short,
    }
    return answer(figures, as_json=options.json, told=told_too)


def suspects(seed: int, n_suspects: int = 12) -> list[Finding]:
    """Findings of one fleet, one for each module."""
    draw = generator(seed, "benchmark.health_plan.findings")
    middle = np.exp(draw.uniform(np.log(20.0), np.log(500.0), n_suspects))
    below, above = np.exp(draw.uniform(0.3, 1.2, (2, n_suspects)))
    sure = draw.uniform(0.05, 0.95, n_suspects)
    return [
        Finding(
            string_id=f"string-{place % 4}",
            cell=16 * (place // 4),
            fault=FaultClass.MICRO_SHORT,
            level=FindingLevel.PLAN,
            since_ns=NOW_NS,
            found_ns=NOW_NS,
            probability=float(sure[place]),
            days_to_limit=(
                float(middle[place] / below[place]),
                float(middle[place]),
                float(middle[place] * above[place]),
            ),
        )
        for place in range(n_suspects)
    ]


def planned(seed: int, prices: MaintenanceSettings = PRICES) -> tuple[Desk, list[Finding], dict[str, PricedPlan]]:
    """The plan and the rules of one fleet; findings in the order of its modules."""
    settings = replace(prices, n_spares=seed % 3)
    windows = tuple(PlannedWindow(on=TODAY + timedelta(days=each), crew_h=CREW_H) for each in WINDOW_DAYS)
    own = suspects_of(suspects(seed), settings, TODAY)
    damage = [settings.damage_cost_of(each.fault for each in module.findings) for module in own.modules]
    desk = Desk(
        risk=own.risk,
        is_derated=np.zeros(len(own.modules), dtype=np.bool_),
        visits=visits_of(windows, settings, TODAY),
        settings=settings,
        damage_cost=np.array(damage),
    )
    return desk, [each.findings[0] for each in own.modules], {"plan": desk.best(), **desk.rules()}


def lives_of(seed: int, world: str, findings: list[Finding], n_lives: int) -> Iterator[Life]:
    """What comes true in a world."""
    draw = generator(seed, f"benchmark.health_plan.{world}")
    true_share, pace_factor = WORLDS[world]
    sure = np.array([each.probability for each in findings])
    faults = tuple(each.fault for each in findings)
    early, middle, late = np.log(np.array([each.days_to_limit for each in findings])).T
    for _ in range(n_lives):
        normal = draw.standard_normal(len(findings))
        width = np.where(normal < 0.0, middle - early, late - middle) / Z_90
        is_real = draw.random(len(findings)) < true_share * sure
        days = np.where(is_real, pace_factor * np.exp(middle + width * normal), np.inf)
        yield Life(failure_days=days, faults=faults)


def costs_of_lives(
    seed: int, world: str, desk: Desk, findings: list[Finding], plans: Mapping[str, PricedPlan], n_lives: int
) -> FloatArray:
    """What each way costs in each life, shape (n_lives, n_ways): plan, rules, oracle."""
    return np.array(
        [
            [*(lived(life, plan, desk) for plan in plans.values()), lived(life, oracle(life, desk), desk)]
            for life in lives_of(seed, world, findings, n_lives)
        ]
    )


def oracle(life: Life, desk: Desk) -> PricedPlan:
    """The plan of somebody who knows the day of each failure."""
    n_days = desk.settings.horizon_days
    failing = np.zeros((life.failure_days.shape[0], n_days))
    fails: BoolArray = life.failure_days < n_days
    failing[np.flatnonzero(fails), life.failure_days[fails].astype(np.int64)] = 1.0
    real = np.isfinite(life.failure_days).astype(np.float64)
    return replace(desk, risk=FailureRisk(real=real, failing=failing)).best()


def lived(life: Life, plan: PricedPlan, desk: Desk) -> float:
    """Walk through a life and add up what is paid, worth today."""
    settings = desk.settings
    day = np.array([desk.visits[place].day if place < len(desk.visits) else np.inf for place in plan.chosen])
    held, shelf = stocked(plan, desk)
    total = booked(plan, desk)
    for row in np.argsort(np.minimum(day, life.failure_days), kind="stable"):
        failed = float(life.failure_days[row])
        if failed < min(float(day[row]), settings.horizon_days):
            shelf.extend([held[int(row)]] if int(row) in held else [])
            damage = settings.damage_cost_of([life.faults[row]])
            total += failure(failed, damage, shelf, settings, is_refilled=plan.reserve is not Reserve.NONE)
        elif np.isfinite(day[row]):
            paid = settings.module_cost + settings.module_h / 24.0 * settings.energy_value_per_day
            paid -= 0.0 if np.isfinite(failed) else settings.salvage
            total += paid * worth(float(day[row]), settings)
    return total


def stocked(plan: PricedPlan, desk: Desk) -> tuple[dict[int, float], list[float]]:
    """When the module of each planned exchange is on site, and when those that nothing is planned with are."""
    stock = desk.settings.n_spares - (plan.reserve is Reserve.KEPT)
    held: dict[int, float] = {}
    rows = np.flatnonzero(plan.chosen < len(desk.visits))
    for row in sorted(rows.tolist(), key=lambda each: int(plan.chosen[each])):
        held[row] = 0.0 if stock > 0 else float(desk.visits[int(plan.chosen[row])].day)
        stock -= stock > 0
    kept = {Reserve.NONE: [], Reserve.KEPT: [0.0], Reserve.ORDERED: [float(desk.settings.lead_days)]}
    return held, [0.0] * stock + kept[plan.reserve]


def booked(plan: PricedPlan, desk: Desk) -> float:
    """What is paid whatever fails: visits, and a spare that is kept."""
    settings = desk.settings
    places = set(plan.chosen[plan.chosen < len(desk.visits)].tolist())
    total = sum(desk.visits[each].cost * worth(desk.visits[each].day, settings) for each in places)
    if plan.reserve is Reserve.ORDERED:
        rent = settings.module_cost * settings.spare_share_per_year / 365.25
        total += rent * float(settings.discount(np.arange(0.5, settings.horizon_days)).sum())
    return total


def failure(
    failed: float, damage_cost: float, shelf: list[float], settings: MaintenanceSettings, *, is_refilled: bool
) -> float:
    """What a failure costs with the modules that lie on a shelf; takes one, and orders another where one is kept."""
    ordered = failed + settings.lead_days
    ready = min([*shelf, ordered])
    if ready in shelf:
        shelf.remove(ready)
        if is_refilled:
            shelf.append(ordered)
    down = max(ready - failed, settings.response_days)
    paid = settings.call_out_cost + settings.module_cost + damage_cost
    paid += settings.lost_share_failed * settings.energy_value_per_day * down
    return paid * worth(failed, settings)


def worth(day: float, settings: MaintenanceSettings) -> float:
    """Present value of 1. [-]."""
    return (1.0 + settings.discount_share_per_year) ** (-day / 365.25)


def told(spent: Mapping[str, list[FloatArray]], expected: FloatArray) -> Iterator[Figure]:
    """Figures of each world; errors are of the mean over fleets."""
    for world, fleets in spent.items():
        mean = np.array([each.mean(axis=0) for each in fleets])
        cost = mean.mean(axis=0)
        yield Figure(name=f"{world}_plan_cost", value=float(cost[0]), unit="EUR/fleet")
        if world == "as_told":
            ratio = mean[:, 0] / expected
            yield Figure(name="as_told_expected_cost", value=float(expected.mean()), unit="EUR/fleet")
            off = abs(float(cost[0]) / float(expected.mean()) - 1.0)
            yield Figure(name="as_told_cost_off_expected", value=100.0 * off, unit="%", goal=5.0)
            error = float(ratio.std(ddof=1) / np.sqrt(ratio.shape[0]))
            yield Figure(name="as_told_cost_off_expected_error", value=100.0 * error, unit="%")
        goal = 0.0 if world == "as_told" else None
        for place, rule in enumerate(RULES, start=1):
            saved = (mean[:, place] - mean[:, 0]) / cost[place]
            error = float(saved.std(ddof=1) / np.sqrt(saved.shape[0]))
            value = 100.0 * float(saved.mean())
            yield Figure(name=f"{world}_saved_over_{rule}", value=value, unit="%", goal=goal, is_more_better=True)
            yield Figure(name=f"{world}_saved_over_{rule}_error", value=100.0 * error, unit="%")
        beaten = float((mean[:, 1:4].min(axis=1) < mean[:, 0] - 1e-6).mean())
        yield Figure(name=f"{world}_fleets_where_some_rule_was_cheaper", value=100.0 * beaten, unit="%")
        for place, way in enumerate(("plan", *RULES)):
            regret = float(cost[place] / cost[-1] - 1.0)
            yield Figure(name=f"{world}_regret_of_{way}", value=100.0 * regret, unit="% of oracle")


def pace() -> Iterator[Figure]:
    """How long a plan takes, its rules and sensitivities included."""
    windows = [PlannedWindow(on=TODAY + timedelta(days=each), crew_h=200.0) for each in WINDOW_DAYS]
    for n_suspects in (12, 200):
        found = [
            replace(each, string_id=f"string-{seed}-{each.string_id}")
            for seed in range(FIRST_SEED, FIRST_SEED + -(-n_suspects // 12))
            for each in suspects(seed)
        ]
        started = perf_counter()
        plan_maintenance(found[:n_suspects], windows, MaintenanceSettings(n_spares=1), TODAY)
        yield Figure(name=f"seconds_for_{n_suspects}_suspects", value=perf_counter() - started, unit="s")


if __name__ == "__main__":
    sys.exit(main())
