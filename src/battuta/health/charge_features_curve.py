"""A slow steady charge found in a day, and what the curve of the string's middle shows in it: steps and plateaus.

The upper step is that of the graphite at half of its lithium: a peak of the differential voltage dV/dQ with a plateau
on either side. The plateaus are the peaks of the incremental capacity dQ/dV. The lower edge is where the slope of low
charge falls away into the plateau below; cells differ in where, not in how.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.health.charge_features_kernels import local_slope
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

RATE_MIN, RATE_MAX = 1.0 / 30.0, 1.0 / 3.0
"""Slowest and fastest charge that is read, over capacity. [1/h]"""
STEADY_SHARE = 0.06
"""A charge ends where its current changes by more than this share from row to row, or by twice it in all. [-]"""
GAP_S = 600.0
SETTLING_S = 1200.0
"""Left out at the beginning, until relaxation no longer tells cells apart. [s]"""
SPAN_MIN = 0.12
"""Charge that has to be put in, over capacity. [-]"""
SMOOTH_SHARE = 0.015
"""Slopes are those of straight lines over this share of the capacity on either side. [-]"""
PLATEAU_SHARE = 0.04
"""The same for plateaus. [-]"""
TOP_SHARE = 0.03
"""A step is steeper than all within this share of the capacity on either side. [-]"""
STEP_V_MIN = 0.12
"""Slope of the upper step, at least; plateaus have a tenth of it. [V per capacity]"""
LEFT_MIN, RIGHT_MIN = 2.5, 1.4
"""Slope of the upper step over the least before and after it. Nothing before the lower step is as flat. [-]"""
EDGE_SHARE = 1.0 / 3.0
"""The lower edge is where the slope falls to this share of that of the upper step. [-]"""
EDGE_APART_SHARE = 0.2
"""The lower edge lies farther before the upper step than this, over capacity. [-]"""
WINDOW_SHARE_MIN, WINDOW_SHARE_MAX = 0.03, 0.08
"""A step or edge is compared over so much of the capacity on either side. [-]"""
FLAT_SHARE, FLAT_V = 1.0, 0.01
"""A plateau reaches to where the slope exceeds its least by this share of it and this much. [-], [V per capacity]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChargeCurve:
    """Voltage of a string's middle over the charge put in.

    Attributes
    ----------
    rows : ndarray of int, shape (n_times,)
        Rows of the day. [-]
    charge_ah, middle_v, slope : ndarray, shape (n_times,)
        Charge since the first of them [Ah], middle of the string at the mean current [V], its slope, NaN at the ends
        [V/Ah].
    unsteady_v : ndarray, shape (n_times,)
        What the current's small changes did to all voltages; it is taken off the middle already. [V]
    rate : float
        Mean current over capacity. [1/h]
    """

    rows: IntArray
    unsteady_v: FloatArray
    charge_ah: FloatArray
    middle_v: FloatArray
    slope: FloatArray
    rate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePlace:
    """A step or a plateau on a curve.

    Attributes
    ----------
    charge_ah : float
        Where it lies. [Ah]
    slope : float
        Slope there. [V/Ah]
    first, stop : int
        Rows of the curve over which cells are compared. [-]
    """

    charge_ah: float
    slope: float
    first: int
    stop: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePlaces:
    """What a curve shows; None where it does not.

    Attributes
    ----------
    lower, upper : CurvePlace or None
        Lower edge and upper step.
    below, above : CurvePlace or None
        Plateaus on either side of the upper step.
    """

    lower: CurvePlace | None = None
    upper: CurvePlace | None = None
    below: CurvePlace | None = None
    above: CurvePlace | None = None


def slow_charge(
    current_a: FloatArray, time_s: FloatArray, middle_v: FloatArray, capacity_ah: float
) -> ChargeCurve | None:
    """Find the slow steady charge of a day that puts in most.

    Parameters
    ----------
    current_a, time_s, middle_v : ndarray, shape (n_times,)
        Discharge positive [A], since any zero [s], middle of the string [V]; NaN is missing.
    capacity_ah : float
        Capacity of a cell. [Ah]

    Returns
    -------
    ChargeCurve or None
        Without what settles at its beginning; None where none puts in enough.
    """
    best: IntArray | None = None
    most_ah = SPAN_MIN * capacity_ah
    for first, stop in _runs(_goes_on(current_a, time_s, middle_v, capacity_ah)):
        begin = first + np.count_nonzero(time_s[first:stop] - time_s[first] < SETTLING_S)
        part = current_a[begin:stop]
        if part.size < 2 or float(part.max() - part.min()) > 2.0 * STEADY_SHARE * abs(float(part.mean())):
            continue
        put_in_ah = -float(np.mean(part)) * (time_s[stop - 1] - time_s[begin]) / 3600.0
        if put_in_ah > most_ah:
            best, most_ah = np.arange(begin, stop), put_in_ah
    if best is None:
        return None
    hours = np.diff(time_s[best]) / 3600.0
    middle_a = 0.5 * (current_a[best][1:] + current_a[best][:-1])
    charge_ah = np.concatenate([[0.0], np.cumsum(-middle_a * hours)])
    part_a = current_a[best]
    jump_a = np.diff(part_a)
    squared = float(jump_a @ jump_a)
    answer_ohm = float(jump_a @ np.diff(middle_v[best])) / squared if squared > 0.0 else 0.0
    unsteady_v = min(answer_ohm, 0.0) * (part_a - part_a.mean())
    curve_v, slope = middle_v[best] - unsteady_v, np.empty(best.size)
    local_slope(charge_ah, curve_v, SMOOTH_SHARE * capacity_ah, slope)
    rate = -float(part_a.mean()) / capacity_ah
    return ChargeCurve(rows=best, unsteady_v=unsteady_v, charge_ah=charge_ah, middle_v=curve_v, slope=slope, rate=rate)


def places_of(curve: ChargeCurve, capacity_ah: float) -> CurvePlaces:
    """Find steps and plateaus of a curve.

    Parameters
    ----------
    curve : ChargeCurve
        The curve.
    capacity_ah : float
        Capacity of a cell. [Ah]

    Returns
    -------
    CurvePlaces
        All of it only where the charge goes through the whole upper step.
    """
    top = _upper(curve, capacity_ah)
    if top is None:
        return CurvePlaces()
    charge_ah, last = curve.charge_ah, curve.charge_ah.size - 1
    wide = np.empty(last + 1)
    local_slope(charge_ah, curve.middle_v, PLATEAU_SHARE * capacity_ah, wide)
    edge = _edge(curve, top, capacity_ah)
    return CurvePlaces(
        lower=None if edge is None else _place(curve, edge, capacity_ah),
        upper=_place(curve, top, capacity_ah),
        below=_plateau(curve, wide, 0 if edge is None else edge, top, capacity_ah),
        above=_plateau(curve, wide, top, last, capacity_ah),
    )


def _goes_on(current_a: FloatArray, time_s: FloatArray, middle_v: FloatArray, capacity_ah: float) -> BoolArray:
    """Whether a row goes on with the charge of the row before it, shape (n_times,)."""
    rate = -current_a / capacity_ah
    with np.errstate(invalid="ignore"):
        is_slow = (rate >= RATE_MIN) & (rate <= RATE_MAX) & np.isfinite(middle_v)
        is_steady = np.abs(np.diff(rate)) <= STEADY_SHARE * rate[1:]
    near = np.diff(time_s) <= GAP_S
    return np.concatenate([[False], is_slow[1:] & is_slow[:-1] & is_steady & near])


def _runs(goes_on: BoolArray) -> list[tuple[int, int]]:
    """First row of each charge, and the row after its last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], goes_on.astype(np.int64), [0]])))
    return [(max(first - 1, 0), stop) for first, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)]


def _upper(curve: ChargeCurve, capacity_ah: float) -> int | None:
    """Row of the upper step: the steepest of those that stand out from both sides."""
    charge_ah, slope = curve.charge_ah, curve.slope
    known = np.flatnonzero(np.isfinite(slope))
    best: int | None = None
    for row in known[slope[known] >= STEP_V_MIN / capacity_ah].tolist():
        if best is not None and slope[row] <= slope[best]:
            continue
        reach_ah = TOP_SHARE * capacity_ah
        low, high = np.searchsorted(charge_ah, [charge_ah[row] - reach_ah, charge_ah[row] + reach_ah])
        if low < known[0] or high > known[-1] or slope[row] < np.max(slope[low:high]):
            continue
        left, right = np.min(slope[known[0] : row]), np.min(slope[row : known[-1] + 1])
        if slope[row] >= LEFT_MIN * left and slope[row] >= RIGHT_MIN * right:
            best = row
    return best


def _edge(curve: ChargeCurve, top: int, capacity_ah: float) -> int | None:
    """Last row before the upper step's plateau at which the slope is above its share of the step's."""
    charge_ah, slope = curve.charge_ah, curve.slope
    bottom = int(np.nanargmin(slope[:top]))
    steep = np.flatnonzero(slope[:bottom] >= EDGE_SHARE * slope[top])
    if not steep.size:
        return None
    row = int(steep[-1])
    known = np.flatnonzero(np.isfinite(slope))
    is_apart = charge_ah[top] - charge_ah[row] >= EDGE_APART_SHARE * capacity_ah
    is_whole = charge_ah[row] - charge_ah[known[0]] >= WINDOW_SHARE_MAX * capacity_ah
    return row if is_apart and is_whole else None


def _place(curve: ChargeCurve, row: int, capacity_ah: float) -> CurvePlace:
    """A step or edge, and the rows out to the flattest on either side."""
    charge_ah, slope = curve.charge_ah, curve.slope
    away = (charge_ah - charge_ah[row]) / capacity_ah
    known = np.flatnonzero(np.isfinite(slope))
    left = np.flatnonzero((away >= -WINDOW_SHARE_MAX) & (away <= -WINDOW_SHARE_MIN) & np.isfinite(slope))
    right = np.flatnonzero((away <= WINDOW_SHARE_MAX) & (away >= WINDOW_SHARE_MIN) & np.isfinite(slope))
    first = int(left[np.argmin(slope[left])]) if left.size else int(known[0])
    stop = int(right[np.argmin(slope[right])]) + 1 if right.size else int(known[-1]) + 1
    low, here, high = slope[row - 1], slope[row], slope[row + 1]
    bend = low - 2.0 * here + high
    is_top = low < here and high < here
    part = 0.5 * (low - high) / bend if is_top else 0.0
    step_ah = 0.5 * (charge_ah[row + 1] - charge_ah[row - 1])
    return CurvePlace(charge_ah=float(charge_ah[row] + part * step_ah), slope=float(here), first=first, stop=stop)


def _plateau(curve: ChargeCurve, wide: FloatArray, low: int, high: int, capacity_ah: float) -> CurvePlace | None:
    """The flattest stretch between two rows, clear of the steps at both."""
    charge_ah = curve.charge_ah
    clear_ah = PLATEAU_SHARE * capacity_ah
    inside = (charge_ah >= charge_ah[low] + clear_ah) & (charge_ah <= charge_ah[high] - clear_ah) & np.isfinite(wide)
    rows = np.flatnonzero(inside)
    if not rows.size:
        return None
    row = int(rows[np.argmin(wide[rows])])
    most = (1.0 + FLAT_SHARE) * max(wide[row], 0.0) + FLAT_V / capacity_ah
    flat = inside & (wide <= most)
    first, stop = row, row + 1
    while first > 0 and flat[first - 1]:
        first -= 1
    while stop < flat.size and flat[stop]:
        stop += 1
    return CurvePlace(charge_ah=float(charge_ah[row]), slope=float(wide[row]), first=first, stop=stop)
