"""Incidents in lives: their means are those that were counted without drawing."""

import numpy as np
import pytest

from battuta.twin.drawn_incidents import drawn_incidents
from battuta.twin.failures import DAYS_PER_YEAR
from battuta.twin.incident_events import hits, incident_events
from battuta.twin.incident_losses import insurer_answer
from battuta.twin.outages import lost_shares
from unit.twin.insurance_case import FIRE, FLOOD, VENT, policy

VALUE = 1e6


def drawn(n_lives=4000, inflation=0.0, **changes):
    return drawn_incidents(
        policy(**changes),
        n_containers=4,
        value_per_container=VALUE,
        seed=2,
        n_lives=n_lives,
        n_years=10,
        inflation=inflation,
    )


def test_means_are_those_of_the_closed_form():
    found, asked = drawn(), policy()
    answer = insurer_answer(asked, n_containers=4, value_per_container=VALUE, premium_per_year=0.0, seed=2).spacings[0]
    assert found.events.mean() == pytest.approx(answer.whole.rate_per_year, rel=0.09)  # four deviations
    assert found.paid.mean() == pytest.approx(answer.whole.paid.expected, rel=0.25)
    hit = hits(asked, 4, 4.0, seed=2)
    ends = [incident_events(each, asked, hit, VALUE) for each in (VENT, FIRE, FLOOD)]
    damage = sum(each.rate_per_year * each.probability @ each.damage for each in ends)
    assert found.damage.mean() == pytest.approx(damage, rel=0.25)
    assert np.array_equal(found.cost, found.damage - found.paid)
    stopped = sum(each.rate_per_year * each.probability @ each.interruption for each in ends) / 2000.0
    lost = lost_shares(found.outages, n_lives=4000, n_years=10)
    assert lost.mean() * DAYS_PER_YEAR == pytest.approx(stopped, rel=0.25)


def test_a_life_has_its_incidents_whoever_else_is_drawn_and_prices_rise():
    some, few = drawn(n_lives=400), drawn(n_lives=150)
    assert np.array_equal(some.paid[:150], few.paid)
    alone = drawn(n_lives=400, incident=(VENT,), spacing_m_compared=())
    assert np.all(some.events >= alone.events)
    dearer = drawn(n_lives=400, inflation=0.1)
    assert dearer.paid == pytest.approx(some.paid * 1.1 ** np.arange(10.0))
    assert np.array_equal(dearer.events, some.events)


def test_lives_without_incident_lose_nothing():
    found = drawn(n_lives=3, incident=(VENT,), propagation=(), spacing_m=None, spacing_m_compared=())
    calm = found.events == 0.0
    assert not found.paid[calm].any()
    assert not found.damage[calm].any()
