"""Flows that cannot be are refused by name, life and year."""

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.twin.yearly_flows import YearlyFlows


def flows(**changed):
    given = dict.fromkeys(
        ("revenue", "charging_cost", "variable_cost", "augmentation", "discharged_mwh"), np.zeros((2, 3))
    )
    return YearlyFlows(**{**given, **changed})


def test_charging_may_be_paid_for() -> None:
    assert flows(charging_cost=np.full((2, 3), -5.0)).charging_cost[0, 0] == -5.0


def test_nobody_rents_unless_it_is_said() -> None:
    np.testing.assert_array_equal(flows().rented_charging_cost, np.zeros((2, 3)))


@pytest.mark.parametrize(
    "name",
    ["revenue", "charging_cost", "variable_cost", "augmentation", "discharged_mwh", "rented_charging_cost"],
)
def test_a_gap_is_named(name) -> None:
    gap = np.zeros((2, 3))
    gap[1, 2] = np.nan
    with pytest.raises(DataError, match=f"{name} is nan in life 1, year 3"):
        flows(**{name: gap})


@pytest.mark.parametrize("name", ["augmentation", "discharged_mwh"])
def test_a_magnitude_below_nothing_is_named(name) -> None:
    with pytest.raises(DataError, match=rf"{name} is -1\.0 in life 0, year 1"):
        flows(**{name: np.full((2, 3), -1.0)})


def test_shapes_agree() -> None:
    with pytest.raises(DataError, match=r"augmentation has shape \(2, 4\)"):
        flows(augmentation=np.zeros((2, 4)))
    with pytest.raises(DataError, match="no life or no year"):
        flows(**dict.fromkeys(YearlyFlows.__dataclass_fields__, np.zeros((0, 3))))
    with pytest.raises(DataError, match="n_lives, n_years"):
        flows(revenue=np.zeros(3))
