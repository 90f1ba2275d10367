"""Telemetry of a site against its warranty: caps, silences, leap days, new year, duplicates."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from battuta.domain.errors import ClockError, DataError, InvalidQuantityError
from battuta.domain.time import to_ns
from battuta.domain.warranty import Warranty
from battuta.domain.warranty_terms import UseLimits, Window, WindowQuantity, YearKind
from battuta.twin.warranty_log import WarrantyLog

HOUR_NS = 3600 * 10**9
STEP_NS = HOUR_NS // 4
WARM = Window(
    name="warm", quantity=WindowQuantity.TEMPERATURE, high=30.0, average_minutes=120.0, share_outside_max=0.001
)


def contract(years=1, windows=(), kind=YearKind.CONTRACT, **use):
    return Warranty(
        name="toy",
        source="nobody",
        is_assumed=True,
        years=years,
        currency="EUR",
        year_kind=kind,
        use=UseLimits(**use),
        windows=windows,
    )


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def feed(log, begin, end, power_kw=500.0, temperature_c=20.0, soc=0.5):
    time_ns = np.arange(to_ns(begin) + STEP_NS, to_ns(end) + STEP_NS // 2, STEP_NS)
    log.feed(time_ns, *(np.full(time_ns.size, each) for each in (soc, temperature_c, power_kw)))


def opened(warranty, start=date(2027, 1, 1), when=None):
    return WarrantyLog(warranty, start, installed_mwh=6.0, opened=when)


def test_a_cap_that_is_reached_exactly_is_kept():
    cycles = 365.0  # a twelfth of the rate of an hour all day long makes one cycle a day
    log = opened(contract(full_cycles_per_year_max=cycles, full_cycles_per_day_max=1.0))
    feed(log, utc(2027, 1, 1), utc(2028, 1, 1))
    found = log.outcome(utc(2028, 1, 1))
    assert found.clause("full_cycles_per_year").margin == 0.0
    assert found.clause("full_cycles_per_day").margin == 0.0
    assert found.first_breach is None
    assert found.n_records == 365 * 96


def test_a_leap_day_is_one_day_more():
    log = opened(contract(full_cycles_per_year_max=365.0), date(2028, 1, 1))
    feed(log, utc(2028, 1, 1), utc(2029, 1, 1))
    clause = log.outcome(utc(2029, 1, 1)).clause("full_cycles_per_year")
    assert clause.margin == pytest.approx(-1.0)
    assert clause.first_breach == utc(2028, 12, 31)


def test_calendar_years_begin_anew_on_1_january_and_contract_years_do_not():
    for kind, margin in ((YearKind.CALENDAR, 0.0), (YearKind.CONTRACT, -31.0)):
        log = opened(contract(kind=kind, full_cycles_per_year_max=31.0), date(2027, 12, 1))
        feed(log, utc(2027, 12, 1), utc(2028, 2, 1))
        found = log.outcome(utc(2028, 2, 1))
        assert found.clause("full_cycles_per_year").margin == pytest.approx(margin)
    assert found.clause("full_cycles_per_year").first_breach == utc(2028, 1, 1)


def test_a_rolling_mean_runs_over_new_year_and_its_excess_counts_in_each_year():
    log = opened(contract(windows=(WARM,), kind=YearKind.CALENDAR), date(2027, 12, 1), utc(2027, 12, 31))
    feed(log, utc(2027, 12, 31), utc(2027, 12, 31, 22, 30))
    feed(log, utc(2027, 12, 31, 22, 30), utc(2028, 1, 1, 1), temperature_c=50.0)
    clause = log.outcome(utc(2028, 1, 1, 1)).clause("warm")
    # the mean of two hours passes 30 degC after 40 minutes, at the record of 23:15
    assert clause.by_year.tolist() == [pytest.approx(1.0 / 8760.0), pytest.approx(1.0 / 8784.0)]
    assert clause.margin == pytest.approx(0.001 - 1.0 / 8760.0)
    feed(log, utc(2028, 1, 1, 1), utc(2028, 1, 1, 12), temperature_c=50.0)
    broken = log.outcome(utc(2028, 1, 1, 12)).clause("warm")
    assert broken.margin == pytest.approx(0.001 - 12.0 / 8784.0)
    assert abs(broken.first_breach - (utc(2028, 1, 1) + timedelta(hours=8.784))) < timedelta(milliseconds=1)


def test_three_weeks_without_telemetry():
    log = opened(contract(missing_hours_per_year_max=168.0, windows=(WARM,)))
    feed(log, utc(2027, 1, 1), utc(2027, 3, 1), temperature_c=29.0)
    silent = log.outcome(utc(2027, 3, 22))
    assert silent.clause("missing_hours_per_year").margin == 168.0 - 504.0
    assert silent.clause("missing_hours_per_year").first_breach == utc(2027, 3, 8)
    assert log.outcome(utc(2027, 3, 1)).first_breach is None  # asking does not change the log
    feed(log, utc(2027, 3, 22), utc(2027, 3, 22, 1), temperature_c=40.0)
    again = log.outcome(utc(2027, 3, 22, 1))
    # the first record after the silence tells nothing; the mean begins anew and has no two hours yet
    assert again.clause("missing_hours_per_year").margin == pytest.approx(168.0 - 504.25)
    assert again.clause("warm").by_year.tolist() == [0.0]
    feed(log, utc(2027, 3, 22, 1), utc(2027, 3, 22, 2, 15), temperature_c=40.0)
    assert log.outcome(utc(2027, 3, 22, 2, 15)).clause("warm").by_year[0] == pytest.approx(0.25 / 8760.0)


def test_a_silence_over_new_year_counts_in_both_years():
    log = opened(contract(missing_hours_per_year_max=1000.0, kind=YearKind.CALENDAR), date(2027, 12, 1))
    feed(log, utc(2027, 12, 1), utc(2027, 12, 30))
    found = log.outcome(utc(2028, 1, 4)).clause("missing_hours_per_year")
    assert found.by_year.tolist() == [48.0, 72.0]


def test_summer_time_is_no_matter():
    log = opened(contract(full_cycles_per_day_max=1.0, missing_hours_per_year_max=0.0))
    feed(log, utc(2027, 1, 1), utc(2027, 4, 1))
    assert log.outcome(utc(2027, 4, 1)).clause("full_cycles_per_day").margin == 0.0
    assert log.outcome(utc(2027, 4, 1)).clause("missing_hours_per_year").margin == 0.0


def test_duplicates_and_late_records_are_counted_and_left_out():
    log = opened(contract(full_cycles_max=10.0))
    feed(log, utc(2027, 1, 1), utc(2027, 1, 2))
    before = log.outcome(utc(2027, 1, 2)).clause("full_cycles").margin
    time_ns = np.array([to_ns(utc(2027, 1, 2))] * 2 + [to_ns(utc(2027, 1, 1, 12))])
    log.feed(time_ns, np.array([0.5, 0.6, 0.5]), np.full(3, 20.0), np.full(3, 500.0))
    found = log.outcome(utc(2027, 1, 2))
    assert (found.n_repeated, found.n_conflicting, found.n_late) == (1, 1, 1)
    assert found.clause("full_cycles").margin == before


def test_records_before_and_after_the_term_are_counted_and_not_judged():
    log = opened(contract(full_cycles_max=1000.0), when=utc(2027, 12, 1))
    feed(log, utc(2027, 11, 30), utc(2027, 12, 1), power_kw=1e6)
    feed(log, utc(2027, 12, 1), utc(2028, 1, 3))
    found = log.outcome(utc(2028, 2, 1))
    assert (found.n_before, found.n_after) == (95, 2 * 96)
    assert found.clause("full_cycles").margin == pytest.approx(1000.0 - 31.0)


def test_a_missing_temperature_is_missing_telemetry_but_its_energy_counts():
    log = opened(contract(missing_hours_per_year_max=1.0, full_cycles_max=10.0, windows=(WARM,)))
    feed(log, utc(2027, 1, 1), utc(2027, 1, 2), temperature_c=np.nan)
    found = log.outcome(utc(2027, 1, 2))
    assert found.clause("missing_hours_per_year").margin == -23.0
    assert found.clause("full_cycles").margin == pytest.approx(9.0)
    assert np.isnan(found.clause("warm").margin)


def test_charging_below_freezing():
    frost = Window(name="frost", quantity=WindowQuantity.CHARGING_TEMPERATURE, low=0.0)
    log = opened(contract(windows=(frost,)))
    feed(log, utc(2027, 1, 1), utc(2027, 1, 2), temperature_c=-5.0)
    feed(log, utc(2027, 1, 2), utc(2027, 1, 3), temperature_c=0.0, power_kw=-500.0)
    assert log.outcome(utc(2027, 1, 3)).clause("frost").margin == 0.0
    feed(log, utc(2027, 1, 3), utc(2027, 1, 3, 1), temperature_c=-0.5, power_kw=-500.0)
    broken = log.outcome(utc(2027, 1, 3, 1)).clause("frost")
    assert (broken.margin, broken.first_breach) == (-0.5, utc(2027, 1, 3))


def test_what_is_remembered_goes_on_where_it_stopped():
    warranty = contract(full_cycles_max=1000.0, windows=(WARM,))
    one, two = opened(warranty), opened(warranty)
    feed(one, utc(2027, 1, 1), utc(2027, 1, 2))
    one.feed_soh(to_ns(utc(2027, 1, 1, 12)), 0.99)
    two.restore(one.arrays())
    for log in (one, two):
        feed(log, utc(2027, 1, 2), utc(2027, 1, 3), temperature_c=31.0)
    mine, other = one.arrays(), two.arrays()
    assert all(np.array_equal(mine[name], other[name], equal_nan=True) for name in mine)
    with pytest.raises(DataError, match="array 'clock' is missing"):
        two.restore({})
    with pytest.raises(DataError, match="is not of this warranty"):
        opened(contract()).restore(one.arrays())


def test_what_cannot_be_a_log_is_refused():
    with pytest.raises(InvalidQuantityError, match="installed_mwh = 0 MWh"):
        WarrantyLog(contract(), date(2027, 1, 1), installed_mwh=0.0)
    with pytest.raises(DataError, match="opened = 2026-12-31T00:00:00\\+00:00 lies outside the term"):
        opened(contract(), when=utc(2026, 12, 31))
    log = opened(contract())
    with pytest.raises(DataError, match=r"soc has shape \(2,\), time_ns has \(3,\)"):
        log.feed(np.arange(3), np.zeros(2), np.zeros(3), np.zeros(3))
    with pytest.raises(InvalidQuantityError, match="soh_capacity = 97"):
        log.feed_soh(0, 97.0)
    with pytest.raises(ClockError):
        log.outcome(datetime(2027, 1, 1))  # noqa: DTZ001
