"""Windows and call-outs lie in time; impossible windows are named."""

from dataclasses import replace

import pytest

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.health.maintenance_visits import PlannedWindow, visits_of
from unit.health.maintenance_cases import PLAIN, TODAY, window


def test_call_outs_stand_between_windows() -> None:
    settings = replace(PLAIN, response_days=2, lead_days=30)
    visits = visits_of((window(90), window(10, crew_h=5.0)), settings, TODAY)
    assert [(each.day, each.is_planned) for each in visits] == [(2, False), (10, True), (30, False), (90, True)]
    assert [each.cost for each in visits] == [800.0, 300.0, 800.0, 300.0]
    assert visits[1].n_modules_max == 2  # 5 h of crew, 2 h each


def test_one_call_out_where_modules_are_there_at_once() -> None:
    assert [each.day for each in visits_of((window(5),), PLAIN, TODAY)] == [0, 5]


@pytest.mark.parametrize(
    ("windows", "word"),
    [
        ((), "no planned window"),
        ((window(-1),), "outside"),
        ((window(1000),), "outside"),
        ((window(5), window(5)), "one day"),
        ((window(5, crew_h=1.0),), "less than the 2 h"),
    ],
)
def test_impossible_windows_are_named(windows, word) -> None:
    with pytest.raises(DataError, match=word):
        visits_of(windows, PLAIN, TODAY)


def test_a_window_has_hours() -> None:
    with pytest.raises(InvalidQuantityError, match="crew_h"):
        PlannedWindow(on=TODAY, crew_h=0.0)
