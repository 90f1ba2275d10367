"""Years of a market that were: the prices a study draws its own years from, and what is expected of later ones."""

from __future__ import annotations

from dataclasses import dataclass

from battuta.domain.errors import InvalidQuantityError, UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketHistory:
    """A file of day-ahead prices of whole calendar years, which are drawn for the years of each life.

    Attributes
    ----------
    path : str or None
        Where it lies, as the study names it; SYNTHETIC years of a market that never was where it is left out.
    synthetic_years : int
        How many synthetic years are made: those before the first of the study. [a]
    source : str
        How it is written, as `battuta backtest` takes it.
    clock, zone, currency, price_column : str or None
        What the file itself does not say, as `battuta backtest` takes it.
    allow : tuple of str
        Findings of the file that are let pass, by name.
    years : tuple of int
        Calendar years that are drawn; what else the file holds, strategies may know as their past. Left out: all years
        of the file, which then have to be whole.
    expected_path : str or None
        File of the level and the spread of prices that are expected of each year of the study, in place of the trends.
    """

    path: str | None = None
    synthetic_years: int = 4
    source: str = "canonical"
    clock: str | None = None
    zone: str | None = None
    currency: str | None = None
    price_column: str | None = None
    allow: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    expected_path: str | None = None

    def __post_init__(self) -> None:
        """Refuse years that are named twice or out of order, and what belongs to a file where there is none."""
        if not 1 <= self.synthetic_years <= 40:
            raise InvalidQuantityError("synthetic_years", self.synthetic_years, 1, 40, "a", where="[market.history]")
        if self.path is None and (self.years or self.allow or self.source != "canonical" or any(self._stated)):
            message = "[market.history] names no path, and says of a file how it is written; write its path"
            raise UsageError(message)
        if any(later <= earlier for earlier, later in zip(self.years[:-1], self.years[1:], strict=True)):
            message = f"[market.history] years = {list(self.years)} must ascend, each named once"
            raise UsageError(message)

    @property
    def _stated(self) -> tuple[str | None, ...]:
        return (self.clock, self.zone, self.currency, self.price_column)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedYear:
    """What somebody expects of the prices of one year, over those of history.

    Attributes
    ----------
    year : int
        Calendar year.
    energy_price_factor : float
        On the mean price. [-]
    spread_factor : float
        On the distance of each price from the mean. [-]
    """

    year: int
    energy_price_factor: float
    spread_factor: float
