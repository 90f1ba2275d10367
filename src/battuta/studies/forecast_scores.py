"""What a test of forecasts amounts to: errors, widths and shape, beside the yardsticks of the field."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.forecast.error_quantiles import WINDOW_DAYS, error_quantiles
from battuta.numerics import scores
from battuta.numerics.arrays import FloatArray
from battuta.studies.forecast_evaluation import ForecastEvaluation

_LOW, _HIGH = 4, 94  # places of 5 % and 95 % among the 99 levels
_DAYS_PER_QUARTER = 91
_QUARTER_DAYS_MIN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastScores:
    """Figures of a test.

    Attributes
    ----------
    days : int
        Scored days.
    mae, rmse : float
        Mean absolute and root mean square error of the point forecast. [currency/MWh]
    rmae : float
        MAE over that of the prices of a week before; NaN where those were exactly right. [-]
    smape : float
        Symmetric mean absolute error, a fraction. [-]
    mae_naive : float
        MAE of the similar-day forecast. [currency/MWh]
    mae_members : dict of str to float
        MAE of each part, and of the mean of all LEAR windows as ``lear``. [currency/MWh]
    crps : float
        Twice the mean pinball loss of 99 quantiles. [currency/MWh]
    crps_baseline : float
        The same of rolling 182-day error quantiles around the same point forecast. [currency/MWh]
    coverage_90 : float
        Share of prices inside the band from 5 to 95 %. [-]
    coverage_90_quarters : tuple of float
        The same for each quarter of 91 days, in order; a rest shorter than 60 days joins the one before. [-]
    """

    days: int
    mae: float
    rmse: float
    rmae: float
    smape: float
    mae_naive: float
    mae_members: dict[str, float]
    crps: float
    crps_baseline: float
    coverage_90: float
    coverage_90_quarters: tuple[float, ...]


def score_forecasts(evaluation: ForecastEvaluation) -> ForecastScores:
    """Score a test.

    Parameters
    ----------
    evaluation : ForecastEvaluation
        What was issued and what came.

    Returns
    -------
    ForecastScores
        The figures; intervals without a price are left out.
    """
    price, point = evaluation.price_per_mwh, evaluation.point
    members = dict(evaluation.members)
    windows = [each for name, each in members.items() if name.startswith("lear_")]
    if windows:
        members["lear"] = np.mean(windows, axis=0)
    low, high = evaluation.quantiles[..., _LOW], evaluation.quantiles[..., _HIGH]
    return ForecastScores(
        days=len(evaluation.days),
        mae=scores.mae(price, point),
        rmse=scores.rmse(price, point),
        rmae=relative_mae(price, point, evaluation.weekly),
        smape=scores.smape(price, point),
        mae_naive=scores.mae(price, evaluation.naive),
        mae_members={name: scores.mae(price, each) for name, each in members.items() if np.isfinite(each).any()},
        crps=scores.crps_from_quantiles(price, evaluation.levels, evaluation.quantiles),
        crps_baseline=scores.crps_from_quantiles(price, evaluation.levels, baseline_quantiles(evaluation)),
        coverage_90=scores.coverage(low, high, price),
        coverage_90_quarters=tuple(
            scores.coverage(low[part], high[part], price[part]) for part in _quarters(len(evaluation.days))
        ),
    )


def relative_mae(price_per_mwh: FloatArray, forecast: FloatArray, weekly: FloatArray) -> float:
    """MAE over that of the prices of a week before, NaN where it is not defined: those are unknown, or exactly right.

    Parameters
    ----------
    price_per_mwh, forecast, weekly : ndarray, any shape
        What came, what was said, and the prices of a week before. [currency/MWh]

    Returns
    -------
    float
        Below 1 where the forecast is better. [-]
    """
    known = np.isfinite(price_per_mwh) & np.isfinite(forecast) & np.isfinite(weekly)
    if not known.any() or not np.any(price_per_mwh[known] != weekly[known]):
        return float("nan")
    return scores.rmae(price_per_mwh, forecast, weekly)


def baseline_quantiles(evaluation: ForecastEvaluation) -> FloatArray:
    """Rolling 182-day error quantiles around the issued point forecast, shape (n_days, n_slots, 99). [currency/MWh]"""
    errors = np.concatenate([evaluation.errors_before, evaluation.price_per_mwh - evaluation.point])
    n_before = evaluation.errors_before.shape[0]
    return np.array(
        [
            error_quantiles(point, errors[max(day + n_before - WINDOW_DAYS, 0) : day + n_before], evaluation.levels)
            for day, point in enumerate(evaluation.point)
        ]
    )


def _quarters(n_days: int) -> list[slice]:
    starts = list(range(0, n_days, _DAYS_PER_QUARTER))
    if len(starts) > 1 and n_days - starts[-1] < _QUARTER_DAYS_MIN:
        starts.pop()
    return [slice(start, stop) for start, stop in zip(starts, [*starts[1:], n_days], strict=True)]
