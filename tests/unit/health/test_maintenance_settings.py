"""Costs are what they can be, and later money is worth less."""

import numpy as np
import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.health.maintenance_settings import MaintenanceSettings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("module_cost", -1.0),
        ("call_out_cost", np.nan),
        ("lost_share_failed", 1.1),
        ("cells_per_module", 0),
        ("module_h", 0.0),
        ("horizon_days", 0),
        ("probability_assumed", 1.5),
    ],
)
def test_what_cannot_be_is_named(name, value) -> None:
    with pytest.raises(InvalidQuantityError, match=name):
        MaintenanceSettings(**{name: value})


def test_a_string_earns_its_energy() -> None:
    assert MaintenanceSettings(energy_mwh_per_day=0.5, energy_value_per_mwh=80.0).energy_value_per_day == 40.0


def test_two_years_discount_twice() -> None:
    worth = MaintenanceSettings(discount_share_per_year=0.1).discount(np.array([0.0, 365.25, 730.5]))
    np.testing.assert_allclose(worth, [1.0, 1 / 1.1, 1 / 1.21])
