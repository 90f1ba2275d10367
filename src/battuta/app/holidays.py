"""Public holidays beside prices: those of the country in whose zone a market lives, or of a place that is named."""

from __future__ import annotations

from dataclasses import replace

from battuta.domain.prices import PriceSeries

OF_ZONE, NONE = "zone", "none"


def with_holidays(prices: PriceSeries, place: str) -> PriceSeries:
    """Return the same prices with the public holidays of a place, from their first year to the one after their last.

    Parameters
    ----------
    prices : PriceSeries
        The series.
    place : str
        ``zone`` for the country of the prices' zone, where it has one; ``none`` for no holidays; or an ISO 3166 code,
        such as ``DE`` or ``DE-BY``.

    Returns
    -------
    PriceSeries
        The series.

    Raises
    ------
    UsageError
        If nothing is known of the place.
    """
    if place == NONE:
        return replace(prices, holidays=None)
    from battuta.adapters.calendar.public_holidays import (  # noqa: PLC0415  the calendars of all countries load slowly
        country_of_zone,
        public_holidays,
    )

    named = country_of_zone(prices.zone) if place == OF_ZONE else place
    if named is None:
        return replace(prices, holidays=None)
    dates = prices.days().dates
    return replace(prices, holidays=public_holidays(named, dates[0].year, dates[-1].year + 1))
