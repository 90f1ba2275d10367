from dataclasses import replace

import numpy as np
import pytest

from battuta.interfaces.reports.twin_blocks import Picture, Rows, Subheading, Words
from battuta.interfaces.reports.twin_figures import study_figures
from battuta.interfaces.reports.twin_stress_section import stress
from battuta.interfaces.reports.twin_wording import chance_text, money_text
from battuta.interfaces.reports.wording import number_text
from unit.interfaces.reports.twin_case import result, with_risk


@pytest.fixture(scope="module")
def figures():
    return study_figures(with_risk(result()))


def tables(figures):
    return [each for each in stress(figures) if isinstance(each, Rows)]


def test_a_study_that_was_not_asked_says_so():
    assert any(isinstance(each, Words) and "not asked again" in each.text for each in stress(study_figures(result())))


def test_the_price_stands_beside_that_of_the_study(figures):
    price = figures.strategies[1].money.sure.break_even_capacity_price_per_mw_h
    row = tables(figures)[0].rows[1]
    assert row[:3] == ("hard", "10.00", number_text(float(price[0])))
    sure = replace(figures.strategies[1].money.sure, break_even_capacity_price_per_mw_h=np.full(2, np.nan))
    each = replace(figures.strategies[1], money=replace(figures.strategies[1].money, sure=sure))
    assert tables(replace(figures, strategies=(each,)))[0].rows[0][2:] == ("-",) * 4


def test_cases_stand_for_owner_and_lender(figures):
    rows, case = tables(figures)[-1].rows, figures.strategies[0].money.sure.stress[1]
    assert [row[0] for row in rows] == ["base", "", "", "", "", "", "hard", "", "", "", "", ""]
    assert rows[1][3] == money_text(float(case.exceedance.npv[0]))
    assert rows[1][5] == money_text(float(case.exceedance.debt[2]))
    assert rows[1][7:] == (chance_text(case.credit_held.default), chance_text(case.credit_held.missed))


def test_without_debt_the_lender_has_no_columns():
    table = tables(study_figures(with_risk(result(has_debt=False))))[-1]
    assert table.columns == ("strategy", "case", "IRR, P50", "NPV, P50", "NPV, P90")


def test_a_tornado_for_worth_and_return_of_each_strategy(figures):
    pictures = [each for each in stress(figures) if isinstance(each, Picture)]
    assert [each.key for each in pictures] == ["tornado-0", "tornado-1"]
    worth, _ = pictures[0].charts
    assert (worth.title, worth.x_label) == ("base", "net present value at P50, kEUR")
    assert worth.bars[0].starts[0] == pytest.approx(figures.strategies[0].money.npv.p50 / 1e3, rel=0.5)


def test_a_price_of_response_is_told_where_response_is_sold(figures):
    def headings(each):
        return [block.text for block in stress(each) if isinstance(block, Subheading)]

    assert "Break-even price of response" in headings(figures)
    none = tuple(
        replace(each, outcome=replace(each.outcome, duty=replace(each.outcome.duty, sold_kw=0.0)))
        for each in figures.strategies
    )
    assert "Break-even price of response" not in headings(replace(figures, strategies=none))


def test_the_spread_that_trading_needs_stands_where_something_trades(figures):
    assert not any("Factor on the spread" in each.caption for each in tables(figures))
    base = figures.strategies[0]
    sure = replace(base.money.sure, break_even_spread_factor=np.array([1.25, np.nan]))
    trades = replace(base, money=replace(base.money, sure=sure))
    (table,) = [
        each for each in tables(replace(figures, strategies=(trades,))) if "Factor on the spread" in each.caption
    ]
    assert table.rows == (("base", "1.25", "-"),)
