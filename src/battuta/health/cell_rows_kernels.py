"""What a row of telemetry says of a string as a whole: a typical voltage, and the temperatures of its blocks."""

from __future__ import annotations

import math

from battuta._jit import jit_in_place
from battuta.health.cell_filter_kernels import MILLIVOLT_MAX, MILLIVOLT_MIN, FloatArray32, MillivoltArray
from battuta.health.current_offset_kernels import TEMPERATURE_C
from battuta.numerics.arrays import FloatArray

NEAR_MV = 20
"""Cells this near to the median make the typical cell. [mV]"""
ZERO_CELSIUS_K, REFERENCE_K = 273.15, 298.15


@jit_in_place
def typical_voltage(voltage_mv: MillivoltArray, typical_v: FloatArray) -> None:
    """Mean of the cells near to the median, in each row.

    Parameters
    ----------
    voltage_mv : ndarray of uint16, shape (n_times, n_cells)
        Voltages; 0 is missing. [mV]
    typical_v : ndarray, shape (n_times,)
        Receives the voltage; 0 where fewer than half of the cells are read. [V]
    """
    guess = 3300
    for t in range(voltage_mv.shape[0]):
        row = voltage_mv[t]
        n_read = _count_between(row, MILLIVOLT_MIN, MILLIVOLT_MAX)
        typical_v[t] = 0.0
        if n_read == 0 or 2 * n_read < row.shape[0]:
            continue
        half = (n_read + 1) // 2
        low, high, reach = MILLIVOLT_MIN - 1, MILLIVOLT_MAX, 1
        while low < guess < high and reach < MILLIVOLT_MAX:  # the median of the row before is near
            if _count_between(row, MILLIVOLT_MIN, guess) >= half:
                high = guess
                guess -= reach
            else:
                low = guess
                guess += reach
            reach *= 2
        while high - low > 1:
            middle = (low + high) // 2
            if _count_between(row, MILLIVOLT_MIN, middle) >= half:
                high = middle
            else:
                low = middle
        guess = high
        total, near = 0, 0
        for c in range(row.shape[0]):
            if high - NEAR_MV <= row[c] <= high + NEAR_MV:
                total += row[c]
                near += 1
        typical_v[t] = 0.001 * total / near


@jit_in_place
def _count_between(row: MillivoltArray, low_mv: int, high_mv: int) -> int:
    count = 0
    for c in range(row.shape[0]):
        count += 1 if low_mv <= row[c] <= high_mv else 0
    return count


@jit_in_place
def resistance_factors(
    temperature_c: FloatArray, activation_k: float, string: FloatArray, typical: FloatArray, blocks: FloatArray32
) -> None:
    """Resistance at the temperature of each block of cells over that at 25 degC.

    A block takes the mean of its own sensors, else of all, else what was last known.

    Parameters
    ----------
    temperature_c : ndarray, shape (n_times, n_sensors)
        Sensors in the order of the cells; NaN is missing. [degC]
    activation_k : float
        Activation energy over the gas constant. [K]
    string : ndarray, shape (STRING,)
        State of the string, of which `TEMPERATURE_C` is carried on.
    typical : ndarray, shape (n_times,)
        Receives the factor of the whole string. [-]
    blocks : ndarray of float32, shape (n_times, n_blocks)
        Receives the factor of each block. [-]
    """
    n_sensors, n_blocks = temperature_c.shape[1], blocks.shape[1]
    for t in range(temperature_c.shape[0]):
        row = temperature_c[t]
        string[TEMPERATURE_C] = _mean_known(row, 0, n_sensors, string[TEMPERATURE_C])
        typical[t] = _arrhenius(string[TEMPERATURE_C], activation_k)
        for b in range(n_blocks):
            first = b * n_sensors // n_blocks
            last = max((b + 1) * n_sensors // n_blocks, first + 1)
            own_c = _mean_known(row, first, min(last, n_sensors), string[TEMPERATURE_C])
            blocks[t, b] = _arrhenius(own_c, activation_k)


@jit_in_place
def _mean_known(values: FloatArray, first: int, last: int, otherwise: float) -> float:
    total, known = 0.0, 0
    for i in range(first, last):
        if math.isfinite(values[i]):
            total += values[i]
            known += 1
    return total / known if known > 0 else otherwise


@jit_in_place
def _arrhenius(temperature_c: float, activation_k: float) -> float:
    kelvin = min(max(temperature_c, -40.0), 80.0) + ZERO_CELSIUS_K
    return math.exp(activation_k * (1.0 / kelvin - 1.0 / REFERENCE_K))
