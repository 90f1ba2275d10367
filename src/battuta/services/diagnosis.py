"""The diagnosis of living sites: what each string logs each minute, kept for the day and judged when it is over."""

from __future__ import annotations

import numpy as np

from battuta.domain.health import Finding
from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_DAY
from battuta.health.decision_settings import DecisionSettings
from battuta.health.string_scan import StringScan
from battuta.numerics.arrays import FloatArray
from battuta.physics.cell_parameters import CellParameters

MILLIVOLT_V = 0.001
MISSING = 0
"""How a voltage that is missing is kept."""


class Diagnosis:
    """Watches one string at each site.

    A day is kept in whole millivolts, two bytes a cell and row, and is gone when it has been judged.

    Parameters
    ----------
    parameters : CellParameters
        Kind of cell.
    n_sites, n_cells : int
        Sites, and cells in series at each.
    n_sensors : int
        Temperatures that each string logs.
    step_s : int
        Time from row to row; a row that comes sooner is not taken. [s]
    settings : DecisionSettings or None
        Limits of the tests.
    """

    def __init__(
        self,
        parameters: CellParameters,
        n_sites: int,
        n_cells: int,
        n_sensors: int,
        step_s: int = 60,
        settings: DecisionSettings | None = None,
    ) -> None:
        self.step_s = step_s
        self._scans = [StringScan(parameters, f"site-{site}", n_cells, settings=settings) for site in range(n_sites)]
        n_rows = 86_400 // step_s
        self._time_ns = np.empty(n_rows, dtype=np.int64)
        self._millivolts = np.empty((n_sites, n_rows, n_cells), dtype=np.uint16)
        self._current_a = np.empty((n_sites, n_rows), dtype=np.float32)
        self._temperature_c = np.empty((n_sites, n_rows, n_sensors), dtype=np.float32)
        self._n_rows = 0
        self.findings: list[Finding] = []

    def is_due(self, now_ns: int) -> bool:
        """Whether a row is wanted now."""
        return self._n_rows == 0 or now_ns - int(self._time_ns[self._n_rows - 1]) >= self.step_s * 1_000_000_000

    def take(
        self, now_ns: int, voltage_v: FloatArray, current_a: FloatArray, temperature_c: FloatArray
    ) -> list[Finding]:
        """Keep a row of all sites; judge the day that it is the first row after.

        Parameters
        ----------
        now_ns : int
            When the row was measured. [ns]
        voltage_v : ndarray, shape (n_sites, n_cells)
            Voltages, NaN where missing. [V]
        current_a : ndarray, shape (n_sites,)
            Current of each string, discharge positive. [A]
        temperature_c : ndarray, shape (n_sites, n_sensors)
            Temperatures. [degC]

        Returns
        -------
        list of Finding
            What is new by it.
        """
        found: list[Finding] = []
        if self._n_rows and (
            now_ns // NS_PER_DAY > int(self._time_ns[0]) // NS_PER_DAY or self._n_rows == self._time_ns.size
        ):
            found = self.judge()
        row = self._n_rows
        self._time_ns[row] = now_ns
        whole = np.rint(voltage_v / MILLIVOLT_V)
        self._millivolts[:, row] = np.where(np.isfinite(whole), np.clip(whole, 1, 65_535), MISSING)
        self._current_a[:, row] = current_a
        self._temperature_c[:, row] = temperature_c
        self._n_rows += 1
        return found

    def judge(self) -> list[Finding]:
        """Judge the rows that are kept, and forget them."""
        rows, found = self._n_rows, list[Finding]()
        for site, scan in enumerate(self._scans):
            millivolts = self._millivolts[site, :rows].astype(np.float64)
            block = Block(
                string_id=scan.string_id,
                time_ns=self._time_ns[:rows].copy(),
                current_a=self._current_a[site, :rows].astype(np.float64),
                voltage_v=np.where(millivolts == MISSING, np.nan, millivolts * MILLIVOLT_V),
                temperature_c=self._temperature_c[site, :rows].astype(np.float64),
            )
            found += scan.take(block)
            found += scan.close()
        self._n_rows = 0
        self.findings += found
        return found
