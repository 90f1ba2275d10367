"""Every law has terms whose slots are there, a card, and stresses that a life can be stepped by."""

import numpy as np
import pytest

from battuta.domain.errors import UsageError
from battuta.physics.ageing.ageing_law import TermKind, ageing_law, ageing_law_names, term_arrays
from battuta.physics.ageing.duty_days import duty_days
from battuta.physics.ageing.life_kernels import advance_day, losses


def days(n_days=20):
    rng = np.random.default_rng(5)
    soc = np.clip(0.5 + 0.4 * np.sin(np.cumsum(rng.normal(0.0, 0.2, 96 * n_days))), 0.0, 1.0)
    c_rate = -np.diff(soc, prepend=soc[0]) * 4.0
    temperature_c = 25.0 + 8.0 * np.sin(np.arange(soc.size) / 96.0 * 2.0 * np.pi)
    return duty_days(soc, temperature_c, c_rate, 900.0)


@pytest.mark.parametrize("name", ageing_law_names())
def test_slots_and_terms_fit(name):
    law = ageing_law(name)
    assert law.name == name
    used = [slot for each in law.terms for slot in range(each.slot, each.slot + (1, 3)[each.kind])]
    assert sorted(used) == list(range(law.n_slots))
    assert len({each.name for each in law.terms}) == len(law.terms)
    assert all(each.exponent == 1.0 for each in law.terms if each.kind is TermKind.SIGMOID)
    assert law.card.validity
    assert law.card.citations


@pytest.mark.parametrize("name", ageing_law_names())
def test_a_life_only_loses(name):
    law, duty = ageing_law(name), days()
    slots, arrays = law.stresses(duty), term_arrays(law)
    assert slots.shape == (duty.n_days, law.n_slots)
    assert np.all(np.isfinite(slots))
    assert np.all(slots >= 0.0)
    state, before = np.zeros(len(law.terms)), (0.0, 0.0)
    for day in slots:
        advance_day(state, day, np.ones(state.size), *arrays)
        after = losses(state, arrays.kinds, arrays.quantities, arrays.powers)
        assert after[0] > before[0]
        assert after[1] >= before[1]
        before = after
    assert 0.001 < before[0] < 0.1


def test_an_unknown_name_is_told_what_there_is():
    with pytest.raises(UsageError, match="naumann_lfp"):
        ageing_law("naumann")
