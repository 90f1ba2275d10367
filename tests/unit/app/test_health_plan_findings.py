"""Findings come back as they were written; a row that is none is named with its number."""

import json
import math
from pathlib import Path

import polars as pl
import pytest

from battuta.app.health_plan_findings import LIMIT_COLUMNS, read_findings
from battuta.domain.errors import DataError, UsageError
from battuta.domain.health import FaultClass, FindingLevel
from battuta.interfaces.cli.health_words import finding_json
from battuta.interfaces.python.health_tables import findings_frame
from unit.health.maintenance_cases import finding

ROW = {**finding_json(finding(7)), "probability": 0.8}


def written(tmp_path, *rows):
    path = tmp_path / "findings.json"
    path.write_text(json.dumps({"findings": list(rows)}))
    return path


def test_json_of_a_scan_is_read_back(tmp_path) -> None:
    (found,) = read_findings(written(tmp_path, ROW))
    assert found == finding(7)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_tables_of_a_scan_are_read_back(tmp_path, suffix) -> None:
    told = [finding(7), finding(None, fault=FaultClass.COOLING, level=FindingLevel.ACT, days=None)]
    limits = [[20.0, None], [60.0, None], [180.0, None]]
    frame = findings_frame(told).with_columns(
        pl.Series("probability", [0.8, 0.8]),
        *(pl.Series(name, values) for name, values in zip(LIMIT_COLUMNS, limits, strict=True)),
    )
    path = tmp_path / f"findings.{suffix}"
    frame.write_csv(path) if suffix == "csv" else frame.write_parquet(path)
    assert list(read_findings(path)) == told


def test_no_late_end_is_infinite(tmp_path) -> None:
    (found,) = read_findings(written(tmp_path, {**ROW, "days_to_limit": [20, 60, None]}))
    assert found.days_to_limit == (20.0, 60.0, math.inf)


def test_likelihood_is_assumed_only_where_that_is_stated(tmp_path) -> None:
    path = written(tmp_path, {**ROW, "probability": None}, ROW)
    assert [each.probability for each in read_findings(path, probability_assumed=0.3)] == [0.3, 0.8]
    with pytest.raises(DataError, match=r"finding 1 does not say how likely .* probability_assumed"):
        read_findings(path)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"cell": "7"}, "has the cell '7'"),
        ({"cell": -1}, "has the cell -1"),
        ({"kind": "tired"}, "has the kind 'tired'; there are micro_short"),
        ({"level": "red"}, "there are watch, plan, act"),
        ({"found": "2026-11-27T00:00:00"}, "without an offset"),
        ({"since": "lately"}, "no instant"),
        ({"since": "2027-01-01T00:00:00+00:00"}, "told before it began"),
        ({"probability": 1.5}, "not a share"),
        ({"probability": "high"}, "no number"),
        ({"days_to_limit": [1, 2]}, "2 days to its limit"),
        ({"days_to_limit": [None, 2, 3]}, "no number"),
    ],
)
def test_a_row_that_is_no_finding_is_named(tmp_path, change, word) -> None:
    with pytest.raises(DataError, match=rf"findings.json, finding 2 .*{word}"):
        read_findings(written(tmp_path, ROW, {**ROW, **change}))


def test_a_lacking_column_is_named(tmp_path) -> None:
    with pytest.raises(DataError, match="finding 1 lacks level"):
        read_findings(written(tmp_path, {name: each for name, each in ROW.items() if name != "level"}))


def test_files_that_are_none_are_named(tmp_path) -> None:
    with pytest.raises(UsageError, match=r"must end in .json"):
        read_findings(tmp_path / "findings.xlsx")
    with pytest.raises(DataError, match="is not there"):
        read_findings(tmp_path / "findings.csv")
    for name, text in (("a.json", "{"), ("b.json", '{"findings": 3}'), ("c.parquet", "none")):
        (tmp_path / name).write_text(text)
        with pytest.raises(DataError, match=name):
            read_findings(tmp_path / name)


def test_a_string_named_by_digits_keeps_its_zeros(tmp_path) -> None:
    path = tmp_path / "findings.csv"
    findings_frame([finding(7)]).with_columns(string=pl.lit("007"), probability=0.8).write_csv(path)
    assert read_findings(path)[0].string_id == "007"


def test_a_file_that_the_disk_does_not_give_is_named(tmp_path) -> None:
    memory = Path("/proc/self/mem")  # reading at its beginning fails, for whoever reads
    if not memory.exists():
        pytest.skip("no such file here")
    (tmp_path / "findings.json").symlink_to(memory)
    with pytest.raises(DataError, match=r"findings\.json cannot be read: .*; look at who may read it"):
        read_findings(tmp_path / "findings.json")
