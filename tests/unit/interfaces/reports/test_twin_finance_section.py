from dataclasses import replace

import numpy as np
import pytest

from battuta.interfaces.reports.twin_blocks import Picture, Rows, Words
from battuta.interfaces.reports.twin_figures import study_figures
from battuta.interfaces.reports.twin_finance_section import finance
from battuta.interfaces.reports.twin_json_parts import risk_json
from battuta.interfaces.reports.twin_wording import chance_text, money_text, rate_text
from unit.interfaces.reports.twin_case import N_YEARS, result, with_risk


@pytest.fixture(scope="module")
def figures():
    return study_figures(with_risk(result()))


def table(section, words):
    return next(each for each in section.blocks if isinstance(each, Rows) and words in each.caption)


def test_the_matrix_prints_the_figures(figures):
    rows = table(finance(figures), "P50 to P99").rows
    assert rows[0][:2] == ("base", "return on equity, IRR")
    assert rows[0][5] == rate_text(figures.strategies[0].money.irr.p90)
    assert rows[1][3] == money_text(figures.strategies[0].money.npv.p50)


def test_sources_are_uses(figures):
    rows = {row[0]: row[1:] for row in table(finance(figures), "Sources and uses").rows}
    assert rows["sources"] == rows["uses"]
    assert "first filling of reserves" in rows


def test_the_cash_flow_has_a_row_a_year_and_adds_up(figures):
    cash = table(finance(figures), "hard: cash flow")
    assert len(cash.rows) == N_YEARS + 2
    number = [[float(cell.replace(",", "")) for cell in row[1:8]] for row in cash.rows[1:-1]]
    for _, _, cfads, service, tax, other, owner in number:
        assert owner == pytest.approx(cfads - service - tax + other, abs=2.5)
    assert cash.total_row


def test_a_column_of_nothing_is_left_out():
    calm = table(finance(study_figures(result(has_debt=False))), "hard: cash flow")
    assert "other" not in calm.columns
    assert "Other" not in calm.caption


def test_debt_is_told_with_and_without_the_spread_of_models(figures):
    rows = table(finance(figures), "worth to a lender").rows
    assert [row[1] for row in rows[:3]] == ["all models", "naumann_lfp", "sony_lfp_3ah"]
    gained, worth = rows[3], figures.strategies[0].money.sure.debt_worth
    assert gained[1] == "gained if naumann_lfp were known to hold"
    assert gained[3] == money_text(float(worth.by_law["naumann_lfp"][1] - worth.with_spread[1]))


def test_a_gain_within_chance_is_no_difference(figures):
    each = figures.strategies[0]
    worth = each.money.sure.debt_worth
    error = np.array([0.0, 1.0, 0.0]) + np.abs(worth.gained) * np.array([0.1, 1.0, 0.1])
    sure = replace(each.money.sure, debt_worth=replace(worth, gained_error=error))
    one = replace(each, money=replace(each.money, sure=sure))
    rows = table(finance(replace(figures, strategies=(one,))), "worth to a lender").rows
    assert rows[3][3] == "no difference"
    told = risk_json(sure)["debt_worth"]
    assert not told["gained_is_beyond_chance"][1]
    assert told["gained_standard_error"]["p90"] == error[1]


def test_a_missed_payment_is_told_apart_from_a_loss(figures):
    rows, risk = table(finance(figures), "in trouble").rows, figures.strategies[0].money.risk
    assert rows[0][3:6] == tuple(chance_text(each) for each in (risk.missed, risk.owed_at_maturity, risk.unpaid))
    assert rows[0][6] == money_text(risk.arrears_max)
    assert any(isinstance(each, Words) and "costs the lender time" in each.text for each in finance(figures).blocks)


def test_a_plan_without_debt_says_so():
    section = finance(study_figures(result(has_debt=False)))
    assert any(isinstance(each, Words) and "no debt" in each.text for each in section.blocks)
    assert not any("DSCR" in row[1] for row in table(section, "P50 to P99").rows)


def test_no_curve_is_drawn_of_returns_that_no_life_has():
    study = result()
    none = tuple(
        replace(
            each,
            finance=replace(
                each.finance,
                irr=np.full_like(each.finance.irr, np.nan),
                irr_count=np.zeros_like(each.finance.irr_count),
            ),
        )
        for each in study.strategies
    )
    for made, titles in ((study, 2), (replace(study, strategies=none), 1)):
        blocks = finance(study_figures(made)).blocks
        (picture,) = (each for each in blocks if isinstance(each, Picture) and each.key == "exceedance")
        assert len(picture.charts) == titles
        assert ("No life has a rate of return" in picture.caption) == (titles == 1)
