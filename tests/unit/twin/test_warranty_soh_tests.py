"""Capacity tests of a site against the floor of their day and band."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from battuta.domain.time import to_ns
from battuta.domain.warranty import Warranty
from battuta.domain.warranty_terms import DoubtBearer, SohBand, SohGuarantee
from battuta.twin.warranty_log import WarrantyLog
from battuta.twin.warranty_soh_tests import SohTests

CALM = SohBand(full_cycles_per_year_max=300.0, floor=((1.0, 0.9), (3.0, 0.8)))
BUSY = SohBand(full_cycles_per_year_min=300.0, full_cycles_per_year_max=400.0, floor=((1.0, 0.8), (3.0, 0.7)))


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def log_of(power_kw, tolerance=0.0):
    promise = SohGuarantee(bands=(CALM, BUSY), tolerance=tolerance, doubt_borne_by=DoubtBearer.OWNER)
    warranty = Warranty(name="toy", source="nobody", is_assumed=True, years=3, currency="EUR", soh=promise)
    log = WarrantyLog(warranty, date(2027, 1, 1), installed_mwh=6.0)
    time_ns = np.arange(to_ns(utc(2027, 1, 1)), to_ns(utc(2029, 1, 1)) + 450 * 10**9, 900 * 10**9)
    log.feed(time_ns, np.full(time_ns.size, 0.5), np.full(time_ns.size, 20.0), np.full(time_ns.size, power_kw))
    return log


def test_the_floor_is_that_of_the_day_of_the_test():
    log = log_of(400.0)  # 0.8 full cycles a day
    log.feed_soh(to_ns(utc(2027, 7, 1)), 0.85)  # before the first year that has a floor
    log.feed_soh(to_ns(utc(2028, 1, 1)), 0.9)
    assert log.outcome(utc(2029, 1, 1)).clause("soh_capacity").margin == 0.0
    log.feed_soh(to_ns(utc(2029, 1, 1)), 0.84)
    clause = log.outcome(utc(2029, 1, 1)).clause("soh_capacity")
    assert clause.margin == pytest.approx(-0.01)
    assert clause.limit == pytest.approx(0.85)
    assert clause.first_breach == utc(2029, 1, 1)
    np.testing.assert_array_equal(clause.by_year, [0.85, 0.84, np.nan])
    assert log.outcome(utc(2028, 6, 1)).as_of == utc(2029, 1, 1)


def test_busy_use_has_the_floor_of_its_band():
    log = log_of(450.0)  # 0.9 full cycles a day
    log.feed_soh(to_ns(utc(2029, 1, 1)), 0.76)
    assert log.outcome(utc(2029, 1, 1)).clause("soh_capacity").margin == pytest.approx(0.01)


def test_the_tolerance_is_given():
    log = log_of(400.0, tolerance=0.02)
    log.feed_soh(to_ns(utc(2029, 1, 1)), 0.84)
    assert log.outcome(utc(2029, 1, 1)).clause("soh_capacity").margin == pytest.approx(0.01)


def test_without_a_test_nothing_is_judged():
    clause = log_of(400.0).outcome(utc(2029, 1, 1)).clause("soh_capacity")
    assert np.isnan(clause.margin)
    assert clause.first_breach is None


def test_tests_are_kept_in_time_and_one_at_the_same_time_is_replaced():
    tests = SohTests().with_one(20, 0.9).with_one(10, 0.95).with_one(20, 0.91)
    assert tests.time_ns.tolist() == [10, 20]
    assert tests.soh_capacity.tolist() == [0.95, 0.91]
