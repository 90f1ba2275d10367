"""Rates of NREL's model of the Sony/Murata cell; the row of parameters is that of `sony.ROW`."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from battuta._jit import jit, jit_in_place
from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.graphite_kernels import anode_potential_v

END_SCALE: Final = 0
END_INVERSE_SQUARE: Final = 1
END_INVERSE: Final = 2
PER_DAY: Final = 3
CURVE_SCALE: Final = 4
CURVE_INVERSE_FOURTH: Final = 5
CURVE_CUBE: Final = 6
CURVE_INVERSE_CUBE: Final = 7
CURVE_SQUARE: Final = 8
CYCLE_OFFSET: Final = 9
CYCLE_DEPTH: Final = 10
CYCLE_GROWTH: Final = 11
CYCLE_EXPONENT: Final = 12
BREAK_SCALE: Final = 13
BREAK_SOC_SKEW: Final = 14
BREAK_SOC_WIDTH: Final = 15
BREAK_DEPTH_SKEW: Final = 16
BREAK_DEPTH_WIDTH: Final = 17
BREAK_DEPTH_GROWTH: Final = 18
BREAK_PER_CYCLE: Final = 19
BREAK_EXPONENT: Final = 20
RESISTANCE_RATE: Final = 21
RESISTANCE_ACTIVATION: Final = 22
RESISTANCE_SOC_SCALE: Final = 23
RESISTANCE_SOC_OFFSET: Final = 24
RESISTANCE_C_RATE_SCALE: Final = 25
RESISTANCE_C_RATE_OFFSET: Final = 26
RESISTANCE_DEPTH_SCALE: Final = 27
RESISTANCE_DEPTH_OFFSET: Final = 28
BREAK_IN_CYCLES_PER_DAY: Final = 3.0
GAS_J_PER_MOL_K: Final = 8.3144
ZERO_K: Final = 273.15
REFERENCE_K: Final = 298.15


@jit
def sony_calendar(potential_v: float, temperature_c: float, row: FloatArray) -> tuple[float, float]:
    """End and curvature of the sigmoid of calendar ageing. [-], [-]

    Parameters
    ----------
    potential_v : float
        Potential of the anode. [V]
    temperature_c : float
        Cell temperature. [degC]
    row : ndarray, shape (29,)
        Parameters.
    """
    kelvin = temperature_c + ZERO_K
    square = kelvin * kelvin
    half, third = math.sqrt(potential_v), potential_v ** (1.0 / 3.0)
    fourth = math.sqrt(half)
    end = row[END_SCALE] * math.exp((row[END_INVERSE_SQUARE] / square + row[END_INVERSE] / kelvin) * half)
    cold = row[CURVE_INVERSE_FOURTH] / (square * square) + row[CURVE_INVERSE_CUBE] / (square * kelvin)
    warm = row[CURVE_CUBE] * (square * kelvin) + row[CURVE_SQUARE] * square
    return abs(end), abs(row[CURVE_SCALE] * math.exp(cold * third + warm * fourth))


@jit_in_place
def sony_cycle(depth: float, c_rate: float, row: FloatArray) -> float:
    """Cycle rate, per equivalent full cycle. [-]

    Parameters
    ----------
    depth : float
        Range of the state of charge. [-]
    c_rate : float
        Mean magnitude of the rate. [1/h]
    row : ndarray, shape (29,)
        Parameters.
    """
    growth = row[CYCLE_GROWTH] * math.exp(depth * depth * c_rate * c_rate * c_rate)
    return abs(row[CYCLE_OFFSET] + row[CYCLE_DEPTH] * depth + growth)


@jit_in_place
def skewed_bell(value: float, skew: float, width: float) -> float:
    """Skew normal density around one half, in units of its width. [-]"""
    z = (value - 0.5) / width
    return math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi) * (1.0 + math.erf(skew * z / math.sqrt(2.0)))


@jit_in_place
def sony_break_in(depth: float, row: FloatArray) -> float:
    """End of the break-in over the depth; times the mean of `skewed_bell` over the state of charge. [-]"""
    bell = skewed_bell(depth, row[BREAK_DEPTH_SKEW], row[BREAK_DEPTH_WIDTH])
    rise = math.tanh(0.5 * row[BREAK_DEPTH_GROWTH] * depth)
    return abs(row[BREAK_SCALE] * bell * rise)


@jit
def sony_warmth(temperature_c: float, row: FloatArray) -> float:
    """Resistance gained at rest at soc 0.5's shape of 1, per second. [1/s]"""
    inverse_k = 1.0 / (temperature_c + ZERO_K) - 1.0 / REFERENCE_K
    return row[RESISTANCE_RATE] * math.exp(-row[RESISTANCE_ACTIVATION] / GAS_J_PER_MOL_K * inverse_k)


@jit
def sony_resting(soc: float, row: FloatArray, exponent: int) -> float:
    """Shape of calendar resistance growth over the state of charge; the data want exponent 2. [-]"""
    away = soc - 0.5
    lifted = away * away if exponent == 2 else away * away * away
    return row[RESISTANCE_SOC_SCALE] * lifted + row[RESISTANCE_SOC_OFFSET]


@jit_in_place
def sony_cycle_growth(depth: float, c_rate: float, row: FloatArray) -> float:
    """Resistance gained per equivalent full cycle; negative above 1.05 C. [-]"""
    away = depth - 0.5
    by_rate = row[RESISTANCE_C_RATE_SCALE] * c_rate + row[RESISTANCE_C_RATE_OFFSET]
    return by_rate * (row[RESISTANCE_DEPTH_SCALE] * away * away * away + row[RESISTANCE_DEPTH_OFFSET])


@jit
def sony_days(soc: FloatArray, temperature_c: FloatArray, row: FloatArray) -> FloatArray:
    """Mean rates of each day.

    Parameters
    ----------
    soc, temperature_c : ndarray, shape (n_days, n_steps)
        State at the end of each step. [-], [degC]
    row : ndarray, shape (29,)
        Parameters.

    Returns
    -------
    ndarray, shape (n_days, 4)
        Means of end and curvature of the calendar's sigmoid, of the break-in's bell over the state of charge, and of
        the resistance gained at rest. [-], [-], [-], [1/s]
    """
    n_days, n_steps = soc.shape
    mean = np.zeros((n_days, 4))
    for day in range(n_days):
        for step in range(n_steps):
            here, warm_c = soc[day, step], temperature_c[day, step]
            end, curve = sony_calendar(anode_potential_v(here), warm_c, row)
            mean[day, 0] += end / n_steps
            mean[day, 1] += curve / n_steps
            mean[day, 2] += skewed_bell(here, row[BREAK_SOC_SKEW], row[BREAK_SOC_WIDTH]) / n_steps
            mean[day, 3] += max(sony_warmth(warm_c, row) * sony_resting(here, row, 2), 0.0) / n_steps
    return mean


@jit
def sony_cycle_days(depth: FloatArray, c_rate: FloatArray, row: FloatArray) -> FloatArray:
    """Cycle rates of each day.

    Parameters
    ----------
    depth, c_rate : ndarray, shape (n_days,)
        Range of the state of charge, and mean magnitude of the rate. [-], [1/h]
    row : ndarray, shape (29,)
        Parameters.

    Returns
    -------
    ndarray, shape (n_days, 3)
        `sony_cycle`, `sony_break_in`, and `sony_cycle_growth` held at 0 from below. [-]
    """
    rates = np.empty((depth.shape[0], 3))
    for day in range(depth.shape[0]):
        rates[day, 0] = sony_cycle(depth[day], c_rate[day], row)
        rates[day, 1] = sony_break_in(depth[day], row)
        rates[day, 2] = max(sony_cycle_growth(depth[day], c_rate[day], row), 0.0)
    return rates
