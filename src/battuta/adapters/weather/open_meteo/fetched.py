"""Weather that came from Open-Meteo, with whom to thank and what the service was asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from battuta.domain.weather import WeatherForecast


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedWeather:
    """Weather and its provenance.

    Attributes
    ----------
    forecast : WeatherForecast
        The weather; its `attribution` is to be shown wherever the weather is shown.
    addresses : tuple of str
        What was asked.
    sha256 : tuple of str
        Hash of each answer.
    fetched_at : datetime
        When the youngest answer came from the service.
    from_cache : bool
        True when no answer had to be fetched now.
    warnings : tuple of str
        What is missing.
    """

    forecast: WeatherForecast
    addresses: tuple[str, ...]
    sha256: tuple[str, ...]
    fetched_at: datetime
    from_cache: bool
    warnings: tuple[str, ...] = ()
