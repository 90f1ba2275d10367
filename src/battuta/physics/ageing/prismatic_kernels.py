"""Rates of NREL's model of a large prismatic cell; the row of parameters is that of `prismatic.ROW`."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from battuta._jit import jit, jit_in_place
from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.graphite_kernels import anode_potential_v

CALENDAR_SCALE: Final = 0
CALENDAR_TEMPERATURE: Final = 1
CALENDAR_POTENTIAL: Final = 2
CALENDAR_EXPONENT: Final = 3
CYCLE_OFFSET: Final = 4
CYCLE_DEPTH: Final = 5
CYCLE_C_RATE: Final = 6
CYCLE_WARM: Final = 7
CYCLE_HOT: Final = 8
CYCLE_EXPONENT: Final = 9
ZERO_K: Final = 273.15


@jit
def prismatic_calendar(soc: float, temperature_c: float, row: FloatArray) -> float:
    """Calendar rate, per day to the power of the exponent.

    Parameters
    ----------
    soc : float
        State of charge. [-]
    temperature_c : float
        Cell temperature. [degC]
    row : ndarray, shape (10,)
        Parameters.
    """
    above = row[CALENDAR_TEMPERATURE] + row[CALENDAR_POTENTIAL] * anode_potential_v(soc)
    return abs(row[CALENDAR_SCALE]) * math.exp(above / (temperature_c + ZERO_K))


@jit
def prismatic_warmth(temperature_c: float, row: FloatArray) -> float:
    """Factor of temperature on the cycle rate; it falls when the cell gets hotter. [-]"""
    inverse_k = 1.0 / (temperature_c + ZERO_K)
    return math.exp(row[CYCLE_WARM] * inverse_k) + math.exp(-row[CYCLE_HOT] * inverse_k)


@jit_in_place
def prismatic_cycle(depth: float, c_rate: float, warmth: float, row: FloatArray) -> float:
    """Cycle rate, per equivalent full cycle to the power of the exponent.

    Parameters
    ----------
    depth : float
        Range of the state of charge. [-]
    c_rate : float
        Mean magnitude of the rate. [1/h]
    warmth : float
        Mean of `prismatic_warmth`. [-]
    row : ndarray, shape (10,)
        Parameters.
    """
    return (row[CYCLE_OFFSET] + row[CYCLE_DEPTH] * depth + row[CYCLE_C_RATE] * c_rate) * warmth


@jit
def prismatic_days(soc: FloatArray, temperature_c: FloatArray, row: FloatArray) -> FloatArray:
    """Mean rates of each day.

    Parameters
    ----------
    soc, temperature_c : ndarray, shape (n_days, n_steps)
        State at the end of each step. [-], [degC]
    row : ndarray, shape (10,)
        Parameters.

    Returns
    -------
    ndarray, shape (n_days, 2)
        Means of `prismatic_calendar` and `prismatic_warmth`.
    """
    n_days, n_steps = soc.shape
    mean = np.zeros((n_days, 2))
    for day in range(n_days):
        for step in range(n_steps):
            mean[day, 0] += prismatic_calendar(soc[day, step], temperature_c[day, step], row) / n_steps
            mean[day, 1] += prismatic_warmth(temperature_c[day, step], row) / n_steps
    return mean
