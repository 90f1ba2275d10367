"""The droop loop against NumPy's interpolation."""

import numpy as np

from battuta.physics.droop_kernels import droop_curve_pu, droop_point_pu

HZ = np.array([-0.5, -0.2, -0.015, 0.015, 0.2, 0.5, 0.0, 0.0])
PU = np.array([1.0, 0.05, 0.0, 0.0, -0.05, -1.0, 0.0, 0.0])


def plain(frequency_hz, nominal_hz, deadband_hz, points_hz, points_pu):
    deviation = frequency_hz - nominal_hz
    return np.where(np.abs(deviation) <= deadband_hz, 0.0, np.interp(deviation, points_hz, points_pu))


def test_dynamic_containment_at_its_corners():
    corners = {0.015: 0.0, -0.2: 0.05, -0.5: 1.0, -0.9: 1.0, 0.35: -0.525}
    for deviation, power in corners.items():
        assert abs(droop_point_pu(deviation, 0.015, HZ, PU, 6) - power) < 1e-12


def test_the_loop_is_the_plain_curve():
    frequency = np.linspace(49.0, 51.0, 4001)
    out = np.empty_like(frequency)
    droop_curve_pu(frequency, 50.0, 0.015, HZ, PU, 6, out)
    assert np.max(np.abs(out - plain(frequency, 50.0, 0.015, HZ[:6], PU[:6]))) < 1e-14


def test_the_edge_belongs_to_the_deadband():
    line = np.array([-0.2, 0.2]), np.array([1.0, -1.0])
    assert droop_point_pu(-0.01, 0.01, *line, 2) == 0.0
    assert abs(droop_point_pu(-0.0100001, 0.01, *line, 2) - 0.05) < 1e-6


def test_without_restart_power_jumps_at_the_edge_and_missing_stays_missing():
    out = np.empty(3)
    two = np.array([-0.2, 0.2]), np.array([1.0, -1.0])
    droop_curve_pu(np.array([49.995, 49.98, np.nan]), 50.0, 0.01, *two, 2, out)
    assert out[0] == 0.0
    assert abs(out[1] - 0.1) < 1e-12
    assert np.isnan(out[2])
