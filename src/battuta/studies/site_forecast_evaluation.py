"""How good forecasts of a site are: issued through the day over days that nobody learned from, scored by lead time.

Beside each stand three that need no model: the last value, the same time a day before, and a week before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import numpy as np

from battuta.domain.errors import DataError
from battuta.domain.forecast import Forecast
from battuta.domain.time import NS_PER_HOUR, duration_ns, from_ns
from battuta.forecast.site_series import SiteSeries, steps_per_day
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.numerics.scores import coverage, crps_from_quantiles, mae

BANDS_H: tuple[tuple[float, float], ...] = ((0.0, 1.0), (1.0, 6.0), (6.0, 24.0), (24.0, 48.0))
"""Bands of lead time, from the issue to the start of the interval. [h]"""


class SiteModel(Protocol):
    """A model that has been fitted on what came before."""

    def update(self, time_ns: IntArray, values_kw: FloatArray, /) -> None:
        """Take intervals that have ended."""
        ...

    def predict(self, now_ns: int, /) -> Forecast:
        """Forecast from an instant on."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BandScore:
    """Scores of one band of lead time.

    Attributes
    ----------
    low_h, high_h : float
        Ends of the band. [h]
    n_values : int
        Values scored; where there are none the scores are NaN.
    mae_kw : float
        Mean absolute error of the median. [kW]
    mae_last_kw, mae_yesterday_kw, mae_week_kw : float
        The same of the last value, of the latest value at that time of day, and of a week before. [kW]
    crps_kw : float
        Twice the mean pinball loss of 99 quantiles. [kW]
    coverage_90 : float
        Share inside the 90 % interval, where it has a width. [-]
    """

    low_h: float
    high_h: float
    n_values: int
    mae_kw: float
    mae_last_kw: float
    mae_yesterday_kw: float
    mae_week_kw: float
    crps_kw: float
    coverage_90: float


@dataclass(frozen=True, slots=True, eq=False)
class _Issues:
    """All that was said, and what came, shape (n_issues, n_times)."""

    came_kw: FloatArray
    forecasts: tuple[Forecast, ...]
    naive_kw: tuple[FloatArray, FloatArray, FloatArray]

    def point_kw(self) -> FloatArray:
        return np.stack([each.point for each in self.forecasts])

    def quantiles_kw(self) -> FloatArray:
        return np.stack([each.quantiles.values for each in self.forecasts])


def evaluate_site(
    model: SiteModel, series: SiteSeries, start_ns: int, issue_every: timedelta = timedelta(minutes=105)
) -> tuple[BandScore, ...]:
    """Forecast again and again through a held-out time, and score by lead.

    Parameters
    ----------
    model : SiteModel
        Fitted on what ended by the start.
    series : SiteSeries
        The site, the held-out time at its end.
    start_ns : int
        Instant at which the held-out time begins. [ns]
    issue_every : timedelta
        Time from one issue to the next; the default passes through all quarters of the day.

    Returns
    -------
    tuple of BandScore
        One for each of `BANDS_H`.

    Raises
    ------
    DataError
        If the series has no week before the start, or nothing after it.
    """
    step_ns = duration_ns(series.step)
    first = (start_ns - int(series.time_ns[0])) // step_ns
    n_day = steps_per_day(series.step)
    if first < 7 * n_day or first >= series.time_ns.size:
        message = f"{series.name}: the test begins {from_ns(start_ns).isoformat()}; give a week before, days after"
        raise DataError(message)
    every = max(duration_ns(issue_every) // step_ns, 1)
    issues = range(first, series.time_ns.size, every)
    forecasts: list[Forecast] = []
    for now in issues:
        if now > first:
            model.update(series.time_ns[now - every : now], series.values_kw[now - every : now])
        forecasts.append(model.predict(int(series.time_ns[now])))
    return _scored(_gathered(series, np.array(issues, dtype=np.int64), tuple(forecasts), n_day), series)


def _gathered(series: SiteSeries, issues: IntArray, forecasts: tuple[Forecast, ...], n_day: int) -> _Issues:
    """What came, and what the naive forecasts said at each issue."""
    n_times = forecasts[0].time_ns.size
    ahead = np.arange(n_times)
    padded = np.concatenate([series.values_kw, np.full(n_times, np.nan)])
    target = issues[:, None] + ahead
    days = 1 + ahead // n_day
    last = np.broadcast_to(padded[issues - 1][:, None], target.shape)
    return _Issues(padded[target], forecasts, (last, padded[target - days * n_day], padded[target - 7 * n_day]))


def _scored(issues: _Issues, series: SiteSeries) -> tuple[BandScore, ...]:
    point_kw, quantiles_kw = issues.point_kw(), issues.quantiles_kw()
    step_h = duration_ns(series.step) / NS_PER_HOUR
    lead_h: FloatArray = step_h * np.arange(point_kw.shape[1], dtype=np.float64)
    naive_known: BoolArray = np.all(np.isfinite(np.stack(issues.naive_kw)), axis=0)
    came_kw = np.where(naive_known, issues.came_kw, np.nan)
    levels = issues.forecasts[0].quantiles.levels
    scores: list[BandScore] = []
    for low_h, high_h in BANDS_H:
        band: BoolArray = (lead_h >= low_h) & (lead_h < high_h)
        naive_kw = [each[:, band] for each in issues.naive_kw]
        came, point = came_kw[:, band], point_kw[:, band]
        scores.append(_band_score((low_h, high_h), came, point, naive_kw, levels, quantiles_kw[:, band]))
    return tuple(scores)


def _band_score(
    ends_h: tuple[float, float],
    came_kw: FloatArray,
    point_kw: FloatArray,
    naive_kw: Sequence[FloatArray],
    levels: FloatArray,
    quantiles_kw: FloatArray,
) -> BandScore:
    """Scores of a band; NaN where nothing of it came, as where the test is shorter than its leads."""
    low, high = (int(np.argmin(np.abs(levels - each))) for each in (0.05, 0.95))
    lower, upper = quantiles_kw[..., low], quantiles_kw[..., high]
    wide = np.where(upper > 0.0, came_kw, np.nan)
    n_values = int(np.isfinite(came_kw).sum())
    last, yesterday, week = (mae(came_kw, each) if n_values else np.nan for each in naive_kw)
    return BandScore(
        low_h=ends_h[0],
        high_h=ends_h[1],
        n_values=n_values,
        mae_kw=mae(came_kw, point_kw) if n_values else np.nan,
        mae_last_kw=last,
        mae_yesterday_kw=yesterday,
        mae_week_kw=week,
        crps_kw=crps_from_quantiles(came_kw, levels, quantiles_kw) if n_values else np.nan,
        coverage_90=coverage(lower, upper, wide) if np.isfinite(wide).any() else np.nan,
    )


def mean_scores(scores: Sequence[Sequence[BandScore]], scale_kw: Sequence[float]) -> tuple[BandScore, ...]:
    """Mean over sites, each measured by its own size, so that a large one does not speak for all.

    Parameters
    ----------
    scores : sequence of sequence of BandScore
        Scores of each site.
    scale_kw : sequence of float
        Size of each site, such as its mean load. [kW]

    Returns
    -------
    tuple of BandScore
        Errors as shares of that size; coverage as it is. A site without a value in a band does not count there.
    """
    means: list[BandScore] = []
    for band in zip(*scores, strict=True):

        def share(name: str, band: tuple[BandScore, ...] = band) -> float:
            return _mean_known(
                [float(getattr(each, name)) / size for each, size in zip(band, scale_kw, strict=True)]
            )  # fmt: skip

        means.append(
            BandScore(
                low_h=band[0].low_h,
                high_h=band[0].high_h,
                n_values=sum(each.n_values for each in band),
                mae_kw=share("mae_kw"),
                mae_last_kw=share("mae_last_kw"),
                mae_yesterday_kw=share("mae_yesterday_kw"),
                mae_week_kw=share("mae_week_kw"),
                crps_kw=share("crps_kw"),
                coverage_90=_mean_known([each.coverage_90 for each in band]),
            )
        )
    return tuple(means)


def _mean_known(values: Sequence[float]) -> float:
    """Mean of what is known, NaN where nothing is."""
    known = [each for each in values if not np.isnan(each)]
    return float(np.mean(known)) if known else np.nan
