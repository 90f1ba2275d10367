"""The instruments of the simulated sites: what they say of the truth, with noise, steps and planted faults."""

from __future__ import annotations

import numpy as np

from battuta.domain.image import N_SIGNALS, N_SOURCES, RESOLUTION, SOURCE_OF_SIGNAL, Signal, Source
from battuta.domain.time import NS_PER_S
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.world.sensors import noise_key
from battuta.world.sensors_kernels import normal_noise

NOISE = {
    Signal.METER_POWER_KW: 0.03,
    Signal.METER_VOLTAGE_PU: 2e-4,
    Signal.CONVERTER_POWER_KW: 0.03,
    Signal.CELL_VOLTAGE_V_MIN: 5e-4,
    Signal.CELL_VOLTAGE_V_MAX: 5e-4,
    Signal.AUXILIARY_POWER_KW: 0.01,
    Signal.LOAD_KW: 0.03,
}
"""Standard deviation of the noise of a signal, in its unit; others are only quantised."""

FREQUENCY_NOISE_HZ = 4e-4
_SOURCES = np.array(SOURCE_OF_SIGNAL, dtype=np.int64)
TEMPERATURE_STEP_C = 0.5
_TEMPERATURES = [
    Signal.CELL_TEMPERATURE_C_MIN,
    Signal.CELL_TEMPERATURE_C_MEAN,
    Signal.CELL_TEMPERATURE_C_MAX,
]


class Instruments:
    """Meters, battery, converter, chiller and panel of all sites.

    Parameters
    ----------
    seed : int
        Seed of the world.
    n_sites : int
        Number of sites.
    """

    def __init__(self, seed: int, n_sites: int) -> None:
        self._keys = {signal: noise_key(seed, f"world.instruments.{signal.name.lower()}") for signal in NOISE}
        self._frequency_key = noise_key(seed, "world.instruments.frequency")
        self._noise = np.empty((1, n_sites))
        self._last = np.full((N_SIGNALS, n_sites), np.nan)
        self._measured_ns = np.zeros((N_SOURCES, n_sites), dtype=np.int64)
        self.silent: BoolArray = np.zeros((N_SOURCES, n_sites), dtype=np.bool_)
        self.frozen_frequency: BoolArray = np.zeros(n_sites, dtype=np.bool_)
        self.says_nan: BoolArray = np.zeros((N_SIGNALS, n_sites), dtype=np.bool_)
        self._frozen_hz = np.full(n_sites, np.nan)

    def read(self, truth: FloatArray, second: int) -> tuple[FloatArray, IntArray]:
        """Say what the instruments show at a second.

        Parameters
        ----------
        truth : ndarray, shape (n_signals, n_sites)
            What is. [units of the signals]
        second : int
            Seconds since 1970. [s]

        Returns
        -------
        values : ndarray, shape (n_signals, n_sites)
            What is said; that of a silent instrument is what it said last. [units of the signals]
        measured_ns : ndarray of int64, shape (n_sources, n_sites)
            When each instrument spoke last. [ns]
        """
        values = truth.copy()
        for signal, deviation in NOISE.items():
            normal_noise(self._keys[signal], second, 0, self._noise)
            values[signal] += deviation * self._noise[0]
        values[_TEMPERATURES] = np.rint(values[_TEMPERATURES] / TEMPERATURE_STEP_C) * TEMPERATURE_STEP_C
        values = np.rint(values / RESOLUTION[:, None]) * RESOLUTION[:, None]
        values[self.says_nan] = np.nan
        silent = self.silent[_SOURCES]
        values[silent] = self._last[silent]
        self._measured_ns[~self.silent] = second * NS_PER_S
        self._last = values
        return values.copy(), self._measured_ns.copy()

    def frequency_hz(self, grid_hz: FloatArray, second: int) -> FloatArray:
        """Frequency that each site's meter shows in the ticks of a second.

        Parameters
        ----------
        grid_hz : ndarray, shape (n_ticks,)
            Frequency of the grid. [Hz]
        second : int
            Seconds since 1970. [s]

        Returns
        -------
        ndarray, shape (n_sites, n_ticks)
            In whole mHz; NaN from a silent meter, or one that says so. [Hz]
        """
        n_sites = self._noise.shape[1]
        noise = np.empty((grid_hz.shape[0], n_sites))
        normal_noise(self._frequency_key, second * grid_hz.shape[0], 0, noise)
        read_hz = np.rint((grid_hz[:, None] + FREQUENCY_NOISE_HZ * noise) * 1000.0).T / 1000.0
        read_hz = np.ascontiguousarray(read_hz)
        frozen = self.frozen_frequency
        read_hz[frozen] = self._frozen_hz[frozen, None]
        self._frozen_hz = read_hz[:, -1].copy()
        read_hz[self.silent[Source.METER] | self.says_nan[Signal.FREQUENCY_HZ]] = np.nan
        return read_hz
