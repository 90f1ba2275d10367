"""From the answer of Open-Meteo to hours of weather: what it must hold, and what each deviation is called."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn, cast

import numpy as np

from battuta.adapters.weather.open_meteo.variables import Variable
from battuta.domain.errors import DataError, SourceUnavailableError
from battuta.domain.time import NS_PER_HOUR, NS_PER_S, from_ns
from battuta.numerics.arrays import FloatArray, IntArray

SOURCE = "open_meteo"
_KEYS = ("latitude", "longitude", "utc_offset_seconds", "hourly_units", "hourly")
_UNIX_SECONDS_MAX = 2**40
_VALUE_MAX = 1e9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HourlyAnswer:
    """What an answer says about the hours that were asked for.

    Attributes
    ----------
    time_ns : ndarray, shape (n_times,)
        Starts of the hours. [ns]
    columns : mapping of str to ndarray, shape (n_times,)
        Values by our names; NaN where the service said null. [by name]
    latitude_deg, longitude_deg : float
        Centre of the model's grid cell, which is not quite what was asked for. [deg]
    n_null : mapping of str to int
        Nulls by our names, where there are any.
    """

    time_ns: IntArray
    columns: Mapping[str, FloatArray]
    latitude_deg: float
    longitude_deg: float
    n_null: Mapping[str, int]


def asked_name(variable: Variable, days_before: int) -> str:
    """Name a variable as it was forecast some days before.

    Examples
    --------
    >>> from battuta.adapters.weather.open_meteo.variables import variable_of
    >>> asked_name(variable_of("temperature_c"), 2), asked_name(variable_of("temperature_c"), 0)
    ('temperature_2m_previous_day2', 'temperature_2m')
    """
    return f"{variable.name}_previous_day{days_before}" if days_before else variable.name


def read_hourly(
    body: bytes, variables: Sequence[Variable], start_ns: int, end_ns: int, *, days_before: int = 0
) -> HourlyAnswer:
    """Read the hourly part of an answer.

    Parameters
    ----------
    body : bytes
        The answer.
    variables : sequence of Variable
        What was asked for.
    start_ns, end_ns : int
        Hours that were asked for; one more hour must be in the answer, as a mean of the hour before belongs to the
        last. [ns]
    days_before : int
        Read the values that were forecast so many days before.

    Returns
    -------
    HourlyAnswer
        The hours of the range.

    Raises
    ------
    SourceUnavailableError
        If the answer is not in the documented format.
    DataError
        If a unit is another, hours are missing, or a variable has no value at all.
    """
    answer = _fields(body)
    if answer["utc_offset_seconds"] != 0:
        _refuse(f"utc_offset_seconds is {answer['utc_offset_seconds']!r}, though UTC was asked for")
    hourly, units = _object(answer, "hourly"), _object(answer, "hourly_units")
    if units.get("time") != "unixtime":
        _refuse(f"times are in {units.get('time')!r}, though unixtime was asked for")
    time_ns = _whole_numbers(hourly.get("time")) * NS_PER_S
    _require_hours(time_ns, start_ns, end_ns)
    first = int(np.searchsorted(time_ns, start_ns))
    n_hours = (end_ns - start_ns) // NS_PER_HOUR
    columns: dict[str, FloatArray] = {}
    for variable in variables:
        name = asked_name(variable, days_before)
        values = _values(hourly, units, name, variable, time_ns.size)
        begin = first + int(variable.is_of_hour_before)
        columns[variable.column] = values[begin : begin + n_hours]
        if np.isnan(columns[variable.column]).all():
            message = (
                f"{SOURCE}: {name} is null for every hour from {from_ns(start_ns):%Y-%m-%d}; its model does not reach "
                "this place or these days: ask for later days, another place, or leave the variable out"
            )
            raise DataError(message)
    n_null = {name: int(np.isnan(values).sum()) for name, values in columns.items() if np.isnan(values).any()}
    return HourlyAnswer(
        time_ns=time_ns[first : first + n_hours],
        columns=columns,
        latitude_deg=_number(answer, "latitude"),
        longitude_deg=_number(answer, "longitude"),
        n_null=n_null,
    )


def reason_of_refusal(body: bytes) -> str:
    """Find the reason in the body of an error, `{"error": true, "reason": ...}` by its documentation."""
    try:
        answer: object = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    reason = cast("Mapping[str, object]", answer).get("reason") if isinstance(answer, dict) else None
    return " ".join(reason.split())[:200] if isinstance(reason, str) else ""


def _refuse(what: str) -> NoReturn:
    message = f"{SOURCE} did not answer in its documented format: {what}"
    raise SourceUnavailableError(message)


def _fields(body: bytes) -> Mapping[str, object]:
    if body.lstrip()[:1] == b"<":
        _refuse("a web page instead of JSON, as during maintenance; try again later")
    try:
        answer: object = json.loads(body, parse_constant=lambda name: _refuse(f"{name} is no number of JSON"))
    except SourceUnavailableError:
        raise
    except (ValueError, RecursionError):
        _refuse(f"the JSON is cut off or damaged ({len(body)} bytes)")
    if not isinstance(answer, dict):
        _refuse("the JSON is not an object, as it is for one place")
    fields = cast("Mapping[str, object]", answer)
    if fields.get("error") is True:
        _refuse(f"an error within a good answer: {reason_of_refusal(body) or 'no reason given'}")
    lacking = [key for key in _KEYS if key not in fields]
    if lacking:
        _refuse(f"it lacks {', '.join(lacking)}")
    return fields


def _object(fields: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = fields[key]
    if not isinstance(value, dict):
        _refuse(f"{key} is not an object")
    return cast("Mapping[str, object]", value)


def _number(fields: Mapping[str, object], key: str) -> float:
    value = fields[key]
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) < _VALUE_MAX:
        _refuse(f"{key} is {value!r:.40}, no number")
    return float(value)


def _require_hours(time_ns: IntArray, start_ns: int, end_ns: int) -> None:
    uneven = np.flatnonzero(np.diff(time_ns) != NS_PER_HOUR)
    if uneven.size:
        message = f"{SOURCE}: the hour after {_stamp(int(time_ns[uneven[0]]))} is missing or out of order"
        raise DataError(message)
    if not time_ns.size or time_ns[0] > start_ns or time_ns[-1] < end_ns:
        said = f"{_stamp(int(time_ns[0]))} to {_stamp(int(time_ns[-1]))}" if time_ns.size else "no hour"
        message = f"{SOURCE} answered {said}, not {_stamp(start_ns)} to {_stamp(end_ns)}; ask for days that it has"
        raise DataError(message)


def _values(
    hourly: Mapping[str, object], units: Mapping[str, object], name: str, variable: Variable, n_times: int
) -> FloatArray:
    if name not in hourly:
        _refuse(f"hourly lacks {name}; it has {', '.join(hourly)}")
    if units.get(name) != variable.unit:
        message = f"{SOURCE}: {name} is in {units.get(name)!r}, not in {variable.unit} as asked for"
        raise DataError(message)
    values = hourly[name]
    if not isinstance(values, list):
        _refuse(f"{name} is not a list")
    cells = cast("list[object]", values)
    if len(cells) != n_times:
        _refuse(f"{n_times} times but {len(cells)} values of {name}")
    numbers = np.empty(n_times)
    for index, value in enumerate(cells):
        if value is None:
            numbers[index] = np.nan
        elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _VALUE_MAX:
            numbers[index] = float(value)
        else:
            _refuse(f"{value!r:.40} is no value of {name}")
    return numbers * variable.factor


def _whole_numbers(values: object) -> IntArray:
    if not isinstance(values, list):
        _refuse("hourly.time is not a list")
    numbers = cast("list[object]", values)
    for value in numbers:
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _UNIX_SECONDS_MAX:
            _refuse(f"{value!r:.40} is no time in unix seconds")
    return np.array(numbers, dtype=np.int64)


def _stamp(at_ns: int) -> str:
    return f"{from_ns(at_ns):%Y-%m-%dT%H:%MZ}"
