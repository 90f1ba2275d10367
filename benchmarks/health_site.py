"""How often a healthy site is called out for nothing, and how early each fault around the cells is named.

`python benchmarks/health_site.py --json` prints one object. All logs are SYNTHETIC: a year of a site with seasons, wet
spells, visits, exchanged pumps, refills and new filters, none of which is a fault (`battuta.world.foreign.site_year`).
Limits were chosen on sites with seeds below 1000; figures come from seeds of 1000 and more.

A finding is a false alarm where nothing was planted, or where its class is not that of what was planted. A lead is
counted to the day on which a fault that grows is full: planted sizes reach, about then, where an alarm with a fixed
limit would ring. Faults that are there at once have no precursor: of those the delay is told, and no lead.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import math
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from figures import Figure, answer, questions, say
from scipy.stats import chi2

from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.domain.time import NS_PER_DAY
from battuta.health.site_checks import check_site
from battuta.world.foreign.site_faults import SUDDEN, SiteFault, SiteFaultKind
from battuta.world.foreign.site_year import SitePlan, site_year

HEALTHY_SEED, FAULTY_SEED = 1000, 5000
DAYS_PER_YEAR = 365.25
FALSE_GOAL_PER_SITE_YEAR = 1.0
START_NS = int(SitePlan(seed=0).start.timestamp()) * 1_000_000_000
K = SiteFaultKind

PLANTED: tuple[tuple[SiteFaultKind, float, float], ...] = (
    (K.INSULATION_FALL, 0.95, 120.0),
    (K.EARTH_FAULT, 1e5, 0.0),
    (K.COOLANT_LEAK, 0.5, 120.0),
    (K.PUMP_WEAR, 0.4, 120.0),
    (K.FILTER_CLOGGED, 0.4, 150.0),
    (K.PUMP_STOP, 1.0, 0.0),
    (K.PRESSURE_LOSS, 0.9, 120.0),
    (K.CONTACTOR_HUNTING, 6.0, 0.0),
    (K.CONTACTOR_WELDED, 1.0, 0.0),
    (K.PRECHARGE_DRIFT, 0.6, 120.0),
    (K.FUSE_BLOWN, 1.0, 0.0),
    (K.JOINT_LOOSE, 4.0, 120.0),
    (K.DEHUMIDIFIER_LOST, 1.0, 60.0),
    (K.WATER_INSIDE, 1.0, 0.0),
    (K.SUPPLY_SAG, 3.6, 120.0),
    (K.UPS_WEAK, 2.5, 150.0),
    (K.PANEL_FAULT, 1.0, 0.0),
    (K.PANEL_DISABLED, 1.0, 0.0),
)
"""Kind, size and growth of what is planted. [its unit, d]"""


@dataclass(frozen=True, kw_only=True)
class Life:
    """What was told of one site."""

    fault: SiteFault | None
    n_days: int
    findings: tuple[Finding, ...]


def main() -> int:
    """Measure and print."""
    parser = questions(__doc__)
    parser.add_argument("--healthy-sites", type=int, default=60)
    parser.add_argument("--faulty-sites", type=int, default=6, help="sites of each kind of fault")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument(
        "--first-seed", type=int, default=0, help="added to the seeds; -1000 gives sites on which limits were chosen"
    )
    options = parser.parse_args()
    first = HEALTHY_SEED + options.first_seed
    healthy = [
        live(first + each, options.days, None, each, options.healthy_sites) for each in range(options.healthy_sites)
    ]
    base = (FAULTY_SEED if options.first_seed >= 0 else 500) + max(options.first_seed, 0)
    plans = [(kind, each) for kind in PLANTED for each in range(options.faulty_sites)]
    faulty = [
        live(base + at, options.days, planted(base + at, kind), at, len(plans)) for at, (kind, _) in enumerate(plans)
    ]
    told: dict[str, object] = {
        "label": "SYNTHETIC sites",
        "healthy_seed": first,
        "faulty_seed": base,
        "told_of_healthy": dict(Counter(name_of(each) for life in healthy for each in life.findings)),
        "told_wrongly_of_faulty": dict(Counter(name_of(each) for life in faulty for each in wrong(life))),
    }
    figures = [*false_alarms(healthy), *found(faulty)]
    return answer(figures, as_json=options.json, told=told)


def live(seed: int, n_days: int, fault: SiteFault | None, done: int, total: int) -> Life:
    """Let one site live and check it."""
    plan = SitePlan(seed=seed, n_days=n_days, faults=() if fault is None else (fault,))
    life = Life(fault=fault, n_days=n_days, findings=check_site(site_year(plan)).findings)
    if done % 20 == 19:
        say(f"  {'healthy' if fault is None else 'faulty'} sites: {done + 1} of {total}")
    return life


def planted(seed: int, kind: tuple[SiteFaultKind, float, float]) -> SiteFault:
    """Draw when and where a fault begins."""
    rng = np.random.default_rng(seed)
    what, size, growth_days = kind
    start_day = float(rng.uniform(90.0, 160.0))
    return SiteFault(kind=what, start_day=start_day, size=size, growth_days=growth_days, part=int(rng.integers(0, 8)))


def name_of(finding: Finding) -> str:
    """Say class, level and what was measured first."""
    return f"{finding.fault.value} {finding.level.name.lower()} {next(iter(finding.evidence))}"


def day_of(finding: Finding) -> float:
    """Days since the start of the year at which a finding was told."""
    return (finding.found_ns - START_NS) / NS_PER_DAY


def wrong(life: Life) -> list[Finding]:
    """Findings of another class than what was planted, or told before it began."""
    fault = life.fault
    if fault is None:
        return list(life.findings)
    return [each for each in life.findings if each.fault is not fault.fault_class or day_of(each) < fault.start_day]


def false_alarms(healthy: Sequence[Life]) -> list[Figure]:
    """Findings of healthy sites per year, with the upper 95 % bound of Poisson."""
    years = sum(life.n_days for life in healthy) / DAYS_PER_YEAR
    figures = [Figure(name="healthy_site_years", value=years, unit="year")]
    for level, goal in (
        (FindingLevel.WATCH, FALSE_GOAL_PER_SITE_YEAR),
        (FindingLevel.PLAN, None),
        (FindingLevel.ACT, None),
    ):
        n_false = sum(each.level >= level for life in healthy for each in life.findings)
        name = f"false_at_{level.name.lower()}_or_above_per_site_year"
        bound = float(chi2.ppf(0.95, 2 * (n_false + 1))) / 2.0 / years
        figures += [
            Figure(name=name, value=n_false / years, unit="1/year", goal=goal),
            Figure(name=f"{name}_upper_95", value=bound, unit="1/year"),
        ]
    return figures


def found(faulty: Sequence[Life]) -> list[Figure]:
    """Share found, delay and lead of each kind, and what has no precursor."""
    figures: list[Figure] = []
    grown = no_lead = missed = 0
    for kind, _, growth_days in PLANTED:
        lives = [life for life in faulty if life.fault is not None and life.fault.kind is kind]
        if not lives:
            continue
        delays = [delay_days(life) for life in lives]
        seen = [each for each in delays if math.isfinite(each)]
        figures.append(Figure(name=f"{kind.value}_found", value=len(seen) / len(lives), unit="-"))
        late = "not found by half" if len(seen) <= len(lives) / 2 else float(np.median(delays))
        figures.append(Figure(name=f"{kind.value}_delay_median", value=late, unit="d"))
        missed += len(lives) - len(seen)
        if kind in SUDDEN or growth_days <= 0.0:
            no_lead += len(lives)
            continue
        grown += len(lives)
        leads = np.sort([growth_days - each for each in delays])
        late = "not found by half" if isinstance(late, str) else float(np.median(leads))
        figures.append(Figure(name=f"{kind.value}_lead_median", value=late, unit="d"))
        worst = float(leads[0])
        figures.append(
            Figure(name=f"{kind.value}_lead_worst", value=worst if math.isfinite(worst) else "not found", unit="d")
        )
    total = grown + no_lead
    return [
        *figures,
        Figure(name="without_precursor", value=no_lead / max(total, 1), unit="-"),
        Figure(name="missed", value=missed / max(total, 1), unit="-"),
        *limits_told(faulty),
    ]


def limits_told(faulty: Sequence[Life]) -> list[Figure]:
    """Of days to a limit told before it was met: how often it was met between the early and the late one (80 %)."""
    inside = n_told = 0
    for life in faulty:
        fault = life.fault
        if fault is None or fault.kind in SUDDEN or fault.growth_days <= 0.0:
            continue
        own = [each for each in life.findings if each.fault is fault.fault_class and day_of(each) >= fault.start_day]
        met = [day_of(each) for each in own if each.level is FindingLevel.ACT]
        told = [each for each in own if each.days_to_limit is not None and met and day_of(each) < met[0]]
        if told:
            early, _, late = told[-1].days_to_limit or (0.0, 0.0, 0.0)
            n_told += 1
            inside += early <= met[0] - day_of(told[-1]) <= late
    if not n_told:
        return []
    return [
        Figure(name="days_to_limit_told", value=n_told, unit="-"),
        Figure(name="limit_met_between_early_and_late", value=inside / n_told, unit="-"),
    ]


def delay_days(life: Life) -> float:
    """Days from the beginning of the fault to the first finding of its class; infinite if there is none."""
    fault = life.fault
    if fault is None:
        return math.inf
    own: FaultClass = fault.fault_class
    days = [
        day_of(each) - fault.start_day
        for each in life.findings
        if each.fault is own and day_of(each) >= fault.start_day
    ]
    return min(days, default=math.inf)


if __name__ == "__main__":
    sys.exit(main())
