"""Faults planted in the world, known to the second and the cell: the truth that every detector is held against.

A fault acts on the plant or on its instruments through plain factors, never through what a detector reads.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np

from battuta.domain.errors import InvalidQuantityError
from battuta.numerics.arrays import FloatArray
from battuta.numerics.sampling import generator
from battuta.world.sensors import S_PER_YEAR, hashed_uniform, noise_key

_DAY_S = 86_400.0


class FaultKind(StrEnum):
    """What breaks; the size of a fault is in the unit named here."""

    LEAK = "leak"
    """Soft short inside a cell. [A]"""
    RESISTANCE_RISE = "resistance_rise"
    """Share that is added to the resistance of a cell. [-]"""
    LOOSE_CONTACT = "loose_contact"
    """Resistance of a joint, in the reading of the cell and in its heat. [ohm]"""
    SENSOR_DRIFT = "sensor_drift"
    """Offset of the voltage reading of a cell. [V]"""
    TEMPERATURE_DRIFT = "temperature_drift"
    """Offset of the temperature reading of a cell. [K]"""
    COOLING_LOSS = "cooling_loss"
    """Share of the coolant flow that a site loses. [-]"""
    GAS = "gas"
    """Flammable gas at the fire panel of a site. [ppm]"""
    SMOKE = "smoke"
    """Smoke at the fire panel of a site, obscuration of light. [%/m]"""


SITE_WIDE = frozenset({FaultKind.COOLING_LOSS, FaultKind.GAS, FaultKind.SMOKE})
"""Faults of a site as a whole: their cell is not read."""

SIZE_MAX: Mapping[FaultKind, float] = MappingProxyType(
    {
        FaultKind.LEAK: 100.0,
        FaultKind.RESISTANCE_RISE: 200.0,
        FaultKind.LOOSE_CONTACT: 0.1,
        FaultKind.SENSOR_DRIFT: 10.0,
        FaultKind.TEMPERATURE_DRIFT: 200.0,
        FaultKind.COOLING_LOSS: 1.0,
        FaultKind.GAS: 1e6,
        FaultKind.SMOKE: 100.0,
    }
)
"""Largest size, either way where it has a sign, of one fault and of all of a kind on one cell; in the kind's unit.

Far beyond what a cell, a joint or a panel survives (0.1 ohm in a joint are 8 kW of heat at 280 A): what is larger is a
slip of the pen, and no plant to simulate.
"""

SIZE_UNITS: Mapping[FaultKind, str] = MappingProxyType(
    {
        FaultKind.LEAK: "A",
        FaultKind.RESISTANCE_RISE: "-",
        FaultKind.LOOSE_CONTACT: "ohm",
        FaultKind.SENSOR_DRIFT: "V",
        FaultKind.TEMPERATURE_DRIFT: "K",
        FaultKind.COOLING_LOSS: "-",
        FaultKind.GAS: "ppm",
        FaultKind.SMOKE: "%/m",
    }
)
"""Unit of the size of each kind."""

_SIGNED = frozenset({FaultKind.SENSOR_DRIFT, FaultKind.TEMPERATURE_DRIFT})
_FACTORS = frozenset({FaultKind.RESISTANCE_RISE, FaultKind.COOLING_LOSS})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedFault:
    """One fault.

    Attributes
    ----------
    kind : FaultKind
        What breaks.
    site, cell : int
        Where; the cell is 0 for faults of a site.
    start_s, end_s : float
        From when until when. [s]
    size : float
        Size when fully grown, in the unit of the kind, up to its `SIZE_MAX`.
    ramp_s : float
        Time in which it grows evenly to its size, 0 for a step. [s]
    active_share : float
        Share of the seconds in which a loose contact is loose. [-]
    """

    kind: FaultKind
    site: int
    start_s: float
    size: float
    cell: int = 0
    end_s: float = math.inf
    ramp_s: float = 0.0
    active_share: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        largest = SIZE_MAX[self.kind]
        for name, value, low, high, unit in (
            ("site", self.site, 0, math.inf, "-"),
            ("cell", self.cell, 0, math.inf, "-"),
            ("start_s", self.start_s, -math.inf, math.inf, "s"),
            ("end_s", self.end_s, -math.inf, math.inf, "s"),
            ("ramp_s", self.ramp_s, 0.0, math.inf, "s"),
            ("active_share", self.active_share, 0.0, 1.0, "-"),
            ("size", self.size, -largest if self.kind in _SIGNED else 0.0, largest, SIZE_UNITS[self.kind]),
        ):
            if not low <= value <= high:
                raise InvalidQuantityError(name, value, low, high, unit, where=f"PlantedFault({self.kind.value})")

    def size_at(self, at_s: float) -> float:
        """Size at an instant, 0 before the start and after the end, in the unit of the kind.

        Examples
        --------
        >>> fault = PlantedFault(kind=FaultKind.LEAK, site=0, cell=7, start_s=100.0, size=0.5, ramp_s=10.0)
        >>> fault.size_at(99.0), fault.size_at(105.0), fault.size_at(1000.0)
        (0.0, 0.25, 0.5)
        """
        if not self.start_s <= at_s < self.end_s:
            return 0.0
        grown = 1.0 if self.ramp_s <= 0.0 else min((at_s - self.start_s) / self.ramp_s, 1.0)
        if self.active_share < 1.0:
            key = noise_key(0, "world.faults.contact", site=self.site, cell=self.cell)
            if hashed_uniform(key, math.floor(at_s), 1)[0, 0] >= self.active_share:
                return 0.0
        return self.size * grown


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FaultState:
    """What all faults do to the fleet at one instant; neutral where nothing is broken.

    Attributes
    ----------
    leak_a : ndarray, shape (n_sites, n_cells)
        Current that leaks inside a cell. [A]
    resistance_factor : ndarray, shape (n_sites, n_cells)
        Resistance over that of a healthy cell. [-]
    contact_ohm : ndarray, shape (n_sites, n_cells)
        Resistance of the joint. [ohm]
    voltage_offset_v, temperature_offset_c : ndarray, shape (n_sites, n_cells)
        Offsets of the readings. [V, K]
    flow_factor : ndarray, shape (n_sites,)
        Coolant flow over its usual flow. [-]
    gas_ppm, smoke_percent_per_m : ndarray, shape (n_sites,)
        At the fire panel. [ppm, %/m]
    """

    leak_a: FloatArray
    resistance_factor: FloatArray
    contact_ohm: FloatArray
    voltage_offset_v: FloatArray
    temperature_offset_c: FloatArray
    flow_factor: FloatArray
    gas_ppm: FloatArray
    smoke_percent_per_m: FloatArray


_VALUES: Mapping[FaultKind, Callable[[FaultState], FloatArray]] = MappingProxyType(
    {
        FaultKind.LEAK: lambda state: state.leak_a,
        FaultKind.RESISTANCE_RISE: lambda state: state.resistance_factor,
        FaultKind.LOOSE_CONTACT: lambda state: state.contact_ohm,
        FaultKind.SENSOR_DRIFT: lambda state: state.voltage_offset_v,
        FaultKind.TEMPERATURE_DRIFT: lambda state: state.temperature_offset_c,
        FaultKind.COOLING_LOSS: lambda state: state.flow_factor,
        FaultKind.GAS: lambda state: state.gas_ppm,
        FaultKind.SMOKE: lambda state: state.smoke_percent_per_m,
    }
)


def healthy_state(n_sites: int, n_cells: int) -> FaultState:
    """Nothing is broken."""
    cells, sites = (n_sites, n_cells), (n_sites,)
    return FaultState(
        leak_a=np.zeros(cells),
        resistance_factor=np.ones(cells),
        contact_ohm=np.zeros(cells),
        voltage_offset_v=np.zeros(cells),
        temperature_offset_c=np.zeros(cells),
        flow_factor=np.ones(sites),
        gas_ppm=np.zeros(sites),
        smoke_percent_per_m=np.zeros(sites),
    )


def apply_faults(faults: Sequence[PlantedFault], at_s: float, state: FaultState) -> None:
    """Bring a state to an instant; touches the cells and sites of these faults only.

    Faults of one kind on one cell add up, to the `SIZE_MAX` of the kind at most; lost flows multiply.

    Parameters
    ----------
    faults : sequence of PlantedFault
        The same faults each time.
    at_s : float
        Instant. [s]
    state : FaultState
        Changed in place.

    Raises
    ------
    InvalidQuantityError
        If a fault lies at a site or cell that the state does not have.

    Examples
    --------
    >>> state = healthy_state(1, 4)
    >>> apply_faults([PlantedFault(kind=FaultKind.LEAK, site=0, cell=2, start_s=0.0, size=0.1)], 5.0, state)
    >>> state.leak_a
    array([[0. , 0. , 0.1, 0. ]])
    """
    n_sites, n_cells = state.leak_a.shape
    for fault in faults:
        for name, value, count in (("site", fault.site, n_sites), ("cell", fault.cell, n_cells)):
            if value >= count:
                raise InvalidQuantityError(name, value, 0, count - 1, "-", where=f"PlantedFault({fault.kind.value})")
        values, place, rest = _target(fault, state)
        values[place] = rest
    for fault in faults:
        values, place, _ = _target(fault, state)
        size = fault.size_at(at_s)
        if fault.kind is FaultKind.COOLING_LOSS:
            values[place] *= 1.0 - size
        else:
            values[place] += size
    for fault in faults:
        values, place, rest = _target(fault, state)
        largest = SIZE_MAX[fault.kind]
        values[place] = min(max(values[place], rest - largest), rest + largest)


def _target(fault: PlantedFault, state: FaultState) -> tuple[FloatArray, tuple[int, ...], float]:
    """Array that a fault acts on, its place in it, and the value there when nothing is broken."""
    place = (fault.site,) if fault.kind in SITE_WIDE else (fault.site, fault.cell)
    return _VALUES[fault.kind](state), place, 1.0 if fault.kind in _FACTORS else 0.0


@dataclass(frozen=True, slots=True)
class _Habit:
    """How faults of a kind come: size drawn evenly in its logarithm, either sign or one, ramp drawn evenly. [s]"""

    size_min: float
    size_max: float
    both_signs: bool
    ramp_s_max: float
    active_share: float = 1.0


_HABITS: Mapping[FaultKind, _Habit] = MappingProxyType(
    {
        FaultKind.LEAK: _Habit(0.01, 1.0, both_signs=False, ramp_s_max=20 * _DAY_S),
        FaultKind.RESISTANCE_RISE: _Habit(0.1, 0.8, both_signs=False, ramp_s_max=180 * _DAY_S),
        FaultKind.LOOSE_CONTACT: _Habit(2e-4, 5e-3, both_signs=False, ramp_s_max=5 * _DAY_S, active_share=0.7),
        FaultKind.SENSOR_DRIFT: _Habit(0.002, 0.02, both_signs=True, ramp_s_max=90 * _DAY_S),
        FaultKind.TEMPERATURE_DRIFT: _Habit(2.0, 8.0, both_signs=True, ramp_s_max=90 * _DAY_S),
        FaultKind.COOLING_LOSS: _Habit(0.3, 1.0, both_signs=False, ramp_s_max=0.0),
        FaultKind.GAS: _Habit(50.0, 2000.0, both_signs=False, ramp_s_max=600.0),
        FaultKind.SMOKE: _Habit(1.0, 20.0, both_signs=False, ramp_s_max=120.0),
    }
)
RATES_PER_YEAR: Mapping[FaultKind, float] = MappingProxyType(
    {
        FaultKind.LEAK: 2e-4,
        FaultKind.RESISTANCE_RISE: 5e-4,
        FaultKind.LOOSE_CONTACT: 3e-4,
        FaultKind.SENSOR_DRIFT: 5e-4,
        FaultKind.TEMPERATURE_DRIFT: 3e-4,
        FaultKind.COOLING_LOSS: 0.2,
        FaultKind.GAS: 0.01,
        FaultKind.SMOKE: 0.01,
    }
)
"""Invented rates, more than a fleet in the field would show: for each cell and year, the last three for each site."""


def random_faults(
    seed: int,
    n_sites: int,
    n_cells: int,
    duration_s: float,
    rates_per_year: Mapping[FaultKind, float] = RATES_PER_YEAR,
) -> tuple[PlantedFault, ...]:
    """Draw faults for a fleet; one more site, or a longer time, changes none that was there before.

    Parameters
    ----------
    seed : int
        Seed of the world.
    n_sites, n_cells : int
        Sites, and cells at each. [-]
    duration_s : float
        Time from 0 in which faults begin. [s]
    rates_per_year : mapping of FaultKind to float
        Mean number in a year for each cell; for each site where the fault is one of a site. [1/year]

    Returns
    -------
    tuple of PlantedFault
        Sorted by start.

    Examples
    --------
    >>> year_s = 365.25 * 86_400.0
    >>> random_faults(1, 1, 100, year_s, {FaultKind.LEAK: 0.0})
    ()
    """
    found: list[PlantedFault] = []
    for kind, rate_per_year in rates_per_year.items():
        per_site = rate_per_year * (1 if kind in SITE_WIDE else n_cells)
        if per_site <= 0.0:
            continue
        for site in range(n_sites):
            found += _faults_of_site(seed, kind, site, n_cells, S_PER_YEAR / per_site, duration_s)
    return tuple(sorted(found, key=lambda fault: (fault.start_s, fault.site, fault.cell, fault.kind.value)))


def _faults_of_site(
    seed: int, kind: FaultKind, site: int, n_cells: int, gap_s: float, duration_s: float
) -> list[PlantedFault]:
    habit = _HABITS[kind]
    draws = generator(seed, f"world.faults.{kind.value}", site=site)
    found: list[PlantedFault] = []
    start_s = 0.0
    while True:
        start_s += gap_s * float(draws.standard_exponential())
        cell, size, sign, ramp = (float(each) for each in draws.random(4))
        if start_s >= duration_s:
            return found
        found.append(
            PlantedFault(
                kind=kind,
                site=site,
                cell=0 if kind in SITE_WIDE else int(cell * n_cells),
                start_s=start_s,
                size=habit.size_min
                * (habit.size_max / habit.size_min) ** size
                * (-1.0 if habit.both_signs and sign < 0.5 else 1.0),
                ramp_s=habit.ramp_s_max * ramp,
                active_share=habit.active_share,
            )
        )
