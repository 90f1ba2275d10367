"""A toller's rent, a floor and its upside, by hand."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.errors import DataError, UsageError
from battuta.domain.revenue_contract import ContractKind, RevenueContract
from battuta.twin.contract_revenue import contract_revenue

TOLL = RevenueContract(
    name="toller", kind=ContractKind.TOLLING, share=0.4, payment_per_mw_year=100.0, n_years=2, growth_per_year=0.1
)
FLOOR = RevenueContract(
    name="floor", kind=ContractKind.FLOOR, share=0.5, payment_per_mw_year=60.0, n_years=3, kept_share=0.7
)
MARKET, CHARGING = np.array([[1000.0, 1500.0, 500.0]]), np.array([[300.0, 300.0, 100.0]])
FULL = np.ones((1, 3))


def test_without_contracts_all_is_merchant() -> None:
    paid = contract_revenue((), 10.0, MARKET, CHARGING, FULL)
    np.testing.assert_array_equal(paid.revenue, MARKET)
    np.testing.assert_array_equal(paid.charging_cost, CHARGING)


def test_a_toller_takes_its_share_of_market_and_charging() -> None:
    paid = contract_revenue((TOLL,), 10.0, MARKET, CHARGING, FULL)
    np.testing.assert_allclose(paid.contracted, [[400.0, 440.0, 0.0]])
    np.testing.assert_allclose(paid.merchant, [[600.0, 900.0, 500.0]])
    np.testing.assert_allclose(paid.charging_cost, [[180.0, 180.0, 100.0]])
    np.testing.assert_allclose(paid.rented_charging_cost, [[120.0, 120.0, 0.0]])


def test_a_rent_falls_with_availability_below_what_is_guaranteed() -> None:
    there = np.array([[0.97, 0.485, 1.0]])
    paid = contract_revenue((TOLL,), 10.0, MARKET, CHARGING, there)
    np.testing.assert_allclose(paid.contracted, [[400.0, 220.0, 0.0]])


def test_a_floor_tops_up_a_bad_year_and_shares_a_good_one() -> None:
    # floor 0.5 * 10 MW * 60 = 300 a year; half of the margins: 350, 600, 200
    paid = contract_revenue((FLOOR,), 10.0, MARKET, CHARGING, FULL)
    np.testing.assert_allclose(paid.contracted, [[-15.0, -90.0, 100.0]])
    np.testing.assert_array_equal(paid.merchant, MARKET)
    np.testing.assert_array_equal(paid.charging_cost, CHARGING)


def test_tranches_stand_side_by_side() -> None:
    both = contract_revenue((TOLL, FLOOR), 10.0, MARKET, CHARGING, FULL)
    one = contract_revenue((TOLL,), 10.0, MARKET, CHARGING, FULL)
    other = contract_revenue((FLOOR,), 10.0, MARKET, CHARGING, FULL)
    np.testing.assert_allclose(both.contracted, one.contracted + other.contracted)
    np.testing.assert_allclose(both.merchant, one.merchant)


def test_a_contract_beyond_the_project_ends_with_it() -> None:
    paid = contract_revenue((replace(TOLL, first_year=3, n_years=10),), 10.0, MARKET, CHARGING, FULL)
    np.testing.assert_allclose(paid.contracted, [[0.0, 0.0, 400.0]])


def test_a_floor_narrows_what_may_happen() -> None:
    market = np.random.Generator(np.random.Philox(1)).normal(1000.0, 300.0, (500, 3))
    charging = np.full(market.shape, 200.0)
    bare = market - charging
    paid = contract_revenue((replace(FLOOR, share=1.0),), 10.0, market, charging, np.ones(market.shape))
    assert (paid.revenue - charging).std() < 0.8 * bare.std()
    assert (paid.revenue - charging).min() == pytest.approx(600.0)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(DataError, match="need one shape"):
        contract_revenue((), 10.0, MARKET, CHARGING, np.ones((2, 3)))
    with pytest.raises(UsageError, match="in year 1 the contracts"):
        contract_revenue((TOLL, replace(FLOOR, share=0.7)), 10.0, MARKET, CHARGING, FULL)
