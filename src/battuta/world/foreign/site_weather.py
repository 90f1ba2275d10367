"""Weather of a site through its days: seasons, days and nights, wet spells that last, damp mornings."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.numerics.sampling import generator
from battuta.world.foreign.climate import WARMEST_DAY, WARMEST_HOUR

_WET_TO_DRY, _DRY_TO_WET = 0.28, 0.12
"""Chance of a day that the weather turns. [-]"""
_WEATHER_MEMORY = 0.75


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SiteWeather:
    """Air outside, each shape (n_times,).

    Attributes
    ----------
    ambient_c : ndarray
        Temperature. [degC]
    humidity : ndarray
        Relative humidity. [-]
    """

    ambient_c: FloatArray
    humidity: FloatArray


def vapour_kpa(temperature_c: FloatArray) -> FloatArray:
    """Pressure of water vapour in saturated air (Tetens). [kPa]

    Parameters
    ----------
    temperature_c : ndarray
        Temperature. [degC]

    Returns
    -------
    ndarray
        Of the same shape. [kPa]

    References
    ----------
    .. [1] O. Tetens, Zeitschrift fuer Geophysik 6 (1930) 297.

    Examples
    --------
    >>> round(float(vapour_kpa(np.array(20.0))), 2)
    2.34
    """
    return np.asarray(0.61078 * np.exp(17.27 * temperature_c / (temperature_c + 237.3)))


def site_weather(seed: int, n_days: int, n_per_day: int) -> SiteWeather:
    """Draw the weather of a site from the first of January on.

    Parameters
    ----------
    seed : int
        Seed of the site.
    n_days, n_per_day : int
        Days, and rows of a day. [-]

    Returns
    -------
    SiteWeather
        Temperature and humidity of the air outside.
    """
    rng = generator(seed, "world.foreign.site.weather")
    day = np.arange(n_days)
    mean_c, season_c, swing_c = rng.uniform(7.0, 18.0), rng.uniform(6.0, 12.0), rng.uniform(2.5, 6.0)
    wet, synoptic = np.zeros(n_days + 1), np.zeros(n_days + 1)
    turns, shocks = rng.random(n_days), rng.normal(0.0, 2.2, n_days)
    for each in range(n_days):
        chance = 1.0 - _WET_TO_DRY if wet[each] else _DRY_TO_WET
        wet[each + 1] = float(turns[each] < chance)
        synoptic[each + 1] = _WEATHER_MEMORY * synoptic[each] + shocks[each]
    part = np.arange(n_days * n_per_day) / n_per_day
    spell = np.interp(part, day + 0.5, wet[1:])
    front_c = np.interp(part, day + 0.5, synoptic[1:])
    hour = np.cos(2.0 * math.pi * (24.0 * (part % 1.0) - WARMEST_HOUR) / 24.0)
    swing = swing_c * (1.0 - 0.6 * spell) * hour
    ambient = mean_c + season_c * np.cos(2.0 * math.pi * (part - WARMEST_DAY) / 365.25) + front_c + swing
    noise = np.repeat(rng.normal(0.0, 0.04, n_days), n_per_day)
    humidity = rng.uniform(0.6, 0.72) - 0.03 * swing + 0.18 * spell + noise
    return SiteWeather(ambient_c=ambient, humidity=np.clip(humidity, 0.15, 1.0))
