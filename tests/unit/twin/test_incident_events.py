"""What an incident costs, and who bears it: worked by hand."""

import numpy as np
import pytest

from battuta.domain.insurance import Layout
from battuta.twin.incident_events import hits, incident_events
from battuta.twin.incident_spread import hits_in_grid, hits_in_row
from unit.twin.insurance_case import FIRE, FLOOD, VENT, policy

VALUE = 1e6


def ends(incident, **changes):
    asked = policy(**changes)
    return incident_events(incident, asked, hits(asked, 4, asked.spacing_m, seed=1), VALUE)


def test_a_vent_stays_in_its_container():
    found = ends(VENT)
    assert found.n_hit.tolist() == [1.0]
    assert found.damage == pytest.approx(np.array([0.1 * VALUE + 1e3]))
    assert found.interruption == pytest.approx(np.array([2000.0 * 20.0 / 4.0]))
    assert found.paid == pytest.approx(found.damage - 50_000.0)
    assert (found.site_days, found.hit_days) == (0.0, 20.0)


def test_a_fire_stops_the_site_and_then_those_it_took():
    found = ends(FIRE)
    assert found.n_hit.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert found.probability == pytest.approx(hits_in_row(4, 0.2))
    assert found.damage == pytest.approx(found.n_hit * (VALUE + 5e4))
    stopped = 60.0 + 240.0 * found.n_hit / 4.0
    assert found.interruption == pytest.approx(2000.0 * stopped)
    assert (found.site_days, found.hit_days) == (60.0, 300.0)
    assert found.paid == pytest.approx(found.damage - 50_000.0 + 2000.0 * (stopped - 30.0))


def test_waiting_longer_than_the_site_stands_still():
    found = ends(FIRE, waiting_days=100.0)
    insured_days = 60.0 + 240.0 * found.n_hit / 4.0 - (60.0 + 40.0 * found.n_hit / 4.0)
    assert found.paid == pytest.approx(found.damage - 50_000.0 + 2000.0 * insured_days)


def test_no_more_is_paid_than_was_lost_and_a_limit_holds():
    for limit in (None, 1.5e6):
        for incident in (VENT, FIRE, FLOOD):
            found = ends(incident, limit_per_incident=limit)
            assert np.all(found.paid <= found.damage + found.interruption)
            assert limit is None or found.paid.max() <= limit


def test_a_flood_takes_a_share_of_all():
    found = ends(FLOOD)
    assert found.n_hit.tolist() == [4.0]
    assert found.damage == pytest.approx(np.array([4 * 0.5 * VALUE]))
    assert found.rate_per_year == pytest.approx(0.003)


def test_a_grid_is_drawn_and_a_row_is_not():
    asked = policy(layout=Layout.GRID, rows=2)
    assert np.array_equal(hits(asked, 4, 4.0, seed=9), hits_in_grid(2, 2, 0.2, seed=9))
    assert hits(policy(layout=Layout.GRID, rows=4), 4, 4.0, seed=9) == pytest.approx(hits_in_row(4, 0.2))
    assert hits(policy(incident=(VENT,), spacing_m_compared=()), 4, None, seed=9).tolist() == [1.0, 0.0, 0.0, 0.0]
