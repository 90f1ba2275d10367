"""A cell that goes on as it does meets its limit on a day that lies between an early and a late one."""

import math

import numpy as np
import pytest

from battuta.health.day_history import DayHistory
from battuta.health.days_to_limit import charge_limit_days, doubling_days

N_CELLS, BAD = 40, 7


def history(*, n_days: int = 30, ohm_per_day: float = 0.0, step_ohm: float = 0.0, seed: int = 1) -> DayHistory:
    """Resistances with a microohm of noise a day; one cell grows, or stepped on the tenth day."""
    rng, kept = np.random.default_rng(seed), DayHistory.empty(N_CELLS)
    for day in range(n_days):
        values = rng.normal(0.0, 1e-6, N_CELLS)
        values[BAD] += ohm_per_day * day + (step_ohm if day >= 10 else 0.0)
        kept.append(20_000 + day, values, 1e-12)
    return kept


def test_a_leak_meets_a_tenth_of_charge() -> None:
    early, middle, late = charge_limit_days(0.02, 0.004, 0.0005)
    assert middle == 20.0
    assert early == pytest.approx(0.08 / (0.004 + 1.2816 * 0.0005), abs=0.06)
    assert late == pytest.approx(0.08 / (0.004 - 1.2816 * 0.0005), abs=0.06)
    assert charge_limit_days(-0.1, 0.004, 0.0)[1] == 50.0


def test_an_unsure_leak_may_never_meet_it_and_a_far_cell_has_met_it() -> None:
    assert charge_limit_days(0.0, 0.001, 0.001)[2] == math.inf
    assert charge_limit_days(0.2, 0.001, 0.0001) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("lost_per_day", [0.0, -0.001, 1e-9])
def test_what_is_not_lost_meets_nothing(lost_per_day: float) -> None:
    assert charge_limit_days(0.0, lost_per_day, 1e-4) is None


def test_a_resistance_that_grows_doubles() -> None:
    early, middle, late = doubling_days(history(ohm_per_day=1e-5), BAD, 6e-4)
    assert middle == pytest.approx((6e-4 - 29e-5) / 1e-5, rel=0.05)
    assert early < middle < late < 1.2 * middle


def test_neither_a_step_long_ago_nor_a_healthy_cell_grows() -> None:
    assert doubling_days(history(step_ohm=3e-4), BAD, 6e-4) is None
    assert doubling_days(history(ohm_per_day=1e-5), 3, 6e-4) is None


def test_a_few_days_tell_no_growth() -> None:
    assert doubling_days(history(n_days=7, ohm_per_day=1e-5), BAD, 6e-4) is None
    assert doubling_days(history(n_days=9, ohm_per_day=1e-5), BAD, 6e-4) is not None
