"""Simple rules that traders start from: fixed hours, hours fitted on the past, limits from recent percentiles."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from battuta.domain.errors import StaleDataError
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.trading import accounts
from battuta.trading.execution import follow
from battuta.trading.problem import StorageProblem

MINUTES_PER_HOUR = 60
HOURS_PER_DAY = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedHours:
    """Charge at full power from one wall-clock hour, discharge from a later one.

    Attributes
    ----------
    charge_from_hour, discharge_from_hour : int
        Wall-clock hours; charging stops when the battery is full or discharging begins. [h]
    """

    charge_from_hour: int
    discharge_from_hour: int

    def request_kw(self, minutes: IntArray, power_kw: float) -> FloatArray:
        """Power asked in each interval of a day.

        Parameters
        ----------
        minutes : ndarray, shape (n_steps,)
            Wall-clock minute at which each interval starts.
        power_kw : float
            Rated power. [kW]

        Returns
        -------
        ndarray, shape (n_steps,)
            Request, discharge positive, to be clipped at the SoC bounds. [kW]
        """
        hour = minutes // MINUTES_PER_HOUR
        charging = (hour >= self.charge_from_hour) & (hour < self.discharge_from_hour)
        discharging = hour >= self.discharge_from_hour
        return np.where(charging, -power_kw, np.where(discharging, power_kw, 0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLimits:
    """Limit orders: buy at full power below one price, sell above another.

    Attributes
    ----------
    buy_below_per_mwh, sell_above_per_mwh : float
        Limits. [currency/MWh]
    """

    buy_below_per_mwh: float
    sell_above_per_mwh: float

    def cleared_kw(self, price_per_mwh: FloatArray, power_kw: float) -> FloatArray:
        """Power that clears at given prices, before SoC bounds, shape of the prices. [kW]"""
        selling = np.where(price_per_mwh > self.sell_above_per_mwh, power_kw, 0.0)
        return np.where(price_per_mwh < self.buy_below_per_mwh, -power_kw, selling)


def fit_fixed_hours(problem: StorageProblem, minutes: IntArray, profiles_per_mwh: FloatArray) -> FixedHours:
    """Best pair of whole hours on past days; of equal pairs the earliest.

    Parameters
    ----------
    problem : StorageProblem
        The battery on one day of as many steps as the profiles have; its prices are not looked at.
    minutes : ndarray, shape (n_steps,)
        Wall-clock minute at which each interval starts.
    profiles_per_mwh : ndarray, shape (n_days, n_steps)
        Past prices. [currency/MWh]

    Returns
    -------
    FixedHours
        The pair that would have earned most, wear and fees included.
    """
    mean = profiles_per_mwh.mean(axis=0)  # the power does not depend on prices, so money is linear in them
    facing = replace(
        problem, buy_per_mwh=mean + problem.import_fee_per_mwh, sell_per_mwh=mean - problem.export_fee_per_mwh
    )
    rated_kw = float(problem.discharge_pieces[:, 0].sum())
    best, choice = -np.inf, FixedHours(charge_from_hour=0, discharge_from_hour=1)
    for charge_from in range(HOURS_PER_DAY - 1):
        for discharge_from in range(charge_from + 1, HOURS_PER_DAY):
            rule = FixedHours(charge_from_hour=charge_from, discharge_from_hour=discharge_from)
            power, energy = follow(facing, rule.request_kw(minutes, rated_kw))
            earned = float(accounts.revenue(facing, power).sum() - accounts.wear(facing, power, energy).sum())
            if earned > best + 1e-9:
                best, choice = earned, rule
    return choice


def fit_price_limits(recent_per_mwh: FloatArray, low_percentile: float, high_percentile: float) -> PriceLimits:
    """Limits at two percentiles of recent prices, shape (n_times,), missing ones left out.

    Raises
    ------
    StaleDataError
        If no price is there.
    """
    known = recent_per_mwh[np.isfinite(recent_per_mwh)]
    if known.size == 0:
        message = "no recent price is known; give more history or a later test window"
        raise StaleDataError(message)
    low, high = np.percentile(known, [low_percentile, high_percentile])
    return PriceLimits(buy_below_per_mwh=float(low), sell_above_per_mwh=float(high))
