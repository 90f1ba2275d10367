"""How a battery that has aged is given energy again: new strings beside the old ones, or in their place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from battuta.domain.errors import InvalidQuantityError, UsageError

_FAR = 1e9


class AugmentationKind(StrEnum):
    """What is done with the old strings."""

    ADD = "add"
    """They stay, and new strings work beside them."""
    REPLACE = "replace"
    """The oldest are taken out, and new strings stand in their place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AugmentationPlan:
    """When strings are added or replaced, how many, and what they cost.

    A life is looked at as each of its years ends, but for the last. Strings come whole; the old ones never get younger.

    Attributes
    ----------
    cost_per_kwh : float
        Cost of new strings for each kWh of cells, in money of the first year. [currency/kWh]
    kind : AugmentationKind
        Whether strings are added or replaced.
    soh_energy_floor : float
        Strings come when the AC energy of the site falls below this share of what it holds when new by the card of its
        cell, also in lives whose resistance is drawn and which begin above or below it; 0: in planned years only. [-]
    soh_energy_target : float
        So many that the site reaches this share again. [-]
    planned_years : tuple of int
        At the end of these years the site is brought to the target whatever its state; counted from 1.
    cost_trend_per_year : float
        Change of that cost a year, nominal: cells that become cheaper are below 0. [-]
    removal_cost_per_kwh : float
        Taking out replaced strings for each kWh of cells, in money of the first year and with the same trend; below 0
        where they are worth something. [currency/kWh]
    fixed_cost : float
        Cost of each time, in money of the first year and without trend. [currency]
    installed_share_max : float
        Strings that the site has room for, over those that it began with. [-]
    times_max : int
        How often strings may come. [-]
    ageing_factor : float
        Rates of ageing of new strings over those of the first ones, by the same model. [-]
    """

    cost_per_kwh: float
    kind: AugmentationKind = AugmentationKind.ADD
    soh_energy_floor: float = 0.0
    soh_energy_target: float = 0.9
    planned_years: tuple[int, ...] = ()
    cost_trend_per_year: float = 0.0
    removal_cost_per_kwh: float = 0.0
    fixed_cost: float = 0.0
    installed_share_max: float = 2.0
    times_max: int = 4
    ageing_factor: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a rule that never acts, or never ends."""
        for name, low, high, unit in (
            ("cost_per_kwh", 0.0, _FAR, "currency/kWh"),
            ("soh_energy_floor", 0.0, 1.2, "-"),
            ("soh_energy_target", max(self.soh_energy_floor, 0.1), 1.5, "-"),
            ("cost_trend_per_year", -0.5, 0.5, "-"),
            ("removal_cost_per_kwh", -self.cost_per_kwh, _FAR, "currency/kWh"),
            ("fixed_cost", 0.0, 1e15, "currency"),
            ("installed_share_max", 1.0, 10.0, "-"),
            ("times_max", 1, 39, "-"),
            ("ageing_factor", 0.1, 10.0, "-"),
        ):
            value: float = getattr(self, name)
            if not low <= value <= high:
                raise InvalidQuantityError(name, value, low, high, unit, where="[augmentation]")
        for year in self.planned_years:
            if not 1 <= year <= 40:
                raise InvalidQuantityError("planned_years", year, 1, 40, "year", where="[augmentation]")
        if self.soh_energy_floor == 0.0 and not self.planned_years:
            message = "[augmentation] never acts; give soh_energy_floor, such as 0.75, or planned_years, such as [8]"
            raise UsageError(message)
