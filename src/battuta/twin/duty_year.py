"""A year of powers that a battery is asked for, minute by minute, from a series of powers or of states of charge."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.numerics.arrays import FloatArray
from battuta.twin.regulation import MINUTES_PER_YEAR

POWER_KW_MAX = 1e8
"""No battery is asked for more. [kW]"""
_DAY_S = 86_400.0
_STEP_TOLERANCE = 0.01
"""Share of a step by which one may differ from the others. [-]"""
_ROUNDING = 1e-4
"""Share by which all steps together may miss the one that is meant. [-]"""
_SOC_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DutyYear:
    """What is asked of a battery in a year that repeats.

    Attributes
    ----------
    power_kw : ndarray, shape (525600,)
        Mean power asked of each minute at the interconnection point, discharge positive, from 1 January. [kW]
    sample_s : float
        Distance of the samples that it was made of: what is faster, it does not know. [s]
    soc_start : float
        State of charge as the year begins; NaN where the series says none. [-]
    source : str
        Where it comes from.
    is_synthetic : bool
        Whether the source says that it is made up.
    """

    power_kw: FloatArray
    sample_s: float
    soc_start: float
    source: str
    is_synthetic: bool = False


def year_of_powers(
    time_s: FloatArray, power_kw: FloatArray, source: str, *, power_kw_max: float = POWER_KW_MAX
) -> DutyYear:
    """Minute means of a year of powers; each holds from its time to the next.

    Parameters
    ----------
    time_s : ndarray, shape (n_times,)
        Seconds since a 1 January, 00:00 UTC, evenly spaced over 365 or 366 days. A series that begins later in the
        year goes on in January where it ends; a 366th day is left out. [s]
    power_kw : ndarray, shape (n_times,)
        Powers, discharge positive. [kW]
    source : str
        Names the series in errors.
    power_kw_max : float
        Beyond it a power is taken for one of another unit, and refused. [kW]

    Returns
    -------
    DutyYear
        The year.

    Raises
    ------
    DataError
        If it is no year, has gaps, or a step that neither divides a minute nor is made of minutes.
    InvalidQuantityError
        If a power is beyond the limit.

    Examples
    --------
    >>> quarter_s = 900.0 * np.arange(365 * 96)
    >>> year = year_of_powers(quarter_s, np.where(quarter_s % 86_400 < 3600, 500.0, 0.0), "one hour a day")
    >>> float(year.power_kw.mean()) * 24, year.sample_s
    (500.0, 900.0)
    """
    _refuse_missing(power_kw, "powers", source)
    step_s = _step_of_year_s(time_s, power_kw.size, source)
    worst = int(np.argmax(np.abs(power_kw)))
    if abs(power_kw[worst]) > power_kw_max:
        where = f"{source}, value {worst + 1} (powers in W are to be divided by 1000)"
        raise InvalidQuantityError("power_kw", float(power_kw[worst]), -power_kw_max, power_kw_max, "kW", where=where)
    return DutyYear(
        power_kw=_minutes_from_january(power_kw, step_s, time_s[0], source),
        sample_s=step_s, soc_start=math.nan, source=source,
    )  # fmt: skip


def year_of_soc(
    time_s: FloatArray, soc: FloatArray, source: str, *, energy_kwh: float, efficiency_one_way: float = 0.96
) -> DutyYear:
    """Powers by which a new battery follows a year of states of charge, which change evenly from one to the next.

    The year repeats: in its last step the state of charge goes to the one with which it began.

    Parameters
    ----------
    time_s : ndarray, shape (n_times,)
        As for `year_of_powers`. [s]
    soc : ndarray, shape (n_times,)
        States of charge in [0, 1]. [-]
    source : str
        Names the series in errors.
    energy_kwh, efficiency_one_way : float
        Stored energy of the new battery, and its one-way efficiency; what is lost in fact follows from the
        cells. [kWh], [-]

    Returns
    -------
    DutyYear
        The year.

    Raises
    ------
    DataError
        As `year_of_powers`.
    InvalidQuantityError
        If a state of charge is outside [0, 1], as one in percent is, or the battery cannot be.

    Examples
    --------
    >>> hour_s = 3600.0 * np.arange(365 * 24)
    >>> year = year_of_soc(hour_s, 0.5 + 0.25 * (hour_s % 7200 > 0), "to and fro", energy_kwh=96.0)
    >>> year.power_kw[[0, 60]].tolist()
    [-25.0, 23.04]
    """
    for name, value, high, unit in (
        ("energy_kwh", energy_kwh, 1e12, "kWh"),
        ("efficiency_one_way", efficiency_one_way, 1.0, "-"),
    ):
        if not 0.0 < value <= high:
            raise InvalidQuantityError(name, value, 0.0, high, unit, where=source, above_low=True)
    _refuse_missing(soc, "states of charge", source)
    step_s = _step_of_year_s(time_s, soc.size, source)
    worst = int(np.argmax(np.abs(soc - 0.5)))
    if abs(soc[worst] - 0.5) > 0.5 + _SOC_TOLERANCE:
        where = f"{source}, value {worst + 1} (percent are to be divided by 100)"
        raise InvalidQuantityError("soc", float(soc[worst]), 0.0, 1.0, "-", where=where)
    first, last = _whole_year(time_s[0], step_s, source)
    kept = soc[:last]
    taken_kw = (kept - np.append(kept[1:], kept[0])) * energy_kwh * 3600.0 / step_s
    grid_kw = np.where(taken_kw > 0.0, taken_kw * efficiency_one_way, taken_kw / efficiency_one_way)
    january = -first % MINUTES_PER_YEAR * 60.0
    soc_start = float(np.interp(january, step_s * np.arange(last + 1), np.append(kept, kept[0])))
    return DutyYear(
        power_kw=_minutes_from_january(grid_kw, step_s, time_s[0], source),
        sample_s=step_s, soc_start=soc_start, source=source,
    )  # fmt: skip


def _refuse_missing(values: FloatArray, what: str, source: str) -> None:
    missing = np.flatnonzero(~np.isfinite(values))
    if missing.size:
        message = (
            f"{source}: {missing.size} of {values.size} {what} are missing, the first is value {missing[0] + 1}; a "
            "study fills nothing: mend the series"
        )
        raise DataError(message)


def _step_of_year_s(time_s: FloatArray, n_values: int, source: str) -> float:
    """Distance of the samples, once they are known to make a year without gaps. [s]"""
    if time_s.ndim != 1 or time_s.size != n_values or n_values < 2 or not np.all(np.isfinite(time_s)):
        message = f"{source}: {time_s.size} times and {n_values} values; a study needs one time for each, two at least"
        raise DataError(message)
    steps_s = np.diff(time_s)
    back = np.flatnonzero(steps_s <= 0.0)
    if back.size:
        message = f"{source}: value {back[0] + 2} is no later than the one before; sort by time, and keep one of each"
        raise DataError(message)
    step_s = float(np.median(steps_s))
    uneven = np.flatnonzero(np.abs(steps_s - step_s) > _STEP_TOLERANCE * step_s)
    if uneven.size:
        at = int(uneven[np.argmax(steps_s[uneven])])
        message = (
            f"{source}: {steps_s[at]:g} s pass after value {at + 1} (day {(time_s[at] - time_s[0]) / _DAY_S:.2f}), "
            f"elsewhere {step_s:g} s; {uneven.size} such places: fill the gaps, or bring the series to one step"
        )
        raise DataError(message)
    step_s = _fitting_step_s(float((time_s[-1] - time_s[0]) / (n_values - 1)), source)
    days = n_values * step_s / _DAY_S
    if not 365.0 <= days <= 366.0 + step_s / _DAY_S:
        message = (
            f"{source}: {days:.2f} days from the first value to the end of the last; a study needs a year of 365 or "
            "366 days: complete it with days that are like those that miss, or cut it"
        )
        raise DataError(message)
    return step_s


def _fitting_step_s(step_s: float, source: str) -> float:
    """Step that divides a minute, or is made of minutes and divides a day; times are rounded at times. [s]"""
    minutes = round(step_s / 60.0)
    is_short = step_s < 60.0 * (1.0 - _ROUNDING)
    fitting_s = 60.0 / round(60.0 / step_s) if is_short else 60.0 * minutes
    if abs(step_s / fitting_s - 1.0) > _ROUNDING or (not is_short and 1440 % minutes):
        message = (
            f"{source}: a value every {step_s:g} s; a study needs a step that divides a minute (1 s, 10 s) or is made "
            "of minutes and divides a day (1 min, 10 min, 1 h): bring the series to one"
        )
        raise DataError(message)
    return fitting_s


def _whole_year(begin_s: float, step_s: float, source: str) -> tuple[int, int]:
    """Minute of the year with which a series begins, below 0 before January, and how many samples make 365 days."""
    first = round(begin_s / 60.0)
    if abs(begin_s - 60.0 * first) > _STEP_TOLERANCE * min(step_s, 1.0):
        message = f"{source}: it begins {begin_s % 60.0:g} s after a full minute; begin it with one"
        raise DataError(message)
    return first, round(MINUTES_PER_YEAR * 60.0 / step_s)


def _minutes_from_january(values: FloatArray, step_s: float, begin_s: float, source: str) -> FloatArray:
    first, last = _whole_year(begin_s, step_s, source)
    kept = values[:last]
    whole = np.repeat(kept, round(step_s / 60.0)) if step_s >= 60.0 else kept.reshape(MINUTES_PER_YEAR, -1).mean(axis=1)
    return np.roll(whole, first)
