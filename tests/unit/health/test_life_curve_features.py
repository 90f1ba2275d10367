"""Features of curves that lose a known charge are known."""

import numpy as np
import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.health.life_curve_features import curve_features, variance_feature
from battuta.health.life_curves import DischargeCurves
from unit.health.life_cells import CYCLES, VOLTAGES_V, made_curves


def test_a_known_loss_is_found():
    lost = 0.1 * np.exp(-(((VOLTAGES_V - 3.0) / 0.15) ** 2))
    charge = np.broadcast_to(lost[0] * 0.0 + 1.0, (1, VOLTAGES_V.size, CYCLES.size)).copy()
    charge[0, :, CYCLES >= 90] -= lost
    blocks = curve_features(DischargeCurves(charge_ah=charge, cycle=CYCLES))
    assert blocks["spread"][0, 0] == pytest.approx(np.log(lost.var()), abs=1e-6)
    expected = np.log(lost.reshape(20, 10).mean(axis=1) + 1e-3)
    np.testing.assert_allclose(blocks["outline"][0], expected, atol=1e-12)
    assert blocks["start"][0].tolist() == pytest.approx([1.0, 0.0])


def test_variance_is_that_of_two_single_cycles():
    curves, _ = made_curves(4, 0)
    change = curves.charge_ah[:, :, 98] - curves.charge_ah[:, :, 8]
    np.testing.assert_allclose(variance_feature(curves)[:, 0], np.log10(change.var(axis=1)), atol=1e-6)


def test_faster_cells_lose_more():
    curves, life = made_curves(30, 1)
    assert np.corrcoef(curve_features(curves)["spread"][:, 0], np.log(life))[0, 1] < -0.95


def test_a_dead_cell_is_refused():
    curves, _ = made_curves(2, 0)
    with pytest.raises(InvalidQuantityError, match="capacity_ah = 0"):
        curve_features(DischargeCurves(charge_ah=curves.charge_ah * [[[1.0]], [[0.0]]], cycle=CYCLES))
