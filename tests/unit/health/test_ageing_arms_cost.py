"""Money by hand: purchase, interest, exchanges, visits, losses, and where two lines cross."""

import numpy as np
import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.health.ageing_arms import ARMS, StringDuty, StringLife
from battuta.health.ageing_arms_cost import ArmCosts, break_even_cv

DUTY = StringDuty()
PER_YEAR = 0.8 * 365.25
COSTS = ArmCosts(discount_share_per_year=0.0)


def life(years=10.0, loss=0.0, swapped=()):
    return StringLife(
        life_years=years, loss_share=loss, capacity_share_low=0.8, capacity_share_high=0.9, swapped_years=swapped
    )


@pytest.mark.parametrize(
    ("name", "spent"),
    [("passive", 100.0), ("active", 108.0), ("steered", 120.0), ("rotation", 109.0), ("low_window", 100.0)],
)
def test_what_is_bought_is_shared_over_what_is_delivered(name, spent) -> None:
    price = COSTS.price_per_kwh(life(), ARMS[name], DUTY, n_modules=24)
    assert price == pytest.approx(spent / (10.0 * PER_YEAR))


def test_exchanges_cost_a_module_each_and_a_visit_each_time() -> None:
    price = COSTS.price_per_kwh(life(swapped=(3.0, 5.0, 5.0)), ARMS["swap"], DUTY, n_modules=24)
    assert price == pytest.approx((100.0 + 3 * 150.0 / 24 + 2.0) / (10.0 * PER_YEAR))


def test_losses_are_paid_for() -> None:
    price = COSTS.price_per_kwh(life(loss=0.02), ARMS["passive"], DUTY, n_modules=24)
    assert price == pytest.approx(100.0 / (10.0 * PER_YEAR) + 0.02 * 0.08)


def test_interest_makes_later_energy_count_less() -> None:
    costs = ArmCosts(discount_share_per_year=0.05)
    price = costs.price_per_kwh(life(swapped=(4.0,)), ARMS["swap"], DUTY, n_modules=24)
    months = (np.arange(12_000) + 0.5) / 1200.0
    delivered = PER_YEAR * (1.05**-months).mean() * 10.0
    assert price == pytest.approx((100.0 + (150.0 / 24 + 1.0) / 1.05**4) / delivered, rel=1e-6)


def test_nothing_delivered_has_no_price() -> None:
    assert COSTS.price_per_kwh(life(years=0.0), ARMS["passive"], DUTY, n_modules=24) == float("inf")


def test_lines_cross_once_always_or_never() -> None:
    cv, flat = np.array([0.0, 0.1, 0.2]), np.full(3, 5.0)
    assert break_even_cv(cv, flat, np.array([4.0, 4.5, 5.5])) == pytest.approx(0.15)
    assert break_even_cv(cv, flat, np.array([6.0, 6.0, 6.0])) == 0.0
    assert break_even_cv(cv, flat, np.array([4.0, 4.0, 4.0])) == float("inf")


def test_a_price_below_nothing_is_refused() -> None:
    with pytest.raises(InvalidQuantityError, match="swap_per_kwh"):
        ArmCosts(swap_per_kwh=-1.0)
