"""The way to rest: known amplitudes and time constants come back, and what cannot be seen stays unknown."""

import numpy as np
import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.domain.telemetry import Block
from battuta.health.relaxation_features import relaxation_features, rests

SLOW_OHM = 2e-4 * np.array([1.0, 0.9, 1.0, 1.5, 1.1, 1.0, 1.0, 1.0])
SLOW_S = np.array([1500.0, 1500.0, 1500.0, 1500.0, 1500.0, 1500.0, 1650.0, 1350.0])


def day(*, load_rows=240, rest_rows=240, load_a=80.0, noise_v=2e-4, tail_a=0.1):
    rng = np.random.default_rng(2)
    n = load_rows + rest_rows
    current_a = np.where(np.arange(n) < load_rows, load_a, tail_a)
    slow_v = np.zeros((n, 8))
    keep = np.exp(-60.0 / SLOW_S)
    for t in range(1, n):
        slow_v[t] = keep * slow_v[t - 1] + (1.0 - keep) * current_a[t - 1] * SLOW_OHM
    voltage_v = 3.3 - 3e-4 * current_a[:, None] - slow_v + noise_v * rng.normal(size=(n, 8))
    return Block(
        string_id="a",
        time_ns=np.arange(n) * 60_000_000_000,
        current_a=current_a,
        voltage_v=voltage_v,
        temperature_c=np.full((n, 1), 25.0),
    )


def test_resistance_of_diffusion_and_its_time_come_back():
    told = relaxation_features(day(), 314.0)
    assert told.string_time_constant_s == pytest.approx(1500.0, rel=0.03)
    np.testing.assert_allclose(told.slow_resistance_ohm, SLOW_OHM, rtol=0.05)
    np.testing.assert_allclose(told.time_constant_s, SLOW_S, rtol=0.06)
    off = np.abs(told.slow_resistance_ohm - SLOW_OHM) / told.slow_resistance_deviation_ohm
    assert (off < 3.0).all()
    assert (told.time_constant_deviation_s > 0.0).all()
    np.testing.assert_allclose(told.rest_v, 3.3, atol=2e-3)
    assert told.stopped_ns == 240 * 60_000_000_000
    assert told.n_rows.tolist() == [117] * 8


def test_after_a_charge_the_amplitude_is_negative_and_the_resistance_is_not():
    told = relaxation_features(day(load_a=-80.0), 314.0)
    assert (told.amplitude_v < 0.0).all()
    np.testing.assert_allclose(told.slow_resistance_ohm, SLOW_OHM, rtol=0.05)


@pytest.mark.parametrize("changes", [{"rest_rows": 20}, {"load_a": 0.0}, {"load_rows": 0}, {"tail_a": 5.0}])
def test_no_rest_no_word(changes):
    told = relaxation_features(day(**changes), 314.0)
    assert np.isnan(told.amplitude_v).all()
    assert np.isnan(told.time_constant_s).all()
    assert told.n_rows.tolist() == [0] * 8
    assert told.stopped_ns == -1


def test_a_load_that_is_known_too_shortly_gives_an_amplitude_alone():
    told = relaxation_features(day(load_rows=30), 314.0)
    assert np.isfinite(told.amplitude_v).all()
    assert np.isnan(told.slow_resistance_ohm).all()


def test_a_cell_that_was_bled_or_not_read_is_left_out():
    block = day()
    bleed_ah = np.zeros(block.voltage_v.shape)
    bleed_ah[300, 2] = 0.001
    voltage_v = block.voltage_v.copy()
    voltage_v[290, 5] = np.nan
    bled = Block(
        string_id="a", time_ns=block.time_ns, current_a=block.current_a, voltage_v=voltage_v,
        temperature_c=block.temperature_c, bleed_ah=bleed_ah,
    )  # fmt: skip
    told = relaxation_features(bled, 314.0)
    assert np.flatnonzero(np.isnan(told.amplitude_v)).tolist() == [2, 5]
    assert told.n_rows[[2, 5]].tolist() == [0, 0]


def test_a_gap_or_a_missing_current_ends_a_rest():
    current_a = np.array([90.0, 0.1, 0.1, np.nan, 0.1, 0.1, 0.1])
    time_s = np.array([0.0, 60.0, 120.0, 180.0, 240.0, 300.0, 5000.0])
    assert rests(current_a, time_s, 314.0) == [(1, 3)]


def test_a_capacity_of_nothing_is_refused():
    with pytest.raises(InvalidQuantityError, match="capacity_ah"):
        relaxation_features(day(), -1.0)
