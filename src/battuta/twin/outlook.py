"""What the years may bring: prices around a trend, and how much of the time the battery is there, drawn jointly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.outlook import Availability, MarketOutlook
from battuta.numerics.arrays import FloatArray
from battuta.numerics.sampling import standard_normal_blocks
from battuta.twin.market_years import MarketYears


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrawnYears:
    """The years of each life; strategies of one study are compared under the same ones.

    Attributes
    ----------
    capacity_price_per_mw_h : ndarray, shape (n_lives, n_years)
        Price of response kept free. [currency/(MW h)]
    energy_price_per_mwh : ndarray, shape (n_lives, n_years)
        Price of energy. [currency/MWh]
    availability : ndarray, shape (n_lives, n_years)
        Share of the time that the battery is there. [-]
    traded : MarketYears or None
        Years of history that trading is paid by; None where nothing is traded.
    """

    capacity_price_per_mw_h: FloatArray
    energy_price_per_mwh: FloatArray
    availability: FloatArray
    traded: MarketYears | None = None


def drawn_years(
    market: MarketOutlook, availability: Availability, *, seed: int, first_life: int, n_lives: int, n_years: int
) -> DrawnYears:
    """Draw the years of some lives; a life's years hang on its number alone.

    Parameters
    ----------
    market : MarketOutlook
        Prices, trends, and how unsure they are.
    availability : Availability
        Mean and spread.
    seed : int
        Seed of the study. [-]
    first_life, n_lives : int
        Which lives.
    n_years : int
        Years of each. [a]

    Returns
    -------
    DrawnYears
        Their years. Factors on prices have mean 1: a spread makes the mean neither better nor worse.

    Examples
    --------
    >>> market = MarketOutlook(capacity_price_per_mw_h=10.0, energy_price_per_mwh=60.0)
    >>> whole = drawn_years(market, Availability(), seed=1, first_life=0, n_lives=4, n_years=3)
    >>> part = drawn_years(market, Availability(), seed=1, first_life=2, n_lives=1, n_years=3)
    >>> bool((whole.availability[2:3] == part.availability).all())
    True
    """
    capacity = _factors(market, seed, "twin.market", first_life, n_lives, n_years)
    energy = price_factor(market, seed=seed, first_life=first_life, n_lives=n_lives, n_years=n_years)
    years = np.arange(n_years, dtype=np.float64)
    normal = standard_normal_blocks(seed, "twin.availability", first_life, n_lives, n_years)
    return DrawnYears(
        capacity_price_per_mw_h=market.capacity_price_per_mw_h
        * (1.0 + market.capacity_trend_per_year) ** years
        * capacity,
        energy_price_per_mwh=market.energy_price_per_mwh * (1.0 + market.energy_trend_per_year) ** years * energy,
        availability=np.clip(availability.mean + availability.deviation * normal, 0.0, 1.0),
    )


def price_factor(market: MarketOutlook, *, seed: int, first_life: int, n_lives: int, n_years: int) -> FloatArray:
    """Price of energy around its trend, mean 1, shape (n_lives, n_years); parameters as `drawn_years`. [-]"""
    return _factors(market, seed, "twin.energy", first_life, n_lives, n_years)


def _factors(market: MarketOutlook, seed: int, stream: str, first_life: int, n_lives: int, n_years: int) -> FloatArray:
    """Factors on a price, mean 1: a level of each life, what is left of last year's deviation, and news."""
    drawn = standard_normal_blocks(seed, stream, first_life, n_lives, 1 + n_years)
    level, news = drawn[:, :1], drawn[:, 1:]
    kept, fresh = market.persistence, np.sqrt(1.0 - market.persistence**2)
    state = np.empty_like(news)
    state[:, 0] = news[:, 0]
    for year in range(1, n_years):
        state[:, year] = kept * state[:, year - 1] + fresh * news[:, year]
    logs = market.deviation_share * state + market.level_deviation_share * level
    return np.exp(logs - 0.5 * (market.deviation_share**2 + market.level_deviation_share**2))
