"""Rates of the Sony cell against plain NumPy and scipy's distributions."""

import numpy as np
import pytest
from scipy import stats

from battuta.physics.ageing import sony_kernels as kernels
from battuta.physics.ageing.graphite_kernels import anode_potential_v
from battuta.physics.ageing.sony import sony_row

ROW = sony_row()


@pytest.mark.parametrize(("soc", "temperature_c"), [(0.1, 10.0), (0.5, 25.0), (1.0, 45.0)])
def test_the_calendar_by_hand(soc, temperature_c):
    k, u = temperature_c + 273.15, anode_potential_v(soc)
    end = 0.98968715129359 * np.exp(-2881067.56019324 / k**2 * u**0.5) * np.exp(8742.06309157261 / k * u**0.5)
    curve = (
        0.000332850281062177
        * np.exp(734553185711.369 / k**4 * u ** (1 / 3))
        * np.exp(-2.8216157562078e-06 * k**3 * u**0.25)
        * np.exp(-3284991315.45121 / k**3 * u ** (1 / 3))
        * np.exp(0.0012722759365729 * k**2 * u**0.25)
    )
    assert kernels.sony_calendar(u, temperature_c, ROW) == pytest.approx((end, curve), rel=1e-10)


def test_cycles_and_break_in_by_hand():
    rate = -6.81260579372875e-06 + 2.59615973160844e-05 * 0.8 + 2.11559710307295e-06 * np.exp(0.64 * 0.125)
    assert kernels.sony_cycle(0.8, 0.5, ROW) == pytest.approx(rate)
    z = (0.7 - 0.5) / 0.2
    assert kernels.skewed_bell(0.7, 1.5, 0.2) == pytest.approx(2.0 * stats.norm.pdf(z) * stats.norm.cdf(1.5 * z))
    z = (0.9 - 0.5) / 1.1612626042821
    bell = 2.0 * stats.norm.pdf(z) * stats.norm.cdf(-3.80744333129564 * z)
    rise = 2.0 * (0.5 - 1.0 / (1.0 + np.exp(25.4130804598602 * 0.9)))
    assert kernels.sony_break_in(0.9, ROW) == pytest.approx(0.582258029148225 * bell * rise)


def test_resistance_by_hand():
    warm = 3.4194e-10 * np.exp(-71827.0 / 8.3144 * (1.0 / 313.15 - 1.0 / 298.15))
    assert kernels.sony_warmth(40.0, ROW) == pytest.approx(warm)
    assert kernels.sony_resting(0.9, ROW, 2) == pytest.approx(1.5604 - 3.3903 * 0.16)
    assert kernels.sony_resting(0.9, ROW, 3) == pytest.approx(1.5604 - 3.3903 * 0.064)
    assert kernels.sony_cycle_growth(0.5, 0.25, ROW) == pytest.approx(0.0016 * 0.91882 / 100.0)
    assert kernels.sony_cycle_growth(0.5, 1.2, ROW) < 0.0


def test_days_are_means():
    soc, temperature_c = np.array([[0.2, 0.8]]), np.array([[10.0, 30.0]])
    mean = kernels.sony_days(soc, temperature_c, ROW)
    pairs = [kernels.sony_calendar(anode_potential_v(s), t, ROW) for s, t in ((0.2, 10.0), (0.8, 30.0))]
    resting = [kernels.sony_warmth(t, ROW) * kernels.sony_resting(s, ROW, 2) for s, t in ((0.2, 10.0), (0.8, 30.0))]
    assert mean[0, :2] == pytest.approx(np.mean(pairs, axis=0))
    assert mean[0, 3] == pytest.approx(np.mean(resting))


def test_cycle_rates_of_days():
    rates = kernels.sony_cycle_days(np.array([0.8, 0.5]), np.array([0.5, 1.2]), ROW)
    growth = kernels.sony_cycle_growth(0.8, 0.5, ROW)
    assert rates[0] == pytest.approx([kernels.sony_cycle(0.8, 0.5, ROW), kernels.sony_break_in(0.8, ROW), growth])
    assert rates[1, 2] == 0.0
