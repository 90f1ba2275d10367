"""What all instruments show of the truth in a second, in one pass: noise, steps, silence and values that are none."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from battuta._jit import jit
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.world.sensors_kernels import mixed_row, normal_number


@jit
def read_signals(
    truth: FloatArray,
    keys: NDArray[np.uint64],
    noise: FloatArray,
    coarse: FloatArray,
    resolution: FloatArray,
    sources: IntArray,
    ordered: IntArray,
    silent: BoolArray,
    says_nan: BoolArray,
    second: int,
    time_ns: int,
    last: FloatArray,
    measured_ns: IntArray,
    values: FloatArray,
) -> None:
    """Say what the instruments show at a second.

    Parameters
    ----------
    truth : ndarray, shape (n_signals, n_sites)
        What is. [units of the signals]
    keys : ndarray of uint64, shape (n_signals,)
        Address of the noise of each signal.
    noise, coarse, resolution : ndarray, shape (n_signals,)
        Standard deviation of the noise, step of the sensor and step of the register; 0 for no noise and no sensor step.
        [units of the signals]
    sources : ndarray of int, shape (n_signals,)
        Instrument that each signal comes from.
    ordered : ndarray of int, shape (n_pairs, 2)
        Pairs of signals of one instrument that searches the same cells for both, so that the first is never said to be
        above the second: where their noise crosses they change places, pair after pair.
    silent : ndarray of bool, shape (n_sources, n_sites)
        Instruments that say nothing.
    says_nan : ndarray of bool, shape (n_signals, n_sites)
        Values that are none.
    second, time_ns : int
        Since 1970. [s], [ns]
    last : ndarray, shape (n_signals, n_sites)
        What was said last; brought up to now. [units of the signals]
    measured_ns : ndarray of int, shape (n_sources, n_sites)
        When each instrument spoke last; brought up to now. [ns]
    values : ndarray, shape (n_signals, n_sites)
        Written: what is said now. [units of the signals]
    """
    n_signals, n_sites = truth.shape
    for k in range(n_signals):
        row = mixed_row(keys[k], second)
        source = sources[k]
        for i in range(n_sites):
            if not silent[source, i]:
                value = truth[k, i]
                if noise[k] > 0.0:
                    value += noise[k] * normal_number(row, i)
                if coarse[k] > 0.0:
                    value = np.rint(value / coarse[k]) * coarse[k]
                value = np.rint(value / resolution[k]) * resolution[k]
                last[k, i] = math.nan if says_nan[k, i] else value
    for pair in range(ordered.shape[0]):
        low, high = ordered[pair, 0], ordered[pair, 1]
        for i in range(n_sites):
            if not silent[sources[low], i] and last[low, i] > last[high, i]:
                last[low, i], last[high, i] = last[high, i], last[low, i]
    for k in range(n_signals):
        for i in range(n_sites):
            values[k, i] = last[k, i]
    for source in range(measured_ns.shape[0]):
        for i in range(n_sites):
            if not silent[source, i]:
                measured_ns[source, i] = time_ns


@jit
def read_frequency(
    grid_hz: FloatArray,
    key: np.uint64,
    noise_hz: float,
    second: int,
    frozen: BoolArray,
    silent: BoolArray,
    says_nan: BoolArray,
    last_hz: FloatArray,
    read_hz: FloatArray,
) -> None:
    """Say what the meter of each site shows in the ticks of a second, in whole mHz.

    Parameters
    ----------
    grid_hz : ndarray, shape (n_ticks,)
        Frequency of the grid. [Hz]
    key : uint64
        Address of the noise.
    noise_hz : float
        Its standard deviation. [Hz]
    second : int
        Seconds since 1970. [s]
    frozen, silent, says_nan : ndarray of bool, shape (n_sites,)
        Meters that repeat their last tick, say nothing, or say that it is no number.
    last_hz : ndarray, shape (n_sites,)
        Last tick of each meter, whether it said it or not; brought up to now. [Hz]
    read_hz : ndarray, shape (n_sites, n_ticks)
        Written: what is shown, NaN where nothing is. [Hz]
    """
    n_sites, n_ticks = read_hz.shape
    for t in range(n_ticks):
        row = mixed_row(key, second * n_ticks + t)
        for i in range(n_sites):
            read_hz[i, t] = np.rint((grid_hz[t] + noise_hz * normal_number(row, i)) * 1000.0) / 1000.0
    for i in range(n_sites):
        if frozen[i]:
            read_hz[i] = last_hz[i]
        last_hz[i] = read_hz[i, n_ticks - 1]
        if silent[i] or says_nan[i]:
            read_hz[i] = math.nan
