"""Resistance as a log sees it: by how much each cell's voltage answers a jump of the current, one step later.

A log of whole minutes shows series resistance, charge transfer and the beginning of diffusion as one; that sum at the
log's own step is what is told, at 25 degC. Cells are compared by their answers alone, without the current, so that a
current which is read before or after the voltages shifts all cells together and none against the others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import InvalidQuantityError
from battuta.domain.telemetry import Block
from battuta.health.apparent_resistance_kernels import (
    BOTH,
    COUNT,
    MIDDLE_SQUARED,
    N_MOMENTS,
    OWN_SQUARED,
    answer_jumps,
    spread_at_jumps,
)
from battuta.health.string_kernels import MIDDLE_CLIP_V, READ_V, middle_of_string
from battuta.health.string_resistance import ACTIVATION_K, factor_at
from battuta.numerics.arrays import FloatArray, IntArray

JUMP_RATE = 0.02
"""Smallest jump that counts, over capacity. [1/h]"""
JUMPS_MIN = 4
STEP_SHARE_OFF = 0.25
"""Rows whose distance differs from the log's step by more than this share are no neighbours. [-]"""
ACTIVATION_DEVIATION_K = 800.0
PLACE_DEVIATION_K = 0.8
"""How far a cell's temperature lies from what the mean of the sensors of its string. [K]"""
ZERO_CELSIUS_K, REFERENCE_K = 273.15, 298.15
USUAL_SPREAD = 0.08
"""Spread of sound cells' answers over the middle's; where cells answer farther apart they are unequally full. [-]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ApparentResistance:
    """Apparent resistance of the cells of a string; NaN where too few jumps tell it.

    Attributes
    ----------
    step_s : float
        Step of the log, and so the time after a jump at which resistance is told. [s]
    resistance_ohm, resistance_deviation_ohm : ndarray, shape (n_cells,)
        At 25 degC, and its standard deviation. [ohm]
    share, share_deviation : ndarray, shape (n_cells,)
        Over the resistance of the string's middle, and its standard deviation. [-]
    n_jumps : ndarray of int, shape (n_cells,)
        Jumps that it rests on. [-]
    string_resistance_ohm, string_resistance_deviation_ohm : float
        Of the middle of the string at 25 degC. [ohm]
    temperature_c : float
        Mean temperature of the jumps; NaN where no sensor says it. [degC]
    """

    step_s: float
    resistance_ohm: FloatArray
    resistance_deviation_ohm: FloatArray
    share: FloatArray
    share_deviation: FloatArray
    n_jumps: IntArray
    string_resistance_ohm: float
    string_resistance_deviation_ohm: float
    temperature_c: float


def apparent_resistance(block: Block, capacity_ah: float, middle_v: FloatArray | None = None) -> ApparentResistance:
    """Read the apparent resistance of each cell off the jumps of the current.

    Parameters
    ----------
    block : Block
        Rows of a string, usually of a day.
    capacity_ah : float
        Capacity of a cell. [Ah]
    middle_v : ndarray, shape (n_times,), or None
        Middle of the string, if it is known already. [V]

    Returns
    -------
    ApparentResistance
        What the jumps say.

    Raises
    ------
    InvalidQuantityError
        If the capacity is not above 0.

    Notes
    -----
    With ``m`` and ``d`` the answers of the middle and of a cell to a jump, the share of a cell is
    ``sum(w m d) / sum(w m^2)``. The resistance of the middle is the weighted median of ``-m / jump``. A jump weighs by
    its signal over reading noise, by how fast the voltage moved before and after it anyway, and over its own whole
    answer: read in the wrong row a jump says nothing, however large it is.
    """
    if not capacity_ah > 0.0:
        raise InvalidQuantityError(
            "capacity_ah", capacity_ah, 0.0, np.inf, "Ah", where=f"string {block.string_id}", above_low=True
        )
    if middle_v is None:
        middle_v = np.empty(block.n_times)
        middle_of_string(block.voltage_v, MIDDLE_CLIP_V, middle_v)
    step_s = log_step_s(block.time_ns)
    rows = jump_rows(block, capacity_ah, middle_v, step_s)
    if rows.size < JUMPS_MIN:
        return _untold(block, step_s)
    factor, temperature_c = _warmth(block.temperature_c, rows)
    drift_v = _drift_v(block.current_a, middle_v, rows)
    string_ohm, string_deviation_ohm = _of_middle(block, middle_v, rows, drift_v, factor)
    share, share_deviation, n_jumps = _shares(block.voltage_v, middle_v, rows, drift_v)
    per_k = ACTIVATION_K / REFERENCE_K**2
    warm_deviation = abs(1.0 / REFERENCE_K - 1.0 / (temperature_c + ZERO_CELSIUS_K)) * ACTIVATION_DEVIATION_K
    off = np.hypot(PLACE_DEVIATION_K * per_k, warm_deviation)
    resistance_ohm = share * string_ohm
    deviation_share = np.sqrt((share_deviation / share) ** 2 + (string_deviation_ohm / string_ohm) ** 2 + off**2)
    return ApparentResistance(
        step_s=step_s,
        resistance_ohm=resistance_ohm,
        resistance_deviation_ohm=np.abs(resistance_ohm) * deviation_share,
        share=share,
        share_deviation=np.hypot(share_deviation, PLACE_DEVIATION_K * per_k * np.abs(share)),
        n_jumps=n_jumps,
        string_resistance_ohm=string_ohm,
        string_resistance_deviation_ohm=float(np.hypot(string_deviation_ohm, string_ohm * warm_deviation)),
        temperature_c=temperature_c,
    )


def log_step_s(time_ns: IntArray) -> float:
    """Most usual distance between rows; 0 where there are fewer than two. [s]"""
    return float(np.median(np.diff(time_ns))) / 1e9 if time_ns.size > 1 else 0.0


def jump_rows(block: Block, capacity_ah: float, middle_v: FloatArray, step_s: float) -> IntArray:
    """Rows at which the current is another than a step before, both read and the string's middle with them.

    Returns
    -------
    ndarray of int, shape (n_jumps,)
        First row of the new current, at least 1. [-]
    """
    apart_s = np.diff(block.time_ns) / 1e9
    with np.errstate(invalid="ignore"):
        is_jump = np.abs(np.diff(block.current_a)) >= JUMP_RATE * capacity_ah
    is_near = np.abs(apart_s - step_s) <= STEP_SHARE_OFF * step_s
    return np.flatnonzero(is_jump & is_near & np.isfinite(np.diff(middle_v))) + 1


def _untold(block: Block, step_s: float) -> ApparentResistance:
    unknown = np.full(block.n_cells, np.nan)
    return ApparentResistance(
        step_s=step_s,
        resistance_ohm=unknown,
        resistance_deviation_ohm=unknown,
        share=unknown,
        share_deviation=unknown,
        n_jumps=np.zeros(block.n_cells, dtype=np.int64),
        string_resistance_ohm=np.nan,
        string_resistance_deviation_ohm=np.nan,
        temperature_c=np.nan,
    )


def _warmth(temperature_c: FloatArray, rows: IntArray) -> tuple[FloatArray, float]:
    """Factor on the resistance at each jump, NaN where no sensor says it [-], and the mean temperature. [degC]"""
    there = temperature_c[rows]
    n_there = np.isfinite(there).sum(axis=1)
    mean_c = np.where(n_there > 0, np.nansum(there, axis=1) / np.maximum(n_there, 1), np.nan)
    known_c = mean_c[np.isfinite(mean_c)]
    return factor_at(mean_c), float(known_c.mean()) if known_c.size else np.nan


def _drift_v(current_a: FloatArray, middle_v: FloatArray, rows: IntArray) -> FloatArray:
    """How far the middle moved in the steps around a jump beyond what the current there explains, shape (n_jumps,). [V]

    Where the voltage moves anyway, as near full or empty, an answer is no answer to the jump; and where the current was
    read in the wrong row, the whole answer stands beside the jump.
    """
    answer_v, jump_a = np.diff(middle_v), np.diff(current_a)
    usual_ohm = float(np.median(-answer_v[rows - 1] / jump_a[rows - 1]))
    left_v = np.abs(np.nan_to_num(answer_v + usual_ohm * jump_a))
    padded = np.concatenate([[0.0], left_v, [0.0]])
    return np.maximum(padded[rows - 1], padded[rows + 1])


def _of_middle(
    block: Block, middle_v: FloatArray, rows: IntArray, drift_v: FloatArray, factor: FloatArray
) -> tuple[float, float]:
    """Resistance of the middle at 25 degC by the weighted median of the jumps, and its deviation. [ohm]"""
    jump_a = block.current_a[rows] - block.current_a[rows - 1]
    each_ohm = -(middle_v[rows] - middle_v[rows - 1]) / jump_a / factor
    known = np.isfinite(each_ohm)
    if np.count_nonzero(known) < JUMPS_MIN:
        return np.nan, np.nan
    each_ohm, jump_a, drift_v = each_ohm[known], jump_a[known], drift_v[known]
    usual_ohm = float(np.median(each_ohm))
    weight = jump_a**2 / (READ_V**2 + drift_v**2 + (jump_a * usual_ohm) ** 2)
    order = np.argsort(each_ohm)
    told_ohm = _weighted_middle(each_ohm[order], weight[order])
    away_ohm = np.abs(each_ohm - told_ohm)
    order = np.argsort(away_ohm)
    n_effective = float(weight.sum() ** 2 / np.sum(weight**2))
    return told_ohm, 1.2533 * 1.4826 * _weighted_middle(away_ohm[order], weight[order]) / np.sqrt(n_effective)


def _weighted_middle(ascending: FloatArray, weight: FloatArray) -> float:
    """Value at which half of the weight is reached."""
    is_before = np.cumsum(weight) < 0.5 * float(weight.sum())
    return float(ascending[min(np.count_nonzero(is_before), ascending.size - 1)])


def _shares(
    voltage_v: FloatArray, middle_v: FloatArray, rows: IntArray, drift_v: FloatArray
) -> tuple[FloatArray, FloatArray, IntArray]:
    """Answer of each cell over that of the middle, its deviation, and the jumps it rests on."""
    apart_v = np.empty(rows.size)
    spread_at_jumps(voltage_v, middle_v, rows, apart_v)
    usual_v = USUAL_SPREAD * np.abs(middle_v[rows] - middle_v[rows - 1])
    variance = 2.0 * READ_V**2 + drift_v**2 + np.maximum(apart_v**2 - usual_v**2, 0.0)
    moments = np.empty((N_MOMENTS, voltage_v.shape[1]))
    answer_jumps(voltage_v, middle_v, rows, 1.0 / variance, moments)
    n_jumps = moments[COUNT].astype(np.int64)
    is_told = (n_jumps >= JUMPS_MIN) & (moments[MIDDLE_SQUARED] > 1.0)
    squared = np.where(is_told, moments[MIDDLE_SQUARED], np.nan)
    share = moments[BOTH] / squared
    left = np.maximum(moments[OWN_SQUARED] - share * moments[BOTH], 0.0) / np.maximum(n_jumps - 1, 1)
    return share, np.sqrt(np.maximum(left, 1.0) / squared), np.where(is_told, n_jumps, 0)
