"""Loops that make a reading of the truth: noise by counting instead of by drawing, offset, steps of the converter.

The noise of a value is a hash of (key, row, cell): no state, so any second of any cell is there at once.
"""

from __future__ import annotations

import math

import numpy as np

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray

_STRIDE = np.uint64(0x9E3779B97F4A7C15)
_CELL_STRIDE = np.uint64(0xD1342543DE82EF95)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_LANE = np.uint64(0xFFFF)
_S11, _S16, _S27, _S30, _S31, _S32, _S48 = (np.uint64(n) for n in (11, 16, 27, 30, 31, 32, 48))
_UNIT = 2.0**-53
_LANES_MEAN = 131_070.0
_LANES_DEVIATION = math.sqrt((65_536.0**2 - 1.0) / 3.0)


@jit
def mix(number: np.uint64) -> np.uint64:
    """Scatter a 64-bit number so that neighbours have nothing in common, the finaliser of splitmix64.

    References
    ----------
    .. [1] G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA (2014).
    """
    number = (number ^ (number >> _S30)) * _FIRST
    number = (number ^ (number >> _S27)) * _SECOND
    return number ^ (number >> _S31)


@jit
def normal_number(row: np.uint64, cell: int) -> float:
    """Nearly normal number of a cell in a row that is mixed already, see `normal_noise`. [-]"""
    bits = mix(row + np.uint64(cell) * _CELL_STRIDE)
    lanes = (bits & _LANE) + ((bits >> _S16) & _LANE) + ((bits >> _S32) & _LANE) + (bits >> _S48)
    return (float(lanes) - _LANES_MEAN) / _LANES_DEVIATION


@jit
def mixed_row(key: np.uint64, row: int) -> np.uint64:
    """Row of a noise, mixed once for all its cells. [-]"""
    return mix(key + np.uint64(row) * _STRIDE)


@jit
def uniform_noise(key: np.uint64, first_row: int, first_cell: int, values: FloatArray) -> None:
    """Fill a block with numbers that are uniform on [0, 1).

    Parameters
    ----------
    key : uint64
        Address of the noise, from `battuta.world.sensors.noise_key`.
    first_row, first_cell : int
        Position of the block, any integers. [-]
    values : ndarray, shape (n_times, n_cells)
        Replaced. [-]
    """
    for r in range(values.shape[0]):
        row = mix(key + np.uint64(first_row + r) * _STRIDE)
        for c in range(values.shape[1]):
            values[r, c] = float(mix(row + np.uint64(first_cell + c) * _CELL_STRIDE) >> _S11) * _UNIT


@jit
def normal_noise(key: np.uint64, first_row: int, first_cell: int, values: FloatArray) -> None:
    """Fill a block with nearly normal numbers of zero mean and unit variance, none beyond 3.5.

    Each is the sum of four uniform 16-bit numbers (Irwin-Hall): its kurtosis is 2.7 where a normal number has 3.

    Parameters
    ----------
    key : uint64
        Address of the noise.
    first_row, first_cell : int
        Position of the block, any integers. [-]
    values : ndarray, shape (n_times, n_cells)
        Replaced. [-]
    """
    for r in range(values.shape[0]):
        row = mixed_row(key, first_row + r)
        for c in range(values.shape[1]):
            values[r, c] = normal_number(row, first_cell + c)


@jit
def read_values(
    true: FloatArray,
    key: np.uint64,
    first_row: int,
    offset: FloatArray,
    drift_per_row: FloatArray,
    noise: float,
    steps_per_unit: float,
    readings: FloatArray,
) -> None:
    """Read true values with offset, drift, noise and the steps of a converter.

    Parameters
    ----------
    true : ndarray, shape (n_times, n_cells)
        The truth. [unit]
    key : uint64
        Address of the noise.
    first_row : int
        Number of the first row since the start of the sensor. [-]
    offset, drift_per_row : ndarray, shape (n_cells,)
        Offset at row 0 and its change with each row. [unit]
    noise : float
        Standard deviation of the noise. [unit]
    steps_per_unit : float
        Steps of the converter in one unit. [1/unit]
    readings : ndarray, shape (n_times, n_cells)
        Replaced. [unit]
    """
    scale = noise / _LANES_DEVIATION
    for r in range(true.shape[0]):
        row = mix(key + np.uint64(first_row + r) * _STRIDE)
        age = float(first_row + r)
        for c in range(true.shape[1]):
            bits = mix(row + np.uint64(c) * _CELL_STRIDE)
            lanes = (bits & _LANE) + ((bits >> _S16) & _LANE) + ((bits >> _S32) & _LANE) + (bits >> _S48)
            value = true[r, c] + offset[c] + drift_per_row[c] * age + (float(lanes) - _LANES_MEAN) * scale
            readings[r, c] = math.floor(value * steps_per_unit + 0.5) / steps_per_unit


@jit
def lose_values(key: np.uint64, first_row: int, share: float, readings: FloatArray) -> None:
    """Replace a share of the readings, chosen by hash, by NaN.

    Parameters
    ----------
    key : uint64
        Address of the losses.
    first_row : int
        Number of the first row. [-]
    share : float
        Share of readings that get lost. [-]
    readings : ndarray, shape (n_times, n_cells)
        Changed in place. [unit]
    """
    for r in range(readings.shape[0]):
        row = mix(key + np.uint64(first_row + r) * _STRIDE)
        for c in range(readings.shape[1]):
            if float(mix(row + np.uint64(c) * _CELL_STRIDE) >> _S11) * _UNIT < share:
                readings[r, c] = np.nan
