"""Cleaning as an explicit step: rows of a file in, checked blocks out, and a finding for whatever was done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from battuta.adapters.telemetry.findings import Findings, counted
from battuta.adapters.telemetry.ordering import in_order
from battuta.adapters.telemetry.plausible import (
    PlausibleRange,
    note_what_looks_wrong,
    require_usual_voltages,
    with_missing,
)
from battuta.adapters.telemetry.rows import GAP_STEPS, Rows, commonest_step_ns
from battuta.domain.errors import DataError
from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_HOUR, NS_PER_S
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.ports.telemetry import BlockImport, TelemetryFlaw

_OFF_GRID = 0.1


def checked(
    parts: Iterable[Rows],
    findings: Findings,
    limits: PlausibleRange | None = None,
    *,
    source: str,
    seen_ns: int | None = None,
) -> Iterator[BlockImport]:
    """Turn rows of one string into blocks, one for each part.

    Parameters
    ----------
    parts : iterable of Rows
        In the order of time, none reaching into another's times; taken one by one.
    findings : Findings
        What was seen of the string so far; handed over with the blocks.
    limits : PlausibleRange, optional
        What a sensor can have measured.
    source : str
        File or folder, for the error.
    seen_ns : int, optional
        Last row that an earlier run has seen, before which nothing is missing. [ns]

    Yields
    ------
    BlockImport
        A block and its findings.

    Raises
    ------
    DataError
        If no row at all is usable, or voltages are in another unit than V.
    """
    limits = PlausibleRange() if limits is None else limits
    before: Rows | None = None
    for part in parts:
        rows = in_order(part, findings)
        if not rows.n_times:
            continue
        _note_count(rows, before, findings)
        before_ns = seen_ns if before is None else int(before.time_ns[-1])
        before_ns = None if before_ns is None or before_ns >= rows.time_ns[0] else before_ns
        _note_grid(rows, before_ns, findings)
        require_usual_voltages(rows, source)
        rows = _with_charge(with_missing(rows, limits, findings), before_ns, findings)
        note_what_looks_wrong(rows, limits, findings)
        before = rows.take(slice(-1, None))
        yield BlockImport(block=_block(rows), findings=findings.taken())
    if before is None:
        seen = "".join(f"\n  - {finding}" for finding in findings.taken())
        message = f"{source}: string {findings.string_id} has no usable row; export it again{seen}"
        raise DataError(message)


def _block(rows: Rows) -> Block:
    return Block(
        string_id=rows.string_id,
        time_ns=rows.time_ns,
        current_a=rows.current_a,
        voltage_v=rows.voltage_v,
        temperature_c=rows.temperature_c,
        bleed_ah=rows.bleed_ah,
    )


def _note_count(rows: Rows, before: Rows | None, findings: Findings) -> None:
    """Say so where the string has other cells than in the block before."""
    if before is None or rows.shape == before.shape:
        return
    names = ("cells", "temperature sensors", "balancer channels")
    changes = [
        f"{name} from {was} to {now}"
        for name, was, now in zip(names, before.shape, rows.shape, strict=True)
        if was != now
    ]
    detail = f"{', '.join(changes)}; a new block begins"
    findings.note_rows(TelemetryFlaw.CELL_COUNT, detail, rows.time_ns, rows.number, np.zeros(1, dtype=np.int64))


def _distances_ns(rows: Rows, before_ns: int | None) -> IntArray:
    """Distance of each row from the one before it, -1 for the first of all. [ns]"""
    first_ns = -1 if before_ns is None else int(rows.time_ns[0]) - before_ns
    return np.concatenate((np.array([first_ns], dtype=np.int64), np.diff(rows.time_ns)))


def _note_grid(rows: Rows, before_ns: int | None, findings: Findings) -> None:
    """Count the rows that are not there, and the distances that are no multiple of the step."""
    distance_ns, step_ns = _distances_ns(rows, before_ns), commonest_step_ns(rows.time_ns)
    if not step_ns:
        return
    is_gap = distance_ns > GAP_STEPS * step_ns
    steps = distance_ns / step_ns
    if is_gap.any():
        places = np.flatnonzero(is_gap)
        n_missing = int(np.round(steps[places] - 1.0).sum())
        longest = float(distance_ns.max()) / NS_PER_S
        findings.note(
            TelemetryFlaw.GAP,
            "time",
            f"{counted(n_missing, 'row')} missing before this one and later, at a step of {step_ns / NS_PER_S:g} s "
            f"(longest distance {longest:g} s); they stay gaps",
            first_ns=int(rows.time_ns[places[0]]),
            row=0 if rows.number is None else int(rows.number[places[0]]),
            count=n_missing,
        )
    is_off = (distance_ns > 0) & (np.abs(steps - np.round(steps)) > _OFF_GRID)
    detail = f"{counted(int(is_off.sum()), 'distance')} off the step of {step_ns / NS_PER_S:g} s; kept"
    findings.note_rows(TelemetryFlaw.IRREGULAR_STEP, detail, rows.time_ns, rows.number, np.flatnonzero(is_off))


def _with_charge(rows: Rows, before_ns: int | None, findings: Findings) -> Rows:
    """Turn the current of the balancer into charge since the row before, unknown after a gap."""
    if rows.bleed_a is None:
        return rows
    distance_ns, step_ns = _distances_ns(rows, before_ns), commonest_step_ns(rows.time_ns)
    unknown = (distance_ns < 0) | (distance_ns > GAP_STEPS * step_ns)
    hours: FloatArray = np.where(unknown, np.nan, distance_ns / NS_PER_HOUR)
    detail = (
        f"{counted(int(unknown.sum()), 'row')} after a gap or at the beginning: nobody knows what was bled since the "
        "row before; missing"
    )
    findings.note_rows(TelemetryFlaw.UNKNOWN_BLEED, detail, rows.time_ns, rows.number, np.flatnonzero(unknown))
    return Rows(
        string_id=rows.string_id,
        time_ns=rows.time_ns,
        number=rows.number,
        current_a=rows.current_a,
        voltage_v=rows.voltage_v,
        temperature_c=rows.temperature_c,
        bleed_ah=rows.bleed_a * hours[:, None],
    )
