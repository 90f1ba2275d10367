"""Cells become floats; one that is no number is named with its row."""

import numpy as np
import polars as pl
import pytest

from battuta.adapters.markets.files.inspection import Inspection
from battuta.adapters.markets.files.numbers import read_numbers
from battuta.domain.errors import DataError


def read(cells, marks=(), dtype=None):
    inspection = Inspection("f.csv")
    column = pl.Series("load", cells, dtype=dtype)
    values, is_text = read_numbers(column, marks, np.arange(column.len()) + 2, inspection)
    return values.tolist(), is_text.tolist(), inspection.findings


def test_text_that_is_numbers():
    values, is_text, findings = read(["1", "-2.5", "3e2", " 4 "])
    assert values == [1.0, -2.5, 300.0, 4.0]
    assert not any(is_text)
    assert findings == ()


def test_missing_is_no_text():
    values, is_text, findings = read(["1", None, "NaN", "  ", "n/e"], {"n/e"})
    assert np.isnan(values).tolist() == [False, True, True, True, True]
    assert not any(is_text)
    assert findings == ()


def test_text_is_named():
    values, is_text, findings = read(["1", "n/e", "2"])
    assert np.isnan(values).tolist() == is_text == [False, True, False]
    assert [(each.row, each.column, each.message) for each in findings] == [(3, "load", "'n/e' is no number")]
    assert findings[0].mend.startswith("write a number")


def test_a_decimal_comma_is_told():
    assert read(["1,5", "2,25"])[2][0].mend.startswith("write a decimal point instead of the comma")


@pytest.mark.parametrize("dtype", [pl.Int32, pl.Float32, pl.UInt8, pl.Null])
def test_typed_columns(dtype):
    cells = [None, None] if dtype == pl.Null else [1, None]
    values, _, findings = read(cells, dtype=dtype)
    assert np.isnan(values[1])
    assert findings == ()


def test_infinite_is_no_number():
    assert read([1.0, float("inf")])[1] == [False, True]


def test_truth_is_no_number():
    with pytest.raises(DataError, match="column load: it holds Boolean, not numbers"):
        read([True, False])
