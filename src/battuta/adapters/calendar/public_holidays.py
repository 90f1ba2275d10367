"""Public holidays of a country or a part of it, by its code or by the zone of its clocks, from the package `holidays`.

Days that hold in the whole country, or in the named part. Days that were proclaimed days before they came, as for a
state funeral, are among them as if they had always been known.
"""

from __future__ import annotations

from importlib import resources

import holidays

from battuta.domain.errors import UsageError
from battuta.domain.holidays import PublicHolidays


def public_holidays(place: str, first_year: int, last_year: int) -> PublicHolidays:
    """Look up the public holidays of a place.

    Parameters
    ----------
    place : str
        ISO 3166-1 code of a country, such as ``DE``, or that of a part of it, such as ``DE-BY``.
    first_year, last_year : int
        Years, both included.

    Returns
    -------
    PublicHolidays
        The days.

    Raises
    ------
    UsageError
        If nothing is known of the place.

    Examples
    --------
    >>> len(public_holidays("DE-BY", 2026, 2026).days)
    12
    """
    country, _, part = place.upper().partition("-")
    years = range(first_year, last_year + 1)
    try:
        found = holidays.country_holidays(country, subdiv=part or None, years=years)
    except NotImplementedError:
        message = f"no public holidays are known of {place!r}; {_known(country)}"
        raise UsageError(message) from None
    return PublicHolidays(place=place.upper(), first_year=first_year, last_year=last_year, days=frozenset(found))


def country_of_zone(zone: str) -> str | None:
    """Return the country in which a zone's city lies, by the table that comes with the zones themselves.

    Parameters
    ----------
    zone : str
        IANA zone.

    Returns
    -------
    str or None
        ISO 3166-1 code; None for zones that belong to no country, such as ``UTC`` and ``CET``, and for countries
        whose holidays are not known.

    Examples
    --------
    >>> country_of_zone("Europe/Berlin"), country_of_zone("UTC")
    ('DE', None)
    """
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    country = next((row[0] for row in rows if row[2] == zone), None)
    return country if country in holidays.list_supported_countries() else None


def _known(country: str) -> str:
    """What can be named instead of a place that nothing is known of."""
    parts = holidays.list_supported_countries().get(country)
    if parts:
        return f"{country} is known, and of its parts {', '.join(parts)}"
    if parts is not None:
        return f"{country} is known without parts"
    return "name a country by its ISO 3166 code, such as DE, or a part of one, such as DE-BY"
