"""Stress tables: a node is a walk, duties follow one another, a pool of workers changes nothing."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.physics.life_pack_walk import usable_energy_kwh, walk_pack
from battuta.twin.node_days import days_of
from battuta.twin.stress_tables import stress_tables
from unit.twin.pack_case import PACK, duty, laws


class Threads:
    def map(self, work, pieces):
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(work, pieces))


def test_a_node_is_a_walk() -> None:
    asked, models = duty(20), laws()
    tables = stress_tables(PACK, [asked], models, np.array([0.8, 1.0]), np.array([1.0, 1.4]))
    walked = walk_pack(PACK, asked, soh_capacity=0.8, soh_resistance=1.4)
    for number, law in enumerate(models):
        np.testing.assert_array_equal(tables.stresses[number][0, 1], law.stresses(days_of(walked)))
    np.testing.assert_array_equal(tables.flows[0, 1, :, 0], walked.discharged_kwh / 1000.0)
    np.testing.assert_array_equal(tables.flows[0, 1, :, 2], walked.full_cycles)
    assert tables.usable_kwh[0, 1] == usable_energy_kwh(PACK, soh_capacity=0.8, soh_resistance=1.4)
    assert tables.usable_kwh_new == tables.usable_kwh[1, 0]


def test_duties_follow_one_another() -> None:
    first, last, one = duty(10), duty(12, seed=9), np.array([1.0])
    tables = stress_tables(PACK, [first, last], laws(), one, one)
    assert tables.n_days == 22
    begun = walk_pack(PACK, first)
    gone_on = walk_pack(PACK, last, state=begun.state)
    np.testing.assert_array_equal(tables.flows[0, 0, 10:, 1], gone_on.charged_kwh / 1000.0)


def test_threads_change_nothing() -> None:
    nodes = (np.array([0.8, 1.0]), np.array([1.0, 1.4]))
    here = stress_tables(PACK, [duty(20)], laws(), *nodes)
    there = stress_tables(PACK, [duty(20)], laws(), *nodes, spread=Threads())
    for ours, theirs in zip(here.stresses, there.stresses, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    np.testing.assert_array_equal(here.flows, there.flows)


def test_shortfall_is_a_share_of_what_was_asked() -> None:
    tables = stress_tables(PACK, [duty(20, power_kw=2500.0)], laws(), np.array([0.4, 1.0]), np.array([1.0]))
    assert tables.shortfall_share[1, 0] < tables.shortfall_share[0, 0] < 1.0


def test_a_duty_sampled_too_coarsely_is_refused() -> None:
    one, asked = np.array([1.0]), duty(20)
    noise = np.random.default_rng(3).normal(0.0, 900.0, asked.power_kw.size)
    with pytest.raises(DataError, match="its cycles are undercounted"):
        stress_tables(PACK, [replace(asked, power_kw=noise, is_schedule=False)], laws(), one, one)


def test_nodes_that_do_not_ascend_are_refused() -> None:
    with pytest.raises(DataError, match="nodes of soh_capacity must ascend"):
        stress_tables(PACK, [duty(2)], laws(), np.array([1.0, 0.8]), np.array([1.0]))
    with pytest.raises(DataError, match="need a duty"):
        stress_tables(PACK, [], laws(), np.array([1.0]), np.array([1.0]))
