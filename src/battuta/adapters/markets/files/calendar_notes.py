"""What the calendar says about a file: days of 23 and 25 hours, regularised days, other offsets, a stray year."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from battuta.adapters.markets.files.grid import Rows
from battuta.adapters.markets.files.inspection import Inspection, counted
from battuta.adapters.markets.files.wall_clock import wall_clock_of
from battuta.domain.imports import FindingKind
from battuta.domain.time import NS_PER_DAY, Clock, ClockKind, delivery_days, zone_of
from battuta.numerics.arrays import IntArray

ROUNDING_PER_MWH = 0.0051
"""Half a cent: prices are published to two places. [currency/MWh]"""
_HOUR_US = 3_600_000_000
_MINUTE_US = 60_000_000
_N_ROWS_OF_A_YEAR = 25


def note_dst_days(table: Rows, zone: str, inspection: Inspection) -> None:
    """Name the days of 23 or 25 hours that a real series holds."""
    days = delivery_days(table.time_us * 1_000, zone)
    lengths_ns = np.diff(days.start_ns)
    at = np.flatnonzero((lengths_ns != NS_PER_DAY) & (np.diff(days.start_index) > 0))
    if not at.size:
        return
    names = [f"{days.dates[day]} ({lengths_ns[day] / (NS_PER_DAY / 24):g} h)" for day in at.tolist()]
    inspection.note(
        FindingKind.DST_DAY,
        f"clocks in {zone} change within {counted(at.size, 'day')}: {_listed(names)}",
        row=int(table.rows[days.start_index[at[0]]]),
        column="time",
        count=int(at.size),
    )


def note_other_offsets(table: Rows, label_us: IntArray, clock: Clock, zone: str, inspection: Inspection) -> None:
    """Name the rows whose labels carry another offset than clocks in the zone of the market have at that instant.

    A file that is written in UTC throughout contradicts no zone.

    Parameters
    ----------
    table : Rows
        Rows at the instants of their labels.
    label_us : ndarray, shape (n_rows,)
        What the labels show, as if it were UTC. [us]
    clock : Clock
        Clock of the labels; only labels with their own offsets say anything about a zone.
    zone : str
        Zone of the market's delivery day.
    inspection : Inspection
        Takes the note.
    """
    if clock.kind is not ClockKind.OFFSET or np.array_equal(label_us, table.time_us):
        return
    fixed = zone_of(zone).utcoffset(None)
    wall_us = (
        wall_clock_of(table.time_us, zone) if fixed is None else table.time_us + fixed // timedelta(microseconds=1)
    )
    at = np.flatnonzero(label_us != wall_us)
    if not at.size:
        return
    first = int(at[0])
    labelled, shown = (_with_offset(int(each[first]), int(table.time_us[first])) for each in (label_us, wall_us))
    runs = np.split(table.rows[at], np.flatnonzero(np.diff(at) != 1) + 1)
    names = [f"{run[0]} to {run[-1]}" if run.size > 1 else f"{run[0]}" for run in runs]
    inspection.note(
        FindingKind.OTHER_OFFSET,
        f"{counted(at.size, 'label')} with another offset than clocks in {zone} have, first {labelled} where they show "
        f"{shown}: rows {_listed(names)}",
        "state the zone of the market, or correct the labels; they are taken at the instants that they say",
        row=int(table.rows[first]),
        column="time",
        count=int(at.size),
    )


def note_regularised_days(table: Rows, name: str, zone: str, step_us: int, inspection: Inspection) -> None:
    """Say what a file with 24 hours every day holds in the hour that clocks skip.

    Parameters
    ----------
    table : Rows
        Rows with rising labels.
    name : str
        Column of the price.
    zone : str
        Zone whose clocks the market keeps.
    step_us : int
        Length of an interval. [us]
    inspection : Inspection
        Takes the note.
    """
    skipped_us = _skipped_labels_us(table.time_us, zone)
    at = np.searchsorted(table.time_us, skipped_us)
    n_hour = max(1, _HOUR_US // step_us)
    at = at[(at >= n_hour) & (at + n_hour < table.time_us.size)]
    at = at[np.isin(table.time_us[at], skipped_us)]
    if not at.size:
        return
    price_per_mwh = table.values[name]
    before_per_mwh, after_per_mwh = price_per_mwh[at - n_hour], price_per_mwh[at + n_hour]
    is_copy = price_per_mwh[at] == before_per_mwh
    is_mean = np.abs(price_per_mwh[at] - (before_per_mwh + after_per_mwh) / 2.0) <= ROUNDING_PER_MWH
    n_copied, n_mean = int(is_copy.sum()), int((is_mean & ~is_copy).sum())
    inspection.note(
        FindingKind.DST_DAY,
        f"{counted(at.size, 'spring day')} with an hour that clocks in {zone} skip, {n_copied} with the price of the "
        f"hour before, {n_mean} with the mean of their neighbours; autumn days have lost one: never settled as real",
        row=int(table.rows[at[0]]),
        column="time",
        count=int(at.size),
    )


def note_stray_year(table: Rows, label_us: IntArray, name: str, inspection: Inspection) -> None:
    """Name a single first or last row whose label lies in another year than all rows beside it."""
    if label_us.size < _N_ROWS_OF_A_YEAR:
        return
    for row, beside in ((0, 1), (-1, -2)):
        years = label_us[[row, beside]].astype("datetime64[us]").astype("datetime64[Y]")
        if years[0] == years[1]:
            continue
        price_per_mwh = table.values[name]
        copied = " and repeats the price beside it" if price_per_mwh[row] == price_per_mwh[beside] else ""
        inspection.note(
            FindingKind.STRAY_YEAR,
            f"this row alone is of {years[0]}, the rows beside it of {years[1]}{copied}; it is kept",
            row=int(table.rows[row]),
            column="time",
        )


def _with_offset(label_us: int, instant_us: int) -> str:
    """Write what a clock shows with its offset."""
    minutes = (label_us - instant_us) // _MINUTE_US
    shown = str(np.datetime64(label_us, "us").astype("datetime64[m]")).replace("T", " ")
    return f"{shown}{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _skipped_labels_us(time_us: IntArray, zone: str) -> IntArray:
    """Return the first label of each hour that clocks skip, as if it were UTC."""
    first = datetime.fromtimestamp(int(time_us[0]) // 1_000_000, UTC).date()
    last = datetime.fromtimestamp(int(time_us[-1]) // 1_000_000, UTC).date()
    tz = zone_of(zone)
    skipped: list[int] = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if _offset(day, zone) == _offset(day + timedelta(days=1), zone):
            continue
        for hour in range(24):
            label = datetime.combine(day, time(hour), tzinfo=tz)
            if label.astimezone(UTC).astimezone(tz).replace(tzinfo=None) != label.replace(tzinfo=None):
                skipped.append(int(label.replace(tzinfo=UTC).timestamp()) * 1_000_000)
    return np.array(skipped, dtype=np.int64)


def _offset(day: date, zone: str) -> timedelta | None:
    return datetime.combine(day, time(0), tzinfo=zone_of(zone)).utcoffset()


def _listed(names: list[str]) -> str:
    n_shown = 6
    if len(names) <= n_shown:
        return ", ".join(names)
    return f"{', '.join(names[: n_shown - 1])}, ... {names[-1]}"
