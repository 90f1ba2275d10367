"""Which year of history each year of a life is, and how far its prices lie above and their spread beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from battuta.domain.errors import DataError
from battuta.domain.market_history import ExpectedYear
from battuta.domain.outlook import MarketOutlook
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.numerics.sampling import generator, standard_normal_blocks


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MarketYears:
    """The market years of each life; strategies of one study are compared under the same ones.

    Attributes
    ----------
    number : ndarray of int, shape (n_lives, n_years)
        Number of the year of history.
    level_factor : ndarray, shape (n_lives, n_years)
        On the mean price of that year. [-]
    spread_factor : ndarray, shape (n_lives, n_years)
        On the distance of each price from that mean. [-]
    """

    number: IntArray
    level_factor: FloatArray
    spread_factor: FloatArray

    def scaled(self, factor: float) -> MarketYears:
        """Same years with all prices times a factor."""
        return replace(self, level_factor=factor * self.level_factor, spread_factor=factor * self.spread_factor)

    def spread_by(self, factor: float) -> MarketYears:
        """Same years with prices a factor times as far from their mean."""
        return replace(self, spread_factor=factor * self.spread_factor)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExpectedFactors:
    """What is expected of each year of a study, over history.

    Attributes
    ----------
    level, spread : ndarray, shape (n_years,)
        On the mean price, and on the distance of prices from it. [-]
    """

    level: FloatArray
    spread: FloatArray


def expected_factors(
    market: MarketOutlook, expected: Sequence[ExpectedYear] | None, *, first_year: int, n_years: int
) -> ExpectedFactors:
    """Lay out what is expected of the years, by trends or by somebody's own figures.

    Parameters
    ----------
    market : MarketOutlook
        Trends.
    expected : sequence of ExpectedYear or None
        Own figures in place of them.
    first_year, n_years : int
        Calendar years of the study. [a]

    Returns
    -------
    ExpectedFactors
        A figure for each year.

    Raises
    ------
    DataError
        If the own figures miss a year.

    Examples
    --------
    >>> market = MarketOutlook(
    ...     capacity_price_per_mw_h=0.0, energy_price_per_mwh=50.0, spread_trend_per_year=-0.5, spread_share_min=0.4
    ... )
    >>> expected_factors(market, None, first_year=2027, n_years=3).spread.tolist()
    [1.0, 0.5, 0.4]
    """
    if expected is None:
        past = np.arange(n_years, dtype=np.float64)
        return ExpectedFactors(
            level=(1.0 + market.energy_trend_per_year) ** past,
            spread=np.maximum((1.0 + market.spread_trend_per_year) ** past, market.spread_share_min),
        )
    of_year = {each.year: each for each in expected}
    wanted = range(first_year, first_year + n_years)
    missing = [year for year in wanted if year not in of_year]
    if missing:
        message = (
            f"what is expected of {', '.join(map(str, missing[:5]))} is not said; the study runs from {wanted[0]} to "
            f"{wanted[-1]}, and needs a row for each year"
        )
        raise DataError(message)
    return ExpectedFactors(
        level=np.array([of_year[year].energy_price_factor for year in wanted]),
        spread=np.array([of_year[year].spread_factor for year in wanted]),
    )


def market_years(
    market: MarketOutlook,
    energy_factor: FloatArray,
    factors: ExpectedFactors,
    *,
    n_history: int,
    seed: int,
    first_life: int,
) -> MarketYears:
    """Draw the market years of some lives; a life's years hang on its number alone.

    History is drawn in stretches: after each year comes, with the probability `persistence`, the one that came after it
    in history, the first after the last; else any year, all alike.

    Parameters
    ----------
    market : MarketOutlook
        How unsure level and spread are, and how persistent years are.
    energy_factor : ndarray, shape (n_lives, n_years)
        Price of energy of the same lives around what is expected of it. [-]
    factors : ExpectedFactors
        What is expected.
    n_history : int
        Years of history.
    seed : int
        Seed of the study. [-]
    first_life : int
        Number of the first of the lives.

    Returns
    -------
    MarketYears
        The years.

    References
    ----------
    .. [1] D. N. Politis, J. P. Romano, "The stationary bootstrap", J. Am. Stat. Assoc. 89 (1994).
    """
    n_lives, n_years = energy_factor.shape
    number = np.empty((n_lives, n_years), dtype=np.int64)
    for life in range(n_lives):
        draw = generator(seed, "twin.history", cell=first_life + life).random((n_years, 2))
        anew = np.minimum((draw[:, 1] * n_history).astype(np.int64), n_history - 1)
        number[life, 0] = anew[0]
        for year in range(1, n_years):
            follows = draw[year, 0] < market.persistence
            number[life, year] = (number[life, year - 1] + 1) % n_history if follows else anew[year]
    deviation = market.spread_deviation_share
    unsure = standard_normal_blocks(seed, "twin.spread", first_life, n_lives, 1)
    return MarketYears(
        number=number,
        level_factor=factors.level * energy_factor,
        spread_factor=factors.spread * np.exp(deviation * unsure - 0.5 * deviation**2),
    )


def year_correlation(values: FloatArray) -> float:
    """Correlation of what lives bring in one year with what they bring in the next, the mean of each year taken off.

    Parameters
    ----------
    values : ndarray, shape (n_lives, n_years)
        Margins. [currency]

    Returns
    -------
    float
        Correlation; NaN with one year or one life, or where nothing differs. [-]
    """
    if min(values.shape) < 2:
        return math.nan
    around = values - values.mean(axis=0)
    this, following = around[:, :-1], around[:, 1:]
    size = math.sqrt(float((this**2).sum()) * float((following**2).sum()))
    return float((this * following).sum()) / size if size > 0.0 else math.nan
