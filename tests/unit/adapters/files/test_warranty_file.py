"""Warranty files become warranties; what is wrong in them is named with its line."""

import json
import math

import pytest

from battuta.adapters.files.warranty_file import (
    named_warranty,
    parse_warranty,
    read_warranty,
    warranty_names,
    warranty_schema,
    warranty_text,
    with_lines,
)
from battuta.domain.errors import DataError, UsageError
from battuta.domain.warranty_terms import DoubtBearer, WindowQuantity

PLAIN = 'name = "a"\nsource = "b"\nis_assumed = false\nyears = 10\ncurrency = "EUR"\n'


def test_every_warranty_that_ships_is_an_assumption_and_says_so():
    assert warranty_names() == ("assumed_314ah",)
    warranty = named_warranty("assumed_314ah")
    assert warranty.is_assumed
    assert "assumed, unverified" in warranty.source
    assert warranty_text().startswith("# ASSUMED, UNVERIFIED")


def test_the_example_becomes_a_warranty():
    warranty = named_warranty("assumed_314ah")
    assert warranty.soh is not None
    assert warranty.soh.bands[0].floor[-1] == (20.0, 0.6)
    assert warranty.soh.doubt_borne_by is DoubtBearer.OWNER
    assert warranty.soh.protocol.interval_days == 366.0
    assert warranty.windows[4].quantity is WindowQuantity.CHARGING_TEMPERATURE
    assert (warranty.windows[4].low, warranty.windows[4].high) == (0.0, math.inf)
    assert warranty.damages.cap == 10_000_000.0


def test_what_is_left_out_does_not_bind():
    warranty = parse_warranty(PLAIN, "plain.toml")
    assert warranty.soh is None
    assert warranty.windows == ()
    assert warranty.use.full_cycles_max == math.inf
    assert math.isnan(warranty.performance.availability_min)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("high = 1.0", "hihg = 1.0", "windows.0.hihg (line 49)"),
        ('quantity = "soc"', 'quantity = "charge"', "windows.0.quantity (line 47)"),
        ("tolerance = 0.02", 'tolerance = "2 %"', "soh.tolerance (line 16)"),
        ('doubt_borne_by = "owner"', "", "soh.doubt_borne_by: Field required"),
        ("years = 20", "years = 0", "years = 0 years is outside [1, 100]"),
        ("full_cycles_max = 8000.0", "full_cycles_max = -1.0", "use.full_cycles_max (line 42) = -1"),
        ("full_cycles_max = 8000.0", "full_cycles_max = 80.0", "use.full_cycles_max (line 42) = 80 is less"),
        ("[5, 0.82]", "[5, 0.95]", "soh.bands.0.floor (line 28): year 5 at 0.95"),
        ("full_cycles_per_year_min = 365.0", "full_cycles_per_year_min = 300.0", "(line 31) = 300: the bands overlap"),
        ("high = 35.0", "high = 5.0", "windows.3.low (line 68) = 10 is not below windows.3.high (line 69) = 5"),
        ('currency = "EUR"', 'currency = "dollar"', "currency"),
        ("years = 20", "years = ", "not valid TOML"),
        ("years = 20", "years = " + "[" * 5000 + "]" * 5000, "nested too deeply"),
    ],
)
def test_a_fault_is_named_with_its_line(old, new, said):
    text = warranty_text()
    assert old in text
    with pytest.raises(DataError) as caught:
        parse_warranty(text.replace(old, new), "mine.toml")
    assert "mine.toml" in str(caught.value)
    assert said in str(caught.value)


def test_a_line_is_told_once_and_only_of_keys():
    assert with_lines("use.cap, use.cap_per_year", "[use]\ncap_per_year = 1\n") == "use.cap, use.cap_per_year (line 2)"
    assert with_lines("nothing known", "") == "nothing known"


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(DataError, match=r"nowhere\.toml does not exist; write one with: battuta schema warranty"):
        read_warranty(tmp_path / "nowhere.toml")
    (tmp_path / "blob.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match=r"blob\.toml cannot be read as text"):
        read_warranty(tmp_path / "blob.toml")


def test_a_file_is_read(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(warranty_text(), encoding="utf-8")
    assert read_warranty(path) == named_warranty("assumed_314ah")


def test_an_unknown_name_lists_those_that_exist():
    with pytest.raises(UsageError, match="no warranty 'gold'; choose assumed_314ah"):
        named_warranty("gold")


def test_the_schema_says_every_table():
    tables = json.loads(warranty_schema())["properties"]
    assert {"soh", "use", "windows", "damages", "performance"} <= set(tables)
