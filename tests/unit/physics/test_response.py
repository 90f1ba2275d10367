"""Response of one site, and the band in which its delivery must lie."""

from datetime import date

import numpy as np
import pytest

from battuta.domain.errors import InvalidQuantityError, NotExpressibleError
from battuta.domain.product_catalogue import product
from battuta.domain.response_law import TriggeredStep
from battuta.physics.response import droop_power_pu, envelope_pu, outside_envelope_pu, response_pu

DC = product("gb_dc", on=date(2026, 1, 1)).law
FFR = TriggeredStep(trigger_hz=49.5, full_time_s=0.7, hold_s=5.0, rearm_s=900.0)


def wander(n=4000):
    return 50.0 + 0.5 * np.sin(np.cumsum(np.random.default_rng(3).normal(0.0, 0.05, n)))


def test_dynamic_containment():
    frequency = np.array([50.0, 49.985, 49.8, 49.5, 50.35])
    assert droop_power_pu(frequency, DC) == pytest.approx([0.0, 0.0, 0.05, 1.0, -0.525], abs=1e-9)
    assert response_pu(frequency, 0.05, DC).tobytes() == droop_power_pu(frequency, DC).tobytes()


@pytest.mark.parametrize("delay", [0, 3, 10])
def test_deliveries_within_the_start_time_are_inside(delay):
    frequency = wander()
    low, high = envelope_pu(frequency, 0.05, DC)
    asked = droop_power_pu(frequency, DC)
    delivered = np.concatenate((np.full(delay, asked[0]), asked))[: len(asked)]
    assert np.max(outside_envelope_pu(delivered, low, high)) < 1e-12


def test_a_mean_over_the_full_time_is_inside():
    frequency = wander()
    low, high = envelope_pu(frequency, 0.05, DC)
    asked = droop_power_pu(frequency, DC)
    padded = np.concatenate((np.full(19, asked[0]), asked))
    assert np.max(outside_envelope_pu(np.convolve(padded, np.full(20, 0.05), "valid"), low, high)) < 1e-12


def test_a_late_delivery_and_a_weak_one_are_outside():
    frequency = np.concatenate((np.full(100, 50.0), np.full(100, 49.5)))
    low, high = envelope_pu(frequency, 0.05, DC)
    asked = droop_power_pu(frequency, DC)
    late = np.concatenate((np.zeros(21), asked))[:200]
    assert np.flatnonzero(outside_envelope_pu(late, low, high)).tolist() == list(range(111, 121))
    assert outside_envelope_pu(0.9 * asked, low, high)[-1] == pytest.approx(0.1)
    assert (low[110], low[115], low[120], high[100]) == pytest.approx((0.0, 0.5, 1.0, 1.0))


def test_what_cannot_be_judged_is_missing_and_what_has_no_band_is_refused():
    frequency = np.full(100, 50.0)
    frequency[30] = np.nan
    low, _ = envelope_pu(frequency, 0.05, DC)
    assert np.flatnonzero(np.isnan(low)).tolist() == list(range(30, 51))
    with pytest.raises(NotExpressibleError):
        envelope_pu(frequency, 0.05, FFR)
    with pytest.raises(InvalidQuantityError):
        envelope_pu(frequency, 2.0, DC)
