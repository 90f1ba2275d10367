"""Capacity tests from a file."""

import pytest

from battuta.adapters.files.capacity_tests_file import read_capacity_tests
from battuta.domain.errors import BattutaError


def read(path, text):
    path.write_text(text, encoding="utf-8")
    return read_capacity_tests(path)


def test_instants_are_utc(tmp_path):
    text = "time,soh_capacity\n2027-01-01T01:00+01:00,0.99\n2028-01-01T00:00Z,0.97\n"
    assert read(tmp_path / "tests.csv", text) == [(1798761600000000000, 0.99), (1830297600000000000, 0.97)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("time,soh_capacity\n2027-01-01T00:00Z,97\n", "row 2, column soh_capacity: 97 is no share"),
        ("time,soh_capacity\n2027-01-01T00:00Z,\n", "row 2, column soh_capacity: nan is no share"),
        ("time,soh_capacity\n2027-01-01T00:00Z,0\n", "0 is no share"),
        ("time,capacity\n2027-01-01T00:00Z,0.9\n", "has no column soh_capacity; it has time, capacity"),
        ("time,soh_capacity\n2027-01-01,0.9\n", "offset"),
    ],
)
def test_what_is_no_test_is_refused(tmp_path, text, said):
    with pytest.raises(BattutaError, match=said):
        read(tmp_path / "tests.csv", text)
