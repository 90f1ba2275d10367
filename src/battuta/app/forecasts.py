"""Price forecasts for whoever asks: scored on the last days of a series, or issued for the next one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import time
from pathlib import Path
from time import perf_counter
from types import MappingProxyType

import numpy as np

from battuta.adapters.compute.local import LocalCompute
from battuta.adapters.vintages.blocks import FolderBlocks
from battuta.adapters.vintages.folder import FolderVintages
from battuta.app.model_release import model_release
from battuta.app.prices import aligned_forecast
from battuta.domain.errors import DataError, UsageError
from battuta.domain.prices import History, PriceSeries
from battuta.domain.publication import BEFORE_DAY_AHEAD_GATE, LocalTimeRule, PublicationRule
from battuta.forecast.day_table import DayTable
from battuta.forecast.price_model import FAMILIES, PriceModel
from battuta.numerics import scores as scoring
from battuta.numerics.accuracy_test import daily_losses, diebold_mariano
from battuta.numerics.arrays import FloatArray
from battuta.ports.compute import Compute
from battuta.studies.forecast_evaluation import ForecastEvaluation, Progress, evaluate_forecasts
from battuta.studies.forecast_issue import IssuedForecast
from battuta.studies.forecast_issue import issue_forecast as _issue_forecast
from battuta.studies.forecast_scores import ForecastScores, score_forecasts
from battuta.studies.short_history import STAND_IN_NOTE, stood_in

__all__ = [
    "DEFAULT_FOLDER",
    "FAMILIES",
    "IssuedForecast",
    "PublishedScore",
    "ScoredForecasts",
    "assumed_known",
    "evaluate",
    "idle_columns",
    "issue",
    "local_compute",
    "score_published",
    "unused_columns",
]

DEFAULT_FOLDER = Path("battuta-forecasts")
"""Where issued forecasts are kept if nobody says where."""
PATHS_MAX = 10_000
"""Most joint courses of a day: more tell nothing more, and take memory by their square where they are scored."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoredForecasts:
    """A test of forecasts with its figures.

    Attributes
    ----------
    evaluation : ForecastEvaluation
        All that was issued, and what came.
    scores : ForecastScores
        The figures.
    seconds : float
        Time that it took. [s]
    n_days_found : int
        Days that had been calibrated before, by a test that was interrupted or another one.
    findings : tuple of str
        What was found wanting where calibrated days are kept.
    """

    evaluation: ForecastEvaluation
    scores: ForecastScores
    seconds: float
    n_days_found: int = 0
    findings: tuple[str, ...] = ()

    @property
    def notes(self) -> dict[str, int]:
        """What the forecasts had to do without, and on how many days, the commonest first."""
        counts = Counter(note for notes in self.evaluation.notes for note in dict.fromkeys(notes))
        for name, said in self.evaluation.members.items():
            n_days = int(np.isfinite(said).all(axis=1).sum())
            if stood_in(name) and n_days:
                counts[STAND_IN_NOTE] += n_days
        for note in idle_columns(self.evaluation.prices):
            counts[note] += len(self.evaluation.days)
        return dict(counts.most_common())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PublishedScore:
    """A forecast published by others on the days of a test.

    Attributes
    ----------
    name : str
        What it is called.
    values : ndarray, shape (n_days, n_slots)
        What it said, NaN where it said nothing. [currency/MWh]
    mae : float
        Its mean absolute error. [currency/MWh]
    mae_here : float
        That of the tested forecast on the same intervals. [currency/MWh]
    p_better, p_worse : float
        Diebold-Mariano, one-sided: how likely such a lead is by luck where both are equally good. A small `p_better`
        says that the tested forecast is better, a small `p_worse` that the published one is; NaN where it cannot be
        told. [-]
    """

    name: str
    values: FloatArray
    mae: float
    mae_here: float
    p_better: float
    p_worse: float


def local_compute() -> Compute:
    """Return the cores of this machine."""
    return LocalCompute()


def evaluate(
    prices: PriceSeries,
    test_days: int,
    families: Sequence[str] = FAMILIES,
    *,
    compute: Compute | None = None,
    n_paths: int = 0,
    keep: Path | None = None,
    progress: Progress | None = None,
) -> ScoredForecasts:
    """Issue and score forecasts of the last days of a series.

    Parameters
    ----------
    prices : PriceSeries
        Prices and exogenous series, history included.
    test_days : int
        Number of last delivery days to score.
    families : sequence of str
        Which families of models: ``linear``, ``kernel``, ``trees``.
    compute : Compute or None
        Where they are calibrated; left out, the cores of this machine.
    n_paths : int
        Joint courses to draw for each day; 0 for none.
    keep : Path or None
        Folder where calibrated days are kept, so that a test that was interrupted goes on; None keeps none.
    progress : callable or None
        Told what is done, how much of it, and how much there is.

    Returns
    -------
    ScoredForecasts
        Forecasts and figures.

    Raises
    ------
    UsageError
        If a family does not exist.
    StaleDataError
        If there is too little history.
    StorageError
        If the folder takes nothing; one that is full later is named in the findings.
    """
    started = perf_counter()
    model = _model(families)
    _check_paths(n_paths)
    kept = None if keep is None else FolderBlocks(keep, model_release())
    evaluation = evaluate_forecasts(
        prices, test_days, model, compute or LocalCompute(), n_paths=n_paths, kept=kept, progress=progress
    )
    try:
        scores = score_forecasts(evaluation)
    except ValueError as error:
        message = f"the forecasts of {evaluation.dates[0]} to {evaluation.dates[-1]} cannot be scored: {error}"
        raise DataError(message) from None
    return ScoredForecasts(
        evaluation=evaluation,
        scores=scores,
        seconds=perf_counter() - started,
        n_days_found=0 if kept is None else kept.n_days_found,
        findings=() if kept is None else kept.findings,
    )


def issue(
    prices: PriceSeries,
    families: Sequence[str] = FAMILIES,
    *,
    folder: Path | None = None,
    compute: Compute | None = None,
    n_paths: int = 0,
    progress: Progress | None = None,
) -> IssuedForecast:
    """Issue the forecast of the day after the last known price.

    Parameters
    ----------
    prices : PriceSeries
        Prices, and exogenous series that may reach into the day to forecast.
    families : sequence of str
        Which families of models: ``linear``, ``kernel``, ``trees``.
    folder : Path or None
        Where issued forecasts are kept and found again; None keeps none.
    compute : Compute or None
        Where they are calibrated; left out, the cores of this machine.
    n_paths : int
        Joint courses to draw for each day; 0 for none.
    progress : callable or None
        Told what is done, how much of it, and how much there is.

    Returns
    -------
    IssuedForecast
        The forecast; where the folder did not take it, with the error that says why.

    Raises
    ------
    UsageError
        If a family does not exist.
    StaleDataError
        If there is too little history.
    """
    _check_paths(n_paths)
    return _issue_forecast(
        prices,
        _model(families).families,
        compute or LocalCompute(),
        vintages=None if folder is None else FolderVintages(folder),
        release=model_release(),
        n_paths=n_paths,
        progress=progress,
    )


def _model(families: Sequence[str]) -> PriceModel:
    """Make the model of some families; one named twice would weigh twice, and nobody means that."""
    twice = [name for name, n_times in Counter(families).items() if n_times > 1]
    if twice:
        message = f"family {twice[0]!r} is named {families.count(twice[0])} times; name each once"
        raise UsageError(message)
    return PriceModel(families=tuple(families))


def _check_paths(n_paths: int) -> None:
    if not 0 <= n_paths <= PATHS_MAX:
        message = f"{n_paths:,} joint courses were asked for; ask for 0 to {PATHS_MAX:,}"
        raise UsageError(message)


def assumed_known(
    prices: PriceSeries, *, late_columns: bool = False, known_columns: Iterable[str] = ()
) -> tuple[PriceSeries, tuple[str, ...]]:
    """Take columns as published before the gate, and say so.

    Parameters
    ----------
    prices : PriceSeries
        Prices with exogenous columns.
    late_columns : bool
        True takes those so that are stated to be published after the gate of these prices, on the day of the gate.
    known_columns : iterable of str
        Columns of which somebody knows that they were.

    Returns
    -------
    prices : PriceSeries
        The same with other publication rules.
    assumptions : tuple of str
        What has to stand beside every figure; empty where nothing was changed.

    Raises
    ------
    UsageError
        If there is no such column, or none that comes after the gate though late ones were asked for.
    """
    known = list(dict.fromkeys(known_columns))
    unknown = [name for name in known if name not in prices.columns]
    if unknown:
        there = ", ".join(prices.columns) or "none"
        message = f"there is no column {', '.join(unknown)} beside the price; there are: {there}"
        raise UsageError(message)
    late = [name for name, column in prices.columns.items() if late_columns and _is_late(column.rule, prices.gate)]
    if late_columns and not late:
        message = (
            "--late-columns (late_columns=True) takes columns that are stated to come after the gate, "
            f"D-1 {prices.gate:%H:%M} local, on that same day; {_stated(prices)}; leave it out, or name columns of "
            "which you know that they were published before the gate with --known-columns (known_columns=...)"
        )
        raise UsageError(message)
    changed = [*known, *(name for name in late if name not in known)]
    if not changed:
        return prices, ()
    early = LocalTimeRule(day_offset=-1, at=time(0, 0))
    rule: PublicationRule = BEFORE_DAY_AHEAD_GATE if BEFORE_DAY_AHEAD_GATE.at < prices.gate else early
    columns = {
        name: replace(column, rule=rule) if name in changed else column for name, column in prices.columns.items()
    }
    what = "was" if len(changed) == 1 else "were"
    said = f"assumes that {', '.join(changed)} {what} published before the gate"
    return replace(prices, columns=MappingProxyType(columns)), (said,)


def _is_late(rule: PublicationRule, gate: time) -> bool:
    """Whether values come after the gate and yet before the day itself, as forecasts do and settlements do not."""
    return isinstance(rule, LocalTimeRule) and rule.day_offset == -1 and rule.at > gate


def _stated(prices: PriceSeries) -> str:
    """Say when the columns beside a price count as known."""
    by_rule: dict[str, list[str]] = {}
    for name, column in prices.columns.items():
        by_rule.setdefault(str(column.rule), []).append(name)
    said = "; ".join(f"{', '.join(names)}: {rule}" for rule, names in by_rule.items())
    return f"here there is none ({said})" if said else "here there are no columns beside the price"


def idle_columns(prices: PriceSeries) -> tuple[str, ...]:
    """Name columns that no forecast can learn from, as they have no value at all, or the same one throughout."""
    said: list[str] = []
    for name, column in prices.columns.items():
        there = column.values[np.isfinite(column.values)]
        if not there.size:
            said.append(f"{name}: has no value at all, forecast without it")
        elif np.all(there == there[0]):
            said.append(f"{name}: is {there[0]:g} throughout, forecast without it")
    return tuple(said)


def unused_columns(prices: PriceSeries) -> dict[str, str]:
    """Columns that come too late for the gate, each with the rule by which it is published."""
    table = DayTable(History(prices))
    day = len(table.dates) - 1
    known = table.at_gate(day)
    is_daily = {name: bool(np.all((rows == rows[:, :1]) | np.isnan(rows))) for name, rows in known.columns.items()}
    return {
        name: str(prices.columns[name].rule)
        for name, rows in known.columns.items()
        if rows.shape[0] <= day and not is_daily[name]
    }


def score_published(scored: ScoredForecasts, forecast: PriceSeries, name: str) -> PublishedScore:
    """Hold a published forecast against the tested one.

    Parameters
    ----------
    scored : ScoredForecasts
        The test.
    forecast : PriceSeries
        The published forecast, as prices.
    name : str
        What to call it.

    Returns
    -------
    PublishedScore
        Errors of both on the intervals that both have, and whether the lead is more than luck.

    Raises
    ------
    ClockError, CurrencyError, DataError
        If it does not fit the prices, or none of the tested days.
    """
    evaluation = scored.evaluation
    laid = replace(evaluation.prices, price_per_mwh=aligned_forecast(forecast, evaluation.prices))
    values = DayTable(History(laid)).prices_per_mwh(evaluation.days[0], evaluation.days[-1] + 1)
    price, point = evaluation.price_per_mwh, evaluation.point
    both = np.where(np.isfinite(values), price, np.nan)
    if not np.isfinite(both).any():
        message = f"{name} has no value from {evaluation.dates[0]} to {evaluation.dates[-1]}, the tested days"
        raise DataError(message)
    try:
        p_better = diebold_mariano(daily_losses(both, values), daily_losses(both, point)).p_value
    except ValueError:
        p_better = float("nan")  # a day or two, or two forecasts that never differ
    return PublishedScore(
        name=name,
        values=values,
        mae=scoring.mae(both, values),
        mae_here=scoring.mae(both, point),
        p_better=p_better,
        p_worse=1.0 - p_better,
    )
