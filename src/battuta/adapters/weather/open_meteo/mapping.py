"""From the answer of Open-Meteo to hours of weather: what it must hold, and what each deviation is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from battuta.adapters.weather.open_meteo.variables import Variable
from battuta.domain.errors import DataError
from battuta.domain.json_answer import JsonAnswer, reason_in
from battuta.domain.time import NS_PER_HOUR, from_ns
from battuta.numerics.arrays import FloatArray, IntArray

SOURCE = "open_meteo"
_KEYS = ("latitude", "longitude", "utc_offset_seconds", "hourly_units", "hourly")
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
    answer = _answer(body)
    if answer.fields["utc_offset_seconds"] != 0:
        answer.refuse(f"utc_offset_seconds is {answer.fields['utc_offset_seconds']!r}, though UTC was asked for")
    hourly, units = answer.within("hourly"), answer.within("hourly_units")
    if units.get("time") != "unixtime":
        answer.refuse(f"times are in {units.get('time')!r}, though unixtime was asked for")
    time_ns = answer.times_ns(hourly.get("time"), "hourly.time")
    _require_hours(time_ns, start_ns, end_ns)
    first = int(np.searchsorted(time_ns, start_ns))
    n_hours = (end_ns - start_ns) // NS_PER_HOUR
    columns: dict[str, FloatArray] = {}
    for variable in variables:
        name = asked_name(variable, days_before)
        values = _values(answer, name, variable, time_ns.size)
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
        latitude_deg=answer.number(answer.fields["latitude"], "latitude", _VALUE_MAX),
        longitude_deg=answer.number(answer.fields["longitude"], "longitude", _VALUE_MAX),
        n_null=n_null,
    )


def reason_of_refusal(body: bytes) -> str:
    """Find the reason in the body of an error, `{"error": true, "reason": ...}` by its documentation."""
    return reason_in(body, "reason")


def _answer(body: bytes) -> JsonAnswer:
    answer = JsonAnswer.read(SOURCE, body)
    if answer.fields.get("error") is True:
        answer.refuse(f"an error within a good answer: {reason_of_refusal(body) or 'no reason given'}")
    answer.require(_KEYS)
    return answer


def _require_hours(time_ns: IntArray, start_ns: int, end_ns: int) -> None:
    uneven = np.flatnonzero(np.diff(time_ns) != NS_PER_HOUR)
    if uneven.size:
        message = f"{SOURCE}: the hour after {_stamp(int(time_ns[uneven[0]]))} is missing or out of order"
        raise DataError(message)
    if not time_ns.size or time_ns[0] > start_ns or time_ns[-1] < end_ns:
        said = f"{_stamp(int(time_ns[0]))} to {_stamp(int(time_ns[-1]))}" if time_ns.size else "no hour"
        message = f"{SOURCE} answered {said}, not {_stamp(start_ns)} to {_stamp(end_ns)}; ask for days that it has"
        raise DataError(message)


def _values(answer: JsonAnswer, name: str, variable: Variable, n_times: int) -> FloatArray:
    hourly, units = answer.within("hourly"), answer.within("hourly_units")
    if name not in hourly:
        answer.refuse(f"hourly lacks {name}; it has {', '.join(hourly)}")
    if units.get(name) != variable.unit:
        message = f"{SOURCE}: {name} is in {units.get(name)!r}, not in {variable.unit} as asked for"
        raise DataError(message)
    values = answer.numbers(hourly[name], name, _VALUE_MAX)
    if values.size != n_times:
        answer.refuse(f"{n_times} times but {values.size} values of {name}")
    return values * variable.factor


def _stamp(at_ns: int) -> str:
    return f"{from_ns(at_ns):%Y-%m-%dT%H:%MZ}"
