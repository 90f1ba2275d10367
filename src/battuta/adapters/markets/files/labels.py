"""Time labels of a file to instants, by a clock that is stated and never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import polars as pl

from battuta.adapters.markets.files.inspection import Inspection, counted
from battuta.adapters.markets.files.wall_clock import MISSING_US, instants_of_wall_clock, wall_clock_of
from battuta.domain.errors import ClockError, DataError
from battuta.domain.imports import FindingKind
from battuta.domain.time import Clock, ClockKind, zone_of
from battuta.numerics.arrays import BoolArray, IntArray

_MINUTE_US = 60_000_000
_NO_OFFSET = np.iinfo(np.int64).max
_N_SLICE = 1_000_000
"""Rows read at a time, so that the copies of the text stay small beside the file. [-]"""
_MARKS_MIN: Mapping[str, int] = MappingProxyType({"Z": 0, "z": 0, "(UTC)": 0, "(CET)": 60, "(CEST)": 120})
_OFFSET = r"([zZ]|[+-]\d{2}:?\d{2}|\((?:UTC|CET|CEST)\))$"
_EARLIEST_US = int(np.datetime64("1900-01-01", "us").astype(np.int64))
_LATEST_US = int(np.datetime64("2200-01-01", "us").astype(np.int64))


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelStyle:
    """How a source writes its times.

    Attributes
    ----------
    formats : tuple of str
        Patterns of the label without its offset, in strftime's letters; each label must fit one.
    until : str
        What separates the start of the interval from its end in one cell, empty where only one is given.
    example : str
        A label as this source writes it, for messages.
    """

    formats: tuple[str, ...]
    until: str = ""
    example: str


ISO_8601 = LabelStyle(
    formats=("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S%.f",
             "%Y-%m-%d %H:%M:%S%.f"),
    example="2026-01-01T00:00+01:00",
)  # fmt: skip
"""The canonical form."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Labels:
    """Labels read.

    Attributes
    ----------
    label_us : ndarray, shape (n_rows,)
        What the labels show, as if it were UTC. [us]
    instant_us : ndarray, shape (n_rows,)
        Instants since 1970-01-01 UTC, or the labels themselves for ``local_24h``. [us]
    is_read : ndarray, shape (n_rows,)
        False where a row has no usable time.
    """

    label_us: IntArray
    instant_us: IntArray
    is_read: BoolArray


def read_labels(column: pl.Series, style: LabelStyle, clock: Clock, rows: IntArray, inspection: Inspection) -> Labels:
    """Turn a column of labels into instants.

    Parameters
    ----------
    column : Series, shape (n_rows,)
        Text, or timestamps with or without a zone.
    style : LabelStyle
        How text is written.
    clock : Clock
        The stated clock.
    rows : ndarray, shape (n_rows,)
        Row numbers of the file.
    inspection : Inspection
        Takes the findings.

    Returns
    -------
    Labels
        The labels read.

    Raises
    ------
    ClockError
        If the labels are naive and no clock is stated, or carry offsets that contradict the stated clock.
    DataError
        If no label is a time.
    """
    label_us, offset_min = _shown(column, style, inspection.source)
    is_read = (label_us > _EARLIEST_US) & (label_us < _LATEST_US)
    if not is_read.any():
        message = (
            f"{inspection.source}, row {rows[0]}, column {column.name or 1}: {_said(column[0])} is no time; "
            f"write it as {style.example}"
        )
        raise DataError(message)
    inspection.refuse_runs(
        FindingKind.BAD_TIME,
        ~is_read,
        rows,
        lambda start, _: f"{_said(column[start])} is no time such as {style.example}",
        f"write every label as {style.example}",
        column=column.name,
    )
    has_offset = offset_min != _NO_OFFSET
    instant_us = np.where(is_read, label_us, 0) - np.where(has_offset, offset_min, 0) * _MINUTE_US
    instant_us[~is_read] = MISSING_US
    at = np.flatnonzero(is_read & ~has_offset)
    if at.size:
        instant_us[at] = _by_clock(label_us[at], clock, rows[at], inspection, is_every=at.size == is_read.sum())
    at = np.flatnonzero(is_read & has_offset)
    if at.size:
        _require_agreement(label_us[at], instant_us[at], clock, rows[at], inspection.source)
    return Labels(label_us=label_us, instant_us=instant_us, is_read=instant_us != MISSING_US)


def _said(cell: object) -> str:
    return "an empty cell" if cell is None else repr(cell)


def _shown(column: pl.Series, style: LabelStyle, source: str) -> tuple[IntArray, IntArray]:
    dtype = column.dtype
    if isinstance(dtype, pl.Datetime):
        label_us = column.cast(pl.Datetime("us", dtype.time_zone)).to_physical().fill_null(MISSING_US).to_numpy()
        return label_us, np.full(column.len(), _NO_OFFSET if dtype.time_zone is None else 0, dtype=np.int64)
    if not isinstance(dtype, (pl.String, pl.Null)):
        message = f"{source}, column {column.name}: it holds {dtype}, not times; write timestamps, or {style.example}"
        raise DataError(message)
    label_us = np.empty(column.len(), dtype=np.int64)
    offset_min = np.empty(column.len(), dtype=np.int64)
    for start in range(0, column.len(), _N_SLICE):
        part = slice(start, start + _N_SLICE)
        text, offset_min[part] = _without_offset(column[part].cast(pl.String).str.strip_chars(), style.until)
        label_us[part] = _parsed(text, style.formats)
    return label_us, offset_min


def _without_offset(text: pl.Series, until: str) -> tuple[pl.Series, IntArray]:
    if until:
        text = text.str.splitn(until, 2).struct[0]
    marks = text.str.extract(_OFFSET)
    distinct = marks.unique()
    minutes = {mark: _offset_min(mark) for mark in distinct.drop_nulls().to_list()}
    if not minutes:
        return text, np.full(text.len(), _NO_OFFSET, dtype=np.int64)
    if distinct.len() == 1:
        mark, offset_min = next(iter(minutes.items()))
        return text.str.head(-len(mark)).str.strip_chars_end(), np.full(text.len(), offset_min, dtype=np.int64)
    both = pl.DataFrame({"text": text, "mark": marks.fill_null("")})
    body = both.select(pl.col("text").str.strip_suffix(pl.col("mark")).str.strip_chars_end()).to_series()
    offsets = marks.replace_strict(minutes, default=_NO_OFFSET, return_dtype=pl.Int64)
    return body, offsets.to_numpy()


def _parsed(text: pl.Series, formats: tuple[str, ...]) -> IntArray:
    label_us = np.full(text.len(), MISSING_US, dtype=np.int64)
    first = text.drop_nulls().head(1)
    fitting = sorted(formats, key=lambda pattern: _by_format(first, pattern).null_count())
    left = np.arange(text.len())
    for pattern in fitting:
        rest = text if left.size == text.len() else text.gather(left)
        label_us[left] = _by_format(rest, pattern).to_physical().fill_null(MISSING_US).to_numpy()
        left = np.flatnonzero(label_us == MISSING_US)
        if not left.size:
            break
    return label_us


def _by_format(text: pl.Series, pattern: str) -> pl.Series:
    return text.str.to_datetime(pattern, time_unit="us", strict=False)


def _offset_min(mark: str) -> int:
    if mark in _MARKS_MIN:
        return _MARKS_MIN[mark]
    n_minutes = int(mark[1:3]) * 60 + int(mark[-2:])
    return -n_minutes if mark[0] == "-" else n_minutes


def _by_clock(label_us: IntArray, clock: Clock, rows: IntArray, inspection: Inspection, *, is_every: bool) -> IntArray:
    if clock.kind is ClockKind.LOCAL:
        return instants_of_wall_clock(label_us, clock.zone, rows, inspection)
    if clock.kind is not ClockKind.OFFSET:
        return label_us - _fixed_offset_min(clock) * _MINUTE_US
    first = str(np.datetime64(int(label_us[0]), "us").astype("datetime64[m]"))
    if is_every:
        message = (
            f"{inspection.source}, row {rows[0]}: {first} has no offset. State the clock the labels keep: --clock utc, "
            f"--clock fixed:+01:00, --clock local:Europe/Berlin, or --clock local_24h for a benchmark file with 24 "
            'hours every day (clock="..." in Python); or write the offset into the labels, as in '
            f"{first}+01:00"
        )
        raise ClockError(message)
    inspection.refuse(
        FindingKind.NAIVE_TIME,
        f"no offset in {counted(rows.size, 'label')}, first {first}, while others have one",
        "write the offset into every label",
        row=int(rows[0]),
        column="time",
        count=rows.size,
    )
    return np.full(label_us.size, MISSING_US, dtype=np.int64)


def _fixed_offset_min(clock: Clock) -> int:
    offset = zone_of(clock.zone or "UTC").utcoffset(None)
    return 0 if offset is None else int(offset.total_seconds()) // 60


def _require_agreement(label_us: IntArray, instant_us: IntArray, clock: Clock, rows: IntArray, source: str) -> None:
    match clock.kind:
        case ClockKind.OFFSET:
            return
        case ClockKind.LOCAL:
            expected_us = wall_clock_of(instant_us, clock.zone)
        case ClockKind.UTC | ClockKind.FIXED:
            expected_us = instant_us + _fixed_offset_min(clock) * _MINUTE_US
        case ClockKind.LOCAL_24H:
            expected_us = np.full(label_us.size, MISSING_US, dtype=np.int64)
    wrong = np.flatnonzero(expected_us != label_us)
    if wrong.size:
        message = (
            f"{source}, row {rows[wrong[0]]}: the label carries its own offset, which is not that of clock {clock}; "
            "leave the clock out, the offsets say it all"
        )
        raise ClockError(message)
