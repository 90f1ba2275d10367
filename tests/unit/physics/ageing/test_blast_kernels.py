"""Segments and steps of BLAST-Lite's walk against plain NumPy."""

import numpy as np
import pytest

from battuta.physics.ageing import blast_kernels as kernels
from battuta.physics.ageing.prismatic import prismatic_row
from battuta.physics.ageing.prismatic_kernels import prismatic_calendar, prismatic_warmth
from battuta.physics.ageing.sony import sony_row

ROW = prismatic_row()


def plain_stress(time_s, soc, temperature_c, scale):
    level = np.clip(soc[0] + np.concatenate(([0.0], np.cumsum(np.diff(soc) * scale))), 0.0, 1.0)
    rate = np.abs(np.diff(level) / np.diff(time_s / 3600.0))
    rate[rate < 1e-2] = 0.0
    days, span_s = time_s / 86_400.0, time_s[-1] - time_s[0]
    own = [
        [prismatic_calendar(*at, ROW) for at in zip(level, temperature_c, strict=True)],
        [prismatic_warmth(at, ROW) for at in temperature_c],
    ]
    return [
        days[-1] - days[0],
        np.abs(np.diff(level)).sum() / 2.0,
        np.ptp(level),
        np.trapezoid(rate, days[1:]) / (days[-1] - days[0]),
        *(np.trapezoid(each, time_s) / span_s for each in own),
    ]


@pytest.mark.parametrize("scale", [1.0, 1.4])
def test_the_stress_of_a_segment(scale):
    rng = np.random.default_rng(4)
    time_s = np.cumsum(rng.uniform(300.0, 900.0, 60))
    soc, temperature_c = rng.uniform(0.0, 1.0, 60), rng.uniform(5.0, 40.0, 60)
    soc[20:30] = 0.5
    stress = np.empty(9)
    kernels.segment_stress(kernels.PRISMATIC, time_s, soc, temperature_c, scale, ROW, stress)
    assert stress[:6] == pytest.approx(plain_stress(time_s, soc, temperature_c, scale), rel=1e-10)
    kernels.segment_stress(kernels.SONY, time_s, soc, temperature_c, scale, sony_row(), stress)
    assert np.all(stress > 0.0)


def test_a_cut_at_a_turn_after_a_cycle_and_each_day_else():
    time_s = np.arange(100) * 3600.0
    full_cycles = np.linspace(0.0, 4.0, 100)
    ends = kernels.breakpoints(time_s, full_cycles, np.array([10, 30, 90]), 1e9, 1.0)
    assert ends.tolist() == [30, 90, 99]
    assert kernels.breakpoints(time_s, 0.0 * full_cycles, np.array([99]), 86_400.0, 1.0).tolist() == [25, 50, 75, 99]


def test_euler_steps():
    assert kernels.euler_outside(0.0, 4.0, 0.1, 0.5) == pytest.approx(0.2)
    assert kernels.euler_outside(0.2, 1e-6, 0.1, 0.5) == pytest.approx(0.1 * 0.5 / np.sqrt(4.0) * 1e-6)
    assert kernels.euler_inside(0.0, 4.0, 0.1, 2.0) == pytest.approx(0.16)
    assert kernels.euler_inside(0.16, 1e-6, 0.1, 2.0) == pytest.approx(2.0 * 0.16 / 4.0 * 1e-6)

    def curve(x):
        return 2.0 * 0.3 * (0.5 - 1.0 / (1.0 + np.exp((0.1 * x) ** 0.7)))

    assert kernels.euler_sigmoid(0.0, 5.0, 0.3, 0.1, 0.7) == pytest.approx(curve(5.0))
    slope = (curve(5.001) - curve(4.999)) / 0.002
    assert kernels.euler_sigmoid(curve(5.0), 1e-3, 0.3, 0.1, 0.7) == pytest.approx(slope * 1e-3, rel=1e-6)
    assert kernels.euler_outside(0.1, 0.0, 0.1, 0.5) == kernels.euler_sigmoid(0.1, 0.0, 0.3, 0.1, 0.7) == 0.0
    assert kernels.euler_inside(0.1, 0.0, 0.1, 0.5) == 0.0


def test_a_segment_without_time_does_nothing():
    state = np.zeros(5)
    kernels.segment_step(kernels.SONY, np.zeros(9), 1.0, 1.0, sony_row(), state)
    assert np.all(state == 0.0)
