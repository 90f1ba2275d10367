"""Flows of a strategy: response that is given is paid, energy at its price, and shortfall costs."""

import numpy as np
import pytest

from battuta.twin.lives import Lives
from battuta.twin.outlook import DrawnYears
from battuta.twin.stress_tables import stress_tables
from battuta.twin.study_flows import HOURS_PER_YEAR, served_share, study_flows
from unit.twin.pack_case import PACK, duty, laws


def lives(soh=((1.0, 0.9, 0.8),), resistance=((1.0, 1.2, 1.4),)):
    ends, years = np.array(soh), np.array(soh).shape[1] - 1
    one = np.ones((ends.shape[0], years))
    return Lives(
        year=np.arange(years + 1.0),
        law=("a",),
        law_of_life=np.zeros(ends.shape[0], dtype=np.int64),
        soh_capacity=ends,
        soh_resistance=np.array(resistance),
        soh_energy=ends,
        discharged_mwh=100.0 * one,
        charged_mwh=120.0 * one,
        full_cycles=20.0 * one,
        loss_by_cause=np.zeros((*ends.shape, 2)),
    )


def test_response_is_paid_where_it_is_served_and_energy_at_its_price():
    years = DrawnYears(
        capacity_price_per_mw_h=np.array([[10.0, 8.0]]),
        energy_price_per_mwh=np.array([[50.0, 60.0]]),
        availability=np.array([[1.0, 0.9]]),
    )
    flows = study_flows(lives(), years, sold_kw=500.0, served_share=np.array([[1.0, 0.5]]))
    assert flows.revenue == pytest.approx(
        np.array([[0.5 * HOURS_PER_YEAR * 10.0 + 5000.0, 0.5 * HOURS_PER_YEAR * 8.0 * 0.45 + 5400.0]])
    )
    assert flows.charging_cost == pytest.approx(np.array([[6000.0, 6480.0]]))
    assert flows.discharged_mwh == pytest.approx(np.array([[100.0, 90.0]]))
    assert not flows.augmentation.any()


def test_an_aged_battery_serves_less_as_the_tables_say():
    own = laws()[:1]
    tables = stress_tables(PACK, [duty(n_days=8, power_kw=1800.0)], own, np.array([0.6, 1.0]), np.array([1.0, 2.0]))
    share = served_share(tables, lives(((1.0, 0.8, 0.6, 0.6),), ((1.0, 1.5, 2.0, 2.0),)))
    missed = tables.shortfall_share
    assert share[0, 0] == pytest.approx(1.0 - missed[1, 0])
    assert share[0, 1] == pytest.approx(1.0 - missed.mean())
    assert share[0, 2] == pytest.approx(1.0 - missed[0, 1])
    assert share[0, 0] > share[0, 2]
    one = stress_tables(PACK, [duty(n_days=2)], own, np.array([1.0]), np.array([1.0]))
    assert np.all(served_share(one, lives()) == 1.0 - one.shortfall_share[0, 0])
