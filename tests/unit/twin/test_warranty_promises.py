"""Capacity, availability and efficiency against what was promised."""

import numpy as np
import pytest

from battuta.domain.warranty import Warranty
from battuta.domain.warranty_terms import DoubtBearer, Performance, SohBand, SohGuarantee
from battuta.twin.warranty_lives import warranty_lives
from battuta.twin.warranty_promises import CALENDAR, judge_promises

USE = np.full((1, 2), 300.0)
SOH = np.array([[1.0, 0.9, 0.79]])


def contract(tolerance=0.0, bearer=DoubtBearer.NOBODY, performance=None, bands=None):
    bands = bands or (SohBand(floor=((1.0, 0.9), (2.0, 0.8))),)
    promise = SohGuarantee(bands=bands, tolerance=tolerance, doubt_borne_by=bearer)
    return Warranty(
        name="toy",
        source="nobody",
        is_assumed=True,
        years=2,
        currency="EUR",
        soh=promise,
        performance=performance or Performance(),
    )


@pytest.mark.parametrize(
    ("bearer", "margin", "first"),
    [(DoubtBearer.NOBODY, -0.01, 2.0), (DoubtBearer.OWNER, 0.01, np.nan), (DoubtBearer.SUPPLIER, -0.03, 1.0)],
)
def test_who_bears_the_doubt_decides(bearer, margin, first):
    found = judge_promises(contract(0.02, bearer), warranty_lives(2, SOH, USE, USE)).clauses[0]
    np.testing.assert_allclose(found.margin, [margin], atol=1e-12)
    np.testing.assert_array_equal(found.first_breach_year, [first])


def test_exactly_at_the_floor_is_no_shortfall():
    soh = np.array([[1.0, 0.9, 0.1 + 0.7]])
    found = judge_promises(contract(), warranty_lives(2, soh, USE, USE))
    assert found.clauses[0].breach_probability == 0.0
    assert found.short_soh.tolist() == [[0.0, 0.0]]


def test_the_band_follows_the_mean_use_since_the_start():
    bands = (
        SohBand(full_cycles_per_year_max=300.0, floor=((1.0, 0.9), (2.0, 0.8))),
        SohBand(full_cycles_per_year_min=300.0, full_cycles_per_year_max=400.0, floor=((1.0, 0.8), (2.0, 0.7))),
    )
    soh = np.array([[1.0, 0.85, 0.75]])
    calm_then_busy = np.array([[200.0, 401.0]])
    beyond = np.array([[401.0, 401.0]])
    assert judge_promises(contract(bands=bands), warranty_lives(2, soh, calm_then_busy, USE)).short_soh.tolist() == (
        [[pytest.approx(0.05), 0.0]]
    )
    clause = judge_promises(contract(bands=bands), warranty_lives(2, soh, beyond, USE)).clauses[0]
    assert np.isnan(clause.margin).all()
    assert clause.breach_probability == 0.0


def test_availability_and_efficiency():
    terms = Performance(availability_min=0.97, round_trip_efficiency_min=0.85)
    lives = warranty_lives(
        2, SOH, USE, np.full((1, 2), 84.0), charged_mwh=np.full((1, 2), 100.0), availability=np.array([[0.97, 0.95]])
    )
    found = judge_promises(contract(performance=terms), lives)
    assert [each.name for each in found.clauses] == ["soh_capacity", "availability", "round_trip_efficiency"]
    assert found.clauses[1].first_breach_year.tolist() == [2.0]
    assert found.clauses[2].first_breach_year.tolist() == [1.0]
    np.testing.assert_allclose(found.short_availability, [[0.0, 0.02]])
    np.testing.assert_allclose(found.short_mwh, [[1.0, 1.0]])
    skipped = judge_promises(contract(performance=terms), warranty_lives(2, SOH, USE, USE))
    assert len(skipped.clauses) == 1
    assert [each.split(":")[0] for each in skipped.not_judged] == ["availability", "round_trip_efficiency"]


def test_causes_and_services_share_the_allowed_loss():
    loss = np.array([[[0.0, 0.0], [0.02, 0.08], [0.05, 0.16]]])
    services = {"fcr": np.array([[75.0, 225.0]])}
    found = judge_promises(contract(), warranty_lives(2, SOH, USE, USE, services, loss_by_cause=loss)).clauses[0]
    assert found.consumed_by[CALENDAR].tolist() == [pytest.approx(0.05 / 0.2)]
    assert found.consumed_by["fcr"].tolist() == [pytest.approx(0.16 * 0.5 / 0.2)]
    total = sum(float(each[0]) for each in found.consumed_by.values())
    assert total == pytest.approx((1.0 - 0.79) / 0.2)
    plain = judge_promises(contract(), warranty_lives(2, SOH, USE, USE, loss_by_cause=loss)).clauses[0]
    assert set(plain.consumed_by) == {CALENDAR, "cycles"}
