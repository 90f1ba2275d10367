"""Voltages in whole millivolts come back as they were; others are not packed."""

import numpy as np
import polars as pl
import pytest

from battuta.adapters.telemetry.millivolts import millivolt_lengths, millivolts_to_volts, packed
from battuta.domain.errors import DataError

VOLTS = np.array([[3.312, np.nan, 0.001], [2.9, 65.534, 0.0]])


def again(column):
    lengths = millivolt_lengths(column, "a.parquet")
    return millivolts_to_volts(column, lengths, int(lengths.max()))


def test_volts_come_back_to_the_bit():
    np.testing.assert_array_equal(again(packed(VOLTS)), VOLTS)
    as_lists = pl.Series("voltage_mv", [[3312, 65535, 1], [2900, 65534, 0]], dtype=pl.List(pl.UInt16))
    np.testing.assert_array_equal(again(as_lists), VOLTS)


@pytest.mark.parametrize("volts", [3.3125, 65.535, -0.001, np.inf])
def test_what_is_no_whole_millivolt_is_not_packed(volts):
    assert packed(np.array([[3.3, volts]])) is None
    assert packed(np.empty((3, 0))) is None


def test_rows_without_voltages_stay_without():
    column = pl.concat([packed(VOLTS), pl.Series("voltage_mv", [None], dtype=pl.Binary)])
    np.testing.assert_array_equal(again(column), [*VOLTS, [np.nan] * 3])


def test_half_a_number_is_refused():
    with pytest.raises(DataError, match=r"a\.parquet: column voltage_mv has rows of an odd number of bytes"):
        millivolt_lengths(pl.Series("voltage_mv", [b"abc"]), "a.parquet")
    with pytest.raises(DataError, match="not a list of numbers"):
        millivolt_lengths(pl.Series("voltage_mv", ["abc"]), "a.parquet")
