"""How exact and how fast the money is: SAM's single owner case, published rates of return, ten thousand at once.

`python benchmarks/twin_finance.py --json` prints one object and ends with 1 where a goal is not met. SAM's inputs and
answers are read from the data folder (`BATTUTA_DATA`); without them its figures print `not run`.
"""

from __future__ import annotations

import json
import sys
from time import perf_counter

import numpy as np
from figures import DATA, NOT_RUN, ROOT, Figure, answer, questions, say

from battuta.domain.finance_plan import (
    DebtTerms,
    DepreciationClass,
    DepreciationKind,
    FinancePlan,
    ReserveTerms,
    TaxTerms,
)
from battuta.numerics.sampling import generator
from battuta.twin.exceedance import break_even, debt_at
from battuta.twin.project_finance import YearlyFlows, project_finance
from battuta.twin.returns import irr, npv
from battuta.twin.returns_as_sam import irr_as_sam

sys.path.insert(0, str(ROOT / "tests"))
from validation.sam_single_owner import sam_case

REPEATS = 5
FLOWS, YEARS, LIVES = 10_000, 26, 1_000
TWIN = DATA / "twin"
FILES = ("inputs.json.gz", "outputs.json")


def main() -> int:
    """Measure everything and print it."""
    options = questions(__doc__).parse_args()
    return answer(measured(), as_json=bool(options.json))


def measured() -> list[Figure]:
    """All figures of this file."""
    return [*single_owner(), *rates(), *lives()]


def single_owner() -> list[Figure]:
    """Distances to SAM, as shares; of rows, as shares of their largest year."""
    names = {
        "sam_given_figures_apart": 1e-6,
        "sam_given_irr_by_its_own_steps_apart": 1e-6,
        "sam_given_irr_root_apart": 1e-6,
        "sam_given_rows_apart": 1e-6,
        "sam_rebuilt_key_rows_apart": 1e-3,
        "sam_rebuilt_figures_apart": 1e-3,
    }
    if not all((TWIN / f"sam_standalone_battery_singleowner_{each}").is_file() for each in FILES):
        return [Figure(name=name, value=NOT_RUN, unit="-", goal=goal) for name, goal in names.items()]
    say("SAM's single owner case")
    case = sam_case.read(TWIN)
    given = sam_case.given_flows(case)
    rebuilt = sam_case.rebuilt_flows(case, sam_case.hourly_energy_kwh(case))
    plan, outcome = sam_case.answered(case, given)
    _, again = sam_case.answered(case, rebuilt)
    printed = case.scalars["project_return_aftertax_irr"] / 100.0
    rows = sam_case.our_rows(plan, again, rebuilt)
    values = (
        figures_apart(case, sam_case.our_figures(plan, outcome, given)),
        abs(irr_as_sam(outcome.equity_flow[0]) / printed - 1.0),
        abs(float(outcome.irr[0]) / printed - 1.0),
        max(sam_case.distance(row, case.row(name)) for name, row in sam_case.our_rows(plan, outcome, given).items()),
        max(sam_case.distance(rows[name], case.row(name)) for name in sam_case.KEY_ROWS),
        figures_apart(case, sam_case.our_figures(plan, again, rebuilt)),
    )
    return [
        Figure(name=name, value=value, unit="-", goal=goal)
        for (name, goal), value in zip(names.items(), values, strict=True)
    ]


def figures_apart(case: sam_case.SamCase, ours: dict[str, float]) -> float:
    """Return the largest relative distance of all figures: present value, debt, equity, coverage, levelised costs."""
    return max(abs(value / case.scalars[name] - 1.0) for name, value in ours.items())


def rates() -> list[Figure]:
    """Time ten thousand rates of return, and hold them against published and eigenvalue ones."""
    say("rates of return")
    published = json.loads((ROOT / "tests/unit/twin/published_returns_synthetic.json").read_text(encoding="utf-8"))
    apart = float(np.abs(irr(np.array(published["flows"])).rate - np.array(published["irr"])).max())
    flows = generator(2026, "bench.flows").normal(9.0, 4.0, (FLOWS, YEARS))
    flows[:, 0] = -100.0
    found = irr(flows)
    seconds = min(timed(lambda: irr(flows)) for _ in range(REPEATS))
    wild = generator(2026, "bench.wild").normal(0.0, 10.0, (500, YEARS))
    several = irr(wild)
    missed = sum(int(np.count_nonzero(several.count[k] != by_eigenvalues(wild[k]).size)) for k in range(len(wild)))
    return [
        Figure(name="irr_10000_of_26_flows", value=seconds, unit="s", goal=0.1),
        Figure(name="irr_from_numpy_financial", value=apart, unit="-", goal=1e-12),
        Figure(name="irr_worth_left", value=float(np.abs(npv(flows, found.rate)).max() / 100.0), unit="-", goal=1e-12),
        Figure(name="irr_500_flows_with_several_roots", value=int((several.count > 1).sum()), unit="flows"),
        Figure(name="irr_500_flows_whose_roots_differ_in_number", value=int(missed), unit="flows", goal=0),
    ]


def lives() -> list[Figure]:
    """Time a plan with debt, tax and reserves over a thousand drawn lives; SYNTHETIC."""
    say("a thousand lives")
    plan = drawn_plan()
    flows = drawn_flows()
    project_finance(plan, flows)
    return [
        Figure(name="finance_1000_lives", value=best(lambda: project_finance(plan, flows)), unit="s"),
        Figure(name="debt_at_p50_p90_p99", value=best(lambda: debt_at(plan, flows, (0.5, 0.9, 0.99))), unit="s"),
        Figure(name="break_even_1000_lives", value=best(lambda: break_even(plan, flows, 0.9)), unit="s"),
    ]


def drawn_plan() -> FinancePlan:
    """Return SAM's terms with the replacement saved for, without its files."""
    fast = DepreciationClass(kind=DepreciationKind.MACRS, life_years=5, share=0.9, earns_credit=True)
    return FinancePlan(
        currency="USD",
        n_years=25,
        installed_cost=78e6,
        fixed_cost_per_year=3.6e6,
        inflation=0.025,
        real_discount_rate=0.064,
        debt=DebtTerms(interest_rate=0.07, tenor_years=18, fee_share=0.0275),
        tax=TaxTerms(federal_rate=0.21, state_rate=0.07, credit_share=0.3, depreciation=(fast,)),
        reserves=ReserveTerms(debt_service_months=6.0, operating_cost_months=6.0, maintenance_years=10),
    )


def drawn_flows() -> YearlyFlows:
    """Return a thousand lives of 25 years."""
    level = generator(2026, "bench.level").lognormal(0.0, 0.2, (LIVES, 1))
    zero = np.zeros((LIVES, 25))
    outlay = zero.copy()
    outlay[:, 14] = 40e6
    return YearlyFlows(
        revenue=zero + 42e6 * level,
        charging_cost=zero + 26e6 * level,
        variable_cost=zero,
        augmentation=outlay,
        discharged_mwh=zero + 55e3,
    )


def by_eigenvalues(flow: np.ndarray) -> np.ndarray:
    """Return the rates of a flow from the eigenvalues of its companion matrix."""
    roots = np.roots(flow[::-1])
    return 1.0 / roots[(np.abs(roots.imag) < 1e-9) & (roots.real > 0.0)].real - 1.0


def best(work) -> float:
    """Return the shortest of a few runs. [s]"""
    return min(timed(work) for _ in range(REPEATS))


def timed(work) -> float:
    """Return the seconds of one run."""
    start = perf_counter()
    work()
    return perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
