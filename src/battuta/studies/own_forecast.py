"""Forecasts that a strategy makes for itself: the days of a study, each at its own gate, with what was known there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import StaleDataError
from battuta.domain.prices import History
from battuta.forecast.day_table import DayTable
from battuta.forecast.member import blocks
from battuta.forecast.price_forecaster import PriceForecaster
from battuta.forecast.price_model import PriceModel
from battuta.forecast.watched_inputs import watch_inputs
from battuta.numerics.arrays import FloatArray
from battuta.ports.compute import Compute
from battuta.studies.forecast_evaluation import HISTORY_DAYS_MIN, Progress, member_rows
from battuta.studies.short_history import STAND_IN_NOTE, spoken, stood_in


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OwnForecast:
    """Forecasts of the days of a study.

    Attributes
    ----------
    price_per_mwh : ndarray, shape (n_times,)
        Point forecast of the intervals of these days, NaN elsewhere. [currency/MWh]
    notes : mapping of int to tuple of str
        For each of the days, what its forecast had to do without.
    """

    price_per_mwh: FloatArray
    notes: Mapping[int, tuple[str, ...]]


def forecast_steps(
    history: History, days: Sequence[int], compute: Compute, progress: Progress | None = None
) -> OwnForecast:
    """Forecast some days of a history.

    Parameters
    ----------
    history : History
        Prices and exogenous series.
    days : sequence of int
        Numbers of the delivery days, ascending.
    compute : Compute
        Where models are calibrated.
    progress : callable or None
        Told what is done, how much of it, and how much there is.

    Returns
    -------
    OwnForecast
        The families weigh alike on the first of the days, and from then on by what they said; where history is too
        short for them, the similar day stands in.

    Raises
    ------
    StaleDataError
        If the first of the days has less than 14 days of history.
    """
    table = DayTable(history)
    first, stop = days[0], days[-1] + 1
    if first < HISTORY_DAYS_MIN:
        message = (
            f"the forecast of {table.dates[first]} has {first} days of history; give at least {HISTORY_DAYS_MIN}, "
            "or test fewer days"
        )
        raise StaleDataError(message)
    model = PriceModel()
    watched = watch_inputs(table, blocks(table, first, stop)[0][0], stop)
    table = table.trusting(watched.trusted)
    forecaster = PriceForecaster(model, table.n_slots)
    forecast = np.full(history.series.n_times, np.nan)
    notes: dict[int, tuple[str, ...]] = {}
    for said in member_rows(table, first, stop, model, compute, progress):
        row = spoken(said, table, model)
        known = table.at_gate(row.day)
        forecaster.learn(known)
        issue = forecaster.predict(row, known)
        if row.day in days:
            forecast[history.days.steps(row.day)] = table.on_steps(row.day, issue.point)
            stand_in = (STAND_IN_NOTE,) if any(map(stood_in, row.values)) else ()
            notes[row.day] = (*watched.notes.get(row.day, ()), *issue.notes, *stand_in)
    return OwnForecast(price_per_mwh=forecast, notes=notes)
