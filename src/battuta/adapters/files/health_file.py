"""A file of measured states of health, as the table [telemetry] of a study names it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl

from battuta.adapters.files.series_columns import IS_SYNTHETIC, ROW_OF_FIRST, numbers, one_column, read_table, texts
from battuta.domain.errors import DataError
from battuta.domain.measured_health import ONLY_SITE, MeasuredHealth, TelemetryFile
from battuta.numerics.arrays import FloatArray

AGES = ("date", "days")
"""Columns that are known as ages: calendar dates, or days since commissioning."""
_CAPACITY, _DEVIATION, _RESISTANCE, _SITE, _UNIT = "soh_capacity", "deviation", "soh_resistance", "site", "unit"


def read_measured_health(path: Path, named: TelemetryFile) -> MeasuredHealth:
    r"""Read measured states of health.

    Parameters
    ----------
    path : Path
        CSV (also ``.csv.gz``) or Parquet with ``date`` (YYYY-MM-DD) or ``days`` since commissioning, ``soh_capacity``,
        and optionally ``deviation``, ``soh_resistance``, ``site``, ``unit``, ``is_synthetic``.
    named : TelemetryFile
        The table that names it.

    Returns
    -------
    MeasuredHealth
        Its rows by site, unit and day.

    Raises
    ------
    DataError
        If the file cannot be read, lacks a column, or holds a health that cannot be.
    UsageError
        If `own_site` is none of its sites.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "soh.csv"
    ...     _ = path.write_text("days,soh_capacity\n365,0.975\n180,0.984\n")
    ...     read_measured_health(path, TelemetryFile(path="soh.csv", lived_as="base", deviation=0.01)).day
    array([180., 365.])
    """
    source = str(path)
    frame = read_table(path, "measured states of health")
    day = _days(frame, named, source)
    soh = _whole(frame, _CAPACITY, source)
    if _DEVIATION in frame.columns and named.deviation is not None:
        message = f"{source} has a column {_DEVIATION}, and [telemetry] deviation = {named.deviation:g}; leave one out"
        raise DataError(message)
    if _DEVIATION in frame.columns:
        deviation = _whole(frame, _DEVIATION, source)
    elif named.deviation is not None:
        deviation = np.full(day.size, named.deviation)
    else:
        message = f"{source} has no column {_DEVIATION}; add it, or write [telemetry] deviation: 1 % is 0.01"
        raise DataError(message)
    has_resistance = _RESISTANCE in frame.columns
    resistance = numbers(frame[_RESISTANCE], source) if has_resistance else np.full(day.size, np.nan)
    if has_resistance and named.soh_resistance_deviation is None:
        message = f"{source} has {_RESISTANCE}; write [telemetry] soh_resistance_deviation, its standard deviation"
        raise DataError(message)
    if not has_resistance and named.soh_resistance_deviation is not None:
        message = (
            f"{source} has no column {_RESISTANCE}, of which [telemetry] soh_resistance_deviation = "
            f"{named.soh_resistance_deviation:g} speaks; add it, or leave that out"
        )
        raise DataError(message)
    site, unit = _names(frame, _SITE, ONLY_SITE, source), _names(frame, _UNIT, "whole", source)
    order = sorted(range(day.size), key=lambda row: (site[row], unit[row], day[row]))
    return MeasuredHealth(
        site=tuple(site[row] for row in order),
        unit=tuple(unit[row] for row in order),
        day=day[order],
        soh_capacity=soh[order],
        deviation=deviation[order],
        soh_resistance=resistance[order],
        own_site=_own_site(site, named, source),
        source=named.path,
        is_synthetic=_is_synthetic(frame, source),
    )


def _own_site(site: list[str], named: TelemetryFile, source: str) -> str | None:
    if named.is_of_sister_sites or named.own_site is not None:
        return named.own_site
    found = sorted(set(site))
    if len(found) > 1:
        message = (
            f"{source} has rows of sites {', '.join(found)}; write [telemetry] own_site = the one that is this "
            "battery, or is_of_sister_sites = true"
        )
        raise DataError(message)
    return found[0]


def _days(frame: pl.DataFrame, named: TelemetryFile, source: str) -> FloatArray:
    """Days since commissioning. [d]"""
    name = one_column(frame, AGES, "ages", source)
    if name == "days":
        return _whole(frame, name, source)
    if named.commissioned is None:
        message = f"{source} has dates; write [telemetry] commissioned = the first day of operation, or a column days"
        raise DataError(message)
    cells = texts(frame[name], source)
    dates = cells.str.to_date("%Y-%m-%d", strict=False)
    wrong = dates.is_null().to_numpy()
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        message = f"{source}, row {at + ROW_OF_FIRST}, column {name}: {cells[at]!r} is no date; write YYYY-MM-DD"
        raise DataError(message)
    day = np.array([(each - named.commissioned).days for each in dates.to_list()], dtype=np.float64)
    early = np.flatnonzero(day < 1.0)
    if early.size:
        at = int(early[0])
        message = (
            f"{source}, row {at + ROW_OF_FIRST}: {cells[at]} lies {-day[at]:.0f} days before commissioning "
            f"({_text(named.commissioned)}), or on that day; health is measured after it"
        )
        raise DataError(message)
    return day


def _text(date: dt.date) -> str:
    return f"{date:%Y-%m-%d}"


def _whole(frame: pl.DataFrame, column: str, source: str) -> FloatArray:
    """Numbers of a column without gaps."""
    if column not in frame.columns:
        has = ", ".join(name or "(no name)" for name in frame.columns)
        message = f"{source} has no column {column}; it has {has}"
        raise DataError(message)
    values = numbers(frame[column], source)
    empty = np.flatnonzero(~np.isfinite(values))
    if empty.size:
        message = f"{source}, row {empty[0] + ROW_OF_FIRST}, column {column}: no number; leave out rows without one"
        raise DataError(message)
    return values


def _names(frame: pl.DataFrame, column: str, otherwise: str, source: str) -> list[str]:
    if column not in frame.columns:
        return [otherwise] * frame.height
    names: list[str] = texts(frame[column], source).to_list()
    return names


def _is_synthetic(frame: pl.DataFrame, source: str) -> bool:
    if IS_SYNTHETIC not in frame.columns:
        return False
    return bool((texts(frame[IS_SYNTHETIC], source).str.to_lowercase() != "false").any())
