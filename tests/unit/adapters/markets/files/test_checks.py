"""What prices show: holes, other units, days of zeros, lone zeros."""

import numpy as np
import polars as pl
import pytest

from battuta.adapters.markets.files.checks import (
    check_constant,
    check_missing,
    check_size,
    check_zero_days,
    flag_waiting,
    flag_zero_days,
    note_zeros,
)
from battuta.adapters.markets.files.grid import Rows
from battuta.adapters.markets.files.inspection import Inspection
from battuta.domain.imports import FindingKind

STEP_US = 300_000_000
START_US = int(np.datetime64("2026-01-01T05:00", "us").astype(np.int64))  # midnight in New York


def five_minutes(price_per_mwh):
    n_rows = len(price_per_mwh)
    return Rows(
        time_us=START_US + np.arange(n_rows) * STEP_US,
        rows=np.arange(n_rows) + 2,
        values={"price": np.asarray(price_per_mwh, dtype=np.float64)},
    )


def found(inspection):
    return [(each.kind, each.row, each.count, each.is_refused) for each in inspection.findings]


def test_a_column_that_must_say_one_thing_says_another():
    rows = np.arange(4) + 2
    for expected, kind in (("EUR", FindingKind.MIXED_CURRENCY), ("", FindingKind.SEVERAL_SERIES)):
        inspection = Inspection("f.csv")
        check_constant(pl.Series("unit", ["EUR", " EUR ", None, "GBP"]), expected, rows, inspection)
        assert found(inspection) == [(kind, 5, 1, True)]
    inspection = Inspection("f.csv")
    for same in (["EUR", "", None, "EUR"], ["", None, "", ""]):
        check_constant(pl.Series("unit", same), "", rows, inspection)
    assert inspection.findings == ()


def test_missing_prices_stop_missing_loads_do_not():
    flags = np.array([False, True, True, False])
    inspection = Inspection("f.csv")
    check_missing(flags, np.arange(4) + 2, "p", inspection, is_price=True)
    check_missing(flags, np.arange(4) + 2, "load", inspection, is_price=False)
    assert found(inspection) == [(FindingKind.MISSING_VALUE, 3, 2, True), (FindingKind.MISSING_VALUE, 3, 2, False)]


@pytest.mark.parametrize(
    ("price_per_mwh", "kind"),
    [
        ([0.03, 0.0, 0.05, -0.01], FindingKind.WRONG_UNIT),
        ([30.0, 2e5, 40.0], FindingKind.IMPLAUSIBLE_VALUE),
        ([30.0, np.nan, 40.0], None),
        ([0.0, 0.0], None),
        ([np.nan, np.nan], None),
        ([-500.0, 17_500.0, 7_999.0], None),
    ],
)
def test_the_size_of_prices(price_per_mwh, kind):
    inspection = Inspection("f.csv")
    check_size(np.array(price_per_mwh), np.arange(len(price_per_mwh)) + 2, "p", inspection)
    assert {each.kind for each in inspection.findings} == ({kind} if kind else set())


@pytest.mark.parametrize(("n_zeros", "is_filled"), [(288, True), (287, True), (286, True), (274, True), (270, False)])
def test_a_day_of_zeros_but_a_few(n_zeros, is_filled):
    price_per_mwh = np.full(3 * 288, 30.0)
    price_per_mwh[288 : 288 + n_zeros] = 0.0
    table = five_minutes(price_per_mwh)
    flags = flag_zero_days(table, "price", STEP_US, "America/New_York")
    assert np.flatnonzero(flags).tolist() == (list(range(288, 576)) if is_filled else [])
    inspection = Inspection("f.csv")
    check_zero_days(table, "price", flags, "rt", inspection)
    assert found(inspection) == ([(FindingKind.ZERO_DAY, 290, 288, True)] if is_filled else [])


def test_a_few_zeros_at_the_edge_are_no_day():
    assert not flag_zero_days(five_minutes([0.0] * 100), "price", STEP_US, "America/New_York").any()


def test_lone_zeros_are_counted():
    inspection = Inspection("f.csv")
    note_zeros(five_minutes([0.0, 20.0, 0.0, 20.0, 0.0, 0.0, 20.0, 0.0, 9.0]), "price", "rt", inspection)
    assert found(inspection) == [(FindingKind.ISOLATED_ZERO, 4, 1, False)]
    note_zeros(five_minutes([30.0, 30.0, 30.0]), "price", "rt", inspection)
    note_zeros(five_minutes([0.0]), "price", "rt", inspection)
    assert len(inspection.findings) == 1


def test_only_the_last_rows_wait_and_not_for_long():
    hour_us = 3_600_000_000
    time_us = np.arange(100) * hour_us
    everywhere = np.ones(100, dtype=bool)
    last_day = np.arange(100) >= 76
    assert flag_waiting(last_day, everywhere, time_us).sum() == 24
    assert flag_waiting(last_day, np.zeros(100, dtype=bool), time_us).sum() == 0, "nothing stands beside them"
    assert flag_waiting(last_day & (np.arange(100) < 99), everywhere, time_us).sum() == 0, "a price follows"
    assert flag_waiting(np.arange(100) >= 20, everywhere, time_us).sum() == 0, "80 hours are a hole"
    assert flag_waiting(last_day, everywhere, time_us[::-1]).sum() == 0, "the file runs backwards"
    assert flag_waiting(everywhere, everywhere, time_us).sum() == 0, "there is no price at all"
    partly = last_day & (np.arange(100) != 80)
    assert np.flatnonzero(flag_waiting(last_day, partly, time_us))[0] == 81, "a row with nothing is a hole"
