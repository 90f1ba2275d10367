"""A CSV of a logger, opened: numbers as numbers, and every cell that holds something else counted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
from polars.exceptions import PanicException, PolarsError

from battuta.adapters.telemetry.csv_lines import read_lines
from battuta.adapters.telemetry.findings import Findings, counted
from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.ports.telemetry import TelemetryFlaw

MISSING = ("", "NaN", "nan", "NA", "N/A", "null", "None", "-")
"""What loggers write where they have no value."""
_TRUE, _FALSE = ("1", "true", "t", "yes", "y", "on"), ("0", "false", "f", "no", "n", "off")
_LOSSY = "utf8-lossy"
_ERRORS = (PolarsError, PanicException, OSError, ValueError, MemoryError)


def read_header(path: Path, separator: str) -> tuple[str, ...]:
    """Return the columns of a file; one without a name is called by its place, ``#1``.

    Raises
    ------
    DataError
        If the file cannot be read, or has a single column or two of one name.
    """
    try:
        lines = pl.read_csv(
            path, separator=separator, has_header=False, n_rows=1, infer_schema=False, glob=False, raise_if_empty=True,
            truncate_ragged_lines=True, encoding=_LOSSY,
        )  # fmt: skip
    except _ERRORS as error:
        raise _broken(path, error) from error
    cells = ("" if cell is None else str(cell).strip() for cell in lines.row(0))
    header = tuple(cell or f"#{place}" for place, cell in enumerate(cells, start=1))
    twice = sorted({name for name in header if header.count(name) > 1})
    if len(header) < 2 or twice:
        wrong = f"two columns are named {', '.join(twice)}" if twice else "there is a single column"
        message = f"{path}, row 1: {wrong}; look at the header and at the separator {separator!r}"
        raise DataError(message)
    return header


def load(
    path: Path, separator: str, header: Sequence[str], text: Sequence[str], numbers: Sequence[str], time: str = ""
) -> tuple[pl.DataFrame, IntArray]:
    """Read some columns.

    Parameters
    ----------
    path : Path
        The file.
    separator : str
        What stands between columns.
    header : sequence of str
        All its columns.
    text, numbers : sequence of str
        Columns to read as text, and as float64 where every cell is a number; as text where one is not.
    time : str
        Column in which broken lines say what is wrong with them.

    Returns
    -------
    frame : DataFrame
        These columns.
    broken : ndarray, shape (n_broken,)
        Rows that were cut off or ran together: without numbers.

    Raises
    ------
    DataError
        If the file is broken or has no rows.
    """
    wanted = [name for name in header if name in {*text, *numbers}]
    places = [header.index(name) for name in wanted]
    data, broken = read_lines(path, separator, header.index(time) if time else 0)
    types = {name: pl.Float64() if name in numbers else pl.String() for name in wanted}
    for schema in (types, dict.fromkeys(wanted, pl.String())):
        try:
            raw = pl.read_csv(data, separator=separator, n_rows=0, infer_schema=False, encoding=_LOSSY).columns
            frame = pl.read_csv(
                data,
                separator=separator,
                columns=places,
                schema_overrides=dict(zip((raw[place] for place in places), schema.values(), strict=True)),
                infer_schema=False,
                null_values=list(MISSING),
                encoding=_LOSSY,
                raise_if_empty=False,
            )
        except _ERRORS as error:
            if schema is types:
                continue
            raise _broken(path, error) from error
        frame.columns = wanted
        if not frame.height:
            message = f"{path} has a header and no rows; export it again"
            raise DataError(message)
        return frame, broken
    raise AssertionError


def _broken(path: Path, error: BaseException) -> DataError:
    reason = next(iter(str(error).splitlines()), type(error).__name__)
    return DataError(f"{path} cannot be read: {reason}")


def floats(frame: pl.DataFrame, names: Sequence[str], findings: Findings, source: str) -> FloatArray:
    """Turn columns into an array.

    Parameters
    ----------
    frame : DataFrame
        Text or numbers.
    names : sequence of str
        Columns.
    findings : Findings
        Takes cells that are no number.
    source : str
        File, for the error.

    Returns
    -------
    ndarray, shape (n_rows, n_names)
        NaN where there is no number. [unit of the columns]

    Raises
    ------
    DataError
        If a column holds text and not a single number.
    """
    values = np.empty((frame.height, len(names)), dtype=np.float64)
    for at, name in enumerate(names):
        column = frame[name]
        if column.dtype == pl.String:
            column = _of_text(column.str.strip_chars(), findings, source)
        values[:, at] = column.fill_null(np.nan).to_numpy()
    values[np.isinf(values)] = np.nan
    return values


def _of_text(text: pl.Series, findings: Findings, source: str) -> pl.Series:
    text = text.set(text.is_in(list(MISSING)), None)
    numbers = text.cast(pl.Float64, strict=False)
    wrong = np.flatnonzero((numbers.is_null() & text.is_not_null()).to_numpy())
    if wrong.size:
        cell = str(text[int(wrong[0])])
        if numbers.null_count() == numbers.len():
            message = (
                f"{source}, row {int(wrong[0]) + 2}, column {text.name}: {cell!r} is no number, and no cell of the "
                "column is; write numbers with a decimal point, or state another column"
            )
            raise DataError(message)
        detail = f"{cell!r} is no number, first of {counted(wrong.size, 'such cell')}; missing"
        row, count = int(wrong[0]) + 2, int(wrong.size)
        findings.note(TelemetryFlaw.TEXT_IN_NUMBER, text.name, detail, row=row, count=count)
    return numbers


def flags(frame: pl.DataFrame, names: Sequence[str], findings: Findings) -> FloatArray:
    """Turn columns of flags into an array.

    Parameters
    ----------
    frame : DataFrame
        Text.
    names : sequence of str
        Columns.
    findings : Findings
        Takes cells that are no flag.

    Returns
    -------
    ndarray, shape (n_rows, n_names)
        1 where a flag is up, 0 where it is down, NaN where there is none. [-]
    """
    values = np.full((frame.height, len(names)), np.nan)
    for at, name in enumerate(names):
        said = frame[name].cast(pl.String).str.strip_chars().str.to_lowercase().str.replace(r"\.0+$", "")
        up, down = (said.is_in(list(words)).fill_null(value=False).to_numpy() for words in (_TRUE, _FALSE))
        values[up, at], values[down, at] = 1.0, 0.0
        wrong = np.flatnonzero(~up & ~down & said.is_not_null().to_numpy())
        if wrong.size:
            detail = f"{frame[name][int(wrong[0])]!r} is no flag, first of {counted(wrong.size, 'such cell')}; missing"
            row, count = int(wrong[0]) + 2, int(wrong.size)
            findings.note(TelemetryFlaw.TEXT_IN_NUMBER, name, detail, row=row, count=count)
    return values
