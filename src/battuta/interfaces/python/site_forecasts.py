"""Load and PV forecasts of a site in a notebook: issued from the end of its series, or scored on the last days."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from battuta.app import site_forecasts
from battuta.app.frames import ArrowStream
from battuta.app.weather import WeatherRequest, load_weather
from battuta.domain.errors import UsageError
from battuta.domain.forecast import Forecast
from battuta.domain.weather import Place, WeatherForecast, WeatherImport
from battuta.interfaces.python.arguments import (
    listed_days,
    require_count,
    require_numbers,
    require_span,
    require_stated,
    require_weather,
)
from battuta.interfaces.python.forecast_frames import QUANTILES
from battuta.interfaces.python.tables import notebook_html
from battuta.numerics.arrays import IntArray


class SiteForecastResult:
    """A finished test of forecasts of a site.

    Parameters
    ----------
    scored : ScoredSite
        Scores by lead time.
    """

    def __init__(self, scored: site_forecasts.ScoredSite) -> None:
        self.scored = scored

    @property
    def table(self) -> pl.DataFrame:
        """One row per band of lead time: errors, those of three that need no model, CRPS, coverage. [kW]"""
        return band_frame(self.scored)

    @property
    def label(self) -> str:
        """What must stand beside the figures; empty for what was measured."""
        return self.scored.site.label

    def __repr__(self) -> str:
        """Show the table as text."""
        return f"{self.label}\n{self.table}" if self.label else repr(self.table)

    def _repr_html_(self) -> str:
        """Show the table in a notebook, with its label."""
        return _labelled_html(self.label, self.table)


class IssuedSiteForecast:
    """A forecast of the 48 hours after the end of a series.

    Parameters
    ----------
    issued : IssuedSite
        What was issued.
    """

    def __init__(self, issued: site_forecasts.IssuedSite) -> None:
        self.issued = issued

    @property
    def forecast(self) -> Forecast:
        """Point and quantiles as arrays. [kW]"""
        return self.issued.forecast

    @property
    def table(self) -> pl.DataFrame:
        """One row per interval: time, point, ``q01`` to ``q99``, known_at. [kW]"""
        return issued_site_frame(self.issued)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was odd, and what it had to do without."""
        return self.forecast.notes

    @property
    def label(self) -> str:
        """What must stand beside it; empty for what was measured."""
        return self.issued.site.label

    def __repr__(self) -> str:
        """Show the forecast as text."""
        return f"{self.label}\n{self.forecast}" if self.label else repr(self.forecast)

    def _repr_html_(self) -> str:
        """Show the middle of the distribution in a notebook."""
        return _labelled_html(self.label, self.table.select("time", "point", "q05", "q25", "q50", "q75", "q95"))


def forecast_site(
    site: str | Path | ArrowStream,
    *,
    what: str,
    zone: str,
    test_days: int = 7,
    latitude_deg: float | None = None,
    longitude_deg: float | None = None,
    power_kw_max: float | None = None,
    free_days: Collection[date] = (),
    weather: str | Path | WeatherForecast | None = None,
    known_at: str | None = None,
    issue_every: timedelta | None = None,
) -> SiteForecastResult:
    """Forecast load or PV again and again through the last days of a site, and score by lead time.

    Parameters
    ----------
    site : str, Path, or a polars, pandas or Arrow table
        ``time`` with offset and ``load_kw`` or ``pv_kw``, 0 or above; what is missing stays a gap.
    what : str
        ``load`` or ``pv``; PV needs the extra ``site-forecast``.
    zone : str
        IANA zone in which the site lives its days.
    test_days : int
        Number of last days to score; eight days must be left before them.
    latitude_deg, longitude_deg : float or None
        Where the panels stand; PV alone. [deg]
    power_kw_max : float or None
        Power of their inverter; left out, it is learned. [kW]
    free_days : collection of date
        Holidays and closures; load alone.
    weather : str, Path, WeatherForecast or None
        Weather with the time of its publication: ``temperature_c`` for a load, ``radiation_w_per_m2`` or
        ``cloud_cover`` for PV.
    known_at : str or None
        When values of a weather file were known that does not say it, as ``D-1 06:00 Europe/Berlin``.
    issue_every : timedelta or None
        From one issue to the next; left out, 1 h 45 min, or every hour of hourly values.

    Returns
    -------
    SiteForecastResult
        With ``.table`` and ``.label``.

    Examples
    --------
    >>> import polars as pl
    >>> from datetime import UTC, datetime
    >>> hours = pl.datetime_range(
    ...     datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 21, 23, tzinfo=UTC), "1h", eager=True
    ... )
    >>> works = hours.dt.hour().is_between(8, 17) & (hours.dt.weekday() < 6)
    >>> load = pl.DataFrame({"time": hours, "load_kw": 40.0 + 60.0 * works, "is_synthetic": True})
    >>> result = forecast_site(load, what="load", zone="UTC", test_days=2)
    >>> result.table["low_h"].to_list(), result.label
    ([0.0, 1.0, 6.0, 24.0], 'SYNTHETIC: frame, made up, not measured')
    """
    here = "bt.forecast_site"
    require_count(here, test_days=test_days)
    require_span(here, "issue_every", issue_every)
    wish = _wish(here, what, zone, latitude_deg, longitude_deg, power_kw_max, free_days)
    forecast, series = _weather(here, weather, known_at), site_forecasts.load_site(site, wish)
    return SiteForecastResult(site_forecasts.evaluate(series, wish, test_days, forecast, issue_every=issue_every))


def issue_site_forecast(
    site: str | Path | ArrowStream,
    *,
    what: str,
    zone: str,
    latitude_deg: float | None = None,
    longitude_deg: float | None = None,
    power_kw_max: float | None = None,
    free_days: Collection[date] = (),
    weather: str | Path | WeatherForecast | None = None,
    known_at: str | None = None,
) -> IssuedSiteForecast:
    """Forecast load or PV of a site for the 48 hours after the end of its series.

    Parameters
    ----------
    site, what, zone, latitude_deg, longitude_deg, power_kw_max, free_days, weather, known_at
        As for `forecast_site`; weather published after the end of the series is not used.

    Returns
    -------
    IssuedSiteForecast
        With ``.forecast``, ``.table``, ``.notes`` and ``.label``.
    """
    here = "bt.issue_site_forecast"
    wish = _wish(here, what, zone, latitude_deg, longitude_deg, power_kw_max, free_days)
    forecast, series = _weather(here, weather, known_at), site_forecasts.load_site(site, wish)
    return IssuedSiteForecast(site_forecasts.issue(series, wish, forecast))


def band_frame(scored: site_forecasts.ScoredSite) -> pl.DataFrame:
    """One row per band of lead time: errors and CRPS [kW], coverage [-]."""
    rows = [
        {
            "low_h": each.low_h,
            "high_h": each.high_h,
            "n_values": each.n_values,
            "mae_kw": each.mae_kw,
            "mae_last_kw": each.mae_last_kw,
            "mae_yesterday_kw": each.mae_yesterday_kw,
            "mae_week_kw": each.mae_week_kw,
            "crps_kw": each.crps_kw,
            "coverage_90": each.coverage_90,
            "is_synthetic": scored.site.series.is_synthetic,
        }
        for each in scored.bands
    ]
    return pl.DataFrame(rows)


def issued_site_frame(issued: site_forecasts.IssuedSite) -> pl.DataFrame:
    """One row per interval: time, point, 99 quantiles [kW] and the instant of the issue."""
    forecast = issued.forecast
    n_times = forecast.time_ns.shape[0]
    values = forecast.quantiles.values
    known_at_ns: IntArray = forecast.time_ns * 0 + forecast.known_at_ns
    return pl.DataFrame(
        [
            _stamps("time", forecast.time_ns),
            pl.Series("point", forecast.point),
            *(pl.Series(name, np.ascontiguousarray(values[:, at])) for at, name in enumerate(QUANTILES)),
            _stamps("known_at", known_at_ns),
            pl.Series("unit", [forecast.unit] * n_times),
            pl.Series("is_synthetic", [forecast.is_synthetic] * n_times),
        ]
    )


def site_weather(path: Path, known_at: str | None) -> WeatherImport:
    """Read a weather file for a site; the file says where it is, and nobody asks it."""
    return load_weather(
        WeatherRequest(path=path, place=Place(latitude_deg=0.0, longitude_deg=0.0), known_at=known_at)
    )  # fmt: skip


def _wish(
    where: str,
    what: str,
    zone: str,
    latitude_deg: float | None,
    longitude_deg: float | None,
    power_kw_max: float | None,
    free_days: Collection[date],
) -> site_forecasts.SiteWish:
    """Check what a notebook passes, and bundle it."""
    require_stated(where, what=what, zone=zone)
    require_numbers(where, latitude_deg=latitude_deg, longitude_deg=longitude_deg, power_kw_max=power_kw_max)
    return site_forecasts.SiteWish(
        what=what, zone=zone, latitude_deg=latitude_deg, longitude_deg=longitude_deg, power_kw_max=power_kw_max,
        free_days=listed_days(where, "free_days", free_days),
    )  # fmt: skip


def _weather(where: str, weather: str | Path | WeatherForecast | None, known_at: str | None) -> WeatherForecast | None:
    require_weather(where, weather)
    require_stated(where, known_at=known_at)
    if isinstance(weather, str | Path):
        return site_weather(Path(weather), known_at).forecast
    if known_at is not None:
        message = "known_at belongs to a weather file; leave it out, or pass the file as weather"
        raise UsageError(message)
    return weather


def _stamps(name: str, time_ns: IntArray) -> pl.Series:
    return pl.Series(name, time_ns // 1_000).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


def _labelled_html(label: str, table: pl.DataFrame) -> str:
    from html import escape

    head = f"<p><strong>{escape(label)}</strong></p>" if label else ""
    return f"{head}{notebook_html(table)}"
