"""Time labels of a logger to instants, by a clock that is stated and never guessed."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import polars as pl
from polars.exceptions import PolarsError

from battuta.adapters.telemetry.findings import Findings, counted
from battuta.domain.errors import ClockError, DataError
from battuta.domain.time import Clock, ClockKind, zone_of
from battuta.numerics.arrays import BoolArray, IntArray
from battuta.ports.telemetry import TelemetryFlaw

NO_TIME = np.iinfo(np.int64).min
"""Marks a row without an instant. [ns]"""
EPOCH_NS = MappingProxyType({"unix_s": 1_000_000_000, "unix_ms": 1_000_000, "unix_us": 1_000, "unix_ns": 1})
"""Formats of times that count from 1970-01-01 UTC, and the length of what they count. [ns]"""
_ISO = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M")
_OFFSET = r"([zZ]|[+-]\d{2}:?\d{2})$"
_YEARS = (np.datetime64("1990-01-01", "us").astype(np.int64), np.datetime64("2200-01-01", "us").astype(np.int64))
_EXAMPLE = "2026-01-01T00:00:00+01:00"


def read_labels(column: pl.Series, clock: Clock, time_format: str, findings: Findings, source: str) -> IntArray:
    """Turn a column of labels into instants.

    Parameters
    ----------
    column : Series, shape (n_rows,)
        Text.
    clock : Clock
        What the labels show.
    time_format : str
        Pattern in strftime's letters without the offset, one of `EPOCH_NS`, or empty for ISO 8601.
    findings : Findings
        Takes labels that are no time, or could be two.
    source : str
        File, for errors.

    Returns
    -------
    ndarray, shape (n_rows,)
        Instants, `NO_TIME` where a finding says that there is none. [ns]

    Raises
    ------
    ClockError
        If labels carry no offset though the clock says so, or the other way round.
    DataError
        If no label is a time.
    """
    if time_format in EPOCH_NS:
        return _seen(_counted_from_1970(column, EPOCH_NS[time_format]), column, findings, source, time_format)
    text = column.cast(pl.String).str.strip_chars()
    marks = text.str.extract(_OFFSET)
    label_us = _parsed(text.str.replace(_OFFSET, "").str.strip_chars(), time_format)
    is_read = label_us != NO_TIME
    _require_offsets(text, is_read, marks.is_not_null().to_numpy(), clock, source)
    if clock.kind is ClockKind.OFFSET:
        minutes = {mark: _offset_min(mark) for mark in marks.unique().drop_nulls().to_list()}
        offset_min = marks.replace_strict(minutes, default=0, return_dtype=pl.Int64).to_numpy() if minutes else 0
        instant_us = np.where(is_read, label_us - offset_min * 60_000_000, NO_TIME)
    elif clock.kind is ClockKind.LOCAL:
        instant_us = _by_wall_clock(label_us, is_read, clock.zone, findings)
    else:
        offset = zone_of(clock.zone or "UTC").utcoffset(None)
        offset_us = 0 if offset is None else round(offset.total_seconds()) * 1_000_000
        instant_us = np.where(is_read, label_us - offset_us, NO_TIME)
    _seen(np.where(is_read, label_us * 1_000, NO_TIME), column, findings, source, time_format or _EXAMPLE)
    return np.where(instant_us == NO_TIME, NO_TIME, instant_us * 1_000)


def _seen(time_ns: IntArray, column: pl.Series, findings: Findings, source: str, example: str) -> IntArray:
    """Name labels that are no time."""
    bad = np.flatnonzero(time_ns == NO_TIME)
    if bad.size:
        cell: object = column[int(bad[0])]
        said = "an empty cell" if cell is None else repr(cell)
        if bad.size == time_ns.size:
            message = f"{source}, column {column.name}: {said} is no time such as {example}; state its time_format"
            raise DataError(message)
        detail = f"{said} is no time, first of {counted(bad.size, 'such row')}; dropped"
        findings.note(TelemetryFlaw.BAD_TIME, column.name, detail, row=int(bad[0]) + 2, count=int(bad.size))
    return time_ns


def _counted_from_1970(column: pl.Series, unit_ns: int) -> IntArray:
    text = column.cast(pl.String).str.strip_chars()
    whole = text.cast(pl.Int64, strict=False)
    part = text.cast(pl.Float64, strict=False)
    broken_ns = (part.fill_null(0.0).fill_nan(0.0).to_numpy() * (unit_ns / 1_000)).round().astype(np.int64) * 1_000
    time_ns = np.where(whole.is_null().to_numpy(), broken_ns, whole.fill_null(0).to_numpy() * unit_ns)
    is_time = (time_ns > _YEARS[0] * 1_000) & (time_ns < _YEARS[1] * 1_000)
    return np.where(is_time, time_ns, NO_TIME)


def _parsed(text: pl.Series, time_format: str) -> IntArray:
    """Labels as if they were UTC. [us]"""
    if not time_format:
        text = text.str.replace(" ", "T", literal=True)
    label_us = np.full(text.len(), NO_TIME, dtype=np.int64)
    for pattern in (time_format,) if time_format else _ISO:
        left = np.flatnonzero(label_us == NO_TIME)
        if not left.size:
            break
        part = text if left.size == text.len() else text.gather(left)
        label_us[left] = part.str.to_datetime(pattern, time_unit="us", strict=False).to_physical().fill_null(NO_TIME)
    return np.where((label_us > _YEARS[0]) & (label_us < _YEARS[1]), label_us, NO_TIME)


def _require_offsets(text: pl.Series, is_read: BoolArray, has_offset: BoolArray, clock: Clock, source: str) -> None:
    wanted = clock.kind is ClockKind.OFFSET
    wrong = np.flatnonzero(is_read & (has_offset != wanted))
    if clock.kind is ClockKind.LOCAL_24H:
        message = f"{source}: clock local_24h is for price benchmarks; telemetry needs the clock that the logger keeps"
        raise ClockError(message)
    if wrong.size:
        row, label = int(wrong[0]) + 2, text[int(wrong[0])]
        mend = (
            f"write it into every label, as in {_EXAMPLE}, or state the clock: utc, fixed:+01:00, local:Europe/Berlin"
            if wanted
            else "state clock 'offset', the labels say it all"
        )
        message = f"{source}, row {row}: {label} has {'no' if wanted else 'its own'} offset; {mend}"
        raise ClockError(message)


def _offset_min(mark: str) -> int:
    if mark in {"Z", "z"}:
        return 0
    minutes = int(mark[1:3]) * 60 + int(mark[-2:])
    return -minutes if mark[0] == "-" else minutes


def _by_wall_clock(label_us: IntArray, is_read: BoolArray, zone: str, findings: Findings) -> IntArray:
    """Instants of a zone's wall clock: spring's hour has none, autumn's are told by the order of rows. [us]"""
    labels = pl.Series(np.where(is_read, label_us, 0)).cast(pl.Datetime("us"))
    try:
        early = labels.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
        late = labels.dt.replace_time_zone(zone, ambiguous="latest", non_existent="null")
    except PolarsError as error:
        message = f"time zone {zone!r} is not known; use an IANA name such as Europe/Berlin"
        raise ClockError(message) from error
    early_us = early.to_physical().fill_null(NO_TIME).to_numpy()
    late_us = late.to_physical().fill_null(NO_TIME).to_numpy()
    skipped = np.flatnonzero(is_read & (early_us == NO_TIME))
    if skipped.size:
        detail = f"{counted(skipped.size, 'label')} of the hour that clocks in {zone} skip in spring; dropped"
        row, count = int(skipped[0]) + 2, int(skipped.size)
        findings.note(TelemetryFlaw.INVENTED_DST_ROW, "time", detail, row=row, count=count)
    instant_us = np.where(is_read, early_us, NO_TIME)
    double = np.flatnonzero(is_read & (early_us != late_us))
    if double.size:
        _tell_apart(double, label_us, late_us, instant_us, zone, findings)
    return instant_us


def _tell_apart(
    double: IntArray, label_us: IntArray, late_us: IntArray, instant_us: IntArray, zone: str, findings: Findings
) -> None:
    """Give the rows after the one step back the later instant; without such a step nobody can tell."""
    day = label_us[double] // 86_400_000_000
    open_rows: list[int] = []
    for one in np.unique(day).tolist():
        rows = double[day == one]
        back = np.flatnonzero(np.diff(label_us[rows]) < 0)
        if back.size == 1:
            later = rows[int(back[0]) + 1 :]
            instant_us[later] = late_us[later]
        else:
            open_rows.extend(rows.tolist())
    if open_rows:
        instant_us[open_rows] = NO_TIME
        detail = (
            f"{counted(len(open_rows), 'label')} of the hour that clocks in {zone} repeat in autumn, and the rows do "
            "not tell which of the two it is; dropped"
        )
        row, count = open_rows[0] + 2, len(open_rows)
        findings.note(TelemetryFlaw.AMBIGUOUS_HOUR, "time", detail, row=row, count=count)
