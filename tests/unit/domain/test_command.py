"""What an owner may ask for, and what is refused."""

import pytest

from battuta.domain.command import Mandate, Owner, Proposal, Reservation
from battuta.domain.errors import InvalidQuantityError, UsageError


def test_an_empty_interval_is_refused() -> None:
    with pytest.raises(UsageError, match="low_kw = 5"):
        Proposal(site=0, owner=Owner.MARKET, low_kw=5.0, high_kw=4.0, expires_ns=1)


def test_nan_bounds_are_refused() -> None:
    with pytest.raises(UsageError):
        Proposal(site=0, owner=Owner.MARKET, low_kw=float("nan"), expires_ns=1)


@pytest.mark.parametrize("field", ["up_kw", "down_kw", "energy_up_kwh", "energy_down_kwh"])
def test_a_reservation_has_magnitudes(field) -> None:
    values = {"up_kw": 1.0, "down_kw": 1.0, "energy_up_kwh": 1.0, "energy_down_kwh": 1.0, field: -1.0}
    with pytest.raises(InvalidQuantityError, match=field):
        Reservation(site=0, product="gb_dc", start_ns=0, end_ns=1, **values)


def test_a_reservation_has_a_time() -> None:
    with pytest.raises(UsageError, match="start_ns"):
        Reservation(
            site=0, product="x", up_kw=1.0, down_kw=0.0, energy_up_kwh=0.0, energy_down_kwh=0.0, start_ns=5, end_ns=5
        )


def test_safety_goes_first_and_rest_last() -> None:
    assert min(Owner) is Owner.SAFETY
    assert max(Owner) is Owner.REST


def test_an_unsigned_mandate_says_so() -> None:
    assert "unsigned" in Mandate(charge_kw_max=1.0, discharge_kw_max=1.0).label
    assert Mandate(charge_kw_max=1.0, discharge_kw_max=1.0, is_signed=True).label == "signed mandate"
