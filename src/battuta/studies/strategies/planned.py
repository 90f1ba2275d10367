"""Strategies that plan the best day against a forecast of its prices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np

from battuta.domain.errors import DataError
from battuta.domain.prices import PriceView
from battuta.forecast.naive import median_profile, persistence, similar_day
from battuta.numerics.arrays import FloatArray
from battuta.studies.own_forecast import forecast_steps
from battuta.studies.strategies.strategy import DayContext, Decide, Decision, Strategy, StudyInputs
from battuta.trading.schedule import schedule

_GATE = "the day-ahead gate: 12:00 market time on the day before delivery, unless stated"


def plan(context: DayContext, price_per_mwh: FloatArray) -> Decision:
    """Best schedule of the day against given prices, executed open loop.

    Parameters
    ----------
    context : DayContext
        The gate.
    price_per_mwh : ndarray, shape (n_steps,)
        Prices to plan with. [currency/MWh]

    Returns
    -------
    Decision
        Power profile with its explained schedule.
    """
    step: timedelta = context.inputs.history.series.step
    planned = schedule(context.problem(price_per_mwh), context.time_ns, step, context.inputs.engine, is_calm=False)
    return Decision(request_kw=planned.power_kw, schedule=planned)


def _by_forecast(forecast: Callable[[PriceView, int], FloatArray]) -> Callable[[StudyInputs], Decide]:
    def make(inputs: StudyInputs) -> Decide:  # noqa: ARG001  every strategy is prepared the same way
        return lambda context: plan(context, forecast(context.view, context.day))

    return make


def _day_ahead(inputs: StudyInputs) -> Decide:
    forecast, notes = inputs.forecast_per_mwh, dict[int, tuple[str, ...]]()
    if forecast is None:
        own = forecast_steps(inputs.history, inputs.test_days, inputs.compute, inputs.progress)
        forecast, notes = own.price_per_mwh, dict(own.notes)

    def decide(context: DayContext) -> Decision:
        prices = forecast[context.steps]
        if not np.all(np.isfinite(prices)):
            date = context.view.days.dates[context.day]
            message = f"the forecast has no value for {int(np.sum(~np.isfinite(prices)))} intervals of {date}"
            raise DataError(message)
        return replace(plan(context, prices), notes=notes.get(context.day, ()))

    return decide


PERSISTENCE = Strategy(
    name="persistence",
    information="prices of the latest delivery day that is known in full",
    gate=_GATE,
    formula="best schedule against yesterday's prices",
    make=_by_forecast(persistence),
    is_simple_rule=True,
)
SIMILAR_DAY = Strategy(
    name="similar_day",
    information="prices of a week ago (Monday, Saturday, Sunday), else of the latest known day",
    gate=_GATE,
    formula="best schedule against the similar day's prices",
    make=_by_forecast(similar_day),
    is_simple_rule=True,
)
MEDIAN_PROFILE_28D = Strategy(
    name="median_profile_28d",
    information="prices of the last 28 complete known days",
    gate=_GATE,
    formula="best schedule against the median price of each wall-clock interval",
    make=_by_forecast(median_profile),
    is_simple_rule=True,
)
DAY_AHEAD = Strategy(
    name="day_ahead",
    information="all that was published by the gate; or a forecast file, issued before it by whoever made it",
    gate=_GATE,
    formula="best schedule against its own price forecast, or that of the file",
    make=_day_ahead,
)
