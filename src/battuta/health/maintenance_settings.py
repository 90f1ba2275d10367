"""What visits, modules, spares and standstill cost: what a maintenance plan weighs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import InvalidQuantityError
from battuta.domain.health import FaultClass
from battuta.numerics.arrays import FloatArray

DAYS_PER_YEAR = 365.25
MENDED_BY_A_MODULE = frozenset(
    {
        FaultClass.MICRO_SHORT,
        FaultClass.RESISTANCE_RISE,
        FaultClass.LOOSE_CONTACT,
        FaultClass.CAPACITY_OUTLIER,
    }
)
"""Classes that end when the module is exchanged; all others call for other work."""
_RANGES: dict[str, tuple[float, float, str]] = {
    "module_cost": (0.0, 1e9, "currency"),
    "visit_cost": (0.0, 1e9, "currency"),
    "call_out_cost": (0.0, 1e9, "currency"),
    "damage_cost": (0.0, 1e9, "currency"),
    "damage_cost_short": (0.0, 1e9, "currency"),
    "salvage": (0.0, 1e9, "currency"),
    "module_h": (0.01, 1e3, "h"),
    "cells_per_module": (1, 10_000, "-"),
    "energy_mwh_per_day": (0.0, 1e5, "MWh/day"),
    "energy_value_per_mwh": (0.0, 1e6, "currency/MWh"),
    "lost_share_failed": (0.0, 1.0, "-"),
    "lost_share_suspect": (0.0, 1.0, "-"),
    "lead_days": (0, 3650, "d"),
    "response_days": (0, 365, "d"),
    "n_spares": (0, 100_000, "-"),
    "spare_share_per_year": (0.0, 1.0, "1/year"),
    "discount_share_per_year": (0.0, 1.0, "1/year"),
    "horizon_days": (1, 20_000, "d"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MaintenanceSettings:
    """Costs and stocks; the defaults are assumptions, nobody's offer.

    Attributes
    ----------
    currency : str
        Of all costs.
    module_cost : float
        A new module. [currency]
    visit_cost : float
        A planned visit, however many modules are exchanged. [currency]
    call_out_cost : float
        A visit at short notice, and the work of it. [currency]
    damage_cost : float
        What a failure spoils besides, on average. [currency]
    damage_cost_short : float
        The same where a cell has a short, which may heat its module and those beside it. [currency]
    salvage : float
        What a sound module that was taken out is still worth, tests paid. [currency]
    module_h : float
        Hours to exchange one, in which its string stands still. [h]
    cells_per_module : int
        Cells in series of a module; cells 0 to this less one are module 0.
    energy_mwh_per_day : float
        What a string delivers in a day. [MWh/day]
    energy_value_per_mwh : float
        What is lost with a MWh that is not delivered. [currency/MWh]
    lost_share_failed : float
        Share of that energy lost while a failed module waits. [-]
    lost_share_suspect : float
        Share lost while a module that was told at `act` is not yet exchanged: its derating. [-]
    lead_days : int
        From ordering a module to having it. [d]
    response_days : int
        From a call to somebody on site. [d]
    n_spares : int
        Modules in stock.
    spare_share_per_year : float
        What it costs to keep one more in stock, per its price. [1/year]
    discount_share_per_year : float
        Interest. [1/year]
    horizon_days : int
        How far ahead is counted, at most what is left of the site's life. [d]
    probability_assumed : float or None
        For findings that do not say how likely they are; None refuses them. [-]
    days_assumed : tuple of float or None
        Days to the limit (10, 50, 90 %) for findings that do not tell them; None leaves them out. [d]
    """

    currency: str = "EUR"
    module_cost: float = 4000.0
    visit_cost: float = 800.0
    call_out_cost: float = 2500.0
    damage_cost: float = 2000.0
    damage_cost_short: float = 20_000.0
    salvage: float = 2500.0
    module_h: float = 4.0
    cells_per_module: int = 16
    energy_mwh_per_day: float = 0.24
    energy_value_per_mwh: float = 80.0
    lost_share_failed: float = 1.0
    lost_share_suspect: float = 0.0
    lead_days: int = 56
    response_days: int = 2
    n_spares: int = 0
    spare_share_per_year: float = 0.1
    discount_share_per_year: float = 0.06
    horizon_days: int = 3650
    probability_assumed: float | None = None
    days_assumed: tuple[float, float, float] | None = None

    def __post_init__(self) -> None:
        """Check ranges."""
        for name, (low, high, unit) in _RANGES.items():
            value: float = getattr(self, name)
            if not low <= value <= high:
                raise InvalidQuantityError(name, value, low, high, unit, where="maintenance settings")
        p = self.probability_assumed
        if p is not None and not 0.0 <= p <= 1.0:
            raise InvalidQuantityError("probability_assumed", p, 0.0, 1.0, "-", where="maintenance settings")

    def damage_cost_of(self, faults: Iterable[FaultClass]) -> float:
        """What a failure spoils besides, by the worst that is wrong in a module. [currency]

        Examples
        --------
        >>> MaintenanceSettings().damage_cost_of([FaultClass.RESISTANCE_RISE, FaultClass.MICRO_SHORT])
        20000.0
        """
        of_class = {FaultClass.MICRO_SHORT: self.damage_cost_short}
        return max((of_class.get(each, self.damage_cost) for each in faults), default=self.damage_cost)

    @property
    def energy_value_per_day(self) -> float:
        """What a string earns in a day. [currency/day]"""
        return self.energy_mwh_per_day * self.energy_value_per_mwh

    def discount(self, days: FloatArray | float) -> FloatArray:
        """Present value of money.

        Parameters
        ----------
        days : ndarray, shape (n_days,), or float
            When it is paid, from today. [d]

        Returns
        -------
        ndarray, shape (n_days,)
            Worth today of 1 paid then. [-]

        Examples
        --------
        >>> MaintenanceSettings(discount_share_per_year=0.06).discount(365.25).round(4)
        np.float64(0.9434)
        """
        return np.asarray((1.0 + self.discount_share_per_year) ** (-np.asarray(days) / DAYS_PER_YEAR))
