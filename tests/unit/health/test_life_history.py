"""Features look at nothing that comes later, slopes and shares are those put in, and bad records say why."""

import numpy as np
import pytest

from battuta.domain.errors import DataError, InvalidQuantityError, StaleDataError
from battuta.health.life_history import CycleHistory, early_features, lost_share, state_features
from unit.health.life_cells import END_OF_LIFE_AH, made_life

STRAIGHT = CycleHistory(capacity_ah=1.1 - 2e-4 * np.arange(1000.0), measures=np.arange(1000.0)[:, None])


def test_a_straight_fade_is_read():
    fade, measures = state_features(STRAIGHT, [500], END_OF_LIFE_AH)
    age, _, now, linear, rate, *reached = fade[0]
    assert np.exp(age) == pytest.approx(500.0)
    assert now == pytest.approx(1.1 - 2e-4 * 494.5)
    assert np.exp(rate) == pytest.approx(2e-4)
    assert np.exp(linear) == pytest.approx((now - END_OF_LIFE_AH) / 2e-4)
    np.testing.assert_allclose(np.exp(reached), [0.25, 0.5, 0.75, 0.9], atol=0.03)
    np.testing.assert_allclose(measures[0], [494.5, 494.5 - 6.5, 494.5 - 249.5])


def test_nothing_later_is_looked_at():
    whole = made_life(900, np.random.default_rng(0))
    for at in (100, 333, 450):
        for first, second in zip(
            state_features(whole, [at], END_OF_LIFE_AH),
            state_features(whole.until(at), [at], END_OF_LIFE_AH),
            strict=True,
        ):
            np.testing.assert_array_equal(first, second)
        np.testing.assert_array_equal(
            lost_share(whole, END_OF_LIFE_AH)[:at], lost_share(whole.until(at), END_OF_LIFE_AH)
        )


def test_early_features_of_a_straight_fade():
    blocks = early_features([STRAIGHT.until(100)])
    np.testing.assert_allclose(blocks["slope"], [[1.0, -2e-4]])
    np.testing.assert_allclose(blocks["level"], [[6.5, 1.1 - 13e-4]])
    np.testing.assert_allclose(blocks["change"], [[88.0, -176e-4]])
    np.testing.assert_allclose(blocks["fade"][0, 1:], [-2e-4 * 49.5, 0.0, 0.0], atol=1e-12)


def test_share_of_loss_runs_from_nothing_to_all():
    lost = lost_share(made_life(900, np.random.default_rng(0)), END_OF_LIFE_AH)
    assert abs(lost[0]) < 0.02
    assert lost[-1] == pytest.approx(1.0, abs=0.03)


def test_bad_records_say_why():
    capacity, measures = STRAIGHT.capacity_ah, STRAIGHT.measures
    with pytest.raises(DataError, match="tells of 1000 cycles"):
        CycleHistory(capacity_ah=capacity, measures=measures[1:])
    with pytest.raises(StaleDataError, match="give 60 or more"):
        CycleHistory(capacity_ah=capacity[:30], measures=measures[:30])
    with pytest.raises(DataError, match="cycle 4 is not finite"):
        CycleHistory(capacity_ah=np.where(np.arange(1000) == 4, np.nan, capacity), measures=measures)
    with pytest.raises(InvalidQuantityError, match="capacity_ah = -1"):
        CycleHistory(capacity_ah=np.where(np.arange(1000) == 4, -1.0, capacity), measures=measures)
    with pytest.raises(InvalidQuantityError, match="n_cycles = 1001"):
        STRAIGHT.until(1001)
    with pytest.raises(InvalidQuantityError, match="end_of_life_ah = 2"):
        lost_share(STRAIGHT, 2.0)
