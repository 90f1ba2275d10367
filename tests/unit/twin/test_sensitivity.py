"""Sobol indices of functions whose indices are known, and of the same points by SALib; bars in their order."""

import json
from pathlib import Path

import numpy as np
import pytest

from battuta.domain.errors import DataError, InvalidQuantityError, UsageError
from battuta.domain.finance_plan import DebtTerms, FinancePlan
from battuta.twin.sensitivity import Factor, changed_plan, saltelli_points, sobol_indices, tornado

PUBLISHED = json.loads((Path(__file__).parent / "published_sobol_synthetic.json").read_text(encoding="utf-8"))
ANGLES = [Factor(name=name, low=-np.pi, base=0.0, high=np.pi) for name in ("x1", "x2", "x3")]
PLAN = FinancePlan(
    currency="EUR",
    n_years=15,
    installed_cost=1000.0,
    inflation=0.02,
    real_discount_rate=0.05,
    debt=DebtTerms(interest_rate=0.05, tenor_years=10),
)


def ishigami(points):
    x1, x2, x3 = points[..., 0], points[..., 1], points[..., 2]
    return np.sin(x1) + 7.0 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)


def test_the_ishigami_function_has_its_known_indices() -> None:
    found = sobol_indices(("x1", "x2", "x3"), ishigami(saltelli_points(ANGLES, 20_000, seed=3)))
    np.testing.assert_allclose(found.first, [0.3139, 0.4424, 0.0], atol=0.02)
    np.testing.assert_allclose(found.total, [0.5576, 0.4424, 0.2437], atol=0.02)
    assert (np.abs(found.first - [0.3139, 0.4424, 0.0]) < 4.0 * found.first_deviation + 1e-3).all()
    assert (np.abs(found.total - [0.5576, 0.4424, 0.2437]) < 4.0 * found.total_deviation + 1e-3).all()


def test_indices_are_those_of_salib_for_the_same_answers() -> None:
    answers = ishigami(saltelli_points(ANGLES, PUBLISHED["n_samples"], seed=PUBLISHED["seed"]))
    np.testing.assert_allclose(answers[0], PUBLISHED["first_answers"], rtol=1e-12)
    found = sobol_indices(("x1", "x2", "x3"), answers)
    np.testing.assert_allclose(found.first, PUBLISHED["S1"], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.total, PUBLISHED["ST"], rtol=1e-9)


def test_points_fill_each_range_evenly_and_mix_columns() -> None:
    points = saltelli_points(ANGLES, 64, seed=1)
    assert points.shape == (64, 5, 3)
    rank = np.floor((points[:, 0] + np.pi) / (2.0 * np.pi) * 64).astype(int)
    np.testing.assert_array_equal(np.sort(rank, axis=0), np.tile(np.arange(64)[:, None], 3))
    np.testing.assert_array_equal(points[:, 2, 1], points[:, -1, 1])
    np.testing.assert_array_equal(points[:, 2, [0, 2]], points[:, 0][:, [0, 2]])
    np.testing.assert_array_equal(points, saltelli_points(ANGLES, 64, seed=1))


def test_answers_that_say_nothing_are_refused() -> None:
    with pytest.raises(DataError, match="no variance"):
        sobol_indices(("a",), np.ones((10, 3)))
    gap = np.ones((10, 3))
    gap[4, 2] = np.nan
    with pytest.raises(DataError, match="sample 4, column 2 is nan"):
        sobol_indices(("a",), gap)


def test_bars_come_widest_first() -> None:
    factors = [Factor(name="a", low=0.0, base=1.0, high=2.0), Factor(name="b", low=0.0, base=1.0, high=5.0)]
    bars = tornado(lambda at: at["a"] - at["b"], factors)
    assert [bar.factor.name for bar in bars] == ["b", "a"]
    assert (bars[0].at_low, bars[0].at_high, bars[0].swing) == (1.0, -4.0, 5.0)


def test_a_plan_changes_by_path_and_is_checked() -> None:
    changed = changed_plan(PLAN, {"debt.dscr": 1.5, "installed_cost": 900.0})
    assert (changed.debt.dscr, changed.installed_cost, PLAN.installed_cost) == (1.5, 900.0, 1000.0)
    with pytest.raises(InvalidQuantityError, match="interest_rate"):
        changed_plan(PLAN, {"debt.interest_rate": 5.0})


@pytest.mark.parametrize("path", ["capex", "debt.rate", "inflation.rate", "debt.interest_rate.more"])
def test_a_path_to_nothing_is_refused(path) -> None:
    with pytest.raises(UsageError, match="the plan has no"):
        changed_plan(PLAN, {path: 1.0})


def test_a_base_lies_in_its_range() -> None:
    with pytest.raises(InvalidQuantityError, match="factor 'a'"):
        Factor(name="a", low=0.0, base=3.0, high=2.0)
