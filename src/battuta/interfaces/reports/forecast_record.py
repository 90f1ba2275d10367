"""What a report of a forecast test is drawn from: who said what, what came, and how far apart they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from battuta.domain.errors import UsageError
from battuta.domain.time import duration_ns
from battuta.forecast.price_model import by_family
from battuta.interfaces.reports.wall_clock import NS_PER_MS, WallClock
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.studies.forecast_evaluation import ForecastEvaluation
from battuta.studies.forecast_scores import ForecastScores, baseline_quantiles

MS_PER_DAY = 86_400_000
_EPOCH_ORDINAL = 719_163
_DAYS_PER_QUARTER = 91
_SPOKEN = {
    "lear": "LEAR, mean of windows",
    "bent": "bent LEAR, mean of windows",
    "linear": "LEAR and bent LEAR, mean",
    "kernel": "Gaussian process over days",
    "trees": "boosted trees",
}
_WINDOWS_SPOKEN = {"lear": "LEAR", "bent": "bent LEAR"}


class Kind(Enum):
    """What a forecast is to the report."""

    FORECAST = "this forecast"
    PART = "its parts, alone"
    PUBLISHED = "published"
    YARDSTICK = "yardsticks without a model"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PointForecast:
    """One number per interval, by somebody.

    Attributes
    ----------
    name : str
        Who said it, in plain words.
    kind : Kind
        What it is to the report.
    values : ndarray, shape (n_days, n_slots)
        The forecast, NaN where there is none. [currency/MWh]
    """

    name: str
    kind: Kind
    values: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ForecastRecord:
    """A test of forecasts, laid out for its report.

    Attributes
    ----------
    evaluation : ForecastEvaluation
        What was issued and what came.
    scores : ForecastScores
        What it amounts to.
    label : str
        What must stand on page and figures: ``SYNTHETIC``, benchmark clock, assumptions.
    forecasts : tuple of PointForecast
        The forecast first, then its parts, published ones and yardsticks.
    baseline : ndarray, shape (n_days, n_slots, 99)
        Rolling error quantiles around the same point forecast. [currency/MWh]
    """

    evaluation: ForecastEvaluation
    scores: ForecastScores
    label: str
    forecasts: tuple[PointForecast, ...]
    baseline: FloatArray

    @property
    def unit(self) -> str:
        """Unit of prices and errors."""
        return f"{self.evaluation.prices.currency}/MWh"

    @property
    def price_per_mwh(self) -> FloatArray:
        """What came, shape (n_days, n_slots). [currency/MWh]"""
        return self.evaluation.price_per_mwh

    @property
    def n_days(self) -> int:
        """Number of scored days."""
        return len(self.evaluation.dates)

    @property
    def n_slots(self) -> int:
        """Slots of a day."""
        return int(self.price_per_mwh.shape[1])

    @property
    def slot_ms(self) -> float:
        """Length of a slot. [ms]"""
        return duration_ns(self.evaluation.prices.step) / NS_PER_MS

    @property
    def published(self) -> tuple[PointForecast, ...]:
        """The forecasts that others published."""
        return tuple(each for each in self.forecasts if each.kind is Kind.PUBLISHED)

    @property
    def similar_day(self) -> PointForecast:
        """The yardstick that figures show beside the forecast."""
        return next(each for each in self.forecasts if each.kind is Kind.YARDSTICK)

    @property
    def day_ms(self) -> FloatArray:
        """Midnight of each day on a time axis of wall-clock labels, shape (n_days,). [ms]"""
        ordinals = np.array([each.toordinal() for each in self.evaluation.dates], dtype=np.float64)
        return (ordinals - _EPOCH_ORDINAL) * MS_PER_DAY

    @property
    def clock_words(self) -> str:
        """Which clock the time axes show, and what became of a day that changed it."""
        prices, days = self.evaluation.prices, self.evaluation.days
        clock, table = WallClock.of(prices), prices.days()
        start, stop = table.steps(days[0]).start, table.steps(days[-1]).stop
        if not clock.is_changed_within(prices.time_ns[start:stop]):
            return clock.words
        return f"{clock.words}; where clocks change, a skipped hour shows the mean of its neighbours"

    def errors(self, values: FloatArray) -> FloatArray:
        """Absolute errors of a forecast, NaN where it or the price is missing, shape (n_days, n_slots)."""
        return np.abs(self.price_per_mwh - values)

    def daily_mae(self, values: FloatArray) -> FloatArray:
        """Mean absolute error of each day, NaN for days without any, shape (n_days,). [currency/MWh]"""
        return mean_known(self.errors(values), axis=1)

    def quarters(self) -> list[slice]:
        """Days of each quarter of the scores, in order."""
        n_quarters = len(self.scores.coverage_90_quarters)
        starts = [_DAYS_PER_QUARTER * each for each in range(n_quarters)]
        return [slice(start, stop) for start, stop in zip(starts, [*starts[1:], self.n_days], strict=True)]

    def is_inside_90(self) -> tuple[BoolArray, BoolArray]:
        """Say which prices lay in the 90 % band, and which are known, each shape (n_days, n_slots)."""
        price, quantiles = self.price_per_mwh, self.evaluation.quantiles
        return (quantiles[..., 4] <= price) & (price <= quantiles[..., 94]), np.isfinite(price)


def forecast_record(
    evaluation: ForecastEvaluation,
    scores: ForecastScores,
    published: Mapping[str, FloatArray],
    assumptions: Sequence[str] = (),
) -> ForecastRecord:
    """Lay out a test for its report.

    Parameters
    ----------
    evaluation : ForecastEvaluation
        What was issued and what came.
    scores : ForecastScores
        Its figures.
    published : mapping of str to ndarray, shape (n_days, n_slots)
        Forecasts of others for the same days, NaN where there is none. [currency/MWh]
    assumptions : sequence of str
        What the test took for granted; stands beside the label of the prices.

    Returns
    -------
    ForecastRecord
        The record.

    Raises
    ------
    UsageError
        If a published forecast has another shape, or no value where there is a price.
    """
    for name, values in published.items():
        _check(name, values, evaluation.price_per_mwh)
    return ForecastRecord(
        evaluation=evaluation,
        scores=scores,
        label="; ".join(filter(None, [evaluation.prices.money_label, *assumptions])),
        forecasts=(
            PointForecast(name="this forecast", kind=Kind.FORECAST, values=evaluation.point),
            *_parts(evaluation),
            *(PointForecast(name=each, kind=Kind.PUBLISHED, values=published[each]) for each in published),
            PointForecast(name="similar day", kind=Kind.YARDSTICK, values=evaluation.naive),
            PointForecast(name="a week before", kind=Kind.YARDSTICK, values=evaluation.weekly),
        ),
        baseline=baseline_quantiles(evaluation),
    )


def member_name(name: str) -> str:
    """Say in plain words which part of the forecast a member is.

    Examples
    --------
    >>> member_name("lear_56d"), member_name("trees")
    ('LEAR, 56 days', 'boosted trees')
    """
    family, _, window = name.partition("_")
    if family in _WINDOWS_SPOKEN and window[:-1].isdigit():
        return f"{_WINDOWS_SPOKEN[family]}, {int(window[:-1]):,} days"
    return _SPOKEN.get(name, name)


def mean_known(values: FloatArray, axis: int) -> FloatArray:
    """Mean over the numbers of an axis, NaN where there is none.

    Examples
    --------
    >>> mean_known(np.array([[1.0, np.nan, 3.0], [np.nan, np.nan, np.nan]]), axis=1)
    array([ 2., nan])
    """
    known = np.isfinite(values)
    count: IntArray = np.sum(known, axis=axis)
    total = np.sum(np.where(known, values, 0.0), axis=axis)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _parts(evaluation: ForecastEvaluation) -> list[PointForecast]:
    """Every member that said anything, and after the windows of a family their mean."""
    said = {name: each for name, each in evaluation.members.items() if np.isfinite(each).any()}
    families = by_family(said)
    ordered: dict[str, FloatArray] = {}
    for family, mean in families.items():
        windows = sorted((name for name in said if name.startswith(f"{family}_")), key=_window_days)
        ordered |= {name: said[name] for name in windows} | {family: mean}
    return [PointForecast(name=member_name(name), kind=Kind.PART, values=each) for name, each in ordered.items()]


def _window_days(name: str) -> int:
    digits = "".join(each for each in name if each.isdigit())
    return int(digits) if digits else 0


def _check(name: str, values: FloatArray, price_per_mwh: FloatArray) -> None:
    if values.shape != price_per_mwh.shape:
        message = (
            f"published forecast {name!r} has the shape {values.shape}, the test {price_per_mwh.shape}; "
            "give it one row per test day and one value per slot"
        )
        raise UsageError(message)
    if not np.isfinite(values - price_per_mwh).any():
        message = f"published forecast {name!r} has no value in any of the {price_per_mwh.shape[0]} test days"
        raise UsageError(message)
