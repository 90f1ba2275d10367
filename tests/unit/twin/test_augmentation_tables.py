"""Tables with a load: equal to those without at load 1, to a walk at the corners, and near one between them."""

from functools import cache

import numpy as np
import pytest

from battuta.domain.augmentation import AugmentationPlan
from battuta.physics.life_pack_walk import usable_energy_kwh
from battuta.twin.augmentation_tables import load_tables, loaded, loads_of
from battuta.twin.node_days import walk_node
from battuta.twin.stress_tables import stress_tables
from tests.unit.twin.pack_case import PACK, duty, laws

NODES_Q, NODES_R, LOAD = np.array([0.7, 0.85, 1.0]), np.array([1.0, 1.3, 1.6]), np.array([0.7, 1.0, 1.3])
DUTY = duty(n_days=6, power_kw=400.0, step_s=300.0)  # long steps would swing around the charge that is kept


@cache
def both():
    base = stress_tables(PACK, [DUTY], laws(), NODES_Q, NODES_R)
    return base, load_tables(base, PACK, [DUTY], laws(), LOAD)


def test_load_one_is_the_table_that_was_there_and_corners_are_walks():
    base, found = both()
    for own, table in zip(base.stresses, found.stresses, strict=True):
        assert np.array_equal(table[1], own)
    assert np.array_equal(found.flows[1], base.flows)
    for a, load in ((0, 0.7), (2, 1.3)):
        pack, asked = loaded(PACK, DUTY, load)
        node = walk_node((0.7, 1.6), pack, [asked], laws())
        for number, own in enumerate(node.stresses):
            np.testing.assert_allclose(found.stresses[number][a, 0, 2], own, rtol=1e-9, atol=1e-15)
        np.testing.assert_allclose(found.flows[a, 0, 2], node.flows, rtol=1e-9)
        usable = usable_energy_kwh(pack, soh_capacity=0.7, soh_resistance=1.6) / base.usable_kwh_new
        assert found.usable[a, 0, 2] == pytest.approx(usable)
        assert found.shortfall_share[a, 0, 2] == pytest.approx(node.shortfall_share)


def test_between_the_corners_it_lies_near_a_walk():
    _, found = both()
    pack, asked = loaded(PACK, DUTY, 1.3)
    node = walk_node((0.85, 1.3), pack, [asked], laws())
    np.testing.assert_allclose(found.flows[2, 1, 1].sum(axis=0), node.flows.sum(axis=0), rtol=2e-3)
    for number, own in enumerate(node.stresses):
        np.testing.assert_allclose(found.stresses[number][2, 1, 1].sum(axis=0), own.sum(axis=0), rtol=0.06)


def test_what_carries_more_moves_more_and_holds_less():
    _, found = both()
    cycles = found.flows[..., 2].sum(axis=-1)[:, 2, 0]
    assert np.allclose(cycles / cycles[1], LOAD, rtol=0.03)
    assert np.all(np.diff(found.usable[:, 2, 0]) < 0.0)


def test_shortfall_and_usable_energy_between_the_nodes():
    base, found = both()
    one = np.ones((1, 2))
    missed = found.shortfall(one, np.array([[1.0, 0.7]]), np.array([[1.0, 1.6]]))
    assert missed[0] == pytest.approx([base.shortfall_share[2, 0], base.shortfall_share[0, 2]])
    half = found.shortfall(0.85 * one, one, one)
    assert half[0, 0] == pytest.approx(found.shortfall_share[:2, 2, 0].mean())
    held = found.usable_share(np.array([[1.0, 0.35]]), one)
    assert held[0] == pytest.approx([1.0, 0.5 * found.usable[1, 0, 0]])


def test_loads_reach_from_the_oldest_in_a_full_site_to_the_newest_in_a_tired_one():
    base, _ = both()
    plan = AugmentationPlan(cost_per_kwh=100.0, soh_energy_floor=0.8, soh_energy_target=1.0)
    assert loads_of(plan, base) == pytest.approx([0.7, 1.0, 1.25])
    planned = AugmentationPlan(cost_per_kwh=100.0, planned_years=(5,))
    assert loads_of(planned, base) == pytest.approx([0.7 / 0.9, 1.0, 1.0 / 0.7])


def test_one_node_of_health_stands_for_all():
    one = np.array([1.0])
    base = stress_tables(PACK, [DUTY], laws()[:1], one, one)
    found = load_tables(base, PACK, [DUTY], laws()[:1], LOAD)
    assert found.flows.shape == (3, 1, 1, 6, 3)
    assert found.flows[0, 0, 0, :, 2].sum() < found.flows[1, 0, 0, :, 2].sum()
