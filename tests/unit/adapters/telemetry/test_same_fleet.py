"""A state goes on with the fleet that it was kept of, grown or shrunk, and with no other."""

import pytest

from battuta.adapters.telemetry.formats import ReadRequest, open_telemetry
from battuta.adapters.telemetry.parquet import write_block
from battuta.adapters.telemetry.same_fleet import require_same_fleet
from battuta.domain.errors import DataError
from unit.adapters.telemetry.strings import make_block

LATE_NS = 2**62


def test_another_fleet_is_refused_and_both_are_named() -> None:
    with pytest.raises(DataError, match=r"kept of strings B, C, and new has A: .* Name the state of this one"):
        require_same_fleet(["A"], ["C", "B"], "new")
    with pytest.raises(DataError, match="S0, S1, S2, S3, S4 and 4 more"):
        require_same_fleet([f"S{n}" for n in range(9)], ["C"], "new")


@pytest.mark.parametrize(("strings", "seen"), [(["A"], []), (["A", "B"], ["A"]), (["A"], ["A", "B"]), ([], ["A"])])
def test_a_first_run_and_a_fleet_that_grew_or_shrank_go_on(strings, seen) -> None:
    require_same_fleet(strings, seen, "new")


def test_files_of_another_fleet_are_refused_and_seen_ones_are_not(tmp_path) -> None:
    write_block(make_block("A"), tmp_path)
    write_block(make_block("B"), tmp_path)
    with pytest.raises(DataError, match="the state of another fleet"):
        open_telemetry(ReadRequest(path=tmp_path, seen_ns={"C": 0}))
    opened = open_telemetry(ReadRequest(path=tmp_path, seen_ns={"A": LATE_NS}))
    assert opened.source.strings() == ("B",), "of A nothing is new, and it says whose fleet this is"


def test_a_table_of_another_string_is_refused(tmp_path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("time,i,v0\n" + "\n".join(f"2026-01-01 00:{m:02d}:00,1.0,3.3" for m in range(9)))
    stated = {"clock": "utc", "voltage": "v{n}", "time": "time", "current": "i", "voltage_unit": "V"}
    stated |= {"current_unit": "A", "current_sign": "discharge_positive", "string_id": "B"}
    with pytest.raises(DataError, match=r"kept of strings A, and .*log.csv has B"):
        open_telemetry(ReadRequest(path=path, stated=stated, seen_ns={"A": 0}))
