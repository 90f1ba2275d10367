"""Planned strategies schedule against a forecast and keep the plan behind it."""

import numpy as np
import pytest

from battuta.domain.errors import DataError, UsageError
from battuta.studies.strategies.planned import DAY_AHEAD, PERSISTENCE, plan


def test_persistence_plans_with_yesterday(make_context, series):
    context = make_context(8)
    decision = PERSISTENCE.make(context.inputs)(context)
    expected = plan(context, series.price_per_mwh[7 * 24 : 8 * 24])
    np.testing.assert_array_equal(decision.request_kw, expected.request_kw)
    np.testing.assert_array_equal(decision.schedule.price_per_mwh, series.price_per_mwh[7 * 24 : 8 * 24])


def test_day_ahead_needs_a_forecast_for_every_interval(make_context, series):
    with pytest.raises(UsageError, match="needs a forecast"):
        DAY_AHEAD.make(make_context(8).inputs)
    forecast = series.price_per_mwh.copy()
    forecast[8 * 24] = np.nan
    context = make_context(8, forecast_per_mwh=forecast)
    with pytest.raises(DataError, match="1 intervals of 2026-01-13"):
        DAY_AHEAD.make(context.inputs)(context)
