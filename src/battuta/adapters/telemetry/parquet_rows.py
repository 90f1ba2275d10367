"""One Parquet file of telemetry, opened: its columns checked, its lists turned into arrays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import polars as pl
from polars.exceptions import PanicException, PolarsError

from battuta.adapters.telemetry import millivolts
from battuta.adapters.telemetry.lists import NO_LIST, list_lengths, lists_to_array
from battuta.adapters.telemetry.rows import Rows
from battuta.domain.errors import ClockError, DataError
from battuta.numerics.arrays import FloatArray, IntArray

NEEDED = ("time", "string_id", "current_a", "voltage_v", "temperature_c")
BLEED, VOLTS = "bleed_ah", "voltage_v"
COLUMNS = (*NEEDED, BLEED, millivolts.COLUMN)
"""Columns of the layout; lists are of any float type, and millivolts stand for volts."""

_Read = TypeVar("_Read")


def guarded(path: Path, read: Callable[[], _Read]) -> _Read:
    """Read, with every way in which a file can be broken turned into a sentence.

    Raises
    ------
    DataError
        If it cannot be read.
    """
    try:
        return read()
    except (PolarsError, PanicException, OSError, ValueError, MemoryError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        message = f"{path} cannot be read: {reason}; if it was cut off, fetch or write it again"
        raise DataError(message) from error


def require_layout(path: Path, schema: dict[str, pl.DataType]) -> None:
    """Refuse a file without the columns of the layout.

    Raises
    ------
    DataError
        If a column is missing.
    ClockError
        If its times carry no zone.
    """
    absent = [name for name in NEEDED if name not in schema and not (name == VOLTS and millivolts.COLUMN in schema)]
    if absent:
        message = (
            f"{path} has no column {', '.join(absent)}; it has {', '.join(schema)}. Telemetry needs "
            f"{', '.join(NEEDED)} (lists in the last two, empty where there is no sensor), {BLEED} where it is logged"
        )
        raise DataError(message)
    if VOLTS in schema and millivolts.COLUMN in schema:
        message = f"{path} has columns {VOLTS} and {millivolts.COLUMN}, and nobody knows which counts; leave one out"
        raise DataError(message)
    time = schema["time"]
    if not isinstance(time, pl.Datetime):
        message = f"{path}: column time holds {time}, not timestamps in UTC"
        raise DataError(message)
    if time.time_zone is None:
        message = f"{path}: column time has no zone; write timestamps in UTC"
        raise ClockError(message)


def instants_ns(column: pl.Series, path: Path) -> IntArray:
    """Return timestamps as nanoseconds. [ns]

    Raises
    ------
    DataError
        If one is missing, or no instant that can be counted.
    """
    if column.has_nulls():
        message = f"{path}: {column.null_count()} rows have no time; remove them"
        raise DataError(message)
    try:
        stamps = column.cast(pl.Datetime("ns", "UTC"))
    except PolarsError:
        earliest, latest = column.min(), column.max()
        message = (
            f"{path}: times from {earliest} to {latest} reach beyond the years 1678 to 2261 that can be counted; set "
            "the clock right, or remove these rows"
        )
        raise DataError(message) from None
    return np.array(stamps.to_physical().to_numpy(), dtype=np.int64)


def rows_of(frame: pl.DataFrame, string_id: str, path: Path) -> list[Rows]:
    """Turn the rows of a string into arrays.

    Parameters
    ----------
    frame : DataFrame
        Columns of the layout, rows of one string.
    string_id : str
        The string.
    path : Path
        Its file, for errors.

    Returns
    -------
    list of Rows
        One for each number of cells and sensors that occurs, each in file order.
    """
    time_ns, current_a = instants_ns(frame["time"], path), _numbers(frame["current_a"], path)
    volts = millivolts.COLUMN if millivolts.COLUMN in frame.columns else VOLTS
    names = [name for name in (volts, "temperature_c", BLEED) if name in frame.columns]
    lengths = np.stack([_lengths(frame[name], path) for name in names], axis=1)
    shapes = _shapes(lengths, path)
    parts: list[Rows] = []
    distinct = shapes[:1] if np.all(shapes == shapes[0]) else np.unique(shapes, axis=0)
    for shape in distinct.tolist():
        here = np.all(shapes == shape, axis=1)
        part = frame if here.all() else frame.filter(pl.Series(here))
        arrays = [
            _laid(part[name], lengths[here, at], shape[at]) if shape[at] > 0 else np.empty((part.height, 0))
            for at, name in enumerate(names)
        ]
        parts.append(
            Rows(
                string_id=string_id,
                time_ns=time_ns[here],
                number=None,
                current_a=current_a[here],
                voltage_v=arrays[0],
                temperature_c=arrays[1],
                bleed_ah=arrays[2] if len(arrays) > 2 and shape[2] != NO_LIST else None,
            )
        )
    return parts


def _lengths(column: pl.Series, path: Path) -> IntArray:
    is_mv = column.name == millivolts.COLUMN
    return millivolts.millivolt_lengths(column, str(path)) if is_mv else list_lengths(column, str(path))


def _laid(column: pl.Series, lengths: IntArray, width: int) -> FloatArray:
    is_mv = column.name == millivolts.COLUMN
    return millivolts.millivolts_to_volts(column, lengths, width) if is_mv else lists_to_array(column, lengths, width)


def _shapes(lengths: IntArray, path: Path) -> IntArray:
    """Lengths with those of missing and empty lists taken from the row before, or the first one after."""
    shapes = lengths.copy()
    for column in range(shapes.shape[1]):
        own = shapes[:, column]
        known = own > 0
        if known.any() and not known.all():
            place = np.maximum.accumulate(np.where(known, np.arange(own.size), -1))
            place[place < 0] = int(np.argmax(known))
            shapes[:, column] = own[place]
        elif not known.any() and column == 0:
            message = f"{path}: no row has a voltage; export it again"
            raise DataError(message)
        elif not known.any():
            shapes[:, column] = own.max()
    return shapes


def _numbers(column: pl.Series, path: Path) -> FloatArray:
    if not column.dtype.is_numeric():
        message = f"{path}: column {column.name} holds {column.dtype}, not numbers"
        raise DataError(message)
    return np.array(column.cast(pl.Float64).fill_null(np.nan).to_numpy(), dtype=np.float64)
