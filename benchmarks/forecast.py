"""Day-ahead forecasts of a market against the published table, with widths, paths, speed and worth in a battery.

`python benchmarks/forecast.py --market DE --json` prints one object and ends with 1 where a goal is not met. Markets of
the open benchmark (NP, FR, DE) are scored on their last 728 days, which nothing was chosen on, beside the forecasts
that were published for them; those are compared with and never learned from. `DDNN` is the German set of the
distributional-network paper, scored from 2019-06-27. ENTSO-E zones (E_FR, E_FI, E_PT, E_CH, E_DE_LU) are scored year by
year from 2017 with what is published before the gate, and with `--late-columns` as if the rest were, too.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the days run side by side; BLAS would fight them for the cores

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from figures import DATA, NOT_RUN, ROOT, Figure, answer, peak_memory_mb, questions, say

from battuta.adapters.compute.local import LocalCompute
from battuta.app.assets import site_from_file
from battuta.app.prices import PriceRequest, aligned_forecast, load_prices
from battuta.domain.prices import History, PriceSeries
from battuta.domain.publication import AFTER_DAY_AHEAD_GATE, BEFORE_DAY_AHEAD_GATE
from battuta.forecast.day_table import DayTable
from battuta.forecast.lear import WINDOWS_DAYS, Lear
from battuta.forecast.price_model import LEAR, PriceModel
from battuta.forecast.regressors import regressors
from battuta.numerics import scores
from battuta.numerics.accuracy_test import daily_losses, diebold_mariano
from battuta.numerics.arrays import FloatArray
from battuta.studies.backtest import run_backtest
from battuta.studies.forecast_evaluation import ForecastEvaluation, evaluate_forecasts, member_rows, scored_days
from battuta.studies.forecast_scores import score_forecasts
from battuta.studies.path_evaluation import ratios
from peers.environments import environment_python

EPF = {"NP": 1.631, "FR": 3.785, "DE": 3.330}
"""Mean absolute error to reach: that of the mean of the two published ensembles. [EUR/MWh]"""
CAPTURED = {"NP": 0.81, "FR": 0.90, "DE": 0.90}
BEFORE_TEST = ("PJM", "BE")
PLACES = {"NP": "NO", "PJM": "US", "BE": "BE", "FR": "FR", "DE": "DE", "DDNN": "DE", "E_DE_LU": "DE"}
"""Whose public holidays are taken; the Nordic system price has Norway's. Other zones are named by their country."""
ZONES = ("E_FR", "E_FI", "E_PT", "E_CH", "E_DE_LU")
IN_SAMPLE = {
    "PJM": "the year that constants were chosen on",
    "BE": "the year that constants were chosen on",
    "E_FR": "constants were chosen on 2018 among others",
    "E_FI": "constants of widths were chosen on 2018 among others",
}
"""What of the scored days the configuration has seen; the printed figures say so."""
TEST_DAYS = 728
DDNN_FIRST = date(2019, 6, 27)
DDNN_CRPS = 3.25
ZONE_FIRST_YEAR = 2017
N_PATHS = 1000
SIMPLE_RULES = ("fixed_time", "fixed_time_fitted", "persistence", "similar_day", "median_profile_28d")


def main() -> int:
    """Measure a market and print it."""
    parser = questions(__doc__)
    parser.add_argument("--market", default="DE", choices=[*EPF, *BEFORE_TEST, "DDNN", *ZONES])
    parser.add_argument("--days", type=int, help="last days to score; left out, those of the published test")
    parser.add_argument("--warm-up-days", type=int, default=364)
    parser.add_argument("--no-peers", action="store_true", help="leave the peer out")
    parser.add_argument("--late-columns", action="store_true", help="as if all series were published before the gate")
    options = parser.parse_args()
    series = read(options.market, late_columns=options.late_columns)
    days = options.days or default_days(options.market, series)
    say(f"{options.market}: {days} days")
    started = perf_counter()
    evaluation = evaluate_forecasts(
        series,
        days,
        PriceModel(),
        LocalCompute(),
        warm_up_days=options.warm_up_days,
        n_paths=N_PATHS,
        progress=progress,
    )
    seconds = perf_counter() - started
    figures = [*errors(options.market, evaluation), *widths(options.market, evaluation)]
    if options.market in EPF:
        figures += [*against_published(options.market, evaluation), *in_a_battery(options.market, evaluation)]
    if options.market in ZONES:
        figures += by_year(evaluation)
    figures += speed(series, days, seconds)
    if not options.no_peers:
        figures.append(against_scikit_learn(series))
    told: dict[str, object] = {"in_sample": IN_SAMPLE.get(options.market, "")}
    told |= {"market": options.market, "first_day": str(evaluation.dates[0]), "last_day": str(evaluation.dates[-1])}
    return answer(figures, as_json=options.json, told=told)


def read(market: str, *, late_columns: bool = False) -> PriceSeries:
    """Read a market; `late_columns` moves what is published after the gate before it."""
    if market in ZONES:
        path, source = f"entsoe_{market[2:]}_to_2020.csv.gz", "entsoe"
    elif market == "DDNN":
        path, source = "ddnn_DE_2015_2020.csv.gz", "ddnn"
    else:
        path, source = f"epf_{market}{'_before_test' if market in BEFORE_TEST else ''}.csv.gz", "epf"
    request = PriceRequest(path=DATA / "trading" / path, source=source, holidays=PLACES.get(market, market[2:]))
    series = load_prices(request).series
    if not late_columns:
        return series
    columns = {
        name: replace(column, rule=BEFORE_DAY_AHEAD_GATE) if column.rule == AFTER_DAY_AHEAD_GATE else column
        for name, column in series.columns.items()
    }
    return replace(series, columns=columns)


def default_days(market: str, series: PriceSeries) -> int:
    """Days of the official test, of a year before it where the test is not here, or all years of a zone."""
    dates = series.days().dates
    if market in EPF:
        return TEST_DAYS
    if market == "DDNN":
        return (dates[-1] - DDNN_FIRST).days + 1
    if market in ZONES:
        first = max(date(ZONE_FIRST_YEAR, 1, 1), date(dates[0].year + 1, 1, 1))
        return (dates[-1] - first).days + 1
    return 364


def errors(market: str, evaluation: ForecastEvaluation) -> list[Figure]:
    """Errors of the point forecast and its parts."""
    scored = score_forecasts(evaluation)
    unit = f"{evaluation.prices.currency}/MWh"
    own = scored.mae_members.get(LEAR, float("nan"))
    figures = [
        Figure(name="mae", value=scored.mae, unit=unit, goal=EPF.get(market)),
        Figure(name="rmae", value=scored.rmae, unit="-"),
        Figure(name="smape", value=scored.smape, unit="-"),
        Figure(name="rmse", value=scored.rmse, unit=unit),
        Figure(name="mae_similar_day", value=scored.mae_naive, unit=unit),
        Figure(name="mae_over_own_lear", value=scored.mae / own, unit="-", goal=0.97),
    ]
    return figures + [Figure(name=f"mae_{name}", value=each, unit=unit) for name, each in scored.mae_members.items()]


def widths(market: str, evaluation: ForecastEvaluation) -> list[Figure]:
    """Quantiles: CRPS beside the rolling errors of the same point forecast, and how often the band held."""
    scored = score_forecasts(evaluation)
    unit = f"{evaluation.prices.currency}/MWh"
    quarters = scored.coverage_90_quarters
    energy, variogram = ratios(evaluation.path_scores)
    return [
        Figure(name="crps", value=scored.crps, unit=unit, goal=DDNN_CRPS if market == "DDNN" else None),
        Figure(name="crps_baseline", value=scored.crps_baseline, unit=unit),
        Figure(name="crps_over_baseline", value=scored.crps / scored.crps_baseline, unit="-", goal=0.925),
        Figure(name="crps_day_known_over_baseline", value=day_known(evaluation) / scored.crps_baseline, unit="-"),
        Figure(name="coverage_90_off", value=abs(scored.coverage_90 - 0.90), unit="-", goal=0.01),
        Figure(name="coverage_90", value=scored.coverage_90, unit="-"),
        Figure(name="coverage_90_worst_quarter_low", value=min(quarters), unit="-", goal=0.85, is_more_better=True),
        Figure(name="coverage_90_worst_quarter_high", value=max(quarters), unit="-", goal=0.95),
        Figure(name="energy_score_over_independent", value=energy, unit="-", goal=1.0),
        Figure(name="variogram_score_over_independent", value=variogram, unit="-", goal=1.0),
    ]


def day_known(evaluation: ForecastEvaluation) -> float:
    """CRPS of one who knows the mean absolute error of each day beforehand, and one shape of errors by hour for all.

    No forecast can know that; it tells how much of the width is there to be learned around this point forecast.
    """
    error = evaluation.price_per_mwh - evaluation.point
    size = np.nanmean(np.abs(error), axis=1, keepdims=True)
    shape = np.nanquantile(error / size, evaluation.levels, axis=0).T
    quantiles = evaluation.point[..., None] + size[..., None] * shape
    return scores.crps_from_quantiles(evaluation.price_per_mwh, evaluation.levels, quantiles)


def against_published(market: str, evaluation: ForecastEvaluation) -> list[Figure]:
    """The published ensembles on the same days, our LEAR beside theirs, and whether the lead is luck."""
    price, point = evaluation.price_per_mwh, evaluation.point
    lear, dnn = (published(market, evaluation, name) for name in ("LEAR Ensemble", "DNN Ensemble"))
    mean = (lear + dnn) / 2.0
    own = np.mean([each for name, each in evaluation.members.items() if name.startswith("lear_")], axis=0)
    figures = [
        Figure(name="mae_published_lear", value=scores.mae(price, lear), unit="EUR/MWh"),
        Figure(name="mae_published_dnn", value=scores.mae(price, dnn), unit="EUR/MWh"),
        Figure(name="mae_published_mean", value=scores.mae(price, mean), unit="EUR/MWh"),
        Figure(
            name="own_lear_over_published", value=scores.mae(price, own) / scores.mae(price, lear), unit="-", goal=1.01
        ),
    ]
    for name, each in (("lear", lear), ("dnn", dnn), ("mean", mean)):
        test = diebold_mariano(daily_losses(price, each), daily_losses(price, point))
        figures.append(Figure(name=f"p_not_better_than_published_{name}", value=test.p_value, unit="-"))
    return figures


def published(market: str, evaluation: ForecastEvaluation, column: str) -> FloatArray:
    """Return a published forecast on the scored days, shape (n_days, 24)."""
    path = DATA / "trading" / f"epf_forecasts_{market}.csv.gz"
    request = PriceRequest(path=path, source="epf_forecast", price_column=column, currency=evaluation.prices.currency)
    aligned = aligned_forecast(load_prices(request).series, evaluation.prices)
    return aligned.reshape(-1, 24)[evaluation.days[0] : evaluation.days[-1] + 1]


def in_a_battery(market: str, evaluation: ForecastEvaluation) -> list[Figure]:
    """Share of the yardstick that 1 MW / 2 h captures with the forecast, and the uplift over simple rules."""
    site = site_from_file(ROOT / "examples" / "benchmark_site.toml")
    steps = np.full((len(evaluation.prices.days().dates), 24), np.nan)
    steps[evaluation.days[0] : evaluation.days[-1] + 1] = evaluation.point
    result = run_backtest(
        evaluation.prices, site, ["day_ahead", *SIMPLE_RULES], len(evaluation.days), forecast_per_mwh=steps.ravel()
    )
    goal = CAPTURED[market]
    figures = [
        Figure(name="captured", value=result.captured("day_ahead"), unit="-", goal=goal, is_more_better=True),
        Figure(name="per_mw_year", value=result.per_mw_year("day_ahead"), unit="EUR/(MW year)"),
    ]
    uplift = result.uplift("day_ahead")
    return figures + [Figure(name=f"uplift_over_{name}", value=each, unit="-") for name, each in uplift.items()]


def by_year(evaluation: ForecastEvaluation) -> list[Figure]:
    """Error of each calendar year, over that of our own LEAR."""
    own = np.mean([each for name, each in evaluation.members.items() if name.startswith("lear_")], axis=0)
    years = np.array([each.year for each in evaluation.dates])
    figures: list[Figure] = []
    for year in np.unique(years):
        price, point = evaluation.price_per_mwh[years == year], evaluation.point[years == year]
        error = scores.mae(price, point)
        figures += [
            Figure(name=f"mae_{year}", value=error, unit=f"{evaluation.prices.currency}/MWh"),
            Figure(
                name=f"mae_over_own_lear_{year}",
                value=error / scores.mae(price, own[years == year]),
                unit="-",
                goal=0.97,
            ),
        ]
    return figures


def speed(series: PriceSeries, days: int, seconds: float) -> list[Figure]:
    """Time of the whole run, of LEAR alone over the same days, of one day, and the memory of the process."""
    table = DayTable(History(series))
    first, stop = scored_days(table, days)
    started = perf_counter()
    member_rows(table, first, stop, PriceModel(families=(LEAR,)), LocalCompute(), None)
    lear_s = perf_counter() - started
    started = perf_counter()
    member_rows(table, stop - 1, stop, PriceModel(), LocalCompute(), None)
    day_s = perf_counter() - started
    return [
        Figure(name="whole_run", value=seconds, unit="s", goal=600.0),
        Figure(name="lear_four_windows", value=lear_s, unit="s", goal=60.0),
        Figure(name="one_day_calibrated", value=day_s, unit="s", goal=5.0),
        Figure(name="memory_max", value=peak_memory_mb(), unit="MB", goal=2048.0),
    ]


def against_scikit_learn(series: PriceSeries) -> Figure:
    """Time of the long windows of two days by the reference recipe, over ours for the same, both on one core."""
    name = "scikit_learn_over_lear_long_windows"
    python = environment_python("scikit_learn")
    if python is None:
        return Figure(name=name, value=NOT_RUN, unit="x")
    table = DayTable(History(series))
    stop = scored_days(table, 1)[1]
    problem, ours_s = {}, 0.0
    for day in (stop - 2, stop - 1):
        known = table.at_gate(day)
        for window_days in WINDOWS_DAYS[2:]:
            window = regressors(known, window_days)
            matrix = window.matrix()
            problem[f"{day}_{window_days}_x"] = matrix
            problem[f"{day}_{window_days}_y"] = window.target
            started = perf_counter()
            Lear(window_days).predict(known)
            ours_s += perf_counter() - started
    with TemporaryDirectory() as folder:
        path = Path(folder) / "problem.npz"
        np.savez(path, **problem)
        script = Path(__file__).parent / "peers" / "scikit_learn_lear.py"
        told = subprocess.run([str(python), str(script), str(path)], check=True, stdout=subprocess.PIPE, text=True)
    return Figure(name=name, value=json.loads(told.stdout)["seconds"] / ours_s, unit="x")


def progress(what: str, n_done: int, n_all: int) -> None:
    """Say on stderr how far it is, now and then."""
    if n_done and n_done % max(n_all // 4, 1) == 0:
        say(f"  {what}: {n_done} of {n_all}")


if __name__ == "__main__":
    sys.exit(main())
