"""Margins of years become the margin of a life; exactly at a limit is no breach."""

import numpy as np
import pytest

from battuta.domain.warranty import Warranty
from battuta.twin.warranty_outcome import (
    ClauseKind,
    WarrantyOutcome,
    at_limit,
    breach_share,
    clause_outcome,
    first_of,
)

PLAIN = Warranty(name="toy", source="nobody", is_assumed=True, years=3, currency="EUR")


def clause(margin, *, name="cap", limit=10.0, kind=ClauseKind.CONDITION, consumed=None):
    return clause_outcome(name, kind, "text", "-", np.array(limit), np.array(margin), consumed)


def test_the_smallest_margin_and_the_first_breach_of_each_life():
    found = clause([[3.0, 0.0, 1.0], [2.0, -1.0, -5.0], [np.nan, np.nan, np.nan], [np.nan, -2.0, 1.0]])
    np.testing.assert_array_equal(found.margin, [0.0, -5.0, np.nan, -2.0])
    np.testing.assert_array_equal(found.first_breach_year, [np.nan, 2.0, np.nan, 2.0])
    assert found.breach_probability == 0.5


def test_rounding_is_no_breach_and_more_than_rounding_is():
    assert at_limit(np.array([-1e-7, -1e-4]), np.array([1000.0, 1000.0])).tolist() == [0.0, -1e-4]
    assert clause([[365.0 - sum([0.1] * 3650)]], limit=365.0).breach_probability == 0.0


def test_the_limit_is_that_of_the_life_of_the_median_margin():
    limit = np.array([[0.9, 0.8], [0.9, 0.8], [0.9, 0.7]])
    found = clause_outcome("f", ClauseKind.PROMISE, "", "-", limit, np.array([[0.3, 0.1], [0.2, 0.4], [0.5, 0.6]]))
    assert found.limit == 0.9


def test_what_services_used_is_told_of_the_year_of_the_smallest_margin():
    found = clause([[3.0, 1.0, 2.0]], consumed={"fcr": np.array([[0.1, 0.6, 0.3]])})
    assert found.consumed_by["fcr"].tolist() == [0.6]


def test_quantiles_leave_out_lives_to_which_a_clause_does_not_apply():
    assert clause([[1.0], [3.0], [np.nan]]).margin_quantiles((0.5,)).tolist() == [2.0]
    assert np.isnan(clause([[np.nan]]).margin_quantiles()).all()


def test_breaches_of_several_clauses_add_up_to_the_first():
    one, two = clause([[-1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]), clause([[1.0, 1.0, 1.0], [1.0, 1.0, -1.0]], name="b")
    first = first_of((one, two), 2)
    assert first.tolist() == [1.0, 3.0]
    assert np.isnan(first_of((), 2)).all()
    outcome = WarrantyOutcome(
        warranty=PLAIN,
        clauses=(one, two),
        breach_probability=breach_share(first),
        first_breach_year=first,
        void_year=first,
        damages=np.zeros((2, 3)),
    )
    assert outcome.breach_probability_by_year().tolist() == [0.5, 0.5, 1.0]
    assert outcome.breach_probability_of(ClauseKind.CONDITION) == 1.0
    assert outcome.breach_probability_of(ClauseKind.PROMISE) == 0.0
    assert outcome.clause("b") is two
    with pytest.raises(KeyError, match="no clause 'c' was judged; there is cap, b"):
        outcome.clause("c")
