"""Nodes of a string found in its past, outdoors taken out."""

import numpy as np
import pytest

from battuta.health.thermal_residual_fit import BIN_S, N_BINS, DayBins, fit_nodes, lagged_heat, outdoors, without
from unit.health.thermal_days import STEP_S, thermal_day


def bins_of(day, **changes):
    _, rate_c, temperature_c = thermal_day(day, **changes)
    rows = round(BIN_S / STEP_S)
    mean_c = temperature_c.reshape(N_BINS, rows, -1).mean(axis=1)
    heat = (rate_c**2).reshape(N_BINS, rows).mean(axis=1)
    middle_c = np.median(mean_c, axis=1)
    return DayBins(day=day, heat=heat, middle_c=middle_c, away_k=mean_c - middle_c[:, None])


@pytest.mark.parametrize("lag_s", [2700.0, 1800.0])
def test_the_lag_of_the_cells_is_found(lag_s):
    nodes = fit_nodes([bins_of(day, lag_s=lag_s) for day in range(8)])
    assert nodes is not None
    assert nodes.fast_s == lag_s
    assert nodes.fast_k == pytest.approx(40.0, rel=0.1)
    assert nodes.slow_k < 8.0


def test_without_heat_or_sensors_there_are_no_nodes():
    unread = bins_of(1)
    unread.middle_c[:] = np.nan
    assert fit_nodes([unread]) is None
    cold = bins_of(1)
    cold.heat[:] = 0.0
    assert fit_nodes([cold]) is None


def test_outdoors_explain_what_they_do_and_no_more():
    turn = 2.0 * np.pi * np.arange(N_BINS) / N_BINS
    middle_c = 20.0 + turn + 3.0 * np.cos(turn) + np.where(np.arange(N_BINS) == 70, 5.0, 0.0)
    middle_c[5] = np.nan
    left = without(outdoors(middle_c), middle_c)
    assert left.size == N_BINS - 1
    assert left[69] > 4.5
    assert np.abs(np.delete(left, 69)).max() < 0.3
    assert outdoors(np.where(np.arange(N_BINS) < 100, np.nan, middle_c)).shape == (0, 4)


def test_heat_goes_on_from_day_to_day():
    heat = np.random.default_rng(1).uniform(0.0, 0.2, 2 * N_BINS)
    whole, end = lagged_heat(heat, 2700.0, 28_800.0, (0.1, 0.1))
    first, between = lagged_heat(heat[:N_BINS], 2700.0, 28_800.0, (0.1, 0.1))
    second, after = lagged_heat(heat[N_BINS:], 2700.0, 28_800.0, between)
    np.testing.assert_allclose(np.concatenate([first, second], axis=1), whole)
    assert after == end
