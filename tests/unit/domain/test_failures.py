"""Classes of failure: what cannot be drawn is refused by name."""

import pytest

from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.domain.failures import FailingUnit, FailureClass, refuse_twice
from battuta.domain.outlook import Availability
from unit.twin.insurance_case import BATTERY, failure


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rate_per_year", -0.1),
        ("repair_days", 0.0),
        ("share_of_power_lost", 1.1),
        ("shape", 0.0),
        ("repair_cost", -1.0),
    ],
)
def test_figures_that_cannot_be_are_refused_with_their_class(name, value):
    with pytest.raises(InvalidQuantityError, match=rf"'converter'.*{name}|{name}.*'converter'"):
        failure(**{name: value})


def test_a_class_without_source_is_assumed():
    assert failure().is_assumed
    assert not failure(source="five years of the maker's service reports").is_assumed
    with pytest.raises(UsageError, match="no name"):
        failure(name=" ")


def test_two_classes_of_one_name_are_refused():
    refuse_twice(["a", "b"], "classes")
    with pytest.raises(UsageError, match="converter"):
        Availability(failure=(failure(), failure(repair_days=3.0)))


def test_a_battery_counts_its_units_and_guesses_none():
    assert [BATTERY.n_units(each) for each in FailingUnit] == [1, 4, 2, 8]
    bare = type(BATTERY)(
        cell="lfp_314ah", converter="bonfiglioli_field", cells_in_series=416, strings=8, power_kw=2000.0
    )
    with pytest.raises(UsageError, match="containers = "):
        bare.n_units(FailureClass(name="a", unit=FailingUnit.CONTAINER, rate_per_year=1.0, repair_days=1.0).unit)
