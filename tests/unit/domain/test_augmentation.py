"""Rules of augmentation: what never acts, or cannot be, is refused by name."""

import pytest

from battuta.domain.augmentation import AugmentationKind, AugmentationPlan
from battuta.domain.errors import InvalidQuantityError, UsageError


def test_a_rule_needs_a_floor_or_planned_years():
    assert AugmentationPlan(cost_per_kwh=120.0, soh_energy_floor=0.8).kind is AugmentationKind.ADD
    assert AugmentationPlan(cost_per_kwh=120.0, planned_years=(8,)).planned_years == (8,)
    with pytest.raises(UsageError, match="never acts"):
        AugmentationPlan(cost_per_kwh=120.0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"cost_per_kwh": -1.0},
        {"cost_per_kwh": float("nan")},
        {"soh_energy_target": 0.7},
        {"planned_years": (0,)},
        {"removal_cost_per_kwh": -121.0},
        {"installed_share_max": 0.9},
        {"times_max": 0},
        {"ageing_factor": 0.0},
    ],
)
def test_what_cannot_be_is_named(wrong):
    with pytest.raises(InvalidQuantityError, match=next(iter(wrong))):
        AugmentationPlan(**{"cost_per_kwh": 120.0, "soh_energy_floor": 0.8, **wrong})
