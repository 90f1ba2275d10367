"""The prismatic law in closed form: at rest, and in equal cycles."""

import numpy as np
import pytest

from battuta.physics.ageing.ageing_law import term_arrays
from battuta.physics.ageing.duty_days import duty_days
from battuta.physics.ageing.life_kernels import advance_day, losses
from battuta.physics.ageing.prismatic import PrismaticLaw
from battuta.physics.ageing.prismatic_kernels import prismatic_calendar, prismatic_cycle, prismatic_warmth


def lost(duty, rate=(1.0, 1.0)):
    law = PrismaticLaw()
    state, arrays = np.zeros(2), term_arrays(law)
    for day in law.stresses(duty):
        advance_day(state, day, np.array(rate), *arrays)
    return losses(state, arrays.kinds, arrays.quantities, arrays.powers)[0]


def test_rest_and_cycles_in_closed_form():
    row, n_days = PrismaticLaw().row, 200
    rest = np.full(24 * n_days, 0.5)
    calendar = prismatic_calendar(0.5, 25.0, row) * n_days**0.526
    assert lost(duty_days(rest, np.full(rest.size, 25.0), np.zeros(rest.size), 3600.0)) == pytest.approx(calendar)
    swing = np.tile(np.repeat([0.1, 0.9], 12), n_days)
    c_rate = np.tile(np.repeat([0.8 / 12, -0.8 / 12], 12), n_days)
    cycled = duty_days(swing, np.full(swing.size, 25.0), c_rate, 3600.0)
    rate = prismatic_cycle(0.8, 0.8 / 12, prismatic_warmth(25.0, row), row)
    cycles = rate * (0.8 * n_days) ** 0.828
    assert lost(cycled, rate=(0.0, 1.0)) == pytest.approx(cycles, rel=1e-9)
    assert lost(cycled, rate=(0.0, 1.7)) == pytest.approx(1.7 * cycles, rel=1e-9)


def test_an_optimiser_is_not_to_use_it_and_the_card_says_why():
    law = PrismaticLaw()
    assert not law.is_for_optimiser
    assert "hotter" in law.card.markdown()
    assert law.card.outside({"temperature_c": 5.0})
