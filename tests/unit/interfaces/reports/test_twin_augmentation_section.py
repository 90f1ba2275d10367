from dataclasses import replace

import pytest

from battuta.domain.augmentation import AugmentationKind
from battuta.interfaces.reports.twin_augmentation_section import augmentation
from battuta.interfaces.reports.twin_blocks import Picture, Rows
from battuta.interfaces.reports.twin_figures import study_figures
from battuta.interfaces.reports.twin_wording import money_text
from unit.interfaces.reports.twin_case import augmented, result


@pytest.fixture(scope="module")
def figures():
    return study_figures(augmented(result()))


def test_none_is_said_only_where_the_study_names_no_plan(figures):
    (words,) = augmentation(study_figures(result())).blocks
    assert words.text.startswith("None in this study")
    assert "None in this study" not in str(augmentation(figures).blocks)


def test_strings_cost_and_cohorts_stand_in_tables(figures):
    strings, cohorts = (each for each in augmentation(figures).blocks if isinstance(each, Rows))
    assert strings.rows[0][:4] == ("base", "50.0\u00a0%", "0.75", "4")
    assert strings.rows[0][6] == money_text(figures.strategies[0].strings.cost.mean)
    assert [row[1] for row in cohorts.rows[:3]] == ["first strings", "1", "2"]
    assert cohorts.rows[2][5] == "90.0\u00a0%"


def test_charts_show_cells_and_cost(figures):
    (picture,) = (each for each in augmentation(figures).blocks if isinstance(each, Picture))
    cells, cost = picture.charts
    assert cells.bands[0].high[-1] == 7.0
    assert cost.bars[0].values[3] == pytest.approx(25.0)


def test_the_rule_is_told_in_words(figures):
    plan = replace(figures.result.study.augmentation, kind=AugmentationKind.REPLACE, planned_years=(4, 8))
    asked = replace(figures, result=replace(figures.result, study=replace(figures.result.study, augmentation=plan)))
    said = augmentation(asked).blocks[0].text
    for words in ("oldest strings are replaced below 80", "or at the end of year 4 and 8", "taking out 1.00", "time 5"):
        assert words in said
