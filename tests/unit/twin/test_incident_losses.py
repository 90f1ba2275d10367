"""An insurer's answer: expected losses in closed form, large ones as drawing years finds them."""

import numpy as np
import pytest

from battuta.twin.incident_events import hits, incident_events
from battuta.twin.incident_losses import insurer_answer
from unit.twin.insurance_case import FIRE, VENT, policy

VALUE = 1e6


def answer(n_containers=4, premium=10_000.0, **changes):
    return insurer_answer(
        policy(**changes), n_containers=n_containers, value_per_container=VALUE, premium_per_year=premium, seed=1
    )


def test_expected_losses_are_rate_times_mean():
    built = answer().spacings[0]
    vent, fire, flood = built.classes
    assert vent.damage.expected == pytest.approx(0.04 * 101_000.0)
    assert fire.damage.expected == pytest.approx(0.008 * fire.hit_mean * 1.05e6)
    assert flood.damage.expected == pytest.approx(0.003 * 2e6)
    assert built.whole.damage.expected == pytest.approx(sum(each.damage.expected for each in built.classes))
    assert built.whole.together.expected == pytest.approx(built.year.mean, rel=1e-6)
    assert fire.damage.maximum == pytest.approx(4 * 1.05e6)
    assert answer().loss_ratio == pytest.approx(built.whole.paid.expected / 10_000.0)
    assert np.isnan(answer(premium=0.0).loss_ratio)


def test_large_losses_are_as_when_years_are_drawn():
    asked = policy(incident=(VENT, FIRE))
    hit = hits(asked, 4, 4.0, seed=1)
    rng, n = np.random.default_rng(7), 400_000
    total = np.zeros(n)
    for incident in asked.incident:
        ends = incident_events(incident, asked, hit, VALUE)
        year = np.repeat(np.arange(n), rng.poisson(ends.rate_per_year, n))
        loss = ends.damage + ends.interruption
        np.add.at(total, year, rng.choice(loss, size=year.size, p=ends.probability))
    built = answer(incident=(VENT, FIRE)).spacings[0]
    assert built.whole.together.expected == pytest.approx(total.mean(), rel=0.05)
    assert built.whole.together.p99 == pytest.approx(np.quantile(total, 0.99), rel=1e-6)
    for loss in (50_000.0, 500_000.0, 2e6):
        assert built.year.exceedance(loss) == pytest.approx(float((total > loss).mean()), abs=1.4e-3)


def test_distance_moves_what_propagates_alone():
    built, near, far = answer().spacings
    assert [each.spacing_m for each in (built, near, far)] == [4.0, 1.0, 10.0]
    assert near.classes[0] == built.classes[0] == far.classes[0]
    assert near.classes[1].damage.expected > built.classes[1].damage.expected > far.classes[1].damage.expected
    assert far.classes[1].hit_mean == pytest.approx(1.0)
    assert near.classes[1].damage.maximum == far.classes[1].damage.maximum


def test_nothing_that_propagates_needs_no_distance():
    (only,) = answer(incident=(VENT,), spacing_m=None, propagation=(), spacing_m_compared=()).spacings
    assert only.spacing_m is None
    assert only.propagation_probability == 0.0
    calm = answer(incident=(VENT,), propagation=(), spacing_m_compared=()).spacings[0]
    assert (calm.spacing_m, calm.propagation_probability) == (4.0, 0.0)
