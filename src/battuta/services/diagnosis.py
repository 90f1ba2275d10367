"""The diagnosis of living sites: quick detectors hear each hour of what strings log, and each day is judged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_DAY, NS_PER_HOUR
from battuta.health.decision_settings import DecisionSettings
from battuta.health.string_scan import StringScan
from battuta.numerics.arrays import FloatArray
from battuta.physics.cell_parameters import CellParameters

MILLIVOLT_V = 0.001
MISSING = 0
"""How a voltage that is missing is kept."""


class Detector(Protocol):
    """Whatever hears the rows of one string as they come and tells what is new by them."""

    def take(self, block: Block) -> list[Finding]:
        """Take rows that are later than those before."""
        ...


class Diagnosis:
    """Watches the strings of sites: one at each, or one for each module that has a converter.

    A day is kept in whole millivolts, two bytes a cell and row, and is gone when it has been judged.

    Parameters
    ----------
    parameters : CellParameters
        Kind of cell.
    n_sites, n_cells : int
        Strings, one at each site, and cells in series in each.
    n_sensors : int
        Temperatures that each string logs.
    step_s : int
        Time from row to row; a row that comes sooner is not taken. [s]
    settings : DecisionSettings or None
        Limits of the tests.
    quick : sequence of Detector
        One for each string, which hears the rows of each hour when it is over; none if left out.
    string_ids : sequence of str or None
        Names of the strings; left out, those of sites.
    """

    def __init__(
        self,
        parameters: CellParameters,
        n_sites: int,
        n_cells: int,
        n_sensors: int,
        step_s: int = 60,
        settings: DecisionSettings | None = None,
        quick: Sequence[Detector] = (),
        string_ids: Sequence[str] | None = None,
    ) -> None:
        self.step_s = step_s
        names = string_ids or [f"site-{site}" for site in range(n_sites)]
        self._scans = [StringScan(parameters, each, n_cells, settings=settings) for each in names]
        self._quick = tuple(quick)
        n_rows = 86_400 // step_s
        self._time_ns = np.empty(n_rows, dtype=np.int64)
        self._millivolts = np.empty((n_sites, n_rows, n_cells), dtype=np.uint16)
        self._current_a = np.empty((n_sites, n_rows), dtype=np.float32)
        self._temperature_c = np.empty((n_sites, n_rows, n_sensors), dtype=np.float32)
        self._n_rows = 0
        self._n_heard = 0
        """Rows of the day that quick detectors have heard."""
        self.findings: list[Finding] = []
        """What was told, each cell and class once for each level that it rose to."""
        self._level: dict[tuple[str, int | None, FaultClass], FindingLevel] = {}

    def is_due(self, now_ns: int) -> bool:
        """Whether a row is wanted now."""
        return self._n_rows == 0 or now_ns - int(self._time_ns[self._n_rows - 1]) >= self.step_s * 1_000_000_000

    def take(
        self, now_ns: int, voltage_v: FloatArray, current_a: FloatArray, temperature_c: FloatArray
    ) -> list[Finding]:
        """Keep a row of all sites; judge the hour and the day that it is the first row after.

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
            What was told by it, again or for the first time.
        """
        found: list[Finding] = []
        if self._n_rows:
            before_ns = int(self._time_ns[self._n_rows - 1])
            if now_ns // NS_PER_HOUR > before_ns // NS_PER_HOUR:
                found += self._hear()
            if now_ns // NS_PER_DAY > before_ns // NS_PER_DAY or self._n_rows == self._time_ns.size:
                found += self.judge()
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
        found = self._hear()
        for site, scan in enumerate(self._scans):
            told = [*scan.take(self._block(site, slice(0, self._n_rows))), *scan.close()]
            self._keep(told)
            found += told
        self._n_rows = self._n_heard = 0
        return found

    def _hear(self) -> list[Finding]:
        """Let quick detectors hear the rows that are new to them."""
        rows = slice(self._n_heard, self._n_rows)
        self._n_heard = self._n_rows
        if rows.start == rows.stop:
            return []
        found = [each for site, quick in enumerate(self._quick) for each in quick.take(self._block(site, rows))]
        self._keep(found)
        return found

    def _keep(self, told: list[Finding]) -> None:
        """Keep what is new; what is only told again is for those who act on it."""
        for each in told:
            about = each.string_id, each.cell, each.fault
            if each.level > self._level.get(about, 0):
                self._level[about] = each.level
                self.findings.append(each)

    def _block(self, site: int, rows: slice) -> Block:
        millivolts = self._millivolts[site, rows].astype(np.float64)
        return Block(
            string_id=self._scans[site].string_id,
            time_ns=self._time_ns[rows].copy(),
            current_a=self._current_a[site, rows].astype(np.float64),
            voltage_v=np.where(millivolts == MISSING, np.nan, millivolts * MILLIVOLT_V),
            temperature_c=self._temperature_c[site, rows].astype(np.float64),
        )
