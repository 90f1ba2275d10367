"""Rules ask for power by the clock or by limits."""

import numpy as np

from battuta.studies.strategies.ruled import FIXED_TIME, FIXED_TIME_FITTED, FIXED_TIME_REFITTED, IDLE, PERCENTILE


def decide(strategy, context):
    return strategy.make(context.inputs)(context)


def test_idle_never_moves(make_context):
    assert not decide(IDLE, make_context(8)).request_kw.any()


def test_fixed_hours(make_context):
    expected = np.repeat([0.0, -1000.0, 1000.0], [2, 16, 6])
    np.testing.assert_array_equal(decide(FIXED_TIME, make_context(8)).request_kw, expected)


def test_fitted_hours_find_the_cheap_and_the_dear_ones(make_context):
    for strategy in (FIXED_TIME_FITTED, FIXED_TIME_REFITTED):
        request = decide(strategy, make_context(8)).request_kw
        assert np.flatnonzero(np.diff(request)).tolist() == [1, 17]


def test_limits_are_percentiles_of_the_last_week(make_context, series):
    limits = decide(PERCENTILE, make_context(8)).limits
    recent = series.price_per_mwh[24 : 8 * 24]
    assert limits.buy_below_per_mwh == np.percentile(recent, 25.0)
    assert limits.sell_above_per_mwh == np.percentile(recent, 75.0)
