"""Rows into the order of time: what came twice, what came late, and what a clock that was set back has spoiled."""

from __future__ import annotations

import numpy as np

from battuta.adapters.telemetry.findings import Findings, counted
from battuta.adapters.telemetry.rows import GAP_STEPS, Rows, commonest_step_ns
from battuta.numerics.arrays import IntArray
from battuta.ports.telemetry import TelemetryFlaw

N_SECOND_PASS = 3
"""Late rows that fill no gap and make a second pass; fewer are single rows that somebody sent again. [-]"""


def in_order(rows: Rows, findings: Findings) -> Rows:
    """Sort rows by time, each instant once.

    Identical rows of one instant count once. Rows of one instant that differ are dropped, all of them. Rows that came
    late are sorted in where they fill a gap; where they run among rows that were there already, a clock was set back
    and nobody knows which pass is right: both are dropped.

    Parameters
    ----------
    rows : Rows
        In file order.
    findings : Findings
        Takes what was seen.

    Returns
    -------
    Rows
        Times strictly ascending.
    """
    if np.all(np.diff(rows.time_ns) > 0):
        return rows
    rows = _once_each(rows, findings)
    rows = _without_second_pass(rows, findings)
    return _without_conflicts(rows.take(np.argsort(rows.time_ns, kind="stable")), findings)


def _once_each(rows: Rows, findings: Findings) -> Rows:
    """Drop rows that equal an earlier row of the same instant."""
    order = np.argsort(rows.time_ns, kind="stable")
    twice = np.flatnonzero(np.diff(rows.time_ns[order]) == 0)
    if not twice.size:
        return rows
    equal = rows.is_same(order[twice], order[twice + 1])
    drop = np.sort(order[twice + 1][equal])
    findings.note_rows(
        TelemetryFlaw.DUPLICATE,
        f"{counted(drop.size, 'row')} equal to an earlier one of the same instant; the first is kept",
        rows.time_ns,
        rows.number,
        drop,
    )
    keep = np.ones(rows.n_times, dtype=np.bool_)
    keep[drop] = False
    return rows.take(keep)


def _without_conflicts(rows: Rows, findings: Findings) -> Rows:
    """Drop all sorted rows whose instant another row has too."""
    is_twin = np.diff(rows.time_ns) == 0
    if not is_twin.any():
        return rows
    drop = np.concatenate(([False], is_twin)) | np.concatenate((is_twin, [False]))
    findings.note_rows(
        TelemetryFlaw.CONFLICTING_DUPLICATE,
        f"{counted(int(drop.sum()), 'row')} share an instant with a row of other values; all of them are dropped",
        rows.time_ns,
        rows.number,
        np.flatnonzero(drop),
    )
    return rows.take(~drop)


def _without_second_pass(rows: Rows, findings: Findings) -> Rows:
    """Note late rows, and drop the stretches that two passes share."""
    time_ns = rows.time_ns
    latest_ns = np.maximum.accumulate(time_ns)
    late = np.concatenate((np.zeros(1, dtype=np.bool_), time_ns[1:] <= latest_ns[:-1]))
    if not late.any():
        return rows
    step_ns = commonest_step_ns(time_ns)
    drop = np.zeros(rows.n_times, dtype=np.bool_)
    n_passes = 0
    for start, stop in _runs(np.flatnonzero(late)):
        again_ns = _again_ns(time_ns, start, stop, step_ns)
        if again_ns.size >= N_SECOND_PASS and 2 * again_ns.size > stop - start:
            end_ns = min(int(again_ns.max()) + step_ns, int(latest_ns[start - 1]))
            drop[:stop] |= (time_ns[:stop] >= again_ns.min()) & (time_ns[:stop] <= end_ns)
            late[start:stop] = False
            n_passes += 1
    late &= time_ns < latest_ns
    findings.note_rows(
        TelemetryFlaw.LATE_ROW,
        f"{counted(int(late.sum()), 'row')} came after later ones; sorted in",
        time_ns,
        rows.number,
        np.flatnonzero(late),
    )
    findings.note_rows(
        TelemetryFlaw.CLOCK_SET_BACK,
        f"time runs through the same stretch again ({counted(n_passes, 'time')}), as after a clock was set back; the "
        f"{counted(int(drop.sum()), 'row')} of both passes are dropped",
        time_ns,
        rows.number,
        np.flatnonzero(drop),
    )
    return rows.take(~drop)


def _runs(places: IntArray) -> list[tuple[int, int]]:
    """Starts and stops of places that follow one another."""
    cuts = np.flatnonzero(np.diff(places) > 1) + 1
    starts, stops = places[np.concatenate(([0], cuts))], places[np.concatenate((cuts - 1, [-1]))] + 1
    return list(zip(starts.tolist(), stops.tolist(), strict=True))


def _again_ns(time_ns: IntArray, start: int, stop: int, step_ns: int) -> IntArray:
    """Times of a late run that fill no gap of the rows before it. [ns]"""
    before_ns, run_ns = np.sort(time_ns[:start]), time_ns[start:stop]
    place = np.searchsorted(before_ns, run_ns, side="right")
    below_ns = before_ns[np.maximum(place - 1, 0)]
    above_ns = before_ns[np.minimum(place, before_ns.size - 1)]
    is_filling = (place == 0) | ((above_ns - below_ns > GAP_STEPS * step_ns) & (below_ns != run_ns))
    return run_ns[~is_filling]
