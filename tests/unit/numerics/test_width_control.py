"""Widths follow what was missed: wider after misses, narrower without, the median untouched, drift followed."""

import numpy as np
import pytest

from battuta.numerics.width_control import control_step, controlled, width_control

LEVELS = np.arange(1, 100) / 100.0
NORMAL = np.sort(np.random.default_rng(0).normal(size=200_000))
QUANTILES = np.tile(np.quantile(NORMAL, LEVELS), (24, 1))


def test_nothing_learned_changes_nothing():
    np.testing.assert_array_equal(controlled(width_control(LEVELS, 0.03), QUANTILES), QUANTILES)


def test_misses_widen_and_hits_narrow_and_the_median_stays():
    state = width_control(LEVELS, 0.03)
    wider = controlled(control_step(state, QUANTILES, np.full(24, 9.0)), QUANTILES)
    tighter = controlled(control_step(state, QUANTILES, np.zeros(24)), QUANTILES)
    band = QUANTILES[0, 94] - QUANTILES[0, 4]
    assert wider[0, 94] - wider[0, 4] > band > tighter[0, 94] - tighter[0, 4]
    assert wider[0, 49] == tighter[0, 49] == QUANTILES[0, 49]


def test_unknown_values_teach_nothing():
    state = width_control(LEVELS, 0.03)
    assert control_step(state, QUANTILES, np.full(24, np.nan)) is state


@pytest.mark.parametrize("true_width", [0.5, 2.0])
def test_a_forecast_of_the_wrong_width_comes_right(true_width):
    rng, state = np.random.default_rng(1), width_control(LEVELS, 0.03)
    inside = []
    for day in range(500):
        values = rng.normal(0.0, true_width, size=24)
        bands = controlled(state, QUANTILES)
        if day >= 200:
            inside.append(((values >= bands[:, 4]) & (values <= bands[:, 94])).mean())
        assert np.all(np.diff(bands, axis=1) >= 0.0)
        state = control_step(state, bands, values)
    assert abs(np.mean(inside) - 0.9) < 0.01


@pytest.mark.parametrize(
    ("levels", "rate"), [(np.array([0.1, 0.9]), 0.1), (LEVELS, 0.0), (np.array([0.1, 0.5, 0.8]), 0.1)]
)
def test_what_cannot_be_controlled_is_refused(levels, rate):
    with pytest.raises(ValueError, match="level"):
        width_control(levels, rate)
