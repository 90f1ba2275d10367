"""Load and PV forecasts of a site for whoever asks: issued from the end of its series, or scored on the last days."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from pathlib import Path
from time import perf_counter
from typing import Protocol

import numpy as np
import polars as pl

from battuta.adapters.files.site_series_file import SiteImport, read_site_series, site_series_of
from battuta.app.frames import ArrowStream
from battuta.app.site_outlooks import CLOUD_COVER, RADIATION, TEMPERATURE, SiteWeather
from battuta.domain.errors import DataError, StaleDataError, UsageError
from battuta.domain.forecast import Forecast
from battuta.domain.imports import FindingKind
from battuta.domain.time import NS_PER_DAY, from_ns, local_instant_ns, zone_of
from battuta.domain.weather import WeatherForecast
from battuta.forecast.site_load import N_DAYS_MIN, SiteLoadModel
from battuta.forecast.site_series import SiteSeries
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.studies.site_forecast_evaluation import BandScore, SiteModel, evaluate_site

__all__ = ["IssuedSite", "ScoredSite", "SiteImport", "SiteWish", "evaluate", "issue", "load_site"]

LOAD, PV = "load", "pv"
ISSUE_EVERY = timedelta(minutes=105)
"""From one issue of a test to the next, to whole steps; it passes through all quarters of the day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteWish:
    """What is to be forecast, and what its user knows of the site.

    Attributes
    ----------
    what : str
        ``load`` or ``pv``.
    zone : str or None
        IANA zone in which the site lives its days; it has to be stated.
    latitude_deg, longitude_deg : float or None
        Where the panels stand, north and east positive; PV alone. [deg]
    power_kw_max : float or None
        Power of their inverter; left out, it is learned. [kW]
    free_days : collection of date
        Holidays and closures, past and to come; load alone.
    """

    what: str
    zone: str | None
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    power_kw_max: float | None = None
    free_days: Collection[date] = ()

    def __post_init__(self) -> None:
        """Refuse what does not go together."""
        if self.what not in {LOAD, PV}:
            message = f"what = {self.what!r} is not forecast; choose load or pv"
            raise UsageError(message)
        if not self.zone:
            message = "the zone of the site is not known; pass --zone Europe/Berlin (zone= in Python), or another"
            raise UsageError(message)
        zone_of(self.zone)
        place = (self.latitude_deg, self.longitude_deg)
        if self.what == PV and None in place:
            message = "PV follows the sun: pass --latitude-deg and --longitude-deg, north and east positive"
            raise UsageError(message)
        if self.what == LOAD and (place != (None, None) or self.power_kw_max is not None):
            message = "latitude_deg, longitude_deg and power_kw_max belong to pv; a load is forecast without them"
            raise UsageError(message)
        if self.what == PV and self.free_days:
            message = "free_days belong to load; the sun keeps no holidays"
            raise UsageError(message)

    @property
    def column(self) -> str:
        """Column that is read."""
        return f"{self.what}_kw"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IssuedSite:
    """A forecast of the days ahead.

    Attributes
    ----------
    site : SiteImport
        What was learned from.
    forecast : Forecast
        Point and quantiles. [kW]
    seconds : float
        Time that it took. [s]
    """

    site: SiteImport
    forecast: Forecast
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoredSite:
    """A test of forecasts on days that nobody learned from.

    Attributes
    ----------
    site : SiteImport
        The series, the days of the test at its end.
    model : str
        What forecast.
    bands : tuple of BandScore
        Scores by lead time. [kW]
    start_ns : int
        Instant at which the test begins. [ns]
    mean_kw : float
        Mean power of the days of the test. [kW]
    seconds : float
        Time that it took. [s]
    """

    site: SiteImport
    model: str
    bands: tuple[BandScore, ...]
    start_ns: int
    mean_kw: float
    seconds: float


class _FittedSite(SiteModel, Protocol):
    """A model of a site, with the weather it leans on."""

    def fit(self, series: SiteSeries, /) -> None:
        """Learn from the past of the site."""
        ...


def load_site(site: object, wish: SiteWish) -> SiteImport:
    """Read the series of a site from a file or a frame; nothing is guessed, a gap stays a gap.

    Raises
    ------
    UsageError
        If it is neither.
    """
    assert wish.zone is not None
    if isinstance(site, str | Path):
        return read_site_series(Path(site), wish.column, wish.zone)
    if not isinstance(site, ArrowStream):
        message = f"{type(site).__name__} is no data frame; pass a path, or polars, pandas or Arrow"
        raise UsageError(message)
    return site_series_of(pl.DataFrame(site), wish.column, wish.zone, source="frame")


def issue(site: SiteImport, wish: SiteWish, weather: WeatherForecast | None = None) -> IssuedSite:
    """Forecast 48 hours from the end of a series.

    Parameters
    ----------
    site : SiteImport
        What its meter said, to the instant of the issue.
    wish : SiteWish
        What is to be forecast.
    weather : WeatherForecast or None
        Weather that covers the history and the days ahead; what was published after the end is not used.

    Returns
    -------
    IssuedSite
        Point and quantiles for each interval.

    Raises
    ------
    StaleDataError
        If there is too little history, or the meter is silent.
    MissingExtraError
        If PV is asked for without pvlib.
    """
    started = perf_counter()
    model = _model(wish, site.series, weather)
    model.fit(site.series)
    forecast = model.predict(site.series.end_ns)
    forecast = replace(forecast, notes=(*forecast.notes, *_left_out(site)))
    return IssuedSite(site=site, forecast=forecast, seconds=perf_counter() - started)


def evaluate(
    site: SiteImport,
    wish: SiteWish,
    test_days: int,
    weather: WeatherForecast | None = None,
    *,
    issue_every: timedelta | None = None,
) -> ScoredSite:
    """Forecast again and again through the last days of a series, and score by lead time.

    Parameters
    ----------
    site : SiteImport
        The series, history included.
    wish : SiteWish
        What is to be forecast.
    test_days : int
        Number of last local days, a day that is not over not counted.
    weather : WeatherForecast or None
        Weather with the time of its publication; each issue sees what was out by then.
    issue_every : timedelta or None
        From one issue to the next; left out, 1 h 45 min, or every hour of hourly values.

    Returns
    -------
    ScoredSite
        Errors beside those of the last value, of yesterday and of last week.

    Raises
    ------
    UsageError
        If no day is to be tested, or issues do not fit the step.
    StaleDataError
        If too little history is left before the test.
    """
    started = perf_counter()
    series = site.series
    start_ns = _start_ns(site, test_days)
    every = max(ISSUE_EVERY // series.step, 1) * series.step if issue_every is None else issue_every
    if every < series.step or every % series.step:
        message = f"issue_every = {every} is no whole number of steps of {series.step}; take a multiple of it"
        raise UsageError(message)
    n_before = int(np.searchsorted(series.time_ns, start_ns))
    model = _model(wish, series, weather)
    model.fit(replace(series, time_ns=series.time_ns[:n_before], values_kw=series.values_kw[:n_before]))
    bands = evaluate_site(model, series, start_ns, every)
    return ScoredSite(
        site=site, model=f"site {'PV' if wish.what == PV else 'load'}", bands=bands, start_ns=start_ns,
        mean_kw=float(np.nanmean(series.values_kw[n_before:])), seconds=perf_counter() - started,
    )  # fmt: skip


def _left_out(site: SiteImport) -> tuple[str, ...]:
    """What was read and is not used."""
    return tuple(each.message for each in site.findings if each.kind is FindingKind.IMPLAUSIBLE_VALUE)


def _spoken(forecast: Forecast) -> Forecast:
    """Refuse a forecast with a hole: its scores would be those of the other intervals, and look the better for it."""
    is_silent = ~(np.isfinite(forecast.point) & np.isfinite(forecast.quantiles.values).all(axis=1))
    if is_silent.any():
        message = (
            f"the forecast of {from_ns(forecast.known_at_ns).isoformat()} has no value for {int(is_silent.sum())} of"
            f" {is_silent.size} intervals; look at the last days of the series, and report it with them"
        )
        raise DataError(message)
    return forecast


def _start_ns(site: SiteImport, test_days: int) -> int:
    """Local midnight at which a test begins. [ns]"""
    if test_days < 1:
        message = f"test_days = {test_days}; ask for one day or more"
        raise UsageError(message)
    series = site.series
    last = from_ns(series.end_ns).astimezone(zone_of(series.zone)).date()
    n_days = (series.end_ns - int(series.time_ns[0])) / NS_PER_DAY
    if test_days + N_DAYS_MIN > n_days:
        message = (
            f"{site.source} holds {n_days:.1f} days; a test of {test_days} needs {N_DAYS_MIN} before it: test fewer, or"
            " give more history"
        )
        raise StaleDataError(message)
    start_ns = local_instant_ns(last - timedelta(days=test_days), time(0), series.zone)
    if not np.isfinite(series.values_kw[np.searchsorted(series.time_ns, start_ns) :]).any():
        message = f"{site.source}: nothing was measured in the last {test_days} days; test more days"
        raise StaleDataError(message)
    return start_ns


def _model(wish: SiteWish, series: SiteSeries, weather: WeatherForecast | None) -> _FittedSite:
    if wish.what == LOAD:
        beside = None if weather is None else SiteWeather.of(weather, series, (TEMPERATURE,))
        return _LoadBesideWeather(wish, beside)
    return _PvBesideWeather(
        wish, None if weather is None else SiteWeather.of(weather, series, (RADIATION, CLOUD_COVER))
    )


class _LoadBesideWeather:
    """A load and the temperature that was forecast."""

    def __init__(self, wish: SiteWish, weather: SiteWeather | None) -> None:
        self._model = SiteLoadModel(free_days=frozenset(wish.free_days))
        self._weather = weather
        self._past = None if weather is None else weather.past[TEMPERATURE]

    def fit(self, series: SiteSeries, /) -> None:
        self._model.fit(series, temperature=self._past)

    def update(self, time_ns: IntArray, values_kw: FloatArray, /) -> None:
        self._model.update(time_ns, values_kw, temperature=self._past)

    def predict(self, now_ns: int, /) -> Forecast:
        ahead = None if self._weather is None else self._weather.ahead(TEMPERATURE, now_ns)
        return _spoken(self._model.predict(now_ns, temperature=ahead))


class _PvBesideWeather:
    """Panels and the radiation or cloud that was forecast."""

    def __init__(self, wish: SiteWish, weather: SiteWeather | None) -> None:
        from battuta.forecast.site_pv import SitePvModel  # noqa: PLC0415  needs pvlib, a load does not

        assert wish.latitude_deg is not None
        assert wish.longitude_deg is not None
        self._model = SitePvModel(
            latitude_deg=wish.latitude_deg, longitude_deg=wish.longitude_deg, power_kw_max=wish.power_kw_max
        )
        self._weather = weather
        past = {} if weather is None else weather.past
        self._radiation, self._cloud_cover = past.get(RADIATION), past.get(CLOUD_COVER)

    def fit(self, series: SiteSeries, /) -> None:
        self._model.fit(series, radiation=self._radiation, cloud_cover=self._cloud_cover)

    def update(self, time_ns: IntArray, values_kw: FloatArray, /) -> None:
        self._model.update(time_ns, values_kw, radiation=self._radiation, cloud_cover=self._cloud_cover)

    def predict(self, now_ns: int, /) -> Forecast:
        weather = self._weather
        radiation = None if weather is None else weather.ahead(RADIATION, now_ns)
        cloud_cover = None if weather is None else weather.ahead(CLOUD_COVER, now_ns)
        return _spoken(self._model.predict(now_ns, radiation=radiation, cloud_cover=cloud_cover))
