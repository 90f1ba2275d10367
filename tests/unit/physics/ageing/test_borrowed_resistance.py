"""Resistance of another law beside a law that has none."""

import numpy as np

from battuta.physics.ageing.ageing_law import ageing_law
from battuta.physics.ageing.borrowed_resistance import BorrowedResistance, with_resistance
from battuta.physics.ageing.duty_days import duty_days
from battuta.physics.ageing.rate_prior import rate_prior

OWN, LENDER = ageing_law("lfp_250ah"), ageing_law("naumann_lfp")
BOTH = with_resistance(OWN, LENDER)
DUTY = duty_days(np.tile([0.2, 0.8], 48), np.full(96, 30.0), np.tile([0.3, -0.3], 48), 3600.0)


def test_capacity_is_its_own_and_resistance_the_others():
    assert isinstance(BOTH, BorrowedResistance)
    found = BOTH.stresses(DUTY)
    assert found.shape == (4, BOTH.n_slots)
    for each in BOTH.terms:
        source = OWN if each in OWN.terms else LENDER
        term = next(one for one in source.terms if one.name == each.name)
        assert np.array_equal(found[:, each.slot], source.stresses(DUTY)[:, term.slot])
    assert [each.name for each in BOTH.terms[len(OWN.terms) :]] == ["resistance_calendar", "resistance_cycle"]


def test_it_keeps_its_name_and_says_whose_resistance_it_took():
    assert BOTH.name == "lfp_250ah"
    assert not BOTH.is_for_optimiser
    assert any("taken from naumann_lfp" in each for each in BOTH.card.limits)


def test_spreads_are_of_the_law_that_each_term_came_from():
    own, lender, both = rate_prior(OWN), rate_prior(LENDER), rate_prior(BOTH)
    assert both.term == (*own.term, "resistance_calendar", "resistance_cycle")
    expected = [lender.log_sd[lender.term.index(each)] for each in both.term[-2:]]
    assert np.array_equal(both.log_sd, np.concatenate((own.log_sd, expected)))
    assert len(both.is_assumed) == len(both.source) == both.exponent_sd.size == len(both.term)


def test_a_law_that_has_resistance_is_given_back():
    assert with_resistance(LENDER, OWN) is LENDER
