"""Strategies that follow a rule and need no optimiser."""

from __future__ import annotations

import numpy as np

from battuta.forecast.naive import recent_profiles
from battuta.studies.strategies.strategy import DayContext, Decide, Decision, Strategy, StudyInputs
from battuta.trading.rules import FixedHours, fit_fixed_hours, fit_price_limits

FITTED_DAYS = 364
REFITTED_DAYS = 28
PERCENTILE_DAYS = 7
LOW_PERCENTILE, HIGH_PERCENTILE = 25.0, 75.0
_GATE = "the day-ahead gate: 12:00 market time on the day before delivery, unless stated"


def _idle(inputs: StudyInputs) -> Decide:  # noqa: ARG001  every strategy is prepared the same way
    return lambda context: Decision(request_kw=np.zeros(len(context.minutes), dtype=np.float64))


def _fixed_time(inputs: StudyInputs) -> Decide:
    rule = FixedHours(charge_from_hour=2, discharge_from_hour=18)
    return lambda context: _request(context, rule, inputs)


def _request(context: DayContext, rule: FixedHours, inputs: StudyInputs) -> Decision:
    return Decision(request_kw=rule.request_kw(context.minutes, inputs.site.battery.power_kw))


def _fitted(context: DayContext, n_days: int) -> FixedHours:
    profiles = recent_profiles(context.view, context.day, n_days)
    return fit_fixed_hours(context.problem(profiles[0]), context.minutes, profiles)


def _fixed_time_fitted(inputs: StudyInputs) -> Decide:
    chosen: list[FixedHours] = []

    def decide(context: DayContext) -> Decision:
        if not chosen:
            chosen.append(_fitted(context, FITTED_DAYS))
        return _request(context, chosen[0], inputs)

    return decide


def _fixed_time_refitted(inputs: StudyInputs) -> Decide:
    return lambda context: _request(context, _fitted(context, REFITTED_DAYS), inputs)


def _percentile(inputs: StudyInputs) -> Decide:
    n_recent = PERCENTILE_DAYS * inputs.history.steps_per_day

    def decide(context: DayContext) -> Decision:
        recent = context.view.known()[-n_recent:]
        return Decision(limits=fit_price_limits(recent, LOW_PERCENTILE, HIGH_PERCENTILE))

    return decide


IDLE = Strategy(name="idle", information="nothing", gate="none", formula="never moves", make=_idle)
FIXED_TIME = Strategy(
    name="fixed_time",
    information="the wall clock",
    gate="none",
    formula="charge from 02:00 until full, discharge from 18:00 until empty",
    make=_fixed_time,
    is_simple_rule=True,
)
FIXED_TIME_FITTED = Strategy(
    name="fixed_time_fitted",
    information=f"prices of the {FITTED_DAYS} complete days known at the first gate",
    gate="once, before the first test day",
    formula="the pair of whole hours that would have earned most",
    make=_fixed_time_fitted,
    is_simple_rule=True,
)
FIXED_TIME_REFITTED = Strategy(
    name="fixed_time_refitted",
    information=f"prices of the last {REFITTED_DAYS} complete known days",
    gate=_GATE,
    formula="the pair of whole hours that would have earned most, chosen anew each day",
    make=_fixed_time_refitted,
    is_simple_rule=True,
)
PERCENTILE = Strategy(
    name="percentile",
    information=f"prices of the last {PERCENTILE_DAYS} days known at the gate",
    gate=_GATE,
    formula="limit orders: buy below their 25th percentile, sell above their 75th, cleared at the realised price",
    make=_percentile,
    is_simple_rule=True,
)
