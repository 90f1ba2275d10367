"""The clauses of a battery's warranty: what the supplier promises, and what the owner has to keep to."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

import numpy as np

from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.numerics.arrays import FloatArray

EXACTNESS = 1e-9
"""Share of a limit within which a number counts as exactly at it, which is no breach."""


class DoubtBearer(StrEnum):
    """Who loses where a measurement cannot tell."""

    OWNER = "owner"
    """A shortfall counts once the measured value plus the tolerance lies below the floor."""
    SUPPLIER = "supplier"
    """It counts once the measured value less the tolerance does."""
    NOBODY = "nobody"
    """The measured value counts as it is."""


class FloorBetween(StrEnum):
    """What is promised between the years that a floor names."""

    LINEAR = "linear"
    """A straight line between two years; nothing before the first."""
    STEP = "step"
    """Up to a named year, the floor of that year."""
    LISTED = "listed"
    """Nothing: a floor holds at the end of the years named."""


class YearKind(StrEnum):
    """Which years are counted."""

    CONTRACT = "contract"
    """From anniversary to anniversary of the start."""
    CALENDAR = "calendar"
    """From January to December, in UTC."""


class WindowQuantity(StrEnum):
    """What a window limits; of a cell, discharge positive."""

    SOC = "soc"
    RESTING_SOC = "resting_soc"
    """State of charge while the battery rests for the whole averaging period."""
    TEMPERATURE = "temperature_c"
    CHARGING_TEMPERATURE = "charging_temperature_c"
    """Temperature while the battery is charged for the whole averaging period."""
    CHARGE_RATE = "charge_rate_per_hour"
    """Charging power or current over that of an hour, 0 while discharging."""
    DISCHARGE_RATE = "discharge_rate_per_hour"

    @property
    def unit(self) -> str:
        """Unit of the window's bounds."""
        return _WINDOW_UNITS[self]


_WINDOW_UNITS = {
    WindowQuantity.SOC: "-",
    WindowQuantity.RESTING_SOC: "-",
    WindowQuantity.TEMPERATURE: "degC",
    WindowQuantity.CHARGING_TEMPERATURE: "degC",
    WindowQuantity.CHARGE_RATE: "1/h",
    WindowQuantity.DISCHARGE_RATE: "1/h",
}


_WINDOW_RANGES = {
    WindowQuantity.SOC: (0.0, 1.0),
    WindowQuantity.RESTING_SOC: (0.0, 1.0),
    WindowQuantity.TEMPERATURE: (-60.0, 150.0),
    WindowQuantity.CHARGING_TEMPERATURE: (-60.0, 150.0),
    WindowQuantity.CHARGE_RATE: (0.0, 100.0),
    WindowQuantity.DISCHARGE_RATE: (0.0, 100.0),
}
"""Where a bound may lie; one outside is a percentage, a kelvin or a power, and would be broken always or never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SohBand:
    """Floor of the state of health for one band of use.

    Attributes
    ----------
    full_cycles_per_year_min, full_cycles_per_year_max : float
        Mean full cycles a year since the start for which it holds; exactly at the upper end it still does. [1/year]
    floor : tuple of (float, float)
        Year since the start, state of health of capacity at its end. [year, -]
    """

    full_cycles_per_year_min: float = 0.0
    full_cycles_per_year_max: float = math.inf
    floor: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        """Refuse numbers that no warranty can mean."""
        _within("full_cycles_per_year_min", self.full_cycles_per_year_min, 0.0, 1e5, "1/year")
        _within("full_cycles_per_year_max", self.full_cycles_per_year_max, 0.0, math.inf, "1/year")
        if not self.floor:
            message = "floor names no year; write floor = [[year, state of health], ...]"
            raise UsageError(message)
        for year, soh in self.floor:
            _within("floor year", year, 0.0, 100.0, "years")
            _within("floor soh_capacity", soh, 0.0, 1.0, "-")

    def at(self, year: FloatArray, between: FloorBetween) -> FloatArray:
        """Floor at the end of years.

        Parameters
        ----------
        year : ndarray, shape (...)
            Years since the start, fractions allowed. [year]
        between : FloorBetween
            What holds between the years named.

        Returns
        -------
        ndarray, shape (...)
            Floor, NaN where nothing is promised. [-]

        Examples
        --------
        >>> band = SohBand(floor=((5.0, 0.8), (10.0, 0.7)))
        >>> band.at(np.array([1.0, 7.5, 10.0, 11.0]), FloorBetween.LINEAR)
        array([ nan, 0.75, 0.7 ,  nan])
        >>> band.at(np.array([1.0, 7.5, 10.0, 11.0]), FloorBetween.STEP)
        array([0.8, 0.7, 0.7, nan])
        """
        years, floors = np.array(self.floor, dtype=np.float64).T
        if between is FloorBetween.LINEAR:
            return np.asarray(np.interp(year, years, floors, left=np.nan, right=np.nan), dtype=np.float64)
        near = np.searchsorted(years, year - EXACTNESS, side="left")
        found = np.append(floors, np.nan)[near]
        if between is FloorBetween.STEP:
            return found
        return np.where(np.abs(np.append(years, np.inf)[near] - year) <= EXACTNESS, found, np.nan)


@dataclass(frozen=True, slots=True, kw_only=True)
class SohProtocol:
    """How the state of health is measured; printed with the warranty.

    Attributes
    ----------
    text : str
        The contract's words.
    c_rate : float
        Rate of the test, NaN where the contract does not say. [1/h]
    temperature_c_min, temperature_c_max : float
        Cell temperature at which it is valid. [degC]
    interval_days : float
        Longest time between two tests, infinite where the contract does not say. [d]
    """

    text: str = ""
    c_rate: float = math.nan
    temperature_c_min: float = -math.inf
    temperature_c_max: float = math.inf
    interval_days: float = math.inf

    def __post_init__(self) -> None:
        """Refuse numbers that no test can have."""
        if not math.isnan(self.c_rate):
            _within("soh.protocol.c_rate", self.c_rate, 0.001, 100.0, "1/h")
        for name in ("temperature_c_min", "temperature_c_max"):
            value: float = getattr(self, name)
            if not math.isinf(value):
                _within(f"soh.protocol.{name}", value, -60.0, 150.0, "degC")
        if not math.isinf(self.interval_days):
            _within("soh.protocol.interval_days", self.interval_days, 1.0, 36_525.0, "d")


@dataclass(frozen=True, slots=True, kw_only=True)
class SohGuarantee:
    """The supplier's promise on capacity.

    Attributes
    ----------
    bands : tuple of SohBand
        Floors by use, calm first.
    between : FloorBetween
        What holds between the years named.
    tolerance : float
        Tolerance of the measurement. [-]
    doubt_borne_by : DoubtBearer
        Whom the tolerance costs.
    protocol : SohProtocol
        How it is measured.
    """

    bands: tuple[SohBand, ...]
    between: FloorBetween = FloorBetween.LINEAR
    tolerance: float = 0.0
    doubt_borne_by: DoubtBearer = DoubtBearer.OWNER
    protocol: SohProtocol = field(default_factory=SohProtocol)

    def __post_init__(self) -> None:
        """Refuse numbers that no warranty can mean."""
        _within("soh.tolerance", self.tolerance, 0.0, 0.5, "-")
        if not self.bands:
            message = "soh.bands is empty; write one [[soh.bands]] with a floor, or leave [soh] out"
            raise UsageError(message)

    @property
    def allowance(self) -> float:
        """What is added to a measured state of health before it meets the floor. [-]"""
        return {DoubtBearer.OWNER: 1.0, DoubtBearer.SUPPLIER: -1.0, DoubtBearer.NOBODY: 0.0}[
            self.doubt_borne_by
        ] * self.tolerance

    def floor(self, year: FloatArray, full_cycles_per_year: FloatArray) -> FloatArray:
        """Floor for the use so far.

        Parameters
        ----------
        year : ndarray, shape (n_years,)
            Years since the start. [year]
        full_cycles_per_year : ndarray, shape (..., n_years)
            Mean full cycles a year from the start to then. [1/year]

        Returns
        -------
        ndarray, shape (..., n_years)
            Floor, NaN where nothing is promised: years without floor, use beyond all bands. [-]

        Examples
        --------
        >>> calm = SohBand(full_cycles_per_year_max=365.0, floor=((10.0, 0.7),))
        >>> busy = SohBand(full_cycles_per_year_min=365.0, full_cycles_per_year_max=500.0, floor=((10.0, 0.6),))
        >>> promise = SohGuarantee(bands=(calm, busy))
        >>> promise.floor(np.array([10.0]), np.array([[365.0], [366.0], [501.0]]))[:, 0]
        array([0.7, 0.6, nan])
        """
        table = [each.at(year, self.between) for each in self.bands]
        floors = np.stack([*table, np.full(year.shape, np.nan)])
        ends = np.array([each.full_cycles_per_year_max for each in self.bands])
        band = np.searchsorted(ends, full_cycles_per_year * (1.0 - EXACTNESS), side="left")
        return floors[band, np.arange(year.size)]


@dataclass(frozen=True, slots=True, kw_only=True)
class UseLimits:
    """How much use the owner may make; what is infinite is not limited.

    Attributes
    ----------
    full_cycles_per_day_max, full_cycles_per_year_max, full_cycles_max : float
        Equivalent full cycles a UTC day, a year, in all. [1/day, 1/year, -]
    discharged_mwh_per_mwh_max : float
        Energy discharged in all, per energy installed. [MWh/MWh]
    missing_hours_per_year_max : float
        Hours a year without telemetry. [h/year]
    """

    full_cycles_per_day_max: float = math.inf
    full_cycles_per_year_max: float = math.inf
    full_cycles_max: float = math.inf
    discharged_mwh_per_mwh_max: float = math.inf
    missing_hours_per_year_max: float = math.inf

    def __post_init__(self) -> None:
        """Refuse numbers that no warranty can mean."""
        _within("use.full_cycles_per_day_max", self.full_cycles_per_day_max, 0.0, math.inf, "1/day")
        _within("use.full_cycles_per_year_max", self.full_cycles_per_year_max, 0.0, math.inf, "1/year")
        _within("use.full_cycles_max", self.full_cycles_max, 0.0, math.inf, "-")
        _within("use.discharged_mwh_per_mwh_max", self.discharged_mwh_per_mwh_max, 0.0, math.inf, "MWh/MWh")
        _within("use.missing_hours_per_year_max", self.missing_hours_per_year_max, 0.0, math.inf, "h/year")


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Where a quantity has to stay.

    Attributes
    ----------
    name : str
        Name of the clause.
    quantity : WindowQuantity
        What is limited.
    low, high : float
        Bounds; exactly at a bound is inside. [unit of the quantity]
    average_minutes : float
        Length of the rolling mean that is judged; 0 for each record by itself. [min]
    share_outside_max : float
        Share of a year allowed outside; 0 for never. [-]
    """

    name: str
    quantity: WindowQuantity
    low: float = -math.inf
    high: float = math.inf
    average_minutes: float = 0.0
    share_outside_max: float = 0.0

    def __post_init__(self) -> None:
        """Refuse numbers that no warranty can mean."""
        _within(f"window {self.name!r} average_minutes", self.average_minutes, 0.0, 44_640.0, "min")
        _within(f"window {self.name!r} share_outside_max", self.share_outside_max, 0.0, 1.0, "-")
        low, high = _WINDOW_RANGES[self.quantity]
        for name, value in (("low", self.low), ("high", self.high)):
            if not math.isinf(value):
                _within(f"window {self.name!r} {name}", value, low, high, self.quantity.unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """Other promises of the supplier; NaN where there is none.

    Attributes
    ----------
    availability_min : float
        Share of the hours of a year in which the battery is available. [-]
    round_trip_efficiency_min : float
        Energy discharged over energy charged, a year, at the interconnection point. [-]
    """

    availability_min: float = math.nan
    round_trip_efficiency_min: float = math.nan

    def __post_init__(self) -> None:
        """Refuse numbers that no warranty can mean."""
        for name in ("availability_min", "round_trip_efficiency_min"):
            value: float = getattr(self, name)
            if not math.isnan(value):
                _within(f"performance.{name}", value, 0.0, 1.0, "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class LiquidatedDamages:
    """What the supplier pays for a broken promise, as long as the owner kept to the conditions.

    Attributes
    ----------
    capacity_per_mwh : float
        For each MWh of capacity below the floor at the end of a year. [currency/MWh]
    unavailable_per_year : float
        For a whole year of availability missing; parts in proportion. [currency/year]
    loss_per_mwh : float
        For each MWh that the promised efficiency would have delivered beyond what was delivered. [currency/MWh]
    cap_per_year, cap : float
        Most that is paid in a year, and in all. [currency/year, currency]
    """

    capacity_per_mwh: float = 0.0
    unavailable_per_year: float = 0.0
    loss_per_mwh: float = 0.0
    cap_per_year: float = math.inf
    cap: float = math.inf

    def __post_init__(self) -> None:
        """Refuse negative payments."""
        _within("damages.capacity_per_mwh", self.capacity_per_mwh, 0.0, 1e12, "currency/MWh")
        _within("damages.unavailable_per_year", self.unavailable_per_year, 0.0, 1e12, "currency/year")
        _within("damages.loss_per_mwh", self.loss_per_mwh, 0.0, 1e12, "currency/MWh")
        _within("damages.cap_per_year", self.cap_per_year, 0.0, math.inf, "currency/year")
        _within("damages.cap", self.cap, 0.0, math.inf, "currency")


def rises(floor: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    """Years of a floor that come too early or promise more than the year named before; empty when it only falls."""
    return tuple(after for before, after in pairwise(floor) if after[0] <= before[0] or after[1] > before[1])


def _within(name: str, value: float, low: float, high: float, unit: str) -> None:
    if not low <= value <= high:
        raise InvalidQuantityError(name, value, low, high, unit)
