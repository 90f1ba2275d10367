"""Public holidays of a market: days that are known beforehand to be unlike the other days of their week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from battuta.domain.errors import DataError


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicHolidays:
    """Public holidays of one place.

    Attributes
    ----------
    place : str
        Whose they are, as reports say it: an ISO 3166 code such as ``DE`` or ``DE-BY``, or words.
    first_year, last_year : int
        Years for which they are complete.
    days : frozenset of date
        The days.
    """

    place: str
    first_year: int
    last_year: int
    days: frozenset[date]

    def __post_init__(self) -> None:
        """Check that no day lies outside of the years."""
        outside = sorted(day for day in self.days if not self.first_year <= day.year <= self.last_year)
        if outside:
            message = f"holiday {outside[0]} of {self.place} lies outside of {self.first_year} to {self.last_year}"
            raise DataError(message)
