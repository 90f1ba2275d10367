"""Reservations: those in force add up, others do not count."""

import pytest

from battuta.domain.command import Reservation
from battuta.domain.errors import UsageError
from battuta.site.reservations import Reserve, reserve_table


def reservation(site: int = 0, start_ns: int = 10, end_ns: int = 20, **values) -> Reservation:
    usual = {"up_kw": 1.0, "down_kw": 2.0, "energy_up_kwh": 3.0, "energy_down_kwh": 4.0, "recovery_kw": 5.0}
    return Reservation(site=site, product="x", start_ns=start_ns, end_ns=end_ns, **(usual | values))


def test_overlapping_awards_add_up() -> None:
    table = reserve_table([reservation(), reservation(), reservation(1, up_kw=9.0)], 2, 15)
    assert table[:, 0].tolist() == [2.0, 4.0, 6.0, 8.0, 10.0]
    assert table[Reserve.UP_KW].tolist() == [2.0, 9.0]


@pytest.mark.parametrize(("now_ns", "up_kw"), [(9, 0.0), (10, 1.0), (19, 1.0), (20, 0.0)])
def test_delivery_is_half_open(now_ns, up_kw) -> None:
    assert reserve_table([reservation()], 1, now_ns)[Reserve.UP_KW, 0] == up_kw


def test_an_award_for_a_site_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match="reservation a7 is for site 3; there are 2"):
        reserve_table([reservation(3, award="a7")], 2, 15)
