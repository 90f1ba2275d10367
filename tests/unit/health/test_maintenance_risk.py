"""Quantiles are met, a limit that was passed is overdue and not forgotten, and cells of a module join."""

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.health.maintenance_risk import OVERDUE_PER_DAY, require_days, risk_of_cell, risk_of_modules, share_failed

DAYS = (12.0, 40.0, 300.0)


def test_the_law_meets_its_three_quantiles() -> None:
    np.testing.assert_allclose(share_failed(np.array(DAYS), DAYS), [0.1, 0.5, 0.9], atol=1e-12)
    law = share_failed(np.arange(5000.0), DAYS)
    assert law[0] == 0.0
    assert np.all(np.diff(law) >= 0.0)


def test_equal_quantiles_are_one_day() -> None:
    law = share_failed(np.array([29.0, 31.0]), (30.0, 30.0, 30.0))
    np.testing.assert_allclose(law, [0.0, 1.0])


def test_no_late_end_leaves_half_of_them_alive() -> None:
    assert share_failed(np.array([1e6]), (10.0, 30.0, np.inf))[0] == 0.5


def test_chances_are_those_of_counted_lives() -> None:
    rng = np.random.default_rng(3)
    n, p, age = 400_000, 0.6, 25.0
    z = rng.standard_normal(n)
    width = np.where(z < 0.0, np.log(40.0 / 12.0), np.log(300.0 / 40.0)) / 1.2815515655446004
    time = np.where(rng.random(n) < p, 40.0 * np.exp(width * z), np.inf)
    overdue = rng.exponential(1.0 / OVERDUE_PER_DAY, n)
    left = np.where(time > age, time - age, overdue)
    real, failed = risk_of_cell(p, DAYS, age, 200)
    assert real == p
    for day in (10, 60, 200):
        assert failed[day] == pytest.approx((left <= day).mean(), abs=0.004)


@pytest.mark.parametrize("days", [(0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (5.0, 20.0, 45.0)])
def test_a_limit_that_was_passed_is_overdue_and_as_real_as_told(days) -> None:
    real, failed = risk_of_cell(0.9, days, 50.0, 365)
    assert real == 0.9
    assert failed[0] == 0.0
    assert failed[14] == pytest.approx(0.9 * 0.5, abs=0.05)
    assert failed[365] == pytest.approx(0.9, abs=1e-3)


def test_the_first_cell_takes_its_module_with_it() -> None:
    one = risk_of_cell(0.5, DAYS, 0.0, 400)
    risk = risk_of_modules([[one], [one, one]], 400)
    np.testing.assert_allclose(risk.real, [0.5, 0.75])
    np.testing.assert_allclose(risk.alive(40), [0.75, 0.75**2])
    assert risk_of_modules([], 400).failing.shape == (0, 400)


@pytest.mark.parametrize("days", [(-1.0, 2.0, 3.0), (3.0, 2.0, 4.0), (1.0, np.inf, np.inf), (np.nan, 1.0, 2.0)])
def test_what_are_no_quantiles_is_refused(days) -> None:
    with pytest.raises(DataError, match=r"S1.*no three quantiles"):
        require_days(days, "S1")
