"""Lives judged by a warranty: promises, conditions, and what is paid."""

import numpy as np

from battuta.domain.warranty import Warranty
from battuta.domain.warranty_terms import LiquidatedDamages, SohBand, SohGuarantee, UseLimits
from battuta.twin.warranty import ClauseKind, judge

SOH = np.array([[1.0, 0.95, 0.85, 0.5], [1.0, 0.85, 0.75, 0.5], [1.0, 0.85, 0.75, 0.5]])
CYCLES = np.array([[300.0] * 3, [300.0] * 3, [300.0, 500.0, 300.0]])


def contract(*, breach_voids=True):
    return Warranty(
        name="toy",
        source="nobody",
        is_assumed=True,
        years=2,
        currency="EUR",
        breach_voids=breach_voids,
        soh=SohGuarantee(bands=(SohBand(floor=((1.0, 0.9), (2.0, 0.8))),)),
        use=UseLimits(full_cycles_per_year_max=400.0),
        damages=LiquidatedDamages(capacity_per_mwh=1000.0),
    )


def test_promises_and_conditions_come_together():
    outcome = judge(contract(), SOH, CYCLES, CYCLES, installed_mwh=100.0)
    assert outcome.breach_probability == 2 / 3
    np.testing.assert_array_equal(outcome.first_breach_year, [np.nan, 1.0, 1.0])
    np.testing.assert_array_equal(outcome.void_year, [np.nan, np.nan, 2.0])
    assert outcome.breach_probability_of(ClauseKind.PROMISE) == 2 / 3
    assert outcome.breach_probability_of(ClauseKind.CONDITION) == 1 / 3


def test_damages_span_the_study_end_with_the_term_and_stop_where_the_owner_broke_a_condition():
    paid = judge(contract(), SOH, CYCLES, CYCLES, installed_mwh=100.0).damages
    np.testing.assert_allclose(paid, [[0.0, 0.0, 0.0], [5000.0, 5000.0, 0.0], [5000.0, 0.0, 0.0]])
    paid = judge(contract(breach_voids=False), SOH, CYCLES, CYCLES, installed_mwh=100.0).damages
    np.testing.assert_allclose(paid[2], [5000.0, 5000.0, 0.0])
