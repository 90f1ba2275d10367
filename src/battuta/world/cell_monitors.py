"""The cell monitors of the simulated sites: voltage of each cell, current of the string, temperature of each module."""

from __future__ import annotations

import numpy as np

from battuta.numerics.arrays import FloatArray, IntArray
from battuta.world.plant import Plants
from battuta.world.sensors import CELL_TEMPERATURE, CELL_VOLTAGE, STRING_CURRENT, Sensors

CELLS_PER_SENSOR = 16


class CellMonitors:
    """What a management system logs of the strings of all sites, one string each.

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
        n_sites, n_cells = plants.slot.shape
        self._plants = plants
        self._modules: IntArray = np.arange(0, n_cells, CELLS_PER_SENSOR, dtype=np.int64)
        self.n_sensors = int(self._modules.size)
        self._voltage = [
            Sensors(seed, "cell_voltage", CELL_VOLTAGE, site=site, n_cells=n_cells, row_s=row_s)
            for site in range(n_sites)
        ]
        self._temperature = [
            Sensors(seed, "cell_temperature", CELL_TEMPERATURE, site=site, n_cells=self.n_sensors, row_s=row_s)
            for site in range(n_sites)
        ]
        self._current = [
            Sensors(seed, "string_current", STRING_CURRENT, site=site, row_s=row_s) for site in range(n_sites)
        ]
        self._row = 0

    def read(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Read all strings.

        Returns
        -------
        voltage_v : ndarray, shape (n_sites, n_cells)
            [V]
        current_a : ndarray, shape (n_sites,)
            Discharge positive. [A]
        temperature_c : ndarray, shape (n_sites, n_sensors)
            First cell of each module. [degC]
        """
        n_sites, n_cells = self._plants.slot.shape
        voltage_v, temperature_c = np.empty((n_sites, n_cells)), np.empty((n_sites, self.n_sensors))
        current_a = np.empty(n_sites)
        true_a = self._plants.string_current_a()
        all_v, all_c = self._plants.all_cells_seen()
        for site in range(n_sites):
            voltage_v[site] = self._voltage[site].read(all_v[site][None, :], self._row)[0]
            temperature_c[site] = self._temperature[site].read(all_c[site][None, self._modules], self._row)[0]
            current_a[site] = self._current[site].read(true_a[site : site + 1][None, :], self._row)[0, 0]
        self._row += 1
        return voltage_v, current_a, temperature_c
