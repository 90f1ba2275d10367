"""Every term of every law has a spread with its source; a shifted exponent keeps the loss at the pivot."""

import numpy as np
import pytest

from battuta.physics.ageing.ageing_law import ageing_law, ageing_law_names, term_arrays
from battuta.physics.ageing.life_kernels import advance_day, term_loss
from battuta.physics.ageing.rate_prior import PIVOT_DAYS, rate_at_pivot, rate_prior
from battuta.physics.ageing.table_law import table_law


@pytest.mark.parametrize("name", ageing_law_names())
def test_every_term_has_a_spread_and_a_source(name):
    law = ageing_law(name)
    prior = rate_prior(law)
    assert prior.term == tuple(each.name for each in law.terms)
    assert np.all(prior.log_sd > 0.0)
    assert all(prior.source)
    assert all(says.startswith("assumed") for says, so in zip(prior.source, prior.is_assumed, strict=True) if so)
    sigmoid = np.array([each.kind == 1 for each in law.terms])
    assert np.all(prior.exponent_sd[sigmoid] == 0.0)


def test_the_law_of_a_table_has_none():
    prior = rate_prior(table_law("warranty", np.array([1.0, 10.0]), np.array([0.97, 0.7])))
    assert np.all(prior.log_sd == 0.0)
    assert all(prior.is_assumed)


@pytest.mark.parametrize("shift", [-0.06, 0.2])
def test_a_shifted_exponent_turns_about_the_pivot(shift):
    law, stress = ageing_law("naumann_lfp"), 3.3e-7
    arrays, found = term_arrays(law), []
    for moved in (0.0, shift):
        state, slots = np.zeros(4), np.array([stress, 0.0, 0.0, 0.0])
        powers = arrays.powers + np.array([moved, 0.0, 0.0, 0.0])
        rate = rate_at_pivot(slots, np.array([moved, 0.0, 0.0, 0.0]))
        for _ in range(round(PIVOT_DAYS)):
            advance_day(state, slots, rate, arrays.kinds, arrays.quantities, powers, arrays.slot_of)
        found.append(term_loss(state[0], 0, powers[0]))
    assert found[1] == pytest.approx(found[0], rel=1e-9)
    assert rate_at_pivot(np.zeros(1), np.array([shift])) == 1.0
