"""Noise with memory: unit variance, the memory it says, no seam at midnight."""

import numpy as np
import pytest

from battuta.domain.time import NS_PER_DAY, NS_PER_HOUR
from battuta.world.mean_reversion import mean_reverting

HOURS_NS = np.arange(0, 600 * 24) * NS_PER_HOUR


@pytest.mark.parametrize("memory_days", [0.1, 1.0, 3.0])
def test_variance_and_memory(memory_days):
    values = mean_reverting(4, "x", HOURS_NS, memory_days=memory_days, n_per_day=24)
    n_free = HOURS_NS.size / (48.0 * memory_days)
    assert abs(values.mean()) < 4.0 / np.sqrt(n_free)
    assert abs(values.var() - 1.0) < 4.0 * np.sqrt(2.0 / n_free)
    kept = np.corrcoef(values[:-1], values[1:])[0, 1]
    assert kept == pytest.approx(np.exp(-1.0 / (24.0 * memory_days)), abs=0.03)


def test_midnight_is_like_any_hour():
    values = mean_reverting(4, "x", HOURS_NS, memory_days=1.0, n_per_day=24)
    steps = np.diff(values)
    at_midnight = steps[23::24]
    assert np.std(at_midnight) == pytest.approx(np.std(steps), rel=0.15)


def test_straight_between_knots():
    near_midnight = NS_PER_DAY - NS_PER_HOUR + np.array([0, NS_PER_HOUR // 2, NS_PER_HOUR])
    left, middle, right = mean_reverting(1, "x", near_midnight, memory_days=1.0, n_per_day=24)
    assert middle == pytest.approx(0.5 * (left + right), abs=1e-12)


def test_instants_before_1970():
    early = mean_reverting(1, "x", np.array([-NS_PER_DAY // 2]), memory_days=1.0, n_per_day=4)
    assert np.isfinite(early).all()
