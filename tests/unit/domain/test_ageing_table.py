"""A table's points come from one place and fit each other; a warranty gives its own floor."""

from dataclasses import replace

import pytest

from battuta.adapters.files.warranty_file import named_warranty
from battuta.domain.ageing_table import AgeingTable, warranty_points
from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.domain.warranty import Warranty
from battuta.domain.warranty_terms import UseLimits

WARRANTY = named_warranty("assumed_314ah")


def test_a_table_says_what_it_is():
    plain = AgeingTable(name="maker", years=(5.0, 10.0), soh_capacity=(0.9, 0.8))
    assert plain.has_points
    assert not plain.is_graded
    assert AgeingTable(name="maker", full_cycles=(5.0,), soh_capacity=(0.9,)).is_graded
    assert not AgeingTable(name="maker", path="points.csv").has_points


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        ({"name": " ", "path": "a"}, UsageError, "no name"),
        ({}, UsageError, "names 0 of them"),
        ({"path": "a", "is_warranty": True}, UsageError, "names 2 of them"),
        ({"soh_capacity": (0.9,)}, UsageError, "either years or full_cycles"),
        ({"years": (1.0,), "full_cycles": (1.0,), "soh_capacity": (0.9,)}, UsageError, "either years or full_cycles"),
        ({"years": (1.0, 2.0), "soh_capacity": (0.9,)}, UsageError, "years 2, soh_capacity 1"),
        ({"years": (1.0,), "soh_capacity": (0.9,), "depth": (0.5,)}, UsageError, "depth is that of cycles"),
        (
            {"full_cycles": (1.0,), "soh_capacity": (0.9,), "full_cycles_per_year": 10.0},
            UsageError,
            "read a plain table by years",
        ),
        ({"full_cycles": (1.0,), "soh_capacity": (0.9,), "depth": (50.0,)}, InvalidQuantityError, "depth = 50"),
        ({"years": (1.0,), "soh_capacity": (0.9,), "temperature_c": (298.0,)}, InvalidQuantityError, "temperature_c"),
        ({"years": (-1.0, 5.0), "soh_capacity": (0.9, 0.8)}, InvalidQuantityError, "years = -1"),
        ({"years": (1.0, 5.0), "soh_capacity": (-1.0, 0.8)}, InvalidQuantityError, "soh_capacity = -1"),
        ({"full_cycles": (-1.0,), "soh_capacity": (0.8,)}, InvalidQuantityError, "full_cycles = -1"),
        ({"path": "a", "gap_max": 0.5}, InvalidQuantityError, "gap_max"),
        ({"path": "a", "rate_deviation_share": 2.0}, InvalidQuantityError, "rate_deviation_share"),
    ],
)
def test_what_is_no_table_is_refused(given, error, says):
    with pytest.raises(error, match=says):
        AgeingTable(**{"name": "maker", **given})


def test_a_warranty_gives_the_floor_of_the_band_that_holds_the_usage():
    asked = AgeingTable(name="promised", is_warranty=True)
    calm = warranty_points(asked, WARRANTY)
    assert (calm.years, calm.soh_capacity) == ((1.0, 5.0, 10.0, 20.0), (0.93, 0.82, 0.70, 0.60))
    edge = WARRANTY.soh.bands[0].full_cycles_per_year_max
    assert warranty_points(replace(asked, full_cycles_per_year=edge), WARRANTY).soh_capacity == calm.soh_capacity
    busy = warranty_points(replace(asked, full_cycles_per_year=edge + 1.0), WARRANTY)
    assert busy.soh_capacity == (0.91, 0.76, 0.62, 0.50)
    assert (calm.gap_max, replace(asked, gap_max=0.03).gap_max) == (0.02, 0.03)
    plain = AgeingTable(name="maker", years=(5.0,), soh_capacity=(0.9,))
    assert warranty_points(plain, None) is plain


def test_a_warranty_that_promises_nothing_is_told():
    asked = AgeingTable(name="promised", is_warranty=True)
    with pytest.raises(UsageError, match=r"study has no \[warranty\]"):
        warranty_points(asked, None)
    with pytest.raises(UsageError, match="promises no health"):
        warranty_points(
            asked,
            Warranty(
                name="w", source="nobody", is_assumed=True, years=2, currency="EUR", use=UseLimits(full_cycles_max=10)
            ),
        )
    with pytest.raises(UsageError, match="for 1e\\+06 full cycles a year"):
        warranty_points(replace(asked, full_cycles_per_year=1e6), WARRANTY)
