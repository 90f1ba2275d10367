from dataclasses import replace

import numpy as np
import pytest

from battuta.interfaces.reports.twin_money import ALL_MODELS, money_figures
from unit.interfaces.reports.twin_case import N_LIVES, contracted, result, with_risk


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
        parts = money.revenue_parts["response"] + money.revenue_parts["energy sold"]
        assert parts == pytest.approx(outcome.flows.revenue.mean(axis=0))


def test_under_contracts_revenue_is_what_they_and_the_market_pay():
    study = contracted(result())
    money = money_figures(study, study.strategies[0])
    assert list(money.revenue_parts) == ["contracted", "merchant"]
    assert sum(money.revenue_parts.values()) == pytest.approx(study.strategies[0].flows.revenue.mean(axis=0))


def test_what_was_asked_of_the_study_is_not_counted_again():
    study = with_risk(result())
    money = money_figures(study, study.strategies[0])
    sure = study.risk.strategies["base"]
    assert money.risk is sure.credit
    assert list(money.debt_carried) == [ALL_MODELS, "naumann_lfp", "sony_lfp_3ah"]
    assert money.debt_carried[ALL_MODELS] is sure.debt_worth.with_spread
    one = replace(sure.debt_worth, by_law={"naumann_lfp": sure.debt_worth.with_spread})
    alone = replace(study, risk=replace(study.risk, strategies={"base": replace(sure, debt_worth=one)}))
    assert list(money_figures(alone, study.strategies[0]).debt_carried) == [ALL_MODELS]


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


def test_the_price_is_what_drives_worth(made):
    drivers = made[1][0].drivers
    assert drivers["price of response, mean of the years"] > 0.8
