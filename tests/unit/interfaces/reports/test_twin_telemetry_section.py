"""The report says what was measured, what it says of the models, and what it is worth to a lender."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.interfaces.reports.twin_blocks import Facts, Picture, Rows, Words
from battuta.interfaces.reports.twin_figures import study_figures
from battuta.interfaces.reports.twin_telemetry_section import _cells, completeness, telemetry, telemetry_worth_rows
from battuta.interfaces.reports.wording import MISSING
from battuta.twin.telemetry_worth import LenderView
from unit.interfaces.reports.twin_case import result
from unit.interfaces.reports.twin_telemetry_case import measured


@pytest.fixture(scope="module")
def figures():
    return study_figures(measured())


def test_without_telemetry_nothing_is_said_of_it():
    plain = study_figures(result())
    assert completeness(plain).startswith("Telemetry completeness: none")
    assert telemetry(plain) == ()
    assert telemetry_worth_rows(plain) == ()


def test_completeness_says_whose_and_how_much(figures):
    said = completeness(figures)
    assert "3 SYNTHETIC states of health of site 'here', the one of the file and taken for this battery" in said
    assert "(units: 2) over 2.0 years, of which 3 count" in said


def test_models_are_told_before_and_after(figures):
    blocks = telemetry(figures)
    (facts,) = (each for each in blocks if isinstance(each, Facts))
    assert ("rates differ between racks by", "4.0\u00a0%") in facts.items
    (rows,) = (each for each in blocks if isinstance(each, Rows))
    assert rows.rows[0][1:] == ("50.0\u00a0%", "80.0\u00a0%")
    (picture,) = (each for each in blocks if isinstance(each, Picture))
    np.testing.assert_allclose(picture.charts[0].lines[-1].y, [99.0, 97.0])
    (words,) = (each for each in blocks if isinstance(each, Words))
    assert words.text.startswith("Conclusion: the models explain the measurements")
    assert not words.is_warning
    assert ("error that all measurements of a site share", "0.50\u00a0% of new (ASSUMED)") in facts.items


def test_a_battery_like_no_model_is_warned_of():
    found = measured()
    fit = replace(found.telemetry.fit, fit_chance=1e-5)
    outside = study_figures(replace(found, telemetry=replace(found.telemetry, fit=fit)))
    blocks = telemetry(outside)
    (words,) = (each for each in blocks if isinstance(each, Words))
    assert words.is_warning
    (facts,) = (each for each in blocks if isinstance(each, Facts))
    assert ("a worse fit by chance (below 1\u00a0%: unexplained)", "below 0.1\u00a0%") in facts.items


def test_a_lender_sees_two_by_two(figures):
    (rows,) = telemetry_worth_rows(figures)
    first = rows.rows[:5]
    assert [row[1] for row in first] == ["without", "with", "without", "with", "gained"]
    assert first[0][6:] == ("+0.50", "+0.10", "-0.20", first[0][9])
    assert first[2][3] == first[2][9] == MISSING


def test_a_margin_of_no_loan_is_a_dash():
    view = LenderView(debt=np.zeros(3), margin_dscr=np.full(3, np.inf), promise_breach=0.0)
    assert _cells(view)[3:6] == (MISSING,) * 3
