"""Weather from a file: time, known_at and columns that say their unit; nothing is guessed, nothing is filled."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

import numpy as np
import polars as pl
from polars.exceptions import PolarsError

from battuta.adapters.weather.cells import Findings, read_mark, read_numbers, read_times
from battuta.adapters.weather.known_at_rule import EXAMPLE, KnownAtRule
from battuta.domain.errors import DataError, UsageError
from battuta.domain.imports import FindingKind
from battuta.domain.time import duration_ns, from_ns
from battuta.domain.weather import STEPS, Place, WeatherForecast, WeatherImport
from battuta.domain.weather_units import suspected_unit, weather_unit
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

TIME, KNOWN_AT, IS_SYNTHETIC = "time", "known_at", "is_synthetic"
_ROW_OF_FIRST = 2


def read_weather(
    path: str | Path,
    *,
    place: Place,
    known_at: str | None = None,
    step: timedelta | None = None,
    attribution: str = "",
) -> WeatherImport:
    """Read a weather file.

    Parameters
    ----------
    path : str or Path
        CSV (also ``.csv.gz``) or Parquet. ``time`` is the start of the interval, ``known_at`` the instant of
        publication, both with offset; a time may stand several times with other ``known_at``. All other columns end
        in their unit: ``temperature_c``, ``wind_speed_m_per_s``, ``radiation_w_per_m2``, ``cloud_cover``.
        A column ``is_synthetic`` of ``true`` marks invented weather.
    place : Place
        Where the weather is; a file does not say.
    known_at : str, optional
        When values became known, such as ``D-1 06:00 Europe/Berlin``, for a file without ``known_at``.
    step : timedelta, optional
        Length of an interval; left out, the smallest distance between two times.
    attribution : str
        Whom the licence wants named.

    Returns
    -------
    WeatherImport
        All vintages, and what was seen.

    Raises
    ------
    DataError
        If the file cannot be read, holds no weather, or holds what must be mended first.
    ClockError
        If times carry no offset.
    UsageError
        If nothing says when values became known, or two things do.
    """
    source = str(path)
    frame = _table(Path(path))
    rule = _rule(frame, known_at, source)
    findings = Findings(source)
    names = _weather_columns(frame, findings)
    rows = np.arange(frame.height, dtype=np.int64) + _ROW_OF_FIRST
    time_ns = read_times(frame[TIME], rows, findings)
    known_at_ns = rule.known_at_ns(time_ns) if rule else read_times(frame[KNOWN_AT], rows, findings)
    columns = {name: read_numbers(frame[name], rows, findings) for name in names}
    is_synthetic = IS_SYNTHETIC in frame.columns and read_mark(frame[IS_SYNTHETIC], rows, findings)
    findings.raise_if_refused()
    if rule:
        findings.note(FindingKind.STATED_RULE, f"became known at {rule}, as stated; the file does not say", KNOWN_AT)
    keep = _one_of_each(time_ns, known_at_ns, columns, rows, findings)
    time_ns, known_at_ns, rows = time_ns[keep], known_at_ns[keep], rows[keep]
    columns = {name: values[keep] for name, values in columns.items()}
    step = step or _smallest_step(time_ns, source)
    _note_gaps(time_ns, step, findings)
    n_per_week = round(timedelta(days=7) / step * time_ns.size / np.unique(time_ns).size)
    for name, values in columns.items():
        _check_range(name, values, n_per_week, rows, findings)
    findings.raise_if_refused()
    forecast = WeatherForecast(
        time_ns=time_ns,
        known_at_ns=known_at_ns,
        columns=MappingProxyType(columns),
        step=step,
        place=place,
        source=f"{Path(path).name}, {place}",
        attribution=attribution,
        is_synthetic=is_synthetic,
    )
    return WeatherImport(forecast=forecast, findings=findings.all)


def _table(path: Path) -> pl.DataFrame:
    try:
        frame = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema=False)
    except (PolarsError, OSError, ValueError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        message = f"{path} cannot be read: {reason}"
        raise DataError(message) from error
    frame.columns = [name.strip() for name in frame.columns]
    if TIME not in frame.columns:
        message = f"{path} has no column time; it has {', '.join(frame.columns)}"
        raise DataError(message)
    if not frame.height:
        message = f"{path} has a header and no rows; export it again"
        raise DataError(message)
    return frame


def _rule(frame: pl.DataFrame, known_at: str | None, source: str) -> KnownAtRule | None:
    if KNOWN_AT in frame.columns and known_at is None:
        return None
    if KNOWN_AT in frame.columns:
        message = f"{source} has a column known_at, and the rule {known_at!r} is stated; leave the rule out"
        raise UsageError(message)
    if known_at is None:
        message = (
            f"{source} has no column known_at: state when its values became known, as in known_at={EXAMPLE!r} "
            f"(--known-at {EXAMPLE!r}), or add the column; weather that nobody had at the gate would be look-ahead"
        )
        raise UsageError(message)
    return KnownAtRule.parse(known_at)


def _weather_columns(frame: pl.DataFrame, findings: Findings) -> list[str]:
    names: list[str] = []
    for name in frame.columns:
        if name in {TIME, KNOWN_AT, IS_SYNTHETIC}:
            continue
        try:
            weather_unit(name)
        except UsageError:
            mend = "if it is weather, end its name in its unit, as in temperature_c, wind_speed_m_per_s, cloud_cover"
            findings.note(FindingKind.UNKNOWN_COLUMN, "left out, as its name says no unit of weather", name, mend=mend)
        else:
            names.append(name)
    if not names:
        message = (
            f"{findings.source} has no column of weather; name them temperature_c, wind_speed_m_per_s, "
            f"radiation_w_per_m2, cloud_cover; it has {', '.join(frame.columns)}"
        )
        raise DataError(message)
    return names


def _one_of_each(
    time_ns: IntArray, known_at_ns: IntArray, columns: dict[str, FloatArray], rows: IntArray, findings: Findings
) -> IntArray:
    """Sort by time and publication; drop a row that repeats another, refuse one that contradicts it."""
    order = np.lexsort((rows, known_at_ns, time_ns))
    is_twice = (np.diff(time_ns[order]) == 0) & (np.diff(known_at_ns[order]) == 0)
    at = np.flatnonzero(is_twice)
    first, second = order[at], order[at + 1]
    differs: BoolArray = np.zeros(at.size, dtype=np.bool_)
    for values in columns.values():
        differs |= ~((values[first] == values[second]) | (np.isnan(values[first]) & np.isnan(values[second])))
    if differs.any():
        index = second[differs][0]
        findings.refuse(
            FindingKind.CONFLICTING_DUPLICATE,
            f"{from_ns(int(time_ns[index])):%Y-%m-%dT%H:%MZ} stands twice with the same known_at and other values",
            "keep one of them, or give each its own known_at",
            row=int(rows[index]),
            count=int(differs.sum()),
        )
    if at.size > differs.sum():
        index = second[~differs][0]
        findings.note(
            FindingKind.DUPLICATE,
            f"{from_ns(int(time_ns[index])):%Y-%m-%dT%H:%MZ} stands twice with the same values; one is kept",
            row=int(rows[index]),
            count=int(at.size - differs.sum()),
        )
    return order[np.concatenate(([True], ~is_twice))]


def _smallest_step(time_ns: IntArray, source: str) -> timedelta:
    distinct = np.unique(time_ns)
    if distinct.size == 1:
        message = f"{source}: a single time does not tell the length of its interval; state step"
        raise DataError(message)
    smallest_ns = int(np.diff(distinct).min())
    for step in STEPS:
        if duration_ns(step) == smallest_ns:
            return step
    message = f"{source}: times are {smallest_ns / 6e10:g} min apart; 10, 15 or 30 minutes, 1, 3 or 6 hours are read"
    raise DataError(message)


def _note_gaps(time_ns: IntArray, step: timedelta, findings: Findings) -> None:
    distinct = np.unique(time_ns)
    gaps = np.flatnonzero(np.diff(distinct) > duration_ns(step))
    if gaps.size:
        n_missing = int(np.sum(np.diff(distinct)[gaps] // duration_ns(step) - 1))
        findings.note(
            FindingKind.GAP,
            f"no weather after {from_ns(int(distinct[gaps[0]])):%Y-%m-%dT%H:%MZ}; it stays missing",
            TIME,
            mend="add the rows if the source has them",
            count=n_missing,
        )


def _check_range(name: str, values: FloatArray, n_per_week: int, rows: IntArray, findings: Findings) -> None:
    unit = weather_unit(name)
    hint = suspected_unit(name, values, n_per_week)
    outside = np.flatnonzero((values < unit.low) | (values > unit.high))
    row = int(rows[outside].min()) if outside.size else 0
    if hint:
        seen, _, mend = hint.partition("; ")
        findings.refuse(FindingKind.WRONG_UNIT, seen, mend, name, row=row, count=max(1, outside.size))
    elif outside.size:
        index = outside[np.argmin(rows[outside])]
        findings.refuse(
            FindingKind.IMPLAUSIBLE_VALUE,
            f"{values[index]:g} {unit.unit} is outside [{unit.low:g}, {unit.high:g}]",
            "empty the cell if the source had no value, else correct it",
            name,
            row=row,
            count=outside.size,
        )
