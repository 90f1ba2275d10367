"""Outdoor temperature of a string: season, day and the weather of some days."""

from __future__ import annotations

import math

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.world.foreign.string_draws import StringCharacter
from battuta.world.sensors_kernels import normal_noise

WARMEST_DAY, WARMEST_HOUR = 201.0, 15.0
"""Day of the year and hour of the day that are warmest, north of the equator."""
WEATHER_DAYS = 4
"""The weather of a day is the mean of this many draws, so that it has a memory without a state."""


def _weather(key: np.uint64, day: int) -> tuple[float, float]:
    """Weather of a day and of the next one, each of mean 0 and variance 1. [-]"""
    draws = np.empty((WEATHER_DAYS + 1, 1))
    normal_noise(key, day - WEATHER_DAYS + 1, 0, draws)
    scale = 1.0 / math.sqrt(WEATHER_DAYS)
    return scale * float(np.sum(draws[:-1])), scale * float(np.sum(draws[1:]))


def outdoor_c(character: StringCharacter, key: np.uint64, day: int, day_of_year: float, n_thermal: int) -> FloatArray:
    """Outdoor temperature through a day.

    Parameters
    ----------
    character : StringCharacter
        The string with its climate.
    key : uint64
        Address of the weather, from `battuta.world.sensors.noise_key`.
    day : int
        Day since the start of the fleet. [-]
    day_of_year : float
        Day of the year, which sets the season. [d]
    n_thermal : int
        Values in the day. [-]

    Returns
    -------
    ndarray, shape (n_thermal,)
        Temperature. [degC]
    """
    part = np.arange(n_thermal) / n_thermal
    today, tomorrow = _weather(key, day)
    season = math.cos(2.0 * math.pi * (day_of_year - WARMEST_DAY) / 365.25)
    hour = np.cos(2.0 * np.pi * (24.0 * part - WARMEST_HOUR) / 24.0)
    weather = today + part * (tomorrow - today)
    return (
        character.outdoor_c_mean
        + character.outdoor_c_season * season
        + character.outdoor_c_day * hour
        + character.outdoor_c_weather * weather
    )
