"""A lost power station moves the frequency as the swing equation says."""

import numpy as np
import pytest

from battuta.world.grid_character import CONTINENTAL_EUROPE_LIKE, GREAT_BRITAIN_LIKE, NORDIC_LIKE, GridEvent

GRIDS = [CONTINENTAL_EUROPE_LIKE, GREAT_BRITAIN_LIKE, NORDIC_LIKE]


def deviation_hz(numbers, after_s):
    _, steady_hz, decay, turn, sine, _, _ = numbers
    return steady_hz * (1.0 - np.exp(-decay * after_s) * (np.cos(turn * after_s) + sine * np.sin(turn * after_s)))


def swing_by_small_steps(kind, lost_power_mw, duration_s, step_s=1e-3):
    """The same two equations integrated step by step: inertia with load damping, and a lagging governor."""
    inertia_mw_s_per_hz = kind.system_mw * 2.0 * kind.inertia_s / 50.0
    damping_mw_per_hz = 0.1 * kind.stiffness_mw_per_hz
    gain_mw_per_hz = 0.9 * kind.stiffness_mw_per_hz
    deviation, governor_mw, path = 0.0, 0.0, [0.0]
    for _ in range(round(duration_s / step_s)):
        slope = (governor_mw - lost_power_mw - damping_mw_per_hz * deviation) / inertia_mw_s_per_hz
        governor_mw += step_s * (-gain_mw_per_hz * deviation - governor_mw) / kind.governor_s
        deviation += step_s * slope
        path.append(deviation)
    return np.array(path)


@pytest.mark.parametrize("kind", GRIDS)
def test_the_formula_is_the_swing_equation(kind):
    numbers = GridEvent(at_s=0.0, lost_power_mw=1000.0).response(kind)
    integrated_hz = swing_by_small_steps(kind, 1000.0, 30.0)
    formula_hz = deviation_hz(numbers, np.arange(integrated_hz.size) * 1e-3)
    assert np.abs(formula_hz - integrated_hz).max() < 2e-3 * np.abs(integrated_hz).max()


@pytest.mark.parametrize("kind", GRIDS)
def test_the_largest_loss_is_deep_but_not_absurd(kind):
    numbers = GridEvent(at_s=0.0, lost_power_mw=kind.lost_power_mw_max).response(kind)
    nadir_hz = deviation_hz(numbers, np.linspace(0.0, 30.0, 3001)).min()
    assert -0.9 < nadir_hz < -0.15


def test_lost_load_raises_the_frequency():
    event = GridEvent(at_s=0.0, lost_power_mw=-600.0)
    assert event.rocof_hz_per_s(GREAT_BRITAIN_LIKE) == pytest.approx(0.6 / 30.0 * 50.0 / 9.0)
    assert deviation_hz(event.response(GREAT_BRITAIN_LIKE), 2.0) > 0.0


@pytest.mark.parametrize("kind", GRIDS)
def test_what_is_synthetic_says_so(kind):
    assert kind.imitates.startswith("synthetic")
