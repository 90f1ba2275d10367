"""Simulated sites in this process: no socket, a second passes when it is told to, for full speed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from battuta.domain.errors import UsageError
from battuta.domain.image import Source
from battuta.domain.time import NS_PER_S
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.world.cell_monitors import CellMonitors
from battuta.world.fault_words import parse_fault
from battuta.world.instruments import Instruments
from battuta.world.module_view import asked_of_modules
from battuta.world.plant import Plants
from battuta.world.plant_parameters import PlantCharacter
from battuta.world.planted_faults import RATES_PER_YEAR, SITE_WIDE, PlantedFault, random_faults
from battuta.world.surroundings import Grid, Surroundings

RANDOM = "random"
MONITOR_S = 60.0
"""Time from row to row of the cells' log. [s]"""
RATE_MAX = 1e5
"""Most random faults that can be asked for, over the world's own rates. [-]"""


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
        Cells of each site.
    n_modules : int
        Modules with a converter each at each site; 1 is one string and one converter.
    power_kw : float
        Rated power of each converter. [kW]
    soc_start : float
        State of charge at the start. [-]
    faults : sequence of PlantedFault
        What breaks, see `planted`.
    faults_from_ns : int, optional
        Instant from which the times of the faults count; the first instant left out. [ns]
    grid : Grid, optional
        Grid that the sites share, such as `battuta.adapters.devices.simulated.recordings.recorded_grid`; left out, a
        synthetic one.
    """

    def __init__(
        self,
        seed: int,
        n_sites: int,
        start_ns: int,
        *,
        n_cells: int = 200,
        n_modules: int = 1,
        power_kw: float = 100.0,
        soc_start: float = 0.5,
        faults: Sequence[PlantedFault] = (),
        faults_from_ns: int | None = None,
        grid: Grid | None = None,
    ) -> None:
        character = PlantCharacter(n_cells=n_cells, n_modules=n_modules, power_kw=power_kw, soc_start=soc_start)
        self.plants = Plants(
            seed,
            n_sites,
            start_ns // NS_PER_S,
            character,
            Surroundings(seed, n_sites, character, grid=grid),
            faults,
            (start_ns if faults_from_ns is None else faults_from_ns) // NS_PER_S,
        )
        self.instruments = Instruments(seed, n_sites)
        self._asked_c = np.full(n_sites, np.nan)
        self._monitors = CellMonitors(seed, self.plants, MONITOR_S)

    @property
    def n_sensors(self) -> int:
        """Temperatures that a string logs, or a module where each has a converter."""
        return self._monitors.n_sensors

    def read_cells(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Log all cells; see `battuta.world.cell_monitors.CellMonitors.read`."""
        return self._monitors.read()

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

    def read_modules(self) -> FloatArray:
        """What modules say, rows of `ModuleSignal`, shape (4, n_sites, n_modules); NaN where a battery is silent."""
        seen = self.plants.modules_seen()
        seen[:, self.instruments.silent[Source.BATTERY]] = np.nan
        return seen

    def frequency_hz(self) -> FloatArray:
        """Frequency in the ticks of the second that begins now, shape (n_sites, n_ticks). [Hz]"""
        second = self.plants.second
        return self.instruments.frequency_hz(self.plants.surroundings.frequency_hz(second), second)

    def ask_chillers(self, setpoint_c: FloatArray) -> None:
        """Write the coolant temperature asked of each chiller, NaN to leave it; a silent one does not hear. [degC]

        What is infinite leaves it too.
        """
        heard = np.isfinite(setpoint_c) & ~self.instruments.silent[Source.CHILLER]
        self._asked_c = np.where(heard, setpoint_c, self._asked_c)

    def advance(
        self,
        power_kw: FloatArray,
        reactive_kvar: FloatArray,
        opened: BoolArray,
        module_kw: FloatArray | None = None,
    ) -> FloatArray:
        """Let the second pass with these setpoints.

        Parameters
        ----------
        power_kw : ndarray, shape (n_sites, n_ticks)
            Setpoint in each tick. [kW]
        reactive_kvar : ndarray, shape (n_sites,)
            Reactive power asked. [kvar]
        opened : ndarray of bool, shape (n_sites,)
            Sites whose strings stand open; they close again when nobody asks for it any more.
        module_kw : ndarray, shape (n_sites, n_modules), optional
            Mean power asked of each module, all of a site with one sign; the site follows its setpoint as far as their
            sum goes. Left out, modules share evenly. [kW]

        Returns
        -------
        ndarray, shape (n_sites, n_ticks)
            Power at the end of each tick. [kW]
        """
        self.plants.opened = opened.copy()
        share = None
        if module_kw is not None:
            power_kw, share = asked_of_modules(power_kw, module_kw)
        delivered_kw = self.plants.advance(power_kw, reactive_kvar, self._asked_c, share)
        self._asked_c = np.full(self.n_sites, np.nan)
        return delivered_kw


def past_demand(
    seed: int, n_sites: int, start_ns: int, n_days: int, interval_s: int = 900
) -> Iterator[tuple[int, FloatArray, FloatArray]]:
    """What the meters of simulated sites would have said of load and sun before a run begins, interval by interval.

    Parameters
    ----------
    seed : int
        Seed of the world.
    n_sites : int
        Number of sites.
    start_ns : int
        First instant of the run; the past ends with the interval before. [ns]
    n_days : int
        How far it goes back.
    interval_s : int
        Length of an interval, whole minutes. [s]

    Yields
    ------
    start_s : int
        Start of an interval, UTC since 1970. [s]
    mean_kw, highest_kw : ndarray, shape (n_sites,)
        Mean of load less panels, and its highest minute; auxiliaries are not in it. [kW]
    """
    surroundings = Surroundings(seed, n_sites, PlantCharacter())
    end_s = start_ns // NS_PER_S // interval_s * interval_s
    for day_s in range(end_s - n_days * 86_400, end_s, 86_400):
        minute_kw = surroundings.net_load_kw(day_s, 86_400).reshape(86_400 // interval_s, -1, 6, n_sites).mean(axis=2)
        for number, minutes_kw in enumerate(minute_kw):
            yield day_s + number * interval_s, minutes_kw.mean(axis=0), minutes_kw.max(axis=0)


def planted(words: Sequence[str], seed: int, n_sites: int, n_cells: int, duration_s: float) -> tuple[PlantedFault, ...]:
    """Faults as a user asks for them.

    Parameters
    ----------
    words : sequence of str
        Each as `battuta.world.fault_words.parse_fault` reads it; or ``random`` for faults drawn from the seed at the
        world's own rates, ``random,rate=100`` for a hundred times as many.
    seed : int
        Seed of the world.
    n_sites, n_cells : int
        Sites, and cells at each. [-]
    duration_s : float
        How long the run lasts: faults begin in it. A longer time changes no random fault of before. [s]

    Returns
    -------
    tuple of PlantedFault
        In the order of the words.

    Raises
    ------
    UsageError
        If a fault cannot be read, lies at a site or cell that does not exist, or would never be seen in the run.

    Examples
    --------
    >>> [fault.size for fault in planted(["gas,site=1,size=500,start=1h"], 1, 20, 200, 86_400.0)]
    [500.0]
    """
    found: list[PlantedFault] = []
    for each in words:
        if each.split(",")[0].strip() == RANDOM:
            rate = _random_rate(each)
            rates_per_year = {kind: rate * value for kind, value in RATES_PER_YEAR.items()}
            found += random_faults(seed, n_sites, n_cells, duration_s, rates_per_year)
            continue
        fault = parse_fault(each)
        for name, value, count in (("site", fault.site, n_sites), ("cell", fault.cell, n_cells)):
            if value >= count and not (name == "cell" and fault.kind in SITE_WIDE):
                message = f"fault {each!r}: there is no {name} {value}; there are 0 to {count - 1}"
                raise UsageError(message)
        _refuse_never(fault, each, duration_s)
        found.append(fault)
    return tuple(found)


def _refuse_never(fault: PlantedFault, words: str, duration_s: float) -> None:
    """Refuse a fault that no second of the run would see."""
    if fault.start_s >= duration_s:
        message = (
            f"fault {words!r}: its start, {fault.start_s:g} s, is not before the end of the run, which lasts "
            f"{duration_s:g} s: it would never happen; let it start earlier, or the run last longer"
        )
        raise UsageError(message)
    first_s = math.ceil(fault.start_s)
    if first_s >= min(fault.end_s, duration_s):
        message = (
            f"fault {words!r}: from {fault.start_s:g} s to {min(fault.end_s, duration_s):g} s there is no whole "
            f"second, and the plants move by whole seconds: it would never happen; let it last longer"
        )
        raise UsageError(message)


def _random_rate(words: str) -> float:
    """How many times the world's own rates are asked for."""
    rest = words.split(",")[1:]
    if not rest:
        return 1.0
    key, _, value = (part.strip() for part in rest[0].partition("="))
    try:
        rate = float(value) if key == "rate" and len(rest) == 1 else -1.0
    except ValueError:
        rate = -1.0
    if not 0.0 <= rate <= RATE_MAX:
        message = f"fault {words!r}: write random, or random,rate=100 with a rate from 0 to {RATE_MAX:g}"
        raise UsageError(message)
    return rate
