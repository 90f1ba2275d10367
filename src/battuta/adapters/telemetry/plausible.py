"""Numbers that no sensor can have measured made missing, and those that look wrong named."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.adapters.telemetry.findings import Findings, counted
from battuta.adapters.telemetry.rows import Rows
from battuta.domain.errors import DataError
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.ports.telemetry import TelemetryFlaw

N_STUCK = 30
"""Rows that a cell must not move in before it counts as stuck. [-]"""
_N_SIGN, _N_SIGN_FEW = 30, 8
_CORRELATION, _CORRELATION_FEW = 0.5, 0.7
"""What tells the sign in many steps, and what does in the few of a battery that fills and empties once a day. [-]"""
_CELL_V = (0.5, 5.0)
_N_LOOKED_AT = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PlausibleRange:
    """What a sensor can have measured; everything else is an error code of the logger, and missing.

    Attributes
    ----------
    voltage_v_max : float
        Highest voltage of a cell; 0 V and below are missing too. [V]
    current_a_max : float
        Highest current of a string in either direction. [A]
    temperature_c_min, temperature_c_max : float
        Temperatures. [degC]
    bleed_ah_max : float
        Most charge that a balancer moves from one row to the next, in either direction. [Ah]
    bleed_a_max : float
        Highest current of a balancer, in either direction. [A]
    moved_v_min : float
        How far the mean of a string moves at least before a cell that does not move is called stuck. [V]
    """

    voltage_v_max: float = 5.0
    current_a_max: float = 20_000.0
    temperature_c_min: float = -60.0
    temperature_c_max: float = 200.0
    bleed_ah_max: float = 100.0
    bleed_a_max: float = 100.0
    moved_v_min: float = 0.02


def require_usual_voltages(rows: Rows, source: str) -> None:
    """Refuse voltages whose size says that they are in mV, or were turned from V into kV.

    Parameters
    ----------
    rows : Rows
        A part of a string.
    source : str
        File or folder, for the error.

    Raises
    ------
    DataError
        If half of the voltages above zero are those of cells a thousand times too large or too small.
    """
    some_v = rows.voltage_v[:: max(rows.n_times // _N_LOOKED_AT, 1)]
    known_v = some_v[some_v > 0.0]
    middle_v = float(np.median(known_v)) if 2 * known_v.size >= some_v.size > 0 else 1.0
    low_v, high_v = _CELL_V
    for factor, unit in ((1e3, "mV"), (1e-3, "kV")):
        if factor * low_v <= middle_v <= factor * high_v:
            message = (
                f"{source}: half of the voltages of string {rows.string_id} are above {middle_v:g}, as cells read in "
                f"{unit}; voltages have to be in V, or their unit has to be stated"
            )
            raise DataError(message)


def with_missing(rows: Rows, limits: PlausibleRange, findings: Findings) -> Rows:
    """Make impossible numbers missing, and count what is missing.

    Parameters
    ----------
    rows : Rows
        In order; the arrays are changed in place.
    limits : PlausibleRange
        What is possible.
    findings : Findings
        Takes what was seen.

    Returns
    -------
    Rows
        The same rows, NaN where a number is missing.
    """
    above_zero = float(np.finfo(np.float64).tiny)
    _mend(rows, "current_a", "A", rows.current_a[:, None], (-limits.current_a_max, limits.current_a_max), findings)
    _mend(rows, "voltage_v", "V", rows.voltage_v, (above_zero, limits.voltage_v_max), findings)
    bounds_c = (limits.temperature_c_min, limits.temperature_c_max)
    _mend(rows, "temperature_c", "degC", rows.temperature_c, bounds_c, findings)
    if rows.bleed_ah is not None:
        _mend(rows, "bleed_ah", "Ah", rows.bleed_ah, (-limits.bleed_ah_max, limits.bleed_ah_max), findings)
    if rows.bleed_a is not None:
        _mend(rows, "bleed_a", "A", rows.bleed_a, (-limits.bleed_a_max, limits.bleed_a_max), findings)
    return rows


def note_what_looks_wrong(rows: Rows, limits: PlausibleRange, findings: Findings) -> None:
    """Name cells that do not move and a current of the wrong sign; nothing is changed.

    Parameters
    ----------
    rows : Rows
        In order, impossible numbers missing.
    limits : PlausibleRange
        Says how far a string has to move.
    findings : Findings
        Takes what was seen.
    """
    if rows.n_times < N_STUCK or not rows.voltage_v.shape[-1]:
        return
    low_v, high_v = rows.voltage_v.min(axis=0), rows.voltage_v.max(axis=0)
    holed = np.isnan(low_v)
    if holed.any():
        low_v[holed] = np.fmin.reduce(rows.voltage_v[:, holed], axis=0)
        high_v[holed] = np.fmax.reduce(rows.voltage_v[:, holed], axis=0)
    moved_v = high_v - low_v
    known_v = moved_v[np.isfinite(moved_v)]
    if known_v.size and float(np.median(known_v)) >= limits.moved_v_min:
        for cell in np.flatnonzero(moved_v == 0.0).tolist():
            n_known = int(np.isfinite(rows.voltage_v[:, cell]).sum())
            if n_known >= N_STUCK:
                said = f"{low_v[cell]:g} V in {counted(n_known, 'row')} while its string moves"
                _note(rows, TelemetryFlaw.STUCK_VALUE, f"voltage_v[{cell}]", said, n_known, findings)
    _note_sign(rows, findings)


def _note_sign(rows: Rows, findings: Findings) -> None:
    """Say so where the string's voltage steps up with its discharge."""
    d_current_a, d_voltage_v = np.diff(rows.current_a), np.diff(rows.voltage_v.mean(axis=1))
    known = np.isfinite(d_current_a) & np.isfinite(d_voltage_v)
    known &= np.abs(np.where(known, d_current_a, 0.0)) > 0.05 * np.fmax.reduce(np.abs(rows.current_a), initial=0.0)
    n_steps = int(known.sum())
    if n_steps < _N_SIGN_FEW:
        return
    x, y = d_current_a[known], d_voltage_v[known]
    scale = float(np.sqrt(np.sum(x * x) * np.sum(y * y)))
    correlation = float(np.sum(x * y)) / scale if scale > 0.0 else 0.0
    if correlation > (_CORRELATION if n_steps >= _N_SIGN else _CORRELATION_FEW):
        said = (
            f"in {counted(n_steps, 'step')} of the current the voltage rises with the discharge (correlation "
            f"{correlation:.2f}); look at the sign that the layout states"
        )
        _note(rows, TelemetryFlaw.WRONG_SIGN, "current_a", said, n_steps, findings)


def _mend(
    rows: Rows, name: str, unit: str, values: FloatArray, bounds: tuple[float, float], findings: Findings
) -> None:
    """Make what is outside missing, column by column, and count it and what was missing before."""
    if not values.size:
        return
    low, high = bounds
    lowest, highest = values.min(axis=0), values.max(axis=0)
    with np.errstate(invalid="ignore"):
        spoiled = np.flatnonzero(~((lowest >= low) & (highest <= high)))
    if not spoiled.size:
        return
    part = values[:, spoiled]
    is_empty = np.isnan(part)
    is_out = ~is_empty & ~((part >= low) & (part <= high))
    many = values.shape[-1] > 1
    _note_places(rows, TelemetryFlaw.MISSING_VALUE, name, is_empty, spoiled if many else None, "no value", findings)
    if is_out.any():
        codes = np.unique(part[is_out])
        said = ", ".join(f"{code:g}" for code in codes[:3].tolist()) + (" ..." if codes.size > 3 else "")
        detail = f"{said} {unit} cannot be"
        _note_places(rows, TelemetryFlaw.OUT_OF_RANGE, name, is_out, spoiled if many else None, detail, findings)
        part[is_out] = np.nan
        values[:, spoiled] = part


def _note_places(
    rows: Rows,
    flaw: TelemetryFlaw,
    name: str,
    flags: BoolArray,
    columns: IntArray | None,
    detail: str,
    findings: Findings,
) -> None:
    """Add one finding for all flagged values of a quantity; its place is the first in time."""
    count = int(flags.sum())
    if not count:
        return
    first = int(np.argmax(flags.any(axis=1)))
    n_columns = int(flags.any(axis=0).sum())
    channel = name if columns is None else f"{name}[{columns[int(np.argmax(flags[first]))]}]"
    spread = f" in {n_columns} channels" if n_columns > 1 else ""
    row = 0 if rows.number is None else int(rows.number[first])
    said = f"{detail}, {counted(count, 'value')}{spread}; missing"
    findings.note(flaw, channel, said, first_ns=int(rows.time_ns[first]), row=row, count=count)


def _note(rows: Rows, flaw: TelemetryFlaw, channel: str, detail: str, count: int, findings: Findings) -> None:
    row = 0 if rows.number is None else int(rows.number[0])
    findings.note(flaw, channel, detail, first_ns=int(rows.time_ns[0]), row=row, count=count)
