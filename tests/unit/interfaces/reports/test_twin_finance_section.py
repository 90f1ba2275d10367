import pytest

from battuta.interfaces.reports.twin_blocks import Picture, Rows, Words
from battuta.interfaces.reports.twin_figures import study_figures
from battuta.interfaces.reports.twin_finance_section import finance
from battuta.interfaces.reports.twin_wording import money_text, rate_text
from battuta.twin.sensitivity import Factor, TornadoBar
from unit.interfaces.reports.twin_case import N_YEARS, result


@pytest.fixture(scope="module")
def figures():
    return study_figures(result())


def table(section, words):
    return next(each for each in section.blocks if isinstance(each, Rows) and words in each.caption)


def test_the_matrix_prints_the_figures(figures):
    rows = table(finance(figures, {}), "P50 to P99").rows
    assert rows[0][:2] == ("base", "return on equity, IRR")
    assert rows[0][5] == rate_text(figures.strategies[0].money.irr.p90)
    assert rows[1][3] == money_text(figures.strategies[0].money.npv.p50)


def test_sources_are_uses(figures):
    rows = {row[0]: row[1:] for row in table(finance(figures, {}), "Sources and uses").rows}
    assert rows["sources"] == rows["uses"]
    assert "first filling of reserves" in rows


def test_the_cash_flow_has_a_row_a_year_and_adds_up(figures):
    cash = table(finance(figures, {}), "hard: cash flow")
    assert len(cash.rows) == N_YEARS + 2
    number = [[float(cell.replace(",", "")) for cell in row[1:8]] for row in cash.rows[1:-1]]
    for _, _, cfads, service, tax, other, owner in number:
        assert owner == pytest.approx(cfads - service - tax + other, abs=2.5)
    assert cash.total_row


def test_a_column_of_nothing_is_left_out():
    calm = table(finance(study_figures(result(has_debt=False)), {}), "hard: cash flow")
    assert "other" not in calm.columns
    assert "Other" not in calm.caption


def test_debt_is_told_with_and_without_the_spread_of_models(figures):
    rows = table(finance(figures, {}), "Debt that so many").rows
    assert [row[1] for row in rows[:3]] == ["all models", "naumann_lfp", "sony_lfp_3ah"]


def test_a_plan_without_debt_says_so():
    section = finance(study_figures(result(has_debt=False)), {})
    assert any(isinstance(each, Words) and "no debt" in each.text for each in section.blocks)
    assert not any("DSCR" in row[1] for row in table(section, "P50 to P99").rows)


def test_tornadoes_are_drawn_where_they_are_given(figures):
    bar = TornadoBar(factor=Factor(name="inflation", low=0.0, base=0.02, high=0.04), at_low=1.0, at_high=3.0)
    given = [each for each in finance(figures, {"hard": (bar,)}).blocks if isinstance(each, Picture)]
    assert any(each.key == "tornado-0" and each.charts[0].title == "hard" for each in given)
    said = [each.text for each in finance(figures, {}).blocks if isinstance(each, Words)]
    assert any("tornado" in each for each in said)
