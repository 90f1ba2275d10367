"""How far cells lie apart in charge: told where voltages say it, not where a plateau begins beside the string."""

import numpy as np
import pytest

from battuta.health.commission import CommissionPlan, Verdict
from battuta.health.commission_charge import charge_item
from battuta.health.commission_pulses import pulses_of
from battuta.physics.cell_parameters import cell_parameters
from unit.health.commission_records import N_CELLS, at, record

CELL = cell_parameters("lfp_314ah")


def item_of(**changes):
    block = record(**changes)
    return charge_item(block, pulses_of(block), CommissionPlan(), CELL, np.zeros(N_CELLS, dtype=np.bool_))


def test_low_and_alike_passes_and_far_off_fails() -> None:
    alike = item_of()
    assert alike.verdict is Verdict.PASS
    assert alike.figures["soc_spread"] < 0.02
    apart = item_of(offset_v=at([9], -0.4))
    assert (apart.verdict, apart.cells) == (Verdict.FAIL, (9,))


@pytest.mark.parametrize("higher_v", [0.009, 0.016])
def test_a_cell_on_the_plateau_beside_a_step_is_not_judged(higher_v: float) -> None:
    item = item_of(rest_v=3.321, offset_v=at([4], higher_v))
    assert item.verdict is Verdict.NOT_TESTED
    assert "beside a plateau" in item.reason
    assert "rest the string below 20 %" in item.reason


def test_a_plateau_and_a_short_rest_are_not_judged() -> None:
    assert "on the plateau" in item_of(rest_v=3.29).reason
    short = record().rows(slice(0, 50))
    pulses = pulses_of(short)
    none = np.zeros(N_CELLS, dtype=np.bool_)
    assert "needs a rest" in charge_item(short, pulses, CommissionPlan(), CELL, none).reason
    whole = pulses_of(record())
    assert "no cell has" in charge_item(record(), whole, CommissionPlan(), CELL, ~none).reason
