"""Flows of a strategy: response that is given is paid, energy at its price, and shortfall costs."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.revenue_contract import ContractKind, RevenueContract
from battuta.physics.life_pack_walk import PackDuty, walk_pack
from battuta.twin.lives import Lives
from battuta.twin.outlook import DrawnYears
from battuta.twin.stress_tables import stress_tables
from battuta.twin.study_flows import HOURS_PER_YEAR, followed_share, served_share, study_flows, tranches
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


def one_year():
    return DrawnYears(
        capacity_price_per_mw_h=np.array([[10.0, 10.0]]),
        energy_price_per_mwh=np.array([[50.0, 50.0]]),
        availability=np.array([[0.97, 0.97]]),
    )


def test_contracts_part_the_revenue_and_new_strings_cost_what_they_cost():
    rent = RevenueContract(name="rent", kind=ContractKind.TOLLING, share=0.5, payment_per_mw_year=1e5, n_years=1)
    whole = np.ones((1, 2))
    free = study_flows(lives(), one_year(), sold_kw=500.0, served_share=whole)
    paid = tranches(lives(), one_year(), sold_kw=500.0, served_share=whole, contracts=(rent,), power_kw=2000.0)
    assert paid.contracted == pytest.approx(np.array([[1e5, 0.0]]))
    assert paid.merchant == pytest.approx(free.revenue * np.array([[0.5, 1.0]]))
    cost = np.array([[0.0, 7.0]])
    flows = study_flows(
        lives(), one_year(), sold_kw=500.0, served_share=whole, contracts=(rent,), power_kw=2000.0,
        augmentation_cost=cost,
    )  # fmt: skip
    assert flows.revenue == pytest.approx(paid.revenue)
    assert flows.charging_cost == pytest.approx(free.charging_cost * np.array([[0.5, 1.0]]))
    assert flows.augmentation is cost
    less = tranches(lives(), one_year(), sold_kw=500.0, served_share=0.9 * whole, contracts=(rent,), power_kw=2000.0)
    assert less.contracted == pytest.approx(np.array([[0.9e5, 0.0]]))


def test_a_day_whose_throughput_is_spent_is_not_followed_until_midnight():
    asked = PackDuty(power_kw=np.full(96, 500.0), ambient_c=np.full(96, 20.0), step_s=900.0, is_schedule=True)
    for cap in (0.05, 0.1, float("inf")):
        pack = replace(PACK, keeping=replace(PACK.keeping, power_kw_max=0.0, full_cycles_per_day_max=cap))
        walked = walk_pack(pack, asked)
        followed = walked.power_kw != 0.0
        assert followed.mean() == followed_share(walked, cap) if cap < 1.0 else followed_share(walked, cap) == 1.0
    assert followed_share(walked, 0.05) < followed_share(walked, 0.1) < 0.5
