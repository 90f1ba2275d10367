"""A warranty over duties that change: what no life comes to breaks nothing, and what begins late breaks late."""

import numpy as np
import pytest

from battuta.domain.warranty import Warranty
from battuta.domain.warranty_terms import LiquidatedDamages, SohBand, SohGuarantee
from battuta.twin.warranty_outcome import ClauseKind, WarrantyOutcome, breach_share, clause_outcome, first_of
from battuta.twin.warranty_stages import outcome_of_stages

FLOOR = SohGuarantee(bands=(SohBand(floor=((1.0, 0.9), (3.0, 0.8))),))
TERMS = Warranty(
    name="toy", source="nobody", is_assumed=True, years=3, currency="EUR", soh=FLOOR,
    damages=LiquidatedDamages(capacity_per_mwh=1.0),
)  # fmt: skip
SHORT = np.array([[1.0, -1.0, -1.0]] * 3)  # a promise that is broken from year 2 on


def judged(**margins):
    """Three lives of three years with conditions of these margins, and damages of 10 a year until they are broken."""
    clauses = [clause_outcome("soh", ClauseKind.PROMISE, "", "-", np.array(0.9), SHORT)]
    clauses += [
        clause_outcome(name, ClauseKind.CONDITION, "", "-", np.array(1.0), np.full((3, 3), margin))
        for name, margin in margins.items()
    ]
    void = first_of(tuple(clauses[1:]), 3)
    year = np.arange(1.0, 4.0)
    return WarrantyOutcome(
        warranty=TERMS, clauses=tuple(clauses), breach_probability=breach_share(void),
        first_breach_year=first_of(tuple(clauses), 3), void_year=void,
        damages=np.where((SHORT < 0.0) & ~(year >= void[:, None]), 10.0, 0.0),
    )  # fmt: skip


def shares(*begins):
    """Share of each year in either stage, for lives that change in these years."""
    second = np.arange(1.0, 4.0) >= np.array(begins)[:, None]
    return np.stack((1.0 - second, second), axis=2)


def test_each_condition_is_broken_by_the_stage_that_breaks_it_once_a_life_is_there():
    found = outcome_of_stages([judged(heat=0.5, rest=0.4), judged(heat=-0.2, rest=0.6)], shares(1.0, 3.0, np.inf))
    heat, rest = found.clause("heat"), found.clause("rest")
    assert heat.margin.tolist() == [-0.2, -0.2, 0.5]
    assert heat.breach_probability == pytest.approx(2.0 / 3.0)
    np.testing.assert_equal(heat.first_breach_year, [1.0, 3.0, np.nan])
    assert rest.margin.tolist() == [0.6, 0.4, 0.4]  # the first life is never in the first stage
    assert rest.breach_probability == 0.0
    np.testing.assert_equal(found.void_year, [1.0, 3.0, np.nan])
    assert found.damages.tolist() == [[0.0, 0.0, 0.0], [0.0, 10.0, 0.0], [0.0, 10.0, 10.0]]
    assert found.first_breach_year.tolist() == [1.0, 2.0, 2.0]


def test_two_stages_that_break_one_condition_each_are_both_told():
    found = outcome_of_stages([judged(heat=-0.5, rest=0.4), judged(heat=0.5, rest=-0.1)], shares(2.0, 2.0, 2.0))
    assert found.clause("heat").first_breach_year.tolist() == [1.0, 1.0, 1.0]
    assert found.clause("rest").first_breach_year.tolist() == [2.0, 2.0, 2.0]
    assert found.breach_probability == 1.0
    assert not found.damages.any()


def test_a_stage_that_no_life_comes_to_breaks_nothing():
    plain, never = judged(heat=0.5), judged(heat=-0.5)
    found = outcome_of_stages([plain, never], shares(np.inf, np.inf, np.inf))
    assert found.clause("heat").breach_probability == 0.0
    np.testing.assert_array_equal(found.damages, plain.damages)
    np.testing.assert_equal(found.void_year, plain.void_year)
