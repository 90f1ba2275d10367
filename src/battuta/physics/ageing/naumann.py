"""Ageing of lithium iron phosphate cells by Naumann's model, and the price that it puts on a megawatt-hour.

Capacity fades with the square root of time and of throughput, resistance grows in proportion to both; calendar and
cycle ageing add up. Read the `CARD` before leaning on a number.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from battuta.domain import catalogue
from battuta.domain.curves import Curve
from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.numerics.arrays import FloatArray
from battuta.numerics.rainflow import rainflow
from battuta.physics.ageing import naumann_kernels as kernels
from battuta.physics.ageing.card import ModelCard, ValidityRange

CARD = ModelCard(
    name="Naumann LFP (as in SimSES)",
    fitted_on=(
        "Sony/Murata US26650 cells, LFP/graphite, 3 Ah: calendar ageing over 885 days at 17 conditions (mean of 3 "
        "cells each), cycle ageing by the companion study"
    ),
    validity=(
        ValidityRange(name="temperature_c", low=0.0, high=60.0, unit="degC"),
        ValidityRange(name="soc", low=0.0, high=1.0, unit="-"),
        ValidityRange(name="duration_days", low=0.0, high=885.0, unit="d"),
        ValidityRange(name="c_rate", low=0.2, high=1.0, unit="1/h"),
        ValidityRange(name="depth", low=0.01, high=1.0, unit="-"),
    ),
    accuracy=(
        (
            "calendar capacity loss against 14 of the 17 published conditions: RMSE 1.43 points of capacity; on "
            "average 3.8 points too little at 60 degC and soc 0.5, 0.6 to 1.2 points too much at 0 to 25 degC"
        ),
        "calendar resistance growth against the same: RMSE 3.2 points",
    ),
    limits=(
        "cycle ageing does not depend on temperature; the cold and lithium plating are unknown to it",
        "no knee: a square root bends ever flatter, real cells may not; lives beyond 885 days are extrapolated",
        "the ranges of C-rate and depth are recalled, not read; large prismatic cells were never tested",
        "half-cycles at each turn count less than rainflow on frequency-response duty: use aged_by_rainflow there",
        "one model is one opinion: set it beside another before a lender sees the number",
    ),
    citations=(
        (
            "M. Naumann et al., Analysis and modeling of calendar aging of a commercial LiFePO4/graphite cell, "
            "J. Energy Storage 17, 2018, doi 10.1016/j.est.2018.01.019"
        ),
        (
            "M. Naumann, F. Spingler, A. Jossen, Analysis and modeling of cycle aging of a commercial LiFePO4/graphite "
            "cell, J. Power Sources 451, 2020, doi 10.1016/j.jpowsour.2019.227666"
        ),
        "M. Moeller et al., SimSES, J. Energy Storage 49, 2022 (BSD-3)",
    ),
    family="Sony/Murata US26650",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stress:
    """Parameters of one aged quantity, capacity or resistance.

    Attributes
    ----------
    calendar_rate : float
        Rate at 25 degC, per square root of a second (capacity) or per second (resistance).
    activation_j_per_mol : float
        Activation energy. [J/mol]
    calendar_soc_scale, calendar_soc_offset : float
        Shape over the state of charge. [-]
    cycle_c_rate_scale, cycle_c_rate_offset : float
        Share lost per (square root of a) full equivalent cycle over the C-rate. [h], [-]
    cycle_depth_scale, cycle_depth_offset : float
        Shape over the depth of the cycle. [-]
    """

    calendar_rate: float
    activation_j_per_mol: float
    calendar_soc_scale: float
    calendar_soc_offset: float
    cycle_c_rate_scale: float
    cycle_c_rate_offset: float
    cycle_depth_scale: float
    cycle_depth_offset: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Naumann:
    """The model with its parameters.

    Attributes
    ----------
    capacity, resistance : Stress
        Its two halves.

    Examples
    --------
    >>> model = naumann()
    >>> round(100.0 * model.calendar_capacity_share(soc=0.5, temperature_c=25.0, duration_s=20 * 365.25 * 86400), 1)
    19.0
    """

    capacity: Stress
    resistance: Stress

    def parameters(self) -> FloatArray:
        """Row of numbers that the kernels take, shape (16,)."""
        return np.array(
            [getattr(half, each.name) for half in (self.capacity, self.resistance) for each in fields(half)]
        )

    def calendar_capacity_share(self, *, soc: float, temperature_c: float, duration_s: float) -> float:
        """Capacity lost by standing still at one state, share of the new capacity. [-]"""
        return kernels.calendar_rate(soc, temperature_c, self.parameters(), 0, 3) * duration_s**0.5

    def calendar_resistance_share(self, *, soc: float, temperature_c: float, duration_s: float) -> float:
        """Resistance gained by standing still at one state, share of the new resistance. [-]"""
        return kernels.calendar_rate(soc, temperature_c, self.parameters(), kernels.RESISTANCE, 2) * duration_s

    def cycle_capacity_share(self, *, depth: float, c_rate: float, full_cycles: float) -> float:
        """Capacity lost by equal cycles from new, share of the new capacity. [-]"""
        return kernels.cycle_rate(depth, c_rate, self.parameters(), 0, 0.6) * full_cycles**0.5

    def cycle_resistance_share(self, *, depth: float, c_rate: float, full_cycles: float) -> float:
        """Resistance gained by equal cycles, share of the new resistance. [-]"""
        return kernels.cycle_rate(depth, c_rate, self.parameters(), kernels.RESISTANCE, 0.5) * full_cycles


def naumann(name: str = "naumann_lfp") -> Naumann:
    """Read a parameter set that ships as data.

    Parameters
    ----------
    name : str
        Name of the file in ``physics/ageing/sets``.

    Returns
    -------
    Naumann
        The model.
    """
    table = catalogue.table("physics.ageing", "sets", name)
    halves: dict[str, Stress] = {}
    for half in ("capacity", "resistance"):
        given = table.get(half)
        figures: dict[str, float] = {}
        for each in fields(Stress):
            held = given.get(each.name) if isinstance(given, dict) else None
            if isinstance(held, bool) or not isinstance(held, int | float):
                message = f"physics/ageing/sets/{name}.toml: {half}.{each.name} must be a number; got {held!r}"
                raise DataError(message)
            figures[each.name] = float(held)
        halves[half] = Stress(**figures)
    return Naumann(**halves)


def new_cells(n_cells: int) -> FloatArray:
    """State of new cells, shape (n_cells, 13), for `naumann_kernels.naumann_step`."""
    return np.zeros((n_cells, kernels.N_AGE))


def soh_capacity(age: FloatArray) -> FloatArray:
    """Capacity left, share of the new one, shape (n_cells,). [-]"""
    lost = np.sqrt(age[:, kernels.CAPACITY_CALENDAR_SQUARED]) + np.sqrt(age[:, kernels.CAPACITY_CYCLE_SQUARED])
    return np.maximum(1.0 - lost, 0.0)


def soh_resistance(age: FloatArray) -> FloatArray:
    """Resistance, multiple of the new one, shape (n_cells,). [-]"""
    return 1.0 + age[:, kernels.RESISTANCE_CALENDAR] + age[:, kernels.RESISTANCE_CYCLE]


def aged(
    model: Naumann, soc: FloatArray, temperature_c: FloatArray, dt_s: float, age: FloatArray, *, turn_soc: float = 0.0
) -> FloatArray:
    """Age cells along a profile, by half-cycles as they close.

    Parameters
    ----------
    model : Naumann
        The model.
    soc, temperature_c : ndarray, shape (n_times, n_cells)
        State at the end of each step, NaN where missing. [-], [degC]
    dt_s : float
        Length of a step. [s]
    age : ndarray, shape (n_cells, 13)
        State before; left as it is.
    turn_soc : float
        Turns smaller than this close no half-cycle; set it above the noise of the state of charge. [-]

    Returns
    -------
    ndarray, shape (n_cells, 13)
        State after.
    """
    later = age.copy()
    soc = np.ascontiguousarray(soc, dtype=np.float64)
    temperature_c = np.ascontiguousarray(temperature_c, dtype=np.float64)
    kernels.naumann_walk(soc, temperature_c, dt_s, turn_soc, model.parameters(), later)
    return later


def aged_by_rainflow(model: Naumann, soc: FloatArray, age: FloatArray, *, c_rate: float) -> FloatArray:
    """Add the cycle ageing of one profile to every cell, counted by rainflow.

    Parameters
    ----------
    model : Naumann
        The model.
    soc : ndarray, shape (n_times,)
        State of charge, finite. [-]
    age : ndarray, shape (n_cells, 13)
        State before; left as it is. Its calendar part does not change.
    c_rate : float
        Mean rate while the battery moves. [1/h]

    Returns
    -------
    ndarray, shape (n_cells, 13)
        State after.
    """
    later = age.copy()
    cycles = rainflow(soc)
    row = model.parameters()
    for depth, count in zip(cycles.depth, cycles.count, strict=True):
        for own in later:
            kernels.add_cycle(depth, c_rate, depth * count, row, own)
    return later


def wear_price_per_mwh(
    model: Naumann,
    *,
    depth: float,
    c_rate: float,
    replacement_cost: float,
    energy_kwh: float,
    end_of_life_loss: float = 0.2,
    cycle_loss: float | None = None,
    efficiency_discharge: float = 1.0,
) -> float:
    """What one MWh discharged costs in life, at one way of cycling.

    Parameters
    ----------
    model : Naumann
        The model.
    depth, c_rate : float
        Depth and rate of the cycles. [-], [1/h]
    replacement_cost : float
        Cost of the cells. [currency]
    energy_kwh : float
        Stored energy of the new battery. [kWh]
    end_of_life_loss : float
        Share of capacity lost at which the cells are replaced. [-]
    cycle_loss : float or None
        Share lost to cycling so far: its marginal price, which falls as the square root bends. None is the mean from
        new to the end of life, the price of a battery that cycles and does nothing else. [-]
    efficiency_discharge : float
        One-way efficiency of discharge. [-]

    Returns
    -------
    float
        ``R / E * k^2 / (2 q L) / eta``, with k the stress of such cycles, q the loss so far and L that at the end of
        life; the mean over life is the price at ``q = L / 2``. [currency/MWh]

    Examples
    --------
    >>> round(wear_price_per_mwh(naumann(), depth=0.8, c_rate=0.25, replacement_cost=100_000.0, energy_kwh=1000.0), 2)
    4.03
    """
    if not 0.0 < end_of_life_loss <= 1.0:
        raise InvalidQuantityError(
            "end_of_life_loss", end_of_life_loss, 0.0, 1.0, "-", where="wear_price_per_mwh", above_low=True
        )
    if not energy_kwh > 0.0:
        raise InvalidQuantityError(
            "energy_kwh", energy_kwh, 0.0, np.inf, "kWh", where="wear_price_per_mwh", above_low=True
        )
    if not 0.0 < efficiency_discharge <= 1.0:
        raise InvalidQuantityError("efficiency_discharge", efficiency_discharge, 0.0, 1.0, "-", above_low=True)
    at_loss = 0.5 * end_of_life_loss if cycle_loss is None else cycle_loss
    if not at_loss > 0.0:
        raise InvalidQuantityError(
            "cycle_loss", at_loss, 0.0, 1.0, "- (a new cell has no finite marginal price)", above_low=True
        )
    stress = kernels.cycle_rate(depth, c_rate, model.parameters(), 0, 0.6)
    lost_per_cycle = stress * stress / (2.0 * at_loss)
    return replacement_cost * (lost_per_cycle / end_of_life_loss) / (efficiency_discharge * energy_kwh / 1000.0)


def depth_stress(model: Naumann, *, c_rate: float, end_of_life_loss: float = 0.2, n_points: int = 21) -> Curve:
    """Share of life that one cycle costs by its depth, for `battuta.domain.wear.depth_segments`.

    Parameters
    ----------
    model : Naumann
        The model.
    c_rate : float
        Rate of the cycles. [1/h]
    end_of_life_loss : float
        Share of capacity lost at which life ends. [-]
    n_points : int
        Number of points of the curve.

    Returns
    -------
    Curve
        x: depth, y: share of life, the mean from new to the end of life. It need not be convex.
    """
    row = model.parameters()
    depths = np.linspace(0.0, 1.0, n_points)
    shares = [depth * (kernels.cycle_rate(depth, c_rate, row, 0, 0.6) / end_of_life_loss) ** 2 for depth in depths]
    return Curve(x=tuple(depths.tolist()), y=tuple(float(share) for share in shares))
