"""Loops between converter and interconnection point: transformer losses, limits at the point, P and Q on one circle.

Sign: P positive is exported, **Q positive is injected** (over-excited, lifts voltage), negative is absorbed. One row of
`N_GRID_PARAMETERS` numbers a site, see the constants; the transformer carries the battery alone, load and PV of the
site stand beside it on the grid side.
"""

from __future__ import annotations

import math
from typing import Final

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray

APPARENT_KVA: Final = 0
Q_PRIORITY: Final = 1
IMPORT_KW_MAX: Final = 2
EXPORT_KW_MAX: Final = 3
TRANSFORMER_KVA: Final = 4
NO_LOAD_LOSS_PU: Final = 5
LOAD_LOSS_PU: Final = 6
REACTANCE_PU: Final = 7
MAGNETISING_PU: Final = 8
N_GRID_PARAMETERS: Final = 9


@jit
def onto_circle(power_kw: FloatArray, reactive_kvar: FloatArray, rows: FloatArray) -> None:
    """Bring P and Q within the apparent power of each converter, in place.

    Parameters
    ----------
    power_kw : ndarray, shape (n_sites,)
        Active power at the converter's AC terminals; changed in place. [kW]
    reactive_kvar : ndarray, shape (n_sites,)
        Reactive power there, injected positive; changed in place. [kvar]
    rows : ndarray, shape (n_sites, 9)
        Parameter rows; with ``Q_PRIORITY`` reactive power keeps its wish and active power gives way, else the reverse.
    """
    for site in range(power_kw.shape[0]):
        apparent = rows[site, APPARENT_KVA]
        if rows[site, Q_PRIORITY] != 0.0:
            q = min(max(reactive_kvar[site], -apparent), apparent)
            left = math.sqrt(max(apparent * apparent - q * q, 0.0))
            reactive_kvar[site] = q
            power_kw[site] = min(max(power_kw[site], -left), left)
        else:
            p = min(max(power_kw[site], -apparent), apparent)
            left = math.sqrt(max(apparent * apparent - p * p, 0.0))
            power_kw[site] = p
            reactive_kvar[site] = min(max(reactive_kvar[site], -left), left)


@jit
def at_interconnection(
    power_kw: FloatArray,
    reactive_kvar: FloatArray,
    other_kw: FloatArray,
    other_kvar: FloatArray,
    rows: FloatArray,
    point_kw: FloatArray,
    point_kvar: FloatArray,
) -> None:
    """P and Q at the interconnection point from those at the converter.

    Parameters
    ----------
    power_kw, reactive_kvar : ndarray, shape (n_sites,)
        At the converter's AC terminals. [kW], [kvar]
    other_kw, other_kvar : ndarray, shape (n_sites,)
        What the rest of the site exports: PV less load less auxiliaries. [kW], [kvar]
    rows : ndarray, shape (n_sites, 9)
        Parameter rows.
    point_kw, point_kvar : ndarray, shape (n_sites,)
        Written: exported and injected positive. [kW], [kvar]
    """
    for site in range(power_kw.shape[0]):
        row = rows[site]
        rated = row[TRANSFORMER_KVA]
        squared = (power_kw[site] * power_kw[site] + reactive_kvar[site] * reactive_kvar[site]) / rated
        point_kw[site] = power_kw[site] + other_kw[site] - row[NO_LOAD_LOSS_PU] * rated - row[LOAD_LOSS_PU] * squared
        drawn_kvar = row[MAGNETISING_PU] * rated + row[REACTANCE_PU] * squared
        point_kvar[site] = reactive_kvar[site] + other_kvar[site] - drawn_kvar


@jit
def converter_power_kw(
    point_kw: float, reactive_kvar: float, other_kw: float, no_load_loss_kw: float, load_loss_per_kw: float
) -> float:
    """Active power at the converter for which the interconnection point shows `point_kw`. [kW]

    The root of ``p - r p^2 = target``, r the load loss per kW squared [1/kW]; where no power reaches the target (the
    transformer would lose more than it carries) the one that comes nearest.
    """
    target = point_kw - other_kw + no_load_loss_kw + load_loss_per_kw * reactive_kvar * reactive_kvar
    root = 1.0 - 4.0 * load_loss_per_kw * target
    if root <= 0.0:
        return 0.5 / load_loss_per_kw
    return 2.0 * target / (1.0 + math.sqrt(root))


@jit
def power_window(
    reactive_kvar: FloatArray, other_kw: FloatArray, rows: FloatArray, low_kw: FloatArray, high_kw: FloatArray
) -> None:
    """Window of active power at each converter that keeps the limits at its interconnection point.

    Parameters
    ----------
    reactive_kvar : ndarray, shape (n_sites,)
        Reactive power at the converter. [kvar]
    other_kw : ndarray, shape (n_sites,)
        What the rest of the site exports: PV less load less auxiliaries. [kW]
    rows : ndarray, shape (n_sites, 9)
        Parameter rows.
    low_kw, high_kw : ndarray, shape (n_sites,)
        Written: the window, within the apparent power. Where the rest of the site alone breaks a limit by more than
        the converter can mend, both are the power that mends most. [kW]
    """
    for site in range(other_kw.shape[0]):
        row = rows[site]
        apparent = row[APPARENT_KVA]
        no_load_kw, per_kw = row[NO_LOAD_LOSS_PU] * row[TRANSFORMER_KVA], row[LOAD_LOSS_PU] / row[TRANSFORMER_KVA]
        high = converter_power_kw(row[EXPORT_KW_MAX], reactive_kvar[site], other_kw[site], no_load_kw, per_kw)
        low = converter_power_kw(-row[IMPORT_KW_MAX], reactive_kvar[site], other_kw[site], no_load_kw, per_kw)
        high_kw[site] = min(max(high, -apparent), apparent)
        low_kw[site] = min(max(low, -apparent), apparent)


FIXED_Q: Final = 0.0
FIXED_FACTOR: Final = 1.0
Q_OF_V: Final = 2.0
VOLTAGE: Final = 3.0

MODE: Final = 0
Q_SET_PU: Final = 1
POWER_FACTOR: Final = 2
VOLTAGE_SET_PU: Final = 3
VOLTAGE_DEADBAND_PU: Final = 4
GAIN_PER_S: Final = 5
RESPONSE_S: Final = 6
Q_MAX_PU: Final = 7
N_CURVE: Final = 8
CURVE_V_PU: Final = 9
N_CURVE_MAX: Final = 8
CURVE_Q_PU: Final = CURVE_V_PU + N_CURVE_MAX
N_REACTIVE_PARAMETERS: Final = CURVE_Q_PU + N_CURVE_MAX

DEAD_LINE_PU: Final = 0.5
"""Below this the line counts as dead, and the modes that look at voltage give no reactive power. [-]"""


@jit
def _on_curve(voltage_pu: float, row: FloatArray) -> float:
    """Q per unit on the curve, level beyond its ends."""
    n = int(row[N_CURVE])
    if voltage_pu <= row[CURVE_V_PU]:
        return row[CURVE_Q_PU]
    for k in range(1, n):
        high = row[CURVE_V_PU + k]
        if voltage_pu <= high:
            low = row[CURVE_V_PU + k - 1]
            share = (voltage_pu - low) / (high - low)
            return row[CURVE_Q_PU + k - 1] + share * (row[CURVE_Q_PU + k] - row[CURVE_Q_PU + k - 1])
    return row[CURVE_Q_PU + n - 1]


@jit
def reactive_step(
    voltage_pu: FloatArray, power_pu: FloatArray, dt_s: float, rows: FloatArray, q_pu: FloatArray
) -> None:
    """Reactive power of each site after one tick, in place.

    Parameters
    ----------
    voltage_pu : ndarray, shape (n_sites,)
        Voltage at the interconnection point per unit of nominal. In the modes that look at it NaN holds the last
        reactive power, and a dead line (below 0.5) gets none. [-]
    power_pu : ndarray, shape (n_sites,)
        Active power per unit of the apparent power. [-]
    dt_s : float
        Length of the tick. [s]
    rows : ndarray, shape (n_sites, 25)
        Parameter rows of the modes: fixed Q, fixed power factor (positive injects, negative absorbs, whichever way
        active power flows), Q on a curve of V, or V held at its set value by an integrator with a deadband.
    q_pu : ndarray, shape (n_sites,)
        Reactive power, injected positive, per unit of the apparent power; before the tick in, after it out. A Q(V)
        curve is approached along an exact exponential, the integrator stops at ``Q_MAX_PU`` (no wind-up). [-]
    """
    for site in range(q_pu.shape[0]):
        row = rows[site]
        mode = row[MODE]
        limit = row[Q_MAX_PU]
        wanted = q_pu[site]
        seen = not math.isnan(voltage_pu[site])
        if mode == FIXED_Q:
            wanted = row[Q_SET_PU]
        elif mode == FIXED_FACTOR:
            factor = row[POWER_FACTOR]
            wanted = math.copysign(abs(power_pu[site]) * math.sqrt(max(1.0 / (factor * factor) - 1.0, 0.0)), factor)
        elif seen and voltage_pu[site] < DEAD_LINE_PU:
            wanted = 0.0
        elif mode == Q_OF_V and seen:
            target = _on_curve(voltage_pu[site], row)
            decay = math.exp(-dt_s / row[RESPONSE_S]) if row[RESPONSE_S] > 0.0 else 0.0
            wanted = target + (q_pu[site] - target) * decay
        elif mode == VOLTAGE and seen:
            error = row[VOLTAGE_SET_PU] - voltage_pu[site]
            beyond = math.copysign(max(abs(error) - row[VOLTAGE_DEADBAND_PU], 0.0), error)
            wanted = q_pu[site] + row[GAIN_PER_S] * beyond * dt_s
        q_pu[site] = min(max(wanted, -limit), limit)
