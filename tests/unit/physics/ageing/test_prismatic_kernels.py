"""Rates of the prismatic cell against plain NumPy, and the artefact of its cycle term."""

import numpy as np
import pytest

from battuta.physics.ageing.graphite_kernels import anode_potential_v
from battuta.physics.ageing.prismatic import prismatic_row
from battuta.physics.ageing.prismatic_kernels import (
    prismatic_calendar,
    prismatic_cycle,
    prismatic_days,
    prismatic_warmth,
)

ROW = prismatic_row()


def test_rates_by_hand():
    kelvin, potential_v = 298.15, anode_potential_v(0.5)
    calendar = 8.37e4 * np.exp(-5210.0 / kelvin) * np.exp(-3560.0 * potential_v / kelvin)
    assert prismatic_calendar(0.5, 25.0, ROW) == pytest.approx(calendar, rel=1e-12)
    warmth = np.exp(2190.0 / kelvin) + np.exp(-155_000.0 / kelvin)
    assert prismatic_warmth(25.0, ROW) == pytest.approx(warmth, rel=1e-12)
    assert prismatic_cycle(0.8, 0.5, 2.0, ROW) == pytest.approx(2.0 * (4.38e-8 + 0.8 * 1.55e-8 + 0.5 * 1.68e-7))


def test_its_cycles_cost_less_when_hot_and_its_calendar_more():
    assert prismatic_warmth(45.0, ROW) < prismatic_warmth(10.0, ROW)
    assert prismatic_calendar(0.5, 45.0, ROW) > prismatic_calendar(0.5, 10.0, ROW)


def test_days_are_means():
    soc, temperature_c = np.array([[0.2, 0.8], [0.5, 0.5]]), np.array([[10.0, 30.0], [25.0, 25.0]])
    plain = [
        [
            np.mean([prismatic_calendar(*at, ROW) for at in zip(*day, strict=True)])
            for day in zip(soc, temperature_c, strict=True)
        ],
        [np.mean([prismatic_warmth(at, ROW) for at in day]) for day in temperature_c],
    ]
    assert prismatic_days(soc, temperature_c, ROW) == pytest.approx(np.array(plain).T)
