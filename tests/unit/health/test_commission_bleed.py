"""The order of channels: a bleed test tells it, what a balancer does of its own does not."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.health.commission import Verdict
from battuta.health.commission_bleed import order_item
from unit.health.commission_records import N_CELLS, N_TIMES, record

SWAPPED = np.array([0, 1, 3, 2, *range(4, N_CELLS)])


def test_a_bleed_test_passes_channels_in_their_order_and_names_those_that_are_not() -> None:
    assert order_item(record(bled=N_CELLS)).verdict is Verdict.PASS
    swapped = order_item(record(bled=N_CELLS, order=SWAPPED))
    assert (swapped.verdict, swapped.cells) == (Verdict.FAIL, (2, 3))
    assert swapped.figures == {"n_tested": 12.0, "n_wrong": 2.0}


def test_a_part_of_a_test_is_none() -> None:
    some = order_item(record(bled=8))
    assert some.verdict is Verdict.NOT_TESTED
    assert some.reason.startswith("8 of 12 cells were bled and answered")
    assert order_item(record()).reason.startswith("needs a bleed test")
    none = replace(record(), bleed_ah=np.zeros((N_TIMES, N_CELLS)))
    assert order_item(none).reason.startswith("no cell was bled alone")


@pytest.mark.parametrize("slope_v", [0.0, 2e-4, -2e-4])
@pytest.mark.parametrize("noise_v", [1e-5, 1e-3])
def test_balancing_while_voltages_drift_fails_no_sound_channel(slope_v: float, noise_v: float) -> None:
    rng = np.random.default_rng(2)
    bleed = np.zeros((N_TIMES, N_CELLS))
    for cell in range(N_CELLS):
        bleed[3 + 6 * cell : 7 + 6 * cell, cell] = 1e-4
    speed = slope_v * rng.uniform(0.5, 1.5, N_CELLS)
    voltage = 3.35 + speed * np.arange(N_TIMES)[:, None] + noise_v * rng.normal(0.0, 1.0, (N_TIMES, N_CELLS))
    block = replace(record(), voltage_v=np.round(voltage, 3), bleed_ah=bleed, current_a=np.zeros(N_TIMES))
    item = order_item(block)
    assert item.verdict is Verdict.NOT_TESTED
    assert "balancing, and no test" in item.reason
    assert order_item(replace(block, current_a=np.full(N_TIMES, 40.0))).reason.startswith("no cell was bled alone")
