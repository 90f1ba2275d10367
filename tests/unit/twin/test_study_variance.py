"""Shares of the variance of a study's money: against counting by hand, and where one axis alone moves."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.twin.market_years import MarketYears
from battuta.twin.outlook import DrawnYears
from battuta.twin.project_finance import project_finance
from battuta.twin.study_flows import study_flows
from battuta.twin.study_sensitivity import strategy_risk
from battuta.twin.study_variance import AXES, parted_prices, ranked_lives, variance_shares
from battuta.twin.traded_energy import TradedEnergy, TradedYear
from tests.unit.twin.study_model_case import N_LIVES, N_YEARS, PLAN, lived, model

LEVEL, COURSE, LAW, RATE, HERE = range(5)
FREE = replace(PLAN, debt=None)


def drawn(level=0.0, course=0.0, here=0.0, tilt=0.0, seed=3):
    draw = np.random.default_rng(seed)
    one = np.ones((N_LIVES, N_YEARS))
    price = 12.0 * np.exp(level * draw.standard_normal((N_LIVES, 1)) + course * draw.standard_normal(one.shape))
    tilted = tilt * draw.uniform(-1.0, 1.0, (N_LIVES, 1)) * np.linspace(1.0, -1.0, N_YEARS)  # no mean over the years
    return DrawnYears(
        capacity_price_per_mw_h=price * (1.0 + tilted),
        energy_price_per_mwh=60.0 * one,
        availability=np.clip(0.9 + here * draw.standard_normal(one.shape), 0.0, 1.0),
    )


def alike(ageing_factor):
    """Lives of one model that all age the same."""
    found = lived(ageing_factor)
    same = {name: np.tile(getattr(found.lives, name)[:1], (N_LIVES, 1)) for name in ("soh_capacity", "soh_energy")}
    law = np.zeros(N_LIVES, dtype=np.int64)
    return replace(
        found,
        lives=replace(found.lives, law_of_life=law, **same),
        served_share=np.tile(found.served_share[:1], (N_LIVES, 1)),
    )


@pytest.mark.parametrize(
    ("years", "axis"),
    [({"level": 0.2}, LEVEL), ({"tilt": 0.3}, COURSE), ({"here": 0.03}, HERE)],
)
def test_an_axis_that_alone_moves_explains_all(years, axis) -> None:
    found = variance_shares(replace(model(plan=FREE), years=drawn(**years), lived=alike)).npv
    shares = np.zeros(5)
    shares[axis] = 1.0
    np.testing.assert_allclose(found.total, shares, atol=4.0 * found.total_deviation.max() + 1e-9)
    np.testing.assert_allclose(found.first, shares, atol=4.0 * found.first_deviation.max() + 1e-9)


def test_repairs_come_with_the_availability_of_their_life() -> None:
    repairs = np.tile(np.linspace(0.0, 9000.0, N_LIVES)[:, None], (1, N_YEARS))
    found = variance_shares(replace(model(plan=FREE), years=drawn(), other_cost=repairs)).npv
    alone = variance_shares(replace(model(plan=FREE), years=drawn(), lived=alike, other_cost=repairs)).npv
    assert alone.total[HERE] == pytest.approx(1.0, abs=4.0 * alone.total_deviation[HERE])
    assert found.total[HERE] > 10.0 * found.total[RATE]


def test_the_ageing_model_is_told_from_the_rates_of_its_lives() -> None:
    """All lives of a model are alike here: the model explains all; with rates of their own, both have a share."""
    own = replace(model(plan=FREE), years=drawn())
    found = variance_shares(own).npv
    assert found.total[LAW] == pytest.approx(1.0, abs=0.1)
    assert found.total[RATE] == pytest.approx(0.0, abs=1e-12)

    def spread(ageing_factor):
        base = lived(ageing_factor)
        faster = np.random.default_rng(1).uniform(0.5, 1.5, (N_LIVES, 1))
        lost = faster * (1.0 - base.lives.soh_capacity)
        return replace(base, lives=replace(base.lives, soh_capacity=1.0 - lost), served_share=1.0 - lost[:, :-1])

    both = variance_shares(replace(own, lived=spread)).npv
    assert both.total[LAW] > 0.1
    assert both.total[RATE] > 0.1


def test_shares_are_those_of_conditional_means_counted_one_by_one() -> None:
    """Each level of the market with many of all else: the variance of its means, over the variance of all."""
    years = drawn(level=0.15, course=0.25, here=0.05)
    own = replace(model(plan=FREE), years=years)
    prices, draw, n_others = parted_prices(years.capacity_price_per_mw_h), np.random.default_rng(9), 400
    base = own.lived(1.0)

    def worth(level_of, course_of, life_of, here_of):
        rows = {
            name: getattr(base.lives, name)[life_of]
            for name in (
                "law_of_life", "soh_capacity", "soh_resistance", "soh_energy", "discharged_mwh", "charged_mwh",
                "full_cycles", "loss_by_cause",
            )
        }  # fmt: skip
        put = DrawnYears(
            capacity_price_per_mw_h=prices.together(level_of, course_of),
            energy_price_per_mwh=years.energy_price_per_mwh[level_of],
            availability=years.availability[here_of],
        )
        lives = replace(base.lives, **rows)
        return project_finance(
            FREE, study_flows(lives, put, sold_kw=1000.0, served_share=base.served_share[life_of])
        ).npv

    n_all = N_LIVES * n_others
    at = [draw.integers(0, N_LIVES, n_all) for _ in range(4)]
    each = np.repeat(np.arange(N_LIVES), n_others)
    found = variance_shares(own).npv
    for axis, place in ((LEVEL, 0), (COURSE, 1), (HERE, 3)):
        held = list(at)
        held[place] = each
        values = worth(*held)
        means = values.reshape(N_LIVES, n_others).mean(axis=1)
        share = (means.var() - values.var() / n_others) / values.var()
        assert found.first[axis] == pytest.approx(share, abs=3.0 * found.first_deviation[axis] + 0.02), AXES[axis]
        assert found.total[axis] >= found.first[axis] - 4.0 * found.first_deviation[axis]


def test_prices_are_parted_into_factors_and_put_together_again() -> None:
    prices = drawn(level=0.3, course=0.3).capacity_price_per_mw_h
    parted, one = parted_prices(prices), np.arange(N_LIVES)
    np.testing.assert_allclose(parted.together(one, one), prices, rtol=1e-12)
    np.testing.assert_allclose(parted.course.mean(axis=1), 1.0, rtol=1e-12)
    np.testing.assert_allclose(parted.together(one, one[::-1]).mean(axis=0)[0], prices.mean(axis=0)[0], rtol=0.2)
    free = parted_prices(np.zeros((3, 2)))
    assert not free.together(np.arange(3), np.arange(3)).any()


def test_lives_of_a_model_stand_from_the_fastest_to_the_slowest() -> None:
    own = lived(1.0).lives
    left = np.random.default_rng(2).uniform(0.5, 1.0, own.soh_capacity.shape)
    ranked = ranked_lives(replace(own, soh_capacity=left))
    assert [each.size for each in ranked] == [N_LIVES // 2, N_LIVES // 2]
    for law, each in enumerate(ranked):
        assert (each % 2 == law).all()
        assert (np.diff(left[each].mean(axis=1)) >= 0.0).all()


def test_years_of_history_that_trade_is_paid_by_are_the_course_of_the_market() -> None:
    own = drawn()
    number = np.random.default_rng(4).integers(0, 2, (N_LIVES, N_YEARS))
    one = np.ones((N_LIVES, N_YEARS))
    market = MarketYears(number=number, level_factor=one, spread_factor=one)
    history = tuple(
        TradedYear(
            discharged_mwh=100.0,
            charged_mwh=120.0,
            sale_per_mwh=sale,
            purchase_per_mwh=30.0,
            mean_per_mwh=60.0,
            auxiliary_mwh=0.0,
            auxiliary_per_mwh=60.0,
        )
        for sale in (80.0, 140.0)
    )
    trades = replace(
        model(plan=FREE, sold_kw=0.0),
        years=replace(own, traded=market),
        lived=alike,
        traded=TradedEnergy(years=history, capture_share=1.0),
    )
    found = variance_shares(trades).npv
    assert found.first[COURSE] == pytest.approx(1.0, abs=4.0 * found.first_deviation[COURSE])
    level = replace(market, number=0 * number, level_factor=np.linspace(0.8, 1.2, N_LIVES)[:, None] * one)
    found = variance_shares(replace(trades, years=replace(own, traded=level))).npv
    assert found.first[LEVEL] == pytest.approx(1.0, abs=4.0 * found.first_deviation[LEVEL])


def test_coverage_has_shares_where_there_is_a_loan_and_it_spreads() -> None:
    own = replace(model(), years=drawn(level=0.2, course=0.1))
    found = strategy_risk(own, 12.0).variance
    assert found.npv.names == found.min_dscr.names == AXES
    assert found.min_dscr.total[LEVEL] > 0.5
    assert variance_shares(replace(own, plan=FREE)).min_dscr is None
    still = variance_shares(replace(own, years=drawn(), lived=alike))
    assert still.npv is None
    assert still.min_dscr is None
