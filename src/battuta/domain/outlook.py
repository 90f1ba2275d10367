"""What the years may bring: prices and availability, and how unsure both are."""

from __future__ import annotations

from dataclasses import dataclass

from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.domain.failures import FailureClass, refuse_twice
from battuta.domain.market_history import MarketHistory


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
    level_deviation_share : float
        Standard deviation of the logarithm of a factor on all years of a life: how unsure the level itself is. [-]
    history : MarketHistory or None
        Years of prices within the day, from which those of trading are drawn; None where nothing is traded.
    spread_trend_per_year : float
        Change of the distance of prices from their mean a year: below 0 as more batteries are built. [-]
    spread_share_min : float
        Share of the spread of history to which a falling trend leads at most. [-]
    spread_deviation_share : float
        Standard deviation of the logarithm of a factor on the spread of all years of a life: how unsure it is, beyond
        what history's own years differ. [-]
    """

    capacity_price_per_mw_h: float
    energy_price_per_mwh: float
    capacity_trend_per_year: float = 0.0
    energy_trend_per_year: float = 0.0
    deviation_share: float = 0.2
    persistence: float = 0.6
    level_deviation_share: float = 0.15
    history: MarketHistory | None = None
    spread_trend_per_year: float = 0.0
    spread_share_min: float = 0.0
    spread_deviation_share: float = 0.15

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        for name, value, low, high, unit in (
            ("capacity_price_per_mw_h", self.capacity_price_per_mw_h, 0.0, 1e5, "currency/(MW h)"),
            ("energy_price_per_mwh", self.energy_price_per_mwh, -1e4, 1e5, "currency/MWh"),
            ("capacity_trend_per_year", self.capacity_trend_per_year, -0.5, 0.5, "-"),
            ("energy_trend_per_year", self.energy_trend_per_year, -0.5, 0.5, "-"),
            ("deviation_share", self.deviation_share, 0.0, 2.0, "-"),
            ("persistence", self.persistence, 0.0, 0.99, "-"),
            ("level_deviation_share", self.level_deviation_share, 0.0, 2.0, "-"),
            ("spread_trend_per_year", self.spread_trend_per_year, -0.5, 0.5, "-"),
            ("spread_share_min", self.spread_share_min, 0.0, 1.0, "-"),
            ("spread_deviation_share", self.spread_deviation_share, 0.0, 2.0, "-"),
        ):
            if not low <= value <= high:
                raise InvalidQuantityError(name, value, low, high, unit, where="[market]")
        is_expected = self.history is not None and self.history.expected_path is not None
        if is_expected and (self.energy_trend_per_year or self.spread_trend_per_year):
            message = (
                "[market.history] expected_path says what each year brings, and so do energy_trend_per_year and "
                "spread_trend_per_year; leave the trends at 0, or the file out"
            )
            raise UsageError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """How much of the time the battery is there.

    Attributes
    ----------
    mean, deviation : float
        Mean and standard deviation of a year's availability; where classes of failure are named, of what is planned
        and small besides them. [-]
    failure : tuple of FailureClass
        Classes of failure, drawn event by event.
    """

    mean: float = 0.97
    deviation: float = 0.01
    failure: tuple[FailureClass, ...] = ()

    def __post_init__(self) -> None:
        """Refuse shares that are none."""
        if not 0.01 <= self.mean <= 1.0:
            raise InvalidQuantityError("mean", self.mean, 0.01, 1.0, "-", where="[availability]")
        if not 0.0 <= self.deviation <= 0.3:
            raise InvalidQuantityError("deviation", self.deviation, 0.0, 0.3, "-", where="[availability]")
        refuse_twice([each.name for each in self.failure], "[[availability.failure]]")
