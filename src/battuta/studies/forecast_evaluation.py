"""Forecasts on history: each day issued with what was known at its gate, then scored against what came.

Days before the test are issued as well, so that weights and widths have errors of their own to learn from; they are
not scored.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

import numpy as np

from battuta.domain.errors import StaleDataError, UsageError
from battuta.domain.forecast import percent_levels
from battuta.domain.prices import History, PriceSeries
from battuta.forecast.day_table import DayTable
from battuta.forecast.lear import BENT_WINDOWS_DAYS, Lear
from battuta.forecast.member import MemberRow, blocks, run_block
from battuta.forecast.naive import similar_day_rows
from battuta.forecast.price_forecaster import Issue, PriceForecaster
from battuta.forecast.price_model import PriceModel
from battuta.forecast.watched_inputs import watch_inputs
from battuta.numerics.arrays import FloatArray
from battuta.ports.calibrated_blocks import CalibratedBlocks
from battuta.ports.compute import Compute
from battuta.studies.block_key import block_key
from battuta.studies.path_evaluation import PathScores, score_paths
from battuta.studies.short_history import from_first_voice, spoken

WARM_UP_DAYS = 364
HISTORY_DAYS_MIN = 14

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ForecastEvaluation:
    """What was issued for each day of a test, and what came.

    Attributes
    ----------
    prices : PriceSeries
        The whole series.
    model : str
        Name and version of the model.
    days : tuple of int
        Numbers of the scored days in the series.
    dates : tuple of date
        Their dates.
    price_per_mwh : ndarray, shape (n_days, n_slots)
        What came, NaN where missing. [currency/MWh]
    point : ndarray, shape (n_days, n_slots)
        What was issued. [currency/MWh]
    quantiles : ndarray, shape (n_days, n_slots, 99)
        How sure it was. [currency/MWh]
    naive : ndarray, shape (n_days, n_slots)
        Similar-day forecast at the same gates. [currency/MWh]
    weekly : ndarray, shape (n_days, n_slots)
        Prices of a week before, the yardstick of `rmae`. [currency/MWh]
    members : dict of str to ndarray, shape (n_days, n_slots)
        What each part said, NaN where it said nothing. [currency/MWh]
    errors_before : ndarray, shape (n_days_before, n_slots)
        Outcome less point forecast of the days issued before the test. [currency/MWh]
    path_scores : tuple of PathScores
        Scores of joint courses, of the days whose prices are whole; empty where none were drawn.
    notes : tuple of tuple of str
        For each day, what the forecast had to do without.
    """

    prices: PriceSeries
    model: str
    days: tuple[int, ...]
    dates: tuple[date, ...]
    price_per_mwh: FloatArray
    point: FloatArray
    quantiles: FloatArray
    naive: FloatArray
    weekly: FloatArray
    members: dict[str, FloatArray]
    errors_before: FloatArray
    path_scores: tuple[PathScores, ...] = ()
    notes: tuple[tuple[str, ...], ...]

    @property
    def levels(self) -> FloatArray:
        """Levels of the quantiles, shape (99,). [-]"""
        return percent_levels()


def evaluate_forecasts(
    prices: PriceSeries,
    test_days: int,
    model: PriceModel,
    compute: Compute,
    *,
    warm_up_days: int = WARM_UP_DAYS,
    n_paths: int = 0,
    kept: CalibratedBlocks | None = None,
    progress: Progress | None = None,
) -> ForecastEvaluation:
    """Issue and score forecasts of the last days of a series.

    Parameters
    ----------
    prices : PriceSeries
        Prices and exogenous series, history included.
    test_days : int
        Number of last delivery days to score.
    model : PriceModel
        What forecasts.
    compute : Compute
        Where the members are calibrated.
    warm_up_days : int
        Most days before the test that are issued to learn weights and widths from.
    n_paths : int
        Joint courses to draw and score for each day; 0 for none.
    kept : CalibratedBlocks or None
        Where calibrated days are kept and found again; what is issued does not depend on it.
    progress : callable or None
        Told what is done, how much of it, and how much there is.

    Returns
    -------
    ForecastEvaluation
        All that was issued.

    Raises
    ------
    StaleDataError
        If there is too little history.
    """
    table = DayTable(History(prices))
    first, stop = scored_days(table, test_days)
    warm = max(first - warm_up_days, HISTORY_DAYS_MIN)
    watched = watch_inputs(table, blocks(table, warm, stop)[0][0], stop)
    table = table.trusting(watched.trusted)
    rows = from_first_voice(member_rows(table, warm, stop, model, compute, progress, kept), model, stop - first)
    rows = [spoken(row, table, model) for row in rows]
    warm = rows[0].day
    forecaster = PriceForecaster(model, table.n_slots)
    issued: list[Issue] = []
    paths: list[PathScores | None] = []
    for row in rows:
        known = table.at_gate(row.day)
        forecaster.learn(known)
        issued.append(forecaster.predict(row, known))
        if n_paths and row.day >= first:
            drawn = forecaster.paths(issued[-1], known, n_paths, row.day)
            paths.append(score_paths(drawn, table.prices_per_mwh(row.day, row.day + 1)[0], row.day))
    before, issued = issued[: first - warm], issued[first - warm :]
    earlier = np.array([issue.point for issue in before]).reshape(-1, table.n_slots)
    return ForecastEvaluation(
        prices=prices,
        model=model.name,
        days=tuple(range(first, stop)),
        dates=table.dates[first:stop],
        price_per_mwh=table.prices_per_mwh(first, stop),
        point=np.array([issue.point for issue in issued]),
        quantiles=np.array([issue.quantiles for issue in issued]),
        naive=_similar(table, first, stop),
        weekly=table.prices_per_mwh(first - 7, stop - 7),
        members=_by_member(rows[first - warm :], table.n_slots),
        errors_before=table.prices_per_mwh(warm, first) - earlier,
        path_scores=tuple(each for each in paths if each is not None),
        notes=tuple((*watched.notes.get(issue.day, ()), *issue.notes) for issue in issued),
    )


def scored_days(table: DayTable, test_days: int) -> tuple[int, int]:
    """First of the last days that a test scores, and the day after the last."""
    if test_days < 1:
        message = f"test_days = {test_days} must be at least 1"
        raise UsageError(message)
    stop = len(table.dates)
    while stop > 0 and np.isnan(table.prices_per_mwh(stop - 1, stop)).all():
        stop -= 1  # days that wait for their prices are forecast, not scored
    if stop - test_days < HISTORY_DAYS_MIN:
        n_most = stop - HISTORY_DAYS_MIN
        mend = f"ask for at most {n_most}" if n_most > 0 else f"give {1 - n_most} more of history"
        message = (
            f"{test_days} test days were asked for, the prices cover {stop} days; {mend}, "
            f"as {HISTORY_DAYS_MIN} days of history come first"
        )
        raise StaleDataError(message)
    return stop - test_days, stop


def member_rows(
    table: DayTable,
    first: int,
    stop: int,
    model: PriceModel,
    compute: Compute,
    progress: Progress | None,
    kept: CalibratedBlocks | None = None,
) -> list[MemberRow]:
    """Run all members over the days ``[first, stop)``, block by block, wherever `compute` puts them.

    A block that is kept is read; another one is calibrated, and kept as soon as it is.
    """
    pieces = blocks(table, first, stop)
    keys = {} if kept is None else {block: block_key(table, model, *block) for block in pieces}
    found: dict[tuple[int, int, int], list[MemberRow]] = {}
    if kept is not None:
        read = ((block, kept.read(key, range(*block[1:]))) for block, key in keys.items())
        found = {block: rows for block, rows in read if rows is not None}
    if found and progress is not None:
        progress("calibrated before", sum(map(len, found.values())), stop - first)

    def work(block: tuple[int, int, int]) -> list[MemberRow]:
        rows = run_block(table, model.members, *block)
        if kept is not None:
            kept.keep(keys[block], rows)
        return rows

    def done(n_done: int, n_all: int) -> None:
        if progress is not None:
            progress("calibrating", n_done, n_all)

    wanted = [block for block in pieces if block not in found]
    made = {**found, **dict(zip(wanted, compute.map(work, wanted, done), strict=True))}
    return list(chain.from_iterable(made[block] for block in pieces))


def leaned_on(prices: PriceSeries, day: int) -> dict[str, float]:
    """How much each input moves the linear part of the forecast of a day, as shares of their sum. [-]

    Parameters
    ----------
    prices : PriceSeries
        Prices and exogenous series.
    day : int
        Number of the delivery day.

    Returns
    -------
    dict of str to float
        Share of each input and lag, of the longest window with residual load in it, the largest first.
    """
    return Lear(max(BENT_WINDOWS_DAYS), is_bent=True).leaned_on(DayTable(History(prices)).at_gate(day))


def _similar(table: DayTable, first: int, stop: int) -> FloatArray:
    return np.array([similar_day_rows(table.at_gate(day)) for day in range(first, stop)])


def _by_member(rows: Sequence[MemberRow], n_slots: int) -> dict[str, FloatArray]:
    names = sorted({name for row in rows for name in row.values})
    absent = np.full(n_slots, np.nan)
    return {name: np.array([row.values.get(name, absent) for row in rows]) for name in names}
