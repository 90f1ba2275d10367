"""A test of forecasts made by hand: prices of a wave, errors and widths that are known exactly."""

from datetime import UTC, datetime, timedelta
from statistics import NormalDist

import numpy as np

from battuta.domain.forecast import percent_levels
from battuta.domain.prices import History, PriceSeries
from battuta.domain.time import NS_PER_HOUR, ClockKind, to_ns
from battuta.forecast.day_table import DayTable
from battuta.interfaces.reports.forecast_record import forecast_record
from battuta.studies.forecast_evaluation import ForecastEvaluation
from battuta.studies.forecast_scores import score_forecasts

N_BEFORE = 14
SPREAD = 5.0


def price_series(n_days, steps_per_hour=1, **changes):
    n_times = 24 * steps_per_hour * (N_BEFORE + n_days)
    hours = np.arange(n_times) / steps_per_hour
    facts = {
        "time_ns": to_ns(datetime(2026, 1, 4, 23, tzinfo=UTC)) + (hours * NS_PER_HOUR).astype(np.int64),
        "price_per_mwh": 40.0 - 30.0 * np.sin(hours * np.pi / 12.0),
        "step": timedelta(hours=1) / steps_per_hour,
        "currency": "EUR",
        "zone": "Europe/Berlin",
        "source": "a test",
    }
    return PriceSeries(**(facts | changes))


def benchmark(n_days, **changes):
    return price_series(n_days, clock=ClockKind.LOCAL_24H, zone="local_24h", **changes)


def evaluation(n_days=60, *, prices=None, steps_per_hour=1, seed=3, width=1.0, missing=(), **changes):
    """Errors are normal with a spread of 5; quantiles are those of that normal law, times `width`.

    The first test day is Monday 2026-01-19; `missing` names days of the test without prices.
    """
    prices = prices or price_series(n_days, steps_per_hour)
    table = DayTable(History(prices))
    price = table.prices_per_mwh(N_BEFORE, N_BEFORE + n_days).copy()
    price[list(missing)] = np.nan
    errors = np.random.default_rng(seed).normal(0.0, SPREAD, price.shape)
    clean = table.prices_per_mwh(N_BEFORE, N_BEFORE + n_days)
    point = clean - errors
    law = np.array([NormalDist(0.0, SPREAD * width).inv_cdf(level) for level in percent_levels()])
    facts = {
        "prices": prices,
        "model": "linear+kernel+trees",
        "days": tuple(range(N_BEFORE, N_BEFORE + n_days)),
        "dates": table.dates[N_BEFORE : N_BEFORE + n_days],
        "price_per_mwh": price,
        "point": point,
        "quantiles": point[..., None] + law,
        "naive": clean + 2.0 * SPREAD,
        "weekly": clean - 4.0 * SPREAD,
        "members": {
            "kernel": point + 1.0,
            "lear_1092d": point + 4.0,
            "lear_56d": point - 4.0,
            "bent_112d": point + 2.0,
            "trees": np.full(point.shape, np.nan),
        },
        "errors_before": np.random.default_rng(seed + 1).normal(0.0, SPREAD, (40, price.shape[1])),
        "notes": tuple(("without trees: too little history",) for _ in range(n_days)),
    }
    return ForecastEvaluation(**(facts | changes))


def record(made=None, published=None, assumptions=(), scored=None, **changes):
    made = made or evaluation(**changes)
    return forecast_record(made, score_forecasts(scored or made), published or {}, assumptions)
