"""Evidence of what was told of a cell: beside its string in a day and over the days, and the test that spoke."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from battuta.domain.health import Finding
from battuta.domain.time import NS_PER_DAY, from_ns
from battuta.health.scan_record import TRACKS, StringRecord
from battuta.health.scan_record_day import DayVoltages
from battuta.health.scan_record_tests import DecidingTest
from battuta.interfaces.reports.health_chart import Line, Scale, Tick, chart, day_ticks, scale_of
from battuta.interfaces.reports.health_words import (
    ADVICE,
    LEVEL_WORDS,
    evidence_pairs,
    fault_words,
    likely_text,
    limit_words,
    place_words,
    shown,
    since_text,
    told_text,
)
from battuta.interfaces.reports.markup import Html, element
from battuta.numerics.arrays import FloatArray

_LEAST: Final = {"charge": 0.2, "resistance_ohm": 20.0, "offset_v": 1.0, "capacity_share": 0.5}
"""Narrowest axes, so that noise is not blown up. [unit on the screen]"""
_NAMES: Final = {"charge": "Charge", "resistance_ohm": "Resistance at 25 °C", "offset_v": "Offset of the channel",
                 "capacity_share": "Capacity"}  # fmt: skip
_HOURS: Final = (0, 6, 12, 18, 24)
_TESTS_MAX: Final = 3
_ACT_ROOM: Final = 1.5
_SETTLING_DAYS: Final = 10
"""First days of a track, whose swings do not widen its axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that was told of one cell, or of a string as a whole.

    Attributes
    ----------
    key : str
        Its place on the page.
    findings : tuple of Finding
        The gravest first.
    record : StringRecord or None
        What was kept of the string.
    tests : tuple of tuple of Finding and DecidingTest
        Findings with the test that decided, where that is known.
    label : str
        What the file calls the cell; empty where it has no name for it.
    """

    key: str
    findings: tuple[Finding, ...]
    record: StringRecord | None
    tests: tuple[tuple[Finding, DecidingTest], ...]
    label: str = ""


def card(case: Case) -> Html:
    """Make the card of a cell.

    Parameters
    ----------
    case : Case
        What was told of it.

    Returns
    -------
    Html
        An article: what it means, what to do, what was measured, and the figures.
    """
    first = case.findings[0]
    level = first.level.name.lower()
    heading = element(
        "h3",
        element("span", level, class_=f"level {level}"),
        f" {first.string_id}, {place_words(first, case.label)}: {fault_words(first.fault)}",
    )
    faults = list(dict.fromkeys(each.fault for each in case.findings))
    meaning = [
        element("p", element("b", f"{fault_words(each).capitalize()}. "), ADVICE[each].meaning, " ", ADVICE[each].step)
        for each in faults
    ]
    told = element("ul", *map(_told, case.findings), class_="told")
    figures = element("div", *_figures(case), class_="figures")
    return element("article", heading, *meaning, told, figures, class_=f"card {level}", id=case.key)


def _told(finding: Finding) -> Html:
    """Say one finding in one line."""
    level = finding.level.name.lower()
    measured = "; ".join(f"{name} {value}" for name, value in evidence_pairs(finding))
    limit = f" The string meets its limit in {limit_words(finding)}." if finding.days_to_limit else ""
    words = (
        f" ({LEVEL_WORDS[finding.level]}): {fault_words(finding.fault)} since {since_text(finding)}, told "
        f"{told_text(finding)}; likely {likely_text(finding)}.{limit}"
    )
    return element(
        "li", element("span", level, class_=f"level {level}"), words, f" Measured: {measured}." if measured else ""
    )


def _figures(case: Case) -> list[Html]:
    record, cell = case.record, case.findings[0].cell
    if record is None or not record.days.size:
        return [element("p", "Nothing was kept of the days: they were seen by an earlier run.", class_="quiet")]
    found: list[Html] = []
    voltages = record.voltages.get(-1 if cell is None else cell)
    if voltages is not None and voltages.time_ns.size:
        found += _day(voltages, has_cell=cell is not None)
    found += [_test(record, test, finding) for finding, test in case.tests[:_TESTS_MAX]]
    if cell is not None and cell in record.tracks:
        found += [_track(record, cell, name, case.findings) for name in _NAMES]
    return found


def _day(voltages: DayVoltages, *, has_cell: bool) -> list[Html]:
    """Voltages of a day, and how far the cell lay from the middle."""
    day = int(voltages.time_ns[0] // NS_PER_DAY)
    hours = (voltages.time_ns - day * NS_PER_DAY) / 3.6e12
    x_scale = Scale(low=0.0, high=24.0)
    ticks = [Tick(share=hour / 24.0, text=f"{hour:02d}:00") for hour in _HOURS]
    on = f"{from_ns(day * NS_PER_DAY):%d %b %Y}, UTC"
    whole = [
        Line(y=voltages.low_v, upper=voltages.high_v, kind="band"),
        Line(y=voltages.middle_v, kind="middle"),
        Line(y=voltages.voltage_v, kind="cell"),
    ]
    y_scale = scale_of(voltages.low_v, voltages.high_v, voltages.voltage_v, least=0.01)
    found = [chart(f"Voltage on {on}, V", hours, whole, x_scale=x_scale, y_scale=y_scale, x_ticks=ticks)]
    if has_cell:
        low, high, cell = (
            1e3 * (each - voltages.middle_v) for each in (voltages.low_v, voltages.high_v, voltages.voltage_v)
        )
        apart = [Line(y=low, upper=high, kind="band"), Line(y=0.0 * low, kind="middle"), Line(y=cell, kind="cell")]
        title = "The same beside the middle of the string, mV"
        y_scale = scale_of(low, high, cell, least=2.0)
        found.append(chart(title, hours, apart, x_scale=x_scale, y_scale=y_scale, x_ticks=ticks))
    current = [Line(y=0.0 * voltages.current_a, kind="middle"), Line(y=voltages.current_a, kind="current")]
    y_scale = scale_of(voltages.current_a, least=2.0)
    title = "Current of the string, A, discharge positive"
    found.append(chart(title, hours, current, x_scale=x_scale, y_scale=y_scale, x_ticks=ticks))
    return found


def _track(record: StringRecord, cell: int, name: str, findings: Sequence[Finding]) -> Html:
    """A quantity of the cell over the days, beside the band of its string."""
    k, known = TRACKS.index(name), shown(name)
    low, middle, high = known.factor * record.band[k]
    own = known.factor * record.tracks[cell][k]
    after = slice(_SETTLING_DAYS if record.days.size > 2 * _SETTLING_DAYS else 0, None)
    y_scale = scale_of(low[after], high[after], own[after], least=_LEAST[name])
    lines = [Line(y=low, upper=high, kind="band"), Line(y=middle, kind="middle"), Line(y=own, kind="cell")]
    title = f"{_NAMES[name]} beside the middle of the string, {known.unit}"
    return _over_days(title, record, record.days.astype(np.float64), lines, y_scale, findings)


def _test(record: StringRecord, test: DecidingTest, finding: Finding) -> Html:
    """The test that decided over the days, with its limits."""
    known = shown(test.name)
    effect, low, high, watch, act = (
        known.factor * each for each in (test.effect, test.low, test.high, test.watch, test.act)
    )
    largest = float(np.nanmax(effect)) if np.isfinite(effect).any() else 0.0
    limits = [float(np.nanmedian(each)) for each in (watch, act) if np.isfinite(each).any()]
    inside = [each for each in limits if each < _ACT_ROOM * max(largest, limits[0])] if limits else []
    lines = [
        Line(y=low, upper=high, kind="band"),
        Line(y=watch, kind="watch"),
        Line(y=act, kind="act"),
        Line(y=effect, kind="cell"),
    ]
    against = "against its own past" if test.against == "past" else "against its string"
    title = f"What was tested: {known.name}, {against}, over {test.window_days} days, {known.unit}"
    y_scale = scale_of(effect, _bulk(low, high), inside)
    return _over_days(title.rstrip(", "), record, test.days.astype(np.float64), lines, y_scale, [finding])


def _bulk(low: FloatArray, high: FloatArray) -> FloatArray:
    """Where the band mostly lies; its first days may be wild."""
    known = np.concatenate([low[np.isfinite(low)], high[np.isfinite(high)]])
    return np.quantile(known, (0.05, 0.95)) if known.size else known


def _over_days(
    title: str,
    record: StringRecord,
    days: FloatArray,
    lines: Sequence[Line],
    y_scale: Scale,
    findings: Sequence[Finding],
) -> Html:
    """Draw something over the days of a string, with where findings began and were told."""
    first, last = int(record.days[0]), int(record.days[-1]) + 1
    began = (min(each.since_ns for each in findings) / NS_PER_DAY, "since")
    told = (min(each.found_ns for each in findings) / NS_PER_DAY, "told")
    x_scale, ticks = Scale(low=first, high=last), day_ticks(first, last)
    return chart(title, days + 0.5, lines, x_scale=x_scale, y_scale=y_scale, x_ticks=ticks, uprights=[began, told])
