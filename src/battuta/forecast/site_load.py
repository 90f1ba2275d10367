"""Load of a site for the next two days, from what its meter said, the calendar and a temperature forecast.

First what such a day usually brings, then the error of the last hours carried on, the less the further ahead.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from battuta.domain.errors import StaleDataError
from battuta.domain.forecast import Forecast, Quantiles, percent_levels
from battuta.domain.time import from_ns
from battuta.forecast.site_error_bands import ErrorBands
from battuta.forecast.site_horizon import intervals_ahead
from battuta.forecast.site_load_learning import (
    ERROR_MAX,
    LoadPast,
    LoadWeights,
    latest,
    learn,
    level_beyond,
    recent_means,
)
from battuta.forecast.site_load_terms import N_MEANS, LoadMeans, WalkedMeans
from battuta.forecast.site_outlook import SiteOutlook
from battuta.forecast.site_profile import DayGrid
from battuta.forecast.site_regression import between_nodes, lead_nodes
from battuta.forecast.site_series import SiteSeries, require_one_unit, silent_zeros, steps_per_day, wall_clock
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

MEMORY_DAYS = 400
N_DAYS_MIN = 8
_BAND_HALF_LIFE_DAYS, _BAND_DAYS = 40.0, 160
_HOLD_SHARE, _HOLD_DAYS_MAX = 0.25, 28
_NO_TEMPERATURE_C = 17.5


@dataclass(frozen=True, slots=True, eq=False)
class _Learned:
    """What a recalibration leaves behind."""

    kinds_name: str
    means: LoadMeans
    last: WalkedMeans
    end_index: int
    weights: LoadWeights
    bands: ErrorBands


class SiteLoadModel:
    """Forecasts the load of one site.

    Parameters
    ----------
    free_days : collection of date
        Holidays and closures, past and to come, that the caller knows of; they count as Sundays.

    Examples
    --------
    >>> from datetime import timedelta
    >>> hour = np.arange(24 * 21)
    >>> load_kw = 50.0 + 30.0 * (np.abs(hour % 24 - 12) < 5) * (hour // 24 % 7 < 5)
    >>> start_ns = 20_001 * 86_400 * 10**9
    >>> series = SiteSeries(
    ...     time_ns=start_ns + hour * 3_600 * 10**9, values_kw=load_kw, step=timedelta(hours=1), zone="UTC"
    ... )
    >>> model = SiteLoadModel()
    >>> model.fit(series)
    >>> model.predict(series.end_ns, n_times=12).point.round(-1).tolist()
    [50.0, 50.0, 50.0, 50.0, 50.0, 50.0, 50.0, 50.0, 80.0, 80.0, 80.0, 80.0]
    """

    def __init__(self, *, free_days: Collection[date] = ()) -> None:
        self._free_days = frozenset(free_days)
        self._series: SiteSeries | None = None
        self._temperature_c: FloatArray | None = None
        self._learned: _Learned | None = None
        self._standard: FloatArray = np.empty(0)
        self._notes: tuple[str, ...] = ()

    @property
    def kinds_name(self) -> str:
        """How the days of the week were seen to differ; empty before a fit."""
        return "" if self._learned is None else self._learned.kinds_name

    def fit(self, series: SiteSeries, *, temperature: SiteOutlook | None = None) -> None:
        """Learn from the past of the site.

        Parameters
        ----------
        series : SiteSeries
            Load so far; a year is good, 14 days will do. NaN where nothing was measured.
        temperature : SiteOutlook, optional
            Temperature of the same time, best as it was forecast. [degC]

        Raises
        ------
        StaleDataError
            If fewer than eight days were measured.
        DataError
            If kW and W meet in the series.
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
        self._temperature_c = None if temperature is None else temperature.at(series.time_ns)
        self._series, self._learned = self._cleaned(series), None
        n_days = series.time_ns.size // n_slots
        hold = min(int(_HOLD_SHARE * n_days), _HOLD_DAYS_MAX) if n_days >= N_DAYS_MIN + 4 else 0
        self._recalibrate(hold * n_slots)

    def update(self, time_ns: IntArray, load_kw: FloatArray, *, temperature: SiteOutlook | None = None) -> None:
        """Take intervals that have ended; with the first of a new local day everything is learned anew.

        Parameters
        ----------
        time_ns : ndarray, shape (n_times,)
            Interval starts after the last one known. [ns]
        load_kw : ndarray, shape (n_times,)
            Load, NaN where nothing was measured. [kW]
        temperature : SiteOutlook, optional
            Temperature of these intervals. [degC]

        Raises
        ------
        DataError
            If intervals were known already, or come in another unit.
        """
        before, _ = self._known()
        series = before.joined(time_ns, load_kw)
        require_one_unit(series.tail(MEMORY_DAYS // 10))
        if self._temperature_c is not None:
            new_ns = series.time_ns[before.time_ns.size :]
            more_c = np.full(new_ns.size, np.nan) if temperature is None else temperature.at(new_ns)
            self._temperature_c = np.concatenate([self._temperature_c, more_c])
        self._series = self._cleaned(series)
        days, _ = wall_clock(series.time_ns[[before.time_ns.size - 1, -1]], series.zone, series.step)
        if days[1] > days[0]:
            self._recalibrate(0)
        else:
            self._extend(before.time_ns.size)

    def predict(self, now_ns: int, *, n_times: int | None = None, temperature: SiteOutlook | None = None) -> Forecast:
        """Forecast the intervals that begin at or after an instant.

        Parameters
        ----------
        now_ns : int
            Instant of issue; the model must have heard of nothing that ends after it. [ns]
        n_times : int, optional
            Number of intervals; left out, two days.
        temperature : SiteOutlook, optional
            Temperature forecast as known by then. [degC]

        Returns
        -------
        Forecast
            Median and 99 quantiles of each interval, with notes on what was missing.

        Raises
        ------
        LookAheadError
            If the model, or the temperature, knows more than could be known.
        StaleDataError
            If the meter has been silent for a week.
        """
        series, learned = self._known()
        time_ns, lead, notes = intervals_ahead(series, now_ns, n_times)
        temperature_c, more = self._expected_c(time_ns, now_ns, temperature)
        walked = self._walked_today(series, learned)
        day, slot = wall_clock(time_ns, series.zone, series.step)
        terms = learned.means.terms(walked, day, slot, day - 1, temperature_c)
        spread_kw = learned.means.spread_kw(walked, day, slot, day - 1)
        n_slots, weights = steps_per_day(series.step), learned.weights
        daily_kw = np.where(lead <= n_slots, weights.daily_kw(terms, 0), weights.daily_kw(terms, 1))
        below, share = between_nodes(learned.bands.nodes, lead)
        carried = weights.carried[below] * (1.0 - share)[:, None] + weights.carried[below + 1] * share[:, None]
        known = self._carried_now(series, day, slot)
        level_kw = np.broadcast_to(latest(series.values_kw)[-1], lead.shape)
        known = np.column_stack([known, level_beyond(level_kw, daily_kw, spread_kw)])
        middle_kw = daily_kw + spread_kw * np.sum(carried * known, axis=1)
        has_c = np.all(np.isfinite(terms[:, N_MEANS:]), axis=1)
        widening = np.where(has_c, 1.0, weights.widening) * np.sqrt(np.maximum(lead / learned.bands.nodes[-1], 1.0))
        errors = learned.bands.at(lead, np.zeros(lead.size, dtype=np.int64), widening)
        quantiles_kw = np.maximum(middle_kw[:, None] + spread_kw[:, None] * errors, 0.0)
        levels = percent_levels()
        return Forecast(
            time_ns=time_ns, known_at_ns=now_ns, point=quantiles_kw[:, levels.size // 2].copy(),
            quantiles=Quantiles(levels=levels, values=np.sort(quantiles_kw, axis=1)), unit="kW", model="site load",
            notes=(*self._notes, *notes, *more), is_synthetic=series.is_synthetic,
        )  # fmt: skip

    def _known(self) -> tuple[SiteSeries, _Learned]:
        if self._series is None or self._learned is None:
            message = "SiteLoadModel has learned nothing yet; call fit with the history of the site first"
            raise StaleDataError(message)
        return self._series, self._learned

    def _cleaned(self, series: SiteSeries) -> SiteSeries:
        """Take out zeros of a silent meter, and note how many."""
        silent: BoolArray = silent_zeros(series)
        n_silent = int(silent.sum())
        self._notes = ()
        if n_silent:
            first = from_ns(int(series.time_ns[np.argmax(silent)])).isoformat()
            self._notes = (f"{n_silent} zeros of a silent meter, the first at {first}, count as missing",)
        return replace(series, values_kw=np.where(silent, np.nan, series.values_kw))

    def _recalibrate(self, n_hold: int) -> None:
        """Learn anew; errors of intervals that came since set the width, at first those of the last `n_hold`."""
        assert self._series is not None
        series = self._series.tail(MEMORY_DAYS)
        n_dropped = self._series.time_ns.size - series.time_ns.size
        self._series = series
        if self._temperature_c is not None:
            self._temperature_c = self._temperature_c[n_dropped:]
        all_c = self._past_c(series)
        past = LoadPast(series, all_c, self._free_days)
        nodes = lead_nodes(past.n_slots)
        number = np.zeros((nodes.size, series.time_ns.size), dtype=np.int64)
        age_days = past.grid.day[-1] - past.grid.day
        weight = np.where(age_days < _BAND_DAYS, 0.5 ** (age_days / _BAND_HALF_LIFE_DAYS), 0.0)
        before, scale = self._learned, np.ones(nodes.size)
        if before is not None:
            new = slice(max(before.end_index - n_dropped, 0), None)
            scale = before.bands.scaled_after(past.errors(before.weights, nodes)[:, new], number[:, new], past.n_slots)
        elif n_hold:
            early = replace(series, time_ns=series.time_ns[:-n_hold], values_kw=series.values_kw[:-n_hold])
            trial_past = LoadPast(early, all_c[:-n_hold], self._free_days)
            trial = learn(trial_past, nodes)
            kept = number[:, :-n_hold]
            bands = ErrorBands.of(nodes, trial_past.errors(trial, nodes), weight[:-n_hold], kept, 1)
            scale = bands.scaled_to(past.errors(trial, nodes)[:, -n_hold:], number[:, -n_hold:])
        weights = learn(past, nodes)
        bands = ErrorBands.of(nodes, past.errors(weights, nodes), weight, number, 1)
        bands = bands.with_scale(scale, None if before is None else before.bands)
        self._standard = past.standard(weights, 0)
        last = past.walked.tail(3)
        self._learned = _Learned(past.kinds_name, past.means, last, series.time_ns.size, weights, bands)

    def _extend(self, n_before: int) -> None:
        """Errors of intervals that came since the recalibration, by what was learned then."""
        series, learned = self._known()
        new_ns = series.time_ns[n_before:]
        temperature_c = self._past_c(series)[n_before:]
        day, slot = wall_clock(new_ns, series.zone, series.step)
        terms = learned.means.terms(learned.last, day, slot, day - 1, temperature_c)
        spread_kw = learned.means.spread_kw(learned.last, day, slot, day - 2)
        error = (series.values_kw[n_before:] - learned.weights.daily_kw(terms, 0)) / spread_kw
        self._standard = np.concatenate([self._standard, error])

    def _past_c(self, series: SiteSeries) -> FloatArray:
        if self._temperature_c is None:
            return np.full(series.time_ns.size, _NO_TEMPERATURE_C)
        return self._temperature_c

    def _walked_today(self, series: SiteSeries, learned: _Learned) -> WalkedMeans:
        """Means with what came since the last whole day pushed on."""
        n_slots = steps_per_day(series.step)
        first = learned.last.first_day + learned.last.load_kw.shape[0]
        keep = slice(max(series.time_ns.size - 3 * n_slots, 0), None)
        tail = replace(series, time_ns=series.time_ns[keep], values_kw=series.values_kw[keep])
        grid = DayGrid.of(tail)
        rows = slice(max(first - grid.first_day, 0), None)
        laid_kw, laid_c = grid.laid(tail.values_kw)[rows], grid.laid(self._past_c(series)[keep])[rows]
        if not laid_kw.shape[0]:
            return learned.last
        return learned.last.joined(learned.means.copy().walk(first, laid_kw, laid_c))

    def _carried_now(self, series: SiteSeries, day: IntArray, slot: IntArray) -> FloatArray:
        """Errors known now for each interval ahead, shape (n_times, n_carried)."""
        n_slots = steps_per_day(series.step)
        last = int(np.flatnonzero(np.isfinite(series.values_kw))[-1])
        keep = slice(max(last + 1 - 8 * n_slots, 0), last + 1)
        recent = recent_means(self._standard[keep], n_slots)[-1]
        tail = replace(series, time_ns=series.time_ns[keep], values_kw=series.values_kw[keep])
        grid = DayGrid.of(tail)
        laid = np.clip(grid.laid(self._standard[keep]), -ERROR_MAX, ERROR_MAX)
        row = np.clip(day - 1 - grid.first_day, 0, laid.shape[0] - 1)
        same = laid[row, slot]
        earlier = laid[np.maximum(row - 1, 0), slot]
        same_slot = np.nan_to_num(np.where(np.isfinite(same), same, earlier))
        return np.column_stack([np.broadcast_to(recent, (day.size, recent.size)), same_slot])

    def _expected_c(
        self, time_ns: IntArray, now_ns: int, temperature: SiteOutlook | None
    ) -> tuple[FloatArray, tuple[str, ...]]:
        """Temperature of the intervals ahead, NaN where none is known, and a note where that widens."""
        if self._temperature_c is None:
            note = "temperature given, but none was learned from; fit with the temperature of the past"
            return np.full(time_ns.size, _NO_TEMPERATURE_C), () if temperature is None else (note,)
        expected_c = np.full(time_ns.size, np.nan) if temperature is None else temperature.at(time_ns, now_ns)
        n_missing = int(np.isnan(expected_c).sum())
        if not n_missing:
            return expected_c, ()
        note = f"temperature missing in {n_missing} of {time_ns.size} intervals: usual weather, wider there"
        return expected_c, (note,)
