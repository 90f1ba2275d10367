"""What all cells of a string share: its typical cell, the offset of its current sensor, and hysteresis.

The typical cell is followed in double precision with a fourth state, the offset of the current sensor: only the string
as a whole can tell it, since it moves all cells alike.
"""

from __future__ import annotations

import math

from battuta._jit import jit_in_place
from battuta.health.cell_filter_kernels import (
    CHARGE_AH,
    CURRENT_A,
    DECAY,
    DRIVE_A,
    FORGET,
    HOURS,
    HYSTERESIS_V,
    INFLATION,
    READ_NOISE,
    RELAXATION_NOISE,
    REOPEN,
    RESISTANCE_NOISE,
    SOC_NOISE,
    SURPRISE,
    USABLE,
    FloatArray32,
)
from battuta.numerics.arrays import FloatArray, IntArray

LAST_A, IS_LAST_KNOWN, HYSTERESIS, TEMPERATURE_C, UNKNOWN_H = 0, 1, 2, 3, 4
"""Current of the row before [A] and whether it is known, hysteresis in [-1, 1], last known temperature [degC], time for
which the current has been unknown [h]."""
REF_SOC, REF_RELAXATION, REF_RESISTANCE, OFFSET_A = 5, 6, 7, 8
"""State of the typical cell [-], [V], [ohm], and offset of the sensor: what it reads above the truth [A]."""
COVARIANCE, REF_CONSISTENCY = 9, 25
"""First of 16 elements of their covariance; mean of squared innovations over their variance [-]."""
TYPICAL_AH, IS_COUNTED = 26, 27
"""Capacity of the typical cell [Ah]; whether the current is known over the last step [-]."""
STRING = 28
"""Length of the state of a string."""

(
    NEW_OHM, RELAX_OHM, RELAX_S, AMPLITUDE_V, RATE, READ_V, MODEL_V, MODEL_SHARE, MODEL_SOC, CORRELATION_S,
    THROUGHPUT_SHARE, SOC_DRIFT, RESISTANCE_DRIFT, OFFSET_DRIFT_A, GAP_S, NODE_FIRST, NODES_PER_SOC, CLIP_V,
    CURVE_V,
) = range(19)  # fmt: skip
"""Constants of the law as an array, in the units of `CellLaw`; last the largest innovation and the error of
the curve for good [V]."""
STRING_CONSTANTS = 19

UNKNOWN_RATE = 0.25
"""What an unknown current may be, over capacity. [1/h]"""
RELAX_SHARE = 0.2
"""Error of the voltage that a relaxation settles to, as a share of it. [-]"""
REOPENED_SOC, REOPENED_A = 0.1, 0.3
"""Doubt that charge [-] and offset [A] gain in an hour of readings that contradict them."""
JUMP_SHARE = 0.5
"""How far current and voltage may be read apart where the current jumps, as a share of the jump. [-]"""
DAY_S = 86_400.0
FORGET_S = DAY_S
"""Memory of the consistency. [s]"""


@jit_in_place
def carry_string(
    law: FloatArray, step_s: float, current_a: float, factor: float, string: FloatArray, row: FloatArray32
) -> None:
    """Carry what the cells of a string share over a step and write the row that their filters read.

    Parameters
    ----------
    law : ndarray, shape (STRING_CONSTANTS,)
        The law.
    step_s : float
        Time since the row before. [s]
    current_a : float
        Current as read; NaN is missing. [A]
    factor : float
        Resistance at the temperature of the string over that at 25 degC. [-]
    string : ndarray, shape (STRING,)
        State of the string, carried on in place.
    row : ndarray of float32, shape (ROW,)
        Receives the row.
    """
    hours, days = step_s / 3600.0, step_s / DAY_S
    is_known = math.isfinite(current_a)
    is_counted = is_known and string[IS_LAST_KNOWN] > 0.0 and step_s <= law[GAP_S]
    now_a = current_a - string[OFFSET_A] if is_known else 0.0
    mean_a = 0.5 * (current_a + string[LAST_A]) - string[OFFSET_A] if is_counted else 0.0
    jump_a = current_a - string[LAST_A] if is_counted else 0.0
    decay = math.exp(-step_s / law[RELAX_S])
    turn = mean_a * hours / string[TYPICAL_AH]
    soc_noise = law[THROUGHPUT_SHARE] ** 2 * abs(turn) + law[SOC_DRIFT] ** 2 * days
    settle_v = law[RELAX_OHM] * factor * abs(mean_a) * RELAX_SHARE
    if not is_counted:
        unknown_h = string[UNKNOWN_H]
        soc_noise += UNKNOWN_RATE**2 * ((unknown_h + hours) ** 2 - unknown_h**2)
        settle_v = law[RELAX_OHM] * factor * UNKNOWN_RATE * string[TYPICAL_AH]
        string[UNKNOWN_H] = unknown_h + hours
    if is_known:
        string[UNKNOWN_H] = 0.0
    towards = -1.0 if mean_a > 0.0 else 1.0
    string[HYSTERESIS] = towards + (string[HYSTERESIS] - towards) * math.exp(-law[RATE] * abs(turn))
    row[CHARGE_AH], row[CURRENT_A], row[DECAY], row[HOURS] = mean_a * hours, now_a, decay, hours
    row[DRIVE_A], row[HYSTERESIS_V] = (1.0 - decay) * mean_a, law[AMPLITUDE_V] * string[HYSTERESIS]
    row[SOC_NOISE] = soc_noise
    row[RELAXATION_NOISE] = settle_v**2 * (1.0 - decay**2)
    row[RESISTANCE_NOISE] = (law[RESISTANCE_DRIFT] * law[NEW_OHM]) ** 2 * days
    drop_v = factor * (law[NEW_OHM] + law[RELAX_OHM]) * now_a * law[MODEL_SHARE]
    jump_v = factor * law[NEW_OHM] * jump_a * JUMP_SHARE
    row[READ_NOISE] = law[READ_V] ** 2 + law[MODEL_V] ** 2 + drop_v**2 + jump_v**2
    row[INFLATION] = max(1.0, law[CORRELATION_S] / max(step_s, 1.0))
    row[REOPEN] = REOPENED_SOC**2 * hours / SURPRISE
    row[USABLE], row[FORGET] = (1.0 if is_known else 0.0), min(1.0, step_s / FORGET_S)
    string[IS_COUNTED] = 1.0 if is_counted else 0.0
    string[LAST_A], string[IS_LAST_KNOWN] = (current_a if is_known else 0.0), (1.0 if is_known else 0.0)


@jit_in_place
def predict_typical(law: FloatArray, factor: float, row: FloatArray32, string: FloatArray) -> None:
    """Carry the typical cell, the offset and their covariance over a step.

    Parameters
    ----------
    law, factor, string
        As in `carry_string`, which comes before.
    row : ndarray of float32, shape (ROW,)
        The row.
    """
    per_a, decay = row[HOURS] / string[TYPICAL_AH], row[DECAY]
    push_ohm = law[RELAX_OHM] * factor * (1.0 - decay)
    is_counted = string[IS_COUNTED]
    string[REF_SOC] -= row[CHARGE_AH] / string[TYPICAL_AH]
    string[REF_RELAXATION] = decay * string[REF_RELAXATION] + law[RELAX_OHM] * factor * row[DRIVE_A]
    for j in range(4):  # rows of F P
        string[COVARIANCE + j] += is_counted * per_a * string[COVARIANCE + 12 + j]
        string[COVARIANCE + 4 + j] *= decay
        string[COVARIANCE + 4 + j] -= is_counted * push_ohm * string[COVARIANCE + 12 + j]
    for i in range(4):  # columns of (F P) F'
        k = COVARIANCE + 4 * i
        string[k] += is_counted * per_a * string[k + 3]
        string[k + 1] = decay * string[k + 1] - is_counted * push_ohm * string[k + 3]
    string[COVARIANCE] += row[SOC_NOISE]
    string[COVARIANCE + 5] += row[RELAXATION_NOISE]
    string[COVARIANCE + 10] += row[RESISTANCE_NOISE]
    string[COVARIANCE + 15] += law[OFFSET_DRIFT_A] ** 2 * row[HOURS] / 24.0


@jit_in_place
def correct_typical(
    law: FloatArray, factor: float, row: FloatArray32, typical_v: float, ocv_v: FloatArray, slopes_v: FloatArray,
    string: FloatArray, turn: FloatArray,
) -> None:  # fmt: skip
    """Correct the typical cell and the offset by the typical voltage.

    Charge and offset are corrected by how much the curve can tell, as in `cell_filter_kernels.correct_block`.

    Parameters
    ----------
    law, factor, row, string
        As in `predict_typical`, which comes before.
    typical_v : float
        Typical voltage. [V]
    ocv_v : ndarray, shape (n_nodes,)
        Curve. [V]
    slopes_v : ndarray, shape (3, n_nodes)
        Slopes over three widths: the wider the doubt, the wider the slope. [V per unit of soc]
    turn : ndarray, shape (4,)
        Work array.
    """
    place = (string[REF_SOC] - law[NODE_FIRST]) * law[NODES_PER_SOC]
    i = min(max(int(place), 0), ocv_v.shape[0] - 2)
    doubt = math.sqrt(max(string[COVARIANCE], 0.0))
    width = 0 if doubt < 0.015 else (1 if doubt < 0.05 else 2)
    slope = slopes_v[width, i]
    bent_v = (slope - slopes_v[0, i]) * doubt
    amps = row[CURRENT_A] * factor
    expected = ocv_v[i] + (place - i) * (ocv_v[i + 1] - ocv_v[i]) + row[HYSTERESIS_V]
    expected -= string[REF_RELAXATION] + amps * string[REF_RESISTANCE]
    missed = min(max(typical_v - expected, -law[CLIP_V]), law[CLIP_V])
    offset_ohm = factor * string[REF_RESISTANCE]
    known = 0.0
    for j in range(4):
        k = COVARIANCE + 4 * j
        turn[j] = slope * string[k] - string[k + 1] - amps * string[k + 2] + offset_ohm * string[k + 3]
    known = slope * turn[0] - turn[1] - amps * turn[2] + offset_ohm * turn[3]
    once = row[READ_NOISE] + (slope * law[MODEL_SOC]) ** 2 + bent_v**2
    squared = missed**2 / (known + once + law[CURVE_V] ** 2)
    string[REF_CONSISTENCY] += row[FORGET] * (squared - string[REF_CONSISTENCY])
    weight = 1.0 / (known + once * row[INFLATION])
    for_good = law[CURVE_V] ** 2 + (slope * law[MODEL_SOC]) ** 2
    worth = max(1.0 - for_good / ((slope * doubt) ** 2 + 1e-12), 0.0)
    for j in range(4):
        share = worth if j in (0, 3) else 1.0
        string[REF_SOC + j] += share * weight * turn[j] * missed
        for m in range(4):
            other = worth if m in (0, 3) else 1.0
            string[COVARIANCE + 4 * j + m] -= (share + other - share * other) * weight * turn[j] * turn[m]
    reopened = row[REOPEN] * min(max(squared - SURPRISE, 0.0), SURPRISE)
    string[COVARIANCE] += reopened
    string[COVARIANCE + 15] += reopened * (REOPENED_A / REOPENED_SOC) ** 2
    string[REF_SOC] = min(max(string[REF_SOC], law[NODE_FIRST]), 1.0 - law[NODE_FIRST])
    string[REF_RESISTANCE] = min(max(string[REF_RESISTANCE], 0.05 * law[NEW_OHM]), 100.0 * law[NEW_OHM])


@jit_in_place
def string_rows(
    time_ns: IntArray, current_a: FloatArray, typical_v: FloatArray, factor: FloatArray, law: FloatArray,
    ocv_v: FloatArray, slopes_v: FloatArray, time_ns_last: IntArray, string: FloatArray, turn: FloatArray,
    rows: FloatArray32, offset_a: FloatArray,
) -> None:  # fmt: skip
    """Follow a string over all rows of telemetry.

    Parameters
    ----------
    time_ns : ndarray of int, shape (n_times,)
        When each row was measured. [ns]
    current_a, typical_v, factor : ndarray, shape (n_times,)
        Current as read, NaN missing [A]; typical voltage, 0 missing [V]; factor on resistances [-].
    law, ocv_v, slopes_v, turn
        As in `correct_typical`.
    time_ns_last : ndarray of int, shape (1,)
        Time of the row before, negative where there is none; carried on in place. [ns]
    string : ndarray, shape (STRING,)
        State of the string, carried on in place.
    rows : ndarray of float32, shape (n_times, ROW)
        Receives what the filters of the cells read.
    offset_a : ndarray, shape (n_times, 2)
        Receives the offset of the current sensor and its standard deviation after each row. [A]
    """
    for t in range(time_ns.shape[0]):
        step_s = 1e-9 * (time_ns[t] - time_ns_last[0]) if time_ns_last[0] >= 0 else 0.0
        row = rows[t]
        carry_string(law, step_s, current_a[t], factor[t], string, row)
        predict_typical(law, factor[t], row, string)
        if row[USABLE] > 0.0 and typical_v[t] > 0.0:
            correct_typical(law, factor[t], row, typical_v[t], ocv_v, slopes_v, string, turn)
        doubt_a = math.sqrt(max(string[COVARIANCE + 15], 0.0))
        row[SOC_NOISE] += (doubt_a / (3600.0 * string[TYPICAL_AH])) ** 2 * step_s * DAY_S
        offset_a[t, 0], offset_a[t, 1] = string[OFFSET_A], doubt_a
        time_ns_last[0] = time_ns[t]
