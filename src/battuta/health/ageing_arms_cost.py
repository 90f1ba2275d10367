"""What a delivered kilowatt-hour costs over a string's life, and how unequal modules must be for converters to pay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import InvalidQuantityError
from battuta.health import ageing_arms_kernels as kernels
from battuta.health.ageing_arms import Arm, StringDuty, StringLife
from battuta.numerics.arrays import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmCosts:
    """Prices of what the arms need; the defaults are assumptions, not offers.

    Attributes
    ----------
    module_per_kwh : float
        Modules of a new string, per kWh of nameplate. [currency/kWh]
    converter_per_kwh, balancer_per_kwh : float
        A converter for each module, or balancers between them, per kWh of nameplate. [currency/kWh]
    swap_per_kwh : float
        A module that is exchanged, put in, per kWh of its own nameplate. [currency/kWh]
    visit_per_kwh : float
        A visit to exchange or rotate, per kWh of the string's nameplate. [currency/kWh]
    loss_price_per_kwh : float
        Energy that electronics lose. [currency/kWh]
    discount_share_per_year : float
        Interest. [1/year]
    currency : str
        Of all prices.
    """

    module_per_kwh: float = 100.0
    converter_per_kwh: float = 20.0
    balancer_per_kwh: float = 8.0
    swap_per_kwh: float = 150.0
    visit_per_kwh: float = 1.0
    loss_price_per_kwh: float = 0.08
    discount_share_per_year: float = 0.05
    currency: str = "EUR"

    def __post_init__(self) -> None:
        """Refuse prices below 0."""
        for name in (
            "module_per_kwh",
            "converter_per_kwh",
            "balancer_per_kwh",
            "swap_per_kwh",
            "visit_per_kwh",
            "loss_price_per_kwh",
            "discount_share_per_year",
        ):
            value: float = getattr(self, name)
            if not 0.0 <= value < np.inf:
                raise InvalidQuantityError(name, value, 0.0, np.inf, f"{self.currency}/kWh", where="ArmCosts")

    def price_per_kwh(self, life: StringLife, arm: Arm, duty: StringDuty, *, n_modules: int) -> float:
        """What a delivered kilowatt-hour costs, with interest, in money of the first day.

        Parameters
        ----------
        life : StringLife
            What became of the string.
        arm : Arm
            How it was used.
        duty : StringDuty
            What was asked of it.
        n_modules : int
            Modules of the string.

        Returns
        -------
        float
            ``(I + sum s_t / (1 + r)^t) / integral of e / (1 + r)^t dt + loss``; charging and what the cells lose are
            not in it. Infinite if nothing was delivered. [currency/kWh]

        Examples
        --------
        >>> from battuta.health.ageing_arms import ARMS
        >>> life = StringLife(
        ...     life_years=10.0,
        ...     loss_share=0.0,
        ...     capacity_share_low=0.8,
        ...     capacity_share_high=0.8,
        ...     swapped_years=(),
        ... )
        >>> costs = ArmCosts(discount_share_per_year=0.0)
        >>> round(costs.price_per_kwh(life, ARMS["passive"], StringDuty(), n_modules=24), 4)
        0.0342
        """
        spent = self.module_per_kwh + sum(self.swap_per_kwh / n_modules * self._now(t) for t in life.swapped_years)
        if arm.has_converters:
            spent += self.converter_per_kwh
        elif arm.way == kernels.REDISTRIBUTED:
            spent += self.balancer_per_kwh
        visits = set(life.swapped_years)
        if arm.rotates:
            visits |= {float(year) for year in range(1, int(np.ceil(life.life_years)))}
        spent += sum(self.visit_per_kwh * self._now(t) for t in visits)
        delivered = duty.energy_share * 365.25 * self._years_now(life.life_years)
        if delivered <= 0.0:
            return float("inf")
        return spent / delivered + life.loss_share * self.loss_price_per_kwh

    def _now(self, year: float) -> float:
        """What 1 in a year to come is worth now."""
        return (1.0 + self.discount_share_per_year) ** -year

    def _years_now(self, years: float) -> float:
        """Years of a level stream, each counted at its worth now."""
        rate = np.log1p(self.discount_share_per_year)
        return years if rate == 0.0 else float(-np.expm1(-rate * years) / rate)


def break_even_cv(rate_cv: FloatArray, price_per_kwh: FloatArray, base_price_per_kwh: FloatArray) -> float:
    """Least heterogeneity at which an arm is no dearer than another, between the places by straight lines.

    Parameters
    ----------
    rate_cv : ndarray, shape (n_places,)
        Spread of the rates, ascending. [-]
    price_per_kwh, base_price_per_kwh : ndarray, shape (n_places,)
        Prices of the arm and of that it is held against. [currency/kWh]

    Returns
    -------
    float
        The spread; that of the first place if the arm is no dearer there, infinite if it is dearer everywhere. [-]

    Examples
    --------
    >>> break_even_cv(np.array([0.0, 0.1, 0.2]), np.array([5.0, 5.0, 5.0]), np.array([4.0, 4.5, 5.5]))
    0.15
    """
    more = price_per_kwh - base_price_per_kwh
    if more[0] <= 0.0:
        return float(rate_cv[0])
    pays = np.flatnonzero(more <= 0.0)
    if pays.size == 0:
        return float("inf")
    j = int(pays[0])
    part = more[j - 1] / (more[j - 1] - more[j])
    return float(rate_cv[j - 1] + part * (rate_cv[j] - rate_cv[j - 1]))
