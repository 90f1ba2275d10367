"""Weather for site forecasts: of each hour the forecast that was out by then, learned from and leaned on alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import DataError, UsageError
from battuta.domain.time import NS_PER_DAY, duration_ns, from_ns
from battuta.domain.weather import WeatherForecast
from battuta.forecast.site_horizon import HORIZON_DAYS
from battuta.forecast.site_outlook import SiteOutlook
from battuta.forecast.site_series import SiteSeries
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

TEMPERATURE, RADIATION, CLOUD_COVER = "temperature_c", "radiation_w_per_m2", "cloud_cover"


@dataclass(frozen=True, slots=True, eq=False)
class SiteWeather:
    """Weather beside the series of a site.

    Attributes
    ----------
    forecast : WeatherForecast
        All vintages.
    past : mapping of str to SiteOutlook
        What is learned from, by name; see `past_outlook`.
    step_ns : int
        Step of the site. [ns]
    """

    forecast: WeatherForecast
    past: dict[str, SiteOutlook]
    step_ns: int

    @classmethod
    def of(cls, forecast: WeatherForecast, series: SiteSeries, names: tuple[str, ...]) -> SiteWeather:
        """Lay weather beside a site.

        Parameters
        ----------
        forecast : WeatherForecast
            Weather of the place of the site.
        series : SiteSeries
            The site, all of it.
        names : tuple of str
            Columns that its model can lean on; one of them will do.

        Returns
        -------
        SiteWeather
            With what was known of the past.

        Raises
        ------
        UsageError
            If the weather has none of these columns, or is invented and the series is not.
        DataError
            If intervals do not fit, or nothing was known of any of them.
        """
        there = [name for name in names if name in forecast.columns]
        source = forecast.source or "the weather"
        if not there:
            message = f"{source} has no column {' or '.join(names)}; it has {', '.join(forecast.columns)}"
            raise UsageError(message)
        if forecast.is_synthetic and not series.is_synthetic:
            message = f"{source} is synthetic, {series.name} was measured; invented weather explains none"
            raise UsageError(message)
        step_ns = duration_ns(series.step)
        wide, narrow = max(step_ns, duration_ns(forecast.step)), min(step_ns, duration_ns(forecast.step))
        if wide % narrow or int(forecast.time_ns[0]) % narrow:
            message = f"{source} in steps of {forecast.step} does not fit {series.name} in steps of {series.step}"
            raise DataError(message)
        past = {name: past_outlook(forecast, name, step_ns) for name in there}
        if not any(np.isfinite(each.at(series.time_ns)).any() for each in past.values()):
            raise _nothing_known(forecast, series, source, there)
        return cls(forecast, past, step_ns)

    def ahead(self, name: str, now_ns: int) -> SiteOutlook | None:
        """What was known at an instant of the days ahead; None where the weather has no such column.

        Parameters
        ----------
        name : str
            Column.
        now_ns : int
            Instant of issue; nothing published later is in it. [ns]
        """
        if name not in self.past:
            return None
        forecast, end_ns = self.forecast, now_ns + HORIZON_DAYS * NS_PER_DAY
        wide_ns = max(duration_ns(forecast.step), self.step_ns)
        rows = slice(*np.searchsorted(forecast.time_ns, [now_ns - wide_ns, end_ns + wide_ns]))
        is_seen: BoolArray = np.zeros(forecast.n_times, dtype=np.bool_)
        is_seen[rows] = forecast.known_at_ns[rows] <= now_ns
        return _laid(forecast, name, is_seen, (now_ns, end_ns), self.step_ns)


def past_outlook(forecast: WeatherForecast, name: str, step_ns: int) -> SiteOutlook:
    """Weather as it was forecast: what was known a day before it, else the latest that was known when it began.

    What a forecast leans on is a forecast, mostly of a day before; from weather as it came it would learn to trust too
    much. What was published after the interval had begun is never learned from.

    Parameters
    ----------
    forecast : WeatherForecast
        All vintages.
    name : str
        Column.
    step_ns : int
        Step of the site. [ns]

    Returns
    -------
    SiteOutlook
        On a regular grid, NaN where nothing was known.
    """
    time_ns, lead_ns = forecast.time_ns, forecast.time_ns - forecast.known_at_ns
    is_early = (lead_ns >= NS_PER_DAY) & np.isfinite(forecast.columns[name])
    has_early = np.isin(time_ns, time_ns[is_early])
    is_seen = np.where(has_early, is_early, lead_ns >= 0)
    return _laid(forecast, name, is_seen, (int(time_ns[0]), int(time_ns[-1])), step_ns)


def _laid(
    forecast: WeatherForecast, name: str, is_seen: BoolArray, span_ns: tuple[int, int], site_step_ns: int
) -> SiteOutlook:
    """Latest value of each time among the rows that are seen, on a grid; finer than the site's, as means of its steps.

    Parameters
    ----------
    forecast : WeatherForecast
        All vintages, sorted by time and publication.
    name : str
        Column.
    is_seen : ndarray, shape (n_times,)
        Rows that may be used.
    span_ns : tuple of int
        Instants that the grid has to hold. [ns]
    site_step_ns : int
        Step of the site. [ns]

    Returns
    -------
    SiteOutlook
        NaN, and published at 0, where nothing is seen.
    """
    step_ns = duration_ns(forecast.step)
    n_per_step = max(site_step_ns // step_ns, 1)
    origin_ns = int(forecast.time_ns[0])
    origin_ns -= origin_ns % (n_per_step * step_ns) if n_per_step > 1 else 0
    wide_ns = n_per_step * step_ns
    start_ns = origin_ns + (span_ns[0] - origin_ns) // wide_ns * wide_ns
    n_wide = max((span_ns[1] - start_ns) // wide_ns + 1, 2)
    values, known_at_ns = np.full(n_wide * n_per_step, np.nan), np.zeros(n_wide * n_per_step, dtype=np.int64)
    rows = np.flatnonzero(is_seen & np.isfinite(forecast.columns[name]))
    place = (forecast.time_ns[rows] - start_ns) // step_ns
    is_last = np.append(place[1:] != place[:-1], True) & (place >= 0) & (place < values.size)
    values[place[is_last]] = forecast.columns[name][rows[is_last]]
    known_at_ns[place[is_last]] = forecast.known_at_ns[rows[is_last]]
    grid_ns: IntArray = start_ns + wide_ns * np.arange(n_wide, dtype=np.int64)
    mean: FloatArray = values.reshape(n_wide, n_per_step).mean(axis=1)
    return SiteOutlook(
        name=name, time_ns=grid_ns, values=mean, known_at_ns=known_at_ns.reshape(n_wide, n_per_step).max(axis=1)
    )


def _nothing_known(forecast: WeatherForecast, series: SiteSeries, source: str, names: Sequence[str]) -> DataError:
    if not any(np.isfinite(forecast.columns[name]).any() for name in names):
        message = f"{source}: {', '.join(names)} hold no value at all; export it again, or leave the weather out"
        return DataError(message)
    first, last, begin, end = (
        f"{from_ns(int(each)):%Y-%m-%d}"
        for each in (forecast.time_ns[0], forecast.time_ns[-1], series.time_ns[0], series.time_ns[-1])
    )
    message = (
        f"{source} covers {first} to {last}, {series.name} {begin} to {end}, and of no interval a value was published"
        " before it began; give forecasts of the history too, with the time of their publication"
    )
    return DataError(message)
