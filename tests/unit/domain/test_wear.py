"""Wear prices of depth segments add up to the cost of a full cycle and never fall with depth."""

import numpy as np
import pytest

from battuta.domain.curves import Curve
from battuta.domain.errors import InvalidQuantityError
from battuta.domain.wear import Wear, convexification_notes, depth_segments


def test_segments_add_up_to_a_full_cycle():
    stress = Curve(x=(0.0, 0.5, 1.0), y=(0.0, 0.25e-3, 1e-3))
    wear = depth_segments(stress, 4, replacement_cost=1e6, energy_kwh=2000.0, efficiency_discharge=0.9)
    assert sum(wear.price_per_mwh) * 0.9 * 2.0 / 4 == pytest.approx(1000.0)
    assert np.all(np.diff(wear.price_per_mwh) >= 0.0)
    assert wear.convexification_gap == 0.0


def test_a_curve_that_is_not_convex_opens_a_gap():
    stress = Curve(x=(0.0, 0.5, 1.0), y=(0.0, 0.75, 1.0))
    wear = depth_segments(stress, 2, replacement_cost=1.0, energy_kwh=1000.0, efficiency_discharge=1.0)
    assert wear.price_per_mwh == (1.0, 1.0)
    assert wear.convexification_gap == pytest.approx(0.25)


@pytest.mark.parametrize("price", [-1.0, float("nan")])
def test_negative_wear_is_refused(price):
    with pytest.raises(InvalidQuantityError, match="wear_per_mwh"):
        Wear(price_per_mwh=price)


def test_a_curve_that_had_to_give_way_is_named_with_its_gap():
    stress = Curve(x=(0.0, 0.5, 1.0), y=(0.0, 0.75e-3, 1.0e-3))
    depth = depth_segments(stress, 2, replacement_cost=1e5, energy_kwh=1000.0, efficiency_discharge=1.0)
    calendar = Curve(x=(0.0, 0.5, 1.0), y=(0.0, 1.0, 1.0))
    notes = convexification_notes(Wear(depth=depth, calendar_per_hour=calendar))
    assert ["25 %" in notes[0], "0.5 per hour" in notes[1]] == [True, True]
    assert convexification_notes(Wear()) == []
