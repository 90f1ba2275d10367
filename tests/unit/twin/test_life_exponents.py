"""A bent exponent leaves the loss at the end of the data as it was, and bends nothing that is no power."""

import numpy as np
import pytest

from battuta.physics.ageing.naumann_law import naumann_law
from battuta.physics.ageing.rate_prior import PIVOT_DAYS
from battuta.physics.ageing.sony import SonyLaw
from battuta.twin.life_exponents import life_exponents


def test_the_loss_at_the_pivot_stays_and_beyond_it_a_steeper_one_loses_more():
    stress, shift = np.full((3, 4), 2e-6), np.array([[0.1, -0.1, 0.0, 0.0]])
    powers, factor = life_exponents(naumann_law(), stress, shift)
    at = 2e-6 * PIVOT_DAYS
    assert factor[0] * at ** powers[0] == pytest.approx(at ** np.array([0.5, 0.5, 1.0, 1.0]))
    later = factor[0] * (2.0 * at) ** powers[0] / (2.0 * at) ** np.array([0.5, 0.5, 1.0, 1.0])
    assert later == pytest.approx([2.0**0.1, 2.0**-0.1, 1.0, 1.0])


def test_no_exponent_falls_below_the_flattest_and_sigmoids_keep_their_own():
    powers, factor = life_exponents(naumann_law(), np.full((1, 4), 1e-6), np.full((2, 5), -0.9))
    assert powers.min() == pytest.approx(0.2)
    assert powers.shape == factor.shape == (2, 4)
    law = SonyLaw()
    powers, factor = life_exponents(law, np.full((1, 9), 1e-6), np.full((1, 5), 0.1))
    bent = [each.kind == 0 for each in law.terms]
    assert ((powers[0] != [each.exponent for each in law.terms]) == bent).all()
    assert ((factor[0] != 1.0) == bent).all()
