"""Simulated sites in this process: no socket, a second passes when it is told to, for full speed."""

from __future__ import annotations

import numpy as np

from battuta.domain.image import Source
from battuta.domain.time import NS_PER_S
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.world.instruments import Instruments
from battuta.world.plant import Plants
from battuta.world.plant_parameters import PlantCharacter


class SimulatedSites:
    """All devices of some simulated sites, as a conductor sees them.

    Parameters
    ----------
    seed : int
        Seed of the world.
    n_sites : int
        Number of sites.
    start_ns : int
        First instant, whole seconds. [ns]
    n_cells : int
        Cells in series at each site.
    power_kw : float
        Rated power of each converter. [kW]
    soc_start : float
        State of charge at the start. [-]
    """

    def __init__(
        self,
        seed: int,
        n_sites: int,
        start_ns: int,
        *,
        n_cells: int = 200,
        power_kw: float = 100.0,
        soc_start: float = 0.5,
    ) -> None:
        character = PlantCharacter(n_cells=n_cells, power_kw=power_kw, soc_start=soc_start)
        self.plants = Plants(seed, n_sites, start_ns // NS_PER_S, character)
        self.instruments = Instruments(seed, n_sites)
        self._asked_c = np.full(n_sites, np.nan)

    @property
    def n_sites(self) -> int:
        """Number of sites."""
        return self.plants.n_sites

    @property
    def n_cells(self) -> int:
        """Number of cells of all sites."""
        return self.plants.n_cells

    @property
    def time_ns(self) -> int:
        """Present instant of the world. [ns]"""
        return self.plants.second * NS_PER_S

    @property
    def nominal_hz(self) -> float:
        """Nominal frequency of the grid. [Hz]"""
        return self.plants.surroundings.grid.nominal_hz

    def read(self) -> tuple[FloatArray, IntArray]:
        """Values, shape (n_signals, n_sites), and when each instrument spoke, shape (n_sources, n_sites). [ns]"""
        return self.instruments.read(self.plants.truth(), self.plants.second)

    def frequency_hz(self) -> FloatArray:
        """Frequency in the ticks of the second that begins now, shape (n_sites, n_ticks). [Hz]"""
        second = self.plants.second
        return self.instruments.frequency_hz(self.plants.surroundings.frequency_hz(second), second)

    def ask_chillers(self, setpoint_c: FloatArray) -> None:
        """Write the coolant temperature asked of each chiller, NaN to leave it; a silent one does not hear. [degC]"""
        heard = ~np.isnan(setpoint_c) & ~self.instruments.silent[Source.CHILLER]
        self._asked_c = np.where(heard, setpoint_c, np.nan)

    def advance(self, power_kw: FloatArray, reactive_kvar: FloatArray, opened: BoolArray) -> FloatArray:
        """Let the second pass with these setpoints.

        Parameters
        ----------
        power_kw : ndarray, shape (n_sites, n_ticks)
            Setpoint in each tick. [kW]
        reactive_kvar : ndarray, shape (n_sites,)
            Reactive power asked. [kvar]
        opened : ndarray of bool, shape (n_sites,)
            Sites whose strings are to be opened.

        Returns
        -------
        ndarray, shape (n_sites, n_ticks)
            Power at the end of each tick. [kW]
        """
        self.plants.opened |= opened
        delivered_kw = self.plants.advance(power_kw, reactive_kvar, self._asked_c)
        self._asked_c = np.full(self.n_sites, np.nan)
        return delivered_kw
