"""The charge of a day and its curve: the step is found where it is, and only where the charge goes through it."""

import numpy as np
import pytest

from battuta.health.charge_features_curve import places_of, slow_charge
from unit.health.charge_days import CAPACITY_AH, charge_day


def curve_of(**changes):
    block = charge_day(**changes)
    return slow_charge(block.current_a, block.time_ns / 1e9, np.mean(block.voltage_v, axis=1), CAPACITY_AH)


def test_step_edge_and_plateaus_lie_where_they_were_put():
    curve = curve_of()
    places = places_of(curve, CAPACITY_AH)
    begun = 0.05 + 0.2 * 20.0 / 60.0
    assert begun + places.upper.charge_ah / CAPACITY_AH == pytest.approx(0.66, abs=0.006)
    assert 0.24 < begun + places.lower.charge_ah / CAPACITY_AH < 0.3
    assert places.upper.slope * CAPACITY_AH == pytest.approx(0.017 / 0.03, rel=0.25)
    assert 0.35 < begun + places.below.charge_ah / CAPACITY_AH < 0.6
    assert 0.72 < begun + places.above.charge_ah / CAPACITY_AH < 0.9
    assert curve.rate == pytest.approx(0.2)
    assert places.lower.stop < places.upper.first


@pytest.mark.parametrize(
    "changes", [{"soc_to": 0.6}, {"soc_from": 0.7}, {"soc_to": 0.665}, {"soc_from": 0.05, "soc_to": 0.4}]
)
def test_a_charge_that_does_not_go_through_the_step_shows_none(changes):
    assert places_of(curve_of(**changes), CAPACITY_AH).upper is None


def test_a_charge_that_begins_on_the_plateau_shows_no_edge():
    places = places_of(curve_of(soc_from=0.45), CAPACITY_AH)
    assert places.upper is not None
    assert places.lower is None


@pytest.mark.parametrize("changes", [{"rate": 0.5}, {"rate": 0.02, "soc_to": 0.3}, {"soc_to": 0.1}, {"steady": False}])
def test_fast_faint_short_and_unsteady_charges_are_not_read(changes):
    assert curve_of(**changes) is None


def test_a_current_that_wobbles_is_taken_off_the_curve():
    block = charge_day(noise_v=0.0)
    wobble_a = np.where(block.current_a < 0.0, 1.5 * np.sin(np.arange(1440)), 0.0)
    middle_v = np.mean(block.voltage_v, axis=1) - 1e-3 * wobble_a
    calm = slow_charge(block.current_a, block.time_ns / 1e9, np.mean(block.voltage_v, axis=1), CAPACITY_AH)
    found = slow_charge(block.current_a + wobble_a, block.time_ns / 1e9, middle_v, CAPACITY_AH)
    assert np.std(found.middle_v - calm.middle_v) < 2e-4
