"""The battery of a study, down to its cells, and the climate that it stands in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.domain.failures import FailingUnit


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
        Constant load of controls. [kW]
    running_load_kw : float
        Load of pumps and fans while the battery works, or is cooled or warmed. [kW]
    resistance_deviation_share : float
        Standard deviation of the logarithm of what the cells' resistance is when new over that of their card, drawn for
        each life; 0 takes the card for exact. [-]
    containers, converters : int or None
        How many there are; needed where they fail or are insured. [-]
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
    running_load_kw: float = 4.0
    resistance_deviation_share: float = 0.0
    containers: int | None = None
    converters: int | None = None

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
            ("running_load_kw", self.running_load_kw, 0.0, self.power_kw, "kW"),
            ("resistance_deviation_share", self.resistance_deviation_share, 0.0, 1.0, "-"),
            ("containers", 1 if self.containers is None else self.containers, 1, 10_000, "-"),
            ("converters", 1 if self.converters is None else self.converters, 1, 10_000, "-"),
        ):
            if not low <= value <= high:
                raise InvalidQuantityError(name, value, low, high, unit, where="[battery]")

    def n_units(self, unit: FailingUnit) -> int:
        """How many of a unit there are.

        Raises
        ------
        UsageError
            If the battery does not say so.
        """
        known = {
            FailingUnit.SITE: 1,
            FailingUnit.CONTAINER: self.containers,
            FailingUnit.CONVERTER: self.converters,
            FailingUnit.STRING: self.strings,
        }[unit]
        if known is None:
            message = f"[battery] does not say how many {unit.value}s there are; add: {unit.value}s = ..."
            raise UsageError(message)
        return known


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
    utc_offset_h : float
        Hours by which its clock is ahead of UTC, where its times say no offset. [h]
    """

    path: str
    utc_offset_h: float = 0.0


Climate: TypeAlias = SteadyClimate | ClimateFile
