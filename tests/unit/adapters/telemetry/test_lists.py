"""List columns to arrays: every kind of list, and every kind of hole."""

import numpy as np
import polars as pl
import pytest

from battuta.adapters.telemetry.lists import NO_LIST, list_lengths, lists_to_array
from battuta.domain.errors import DataError


@pytest.mark.parametrize("dtype", [pl.List(pl.Float32), pl.List(pl.Int64), pl.Array(pl.Float64, 3)])
def test_any_kind_of_list_becomes_float64_rows(dtype):
    column = pl.Series("voltage_v", [[1, 2, 3], [4, 5, 6]], dtype=dtype)
    laid = lists_to_array(column, list_lengths(column, "a"), 3)
    assert laid.dtype == np.float64
    assert laid.tolist() == [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
    assert laid.flags.c_contiguous


def test_holes_are_missing():
    column = pl.Series([[1.0, None], None, [], [3.0, 4.0]])
    lengths = list_lengths(column, "a")
    assert lengths.tolist() == [2, NO_LIST, 0, 2]
    laid = lists_to_array(column, lengths, 2)
    np.testing.assert_array_equal(laid, [[1.0, np.nan], [np.nan] * 2, [np.nan] * 2, [3.0, 4.0]])
    arrays = pl.Series([[1.0, 2.0], None], dtype=pl.Array(pl.Float32, 2))
    np.testing.assert_array_equal(lists_to_array(arrays, list_lengths(arrays, "a"), 2)[1], [np.nan] * 2)


def test_no_sensor_is_no_column():
    column = pl.Series([[], []], dtype=pl.List(pl.Null))
    assert lists_to_array(column, list_lengths(column, "a"), 0).shape == (2, 0)


@pytest.mark.parametrize("column", [pl.Series("v", [1.0]), pl.Series("v", [["a"]]), pl.Series("v", [[[1.0]]])])
def test_what_is_no_list_of_numbers_is_refused(column):
    with pytest.raises(DataError, match=r"column v holds .*, not a list of numbers per row"):
        list_lengths(column, "a.parquet")
