"""Loops over a thinned day: what distinguishes each cell, and whether balancer and channels agree."""

from __future__ import annotations

import math

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray

PLATEAU, PLATEAU_X, HIGH, LOW = range(4)
N_SUMS = 4
ROWS, X, XX, ROWS_HIGH, ROWS_LOW = range(5)
N_COUNTS = 5


@jit
def add_up_differences(
    voltage_v: FloatArray,
    middle_v: FloatArray,
    drive_a: FloatArray,
    low_v: float,
    high_v: float,
    clip_v: float,
    sums: FloatArray,
    counts: FloatArray,
    seen: FloatArray,
) -> None:
    """Sum up how each cell differs from the middle of its string, apart by where the string stands.

    Parameters
    ----------
    voltage_v : ndarray, shape (n_times, n_cells)
        Voltages, NaN where missing. [V]
    middle_v, drive_a : ndarray, shape (n_times,)
        Middle of the string [V], and current times the factor of resistance at its temperature [A]; NaN is missing.
    low_v, high_v, clip_v : float
        Voltages between which the plateau lies, and distance at which a difference counts no more. [V]
    sums : ndarray, shape (4, n_cells)
        Written: differences on the plateau, the same times current, differences above, and below. [V], [V A]
    counts : ndarray, shape (5,)
        Written: rows on the plateau, their current summed and squared, rows above, and below.
    seen : ndarray, shape (n_cells,)
        Written: rows in which the channel said anything.
    """
    n_times, n_cells = voltage_v.shape
    sums[:] = 0.0
    counts[:] = 0.0
    seen[:] = 0.0
    for t in range(n_times):
        middle, x = middle_v[t], drive_a[t]
        if math.isnan(middle) or math.isnan(x):
            continue
        on_plateau = 1.0 if low_v < middle < high_v else 0.0
        above, below = (1.0 if middle >= high_v else 0.0), (1.0 if middle <= low_v else 0.0)
        counts[ROWS] += on_plateau
        counts[X] += on_plateau * x
        counts[XX] += on_plateau * x * x
        counts[ROWS_HIGH] += above
        counts[ROWS_LOW] += below
        for i in range(n_cells):
            away = voltage_v[t, i] - middle
            is_there = not math.isnan(away)
            away = min(max(away, -clip_v), clip_v) if is_there else 0.0
            seen[i] += 1.0 if is_there else 0.0
            sums[PLATEAU, i] += on_plateau * away
            sums[PLATEAU_X, i] += on_plateau * x * away
            sums[HIGH, i] += above * away
            sums[LOW, i] += below * away


@jit
def judge_bleed(
    voltage_v: FloatArray, bled: FloatArray, n_spared: int, margin_v: float, wrong: FloatArray, counts: FloatArray
) -> None:
    """Count how often a cell was bled though it read low, and spared though it read high.

    A balancer bleeds all cells that read above some voltage; what it is does not matter, as the cells that are spared
    show it. Few cells may be out of line, so the `n_spared` highest of them do not count.

    Parameters
    ----------
    voltage_v, bled : ndarray, shape (n_times, n_cells)
        Readings by which the balancer decided, NaN where missing [V]; what it took next [Ah].
    n_spared : int
        Cells out of line that are allowed on either side.
    margin_v : float
        Distance that counts, from the others that were spared or bled. [V]
    wrong : ndarray, shape (2, n_cells)
        Written: rows in which it was bled though low, and in which it was spared though high.
    counts : ndarray, shape (1,)
        Written: rows in which some cells were bled and some were not.
    """
    n_times, n_cells = voltage_v.shape
    wrong[:] = 0.0
    counts[0] = 0.0
    for t in range(n_times):
        n_bled = 0
        for i in range(n_cells):
            n_bled += 1 if bled[t, i] > 0.0 else 0
        if n_bled <= 4 * n_spared or n_cells - n_bled <= 4 * n_spared:
            continue
        lowest_bled, highest_spared = _edges(voltage_v[t], bled[t], n_spared)
        counts[0] += 1.0
        for i in range(n_cells):
            if bled[t, i] > 0.0:
                wrong[0, i] += 1.0 if voltage_v[t, i] < highest_spared - margin_v else 0.0
            else:
                wrong[1, i] += 1.0 if voltage_v[t, i] > lowest_bled + margin_v else 0.0


@jit
def _edges(voltage_v: FloatArray, bled: FloatArray, n_spared: int) -> tuple[float, float]:
    """Lowest reading of the cells bled and highest of those spared, without the `n_spared` most extreme of each."""
    low, high = -math.inf, math.inf
    for _ in range(n_spared + 1):
        next_low, next_high = math.inf, -math.inf
        for i in range(voltage_v.shape[0]):
            v = voltage_v[i]
            if bled[i] > 0.0 and v > low:
                next_low = min(next_low, v)
            if not bled[i] > 0.0 and v < high:
                next_high = max(next_high, v)
        low, high = next_low, next_high
    return low, high
