"""Ask Open-Meteo for the weather to come, or for the weather as it was forecast on days gone by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol, TypeVar

import numpy as np

from battuta.adapters.weather.open_meteo.fetched import FetchedWeather
from battuta.adapters.weather.open_meteo.mapping import HourlyAnswer, asked_name, read_hourly, reason_of_refusal
from battuta.adapters.weather.open_meteo.variables import USUAL, Variable, variable_of
from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.domain.time import duration_ns, to_ns
from battuta.domain.weather import Place, WeatherForecast
from battuta.numerics.arrays import IntArray

T = TypeVar("T")

ATTRIBUTION = "Weather data by Open-Meteo.com (CC BY 4.0)"
PUBLICATION_DELAY = timedelta(hours=8)
"""Longest time from the start of a model run to its publication that is reckoned with."""
FORECAST_DAYS_MAX = 15
PREVIOUS_DAYS_MAX = 7
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


class HttpAnswer(Protocol):
    """An answer over HTTP."""

    @property
    def address(self) -> str:
        """What was asked."""
        ...

    @property
    def body(self) -> bytes:
        """The answer as it came."""
        ...

    @property
    def fetched_at(self) -> datetime:
        """When it came from the service, aware."""
        ...

    @property
    def from_cache(self) -> bool:
        """True when it was read from disk."""
        ...

    @property
    def sha256(self) -> str:
        """Hash of the body."""
        ...


class HttpAsker(Protocol):
    """Whoever asks over HTTP with patience, time limits and a cache; the wiring gives one."""

    def get(
        self,
        url: str,
        params: Mapping[str, str],
        *,
        accept: Callable[[HttpAnswer], T],
        explain: Callable[[bytes], str],
    ) -> tuple[T, HttpAnswer]:
        """Return what `accept` makes of the answer, and the answer; keep only what `accept` takes."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenMeteoHosts:
    """Addresses of the service.

    Attributes
    ----------
    forecast, previous_runs, historical : str
        For days to come, for days gone by as forecast before, and for days gone by as forecast last.
    """

    forecast: str = "https://api.open-meteo.com"
    previous_runs: str = "https://previous-runs-api.open-meteo.com"
    historical: str = "https://historical-forecast-api.open-meteo.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenMeteoClient:
    """The public weather API of Open-Meteo, for use that is not commercial.

    Attributes
    ----------
    source : HttpAsker
        How it is asked.
    now : callable
        Gives the present, aware.
    hosts : OpenMeteoHosts
        Where it is asked.
    columns : tuple of str
        What it is asked for, by our names.
    publication_delay : timedelta
        From the start of a model run to its publication, for what was forecast on days gone by.
    """

    source: HttpAsker
    now: Callable[[], datetime]
    hosts: OpenMeteoHosts = field(default_factory=OpenMeteoHosts)
    columns: tuple[str, ...] = USUAL
    publication_delay: timedelta = PUBLICATION_DELAY

    def forecast(self, place: Place, *, n_days: int = 3) -> FetchedWeather:
        """Fetch the forecast of today and days to come, known from the moment of the answer.

        Parameters
        ----------
        place : Place
            Where.
        n_days : int
            UTC days from today on.

        Returns
        -------
        FetchedWeather
            One vintage.

        Raises
        ------
        InvalidQuantityError
            If the service does not look so far ahead.
        SourceUnavailableError
            If the service does not answer as documented.
        DataError
            If units, hours or whole variables are not those asked for.
        """
        if not 1 <= n_days <= FORECAST_DAYS_MAX:
            raise InvalidQuantityError("n_days", n_days, 1, FORECAST_DAYS_MAX, "day", where="open_meteo")
        today = self.now().astimezone(UTC).date()
        last = today + (n_days - 1) * _DAY
        read, answer = self._ask(self.hosts.forecast, place, today, last, (0,))
        known_at_ns = np.full(read[0].time_ns.size, to_ns(answer.fetched_at), dtype=np.int64)
        rule = f"forecast fetched {answer.fetched_at.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
        return _fetched(place, read, (known_at_ns,), rule, answer)

    def previous_runs(
        self, place: Place, first_day: date, last_day: date, *, days_before: Sequence[int] = (1, 2)
    ) -> FetchedWeather:
        """Fetch days gone by as they were forecast one or more days before: what a day-ahead decision could know.

        The service keeps, for each hour, the value of a run that started so many days before that hour, or somewhat
        earlier. Counted from the end of the hour, it became known no later than `publication_delay` after that.

        Parameters
        ----------
        place : Place
            Where.
        first_day, last_day : date
            UTC days gone by, both included.
        days_before : sequence of int
            Vintages; two days before is the youngest that is known at noon of the day before for every hour.

        Returns
        -------
        FetchedWeather
            All vintages.

        Raises
        ------
        UsageError
            If the days are not gone by, or there is no such vintage.
        SourceUnavailableError
            If the service does not answer as documented.
        DataError
            If units, hours or whole variables are not those asked for.
        """
        if not days_before or not all(1 <= each <= PREVIOUS_DAYS_MAX for each in days_before):
            message = f"days_before = {tuple(days_before)}: runs of 1 to {PREVIOUS_DAYS_MAX} days before are kept"
            raise UsageError(message)
        self._require_gone_by(first_day, last_day)
        leads = tuple(sorted(set(days_before), reverse=True))
        read, answer = self._ask(self.hosts.previous_runs, place, first_day, last_day, leads)
        delay_ns = duration_ns(self.publication_delay + _HOUR)
        known = tuple(
            each.time_ns - duration_ns(lead * _DAY) + delay_ns for each, lead in zip(read, leads, strict=True)
        )
        rule = f"runs of {' and '.join(map(str, leads))} days before, known {self._delay_hours:g} h after their start"
        return _fetched(place, read, known, rule, answer)

    def historical_forecast(self, place: Place, first_day: date, last_day: date) -> FetchedWeather:
        """Fetch days gone by as the youngest runs gave them: close to what the weather was, known at no gate.

        The service strings together the first hours of every run. Each hour counts as known `publication_delay`
        after it ended, so that it trains a model of a load and is never seen by a day-ahead decision.

        Parameters
        ----------
        place : Place
            Where.
        first_day, last_day : date
            UTC days gone by, both included.

        Returns
        -------
        FetchedWeather
            One vintage.

        Raises
        ------
        UsageError
            If the days are not gone by.
        SourceUnavailableError
            If the service does not answer as documented.
        DataError
            If units, hours or whole variables are not those asked for.
        """
        self._require_gone_by(first_day, last_day)
        read, answer = self._ask(self.hosts.historical, place, first_day, last_day, (0,))
        known = (read[0].time_ns + duration_ns(self.publication_delay + _HOUR),)
        return _fetched(place, read, known, f"youngest runs, known {self._delay_hours:g} h after each hour", answer)

    @property
    def _delay_hours(self) -> float:
        return self.publication_delay / _HOUR

    def _require_gone_by(self, first_day: date, last_day: date) -> None:
        today = self.now().astimezone(UTC).date()
        if first_day > last_day:
            message = f"{first_day} to {last_day} is empty; swap the days"
            raise UsageError(message)
        if last_day >= today:
            message = f"{last_day} is not over in UTC, it is {today}; ask for days gone by, or for the forecast"
            raise UsageError(message)

    def _ask(
        self, host: str, place: Place, first_day: date, last_day: date, leads: tuple[int, ...]
    ) -> tuple[tuple[HourlyAnswer, ...], HttpAnswer]:
        variables: tuple[Variable, ...] = tuple(variable_of(column) for column in self.columns)
        start_ns, end_ns = _midnight_ns(first_day), _midnight_ns(last_day + _DAY)
        params = {
            "latitude": f"{place.latitude_deg:.4f}",
            "longitude": f"{place.longitude_deg:.4f}",
            "hourly": ",".join(asked_name(variable, lead) for lead in leads for variable in variables),
            "start_date": first_day.isoformat(),
            "end_date": (last_day + _DAY).isoformat(),
            "timezone": "GMT",
            "timeformat": "unixtime",
            "temperature_unit": "celsius",
            "wind_speed_unit": "ms",
        }

        def accept(answer: HttpAnswer) -> tuple[HourlyAnswer, ...]:
            return tuple(read_hourly(answer.body, variables, start_ns, end_ns, days_before=lead) for lead in leads)

        return self.source.get(f"{host.rstrip('/')}/v1/forecast", params, accept=accept, explain=reason_of_refusal)


def _midnight_ns(day: date) -> int:
    return to_ns(datetime.combine(day, time(0), tzinfo=UTC))


def _fetched(
    place: Place, read: tuple[HourlyAnswer, ...], known: tuple[IntArray, ...], rule: str, answer: HttpAnswer
) -> FetchedWeather:
    time_ns, known_at_ns = np.concatenate([each.time_ns for each in read]), np.concatenate(known)
    order = np.lexsort((known_at_ns, time_ns))
    columns = {name: np.concatenate([each.columns[name] for each in read])[order] for name in read[0].columns}
    forecast = WeatherForecast(
        time_ns=time_ns[order],
        known_at_ns=known_at_ns[order],
        columns=columns,
        step=_HOUR,
        place=place,
        source=f"{ATTRIBUTION}; {place}; {rule}",
        attribution=ATTRIBUTION,
    )
    nulls = [
        f"{name}: {n_null} hours are null, they stay missing" for each in read for name, n_null in each.n_null.items()
    ]
    return FetchedWeather(
        forecast=forecast,
        addresses=(answer.address,),
        sha256=(answer.sha256,),
        fetched_at=answer.fetched_at,
        from_cache=answer.from_cache,
        warnings=tuple(nulls),
    )
