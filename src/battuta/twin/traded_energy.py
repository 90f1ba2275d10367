"""What a battery that trades is paid: the energy that its life still moves, at the prices of years that are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray, IntArray

if TYPE_CHECKING:
    from battuta.physics.life_pack_walk import PackDays
    from battuta.twin.lives import Lives
    from battuta.twin.outlook import DrawnYears


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TradedYear:
    """What a new battery moved in one year of history, and at which prices.

    Attributes
    ----------
    discharged_mwh, charged_mwh : float
        Delivered and drawn at the interconnection point, auxiliaries included, magnitudes. [MWh]
    sale_per_mwh, purchase_per_mwh : float
        Mean price of what is delivered and of what is drawn. [currency/MWh]
    mean_per_mwh : float
        Mean price of all hours. [currency/MWh]
    auxiliary_mwh : float
        What auxiliaries took, of what the converter gave and beside what it drew, a magnitude. [MWh]
    auxiliary_per_mwh : float
        Mean price of that. [currency/MWh]
    """

    discharged_mwh: float
    charged_mwh: float
    sale_per_mwh: float
    purchase_per_mwh: float
    mean_per_mwh: float
    auxiliary_mwh: float
    auxiliary_per_mwh: float

    @property
    def margin(self) -> float:
        """Sales less purchases at the interconnection point, auxiliaries paid. [currency]"""
        return self.discharged_mwh * self.sale_per_mwh - self.charged_mwh * self.purchase_per_mwh

    @property
    def auxiliary_cost(self) -> float:
        """What auxiliaries cost. [currency]"""
        return self.auxiliary_mwh * self.auxiliary_per_mwh

    def margin_earned(self, capture_share: float) -> float:
        """Margin where only a share of the converter's is earned and auxiliaries are paid whole. [currency]"""
        return self.margin - float(_missed(self.margin, self.auxiliary_cost, capture_share))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TradedEnergy:
    """What a new battery moved in each year of history.

    Attributes
    ----------
    years : tuple of TradedYear
        In the order in which lives go through them.
    capture_share : float
        Share of the margin at the converter that is earned; what is missed is taken off the sales. What auxiliaries
        take is no trade: it is paid whole. [-]
    """

    years: tuple[TradedYear, ...]
    capture_share: float


def traded_year(walked: PackDays, price_per_mwh: FloatArray) -> TradedYear:
    """Price what a walk delivered and drew, step by step.

    What auxiliaries take is known day by day: where it lowers what is delivered it is priced as that, and what is drawn
    beyond the converter's power at the mean price of the day.

    Parameters
    ----------
    walked : PackDays
        Year of a new battery, with the power of each step.
    price_per_mwh : ndarray, shape (n_times,)
        Price of each step. [currency/MWh]

    Returns
    -------
    TradedYear
        Energies, and the mean price of each.

    Raises
    ------
    DataError
        If there is not one price for each step.
    """
    if walked.power_kw.shape != price_per_mwh.shape:
        message = f"{price_per_mwh.size} prices for {walked.power_kw.size} steps of a walk; give one for each step"
        raise DataError(message)
    n_days = walked.discharged_kwh.size
    price, power = price_per_mwh.reshape(n_days, -1), walked.power_kw.reshape(n_days, -1)
    hours, mean = walked.step_s / 3600.0, price.mean(axis=1)
    out, into = np.maximum(power, 0.0) * hours, np.maximum(-power, 0.0) * hours
    sale, purchase = _mean_price(price, out, mean), _mean_price(price, into, mean)
    beyond, withheld = walked.charged_kwh - into.sum(axis=1), out.sum(axis=1) - walked.discharged_kwh
    auxiliary = float((beyond + withheld).sum())
    sold = float((walked.discharged_kwh * sale).sum())
    bought = float((into.sum(axis=1) * purchase + beyond * mean).sum())
    discharged, charged, overall = (
        float(walked.discharged_kwh.sum()),
        float(walked.charged_kwh.sum()),
        float(mean.mean()),
    )
    return TradedYear(
        discharged_mwh=discharged / 1e3,
        charged_mwh=charged / 1e3,
        sale_per_mwh=sold / discharged if discharged > 0.0 else overall,
        purchase_per_mwh=bought / charged if charged > 0.0 else overall,
        mean_per_mwh=overall,
        auxiliary_mwh=auxiliary / 1e3,
        auxiliary_per_mwh=float((beyond * mean + withheld * sale).sum()) / auxiliary if auxiliary > 0.0 else overall,
    )


def _missed(margin: float | FloatArray, auxiliary_cost: float | FloatArray, capture_share: float) -> FloatArray:
    """What is not earned of the margin at the converter: that of the meter, auxiliaries added back."""
    return (1.0 - capture_share) * np.maximum(margin + auxiliary_cost, 0.0)


def _mean_price(price: FloatArray, energy: FloatArray, otherwise: FloatArray) -> FloatArray:
    """Mean price of the energy of each day; of a day without any, another."""
    moved = energy.sum(axis=1)
    return np.where(moved > 0.0, (price * energy).sum(axis=1) / np.maximum(moved, 1e-12), otherwise)


def traded_money(traded: TradedEnergy, lives: Lives, years: DrawnYears) -> tuple[FloatArray, FloatArray]:
    """Sales and purchases of each life and year, at the market years that are drawn for it.

    A life ages under the years of history in turn. What it still moves of the one that it goes through, over what a new
    battery moves in it, is what it moves of the one that is drawn. Where a share of the margin is missed, it is one of
    the margin at the converter: auxiliaries of the drawn year, taken for those of a new battery, are added back first.

    Parameters
    ----------
    traded : TradedEnergy
        What a new battery moves, and at which prices.
    lives : Lives
        Energies of each life, its years of history in turn.
    years : DrawnYears
        Market years of the same lives.

    Returns
    -------
    sales, purchases : ndarray, shape (n_lives, n_years)
        Money, before availability. [currency]

    Raises
    ------
    DataError
        If no market years were drawn.
    """
    drawn = years.traded
    if drawn is None:
        message = "a strategy trades and no years of a market were drawn; draw them from its history first"
        raise DataError(message)
    n_history = len(traded.years)
    of = {name: np.array([getattr(each, name) for each in traded.years]) for name in TradedYear.__dataclass_fields__}
    lived: IntArray = np.arange(lives.discharged_mwh.shape[1], dtype=np.int64) % n_history

    def moved(own: FloatArray, new: FloatArray) -> FloatArray:
        left = np.divide(own, new[lived], out=np.zeros_like(own), where=np.broadcast_to(new[lived] > 0.0, own.shape))
        return left * new[drawn.number]

    def price(name: str) -> FloatArray:
        mean = of["mean_per_mwh"][drawn.number]
        return drawn.level_factor * mean + drawn.spread_factor * (of[name][drawn.number] - mean)

    sales = moved(lives.discharged_mwh, of["discharged_mwh"]) * price("sale_per_mwh")
    purchases = moved(lives.charged_mwh, of["charged_mwh"]) * price("purchase_per_mwh")
    auxiliary = of["auxiliary_mwh"][drawn.number] * price("auxiliary_per_mwh")
    return sales - _missed(sales - purchases, auxiliary, traded.capture_share), purchases
