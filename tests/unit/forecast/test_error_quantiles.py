"""Past errors of the slot, laid around the forecast."""

import numpy as np

from battuta.domain.forecast import percent_levels
from battuta.forecast.error_quantiles import WINDOW_DAYS, error_quantiles

LEVELS = percent_levels()
POINT = np.linspace(20.0, 60.0, 24)


def errors(n_days, seed=0):
    return np.random.default_rng(seed).normal(size=(n_days, 24)) * np.linspace(1.0, 8.0, 24)


def test_each_slot_has_the_quantiles_of_its_own_errors():
    past = errors(100)
    found = error_quantiles(POINT, past, LEVELS)
    for slot in (0, 23):
        np.testing.assert_allclose(found[slot], POINT[slot] + np.quantile(past[:, slot], LEVELS), rtol=1e-12)
    assert np.ptp(found[23]) > 4.0 * np.ptp(found[0])


def test_only_the_latest_half_year_is_looked_at():
    past = np.vstack([1e6 + errors(50), errors(WINDOW_DAYS, 1)])
    np.testing.assert_array_equal(error_quantiles(POINT, past, LEVELS), error_quantiles(POINT, past[50:], LEVELS))


def test_a_day_with_a_gap_does_not_count():
    past = errors(60)
    holed = np.insert(past, 30, np.nan, axis=0)
    holed[30, :12] = 1e6
    np.testing.assert_array_equal(error_quantiles(POINT, holed, LEVELS), error_quantiles(POINT, past, LEVELS))


def test_few_days_are_pooled_over_all_slots():
    past = errors(29)
    found = error_quantiles(POINT, past, LEVELS)
    np.testing.assert_allclose(found - POINT[:, None], np.tile(np.quantile(past, LEVELS), (24, 1)), rtol=1e-9)
    assert not np.allclose(*(error_quantiles(POINT, errors(30), LEVELS) - POINT[:, None])[[0, 23]])


def test_without_a_past_it_is_as_wide_as_half_of_the_forecast_range():
    for nothing in (np.empty((0, 24)), np.full((40, 24), np.nan)):
        found = error_quantiles(POINT, nothing, LEVELS)
        np.testing.assert_allclose(found[:, 98] - found[:, 0], 0.5 * 40.0 * 2.0 * 0.98, rtol=1e-12)
        np.testing.assert_allclose(found[:, 49], POINT, rtol=1e-12)
    flat = error_quantiles(np.zeros(24), np.empty((0, 24)), LEVELS)
    assert np.all(np.diff(flat, axis=1) > 0.0)
