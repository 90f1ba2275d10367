"""A stand-in for Open-Meteo that speaks its documented format, for tests to serve on the loopback."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from http import HTTPStatus

from battuta.adapters.weather.open_meteo.variables import VARIABLES

_KNOWN = {variable.name: variable for variable in VARIABLES}
_BEFORE = "_previous_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeReply:
    """An answer to a request.

    Attributes
    ----------
    body : bytes
        What is sent.
    content_type : str
        What it is called.
    status : int
        HTTP status.
    headers : mapping of str to str
        Further headers.
    """

    body: bytes
    content_type: str = "application/json; charset=utf-8"
    status: int = HTTPStatus.OK
    headers: dict[str, str] = field(default_factory=dict[str, str])


def example_value(name: str, unix_s: int) -> float | None:
    """Invent a value that tells its variable, its hour and how many days before it was forecast."""
    plain, _, days = name.partition(_BEFORE)
    hour = unix_s // 3600 % 24
    base = {
        "temperature_2m": 10.0 + hour / 10.0,
        "wind_speed_10m": 3.0 + hour / 10.0,
        "wind_speed_100m": 6.0 + hour / 10.0,
        "shortwave_radiation": 30.0 * max(0, 6 - abs(hour - 12)),
        "cloud_cover": 40.0 + hour,
        "relative_humidity_2m": 60.0,
    }[plain]
    return round(base + int(days or 0), 2)


@dataclass(kw_only=True)
class FakeOpenMeteo:
    """What the stand-in knows and how it misbehaves.

    Attributes
    ----------
    value : callable
        Value of a variable at an instant in unix seconds, None for null.
    unit : mapping of str to str
        Units stated in place of the right ones, by variable.
    last_day : date
        Last day that there is.
    hidden : set of int
        Hours left out, in unix seconds.
    left_out : set of str
        Variables left out of the answer.
    offset_s : int
        Offset stated. [s]
    limit : str
        Reason of a 429 that every request gets, empty for none.
    """

    value: Callable[[str, int], float | None] = example_value
    unit: dict[str, str] = field(default_factory=dict[str, str])
    last_day: date = date(2100, 1, 1)
    hidden: set[int] = field(default_factory=set[int])
    left_out: set[str] = field(default_factory=set[str])
    offset_s: int = 0
    limit: str = ""

    def reply(self, path: str, query: dict[str, str]) -> FakeReply:
        """Answer ``/v1/forecast?latitude=...&hourly=...&start_date=...``, UTC days, both included."""
        if path != "/v1/forecast":
            return _refusal(HTTPStatus.NOT_FOUND, "Not Found")
        if self.limit:
            return _refusal(HTTPStatus.TOO_MANY_REQUESTS, self.limit)
        names = query.get("hourly", "").split(",")
        unknown = [name for name in names if name.partition(_BEFORE)[0] not in _KNOWN]
        if unknown:
            words = f"Cannot initialize WeatherVariable from invalid String value {unknown[0]} for key hourly"
            return _refusal(HTTPStatus.BAD_REQUEST, words)
        try:
            place = {name: float(query[name]) for name in ("latitude", "longitude")}
            first, last = (date.fromisoformat(query[name]) for name in ("start_date", "end_date"))
        except (KeyError, ValueError):
            return _refusal(HTTPStatus.BAD_REQUEST, "Invalid parameters")
        if last > self.last_day:
            words = f"Parameter 'end_date' is out of allowed range from 2016-01-01 to {self.last_day}"
            return _refusal(HTTPStatus.BAD_REQUEST, words)
        start_s = int(datetime.combine(first, time(0), tzinfo=UTC).timestamp())
        n_hours = 24 * ((last - first) // timedelta(days=1) + 1)
        hours = [each for each in range(start_s, start_s + 3600 * n_hours, 3600) if each not in self.hidden]
        shown = [name for name in names if name not in self.left_out]
        answer = {
            **{name: round(value * 8.0) / 8.0 for name, value in place.items()},
            "generationtime_ms": 0.1,
            "utc_offset_seconds": self.offset_s,
            "timezone": "GMT",
            "timezone_abbreviation": "GMT",
            "elevation": 38.0,
            "hourly_units": {"time": "unixtime", **{name: self._unit(name, query) for name in shown}},
            "hourly": {"time": hours, **{name: [self.value(name, hour) for hour in hours] for name in shown}},
        }
        return FakeReply(body=json.dumps(answer).encode())

    def _unit(self, name: str, query: dict[str, str]) -> str:
        plain = name.partition(_BEFORE)[0]
        if plain in self.unit:
            return self.unit[plain]
        if plain.startswith("wind_speed") and query.get("wind_speed_unit") != "ms":
            return "km/h"
        return _KNOWN[plain].unit


def _refusal(status: HTTPStatus, reason: str) -> FakeReply:
    return FakeReply(body=json.dumps({"error": True, "reason": reason}).encode(), status=status)
