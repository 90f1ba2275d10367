"""The instruments of the simulated sites: what they say of the truth, with noise, steps and planted faults."""

from __future__ import annotations

import numpy as np

from battuta.domain.image import N_SIGNALS, N_SOURCES, RESOLUTION, SOURCE_OF_SIGNAL, Signal, Source
from battuta.domain.time import NS_PER_S
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.world.instruments_kernels import read_frequency, read_signals
from battuta.world.sensors import noise_key

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
ORDERED = (
    (Signal.CELL_VOLTAGE_V_MIN, Signal.CELL_VOLTAGE_V_MAX),
    (Signal.CELL_TEMPERATURE_C_MIN, Signal.CELL_TEMPERATURE_C_MAX),
    (Signal.CELL_TEMPERATURE_C_MIN, Signal.CELL_TEMPERATURE_C_MEAN),
    (Signal.CELL_TEMPERATURE_C_MEAN, Signal.CELL_TEMPERATURE_C_MAX),
)
"""Signals of which the first is never said to be above the second: both are found among the same readings."""

_ORDERED = np.array(ORDERED, dtype=np.int64)


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
        keys = [noise_key(seed, f"world.instruments.{signal.name.lower()}") for signal in Signal]
        self._keys = np.array(keys, dtype=np.uint64)
        self._deviation = np.array([NOISE.get(signal, 0.0) for signal in Signal])
        self._coarse = np.zeros(N_SIGNALS)
        self._coarse[_TEMPERATURES] = TEMPERATURE_STEP_C
        self._frequency_key = noise_key(seed, "world.instruments.frequency")
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
        values = np.empty(truth.shape)
        read_signals(
            truth,
            self._keys,
            self._deviation,
            self._coarse,
            RESOLUTION,
            _SOURCES,
            _ORDERED,
            self.silent,
            self.says_nan,
            second,
            second * NS_PER_S,
            self._last,
            self._measured_ns,
            values,
        )
        return values, self._measured_ns.copy()

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
        read_hz = np.empty((self.frozen_frequency.shape[0], grid_hz.shape[0]))
        read_frequency(
            grid_hz,
            self._frequency_key,
            FREQUENCY_NOISE_HZ,
            second,
            self.frozen_frequency,
            self.silent[Source.METER],
            self.says_nan[Signal.FREQUENCY_HZ],
            self._frozen_hz,
            read_hz,
        )
        return read_hz
