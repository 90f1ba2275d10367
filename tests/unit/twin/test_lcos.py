"""A levelised cost by hand, and for a battery that never discharged."""

import numpy as np
import pytest

from battuta.twin.lcos import levelised_cost_per_mwh


def test_a_levelised_cost_by_hand() -> None:
    cost = np.array([[100.0, 11.0, 12.1]])
    levelised = levelised_cost_per_mwh(cost, np.array([[1.1, 1.21]]), 0.1, 0.1)
    assert levelised[0] == pytest.approx(120.0 / 2.0)


def test_the_real_cost_discounts_energy_less_and_is_lower() -> None:
    cost = np.array([[100.0, 10.0, 10.0]])
    energy_mwh = np.array([[1.0, 1.0]])
    nominal = levelised_cost_per_mwh(cost, energy_mwh, 0.1, 0.1)
    assert levelised_cost_per_mwh(cost, energy_mwh, 0.1, 0.05)[0] < nominal[0]


def test_a_battery_that_never_discharged_has_none() -> None:
    assert np.isnan(levelised_cost_per_mwh(np.array([[100.0, 1.0]]), np.array([[0.0]]), 0.1, 0.1)[0])
