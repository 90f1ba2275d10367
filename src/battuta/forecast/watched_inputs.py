"""The inputs of a forecast as they were trusted at each gate: what was found spoiled by then is treated as missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import time

import numpy as np

from battuta.domain.input_finding import InputFault, InputFinding
from battuta.domain.prices import PRICE
from battuta.domain.time import NS_PER_HOUR, ClockKind, from_ns, local_instant_ns, zone_of
from battuta.forecast.day_table import DayTable, KnownDays
from battuta.forecast.spoiled_inputs import SpoilWatch
from battuta.numerics.arrays import FloatArray, IntArray

_LEARN_EVERY_DAYS = 364
_HISTORY_DAYS_MIN = 56
_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WatchedYear:
    """What a watch said whose limits were learned on one day.

    Attributes
    ----------
    learned : int
        Day at whose gate the limits were learned; they hold until those of the next year.
    found_on : mapping of str to ndarray, shape (n_days,)
        For each column and row, the day at whose gate it was found spoiled; a huge number where it was not.
    """

    learned: int
    found_on: Mapping[str, IntArray]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WatchedInputs:
    """What a watch of all inputs said, gate by gate.

    Attributes
    ----------
    years : tuple of WatchedYear
        One for each time that limits were learned, ascending.
    notes : mapping of int to tuple of str
        What was said of the newest rows at the gate of a day.
    """

    years: tuple[WatchedYear, ...]
    notes: Mapping[int, tuple[str, ...]]

    def found_on(self, day: int) -> Mapping[str, IntArray]:
        """When rows were found spoiled, by the limits that hold at the gate of a day; see `WatchedYear`."""
        held = [each for each in self.years if each.learned <= day]
        return held[-1].found_on if held else {}

    def trusted(self, known: KnownDays) -> KnownDays:
        """Return what is known with the rows that were found spoiled by then as missing."""
        return replace(
            known,
            price_per_mwh=self._trusted(PRICE, known.price_per_mwh, known.day),
            columns={name: self._trusted(name, rows, known.day) for name, rows in known.columns.items()},
        )

    def _trusted(self, name: str, rows: FloatArray, day: int) -> FloatArray:
        found_on = self.found_on(day)
        if name not in found_on:
            return rows
        is_spoiled = found_on[name][: rows.shape[0]] <= day
        if not is_spoiled.any():
            return rows
        return np.where(is_spoiled[:, None], np.nan, rows)


def watch_inputs(table: DayTable, first: int, stop: int) -> WatchedInputs:
    """Watch all inputs from gate to gate.

    The limits of what is usual are learned anew on fixed dates a year apart, from all days before, so that a day is
    judged alike whatever days are asked for.

    Parameters
    ----------
    table : DayTable
        The days.
    first, stop : int
        Gates of the days ``[first, stop)``.

    Returns
    -------
    WatchedInputs
        What was found, and when: in prices, and in the series that are published before the gate. Nothing is looked for
        in less than 56 days of history.
    """
    offset_h = _offsets_h(table, stop)
    years: list[WatchedYear] = []
    notes: dict[int, tuple[str, ...]] = {}
    begin = first - table.dates[first].toordinal() % _LEARN_EVERY_DAYS
    while begin < stop:
        learned, end = max(begin, _HISTORY_DAYS_MIN), min(begin + _LEARN_EVERY_DAYS, stop)
        if learned < end:
            year, said = _watched_year(table, learned, end, offset_h)
            years.append(year)
            notes |= said
        begin += _LEARN_EVERY_DAYS
    return WatchedInputs(years=tuple(years), notes=notes)


def _watched_year(
    table: DayTable, learned: int, stop: int, offset_h: IntArray | None
) -> tuple[WatchedYear, dict[int, tuple[str, ...]]]:
    """Learn at the gate of one day, and watch from there to the gates of the days before `stop`."""
    known = table.at_gate(learned)
    timely = {name: each for name, each in known.columns.items() if each.shape[0] == learned + 1}
    rows = {PRICE: known.price_per_mwh, **timely}
    rows = {name: each for name, each in rows.items() if each.shape[0] >= _HISTORY_DAYS_MIN}
    if not rows:
        return WatchedYear(learned=learned, found_on={}), {}
    watch = SpoilWatch(rows, price=PRICE, utc_offset_h=offset_h)
    found_on = {name: np.full(stop + 1, _NEVER, dtype=np.int64) for name in rows}
    _date(watch.findings, found_on, learned)
    newest = [each for each in watch.findings if each.first_day > 0 and each.last_day == rows[each.column].shape[0] - 1]
    notes = {learned: _said(newest)} if newest else {}
    for day in range(learned + 1, stop):
        known = table.at_gate(day)
        grown_to = {name: (known.price_per_mwh if name == PRICE else known.columns[name]) for name in rows}
        grown = {name: each[-1] for name, each in grown_to.items() if each.shape[0] > watch.column(name).n_days}
        findings = watch.update(grown, None if offset_h is None else int(offset_h[day]))
        if findings:
            _date(findings, found_on, day)
            notes[day] = _said(findings)
    return WatchedYear(learned=learned, found_on=found_on), notes


def _said(findings: Iterable[InputFinding]) -> tuple[str, ...]:
    return tuple(f"{each.column}: {each.detail} [{each.kind}]; {each.mend}" for each in findings)


def _date(findings: Iterable[InputFinding], found_on: Mapping[str, IntArray], day: int) -> None:
    """Note the day at whose gate rows were first found spoiled.

    A shifted clock is told and not acted on: a sunny column whose hour is doubted still says more than none.
    """
    for each in findings:
        if each.is_refused and each.kind is not InputFault.SHIFT:
            dated = found_on[each.column][each.first_day : each.last_day + 1]
            dated[dated == _NEVER] = day


def _offsets_h(table: DayTable, stop: int) -> IntArray | None:
    """Hours by which the wall clock is ahead of UTC at noon of each day; None on the benchmark clock."""
    if table.clock is not ClockKind.UTC:
        return None
    offsets: list[int] = []
    for day in table.dates[:stop]:
        moment = from_ns(local_instant_ns(day, time(12), table.zone)).astimezone(zone_of(table.zone))
        offset = moment.utcoffset()
        offsets.append(0 if offset is None else round(offset.total_seconds() * 1e9 / NS_PER_HOUR))
    return np.array(offsets, dtype=np.int64)
