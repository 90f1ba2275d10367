from dataclasses import replace

import numpy as np
import pytest

from battuta.interfaces.reports.twin_blocks import Rows, Words
from battuta.interfaces.reports.twin_figures import study_figures
from battuta.interfaces.reports.twin_stress_section import stress
from battuta.interfaces.reports.twin_variance import variance_blocks, variance_json
from battuta.twin.sensitivity import SobolIndices
from battuta.twin.study_variance import AXES, VarianceShares
from unit.interfaces.reports.twin_case import result, with_risk

INDICES = SobolIndices(
    names=AXES,
    first=np.array([0.917, 0.06, -0.0004, 0.0, 0.0]),
    total=np.array([0.93, 0.07, 0.0004, 0.0, 0.012]),
    first_deviation=np.array([0.028, 0.013, 0.0006, 0.0, 0.0]),
    total_deviation=np.array([0.02, 0.002, 0.0, 0.0, 0.006]),
)


@pytest.fixture(scope="module")
def known():
    return [(each, each.money.sure) for each in study_figures(with_risk(result())).strategies]


def with_shares(known, **shares):
    return [(each, replace(sure, variance=VarianceShares(n_samples=2048, **shares))) for each, sure in known]


def test_each_axis_has_a_row_and_what_is_nothing_is_nought(known):
    rows = next(
        each for each in variance_blocks(with_shares(known, npv=INDICES, min_dscr=None)) if isinstance(each, Rows)
    )
    assert rows.columns == ("strategy", "axis", "NPV, alone", "with others")
    assert [row[0] for row in rows.rows] == ["base", "", "", "", "", "hard", "", "", "", ""]
    assert rows.rows[0][1:] == ("market level", "92 ± 3", "93 ± 2")
    assert [row[2:] for row in rows.rows[2:5]] == [("0", "0"), ("0", "0"), ("0", "1 ± 1")]
    assert "2 x 2,048" in rows.caption


def test_coverage_stands_beside_where_there_is_a_loan(known):
    rows = next(
        each for each in variance_blocks(with_shares(known, npv=None, min_dscr=INDICES)) if isinstance(each, Rows)
    )
    assert rows.columns[4:] == ("worst DSCR, alone", "with others")
    assert rows.rows[1][2:] == ("-", "-", "6 ± 1", "7")


def test_it_stands_in_the_section_and_not_where_it_was_not_asked(known):
    figures = study_figures(with_risk(result()))
    assert any(isinstance(each, Words) and "Sobol indices" in each.text for each in stress(figures))
    assert variance_blocks([(each, replace(sure, variance=None)) for each, sure in known]) == ()


def test_the_annex_holds_indices_and_their_errors():
    told = variance_json(VarianceShares(npv=INDICES, min_dscr=None, n_samples=64))
    assert told["samples"] == 64
    assert set(told["npv"]) == set(AXES)
    assert told["npv"]["market level"] == {"first": 0.917, "first_error": 0.028, "total": 0.93, "total_error": 0.02}
    assert "min_dscr" not in told
