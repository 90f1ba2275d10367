"""Throughput has a price where a cap is near, by the promises that are lost with it."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.warranty import Warranty
from battuta.domain.warranty_terms import LiquidatedDamages, SohBand, SohGuarantee, UseLimits
from battuta.twin.wear_price_warranty import warranty_price_per_mwh
from unit.twin.wear_price_case import cycling_year, square_root_lives


def contract(full_cycles_per_year_max, paid_per_mwh=1000.0):
    return Warranty(
        name="toy",
        source="nobody",
        is_assumed=True,
        years=3,
        currency="EUR",
        soh=SohGuarantee(bands=(SohBand(floor=((1.0, 0.99), (3.0, 0.95))),)),
        use=UseLimits(full_cycles_per_year_max=full_cycles_per_year_max),
        damages=LiquidatedDamages(capacity_per_mwh=paid_per_mwh),
    )


def priced(cap, **given):
    lives, worth = square_root_lives(0.2, 3), np.ones(3)
    return warranty_price_per_mwh(contract(cap, **given), lives, cycling_year(), worth, installed_mwh=10.0)


def test_far_from_a_cap_throughput_costs_nothing_and_past_it_there_is_nothing_left_to_lose():
    assert not priced(600.0).any()
    assert not priced(200.0).any()


def test_where_a_cap_binds_the_promises_that_would_be_lost_are_shared_by_the_energy_that_loses_them():
    lives = square_root_lives(0.2, 3)
    soh = lives.soh_capacity[0, 1:]
    paid = 1000.0 * 10.0 * np.maximum(np.array([0.99, 0.97, 0.95]) - soh, 0.0)
    extra_mwh = 0.05 * lives.discharged_mwh[0]
    expected = [paid[year:].sum() / extra_mwh[year:].sum() for year in range(3)]
    assert priced(300.0) == pytest.approx(expected, rel=1e-9)


def test_it_follows_the_share_of_the_lives_in_which_a_cap_binds_and_needs_something_to_lose():
    lives = square_root_lives(0.2, 3)
    calm = replace(lives, full_cycles=lives.full_cycles * np.array([[1.0], [0.5], [0.5], [0.5]]))
    found = [
        warranty_price_per_mwh(contract(300.0), each, cycling_year(), np.ones(3), installed_mwh=10.0)
        for each in (lives, calm)
    ]
    assert found[1] == pytest.approx(0.25 * found[0], rel=1e-9)
    assert not priced(300.0, paid_per_mwh=0.0).any()
