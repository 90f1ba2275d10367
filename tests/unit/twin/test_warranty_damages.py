"""What is paid for a broken promise: caps, and nothing once the promises have ended."""

import numpy as np
import pytest

from battuta.domain.errors import UsageError
from battuta.domain.warranty import Warranty
from battuta.domain.warranty_terms import LiquidatedDamages, Performance, SohBand, SohGuarantee
from battuta.twin.warranty_damages import liquidated_damages
from battuta.twin.warranty_promises import Promises

NEVER = np.array([np.nan])


def paid(void_year=NEVER, installed_mwh=100.0, short_availability=0.0, short_mwh=0.0, **terms):
    contract = Warranty(
        name="toy",
        source="nobody",
        is_assumed=True,
        years=3,
        currency="EUR",
        soh=SohGuarantee(bands=(SohBand(floor=((3.0, 0.8),)),)),
        performance=Performance(availability_min=0.97, round_trip_efficiency_min=0.85),
        damages=LiquidatedDamages(**terms),
    )
    promises = Promises(
        clauses=(),
        short_soh=np.array([[0.0, 0.01, 0.02]]),
        short_availability=np.full((1, 3), short_availability),
        short_mwh=np.full((1, 3), short_mwh),
        not_judged=(),
    )
    return liquidated_damages(contract, promises, void_year, installed_mwh)[0].tolist()


def test_each_mwh_missing_is_paid_each_year():
    assert paid(capacity_per_mwh=1000.0) == [0.0, 1000.0, 2000.0]


def test_other_promises_are_paid_too():
    assert paid(unavailable_per_year=5000.0, short_availability=0.1, loss_per_mwh=50.0, short_mwh=2.0) == [600.0] * 3


def test_the_caps_of_a_year_and_of_all_years():
    assert paid(capacity_per_mwh=1000.0, cap_per_year=1500.0) == [0.0, 1000.0, 1500.0]
    assert paid(capacity_per_mwh=1000.0, cap_per_year=1500.0, cap=1800.0) == [0.0, 1000.0, 800.0]


def test_nothing_is_paid_from_the_year_in_which_the_promises_ended():
    assert paid(np.array([3.0]), capacity_per_mwh=1000.0) == [0.0, 1000.0, 0.0]
    assert paid(np.array([1.0]), capacity_per_mwh=1000.0) == [0.0, 0.0, 0.0]


def test_capacity_is_paid_only_when_somebody_says_how_much_there_is():
    with pytest.raises(UsageError, match="say installed_mwh"):
        paid(installed_mwh=np.nan, capacity_per_mwh=1000.0)
    assert paid(installed_mwh=np.nan) == [0.0, 0.0, 0.0]
