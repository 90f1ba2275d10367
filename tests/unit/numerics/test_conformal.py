"""Levels learn from misses as a loop over pairs and slots would teach them."""

import numpy as np
import pytest

from battuta.numerics.conformal import LEVEL_MIN, AdaptiveLevels, aci_step, adapted, adaptive_levels
from battuta.numerics.quantile_function import quantiles_at

LEVELS = np.arange(1, 20) / 20


def forecast(seed, n_slots=24):
    return np.sort(np.random.default_rng(seed).normal(50.0, 20.0, (n_slots, LEVELS.size)), axis=1)


def twin(levels, asked, rate, quantiles, values):
    """The published rule, one pair of levels and one slot at a time."""
    result = []
    for pair, level in enumerate(asked):
        ends = np.clip(np.array([level / 2, 1.0 - level / 2]), LEVEL_MIN, 1.0 - LEVEL_MIN)
        misses = []
        for row, value in zip(quantiles, values, strict=True):
            if np.isfinite(value):
                low, high = quantiles_at(levels, row, ends)
                misses.append(not low <= value <= high)
        result.append(min(max(level + rate * (2.0 * levels[pair] - np.mean(misses)), 0.0), 1.0))
    return result


def test_what_has_learned_nothing_changes_nothing():
    state, quantiles = adaptive_levels(LEVELS, 0.02), forecast(0)
    assert np.array_equal(adapted(state, quantiles), quantiles)
    np.testing.assert_allclose(state.nominal(), np.arange(1, 10) / 10)


def test_each_pair_learns_from_the_slots_of_the_day_as_published():
    state, asked, overtaken = adaptive_levels(LEVELS, 0.9), np.arange(1, 10) / 10, False
    for day in range(30):
        quantiles, values = forecast(day), np.random.default_rng(1000 + day).normal(55.0, 25.0, 24)
        values[day % 24] = np.nan
        asked = twin(LEVELS, asked, 0.9, quantiles, values)
        state = aci_step(state, quantiles, values)
        assert state.asked == pytest.approx(asked, abs=1e-12)
        overtaken |= bool(np.any(np.diff(asked) < 0.0))
        assert np.all(np.diff(adapted(state, quantiles), axis=1) >= 0.0)
    assert overtaken  # a pair asked for a wider band than its outer neighbour, and still what was issued ascended


def test_a_miss_widens_and_a_hit_narrows():
    band, state = np.array([[10.0, 20.0]]), adaptive_levels(np.array([0.25, 0.75]), 0.1)
    assert np.diff(adapted(aci_step(state, band, np.array([21.0])), band))[0, 0] > 10.0
    assert np.diff(adapted(aci_step(state, band, np.array([20.0])), band))[0, 0] < 10.0


def test_asked_for_nothing_or_everything_it_stays_finite():
    band, levels = np.array([[10.0, 20.0]]), np.array([0.25, 0.75])
    widest = AdaptiveLevels(levels=levels, asked=np.array([0.0]), rate=0.1)
    closed = AdaptiveLevels(levels=levels, asked=np.array([1.0]), rate=0.1)
    assert adapted(closed, band).tolist() == [[15.0, 15.0]]
    assert np.all(np.abs(adapted(widest, band) - 15.0) < 150.0)
    assert aci_step(widest, band, np.array([1e6])).asked.tolist() == [0.0]
    assert aci_step(closed, band, np.array([15.0])).asked.tolist() == [1.0]


def test_unknown_days_teach_nothing_and_gaps_stay_gaps():
    state, quantiles = adaptive_levels(LEVELS, 0.02), forecast(1)
    assert aci_step(state, quantiles, np.full(24, np.nan)) is state
    assert aci_step(state, quantiles * np.nan, np.zeros(24)) is state
    quantiles[3, 5] = np.nan
    assert np.isnan(adapted(state, quantiles)[3]).all()
    assert np.flatnonzero(np.isnan(adapted(state, quantiles)).any(axis=1)).tolist() == [3]


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match=r"rate = 0 is outside"):
        adaptive_levels(LEVELS, 0.0)
    with pytest.raises(ValueError, match=r"level 0\.1 has no partner at 0\.9"):
        adaptive_levels(np.array([0.1, 0.5, 0.95]), 0.02)
    with pytest.raises(ValueError, match="no partner"):
        adaptive_levels(np.array([0.5]), 0.02)
    state = adaptive_levels(LEVELS, 0.02)
    with pytest.raises(ValueError, match="one number"):
        aci_step(state, forecast(0), np.zeros(23))
    with pytest.raises(ValueError, match="one number"):
        aci_step(state, forecast(0), np.full(24, np.inf))
    with pytest.raises(ValueError, match="cross"):
        adapted(state, forecast(0)[:, ::-1])
