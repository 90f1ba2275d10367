"""A block of 32 cells of one string through a Kalman filter, row of telemetry after row.

Each cell has three states: its charge, the voltage of its relaxation, its resistance at 25 degC, and the six different
elements of their covariance. All cells of a string carry one current, so that whatever does not depend on the cell is
worked out once per row (`current_offset_kernels`). The rows of the work array lie at fixed distances, so that the
compiler sees that they do not overlap and turns each loop into vector instructions; only the reading of the curve is
left as one look-up per cell.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from battuta._jit import jit_in_place, jit_inlined
from battuta.numerics.arrays import IntArray

FloatArray32: TypeAlias = NDArray[np.float32]
MillivoltArray: TypeAlias = NDArray[np.uint16]

BLOCK = 32
"""Cells that go through the filter together."""
SOC, SOC_LOST, RELAXATION, RESISTANCE = 0, BLOCK, 2 * BLOCK, 3 * BLOCK
"""Charge [-], what rounding took from it [-], voltage of the relaxation [V], resistance at 25 degC [ohm]."""
ZZ, ZV, ZR, VV, VR, RR = 4 * BLOCK, 5 * BLOCK, 6 * BLOCK, 7 * BLOCK, 8 * BLOCK, 9 * BLOCK
"""Covariance of charge (z), relaxation (v) and resistance (r)."""
CONSISTENCY, PER_AH, LEAK = 10 * BLOCK, 11 * BLOCK, 12 * BLOCK
"""Mean of squared innovations over their variance [-]; one over capacity [1/Ah]; leak of the cell [A]."""
STATE = 13 * BLOCK
"""Length of what is kept of a block."""
OCV, SLOPE, NODE, SEEN, READING = 13 * BLOCK, 14 * BLOCK, 15 * BLOCK, 16 * BLOCK, 17 * BLOCK
"""Curve, its slope, where it is read, whether the cell was measured, and what was read. [V], [V], [-], [-], [V]"""
WORK = 18 * BLOCK
"""Length of the work array."""

CHARGE_AH, CURRENT_A, DECAY, DRIVE_A, HOURS, HYSTERESIS_V = 0, 1, 2, 3, 4, 5
"""Charge since the row before [Ah], current [A], what is left of a relaxation [-], current that drives it [A], time
since the row before [h], hysteresis [V]."""
SOC_NOISE, RELAXATION_NOISE, RESISTANCE_NOISE, READ_NOISE, INFLATION, USABLE, FORGET, REOPEN = range(6, 14)
"""Variances that a step adds to charge [-], relaxation [V^2], resistance [ohm^2]; variance of a reading [V^2]; how
often one error is read again [-]; 1 where the row can be compared [-]; weight of the row in the consistency [-];
variance that charge gains where readings contradict it [-]."""
ROW = 14
"""Columns of a row."""

NODE_FIRST, NODES_PER_SOC, NODE_LAST, RELAX_OHM, MODEL_SOC, CLIP_V, RESISTANCE_OHM, CURVE_V = range(8)
"""Constants of the law: soc of the first node [-], nodes per unit of soc, last node, resistance of the relaxation
[ohm], error of the curve along soc [-], largest innovation [V], resistance of a new cell [ohm], error of the curve for
good [V]."""
CONSTANTS = 8

WIDE_VARIANCE = 0.0144
"""Variance of charge from which the wide slope is taken: at a doubt of 12 % the slope at one point says little. [-]"""
SURPRISE = 9.0
"""Squared innovation over its variance from which a reading contradicts what is believed. [-]"""
MILLIVOLT_MIN, MILLIVOLT_MAX = 1000, 5000
"""A reading outside is none. [mV]"""


@jit_inlined
def predict_block(row: FloatArray32, constants: FloatArray32, factor: np.float32, work: FloatArray32) -> None:
    """Carry charge, relaxation and covariance of a block to a row.

    Parameters
    ----------
    row : ndarray of float32, shape (ROW,)
        What all cells of the string share.
    constants : ndarray of float32, shape (CONSTANTS,)
        The law.
    factor : float32
        Resistance at the temperature of the block over that at 25 degC. [-]
    work : ndarray of float32, shape (WORK,)
        The block; `NODE` receives where to read the curve.
    """
    charge_ah, hours, decay = row[CHARGE_AH], row[HOURS], row[DECAY]
    push_v = row[DRIVE_A] * constants[RELAX_OHM] * factor
    soc_noise, relaxation_noise, resistance_noise = row[SOC_NOISE], row[RELAXATION_NOISE], row[RESISTANCE_NOISE]
    first, per_soc = constants[NODE_FIRST], constants[NODES_PER_SOC]
    for c in range(BLOCK):
        turn = -(charge_ah + work[LEAK + c] * hours) * work[PER_AH + c] - work[SOC_LOST + c]
        soc = work[SOC + c] + turn
        work[SOC_LOST + c] = (soc - work[SOC + c]) - turn
        work[SOC + c] = soc
        work[NODE + c] = (soc - first) * per_soc
        work[RELAXATION + c] = decay * work[RELAXATION + c] + push_v
        work[ZZ + c] += soc_noise
        work[ZV + c] *= decay
        work[VV + c] = decay * decay * work[VV + c] + relaxation_noise
        work[VR + c] *= decay
        work[RR + c] += resistance_noise


@jit_inlined
def read_curve(ocv_v: FloatArray32, slope_v: FloatArray32, last: np.float32, work: FloatArray32) -> None:
    """Look up voltage and slope of a block.

    Parameters
    ----------
    ocv_v : ndarray of float32, shape (n_nodes,)
        Curve. [V]
    slope_v : ndarray of float32, shape (2 n_nodes,)
        Slope at the nodes, then over a wide range around them. [V per unit of soc]
    last : float32
        Last node from which the curve is read.
    work : ndarray of float32, shape (WORK,)
        The block; `OCV` and `SLOPE` receive curve and slope, `NODE` the rest of the way from the node.
    """
    n_nodes, wide_variance = ocv_v.shape[0], np.float32(WIDE_VARIANCE)
    for c in range(BLOCK):
        node = np.float32(int(min(max(work[NODE + c], np.float32(0.0)), last)))
        i = int(node)
        wide = n_nodes if work[ZZ + c] > wide_variance else 0
        work[OCV + c], work[SLOPE + c] = ocv_v[i], slope_v[i + wide]
        work[NODE + c] -= node


@jit_inlined
def correct_block(row: FloatArray32, constants: FloatArray32, factor: np.float32, work: FloatArray32) -> None:
    """Correct a block by what was read.

    The error of a curve stays as long as the charge does, so that a plateau tells nothing however often it is read: a
    reading counts for the charge by how far its variance is above what the curve can tell at that slope. Where
    readings contradict what is believed, the doubt of the charge grows until they are heard.

    Parameters
    ----------
    row, constants, factor
        As in `predict_block`.
    work : ndarray of float32, shape (WORK,)
        The block after `read_curve`, with `SEEN` and `READING`.
    """
    amps, hysteresis_v = row[CURRENT_A] * factor, row[HYSTERESIS_V]
    read_noise, inflation, usable, forget = row[READ_NOISE], row[INFLATION], row[USABLE], row[FORGET]
    soc_error, clip_v, per_node = constants[MODEL_SOC], constants[CLIP_V], np.reciprocal(constants[NODES_PER_SOC])
    reopen, surprise = row[REOPEN], np.float32(SURPRISE)
    curve_error, tiny = constants[CURVE_V] * constants[CURVE_V], np.float32(1e-12)
    new_ohm, one, zero = constants[RESISTANCE_OHM], np.float32(1.0), np.float32(0.0)
    for c in range(BLOCK):
        slope = work[SLOPE + c]
        seen = work[SEEN + c] * usable
        expected = work[OCV + c] + slope * work[NODE + c] * per_node + hysteresis_v
        expected -= work[RELAXATION + c] + amps * work[RESISTANCE + c]
        missed = min(max(work[READING + c] - expected, -clip_v), clip_v)
        hz = slope * work[ZZ + c] - work[ZV + c] - amps * work[ZR + c]
        hv = slope * work[ZV + c] - work[VV + c] - amps * work[VR + c]
        hr = slope * work[ZR + c] - work[VR + c] - amps * work[RR + c]
        known = slope * hz - hv - amps * hr
        once = read_noise + (slope * soc_error) * (slope * soc_error)
        squared = missed * missed * np.reciprocal(known + once + curve_error)
        weight = seen * np.reciprocal(known + once * inflation)
        work[CONSISTENCY + c] += forget * seen * (squared - work[CONSISTENCY + c])
        for_good = curve_error + (slope * soc_error) * (slope * soc_error)
        worth = max(one - for_good * np.reciprocal(slope * slope * work[ZZ + c] + tiny), zero)
        gain = weight * missed
        turn = worth * hz * gain - work[SOC_LOST + c]
        soc = work[SOC + c] + turn
        work[SOC_LOST + c] = (soc - work[SOC + c]) - turn
        work[SOC + c] = soc
        work[RELAXATION + c] += hv * gain
        ohm = work[RESISTANCE + c] + hr * gain
        work[RESISTANCE + c] = min(max(ohm, np.float32(0.05) * new_ohm), np.float32(100.0) * new_ohm)
        doubt = seen * reopen * min(max(squared - surprise, zero), surprise)
        work[ZZ + c] = doubt + max(work[ZZ + c] - worth * (one + one - worth) * weight * hz * hz, zero)
        work[ZV + c] -= weight * hz * hv
        work[ZR + c] -= weight * hz * hr
        work[VV + c] = max(work[VV + c] - weight * hv * hv, zero)
        work[VR + c] -= weight * hv * hr
        work[RR + c] = max(work[RR + c] - weight * hr * hr, zero)
    low, high = constants[NODE_FIRST], one - constants[NODE_FIRST]
    for c in range(BLOCK):
        work[SOC + c] = min(max(work[SOC + c], low), high)


@jit_in_place
def filter_block(
    rows: FloatArray32,
    factor: FloatArray32,
    voltage_mv: MillivoltArray,
    bleed_ah: FloatArray32,
    ocv_v: FloatArray32,
    slope_v: FloatArray32,
    constants: FloatArray32,
    block: int,
    report_rows: IntArray,
    state: FloatArray32,
    work: FloatArray32,
    reports: FloatArray32,
) -> None:
    """Filter one block of cells over all rows.

    Parameters
    ----------
    rows : ndarray of float32, shape (n_times, ROW)
        What all cells of the string share.
    factor : ndarray of float32, shape (n_times, n_blocks)
        Resistance at the temperature of each block over that at 25 degC. [-]
    voltage_mv : ndarray of uint16, shape (n_times, n_cells)
        Voltages; 0 is missing. [mV]
    bleed_ah : ndarray of float32, shape (n_times, n_cells) or (0, 0)
        Charge that was bled since the row before. [Ah]
    ocv_v : ndarray of float32, shape (n_nodes,)
        Curve. [V]
    slope_v : ndarray of float32, shape (2 n_nodes,)
        Slope at the nodes, then over a wide range around them. [V per unit of soc]
    constants : ndarray of float32, shape (CONSTANTS,)
        The law.
    block : int
        Number of the block.
    report_rows : ndarray of int, shape (n_reports,)
        Rows after which the state is kept, ascending.
    state : ndarray of float32, shape (n_blocks, STATE)
        State of all blocks; that of this one is carried on in place.
    work : ndarray of float32, shape (WORK,)
        Work array of this call.
    reports : ndarray of float32, shape (n_reports, n_blocks, STATE)
        Receives the state of this block after `report_rows`.
    """
    begin = block * BLOCK
    n = min(BLOCK, voltage_mv.shape[1] - begin)
    milli, one, zero = np.float32(0.001), np.float32(1.0), np.float32(0.0)
    for i in range(STATE):
        work[i] = state[block, i]
    for c in range(BLOCK):
        work[SEEN + c], work[READING + c] = zero, zero
    report = 0
    for t in range(rows.shape[0]):
        predict_block(rows[t], constants, factor[t, block], work)
        if bleed_ah.shape[0] > 0:
            for c in range(n):
                work[SOC_LOST + c] += bleed_ah[t, begin + c] * work[PER_AH + c]
        if rows[t, USABLE] > zero:
            readings = voltage_mv[t, begin : begin + n]
            for c in range(n):
                work[READING + c] = np.float32(readings[c]) * milli
            for c in range(n):
                work[SEEN + c] = one if MILLIVOLT_MIN <= readings[c] <= MILLIVOLT_MAX else zero
            read_curve(ocv_v, slope_v, constants[NODE_LAST], work)
            correct_block(rows[t], constants, factor[t, block], work)
        while report < report_rows.shape[0] and report_rows[report] == t:
            for i in range(STATE):
                reports[report, block, i] = work[i]
            report += 1
    for i in range(STATE):
        state[block, i] = work[i]
