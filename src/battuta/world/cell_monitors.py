"""The cell monitors of the simulated sites: voltage of each cell, current of the string, temperature of each module."""

from __future__ import annotations

import numpy as np

from battuta.numerics.arrays import FloatArray, IntArray
from battuta.world.plant import Plants
from battuta.world.sensors import CELL_TEMPERATURE, CELL_VOLTAGE, STRING_CURRENT, Sensors

CELLS_PER_SENSOR = 16


class CellMonitors:
    """What management systems log of the strings of all sites: one each, or one for each module with a converter.

    Parameters
    ----------
    seed : int
        Seed of the world.
    plants : Plants
        The sites.
    row_s : float
        Time from row to row, for the drift of instruments. [s]
    """

    def __init__(self, seed: int, plants: Plants, row_s: float) -> None:
        n_strings = plants.n_sites * plants.n_modules
        n_cells = plants.slot.size // n_strings
        self._plants = plants
        self._modules: IntArray = np.arange(0, n_cells, CELLS_PER_SENSOR, dtype=np.int64)
        self.n_sensors = int(self._modules.size)
        self._voltage = [
            Sensors(seed, "cell_voltage", CELL_VOLTAGE, site=string, n_cells=n_cells, row_s=row_s)
            for string in range(n_strings)
        ]
        self._temperature = [
            Sensors(seed, "cell_temperature", CELL_TEMPERATURE, site=string, n_cells=self.n_sensors, row_s=row_s)
            for string in range(n_strings)
        ]
        self._current = [
            Sensors(seed, "string_current", STRING_CURRENT, site=string, row_s=row_s) for string in range(n_strings)
        ]
        self._row = 0

    def read(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Read all strings.

        Returns
        -------
        voltage_v : ndarray, shape (n_strings, n_cells)
            Site after site, module after module. [V]
        current_a : ndarray, shape (n_strings,)
            Discharge positive. [A]
        temperature_c : ndarray, shape (n_strings, n_sensors)
            Of every sixteenth cell. [degC]
        """
        true_a = self._plants.string_current_a()
        n_strings = true_a.size
        all_v, all_c = (each.reshape(n_strings, -1) for each in self._plants.all_cells_seen())
        voltage_v, temperature_c = np.empty(all_v.shape), np.empty((n_strings, self.n_sensors))
        current_a = np.empty(n_strings)
        for each in range(n_strings):
            voltage_v[each] = self._voltage[each].read(all_v[each][None, :], self._row)[0]
            temperature_c[each] = self._temperature[each].read(all_c[each][None, self._modules], self._row)[0]
            current_a[each] = self._current[each].read(true_a[each : each + 1][None, :], self._row)[0, 0]
        self._row += 1
        return voltage_v, current_a, temperature_c
