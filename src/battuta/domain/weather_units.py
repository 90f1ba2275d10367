"""Which unit a column of weather is in, which values can be, and which other unit impossible ones hint at."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import UsageError
from battuta.numerics.arrays import FloatArray

_KELVIN_C_MIN = 180.0
_FAHRENHEIT_C_MAX = 140.0
_WIND_M_PER_S_OFTEN_MAX = 22.0
_AT_HEIGHT = re.compile(r"_\d+m_")
_KILOWATTS_MAX = 1.6
_PERCENT_MAX = 100.0
_DIRECTION = "deg"
_NO_DIRECTION = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherUnit:
    """Unit of a column and the values that weather takes.

    Attributes
    ----------
    suffix : str
        How the name of the column ends.
    unit : str
        Unit as people write it.
    low, high : float
        Lowest and highest value that is believed. [unit]
    meaning : str
        What such a column is.
    """

    suffix: str
    unit: str
    low: float
    high: float
    meaning: str


UNITS: tuple[WeatherUnit, ...] = (
    WeatherUnit(suffix="m_per_s", unit="m/s", low=0.0, high=60.0, meaning="wind speed"),
    WeatherUnit(suffix="w_per_m2", unit="W/m2", low=0.0, high=1500.0, meaning="radiation on level ground"),
    WeatherUnit(suffix="c", unit="degC", low=-60.0, high=60.0, meaning="temperature of the air"),
    WeatherUnit(suffix="cover", unit="-", low=0.0, high=1.0, meaning="share of the sky under cloud"),
    WeatherUnit(suffix="fraction", unit="-", low=0.0, high=1.0, meaning="a share, such as relative humidity"),
    WeatherUnit(suffix="mm", unit="mm", low=0.0, high=500.0, meaning="rain or snow within the interval"),
    WeatherUnit(suffix="hpa", unit="hPa", low=300.0, high=1100.0, meaning="air pressure"),
    WeatherUnit(suffix="deg", unit="deg", low=0.0, high=360.0, meaning="direction the wind comes from"),
)
"""Units that columns of weather may have."""


def weather_unit(name: str) -> WeatherUnit:
    """Return the unit that the name of a column ends in.

    Parameters
    ----------
    name : str
        Such as ``temperature_c``, ``wind_speed_m_per_s``, ``radiation_w_per_m2``, ``cloud_cover``.

    Raises
    ------
    UsageError
        If the name does not end in a unit; the message lists those that are known.

    Examples
    --------
    >>> weather_unit("dew_point_c").unit, weather_unit("cloud_cover").high
    ('degC', 1.0)
    """
    for unit in UNITS:
        if name.endswith(f"_{unit.suffix}"):
            return unit
    ends = ", ".join(f"_{unit.suffix} ({unit.unit})" for unit in UNITS)
    message = f"weather column {name!r} does not say its unit; its name must end in one of {ends}"
    raise UsageError(message)


def mean_of(name: str, values: FloatArray) -> FloatArray:
    """Mean over the first axis: of directions as arrows, so that 350 and 10 degrees make north, not south.

    Parameters
    ----------
    name : str
        Column, which says what its values are.
    values : ndarray, shape (n_parts, n_times)
        Values, NaN where missing. [by name]

    Returns
    -------
    ndarray, shape (n_times,)
        Means, NaN where a part is missing or directions cancel. [by name]

    Examples
    --------
    >>> mean_of("temperature_c", np.array([[10.0], [14.0]]))
    array([12.])
    >>> mean_of("wind_direction_deg", np.array([[350.0], [20.0]])).round(6)
    array([5.])
    """
    if weather_unit(name).suffix != _DIRECTION:
        return np.asarray(values.mean(axis=0), dtype=np.float64)
    angle = np.radians(values)
    east, north = np.sin(angle).mean(axis=0), np.cos(angle).mean(axis=0)
    return np.where(np.hypot(east, north) > _NO_DIRECTION, np.degrees(np.arctan2(east, north)) % 360.0, np.nan)


def suspected_unit(name: str, values: FloatArray, n_per_week: int) -> str:
    """Say which other unit the values of a column seem to be in.

    Single impossible values are not judged here. Wind and radiation need a week of values before their level says
    anything: ten metres above ground no week on land has a tenth of its hours above 22 m/s. Wind at another height
    (``wind_speed_100m_m_per_s``) is not judged, as it can be that strong at sea.

    Parameters
    ----------
    name : str
        Column.
    values : ndarray, shape (n_times,)
        Values, NaN where missing. [by name]
    n_per_week : int
        Values that make a week. [-]

    Returns
    -------
    str
        What is seen and how to mend it, empty where nothing is suspected.

    Examples
    --------
    >>> suspected_unit("temperature_c", np.array([281.2, 290.4]), 168)
    'up to 290.4, which looks like kelvin; subtract 273.15'
    >>> suspected_unit("cloud_cover", np.array([0.0, 75.0]), 168)
    'up to 75, which looks like percent; divide by 100'
    """
    unit = weather_unit(name)
    values = values[np.isfinite(values)]
    if not values.size:
        return ""
    top, often = float(values.max()), _highest_often(values, n_per_week)
    is_above, is_week = top > unit.high, values.size >= n_per_week
    match unit.suffix:
        case "c" if is_above and top > _KELVIN_C_MIN:
            seen, mend = f"up to {top:g}", "kelvin; subtract 273.15"
        case "c" if is_above and top <= _FAHRENHEIT_C_MAX:
            seen, mend = f"up to {top:g}", "degrees Fahrenheit; take 32 off and divide by 1.8"
        case "m_per_s" if is_week and often > _WIND_M_PER_S_OFTEN_MAX and not _AT_HEIGHT.search(name):
            seen, mend = f"{often:.1f} in a tenth of a week's hours", "km/h; divide by 3.6 (knots by 1.944)"
        case "w_per_m2" if is_above:
            seen, mend = f"up to {top:g}", "J/m2 in an hour; divide by 3600"
        case "w_per_m2" if is_week and 0.0 < top < _KILOWATTS_MAX:
            seen, mend = f"never above {top:g}", "kW/m2; multiply by 1000"
        case "cover" | "fraction" if is_above and top <= _PERCENT_MAX:
            seen, mend = f"up to {top:g}", "percent; divide by 100"
        case "hpa" if is_above and top > 10.0 * unit.high:
            seen, mend = f"up to {top:g}", "Pa; divide by 100"
        case _:
            return ""
    return f"{seen}, which looks like {mend}"


def _highest_often(values: FloatArray, n_values: int) -> float:
    """Level that a tenth of a week exceeds, in the strongest week: a unit that changes midway is seen too."""
    n_stretches = values.size // n_values
    if not n_stretches:
        return 0.0
    weeks = values[: n_stretches * n_values].reshape(n_stretches, n_values)
    return float(np.quantile(weeks, 0.9, axis=1).max())
