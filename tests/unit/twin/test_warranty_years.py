"""Contract years and calendar years, leap days included."""

from datetime import UTC, date, datetime

import numpy as np

from battuta.domain.time import from_ns, to_ns
from battuta.domain.warranty_terms import YearKind
from battuta.twin.warranty_years import anniversary, midnight_ns, warranty_years


def dates(years):
    return [from_ns(int(each)).date().isoformat() for each in years.edge_ns]


def test_contract_years_run_from_anniversary_to_anniversary():
    years = warranty_years(date(2027, 7, 1), 2, YearKind.CONTRACT)
    assert dates(years) == ["2027-07-01", "2028-07-01", "2029-07-01"]
    assert years.whole_hours.tolist() == [8784.0, 8760.0]
    assert years.label == ("1", "2")


def test_calendar_years_may_be_parts_and_count_against_the_whole():
    years = warranty_years(date(2027, 7, 1), 1, YearKind.CALENDAR)
    assert dates(years) == ["2027-07-01", "2028-01-01", "2028-07-01"]
    assert years.whole_hours.tolist() == [8760.0, 8784.0]
    assert years.label == ("2027", "2028")
    assert dates(warranty_years(date(2027, 1, 1), 1, YearKind.CALENDAR)) == ["2027-01-01", "2028-01-01"]


def test_a_warranty_that_begins_on_a_leap_day():
    assert anniversary(date(2028, 2, 29), 1) == date(2029, 3, 1)
    assert dates(warranty_years(date(2028, 2, 29), 2, YearKind.CONTRACT)) == ["2028-02-29", "2029-03-01", "2030-03-01"]


def test_age_is_whole_on_anniversaries_of_either_kind():
    for kind in YearKind:
        years = warranty_years(date(2027, 7, 1), 3, kind)
        moments = np.array(
            [midnight_ns(date(2027, 7, 1)), midnight_ns(date(2029, 7, 1)), midnight_ns(date(2028, 1, 1))]
        )
        np.testing.assert_allclose(years.age(moments), [0.0, 2.0, 184 / 366])


def test_a_day_begins_at_midnight_utc():
    assert midnight_ns(date(2027, 3, 28)) == to_ns(datetime(2027, 3, 28, tzinfo=UTC))
