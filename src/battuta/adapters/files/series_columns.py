"""A file of times and values, as a study names it: columns by names that are in use, times in seconds of the year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
from polars.exceptions import PolarsError

from battuta.adapters.files.site_series_cells import Cells
from battuta.domain.errors import DataError
from battuta.domain.time import from_ns, to_ns
from battuta.numerics.arrays import FloatArray

TIME = "time"
"""Column of times with their offset; the others count from 1 January, 00:00 UTC."""
SECONDS_OF_TIMES: Mapping[str, float] = {TIME: 0.0, "Time_s": 1.0, "time_s": 1.0, "t_hours": 3600.0}
"""Columns that are known as times, and how many seconds one of them is. [s]"""
IS_SYNTHETIC = "is_synthetic"
ROW_OF_FIRST = 2
_MISSING = ("", "NaN", "nan", "NA", "null")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SeriesColumns:
    """Times and values of a file.

    Attributes
    ----------
    time_s : ndarray, shape (n_times,)
        Seconds since the 1 January, 00:00 UTC, that is nearest to the first. [s]
    values : ndarray, shape (n_times,)
        Values, NaN where a cell is empty. [unit of the column]
    column, time_column : str
        Names of the columns that they come from.
    source : str
        The file, as the user named it.
    is_synthetic : bool
        Whether the file says of any row that it is made up.
    """

    time_s: FloatArray
    values: FloatArray
    column: str
    time_column: str
    source: str
    is_synthetic: bool


def read_table(path: Path, what: str) -> pl.DataFrame:
    """Cells of a CSV or Parquet file; those of a CSV are text.

    Parameters
    ----------
    path : Path
        CSV (also ``.csv.gz``) or Parquet.
    what : str
        What it should hold, for errors.

    Returns
    -------
    DataFrame
        Columns by their names without blanks around them; one without a name is kept so.

    Raises
    ------
    DataError
        If it is no file, cannot be read, has two columns of one name, or no rows.
    """
    if not path.is_file():
        message = f"{path} is no file; name a CSV or Parquet file of {what}"
        raise DataError(message)
    try:
        is_parquet = path.suffix == ".parquet"
        frame = pl.read_parquet(path, glob=False) if is_parquet else pl.read_csv(path, infer_schema=False, glob=False)
    except (PolarsError, OSError, ValueError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        message = f"{path} cannot be read: {reason}"
        raise DataError(message) from error
    names = [name.strip() for name in frame.columns]
    if len(set(names)) < len(names):
        message = f"{path} has two columns of one name: {', '.join(names)}; remove one"
        raise DataError(message)
    if not frame.height:
        message = f"{path} has a header and no rows; export it again"
        raise DataError(message)
    return frame.rename(dict(zip(frame.columns, names, strict=True)))


def one_column(frame: pl.DataFrame, wanted: Sequence[str], what: str, source: str) -> str:
    """Name of the one column that is wanted.

    Raises
    ------
    DataError
        If there is none, or more than one; names the columns that there are.

    Examples
    --------
    >>> one_column(pl.DataFrame({"a": [1], "Time_s": [0]}), ("time", "Time_s"), "times", "duty.csv")
    'Time_s'
    """
    found = [name for name in wanted if name in frame.columns]
    if len(found) != 1:
        count = "no column" if not found else f"{len(found)} columns"
        mend = f"name one of them {' or '.join(wanted)}" if not found else f"keep one of {', '.join(found)}"
        has = ", ".join(name or "(no name)" for name in frame.columns)
        message = f"{source} has {count} of {what}; {mend}; it has {has}"
        raise DataError(message)
    return found[0]


def columns_of(frame: pl.DataFrame, column: str, source: str) -> SeriesColumns:
    """Times and one column of a table.

    Parameters
    ----------
    frame : DataFrame
        As `read_table` left it.
    column : str
        Name of the column of values.
    source : str
        The file, as the user named it.

    Returns
    -------
    SeriesColumns
        Both as numbers.

    Raises
    ------
    DataError
        If there is no column of times or more than one, or a cell holds text.
    ClockError
        If times carry no offset.
    """
    name = one_column(frame, tuple(SECONDS_OF_TIMES), "times", source)
    time_s = _dated_s(frame[name], source) if name == TIME else numbers(frame[name], source) * SECONDS_OF_TIMES[name]
    empty = np.flatnonzero(~np.isfinite(time_s))
    if empty.size:
        message = f"{source}, row {empty[0] + ROW_OF_FIRST}, column {name}: no time; remove the row, or write its time"
        raise DataError(message)
    is_synthetic = False
    if IS_SYNTHETIC in frame.columns:
        is_synthetic = bool((texts(frame[IS_SYNTHETIC], source).str.to_lowercase() != "false").any())
    return SeriesColumns(
        time_s=time_s, values=numbers(frame[column], source), column=column, time_column=name, source=source,
        is_synthetic=is_synthetic,
    )  # fmt: skip


def numbers(column: pl.Series, source: str, first_row: int = ROW_OF_FIRST) -> FloatArray:
    """Cells as numbers, NaN where one is empty; `first_row` is the number of the first in its file.

    Raises
    ------
    DataError
        If a cell holds something else, with its row.

    Examples
    --------
    >>> numbers(pl.Series("power_kw", ["1.5", " -2 ", ""]), "duty.csv")
    array([ 1.5, -2. ,  nan])
    """
    if not (column.dtype.is_numeric() or isinstance(column.dtype, (pl.String, pl.Null))):
        message = f"{source}, column {column.name}: it holds {column.dtype}, not numbers"
        raise DataError(message)
    cells = column.cast(pl.String).str.strip_chars() if isinstance(column.dtype, pl.String) else column
    values = cells.cast(pl.Float64, strict=False)
    if isinstance(column.dtype, pl.String):
        is_text = (values.is_null() & cells.is_not_null() & ~cells.is_in(_MISSING)).to_numpy()
        if is_text.any():
            at = int(np.flatnonzero(is_text)[0])
            message = (
                f"{source}, row {at + first_row}, column {column.name}: {cells[at]!r} is no number; write numbers "
                "with a point, and leave a missing one empty"
            )
            raise DataError(message)
    return np.array(values.fill_null(float("nan")).to_numpy(), dtype=np.float64)


def texts(column: pl.Series, source: str) -> pl.Series:
    """Cells as text without blanks around it, nothing where one is empty.

    Raises
    ------
    DataError
        If a column of a Parquet file holds what is no text, as lists.

    Examples
    --------
    >>> texts(pl.Series("site", ["north ", None]), "soh.csv").to_list()
    ['north', '']
    """
    try:
        return column.cast(pl.String).str.strip_chars().fill_null("")
    except PolarsError as error:
        message = f"{source}, column {column.name}: it holds {column.dtype}, not text; write it as text"
        raise DataError(message) from error


def _dated_s(column: pl.Series, source: str) -> FloatArray:
    """Seconds since the nearest 1 January of the first. [s]"""
    cells = Cells(source, np.arange(column.len(), dtype=np.int64) + ROW_OF_FIRST)
    time_ns = cells.times(column)
    cells.raise_if_refused()
    year = from_ns(int(time_ns[0])).year
    begins_ns = [to_ns(datetime(each, 1, 1, tzinfo=UTC)) for each in (year, year + 1)]
    nearest_ns = min(begins_ns, key=lambda each: abs(int(time_ns[0]) - each))
    return (time_ns - nearest_ns) / 1e9
