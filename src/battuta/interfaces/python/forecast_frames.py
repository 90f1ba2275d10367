"""Forecasts as data frames: a row per forecast that was scored, or a row per interval."""

from __future__ import annotations

import numpy as np
import polars as pl

from battuta.domain.forecast import N_LEVELS
from battuta.domain.prices import History, PriceSeries
from battuta.forecast.day_table import DayTable
from battuta.numerics import scores as scoring
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.studies.forecast_evaluation import ForecastEvaluation
from battuta.studies.forecast_issue import IssuedForecast
from battuta.studies.forecast_scores import ForecastScores, relative_mae

QUANTILES = tuple(f"q{percent:02d}" for percent in range(1, N_LEVELS + 1))
"""Columns of the quantiles."""


def score_frame(evaluation: ForecastEvaluation, scores: ForecastScores) -> pl.DataFrame:
    """One row per forecast: the one that was issued, its members, the similar day; widths belong to the first alone."""
    price, weekly = evaluation.price_per_mwh, evaluation.weekly
    others = {name: values for name, values in evaluation.members.items() if np.isfinite(price + values).any()}
    others["similar_day"] = evaluation.naive
    rows: list[dict[str, str | float | None]] = [
        {
            "forecast": evaluation.model,
            "mae": scores.mae,
            "rmae": scores.rmae,
            "smape": scores.smape,
            "rmse": scores.rmse,
            "crps": scores.crps,
            "coverage_90": scores.coverage_90,
        }
    ]
    rows += [
        {
            "forecast": name,
            "mae": scoring.mae(price, values),
            "rmae": relative_mae(price, values, weekly),
            "smape": scoring.smape(price, values),
            "rmse": scoring.rmse(price, values),
            "crps": None,
            "coverage_90": None,
        }
        for name, values in others.items()
    ]
    return pl.DataFrame(rows)


def evaluation_frame(evaluation: ForecastEvaluation) -> pl.DataFrame:
    """One row per interval of the test: price, point, members, 99 quantiles, and the gate at which it was issued."""
    prices = evaluation.prices
    history = History(prices)
    table = DayTable(history)
    parts = [history.days.steps(day) for day in evaluation.days]
    steps: IntArray = np.concatenate([np.arange(*part.indices(prices.n_times), dtype=np.int64) for part in parts])
    gates = [table.gate_ns(day) for day in evaluation.days]

    def laid(values: FloatArray) -> FloatArray:
        return np.concatenate([table.on_steps(day, values[at]) for at, day in enumerate(evaluation.days)])

    return _frame(
        prices,
        prices.time_ns[steps],
        laid(evaluation.point),
        {name: laid(values) for name, values in evaluation.members.items()},
        laid(evaluation.quantiles),
        np.repeat(np.array(gates, dtype=np.int64), [part.stop - part.start for part in parts]),
        price=prices.price_per_mwh[steps],
    )


def issued_frame(issued: IssuedForecast) -> pl.DataFrame:
    """One row per interval of the day that was forecast: point, members, 99 quantiles and the gate."""
    forecast = issued.forecast
    known_at_ns = np.full(forecast.time_ns.shape[0], forecast.known_at_ns)
    members, quantiles = dict(forecast.members), forecast.quantiles.values
    return _frame(issued.prices, forecast.time_ns, forecast.point, members, quantiles, known_at_ns)


def path_frame(issued: IssuedForecast) -> pl.DataFrame:
    """One row per joint course and interval: number of the path, time, price; no rows where none were drawn."""
    prices, paths = issued.prices, issued.paths
    values = np.empty((0, issued.forecast.time_ns.shape[0])) if paths is None else paths.values
    time_ns = np.tile(issued.forecast.time_ns, values.shape[0])
    return pl.DataFrame(
        [
            pl.Series("path", np.repeat(np.arange(values.shape[0]), values.shape[1])),
            _stamps("time", time_ns, prices),
            pl.Series("price", values.ravel()),
            pl.Series("is_synthetic", [prices.is_synthetic] * time_ns.shape[0]),
        ]
    )


def _frame(
    prices: PriceSeries,
    time_ns: IntArray,
    point: FloatArray,
    members: dict[str, FloatArray],
    quantiles: FloatArray,
    known_at_ns: IntArray,
    *,
    price: FloatArray | None = None,
) -> pl.DataFrame:
    return pl.DataFrame(
        [
            _stamps("time", time_ns, prices),
            *([] if price is None else [pl.Series("price", price)]),
            pl.Series("point", point),
            *(pl.Series(name, values) for name, values in members.items()),
            *(pl.Series(name, np.ascontiguousarray(quantiles[:, at])) for at, name in enumerate(QUANTILES)),
            _stamps("known_at", known_at_ns, prices),
            pl.Series("is_synthetic", [prices.is_synthetic] * time_ns.shape[0]),
        ]
    )


def _stamps(name: str, time_ns: IntArray, prices: PriceSeries) -> pl.Series:
    """Aware UTC times, or naive labels on the benchmark clock."""
    stamps = pl.Series(name, time_ns // 1_000).cast(pl.Datetime("us"))
    return stamps if prices.is_benchmark else stamps.dt.replace_time_zone("UTC")
