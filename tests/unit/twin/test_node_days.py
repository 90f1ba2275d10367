"""A node is a walk, summed by day; years follow one another from the state that the one before left."""

import numpy as np

from battuta.physics.life_pack_walk import usable_energy_kwh, walk_pack
from battuta.twin.node_days import days_of, node_days, walk_node, walk_years
from unit.twin.pack_case import PACK, duty, laws


def test_a_node_is_a_walk():
    asked, models = duty(20), laws()
    node, walked = (
        walk_node((0.8, 1.4), PACK, [asked], models),
        walk_pack(PACK, asked, soh_capacity=0.8, soh_resistance=1.4),
    )
    for number, law in enumerate(models):
        np.testing.assert_array_equal(node.stresses[number], law.stresses(days_of(walked)))
    np.testing.assert_array_equal(node.flows[:, 0], walked.discharged_kwh / 1000.0)
    assert node.usable_kwh == usable_energy_kwh(PACK, soh_capacity=0.8, soh_resistance=1.4)
    asked_kwh = np.abs(asked.power_kw).sum() * asked.step_s / 3600.0
    np.testing.assert_allclose(node.shortfall_share, walked.shortfall_kwh.sum() / asked_kwh)


def test_years_begin_where_the_last_one_ended():
    first, last = duty(10), duty(12, seed=9)
    years = list(walk_years((1.0, 1.0), PACK, [first, last]))
    gone_on = walk_pack(PACK, last, state=walk_pack(PACK, first).state)
    np.testing.assert_array_equal(years[1].days.soc, gone_on.soc)
    seen = node_days((1.0, 1.0), PACK, years, laws())
    assert seen.flows.shape == (22, 3)


def test_what_stands_still_misses_nothing():
    asked = duty(5, power_kw=0.0)
    assert walk_node((1.0, 1.0), PACK, [asked], laws()).shortfall_share == 0.0
