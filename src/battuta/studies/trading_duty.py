"""A duty of years that were: what a battery would have traded in each of them, and how much of the best it got."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.asset import Battery, Site
from battuta.domain.errors import ClockError, CurrencyError, DataError
from battuta.domain.time import NS_PER_S, from_ns
from battuta.domain.wear import Wear
from battuta.numerics.arrays import FloatArray
from battuta.studies.backtest import REFERENCE, StrategyResult, run_backtest
from battuta.twin.duty_year import year_of_powers
from battuta.twin.planning_battery import planning_battery

if TYPE_CHECKING:
    from battuta.domain.day_ahead_trading import DayAheadTrading
    from battuta.domain.prices import PriceSeries
    from battuta.physics.life_pack import LifePack

_HOURS_PER_DAY = 24.0
_DAYS_PER_YEAR = 365.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DutyOfYear:
    """What was traded in one year of history.

    Attributes
    ----------
    year : int
        Calendar year of the market.
    power_kw : ndarray, shape (525600,)
        Power of each minute that was planned, discharge positive, from 1 January, 00:00 UTC. [kW]
    price_per_mwh : ndarray, shape (525600,)
        Price of each minute. [currency/MWh]
    margin, best_margin : float
        Sales less purchases of the strategy and of perfect foresight day by day, as planned for one battery.
        [currency]
    """

    year: int
    power_kw: FloatArray
    price_per_mwh: FloatArray
    margin: float
    best_margin: float

    @property
    def capture(self) -> float:
        """Margin over that of perfect foresight; NaN where that is none. [-]"""
        return self.margin / self.best_margin if self.best_margin > 0.0 else float("nan")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TradingDuty:
    """What was traded in the years of history.

    Attributes
    ----------
    years : tuple of DutyOfYear
        In ascending order.
    strategy : str
        Who decided.
    capture_share : float
        Share of the margin of these schedules that is earned; 1 where they saw no future. [-]
    is_perfect_foresight : bool
        Whether prices were known beforehand: then the capture is assumed, else it is measured.
    label : str
        What has to stand beside the money; empty for real prices.
    """

    years: tuple[DutyOfYear, ...]
    strategy: str
    capture_share: float
    is_perfect_foresight: bool
    label: str = ""

    @property
    def captured(self) -> float:
        """Margin that is earned over that of perfect foresight, all years together. [-]"""
        best = sum(each.best_margin for each in self.years)
        earned = self.capture_share * sum(each.margin for each in self.years)
        return earned / best if best > 0.0 else float("nan")


def trading_duty(
    duty: DayAheadTrading, prices: PriceSeries, years: Sequence[int], pack: LifePack, currency: str
) -> TradingDuty:
    """Trade each year of a history with a new battery.

    Parameters
    ----------
    duty : DayAheadTrading
        How.
    prices : PriceSeries
        Prices, real time; what lies before a year is the past that strategies may know.
    years : sequence of int
        Calendar years, ascending; all of the series if none is named.
    pack : LifePack
        The battery.
    currency : str
        What the study counts in.

    Returns
    -------
    TradingDuty
        The years.

    Raises
    ------
    CurrencyError
        If the prices are in another currency.
    ClockError
        If their days are not real.
    DataError
        If a year is not whole, misses a price, or a strategy knows too little of the time before it.
    UsageError
        If there is no such strategy.
    """
    where = f"[market.history] {prices.source}"
    if prices.currency != currency:
        message = f"{where} is in {prices.currency}, [finance] counts in {currency}; state both in one currency"
        raise CurrencyError(message)
    if prices.is_benchmark:
        message = (
            f"{where} has the clock local_24h, whose days of 24 hours are no real ones and are no revenue; take prices "
            "with real time"
        )
        raise ClockError(message)
    site = _site(duty, pack, prices)
    found = [_year(duty, prices, site, steps, where) for steps in whole_years(prices, years, where)]
    return TradingDuty(
        years=tuple(found),
        strategy=duty.strategy,
        capture_share=duty.captured_of_best,
        is_perfect_foresight=duty.is_perfect_foresight,
        label=prices.money_label,
    )


def whole_years(prices: PriceSeries, wanted: Sequence[int], where: str) -> list[slice]:
    """Steps of each calendar year of the market that is wanted; of all that a series holds if none is named.

    Parameters
    ----------
    prices : PriceSeries
        The series.
    wanted : sequence of int
        Calendar years.
    where : str
        Names the series in errors.

    Returns
    -------
    list of slice
        One for each year, ascending.

    Raises
    ------
    DataError
        If a year is not there, not whole, or a price of it is missing.
    """
    days = prices.days()
    years = sorted({each.year for each in days.dates}) if not wanted else list(wanted)
    found: list[slice] = []
    for year in years:
        own = [number for number, each in enumerate(days.dates) if each.year == year]
        first = days.steps(own[0]).start if own else 0
        last = days.steps(own[-1]).stop if own else 0
        hours = (last - first) * prices.step_h
        n_days = 366 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 365
        if abs(hours - _HOURS_PER_DAY * n_days) > 0.5 * prices.step_h:
            advice = "name the whole ones in years = [...]" if not wanted else "complete the file, or name other years"
            message = (
                f"{where} holds {hours / _HOURS_PER_DAY:.2f} of {n_days} days of {year} (market time of "
                f"{prices.zone}); a life is drawn from whole calendar years: {advice}"
            )
            raise DataError(message)
        missing = np.flatnonzero(~np.isfinite(prices.price_per_mwh[first:last]))
        if missing.size:
            at = from_ns(int(prices.time_ns[first + missing[0]]))
            message = (
                f"{where} misses {missing.size} of {last - first} prices of {year}, the first at {at.isoformat()}; "
                "a study fills nothing: mend the file, or name other years"
            )
            raise DataError(message)
        found.append(slice(first, last))
    return found


def _site(duty: DayAheadTrading, pack: LifePack, prices: PriceSeries) -> Site:
    """Site that a strategy plans for: the new battery, as its terminals show it."""
    planned = planning_battery(pack)
    cap_kwh = duty.full_cycles_per_day_max * planned.usable_kwh
    return Site(
        battery=Battery(
            power_kw=pack.pcs.rated_power_kw,
            energy_kwh=planned.energy_kwh,
            efficiency_charge=planned.efficiency_charge,
            efficiency_discharge=planned.efficiency_discharge,
            soc_min=pack.soc_min,
            soc_max=pack.soc_max,
            soc_start=pack.soc_start,
            throughput_mwh_per_year_max=cap_kwh * _DAYS_PER_YEAR / 1000.0,
            wear=Wear(price_per_mwh=duty.wear_price_per_mwh),
        ),
        timezone=prices.zone,
        currency=prices.currency,
    )


def _year(duty: DayAheadTrading, prices: PriceSeries, site: Site, steps: slice, where: str) -> DutyOfYear:
    """Trade one year; nothing after it is given to anybody."""
    known = prices.slice(slice(0, steps.stop))
    dates = known.days().dates
    year = dates[-1].year
    n_days = sum(each.year == year for each in dates)
    try:
        result = run_backtest(known, site, [duty.strategy], n_days)
    except DataError as error:
        message = (
            f"{where}: {duty.strategy!r} cannot trade {year}: {error}. Leave {year} out of years, so that it is the "
            "past of later ones, or take a strategy that needs none"
        )
        raise DataError(message) from error
    own = result.results[duty.strategy]
    begin_s = (int(prices.time_ns[steps.start]) - _january_ns(year)) / NS_PER_S
    step_s = prices.step.total_seconds()
    time_s = begin_s + step_s * np.arange(steps.stop - steps.start, dtype=np.float64)
    named = f"{where}, {year}"
    return DutyOfYear(
        year=year,
        power_kw=year_of_powers(time_s, own.power_kw, named).power_kw,
        price_per_mwh=year_of_powers(time_s, prices.price_per_mwh[steps], named).power_kw,
        margin=_margin(own),
        best_margin=_margin(result.results[REFERENCE]),
    )


def _margin(result: StrategyResult) -> float:
    """Sales less purchases; wear steers the schedule and is nobody's payment. [currency]"""
    return float(result.revenue.sum())


def _january_ns(year: int) -> int:
    return int(np.datetime64(f"{year}-01-01", "ns").astype(np.int64))
