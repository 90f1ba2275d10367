"""How each cell comes to rest after a current stops: how far its voltage still creeps, and how fast.

The slow part of the way to rest is diffusion, which a log of whole minutes can follow. One time constant is found for
the string; cells are told by how their own way differs from it, which is linear, so that one small matrix serves all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import InvalidQuantityError
from battuta.domain.telemetry import Block
from battuta.health.string_kernels import MIDDLE_CLIP_V, READ_V, middle_of_string
from battuta.health.string_resistance import factor_at
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

REST_RATE = 0.005
"""Largest current of a rest, over capacity; a current sensor's offset is less. [1/h]"""
SKIPPED_S = 240.0
"""After the stop, until charge transfer and a current read in the wrong row no longer matter. [s]"""
REST_S_MIN, REST_S_MAX = 2400.0, 7200.0
"""Shortest rest that is read, and how much of a longer one. [s]"""
LOAD_RATE_MIN = 0.05
"""Smallest current through diffusion at the stop, over capacity, that is told as a resistance. [1/h]"""
TIME_CONSTANTS_S = np.geomspace(300.0, 7200.0, 33)
"""Time constants that are tried. [s]"""
GAP_S = 600.0
ROWS_MIN = 15
WANDER_V, WANDER_S = 4e-4, 1200.0
"""How far a voltage channel wanders, and for how long it stays there. [V], [s]"""
_TOLD_TIMES = 5.0
"""A string's creep is told where it is this many of its deviations."""
_CELL_TOLD_TIMES = 4.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Relaxation:
    """The clearest way to rest in some rows of a string; NaN where nothing tells it.

    Attributes
    ----------
    amplitude_v, amplitude_deviation_v : ndarray, shape (n_cells,)
        Voltage still to be gained at the stop by the slow part, negative after a charge, and its standard deviation.
        [V]
    time_constant_s, time_constant_deviation_s : ndarray, shape (n_cells,)
        Of that part, and its standard deviation. [s]
    slow_resistance_ohm, slow_resistance_deviation_ohm : ndarray, shape (n_cells,)
        Amplitude over the current that had gone into diffusion by then, at 25 degC; NaN without a temperature. [ohm]
    rest_v : ndarray, shape (n_cells,)
        Voltage at which the way ends. [V]
    n_rows : ndarray of int, shape (n_cells,)
        Rows that each cell's rests on. [-]
    string_time_constant_s : float
        Of the middle of the string. [s]
    load_a : float
        Current that had gone into diffusion at the stop, discharge positive. [A]
    stopped_ns : int
        First row of the rest; -1 where there is none. [ns]
    """

    amplitude_v: FloatArray
    amplitude_deviation_v: FloatArray
    time_constant_s: FloatArray
    time_constant_deviation_s: FloatArray
    slow_resistance_ohm: FloatArray
    slow_resistance_deviation_ohm: FloatArray
    rest_v: FloatArray
    n_rows: IntArray
    string_time_constant_s: float
    load_a: float
    stopped_ns: int


def relaxation_features(block: Block, capacity_ah: float, middle_v: FloatArray | None = None) -> Relaxation:
    """Read the clearest way to rest.

    Parameters
    ----------
    block : Block
        Rows of a string, usually of a day. A rest whose stop lies before the first row is not read.
    capacity_ah : float
        Capacity of a cell. [Ah]
    middle_v : ndarray, shape (n_times,), or None
        Middle of the string, if it is known already. [V]

    Returns
    -------
    Relaxation
        Of the rest in which the string's creep is largest; a cell that the balancer bled in it, or that was not read in
        all of its rows, is NaN.

    Raises
    ------
    InvalidQuantityError
        If the capacity is not above 0.

    Notes
    -----
    The middle follows ``rest - amplitude exp(-t / tau)``; tau is the best of 33 between 5 minutes and 2 hours, drawn
    out by a parabola. About it a cell is ``rest - a e - b (t / tau) e`` with ``e = exp(-t / tau)``, so its own time
    constant is ``tau (1 + b / a)`` to first order; its amplitude is told with the string's time constant, ``b = 0``.
    Deviations allow for white noise as it is seen, and for a channel that wanders by 0.4 mV over 20 minutes.
    """
    if not capacity_ah > 0.0:
        raise InvalidQuantityError(
            "capacity_ah", capacity_ah, 0.0, np.inf, "Ah", where=f"string {block.string_id}", above_low=True
        )
    if middle_v is None:
        middle_v = np.empty(block.n_times)
        middle_of_string(block.voltage_v, MIDDLE_CLIP_V, middle_v)
    time_s = (block.time_ns - block.time_ns[:1]) / 1e9
    best, best_told = (0, 0, 0.0), _TOLD_TIMES
    for first, stop in rests(block.current_a, time_s, capacity_ah):
        rows = _read_rows(time_s, middle_v, first, stop)
        if rows.size < ROWS_MIN or time_s[rows[-1]] - time_s[first] < REST_S_MIN:
            continue
        tau_s, told = _string_time_constant_s(time_s[rows] - time_s[first], middle_v[rows])
        if told > best_told:
            best, best_told = (first, stop, tau_s), told
    first, stop, tau_s = best
    if stop == 0:
        return _untold(block.n_cells)
    load_a = _load_a(block.current_a, time_s, first, tau_s)
    return _of_cells(block, _read_rows(time_s, middle_v, first, stop), first, tau_s, load_a, capacity_ah)


def rests(current_a: FloatArray, time_s: FloatArray, capacity_ah: float) -> list[tuple[int, int]]:
    """First row of each rest that begins with a stop, and the row after its last; gaps end a rest.

    Parameters
    ----------
    current_a, time_s : ndarray, shape (n_times,)
        Discharge positive, NaN is missing and no rest [A]; since any zero. [s]
    capacity_ah : float
        Capacity of a cell. [Ah]

    Examples
    --------
    >>> rests(np.array([90.0, 0.2, 0.1, 0.0, 80.0, 0.1]), 60.0 * np.arange(6), 314.0)
    [(1, 4), (5, 6)]
    """
    with np.errstate(invalid="ignore"):
        is_rest = np.abs(current_a) <= REST_RATE * capacity_ah
    is_near = np.concatenate([[False], np.diff(time_s) <= GAP_S])
    goes_on = np.concatenate([[False], is_rest[:-1]]) & is_rest & is_near
    firsts = np.flatnonzero(is_rest & ~goes_on)
    ends = np.append(np.flatnonzero(~goes_on), current_a.size)
    found = list[tuple[int, int]]()
    for first in firsts.tolist():
        if first > 0 and is_near[first] and np.isfinite(current_a[first - 1]):
            found.append((first, int(ends[np.searchsorted(ends, first, side="right")])))
    return found


def _read_rows(time_s: FloatArray, middle_v: FloatArray, first: int, stop: int) -> IntArray:
    """Rows of a rest that are read."""
    since_s = time_s[first:stop] - time_s[first]
    return first + np.flatnonzero((since_s >= SKIPPED_S) & (since_s <= REST_S_MAX) & np.isfinite(middle_v[first:stop]))


def _string_time_constant_s(since_s: FloatArray, middle_v: FloatArray) -> tuple[float, float]:
    """Time constant of the middle [s], and its creep over the deviation of that; 0 where it is at the edge."""
    shape = np.exp(-since_s / TIME_CONSTANTS_S[:, None])
    shape -= shape.mean(axis=1, keepdims=True)
    away_v = middle_v - middle_v.mean()
    squared = np.sum(shape**2, axis=1)
    gained = (shape @ away_v) ** 2 / squared
    k = int(np.argmax(gained))
    if k in {0, TIME_CONSTANTS_S.size - 1}:
        return np.nan, 0.0
    low, here, high = (float(each) for each in gained[k - 1 : k + 2])
    bend = low - 2.0 * here + high
    part = 0.5 * (low - high) / bend if bend < 0.0 else 0.0
    ratio = float(TIME_CONSTANTS_S[1] / TIME_CONSTANTS_S[0])
    left = max(float(away_v @ away_v) - here, 0.0) / max(since_s.size - 3, 1)
    noise_v = np.hypot(np.sqrt(left), 0.2 * READ_V)
    return float(TIME_CONSTANTS_S[k]) * ratio**part, float(np.sqrt(here) / noise_v)


def _load_a(current_a: FloatArray, time_s: FloatArray, first: int, tau_s: float) -> float:
    """Current that has gone into diffusion at the stop; NaN where what is known before it is too short. [A]"""
    known = np.flatnonzero(~np.isfinite(current_a[:first]) | (np.diff(time_s[: first + 1]) > GAP_S))
    begin = int(known[-1]) + 1 if known.size else 0
    if time_s[first] - time_s[begin] < 2.0 * tau_s:
        return np.nan
    share = np.exp(-(time_s[first] - time_s[begin + 1 : first + 1]) / tau_s)
    before = np.exp(-(time_s[first] - time_s[begin:first]) / tau_s)
    weight = np.append(before[0], share - before)
    return float(weight @ np.append(current_a[begin], current_a[begin:first]))


def _of_cells(block: Block, rows: IntArray, first: int, tau_s: float, load_a: float, capacity_ah: float) -> Relaxation:
    """Each cell's way about that of the string."""
    since = (block.time_ns[rows] - block.time_ns[first]) / (1e9 * tau_s)
    shape = np.exp(-since)
    x = np.stack([np.ones(rows.size), -shape, -since * shape])
    voltage_v = block.voltage_v[rows]
    wander = np.exp(-np.abs(since[:, None] - since) * tau_s / WANDER_S)
    (rest_v, amplitude_v), (_, amplitude_off_v) = _fitted(x[:2], voltage_v, wander)
    (_, whole_v, late_v), (_, whole_off_v, late_off_v) = _fitted(x, voltage_v, wander)
    is_told = np.isfinite(amplitude_v) & ~_is_bled(block, rows)
    is_told &= np.abs(amplitude_v) > _CELL_TOLD_TIMES * np.hypot(amplitude_off_v, whole_off_v)
    amplitude_v, amplitude_off_v = np.where(is_told, amplitude_v, np.nan), np.where(is_told, amplitude_off_v, np.nan)
    is_loaded = abs(load_a) >= LOAD_RATE_MIN * capacity_ah
    factor = factor_at(np.array(_mean_c(block.temperature_c[rows])))
    per_a = 1.0 / (load_a * float(factor)) if is_loaded else np.nan
    return Relaxation(
        amplitude_v=amplitude_v,
        amplitude_deviation_v=amplitude_off_v,
        time_constant_s=tau_s * np.where(is_told, 1.0 + late_v / whole_v, np.nan),
        time_constant_deviation_s=tau_s * np.where(is_told, late_off_v / np.abs(whole_v), np.nan),
        slow_resistance_ohm=amplitude_v * per_a,
        slow_resistance_deviation_ohm=amplitude_off_v * abs(per_a),
        rest_v=np.where(is_told, rest_v, np.nan),
        n_rows=np.where(is_told, rows.size, 0),
        string_time_constant_s=tau_s,
        load_a=load_a,
        stopped_ns=int(block.time_ns[first]),
    )


def _fitted(x: FloatArray, voltage_v: FloatArray, wander: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Least squares of all cells at once, and the deviation of each number; first axis as that of x."""
    to_numbers = np.linalg.inv(x @ x.T) @ x
    numbers = to_numbers @ voltage_v
    left_v = voltage_v - x.T @ numbers
    white = np.maximum(np.sum(left_v**2, axis=0) / (x.shape[1] - x.shape[0]), READ_V**2 / 3.0)
    by_white, by_wander = np.sum(to_numbers**2, axis=1), np.sum((to_numbers @ wander) * to_numbers, axis=1)
    return numbers, np.sqrt(by_white[:, None] * white + by_wander[:, None] * WANDER_V**2)


def _is_bled(block: Block, rows: IntArray) -> BoolArray:
    """Cells that the balancer emptied meanwhile, so that their voltage fell for another reason, shape (n_cells,)."""
    if block.bleed_ah is None:
        return np.zeros(block.n_cells, dtype=np.bool_)
    return np.any(np.nan_to_num(block.bleed_ah[rows[0] : rows[-1] + 1]) > 0.0, axis=0)


def _mean_c(temperature_c: FloatArray) -> float:
    """Mean of what the sensors said; NaN where they said nothing. [degC]"""
    known_c = temperature_c[np.isfinite(temperature_c)]
    return float(known_c.mean()) if known_c.size else np.nan


def _untold(n_cells: int) -> Relaxation:
    unknown = np.full(n_cells, np.nan)
    return Relaxation(
        amplitude_v=unknown,
        amplitude_deviation_v=unknown,
        time_constant_s=unknown,
        time_constant_deviation_s=unknown,
        slow_resistance_ohm=unknown,
        slow_resistance_deviation_ohm=unknown,
        rest_v=unknown,
        n_rows=np.zeros(n_cells, dtype=np.int64),
        string_time_constant_s=np.nan,
        load_a=np.nan,
        stopped_ns=-1,
    )
