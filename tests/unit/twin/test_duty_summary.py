"""A year in figures: quantiles, cycles, energies that fit each other."""

import numpy as np
import pytest

from battuta.physics.life_pack_walk import walk_pack
from battuta.twin.duty_summary import duty_summary
from battuta.twin.node_days import days_of
from unit.twin.pack_case import PACK, duty


def test_a_summary_agrees_with_the_walk_that_it_sums_up():
    asked = duty(n_days=20)
    walked = walk_pack(PACK, asked)
    cycles = days_of(walked)
    asked_mwh = float(np.abs(asked.power_kw).sum()) * asked.step_s / 3.6e6
    found = duty_summary(walked, cycles, asked_mwh)
    assert (found.soc[0], found.soc[100]) == (walked.soc.min(), walked.soc.max())
    assert found.temperature_c[50] == pytest.approx(np.median(walked.temperature_c))
    assert found.cycle_count.sum() == pytest.approx(cycles.cycle_count.sum())
    assert found.cycle_share.sum() == pytest.approx(1.0)
    assert found.full_cycles == pytest.approx(walked.full_cycles.sum())
    assert found.full_cycles_per_day_max == walked.full_cycles.max()
    assert found.round_trip_efficiency == pytest.approx(found.discharged_mwh / found.charged_mwh)
    assert 0.0 <= found.shortfall_share < 0.5


def test_a_battery_that_was_asked_nothing_lacks_nothing():
    still = duty(n_days=2, power_kw=0.0)
    walked = walk_pack(PACK, still)
    found = duty_summary(walked, days_of(walked), 0.0)
    assert found.shortfall_share == 0.0
