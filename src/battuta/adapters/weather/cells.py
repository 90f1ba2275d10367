"""Cells of a weather file to instants and numbers, each cell that is neither named with its row and its mend."""

from __future__ import annotations

import numpy as np
import polars as pl

from battuta.domain.errors import ClockError, DataError
from battuta.domain.imports import FindingKind, ImportFinding, require_none_refused
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

EXAMPLE = "2026-01-01T00:00+01:00"
_OFFSET = r"([zZ]|[+-]\d{2}:?\d{2})$"
_FORMATS = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S%.f")
_NONE = np.iinfo(np.int64).min
_EARLIEST_US = int(np.datetime64("1900-01-01", "us").astype(np.int64))
_LATEST_US = int(np.datetime64("2200-01-01", "us").astype(np.int64))


class Findings:
    """What was seen in one file, in the order it was seen.

    Parameters
    ----------
    source : str
        The file, as the user named it.
    """

    __slots__ = ("_seen", "source")

    def __init__(self, source: str) -> None:
        self.source = source
        self._seen: list[ImportFinding] = []

    @property
    def all(self) -> tuple[ImportFinding, ...]:
        """Everything seen so far."""
        return tuple(self._seen)

    def refuse(
        self, kind: FindingKind, message: str, mend: str, column: str = "", *, row: int = 0, count: int = 1
    ) -> None:
        """Add a finding that stops the import."""
        self._seen.append(
            ImportFinding(kind=kind, row=row, column=column, count=count, message=message, mend=mend, is_refused=True)
        )

    def note(
        self, kind: FindingKind, message: str, column: str = "", *, mend: str = "", row: int = 0, count: int = 1
    ) -> None:
        """Add a finding that is only told."""
        self._seen.append(
            ImportFinding(kind=kind, row=row, column=column, count=count, message=message, mend=mend, is_refused=False)
        )

    def raise_if_refused(self) -> None:
        """Stop the import if anything was refused.

        Raises
        ------
        ImportRefusedError
            With a line for each.
        """
        require_none_refused(self.source, self._seen)


def read_times(column: pl.Series, rows: IntArray, findings: Findings) -> IntArray:
    """Turn labels with an offset into instants.

    Parameters
    ----------
    column : Series, shape (n_rows,)
        Text, or timestamps of a zone.
    rows : ndarray, shape (n_rows,)
        Row numbers of the file.
    findings : Findings
        Takes what is no time.

    Returns
    -------
    ndarray, shape (n_rows,)
        Instants, 0 where a finding says that there is none. [ns]

    Raises
    ------
    ClockError
        If labels carry no offset.
    DataError
        If the column holds something else.
    """
    if isinstance(column.dtype, pl.Datetime):
        if column.dtype.time_zone is None:
            raise _naive(column, 0, rows, findings)
        instants = column.cast(pl.Datetime("us", "UTC"))
        instant_us = instants.to_physical().fill_null(_NONE).to_numpy()
    elif isinstance(column.dtype, (pl.String, pl.Null)):
        instant_us = _instants_of_text(column.cast(pl.String).str.strip_chars(), rows, findings)
    else:
        message = f"{findings.source}, column {column.name}: it holds {column.dtype}, not times such as {EXAMPLE}"
        raise DataError(message)
    is_bad = (instant_us < _EARLIEST_US) | (instant_us > _LATEST_US)
    if is_bad.any():
        at = int(np.flatnonzero(is_bad)[0])
        cell = column[at]
        said = "an empty cell" if cell is None else repr(cell)
        findings.refuse(
            FindingKind.BAD_TIME,
            f"{said} is no time",
            f"write every time as {EXAMPLE}",
            column.name,
            row=int(rows[at]),
            count=int(is_bad.sum()),
        )
    return np.where(is_bad, 0, instant_us) * 1_000


def _instants_of_text(text: pl.Series, rows: IntArray, findings: Findings) -> IntArray:
    marks = text.str.extract(_OFFSET)
    body = text.str.replace(_OFFSET, "").str.strip_chars()
    label_us = np.full(text.len(), _NONE, dtype=np.int64)
    for pattern in _FORMATS:
        left = np.flatnonzero(label_us == _NONE)
        if not left.size:
            break
        part = body.gather(left).str.to_datetime(pattern, time_unit="us", strict=False)
        label_us[left] = part.to_physical().fill_null(_NONE).to_numpy()
    is_naive = (label_us != _NONE) & marks.is_null().to_numpy()
    if is_naive.any():
        raise _naive(text, int(np.flatnonzero(is_naive)[0]), rows, findings)
    minutes = {mark: _offset_min(mark) for mark in marks.unique().drop_nulls().to_list()}
    offset_min = marks.replace_strict(minutes, default=0, return_dtype=pl.Int64).to_numpy() if minutes else 0
    return np.where(label_us == _NONE, _NONE, label_us - offset_min * 60_000_000)


def _naive(column: pl.Series, at: int, rows: IntArray, findings: Findings) -> ClockError:
    return ClockError(
        f"{findings.source}, row {rows[at]}, column {column.name}: {column[at]} has no offset; write it into every "
        f"time, as in {EXAMPLE}, or Z for UTC"
    )


def _offset_min(mark: str) -> int:
    if mark in {"Z", "z"}:
        return 0
    minutes = int(mark[1:3]) * 60 + int(mark[-2:])
    return -minutes if mark[0] == "-" else minutes


def read_numbers(column: pl.Series, rows: IntArray, findings: Findings) -> FloatArray:
    """Turn cells into floats.

    Parameters
    ----------
    column : Series, shape (n_rows,)
        Text, or numbers of any width.
    rows : ndarray, shape (n_rows,)
        Row numbers of the file.
    findings : Findings
        Takes empty cells, which stay missing, and what is no number, which is refused.

    Returns
    -------
    ndarray, shape (n_rows,)
        Values, NaN where missing. [unit of the column]

    Raises
    ------
    DataError
        If the column holds something else.
    """
    is_text: BoolArray = np.zeros(column.len(), dtype=np.bool_)
    if column.dtype.is_numeric():
        numbers = column.cast(pl.Float64)
    elif isinstance(column.dtype, (pl.String, pl.Null)):
        text = column.cast(pl.String).str.strip_chars()
        text = text.set(text.is_in(["", "NaN", "nan", "NA", "null"]), None)
        numbers = text.cast(pl.Float64, strict=False)
        is_text = (numbers.is_null() & text.is_not_null()).to_numpy()
    else:
        message = f"{findings.source}, column {column.name}: it holds {column.dtype}, not numbers"
        raise DataError(message)
    values = np.array(numbers.fill_null(np.nan).to_numpy(), dtype=np.float64)
    is_text = is_text | np.isinf(values)
    if is_text.any():
        at = int(np.flatnonzero(is_text)[0])
        findings.refuse(
            FindingKind.TEXT_IN_NUMBER,
            f"{column[at]!r} is no number",
            "write a number with a decimal point, or leave the cell empty where there is none",
            column.name,
            row=int(rows[at]),
            count=int(is_text.sum()),
        )
    is_empty = np.isnan(values) & ~is_text
    if is_empty.any():
        findings.note(
            FindingKind.MISSING_VALUE,
            "no value; it stays missing",
            column.name,
            row=int(rows[np.flatnonzero(is_empty)[0]]),
            count=int(is_empty.sum()),
        )
    return values


def read_mark(column: pl.Series, rows: IntArray, findings: Findings) -> bool:
    """Whether weather is made up: the column says ``true`` in every row, or ``false`` in every row.

    Parameters
    ----------
    column : Series, shape (n_rows,)
        Text or truth values.
    rows : ndarray, shape (n_rows,)
        Row numbers of the file.
    findings : Findings
        Takes a row that says something else.

    Returns
    -------
    bool
        True for invented weather.
    """
    said = column.cast(pl.String).str.strip_chars().str.to_lowercase().fill_null("")
    first = str(said[0]) if said[0] in {"true", "false"} else "true"
    other = np.flatnonzero((said != first).to_numpy())
    if other.size:
        cell: object = column[int(other[0])]
        findings.refuse(
            FindingKind.SEVERAL_SERIES,
            f"{'an empty cell' if cell is None or cell == '' else repr(cell)} where every row must say {first}",
            "write true in each row of what is made up, or remove the column from a real forecast",
            column.name,
            row=int(rows[other[0]]),
            count=int(other.size),
        )
    return first == "true"
