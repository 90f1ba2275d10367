"""PV power of a site for the next two days: what a clear sky would bring there, times how clear it will be.

The panels are learned from what they delivered, by the position of the sun; nobody has to say how they stand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from battuta.domain.errors import InvalidQuantityError, StaleDataError
from battuta.domain.forecast import Forecast, Quantiles, percent_levels
from battuta.forecast.site_error_bands import ErrorBands
from battuta.forecast.site_horizon import intervals_ahead
from battuta.forecast.site_outlook import SiteOutlook
from battuta.forecast.site_profile import DayGrid
from battuta.forecast.site_pv_envelope import Envelope, learned_envelope, require_dark_nights
from battuta.forecast.site_pv_learning import (
    N_CLASSES,
    SHARE_MAX,
    PvPast,
    classes,
    clearness,
    errors,
    learn,
    own_terms,
    usual_error_kw,
    weather_terms,
)
from battuta.forecast.site_regression import between_nodes, lead_nodes
from battuta.forecast.site_series import SiteSeries, require_one_unit, steps_per_day, wall_clock
from battuta.forecast.sky import ClearSky, clear_sky
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

MEMORY_DAYS = 400
N_DAYS_MIN = 8
_RECENT_DAYS = 40
_BAND_HALF_LIFE_DAYS, _BAND_DAYS = 40.0, 160
_HOLD_SHARE, _HOLD_DAYS_MAX = 0.25, 28
_DARK_SHARE = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class _Learned:
    """What a recalibration leaves behind."""

    envelope: Envelope
    highest_kw: float
    end_index: int
    weights: tuple[FloatArray, FloatArray]
    bands: tuple[ErrorBands, ErrorBands]


class SitePvModel:
    """Forecasts the PV power of one site.

    Parameters
    ----------
    latitude_deg, longitude_deg : float
        Place, north and east positive. [deg]
    power_kw_max : float, optional
        Power of the inverter; left out, it is learned. [kW]

    Examples
    --------
    >>> model = SitePvModel(latitude_deg=48.0, longitude_deg=11.0)
    >>> model.limit_kw
    nan
    """

    def __init__(self, *, latitude_deg: float, longitude_deg: float, power_kw_max: float | None = None) -> None:
        if power_kw_max is not None and not power_kw_max > 0.0:
            raise InvalidQuantityError(
                "power_kw_max", power_kw_max, 0.0, np.inf, "kW", where="SitePvModel", above_low=True
            )
        self._place = (latitude_deg, longitude_deg)
        self._power_kw_max = power_kw_max
        self._series: SiteSeries | None = None
        self._sky: ClearSky | None = None
        self._weather: FloatArray = np.empty((0, 3))
        self._has_weather = False
        self._learned: _Learned | None = None

    @property
    def limit_kw(self) -> float:
        """Most that the site was learned to deliver; NaN before a fit. [kW]"""
        return np.nan if self._learned is None else self._learned.envelope.limit_kw

    def fit(
        self, series: SiteSeries, *, radiation: SiteOutlook | None = None, cloud_cover: SiteOutlook | None = None
    ) -> None:
        """Learn from the past of the panels.

        Parameters
        ----------
        series : SiteSeries
            PV power so far; a year is good, 14 days will do. NaN where nothing was measured.
        radiation : SiteOutlook, optional
            Global radiation of the same time, as it was forecast. [W/m2]
        cloud_cover : SiteOutlook, optional
            Cloud cover, as it was forecast; of the two radiation counts where both are known. [-]

        Raises
        ------
        StaleDataError
            If fewer than eight days were measured.
        DataError
            If kW and W meet, nights bring power, the panels never delivered, or brought more than the inverter is said
            to let through.
        """
        series = series.tail(MEMORY_DAYS)
        require_one_unit(series)
        n_slots = steps_per_day(series.step)
        if series.n_known < N_DAYS_MIN * n_slots:
            message = (
                f"{series.name}: {series.n_known / n_slots:.1f} days were measured, a forecast needs {N_DAYS_MIN};"
                " wait, or give more history"
            )
            raise StaleDataError(message)
        sky = clear_sky(series.time_ns, series.step, *self._place)
        self._has_weather = radiation is not None or cloud_cover is not None
        self._series, self._sky, self._learned = series, sky, None
        self._weather = _let_through(series.time_ns, sky, radiation, cloud_cover, None)
        n_days = series.time_ns.size // n_slots
        hold = min(int(_HOLD_SHARE * n_days), _HOLD_DAYS_MAX) if n_days >= N_DAYS_MIN + 4 else 0
        self._recalibrate(hold * n_slots)

    def update(
        self,
        time_ns: IntArray,
        pv_kw: FloatArray,
        *,
        radiation: SiteOutlook | None = None,
        cloud_cover: SiteOutlook | None = None,
    ) -> None:
        """Take intervals that have ended; with the first of a new local day everything is learned anew.

        Parameters
        ----------
        time_ns : ndarray, shape (n_times,)
            Interval starts after the last one known. [ns]
        pv_kw : ndarray, shape (n_times,)
            PV power, NaN where nothing was measured. [kW]
        radiation, cloud_cover : SiteOutlook, optional
            Weather of these intervals, as it was forecast.

        Raises
        ------
        DataError
            If intervals were known already, come in another unit, or bring power by night.
        """
        before, sky, _ = self._known()
        series = before.joined(time_ns, pv_kw)
        require_one_unit(series.tail(_RECENT_DAYS))
        n_before = before.time_ns.size
        later = clear_sky(series.time_ns[n_before:], series.step, *self._place)
        all_sky = sky.joined(later)
        recent = slice(-_RECENT_DAYS * steps_per_day(series.step), None)
        require_dark_nights(series.tail(_RECENT_DAYS), all_sky.cut(recent))
        more = _let_through(series.time_ns[n_before:], later, radiation, cloud_cover, None)
        self._series, self._sky = series, all_sky
        self._weather = np.concatenate([self._weather, more])
        days, _ = wall_clock(series.time_ns[[n_before - 1, -1]], series.zone, series.step)
        if days[1] > days[0]:
            self._recalibrate(0)

    def predict(
        self,
        now_ns: int,
        *,
        n_times: int | None = None,
        radiation: SiteOutlook | None = None,
        cloud_cover: SiteOutlook | None = None,
    ) -> Forecast:
        """Forecast the intervals that begin at or after an instant.

        Parameters
        ----------
        now_ns : int
            Instant of issue; the model must have heard of nothing that ends after it. [ns]
        n_times : int, optional
            Number of intervals; left out, two days.
        radiation, cloud_cover : SiteOutlook, optional
            Weather forecast as known by then.

        Returns
        -------
        Forecast
            Median and 99 quantiles of each interval, exactly 0 by night, with notes on what was missing.

        Raises
        ------
        LookAheadError
            If the model, or the weather, knows more than could be known.
        StaleDataError
            If the meter has been silent for a week.
        """
        series, sky, learned = self._known()
        time_ns, lead, notes = intervals_ahead(series, now_ns, n_times)
        ahead = clear_sky(time_ns, series.step, *self._place)
        clear_kw = learned.envelope.clear_kw(ahead)
        terms = self._terms_now(series, sky, learned, time_ns, clear_kw)
        weather = _let_through(time_ns, ahead, radiation, cloud_cover, now_ns)
        has_weather = np.all(np.isfinite(weather), axis=1)
        below, share = between_nodes(learned.bands[0].nodes, lead)
        widening = np.sqrt(np.maximum(lead / learned.bands[0].nodes[-1], 1.0))
        quantiles_kw = np.zeros((lead.size, percent_levels().size))
        for source, rows in enumerate((~has_weather, has_weather)):
            if not rows.any():
                continue
            each = terms[rows] if source == 0 else np.column_stack([terms[rows], weather[rows]])
            weights, at = learned.weights[source][:, : each.shape[1]], below[rows]
            mixed = weights[at] * (1.0 - share[rows])[:, None] + weights[at + 1] * share[rows, None]
            middle_kw = np.clip(np.sum(mixed * each, axis=1), 0.0, SHARE_MAX) * clear_kw[rows]
            number = classes(middle_kw, clear_kw[rows], learned.highest_kw)
            off = learned.bands[source].at(lead[rows], number, widening[rows])
            off_kw = off * usual_error_kw(clear_kw[rows], learned.highest_kw)[:, None]
            quantiles_kw[rows] = middle_kw[:, None] + off_kw
        quantiles_kw = np.sort(np.clip(quantiles_kw, 0.0, learned.envelope.limit_kw), axis=1)
        quantiles_kw[ahead.is_night] = 0.0
        n_dark, dark_share = _dark_days(series, learned.envelope.clear_kw(sky))
        if n_dark:
            quantiles_kw = _perhaps_dark(quantiles_kw, dark_share)
            dark = f"{series.name}: nothing came in {n_dark} days of sun (snow, outage or meter)"
            notes = (*notes, f"{dark}: another by {dark_share:.0%}")
        notes = (*notes, *self._missing(has_weather | ahead.is_night))
        levels = percent_levels()
        return Forecast(
            time_ns=time_ns, known_at_ns=now_ns, point=quantiles_kw[:, levels.size // 2].copy(),
            quantiles=Quantiles(levels=levels, values=quantiles_kw), unit="kW", model="site PV",
            notes=notes, is_synthetic=series.is_synthetic,
        )  # fmt: skip

    def _known(self) -> tuple[SiteSeries, ClearSky, _Learned]:
        if self._series is None or self._sky is None or self._learned is None:
            message = "SitePvModel has learned nothing yet; call fit with the history of the panels first"
            raise StaleDataError(message)
        return self._series, self._sky, self._learned

    def _recalibrate(self, n_hold: int) -> None:
        """Learn anew; errors of intervals that came since set the width, at first those of the last `n_hold`."""
        assert self._series is not None
        assert self._sky is not None
        n_dropped = max(self._series.time_ns.size - MEMORY_DAYS * steps_per_day(self._series.step), 0)
        keep = slice(n_dropped, None)
        series, sky, weather = self._series.tail(MEMORY_DAYS), self._sky.cut(keep), self._weather[keep]
        self._series, self._sky, self._weather = series, sky, weather
        envelope = learned_envelope(series, sky, self._power_kw_max)
        past = PvPast.of(series, envelope, sky, weather)
        nodes = lead_nodes(past.n_slots)
        before, weights, bands = self._learned, list[FloatArray](), list[ErrorBands]()
        age_days = past.grid.day[-1] - past.grid.day
        weight = np.where(age_days < _BAND_DAYS, 0.5 ** (age_days / _BAND_HALF_LIFE_DAYS), 0.0)
        trial = None
        if before is None and n_hold:
            early = replace(series, time_ns=series.time_ns[:-n_hold], values_kw=series.values_kw[:-n_hold])
            trial = PvPast.of(early, envelope, sky.cut(slice(-n_hold)), weather[:-n_hold])
        for source in range(1 + self._has_weather):
            wet = source == 1
            scale = np.ones(nodes.size)
            if before is not None:
                new = slice(max(before.end_index - n_dropped, 0), None)
                missed, number = errors(past, before.weights[source], nodes, with_weather=wet)
                scale = before.bands[source].scaled_after(missed[:, new], number[:, new], past.n_slots)
            elif trial is not None:
                tried = learn(trial, nodes, with_weather=wet)
                band = ErrorBands.of(
                    nodes, *_between(errors(trial, tried, nodes, with_weather=wet), weight[:-n_hold]), N_CLASSES
                )
                missed, number = errors(past, tried, nodes, with_weather=wet)
                scale = band.scaled_to(missed[:, -n_hold:], number[:, -n_hold:])
            weights.append(learn(past, nodes, with_weather=wet))
            missed, number = errors(past, weights[-1], nodes, with_weather=wet)
            band = ErrorBands.of(nodes, missed, weight, number, N_CLASSES)
            bands.append(band.with_scale(scale, None if before is None else before.bands[source]))
        self._learned = _Learned(
            envelope, float(past.clear_kw.max()), series.time_ns.size, (weights[0], weights[-1]), (bands[0], bands[-1])
        )

    def _terms_now(
        self, series: SiteSeries, sky: ClearSky, learned: _Learned, time_ns: IntArray, clear_kw: FloatArray
    ) -> FloatArray:
        """Terms of the intervals ahead as of the last interval measured, shape (n_times, n_own)."""
        last = int(np.flatnonzero(np.isfinite(series.values_kw))[-1])
        keep = slice(max(last + 1 - _RECENT_DAYS * steps_per_day(series.step), 0), last + 1)
        tail = replace(series, time_ns=series.time_ns[keep], values_kw=series.values_kw[keep])
        grid = DayGrid.of(tail)
        past = clearness(tail, learned.envelope.clear_kw(sky.cut(keep)), grid, learned.highest_kw)
        day, slot = wall_clock(time_ns, series.zone, series.step)
        start = np.full(time_ns.size, tail.time_ns.size)
        return own_terms(past, start, day - 1 - grid.first_day, slot, clear_kw / learned.highest_kw)

    def _missing(self, is_told: BoolArray) -> tuple[str, ...]:
        """Note where a weather forecast was learned from and is not there now."""
        n_missing = int((~is_told).sum())
        if not self._has_weather or not n_missing:
            return ()
        where = f"{n_missing} of {is_told.size} intervals"
        return (f"weather forecast missing in {where}: usual weather, wider there",)


def _dark_days(series: SiteSeries, clear_kw: FloatArray) -> tuple[int, float]:
    """Days up to now in which the sun was up and exactly nothing came, and the chance of another.

    The chance is counted: of the dark days before, those that another followed, and each day of this spell once more.
    """
    n_slots = steps_per_day(series.step)
    n_days = clear_kw.size // n_slots
    came_kw, could_kw = (each[-n_days * n_slots :].reshape(n_days, n_slots) for each in (series.values_kw, clear_kw))
    known = np.isfinite(came_kw)
    lit = np.where(known, could_kw, 0.0).sum(axis=1) > _DARK_SHARE * could_kw.sum(axis=1)
    dark: BoolArray = lit & ~np.any(came_kw > 0.0, axis=1)
    light = np.flatnonzero(~dark)
    n_dark = n_days - 1 - int(light[-1]) if light.size else n_days
    before = dark[: n_days - n_dark]
    n_seen, n_stayed = int(before.sum()), int((before[:-1] & before[1:]).sum())
    return n_dark, (n_stayed + n_dark) / (n_seen + n_dark + 1.0)


def _perhaps_dark(quantiles_kw: FloatArray, share: float) -> FloatArray:
    """Quantiles of what is 0 with a chance, and else as was said."""
    levels = percent_levels()
    place = np.clip((levels - share) / (1.0 - share), levels[0], levels[-1])
    column = np.clip(np.round(place * (levels.size + 1)).astype(np.int64) - 1, 0, levels.size - 1)
    return np.where(levels <= share, 0.0, quantiles_kw[:, column])


def _between(missed: tuple[FloatArray, IntArray], weight: FloatArray) -> tuple[FloatArray, FloatArray, IntArray]:
    return missed[0], weight, missed[1]


def _let_through(
    time_ns: IntArray, sky: ClearSky, radiation: SiteOutlook | None, cloud_cover: SiteOutlook | None, now_ns: int | None
) -> FloatArray:
    """Terms of the weather forecast at intervals; where only one of the two is known it stands for both."""
    none = np.full(time_ns.size, np.nan)
    sun = none if radiation is None else radiation.at(time_ns, now_ns)
    cloud = none if cloud_cover is None else cloud_cover.at(time_ns, now_ns)
    terms = weather_terms(sky, sun, cloud)
    through = terms[:, 2]
    for column, other in ((0, through), (1, through * through), (2, np.minimum(terms[:, 0], 1.0))):
        terms[:, column] = np.where(np.isfinite(terms[:, column]), terms[:, column], other)
    return terms
