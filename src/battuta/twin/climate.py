"""The temperature around a battery, minute by minute of a year."""

from __future__ import annotations

import numpy as np

from battuta.domain.errors import DataError
from battuta.domain.studied_battery import SteadyClimate
from battuta.numerics.arrays import FloatArray
from battuta.twin.regulation import MINUTES_PER_YEAR

_COLDEST_DAY, _WARMEST_HOUR = 20, 15
_TEMPERATURE_C_MIN, _TEMPERATURE_C_MAX = -60.0, 60.0


def steady_year_c(climate: SteadyClimate) -> FloatArray:
    """Temperature of each minute by three figures: coldest on 20 January, warmest at 15 o'clock.

    Returns
    -------
    ndarray, shape (525600,)
        SYNTHETIC ambient temperature. [degC]

    Examples
    --------
    >>> year_c = steady_year_c(SteadyClimate(mean_c=10.0, yearly_swing_k=9.0, daily_swing_k=4.0))
    >>> round(float(year_c.mean()), 6), round(float(year_c.max()), 1)
    (10.0, 23.0)
    """
    day = np.arange(MINUTES_PER_YEAR) / 1440.0
    yearly = -climate.yearly_swing_k * np.cos(2.0 * np.pi * (day - _COLDEST_DAY) / 365.0)
    return climate.mean_c + yearly + climate.daily_swing_k * np.cos(2.0 * np.pi * (day - _WARMEST_HOUR / 24.0))


def year_of_samples_c(time_s: FloatArray, temperature_c: FloatArray, source: str) -> FloatArray:
    """Temperature of each minute of a year from coarser samples, by straight lines between them.

    Parameters
    ----------
    time_s : ndarray, shape (n_times,)
        Seconds since the year began, ascending, about a year. [s]
    temperature_c : ndarray, shape (n_times,)
        Ambient temperature, finite. [degC]
    source : str
        Names it in errors.

    Returns
    -------
    ndarray, shape (525600,)
        Temperature. [degC]

    Raises
    ------
    DataError
        If it is no year, has gaps of more than three hours, or temperatures that no place on earth has.
    """
    missing = int(np.count_nonzero(~np.isfinite(temperature_c)))
    if missing:
        message = f"{source}: {missing} of {temperature_c.size} temperatures are missing; a study needs all of a year"
        raise DataError(message)
    steps_s = np.diff(time_s)
    if time_s.size < 2 or np.any(steps_s <= 0.0):
        message = f"{source}: times must ascend, and there must be at least two"
        raise DataError(message)
    if steps_s.max() > 3 * 3600.0:
        worst = int(np.argmax(steps_s))
        message = f"{source}: {steps_s[worst] / 3600.0:.1f} h without a temperature after row {worst + 1}; at most 3 h"
        raise DataError(message)
    length_days = (time_s[-1] - time_s[0] + float(np.median(steps_s))) / 86_400.0
    if not 364.5 <= length_days <= 366.5:
        message = f"{source}: {length_days:.1f} days of temperatures; a study needs one year, 365 or 366 days"
        raise DataError(message)
    if temperature_c.min() < _TEMPERATURE_C_MIN or temperature_c.max() > _TEMPERATURE_C_MAX:
        message = (
            f"{source}: temperatures from {temperature_c.min():g} to {temperature_c.max():g}; they must lie in "
            f"[{_TEMPERATURE_C_MIN:g}, {_TEMPERATURE_C_MAX:g}] degC (are they in another unit?)"
        )
        raise DataError(message)
    return np.interp(60.0 * np.arange(MINUTES_PER_YEAR), time_s - time_s[0], temperature_c)
