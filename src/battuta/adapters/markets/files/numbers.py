"""Number columns of a file: text becomes floats, and a cell that is no number is named, not dropped."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import polars as pl

from battuta.adapters.markets.files.inspection import Inspection
from battuta.domain.errors import DataError
from battuta.domain.imports import FindingKind
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

_DECIMAL_COMMA = r"^\s*[+-]?\d+,\d+\s*$"


def read_numbers(
    column: pl.Series, missing_marks: Collection[str], rows: IntArray, inspection: Inspection
) -> tuple[FloatArray, BoolArray]:
    """Turn a column into floats.

    Parameters
    ----------
    column : Series, shape (n_rows,)
        Text, or numbers of any width.
    missing_marks : collection of str
        Words that this source writes for a missing value.
    rows : ndarray, shape (n_rows,)
        Row numbers of the file.
    inspection : Inspection
        Takes a finding for every cell that holds neither a number nor nothing.

    Returns
    -------
    values : ndarray, shape (n_rows,)
        NaN where the cell is empty or no number. [unit of the column]
    is_text : ndarray, shape (n_rows,)
        True where the cell held something that is no number.

    Raises
    ------
    DataError
        If a typed column holds neither numbers nor text.
    """
    if column.dtype.is_numeric():
        values = _floats(column)
        is_text = np.isinf(values)
    elif not isinstance(column.dtype, (pl.String, pl.Null)):
        message = f"{inspection.source}, column {column.name}: it holds {column.dtype}, not numbers"
        raise DataError(message)
    else:
        text = column.cast(pl.String)
        numbers = text.cast(pl.Float64, strict=False)
        if numbers.null_count() > text.null_count():
            text = text.str.strip_chars()
            text = text.set(text.is_in(["", *missing_marks]), None)
            numbers = text.cast(pl.Float64, strict=False)
        values = _floats(numbers)
        is_text = (numbers.is_null() & text.is_not_null()).to_numpy() | np.isinf(values)
    if is_text.any():
        _name_text(column, is_text, rows, inspection)
        values = np.where(is_text, np.nan, values)
    return values, is_text


def _floats(numbers: pl.Series) -> FloatArray:
    return np.array(numbers.cast(pl.Float64).fill_null(np.nan).to_numpy(), dtype=np.float64)


def _name_text(column: pl.Series, is_text: BoolArray, rows: IntArray, inspection: Inspection) -> None:
    cells = column.filter(pl.Series(is_text)).cast(pl.String)
    if cells.str.contains(_DECIMAL_COMMA).all():
        mend = "write a decimal point instead of the comma"
    else:
        mend = "write a number, or leave the cell empty where there is none"
    inspection.refuse_runs(
        FindingKind.TEXT_IN_NUMBER,
        is_text,
        rows,
        lambda start, _: f"{column[start]!r} is no number",
        mend,
        column=column.name,
    )
