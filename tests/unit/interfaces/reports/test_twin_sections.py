from dataclasses import replace

import pytest

from battuta.interfaces.reports.twin_blocks import Bullets, Facts, Picture, Rows
from battuta.interfaces.reports.twin_figures import study_figures
from battuta.interfaces.reports.twin_sections import degradation, performance, scope, technology, thermal, use_case
from battuta.interfaces.reports.twin_wording import soh_text
from battuta.interfaces.reports.wording import percent_text
from unit.interfaces.reports.twin_case import result


@pytest.fixture(scope="module")
def figures():
    return study_figures(result())


def tables(section):
    return [each for each in section.blocks if isinstance(each, Rows)]


def test_scope_says_what_was_not_known(figures):
    section = scope(figures)
    (bullets,) = (each for each in section.blocks if isinstance(each, Bullets))
    assert "Its duty is SYNTHETIC (base and hard)." in bullets.items
    assert any("missing hours per year" in each for each in bullets.items)
    outside = tables(section)[1]
    assert outside.rows == (("sony_lfp_3ah", "temperature_c in [20, 40] °C", "the time", "83 %", "83 %"),)


def test_scope_without_extrapolation_has_no_table_of_it():
    study = result()
    calm = tuple(replace(each, remarks=()) for each in study.strategies)
    assert len(tables(scope(study_figures(replace(study, strategies=calm))))) == 1


def test_technology_and_temperatures(figures):
    (facts,) = (each for each in technology(figures).blocks if isinstance(each, Facts))
    assert dict(facts.items)["usable energy when new, AC"] == "4.345 MWh"
    assert tables(thermal(figures))[0].rows[0] == ("base", "15.0", "19.5", "24.0")


def test_technology_says_whether_resistance_is_drawn(figures):
    def said(share):
        known = figures.result.study
        battery = replace(known.battery, cell="lfp_314ah", resistance_deviation_share=share)
        drawn = replace(figures, result=replace(figures.result, study=replace(known, battery=battery)))
        (facts,) = (each for each in technology(drawn).blocks if isinstance(each, Facts))
        return dict(facts.items)["resistance of the cells when new"]

    assert said(0.0) == f"that of their card, which calls itself unsure by {percent_text(0.3, 0)}; not drawn"
    assert said(0.25) == f"drawn for each life, {percent_text(0.25, 0)} around that of their card"


def test_strategies_are_columns_of_the_use_case(figures):
    (table,) = tables(use_case(figures))
    assert table.columns[1:] == ("base", "hard")
    assert table.rows[0][1:] == ("90.0", "90.0")


def test_performance_has_a_row_for_each(figures):
    (table,) = tables(performance(figures))
    assert [row[0] for row in table.rows] == ["base", "hard"]
    assert all(len(row) == len(table.columns) for row in table.rows)


def test_degradation_prints_the_figures_that_it_draws(figures):
    section = degradation(figures)
    health, models, validation = tables(section)
    assert len(health.rows) == 6
    assert health.columns[-1] == "year 10"
    middle = 100.0 * figures.strategies[0].soh_capacity.middle[-1]
    assert health.rows[0][-1].startswith(f"{middle:.1f} (")
    assert models.rows[0][3] == soh_text(figures.strategies[0].by_law["naumann_lfp"][-1])
    assert validation.rows[0][1] == "RMSE 1.43 points."
    assert [each.key for each in section.blocks if isinstance(each, Picture)] == ["capacity", "models", "causes"]
