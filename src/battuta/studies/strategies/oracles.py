"""Yardsticks that see the future: what the best trader with perfect foresight would have earned."""

from __future__ import annotations

import numpy as np

from battuta.studies.strategies.planned import plan
from battuta.studies.strategies.strategy import DayContext, Decide, Decision, Strategy, StudyInputs
from battuta.trading.problem import storage_problem
from battuta.trading.schedule import schedule


def _oracle_day(inputs: StudyInputs) -> Decide:
    prices = inputs.history.series.price_per_mwh
    return lambda context: plan(context, prices[context.steps])


def _oracle_rolling_48h(inputs: StudyInputs) -> Decide:
    series = inputs.history.series
    tested = set(inputs.test_days)

    def decide(context: DayContext) -> Decision:
        stop = context.steps.stop
        if context.day + 1 in tested:
            stop = inputs.history.days.steps(context.day + 1).stop
        horizon = slice(context.steps.start, stop)
        planned = schedule(
            context.problem(series.price_per_mwh[horizon]),
            series.time_ns[horizon],
            series.step,
            inputs.engine,
            is_calm=False,
        )
        today = planned.slice(slice(0, context.time_ns.shape[0]))
        return Decision(request_kw=today.power_kw, schedule=today)

    return decide


def _oracle_year(inputs: StudyInputs) -> Decide:
    series = inputs.history.series
    parts = [inputs.history.days.steps(day) for day in inputs.test_days]
    prices = np.concatenate([series.price_per_mwh[steps] for steps in parts])
    problem = storage_problem(inputs.site, prices, series.step_h, temperature_c=inputs.temperature_c)
    time_ns = np.concatenate([series.time_ns[steps] for steps in parts])
    planned = schedule(problem, time_ns, series.step, inputs.engine, is_calm=False)
    starts = np.cumsum([0, *(steps.stop - steps.start for steps in parts)])
    first = dict(zip(inputs.test_days, starts[:-1], strict=True))

    def decide(context: DayContext) -> Decision:
        start = int(first[context.day])
        today = planned.slice(slice(start, start + context.time_ns.shape[0]))
        return Decision(request_kw=today.power_kw, schedule=today)

    return decide


ORACLE_DAY = Strategy(
    name="oracle_day",
    information="the realised prices of the day (perfect foresight)",
    gate="start of the delivery day",
    formula="best schedule of each day on its own",
    make=_oracle_day,
    is_oracle=True,
)
ORACLE_ROLLING_48H = Strategy(
    name="oracle_rolling_48h",
    information="the realised prices of the day and the next (perfect foresight)",
    gate="start of the delivery day",
    formula="best schedule over 48 h, of which the first day is executed",
    make=_oracle_rolling_48h,
    is_oracle=True,
)
ORACLE_YEAR = Strategy(
    name="oracle_year",
    information="all realised prices of the test window (perfect foresight)",
    gate="start of the test window",
    formula="best schedule over the whole window",
    make=_oracle_year,
    is_oracle=True,
)
