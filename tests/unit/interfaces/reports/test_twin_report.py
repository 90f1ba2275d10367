from dataclasses import replace

import pytest

from battuta.interfaces.reports.twin_blocks import Facts, Rows, Words
from battuta.interfaces.reports.twin_figures import study_figures
from battuta.interfaces.reports.twin_report import label, study_report
from unit.interfaces.reports.twin_case import result

HEADINGS = [
    "Summary",
    "Scope and evidence boundary",
    "Technology",
    "Use case",
    "Performance and round-trip efficiency",
    "Degradation",
    "Thermal behaviour",
    "Warranty, clause by clause",
    "Augmentation",
    "Availability and insurance",
    "Revenue",
    "Finance",
    "Recommendations",
    "Provenance, model cards and citations",
]


@pytest.fixture(scope="module")
def figures():
    return study_figures(result(), "1.2.3")


def test_sections_stand_in_the_order_of_reading(figures):
    assert [each.heading for each in study_report(figures).sections] == HEADINGS


def test_the_summary_has_a_column_for_each_strategy_and_warns(figures):
    summary = study_report(figures).sections[0]
    (table,) = (each for each in summary.blocks if isinstance(each, Rows))
    assert table.columns == ("", "base", "hard")
    assert table.rows[0][1:][0] in {"HOLDS", "DOES NOT HOLD"}
    warning = summary.blocks[0]
    assert isinstance(warning, Words)
    assert warning.is_warning
    assert ("the promise broken most often", "-", "soh capacity") in table.rows


def test_the_label_names_what_is_made_up(figures):
    assert label(figures) == "SYNTHETIC: duty, climate. ASSUMED: prices, costs, availability, warranty."
    study = figures.result
    inputs = replace(study.inputs, climate_source="a file")
    recorded = tuple(replace(each, duty=replace(each.duty, is_synthetic=False)) for each in study.strategies)
    real = replace(figures, result=replace(study, inputs=inputs, strategies=recorded))
    assert label(real).startswith("ASSUMED")


def test_provenance_and_foot_name_hashes_seed_and_version(figures):
    report = study_report(figures)
    facts = dict(next(each for each in report.sections[-1].blocks if isinstance(each, Facts)).items)
    assert facts["seed"] == "1"
    assert (facts["study"], facts["data"]) == ("51bbc0", "d1a2")
    assert "51bbc0" in report.foot
    assert "1.2.3" in report.foot
    cards = [each for each in report.sections[-1].blocks if isinstance(each, Rows)]
    assert ("citation", "M. Naumann et al., 2018") in cards[0].rows
    assert len(cards) == 2


def test_every_row_fits_its_table_and_every_chart_has_a_name(figures):
    report = study_report(figures)
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, Rows):
                assert all(len(row) == len(block.columns) for row in block.rows), block.caption
    names = [name for name, _ in report.charts()]
    assert len(names) == len(set(names))


def test_a_study_of_one_strategy_without_debt_or_warranty_has_all_sections():
    study = result(has_debt=False, has_warranty=False)
    alone = study_figures(replace(study, strategies=study.strategies[:1]))
    assert [each.heading.split(",")[0] for each in study_report(alone).sections][7] == "Warranty"
    assert "1 strategy" in study_report(alone).subtitle


def test_without_a_loan_nothing_is_said_of_its_service():
    for study in (result(has_debt=False), _no_loan(result())):
        (table,) = (each for each in study_report(study_figures(study)).sections[0].blocks if isinstance(each, Rows))
        assert "lives that pay every debt service" not in {row[0] for row in table.rows}
    (table,) = (each for each in study_report(study_figures(result())).sections[0].blocks if isinstance(each, Rows))
    assert "lives that pay every debt service" in {row[0] for row in table.rows}


def _no_loan(study):
    """A loan is asked for and none is given: the plant earns too little."""
    given = tuple(
        replace(each, finance=replace(each.finance, debt=0.0 * each.finance.debt)) for each in study.strategies
    )
    return replace(study, strategies=given)


def test_twelve_strategies_fit_the_page():
    study = result()
    base = study.strategies[0]
    many = tuple(replace(base, strategy=replace(base.strategy, name=f"a long name {k}")) for k in range(12))
    report = study_report(study_figures(replace(study, strategies=many)))
    tables = [each for section in report.sections for each in section.blocks if isinstance(each, Rows)]
    assert max(len(each.columns) for each in tables) <= 12
    side = [each for each in report.sections[0].blocks if isinstance(each, Rows)]
    assert [len(each.columns) for each in side] == [6, 6, 3]
