"""Loops over a charge: slopes of a curve, and where each cell stands on the curve of its string's middle."""

from __future__ import annotations

import math

import numpy as np

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray

LEAD_AH, SHIFT_V, SQUARES_V, COUNT, HEIGHT_SHARE = range(5)
N_PLACED = 5
N_SUMS = 9
NEAR_V = 0.0015
"""A cell that lies this near its shifted curve is placed; another is tried from farther leads. [V]"""


@jit
def local_slope(charge_ah: FloatArray, voltage_v: FloatArray, half_ah: float, slope: FloatArray) -> None:
    """Slope of the straight line through all points within a distance of each point.

    Parameters
    ----------
    charge_ah : ndarray, shape (n_times,)
        Charge put in, ascending. [Ah]
    voltage_v : ndarray, shape (n_times,)
        Voltage. [V]
    half_ah : float
        Distance on either side. [Ah]
    slope : ndarray, shape (n_times,)
        Written; NaN within that distance of either end, or with fewer than 3 points. [V/Ah]
    """
    n_times = charge_ah.shape[0]
    low, high = 0, 0
    for t in range(n_times):
        here = charge_ah[t]
        slope[t] = math.nan
        while charge_ah[low] < here - half_ah:
            low += 1
        while high < n_times and charge_ah[high] <= here + half_ah:
            high += 1
        if charge_ah[0] > here - half_ah or charge_ah[n_times - 1] < here + half_ah or high - low < 3:
            continue
        sq, sv = 0.0, 0.0
        for k in range(low, high):
            sq += charge_ah[k] - here
            sv += voltage_v[k] - voltage_v[t]
        mean_q, mean_v = sq / (high - low), sv / (high - low)
        sqq, sqv = 0.0, 0.0
        for k in range(low, high):
            q = charge_ah[k] - here - mean_q
            sqq += q * q
            sqv += q * (voltage_v[k] - voltage_v[t] - mean_v)
        slope[t] = sqv / sqq if sqq > 0.0 else math.nan


@jit
def place_cells(
    charge_ah: FloatArray,
    middle_v: FloatArray,
    slope: FloatArray,
    voltage_v: FloatArray,
    first: int,
    stop: int,
    lead_ah_max: float,
    placed: FloatArray,
) -> None:
    """Shift the curve of the middle along charge and voltage until it lies on each cell's, by Gauss and Newton.

    Begun with no lead; a cell that does not come to lie there is begun ahead and behind, and the nearest counts.

    Parameters
    ----------
    charge_ah, middle_v, slope : ndarray, shape (n_times,)
        Charge put in, ascending [Ah]; middle of the string [V]; its slope, NaN where unknown [V/Ah].
    voltage_v : ndarray, shape (n_times, n_cells)
        Voltages, NaN where missing. [V]
    first, stop : int
        Rows that are fitted. [-]
    lead_ah_max : float
        Largest shift. [Ah]
    placed : ndarray, shape (5, n_cells)
        Written: charge by which the cell is ahead [Ah], shift of its voltage [V], squares left [V^2], rows that count
        [-], height of its curve over that of the middle [-]. NaN, and no rows, where it cannot be placed.
    """
    sums, best = np.empty(N_SUMS), np.empty(N_PLACED)
    for i in range(voltage_v.shape[1]):
        placed[:, i] = math.nan
        placed[COUNT, i] = 0.0
        least = math.inf
        for start in (0.0, 0.4, -0.4, 0.8, -0.8):
            shift_cell(
                charge_ah, middle_v, slope, voltage_v, i, first, stop, start * lead_ah_max, lead_ah_max, sums, best
            )
            if best[COUNT] > 0.0 and best[SQUARES_V] < least * best[COUNT]:
                least = best[SQUARES_V] / best[COUNT]
                placed[:, i] = best
            if least < NEAR_V * NEAR_V:
                break


@jit
def shift_cell(
    charge_ah: FloatArray,
    middle_v: FloatArray,
    slope: FloatArray,
    voltage_v: FloatArray,
    cell: int,
    first: int,
    stop: int,
    start_ah: float,
    lead_ah_max: float,
    sums: FloatArray,
    placed: FloatArray,
) -> None:
    """Place one cell, beginning with a lead.

    Parameters
    ----------
    charge_ah, middle_v, slope, voltage_v, first, stop, lead_ah_max
        As in `place_cells`.
    cell : int
        The cell. [-]
    start_ah : float
        Lead to begin with. [Ah]
    sums : ndarray, shape (9,)
        Room for `hold_against`.
    placed : ndarray, shape (5,)
        Written as a column of that of `place_cells`.
    """
    lead, step, spread = start_ah, 0.0, 0.0
    placed[:] = math.nan
    placed[COUNT] = 0.0
    for _ in range(6):
        hold_against(charge_ah, middle_v, slope, voltage_v, cell, first, stop, lead, sums)
        n = sums[0]
        spread = sums[3] - sums[1] * sums[1] / max(n, 1.0)
        if n < 4.0 or spread <= 0.0:
            return
        step = (sums[4] - sums[1] * sums[2] / n) / spread
        lead += step
        if abs(lead) > lead_ah_max:
            return
        if abs(step) < 1e-4 * lead_ah_max:
            break
    n = sums[0]
    tall = sums[7] - sums[6] * sums[6] / n
    placed[LEAD_AH], placed[SHIFT_V], placed[COUNT] = lead, (sums[2] - step * sums[1]) / n, n
    placed[SQUARES_V] = max(sums[5] - sums[2] * sums[2] / n - step * step * spread, 0.0)
    placed[HEIGHT_SHARE] = 1.0 + (sums[8] - sums[6] * sums[2] / n) / tall if tall > 0.0 else math.nan


@jit
def hold_against(
    charge_ah: FloatArray,
    middle_v: FloatArray,
    slope: FloatArray,
    voltage_v: FloatArray,
    cell: int,
    first: int,
    stop: int,
    lead_ah: float,
    sums: FloatArray,
) -> None:
    """Sum up how a cell's voltage differs from the middle's curve further on by a lead.

    Parameters
    ----------
    charge_ah, middle_v, slope, voltage_v, first, stop
        As in `place_cells`.
    cell : int
        The cell. [-]
    lead_ah : float
        How much further on the curve is read. [Ah]
    sums : ndarray, shape (9,)
        Written: rows that count, then with x the slope, y the difference and m the middle above its first row: sums of
        x, y, x^2, x y, y^2, m, m^2 and m y.
    """
    last = charge_ah.shape[0] - 1
    sums[:] = 0.0
    k = first
    for t in range(first, stop):
        value, here = voltage_v[t, cell], charge_ah[t] + lead_ah
        while k < last - 1 and charge_ah[k + 1] <= here:
            k += 1
        while k > 0 and charge_ah[k] > here:
            k -= 1
        part = (here - charge_ah[k]) / (charge_ah[k + 1] - charge_ah[k])
        x = slope[k] + part * (slope[k + 1] - slope[k])
        if math.isnan(value) or math.isnan(x):
            continue
        m = middle_v[k] + part * (middle_v[k + 1] - middle_v[k])
        y = value - m
        m -= middle_v[first]
        sums[0] += 1.0
        sums[1] += x
        sums[2] += y
        sums[3] += x * x
        sums[4] += x * y
        sums[5] += y * y
        sums[6] += m
        sums[7] += m * m
        sums[8] += m * y
