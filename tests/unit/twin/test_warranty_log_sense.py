"""Sign and unit of power, told by the state of charge beside it."""

import numpy as np
import pytest

from battuta.twin.warranty_log_sense import energy_ratio

MINUTES = 3 * 1440
TIME_NS = np.arange(MINUTES) * 60 * 10**9
POWER_KW = np.where(np.arange(MINUTES) // 240 % 2 == 0, 1000.0, -1000.0)
SOC = 0.9 - np.concatenate(([0.0], np.cumsum(POWER_KW[1:] / 60.0))) / 5000.0


def test_losses_and_noise_stay_near_one():
    noise = np.random.default_rng(1).normal(0.0, 0.005, MINUTES)
    lossy = np.where(POWER_KW > 0.0, 0.93, 1.07) * POWER_KW
    assert energy_ratio(TIME_NS, SOC + noise, lossy, 5.0) == pytest.approx(1.0, abs=0.08)


@pytest.mark.parametrize(("factor", "slope"), [(-1.0, -1.0), (1e-3, 1e3), (1e3, 1e-3)])
def test_another_sign_or_unit_shows(factor, slope):
    assert energy_ratio(TIME_NS, SOC, factor * POWER_KW, 5.0) == pytest.approx(slope)


def test_where_little_moves_or_nothing_goes_together_nothing_is_said():
    rng = np.random.default_rng(2)
    assert np.isnan(energy_ratio(TIME_NS, np.full(MINUTES, 0.5), POWER_KW, 5.0))
    assert np.isnan(energy_ratio(TIME_NS, SOC, np.zeros(MINUTES), 5.0))
    assert np.isnan(energy_ratio(TIME_NS, SOC, rng.normal(0.0, 500.0, MINUTES), 5.0))
    assert np.isnan(energy_ratio(TIME_NS[:1], SOC[:1], POWER_KW[:1], 5.0))
    assert np.isnan(energy_ratio(TIME_NS * 100, SOC, POWER_KW, 5.0)), "records too far apart"


def test_missing_values_are_left_out():
    holes = np.where(np.arange(MINUTES) % 7 == 0, np.nan, SOC)
    assert energy_ratio(TIME_NS, holes, POWER_KW, 5.0) == pytest.approx(1.0)
