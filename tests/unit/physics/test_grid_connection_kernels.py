"""Limits, losses and reactive modes against plain formulas."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battuta.physics.grid_connection import GridConnection, ReactiveLaw, ReactiveMode
from battuta.physics.grid_connection_kernels import (
    at_interconnection,
    converter_power_kw,
    onto_circle,
    power_window,
    reactive_step,
)

SITE = {
    "apparent_power_kva": 1000.0,
    "import_power_kw_max": 800.0,
    "export_power_kw_max": 500.0,
    "transformer_kva": 1100.0,
    "no_load_loss_pu": 0.002,
    "load_loss_pu": 0.01,
    "reactance_pu": 0.06,
    "magnetising_pu": 0.005,
}
ROW = GridConnection(**SITE).parameters()
Q_FIRST = GridConnection(**SITE, reactive_first=True).parameters()


def plain_point(p, q, other_kw=0.0, other_kvar=0.0):
    load = (p**2 + q**2) / 1100.0**2
    return p + other_kw - 1100.0 * (0.002 + 0.01 * load), q + other_kvar - 1100.0 * (0.005 + 0.06 * load)


def test_which_of_p_and_q_gives_way():
    p, q = np.array([900.0, 900.0, -1200.0]), np.array([-800.0, -800.0, 100.0])
    onto_circle(p, q, np.array([ROW, Q_FIRST, ROW]))
    assert p == pytest.approx([900.0, 600.0, -1000.0])
    assert q == pytest.approx([-np.sqrt(1000.0**2 - 900.0**2), -800.0, 0.0], abs=1e-9)


@given(p=st.floats(-3000.0, 3000.0), q=st.floats(-3000.0, 3000.0))
def test_the_circle_holds_and_leaves_alone_what_is_inside(p, q):
    p_out, q_out = np.array([p, p]), np.array([q, q])
    onto_circle(p_out, q_out, np.array([ROW, Q_FIRST]))
    assert np.all(np.hypot(p_out, q_out) <= 1000.0 * (1.0 + 1e-12))
    if np.hypot(p, q) <= 999.999:
        assert p_out.tolist() == [p, p]
        assert q_out.tolist() == [q, q]


def test_the_point_sees_losses_and_the_rest_of_the_site():
    rng = np.random.default_rng(5)
    p, q, other_kw, other_kvar = rng.uniform(-700.0, 700.0, (4, 50))
    point_kw, point_kvar = np.empty(50), np.empty(50)
    at_interconnection(p, q, other_kw, other_kvar, np.tile(ROW, (50, 1)), point_kw, point_kvar)
    expected_kw, expected_kvar = plain_point(p, q, other_kw, other_kvar)
    assert point_kw == pytest.approx(expected_kw, abs=1e-9)
    assert point_kvar == pytest.approx(expected_kvar, abs=1e-9)


@given(q=st.floats(-900.0, 900.0), other_kw=st.floats(-400.0, 400.0), side=st.sampled_from(["export", "import"]))
def test_the_window_meets_the_limit_exactly(q, other_kw, side):
    low, high = np.empty(1), np.empty(1)
    power_window(np.array([q]), np.array([other_kw]), ROW[np.newaxis, :], low, high)
    edge, limit = (high[0], 500.0) if side == "export" else (low[0], -800.0)
    point_kw, _ = plain_point(edge, q, other_kw)
    if abs(edge) < 1000.0:
        assert point_kw == pytest.approx(limit, abs=1e-7)
    else:
        assert -800.0 - 1e-7 <= point_kw <= 500.0 + 1e-7


def test_a_target_that_no_power_reaches_gives_the_nearest():
    assert converter_power_kw(500.0, 0.0, 0.0, 0.0, 0.5 / 100.0) == pytest.approx(100.0)
    assert converter_power_kw(500.0, 100.0, -20.0, 0.0, 0.0) == 520.0


def test_a_site_whose_pv_breaks_the_export_limit_must_charge():
    low, high = np.empty(1), np.empty(1)
    power_window(np.zeros(1), np.array([700.0]), ROW[np.newaxis, :], low, high)
    assert high[0] < -190.0
    power_window(np.zeros(1), np.array([2000.0]), ROW[np.newaxis, :], low, high)
    assert (low[0], high[0]) == (-1000.0, -1000.0)


def step(law, voltage, power=0.0, start=0.0, dt_s=1.0):
    q = np.array([start])
    reactive_step(np.array([voltage]), np.array([power]), dt_s, law.parameters()[np.newaxis, :], q)
    return q[0]


def test_fixed_modes():
    assert step(ReactiveLaw(mode=ReactiveMode.FIXED_Q, q_pu=-0.3, q_pu_max=0.2), 1.0) == -0.2
    for factor in (0.9, -0.9):
        law = ReactiveLaw(mode=ReactiveMode.FIXED_FACTOR, power_factor=factor)
        for power in (0.5, -0.5):
            q = step(law, np.nan, power)
            assert np.sign(q) == np.sign(factor)
            assert 0.5 / np.hypot(0.5, q) == pytest.approx(0.9)


V, Q = (0.92, 0.98, 1.02, 1.08), (0.44, 0.0, 0.0, -0.44)


def test_a_curve_with_a_deadband_is_interpolation():
    law = ReactiveLaw(mode=ReactiveMode.Q_OF_V, curve_v_pu=V, curve_q_pu=Q)
    for voltage in np.linspace(0.85, 1.15, 61):
        assert step(law, voltage) == pytest.approx(np.interp(voltage, V, Q), abs=1e-12)
    assert step(law, np.nan, start=0.1) == 0.1
    assert step(law, 0.01, start=0.1) == 0.0


def test_a_curve_is_approached_in_its_time():
    law = ReactiveLaw(mode=ReactiveMode.Q_OF_V, curve_v_pu=V, curve_q_pu=Q, response_s=5.0)
    assert step(law, 1.08, dt_s=5.0) == pytest.approx(-0.44 * (1.0 - np.exp(-1.0)))


def test_voltage_mode_finds_the_voltage_and_does_not_wind_up():
    law = ReactiveLaw(mode=ReactiveMode.VOLTAGE, voltage_set_pu=1.0, voltage_deadband_pu=0.005, gain_per_s=1.0)
    q = 0.0
    for _ in range(500):
        q = step(law, 1.03 + 0.1 * q, start=q)
    assert 1.03 + 0.1 * q == pytest.approx(1.005, abs=1e-6)
    held = ReactiveLaw(mode=ReactiveMode.VOLTAGE, q_pu_max=0.4, gain_per_s=10.0)
    assert step(held, 1.2, start=-0.4) == -0.4
    assert step(held, 0.99, start=-0.4) == pytest.approx(-0.3)
