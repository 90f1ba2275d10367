"""What an investor asks of the next twenty years: battery, climate, strategies, ageing, warranty, market, money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from battuta.domain.errors import InvalidQuantityError, UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class StudiedBattery:
    """The battery of a study, down to its cells.

    Attributes
    ----------
    cell : str
        Name of the cell's parameter set.
    converter : str
        Name of the converter's loss curve.
    cells_in_series, strings : int
        Cells of a string, strings in parallel. [-]
    power_kw : float
        Rated power at the interconnection point, both ways. [kW]
    soc_min, soc_max : float
        Window of the state of charge that is used. [-]
    temperature_c_max, temperature_c_min : float
        Cells are cooled above the first and warmed below the second. [degC]
    cooling_kw, heating_kw : float
        Heat that the thermal system moves at most, each way. [kW]
    other_load_kw : float
        Constant load of controls and pumps. [kW]
    """

    cell: str
    converter: str
    cells_in_series: int
    strings: int
    power_kw: float
    soc_min: float = 0.05
    soc_max: float = 0.95
    temperature_c_max: float = 28.0
    temperature_c_min: float = 15.0
    cooling_kw: float = 60.0
    heating_kw: float = 20.0
    other_load_kw: float = 2.0

    def __post_init__(self) -> None:
        """Refuse a battery that cannot be."""
        for name, value, low, high, unit in (
            ("cells_in_series", self.cells_in_series, 1, 2000, "-"),
            ("strings", self.strings, 1, 100_000, "-"),
            ("power_kw", self.power_kw, 1e-3, 1e8, "kW"),
            ("soc_min", self.soc_min, 0.0, 1.0, "-"),
            ("soc_max", self.soc_max, self.soc_min + 0.01, 1.0, "-"),
            ("temperature_c_max", self.temperature_c_max, self.temperature_c_min + 1.0, 60.0, "degC"),
            ("temperature_c_min", self.temperature_c_min, -20.0, 60.0, "degC"),
            ("cooling_kw", self.cooling_kw, 0.0, 1e8, "kW"),
            ("heating_kw", self.heating_kw, 0.0, 1e8, "kW"),
            ("other_load_kw", self.other_load_kw, 0.0, self.power_kw, "kW"),
        ):
            if not low <= value <= high:
                raise InvalidQuantityError(name, value, low, high, unit, where="[battery]")


@dataclass(frozen=True, slots=True, kw_only=True)
class SteadyClimate:
    """A climate by three figures, SYNTHETIC: a mean, a yearly and a daily swing.

    Attributes
    ----------
    mean_c, yearly_swing_k, daily_swing_k : float
        Mean, and half the distances from coldest to warmest month and hour. [degC], [K], [K]
    """

    mean_c: float
    yearly_swing_k: float = 0.0
    daily_swing_k: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what no place on earth has."""
        for name, value, low, high, unit in (
            ("mean_c", self.mean_c, -30.0, 45.0, "degC"),
            ("yearly_swing_k", self.yearly_swing_k, 0.0, 40.0, "K"),
            ("daily_swing_k", self.daily_swing_k, 0.0, 25.0, "K"),
        ):
            if not low <= value <= high:
                raise InvalidQuantityError(name, value, low, high, unit, where="[climate]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClimateFile:
    """A climate of a file of temperatures.

    Attributes
    ----------
    path : str
        Where it lies, as the study names it.
    """

    path: str


Climate: TypeAlias = SteadyClimate | ClimateFile


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencyRegulation:
    """Answer the grid's frequency by a product's droop, and steer the charge back slowly.

    Attributes
    ----------
    product : str
        Name of the product, whose law is answered.
    power_share : float
        Share of the rated power that is sold. [-]
    soc_target : float
        State of charge that the base power steers to. [-]
    recovery_share : float
        Base power at most, share of the power that is sold. [-]
    full_cycles_per_day_max : float
        Once the day's throughput is spent, no more is answered until midnight UTC; infinite when not capped. [-]
    """

    product: str = "ce_fcr"
    power_share: float = 1.0
    soc_target: float = 0.5
    recovery_share: float = 0.25
    full_cycles_per_day_max: float = float("inf")

    def __post_init__(self) -> None:
        """Refuse shares beyond the rating."""
        for name, value, low, high in (
            ("power_share", self.power_share, 0.01, 1.0),
            ("soc_target", self.soc_target, 0.0, 1.0),
            ("recovery_share", self.recovery_share, 0.0, 1.0),
            ("full_cycles_per_day_max", self.full_cycles_per_day_max, 0.01, float("inf")),
        ):
            if not low <= value <= high:
                raise InvalidQuantityError(name, value, low, high, "-", where="[[strategy]]")


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyFile:
    """Follow the powers, or the states of charge, of a file of one year.

    Attributes
    ----------
    path : str
        Where it lies, as the study names it.
    """

    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """Stand still at a state of charge.

    Attributes
    ----------
    soc : float
        State of charge. [-]
    """

    soc: float = 0.5


Duty: TypeAlias = FrequencyRegulation | DutyFile | Storage


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """One way to use the battery for twenty years.

    Attributes
    ----------
    name : str
        What the report calls it.
    duty : FrequencyRegulation or DutyFile or Storage
        What it does.
    """

    name: str
    duty: Duty


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketOutlook:
    """What the market pays over the years: ASSUMED by the one who asks, with how unsure it is.

    Attributes
    ----------
    capacity_price_per_mw_h : float
        Price of a MW of response kept free for an hour, in the first year. [currency/(MW h)]
    energy_price_per_mwh : float
        Mean price of energy, in the first year. [currency/MWh]
    capacity_trend_per_year, energy_trend_per_year : float
        Change of each a year, nominal. [-]
    deviation_share : float
        Standard deviation of the logarithm of a year's prices around the trend. [-]
    persistence : float
        How much of a year's deviation stays in the next. [-]
    """

    capacity_price_per_mw_h: float
    energy_price_per_mwh: float
    capacity_trend_per_year: float = 0.0
    energy_trend_per_year: float = 0.0
    deviation_share: float = 0.2
    persistence: float = 0.6

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        for name, value, low, high, unit in (
            ("capacity_price_per_mw_h", self.capacity_price_per_mw_h, 0.0, 1e5, "currency/(MW h)"),
            ("energy_price_per_mwh", self.energy_price_per_mwh, -1e4, 1e5, "currency/MWh"),
            ("capacity_trend_per_year", self.capacity_trend_per_year, -0.5, 0.5, "-"),
            ("energy_trend_per_year", self.energy_trend_per_year, -0.5, 0.5, "-"),
            ("deviation_share", self.deviation_share, 0.0, 2.0, "-"),
            ("persistence", self.persistence, 0.0, 0.99, "-"),
        ):
            if not low <= value <= high:
                raise InvalidQuantityError(name, value, low, high, unit, where="[market]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """How much of the time the battery is there.

    Attributes
    ----------
    mean, deviation : float
        Mean and standard deviation of a year's availability. [-]
    """

    mean: float = 0.97
    deviation: float = 0.01

    def __post_init__(self) -> None:
        """Refuse shares that are none."""
        if not 0.0 < self.mean <= 1.0:
            raise InvalidQuantityError("mean", self.mean, 0.0, 1.0, "-", where="[availability]")
        if not 0.0 <= self.deviation <= 0.3:
            raise InvalidQuantityError("deviation", self.deviation, 0.0, 0.3, "-", where="[availability]")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeingChoice:
    """Which ageing models speak, and how much each.

    Attributes
    ----------
    weights : Mapping of str to float
        Weight of each model by its name, above 0; they need not add up to 1. [-]
    cell_deviation_share : float
        Standard deviation of the logarithm of the rates from one battery to the next, besides what each model is
        unsure of. [-]
    """

    weights: Mapping[str, float]
    cell_deviation_share: float = 0.05

    def __post_init__(self) -> None:
        """Refuse an ensemble of nothing."""
        if not self.weights:
            message = "[ageing] names no model; name at least one in [ageing.weights], better two or three"
            raise UsageError(message)
        for name, weight in self.weights.items():
            if not 0.0 < weight < float("inf"):
                raise InvalidQuantityError(f"weights.{name}", weight, 0.0, float("inf"), "-", where="[ageing]")
        if not 0.0 <= self.cell_deviation_share <= 1.0:
            raise InvalidQuantityError(
                "cell_deviation_share", self.cell_deviation_share, 0.0, 1.0, "-", where="[ageing]"
            )
