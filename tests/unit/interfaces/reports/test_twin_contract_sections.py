from dataclasses import replace

import pytest

from battuta.interfaces.reports.twin_blocks import Picture, Rows
from battuta.interfaces.reports.twin_contract_sections import warranty
from battuta.interfaces.reports.twin_figures import study_figures
from battuta.interfaces.reports.twin_wording import chance_text
from unit.interfaces.reports.twin_case import result


@pytest.fixture(scope="module")
def figures():
    return study_figures(result())


def tables(section):
    return [each for each in section.blocks if isinstance(each, Rows)]


def test_every_clause_stands_with_every_strategy(figures):
    breaches, clauses, consumed = tables(warranty(figures))
    assert breaches.rows[1][1] == chance_text(figures.strategies[1].warranty.breach)
    assert clauses.columns == ("clause", "what it says", "base", "hard")
    assert [row[0] for row in clauses.rows] == ["soh capacity", "full cycles per year"]
    assert "50 °C" in clauses.rows[0][1]
    assert clauses.rows[1][2] == "5.00\u00a0/year\nbroken in 0.0\u00a0%"
    assert consumed.rows[0][:3] == ("soh capacity", "base", "calendar")


def test_four_strategies_take_two_tables(figures):
    many = replace(figures, strategies=figures.strategies * 2)
    assert [len(each.columns) - 2 for each in tables(warranty(many))[1:3]] == [3, 1]


def test_breaches_are_drawn_where_there_are_any(figures):
    assert any(isinstance(each, Picture) for each in warranty(figures).blocks)
    calm = replace(figures, strategies=figures.strategies[:1])
    assert not any(isinstance(each, Picture) for each in warranty(calm).blocks)


def test_no_warranty_is_said():
    (words,) = warranty(study_figures(result(has_warranty=False))).blocks
    assert "names no warranty" in words.text
