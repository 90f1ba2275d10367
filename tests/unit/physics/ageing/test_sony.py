"""The Sony law in closed form at rest; break-in counts only in days of fast cycling; resistance never falls."""

import numpy as np
import pytest

from battuta.physics.ageing import sony_kernels as kernels
from battuta.physics.ageing.ageing_law import term_arrays
from battuta.physics.ageing.duty_days import duty_days
from battuta.physics.ageing.graphite_kernels import anode_potential_v
from battuta.physics.ageing.life_kernels import advance_day, losses
from battuta.physics.ageing.sony import SonyLaw


def test_rest_in_closed_form():
    law, n_days = SonyLaw(), 300
    rest = np.full(24 * n_days, 0.6)
    duty = duty_days(rest, np.full(rest.size, 30.0), np.zeros(rest.size), 3600.0)
    state, arrays = np.zeros(5), term_arrays(law)
    for day in law.stresses(duty):
        advance_day(state, day, np.ones(5), *arrays)
    end, curve = kernels.sony_calendar(anode_potential_v(0.6), 30.0, law.row)
    x = law.row[kernels.PER_DAY] * n_days
    lost, gained = losses(state, arrays.kinds, arrays.quantities, arrays.powers)
    assert lost == pytest.approx(2.0 * end * (0.5 - 1.0 / (1.0 + np.exp(x**curve))))
    resting = kernels.sony_warmth(30.0, law.row) * kernels.sony_resting(0.6, law.row, 2)
    assert gained == pytest.approx(resting * 86_400.0 * n_days)


@pytest.mark.parametrize(("cycles_a_day", "has_break_in"), [(2, False), (4, True)])
def test_break_in_needs_fast_cycling(cycles_a_day, has_break_in):
    half = 24 // (2 * cycles_a_day)
    soc = np.tile(np.repeat([0.0, 1.0], half), cycles_a_day)
    c_rate = np.tile(np.repeat([1.0 / half, -1.0 / half], half), cycles_a_day)
    slots = SonyLaw().stresses(duty_days(soc, np.full(24, 25.0), c_rate, 3600.0))
    assert bool(slots[0, 5] > 0.0) is has_break_in


def test_fast_cycles_never_mend_the_resistance():
    soc, c_rate = np.tile([0.0, 1.0], 12), np.tile([1.5, -1.5], 12)
    assert SonyLaw().stresses(duty_days(soc, np.full(24, 25.0), c_rate, 3600.0))[0, 8] == 0.0
