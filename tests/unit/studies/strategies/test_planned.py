"""Planned strategies schedule against a forecast and keep the plan behind it."""

from datetime import date

import numpy as np
import pytest

from battuta.adapters.markets.simulated import simulated_prices
from battuta.domain.errors import DataError, StaleDataError
from battuta.domain.prices import History
from battuta.studies.backtest import gate_context
from battuta.studies.own_forecast import forecast_steps
from battuta.studies.serial_compute import SerialCompute
from battuta.studies.strategies.planned import DAY_AHEAD, PERSISTENCE, plan
from battuta.studies.strategies.strategy import StudyInputs
from battuta.trading.schedule import Engine


def test_persistence_plans_with_yesterday(make_context, series):
    context = make_context(8)
    decision = PERSISTENCE.make(context.inputs)(context)
    expected = plan(context, series.price_per_mwh[7 * 24 : 8 * 24])
    np.testing.assert_array_equal(decision.request_kw, expected.request_kw)
    np.testing.assert_array_equal(decision.schedule.price_per_mwh, series.price_per_mwh[7 * 24 : 8 * 24])


def test_a_given_forecast_needs_a_value_for_every_interval(make_context, series):
    forecast = series.price_per_mwh.copy()
    forecast[8 * 24] = np.nan
    context = make_context(8, forecast_per_mwh=forecast)
    with pytest.raises(DataError, match="1 intervals of 2026-01-13"):
        DAY_AHEAD.make(context.inputs)(context)


def test_without_one_it_makes_its_own(site):
    history = History(simulated_prices(6, date(2026, 1, 1), 22))
    inputs = StudyInputs(history=history, site=site, test_days=(20, 21), forecast_per_mwh=None, engine=Engine.AUTO)
    decide = DAY_AHEAD.make(inputs)
    own = forecast_steps(history, (20, 21), SerialCompute())
    context = gate_context(inputs, 20, 0.0, 0.0)
    np.testing.assert_array_equal(decide(context).schedule.price_per_mwh, own.price_per_mwh[context.steps])
    assert decide(context).notes == own.notes[20]


def test_its_own_needs_history(make_context):
    with pytest.raises(StaleDataError, match="has 8 days of history"):
        DAY_AHEAD.make(make_context(8).inputs)
