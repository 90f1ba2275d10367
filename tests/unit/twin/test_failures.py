"""Drawn failures: as many as expected, spread over the years by their shape, the same for a life whoever asks."""

import numpy as np
import pytest

from battuta.domain.failures import FailingUnit
from battuta.twin.failures import DAYS_PER_YEAR, drawn_failures, share_lost
from battuta.twin.outages import lost_shares
from unit.twin.insurance_case import BATTERY, failure


def drawn(*classes, n_lives=3000, n_years=10, **kw):
    return drawn_failures(classes, BATTERY, seed=3, n_lives=n_lives, n_years=n_years, **kw)


def test_events_time_and_cost_are_those_expected():
    found = drawn(failure(repair_cost=100.0, repair_deviation=0.5))
    assert found.events.mean() == pytest.approx(2 * 0.5, rel=0.02)
    repair_years = 10.0 * np.exp(0.5**2 / 2.0) / DAYS_PER_YEAR
    assert found.lost_share_of_class.mean() == pytest.approx(1.0 * 0.5 * repair_years, rel=0.03)
    assert found.cost == pytest.approx(100.0 * found.events[0])


def test_repairs_grow_with_inflation():
    found = drawn(failure(repair_cost=100.0), n_lives=5, inflation=0.1)
    assert found.repair_cost[0] == pytest.approx(100.0 * found.events[0] * 1.1 ** np.arange(10))


def test_shape_puts_failures_into_youth_or_age_and_keeps_their_number():
    young, steady, old = (drawn(failure(shape=each)).events[0].mean(axis=0) for each in (0.5, 1.0, 3.0))
    for each in (young, steady, old):
        assert each.sum() == pytest.approx(10.0, rel=0.02)
    assert young[0] == pytest.approx(10.0 * 0.1**0.5, rel=0.05)
    assert old[:5].sum() == pytest.approx(10.0 * 0.5**3, rel=0.05)
    assert steady == pytest.approx(np.ones(10), rel=0.06)


def test_a_class_has_its_events_whatever_else_is_drawn():
    site = failure(name="transformer", unit=FailingUnit.SITE, rate_per_year=0.1, repair_days=60.0)
    both, alone, few = drawn(site, failure(), n_lives=20), drawn(failure(), n_lives=20), drawn(failure(), n_lives=7)
    assert np.array_equal(both.events[1], alone.events[0])
    assert np.array_equal(few.lost_share_of_class[0], alone.lost_share_of_class[0, :7])
    together = lost_shares(both.outages, n_lives=20, n_years=10)
    assert np.all(together >= alone.lost_share_of_class[0] - 1e-12)
    assert np.all(together <= both.lost_share_of_class.sum(axis=0) + 1e-12)


def test_one_event_takes_one_unit_or_what_is_stated():
    assert share_lost(failure(), BATTERY) == 0.5
    assert share_lost(failure(unit=FailingUnit.STRING), BATTERY) == 0.125
    assert share_lost(failure(share_of_power_lost=0.3), BATTERY) == 0.3


def test_no_failure_in_any_life_is_none():
    found = drawn(failure(rate_per_year=0.0), n_lives=4)
    assert not found.lost_share_of_class.any()
    assert not found.cost.any()
