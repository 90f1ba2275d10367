"""Converter losses and following against plain formulas; energy to the bit."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battuta.physics.pcs_kernels import ac_to_dc, dc_to_ac, output_of, pcs_follow

ROW = np.array([1000.0, 0.005512, 0.018773, 0.007702, 0.017291, 0.001])


def through(kernel, power_kw, row=ROW):
    power_kw = np.asarray(power_kw, dtype=float)
    out, loss = np.empty_like(power_kw), np.empty_like(power_kw)
    kernel(power_kw, np.tile(row, (len(power_kw), 1)), out, loss)
    return out, loss


def plain_dc(ac_kw, row=ROW):
    """Both directions by NumPy: the loss is P0 + K p^2 of what comes out."""
    rated, p0_out, k_out, p0_in, k_in, standby = row
    ac = ac_kw / rated
    stored = (-1.0 + np.sqrt(1.0 + 4.0 * k_in * np.maximum(-ac - p0_in, 0.0))) / (2.0 * k_in)
    loss = np.select([ac > 0.0, ac < 0.0], [p0_out + k_out * ac**2, p0_in + k_in * stored**2], standby)
    return rated * (ac + loss)


def test_the_loop_is_the_plain_formula():
    ac = np.linspace(-1200.0, 1200.0, 2401)
    dc, loss = through(ac_to_dc, ac)
    assert np.max(np.abs(dc - plain_dc(ac))) < 1e-9
    assert np.array_equal(ac + loss, dc)
    assert loss.min() == pytest.approx(1.0)


def test_notton_efficiency_both_ways():
    dc, _ = through(ac_to_dc, [500.0])
    assert 500.0 / dc[0] == pytest.approx(0.5 / (0.5 + 0.005512 + 0.018773 * 0.25))
    ac, _ = through(dc_to_ac, [-500.0])
    assert -500.0 / ac[0] == pytest.approx(0.5 / (0.5 + 0.007702 + 0.017291 * 0.25))


@given(share=st.floats(-1.2, 1.2), p0=st.floats(0.0, 0.02), k=st.floats(0.0, 0.05))
def test_there_and_back(share, p0, k):
    row = np.array([750.0, p0, k, p0, k, 0.0])
    ac = np.array([750.0 * share])
    dc, loss = through(ac_to_dc, ac, row)
    back, loss_back = through(dc_to_ac, dc, row)
    if dc[0] != 0.0:
        assert back[0] == pytest.approx(ac[0], abs=1e-9)
        assert loss_back[0] == pytest.approx(loss[0], abs=1e-9)
    assert loss[0] >= 0.0


def test_a_little_power_is_all_loss():
    dc, _ = through(ac_to_dc, [-2.0, 0.0])
    assert dc == pytest.approx([5.702, 1.0])
    ac, loss = through(dc_to_ac, [0.0, 5.6, -1e-9])
    assert ac == pytest.approx([-1.0, 1000.0 * output_of(0.0056, 0.005512, 0.018773), -7.702])
    assert ac + loss == pytest.approx([0.0, 5.6, -1e-9], abs=1e-12)


def test_in_place():
    power, loss = np.array([400.0, -400.0]), np.empty(2)
    expected, _ = through(ac_to_dc, power.copy())
    ac_to_dc(power, np.tile(ROW, (2, 1)), power, loss)
    assert np.array_equal(power, expected)


def follow(setpoint, tau_s, ramp, dt_s, start=0.0):
    setpoint = np.array([setpoint], dtype=float)
    state, out = np.array([start]), np.empty_like(setpoint)
    pcs_follow(setpoint, state, np.array([tau_s]), np.array([ramp]), dt_s, out)
    assert state[0] == out[0, -1]
    return out[0]


def test_a_lag_is_the_exponential():
    out = follow(np.ones(40), 0.1, math.inf, 0.05)
    assert out == pytest.approx(1.0 - np.exp(-np.arange(1, 41) * 0.05 / 0.1))


def test_a_ramp_then_an_exponential_as_a_fine_euler_walk_finds_it():
    out = follow(np.repeat([1.0, -0.5], 40), 0.1, 2.0, 0.05)
    power, walked = 0.0, []
    for target in np.repeat([1.0, -0.5], 40):
        for _ in range(5000):
            power += float(np.clip((target - power) / 0.1, -2.0, 2.0)) * 1e-5
        walked.append(power)
    assert out == pytest.approx(walked, abs=1e-4)


@pytest.mark.parametrize(("tau_s", "ramp"), [(0.0, 2.0), (0.0, math.inf), (0.2, math.inf), (0.2, 0.7)])
def test_ticks_of_any_length_agree(tau_s, ramp):
    steps = np.repeat([1.0, -0.5, 0.2], 8)
    coarse, fine = follow(steps, tau_s, ramp, 0.1), follow(np.repeat(steps, 10), tau_s, ramp, 0.01)
    assert fine[9::10] == pytest.approx(coarse, abs=1e-12)
