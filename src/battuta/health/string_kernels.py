"""Loops of the string filter: the middle of a string, and what each cell's distance from it says."""

from __future__ import annotations

import math

import numpy as np

from battuta._jit import jit, jit_inlined
from battuta.numerics.arrays import FloatArray, IntArray

MIDDLE_CLIP_V, READ_V = 0.02, 5e-4
"""Distance from the middle of a string at which a cell pulls no harder, and deviation of a reading in whole mV. [V]"""
N_STATES = 5
"""Distance in state of charge, in capacity, in fast and in slow resistance, and offset of the channel."""
N_MOMENTS = 11
CHARGE_LOW_V, CHARGE_STEP_V, N_CHARGES = 2.3, 0.001, 1600
"""Voltages by which charge of the ends is told. [V]"""
_CLIP_CHARGE, _ON_PLATEAU_V = 0.06, 0.045
"""Distance in charge that counts in full on a slope [-], and half of the plateau [V]."""
_INSIDE_SHARE = 0.8
"""Share of the cells that have to tell something at an end. [-]"""
_HEAD_V, _FOOT_V, _AT_END_V = 0.04, 0.2, 0.052
"""Distances that still tell a charge towards full and towards empty, and one from the plateau at an end. [V]"""


@jit
def middle_of_string(voltage_v: FloatArray, clip_v: float, middle_v: FloatArray) -> None:
    """Mean of the cells of each row, each cell's distance from it clipped, so that bad cells do not drag it.

    Parameters
    ----------
    voltage_v : ndarray, shape (n_times, n_cells)
        Voltages, NaN where missing. [V]
    clip_v : float
        Distance at which a cell pulls no harder. [V]
    middle_v : ndarray, shape (n_times,)
        Written; NaN where fewer than half of the cells are there. [V]
    """
    n_times, n_cells = voltage_v.shape
    lanes = np.zeros(8)
    for t in range(n_times):
        count = 0
        lanes[:] = 0.0
        for i in range(n_cells):
            value = voltage_v[t, i]
            is_there = not math.isnan(value)
            lanes[i & 7] += value if is_there else 0.0
            count += 1 if is_there else 0
        if 2 * count < n_cells or count == 0:
            middle_v[t] = np.nan
            continue
        middle = lanes.sum() / count
        for _ in range(2):
            lanes[:] = 0.0
            for i in range(n_cells):
                value = voltage_v[t, i] - middle
                clipped = min(max(value, -clip_v), clip_v)
                lanes[i & 7] += 0.0 if math.isnan(value) else clipped
            middle += lanes.sum() / count
        middle_v[t] = middle


@jit
def time_below(
    voltage_v: FloatArray,
    middle_v: FloatArray,
    dt_s: FloatArray,
    limit_v: FloatArray,
    low_v: float,
    below_s: FloatArray,
) -> None:
    """Add up for how long each cell was too far below the middle, or too low by itself.

    Parameters
    ----------
    voltage_v : ndarray, shape (n_times, n_cells)
        Voltages, NaN where missing. [V]
    middle_v, dt_s, limit_v : ndarray, shape (n_times,)
        Middle of the string [V], what a row stands for, 0 where it does not count [s], largest distance [V].
    low_v : float
        Lowest voltage. [V]
    below_s : ndarray, shape (n_cells,)
        Added to. [s]
    """
    for t in range(voltage_v.shape[0]):
        if dt_s[t] <= 0.0:
            continue
        for i in range(voltage_v.shape[1]):
            value = voltage_v[t, i]
            is_below = value < middle_v[t] - limit_v[t] or value < low_v
            below_s[i] += dt_s[t] if is_below else 0.0


@jit
def add_up(values: FloatArray) -> FloatArray:
    """Sum of each column, missing values being nothing, shape (n_columns,)."""
    n_times, n_columns = values.shape
    total = np.zeros(n_columns)
    for t in range(n_times):
        for i in range(n_columns):
            total[i] += 0.0 if math.isnan(values[t, i]) else values[t, i]
    return total


@jit
def read_row(
    voltage_v: FloatArray,
    middle_v: float,
    regressors: FloatArray,
    end: int,
    rest_v: float,
    charge: FloatArray,
    plateau_v: float,
    states: FloatArray,
    shifts: FloatArray,
    row: FloatArray,
    linear: FloatArray,
) -> None:
    """Read the distances of a row from the middle, NaN where they tell nothing.

    Parameters
    ----------
    voltage_v, shifts : ndarray, shape (n_cells,)
        Voltages of the row [V], and shifts of its part of the range [-].
    middle_v, regressors, end, rest_v, charge, plateau_v, states
        As for `regress_cells`, of this row.
    row, linear : ndarray, shape (n_cells,)
        Written: distances, drawn straight at an end, and what offset and resistance are expected to do to them. [V]
    """
    n_cells = voltage_v.shape[0]
    x0, x1, x2, x3, x4 = regressors
    for i in range(n_cells):
        row[i] = voltage_v[i] - middle_v
        linear[i] = x2 * states[2, i] + x3 * states[3, i] + x4 * states[4, i]
    if end > 0:
        sides = np.empty(n_cells)
        for i in range(n_cells):
            sides[i] = side_of(row[i] - linear[i], rest_v, plateau_v)
        straighten(row, linear, rest_v, x0, charge, plateau_v)
        for i in range(n_cells):
            beyond = row[i] - (x0 * (states[0, i] + shifts[i]) + x1 * states[1, i] + linear[i])
            row[i] = row[i] if beyond * sides[i] >= 0.0 else np.nan
    elif end < 0:
        for i in range(n_cells):
            row[i] = row[i] if abs(rest_v + row[i] - plateau_v) <= _AT_END_V else np.nan


@jit
def regress_cells(
    voltage_v: FloatArray, middle_v: FloatArray, regressors: FloatArray, weight: FloatArray, shelf: IntArray,
    end: IntArray, rest_v: FloatArray, charge: FloatArray, plateau_v: float, states: FloatArray, shifts: FloatArray,
    clip_v: float, moments: FloatArray, shelf_moments: FloatArray, counts: IntArray,
) -> None:  # fmt: skip
    """Sum up what each cell's distance from the middle says beyond what was expected of it.

    Parameters
    ----------
    voltage_v : ndarray, shape (n_times, n_cells)
        Voltages, NaN where missing. [V]
    middle_v, weight : ndarray, shape (n_times,)
        Middle of the string [V], and one over the variance of a row, 0 where it is left out [1/V^2].
    regressors : ndarray, shape (n_times, 5)
        What a state does to the voltage in each row, the charge first. [V per unit of the state]
    shelf, end : ndarray, shape (n_times,)
        Part of the range that each row lies in; 1 plus the row of `charge` at an end of the curve, where distances are
        drawn straight, between the ends 0 under load and -1 at rest, where cells at an end already do not count.
    rest_v : ndarray, shape (n_times,)
        Voltage of the middle less what current does to it. [V]
    charge, plateau_v : ndarray, shape (2, n_charges), and float
        Charge by voltage at the ends [-], and the middle of the plateau [V].
    states, shifts : ndarray, shape (5, n_cells) and (n_shelves, n_cells)
        States that are expected, and what the charge of a cell differs by in each part of the range.
    clip_v : float
        Largest distance that counts in full where the voltage is flat; more where it is steep. [V]
    moments, shelf_moments : ndarray, shape (11, n_cells) and (n_shelves, n_cells)
        Written: weighted innovations times regressors, their weighted squares, lowest and highest voltage, and of rows
        under load where the voltage is flat the weighted squares, innovations, and these times the third regressor;
        and of the first, the part of each part of the range.
    counts : ndarray, shape (2, n_cells)
        Written: rows that count, and rows beyond the clip.
    """
    n_times, n_cells = voltage_v.shape
    moments[:] = 0.0
    moments[6], moments[7] = np.inf, -np.inf
    shelf_moments[:] = 0.0
    counts[:] = 0
    row, linear = np.empty(n_cells), np.empty(n_cells)
    for t in range(n_times):
        if weight[t] <= 0.0:
            continue
        w, k = weight[t], shelf[t]
        x0, x1, x2, x3, x4 = regressors[t]
        limit_v = clip_v + _CLIP_CHARGE * x0
        table = charge[max(end[t] - 1, 0)]
        read_row(
            voltage_v[t], middle_v[t], regressors[t], end[t], rest_v[t], table, plateau_v, states, shifts[k], row,
            linear,
        )  # fmt: skip
        for i in range(n_cells):
            raw = row[i] - (x0 * (states[0, i] + shifts[k, i]) + x1 * states[1, i] + linear[i])
            is_told = not math.isnan(raw)
            raw = raw if is_told else 0.0
            clipped = min(max(raw, -limit_v), limit_v)
            counts[0, i] += 1 if is_told else 0
            counts[1, i] += 1 if raw != clipped else 0
            e = w * clipped
            row[i] = clipped
            shelf_moments[k, i] += x0 * e
            moments[1, i] += x1 * e
            moments[2, i] += x2 * e
            moments[3, i] += x3 * e
            moments[4, i] += x4 * e
            moments[5, i] += clipped * e
            moments[6, i] = min(moments[6, i], voltage_v[t, i])
            moments[7, i] = max(moments[7, i], voltage_v[t, i])
        if end[t] == 0 and x0 == 0.0:
            for i in range(n_cells):
                e = w * row[i]
                moments[8, i] += row[i] * e
                moments[9, i] += e
                moments[10, i] += x2 * e
    moments[0] = shelf_moments.sum(axis=0)


@jit_inlined
def side_of(distance_v: float, rest_v: float, plateau_v: float) -> int:
    """Whether a cell at an end tells its charge (0), or no more than that it is behind (-1) or ahead (1) of a bound.

    A cell that is still on the plateau is at least so far from the end, and one far up or down the steepest part, where
    a wrong slope would add up, at least as far as counts.
    """
    if rest_v > plateau_v:
        if rest_v + distance_v - plateau_v < _ON_PLATEAU_V or distance_v < -_HEAD_V:
            return -1
        return 1 if distance_v > _HEAD_V else 0
    if plateau_v - rest_v - distance_v < _ON_PLATEAU_V or distance_v > _FOOT_V:
        return 1
    return -1 if distance_v < -_FOOT_V else 0


@jit_inlined
def bounded(distance_v: float, rest_v: float, plateau_v: float) -> float:
    """The distance in voltage up to which a charge is told. [V]"""
    if rest_v > plateau_v:
        return min(max(distance_v, plateau_v + _ON_PLATEAU_V - rest_v, -_HEAD_V), _HEAD_V)
    return max(min(distance_v, plateau_v - _ON_PLATEAU_V - rest_v, _FOOT_V), -_FOOT_V)


@jit_inlined
def charge_at(voltage_v: float, charge: FloatArray) -> float:
    """Charge at a voltage of an end, between the millivolts of the table. [-]"""
    x = min(max((voltage_v - CHARGE_LOW_V) / CHARGE_STEP_V, 0.0), charge.shape[0] - 1.001)
    k = int(x)
    return charge[k] + (x - k) * (charge[k + 1] - charge[k])


@jit
def straighten(
    distance_v: FloatArray, linear_v: FloatArray, rest_v: float, slope_v: float, charge: FloatArray, plateau_v: float
) -> None:
    """Draw distances straight where the curve bends: what a cell's charge would do, were the curve its tangent.

    Parameters
    ----------
    distance_v : ndarray, shape (n_cells,)
        Distances from the middle, NaN where missing; changed in place, up to the bound where no more is told. [V]
    linear_v : ndarray, shape (n_cells,)
        What offset and resistance do to them, as far as is known. [V]
    rest_v, slope_v : float
        Voltage of the middle less what current does to it [V], and the slope there [V per charge].
    charge : ndarray, shape (n_charges,)
        Charge by voltage in steps of a millivolt. [-]
    plateau_v : float
        Middle of the plateau. [V]
    """
    here = charge_at(rest_v, charge)
    for i in range(distance_v.shape[0]):
        if not math.isnan(distance_v[i]):
            told_v = bounded(distance_v[i] - linear_v[i], rest_v, plateau_v)
            distance_v[i] = slope_v * (charge_at(rest_v + told_v, charge) - here) + linear_v[i]


@jit
def square_rows(regressors: FloatArray, weight: FloatArray, shelf: IntArray, squares: FloatArray) -> None:
    """Sum up weighted products of the regressors by part of the range.

    Parameters
    ----------
    regressors, weight, shelf
        As for `regress_cells`.
    squares : ndarray, shape (n_shelves, 5, 5)
        Written.
    """
    squares[:] = 0.0
    for t in range(weight.shape[0]):
        if weight[t] > 0.0:
            for a in range(N_STATES):
                for b in range(N_STATES):
                    squares[shelf[t], a, b] += weight[t] * regressors[t, a] * regressors[t, b]


@jit
def drop_split_rows(
    voltage_v: FloatArray,
    middle_v: FloatArray,
    rest_v: FloatArray,
    end: IntArray,
    plateau_v: float,
    weight: FloatArray,
) -> None:
    """Leave out rows at an end in which more than a fifth of the cells say nothing, as they are not there yet.

    Parameters
    ----------
    voltage_v : ndarray, shape (n_times, n_cells)
        Voltages, NaN where missing. [V]
    middle_v, rest_v, end, plateau_v
        As for `regress_cells`.
    weight : ndarray, shape (n_times,)
        Set to 0 for such rows.
    """
    n_times, n_cells = voltage_v.shape
    for t in range(n_times):
        if weight[t] <= 0.0 or end[t] <= 0:
            continue
        n_there, n_inside = 0, 0
        for i in range(n_cells):
            distance_v = voltage_v[t, i] - middle_v[t]
            if not math.isnan(distance_v):
                n_there += 1
                n_inside += 1 if side_of(distance_v, rest_v[t], plateau_v) == 0 else 0
        if n_inside < _INSIDE_SHARE * n_there:
            weight[t] = 0.0


@jit
def inform_cell(
    voltage_v: FloatArray,
    cell: int,
    middle_v: FloatArray,
    regressors: FloatArray,
    weight: FloatArray,
    shelf: IntArray,
    end: IntArray,
    rest_v: FloatArray,
    charge: FloatArray,
    plateau_v: float,
    states: FloatArray,
    shifts: FloatArray,
    squares: FloatArray,
) -> None:
    """Sum up what the rows of one cell can tell, as some tell nothing of it.

    Parameters
    ----------
    voltage_v, cell : ndarray and int
        Voltages [V], and which column it is.
    middle_v, regressors, weight, shelf, end, rest_v, charge, plateau_v, states, shifts
        As for `regress_cells`.
    squares : ndarray, shape (n_shelves, 5, 5)
        Written: weighted products of the regressors, by part of the range.
    """
    squares[:] = 0.0
    row, linear = np.empty(1), np.empty(1)
    for t in range(middle_v.shape[0]):
        row[0] = voltage_v[t, cell] - middle_v[t]
        if weight[t] <= 0.0 or math.isnan(row[0]):
            continue
        x = regressors[t]
        linear[0] = x[2] * states[2, cell] + x[3] * states[3, cell] + x[4] * states[4, cell]
        if end[t] > 0:
            side = side_of(row[0] - linear[0], rest_v[t], plateau_v)
            straighten(row, linear, rest_v[t], x[0], charge[end[t] - 1], plateau_v)
            expected = x[0] * (states[0, cell] + shifts[shelf[t], cell]) + x[1] * states[1, cell] + linear[0]
            if (row[0] - expected) * side < 0.0:
                continue
        if end[t] < 0 and abs(rest_v[t] + row[0] - plateau_v) > _AT_END_V:
            continue
        for a in range(N_STATES):
            for b in range(a + 1):
                squares[shelf[t], a, b] += weight[t] * x[a] * x[b]
    for k in range(squares.shape[0]):
        for a in range(N_STATES):
            for b in range(a):
                squares[k, b, a] = squares[k, a, b]
