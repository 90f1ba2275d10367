"""Spoiled curves are mended and told, good ones stay as they are, and what cannot be used says where."""

import numpy as np
import pytest

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.health.life_curves import DischargeCurves, around_cycle, mended
from unit.health.life_cells import CYCLES, made_curves


def test_good_curves_stay_as_they_are():
    curves, _ = made_curves(5, 0)
    out, spoiled = mended(curves)
    assert not spoiled.any()
    np.testing.assert_array_equal(out.charge_ah, curves.charge_ah)


@pytest.mark.parametrize("place", [0, 11, 50, 98])
def test_a_spoiled_curve_is_mended_and_told(place):
    curves, _ = made_curves(3, 0)
    charge = curves.charge_ah.copy()
    charge[1, :, place] += 40.0
    out, spoiled = mended(DischargeCurves(charge_ah=charge, cycle=CYCLES))
    assert np.argwhere(spoiled).tolist() == [[1, place]]
    assert np.abs(out.charge_ah - curves.charge_ah).max() < 0.01


def test_cycles_are_taken_by_their_number():
    curves, _ = made_curves(2, 0)
    np.testing.assert_array_equal(around_cycle(curves, 10, 1), curves.charge_ah[:, :, 8])
    with pytest.raises(DataError, match="no cycle from 118 to 120"):
        around_cycle(curves, 120, 3)


def test_capacity_is_the_charge_at_the_last_voltage():
    curves, _ = made_curves(2, 0)
    np.testing.assert_array_equal(curves.capacity_ah, curves.charge_ah[:, -1])


def test_what_cannot_be_used_says_where():
    charge = made_curves(3, 0)[0].charge_ah
    with pytest.raises(DataError, match="for 98 cycles"):
        DischargeCurves(charge_ah=charge, cycle=CYCLES[1:])
    with pytest.raises(DataError, match="interpolate to 50 or more"):
        DischargeCurves(charge_ah=charge[:, :20], cycle=CYCLES)
    with pytest.raises(DataError, match="cycle does not ascend"):
        DischargeCurves(charge_ah=charge, cycle=CYCLES[::-1])
    missing, large = charge.copy(), charge.copy()
    missing[2, 7, 3], large[0, 0, 0] = np.nan, 1e6
    with pytest.raises(DataError, match="cell 2, cycle 5 is not finite"):
        DischargeCurves(charge_ah=missing, cycle=CYCLES)
    with pytest.raises(InvalidQuantityError, match="charge_ah = 1e"):
        DischargeCurves(charge_ah=large, cycle=CYCLES)
