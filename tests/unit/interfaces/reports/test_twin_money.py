from dataclasses import fields, replace

import numpy as np
import pytest

from battuta.interfaces.reports.twin_money import ALL_MODELS, DEBT_PROBABILITIES, money_figures
from battuta.twin.exceedance import debt_at
from battuta.twin.yearly_flows import YearlyFlows
from unit.interfaces.reports.twin_case import N_LIVES, result


@pytest.fixture(scope="module")
def made():
    study = result()
    return study, [money_figures(study, each) for each in study.strategies]


def test_rows_add_up_to_what_the_owner_gets(made):
    study, moneys = made
    for outcome, money in zip(study.strategies, moneys, strict=True):
        rows = money.rows
        left = rows["cfads"] - rows["debt_service"] - rows["tax"] + rows["other"]
        assert left[1:] == pytest.approx(rows["equity_flow"][1:])
        assert rows["equity_flow"] == pytest.approx(outcome.finance.equity_flow.mean(axis=0))


def test_sources_are_uses(made):
    for money in made[1]:
        assert sum(money.uses.values()) == pytest.approx(money.debt + money.equity)


def test_revenue_is_response_and_energy(made):
    study, moneys = made
    for outcome, money in zip(study.strategies, moneys, strict=True):
        parts = money.capacity_revenue + money.energy_revenue
        assert parts == pytest.approx(outcome.flows.revenue.mean(axis=0))


def test_debt_of_one_model_is_that_of_its_lives_alone(made):
    study, (money, _) = made
    flows = study.strategies[0].flows
    even = YearlyFlows(**{each.name: getattr(flows, each.name)[::2] for each in fields(YearlyFlows)})
    assert list(money.debt_carried) == [ALL_MODELS, "naumann_lfp", "sony_lfp_3ah"]
    assert (money.debt_carried["naumann_lfp"] == debt_at(study.study.finance, even, DEBT_PROBABILITIES)).all()
    assert (np.diff(money.debt_carried[ALL_MODELS]) <= 0.0).all()


def test_coverage_is_said_where_service_is_due(made):
    money = made[1][0]
    assert np.isnan(money.dscr_p90[[0, 9, 10]]).all()
    assert (money.dscr_p90[1:9] <= money.dscr_p50[1:9]).all()


def test_return_that_is_asked_is_met_where_worth_is_not_below_nothing(made):
    study, moneys = made
    for outcome, money in zip(study.strategies, moneys, strict=True):
        assert money.asked_share * N_LIVES == pytest.approx((outcome.finance.npv >= 0.0).sum())


def test_without_debt_the_lender_is_not_there():
    study = result(has_debt=False)
    money = money_figures(study, study.strategies[0])
    assert money.risk is None
    assert not money.debt_carried
    assert np.isnan(money.dscr_p50).all()


def test_lives_that_sell_nothing_break_even_nowhere():
    study = result(has_debt=False)
    outcome = study.strategies[0]
    idle = replace(outcome, flows=replace(outcome.flows, revenue=np.zeros_like(outcome.flows.revenue)))
    assert money_figures(study, idle).break_even_p90 is None


def test_the_price_is_what_drives_worth(made):
    drivers = made[1][0].drivers
    assert drivers["price of response, mean of the years"] > 0.8
