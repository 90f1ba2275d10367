"""Findings lie in a table as they were told."""

import math
from dataclasses import replace
from datetime import UTC, datetime

import polars as pl

from battuta.app.health_plan_findings import read_findings
from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.interfaces.python.health_tables import findings_frame
from battuta.interfaces.python.tables import write_frame


def test_a_finding_is_a_row() -> None:
    finding = Finding(
        string_id="S1", cell=None, fault=FaultClass.CURRENT_SENSOR, level=FindingLevel.PLAN, since_ns=0,
        found_ns=86_400_000_000_000, probability=0.5, evidence={"offset_a": 1.25},
    )  # fmt: skip
    (row,) = findings_frame([finding]).rows(named=True)
    assert row["found"] == datetime(1970, 1, 2, tzinfo=UTC)
    assert (row["string"], row["cell"], row["kind"], row["level"]) == ("S1", None, "current_sensor", "plan")
    assert row["evidence"] == "offset_a=1.25"
    assert row["label"] is None
    (named,) = findings_frame([finding], ["cell_18_mv"]).rows(named=True)
    assert list(named)[:3] == ["string", "cell", "label"]
    assert named["label"] == "cell_18_mv"
    assert (row["probability"], row["days_to_limit_p10"], row["days_to_limit_p90"]) == (0.5, None, None)


def test_days_to_a_limit_are_columns_and_never_is_empty() -> None:
    finding = Finding(
        string_id="S1", cell=3, fault=FaultClass.MICRO_SHORT, level=FindingLevel.ACT, since_ns=0, found_ns=1,
        probability=0.25, days_to_limit=(3.0, 5.5, math.inf),
    )  # fmt: skip
    (row,) = findings_frame([finding]).rows(named=True)
    assert [row[f"days_to_limit_p{share}"] for share in (10, 50, 90)] == [3.0, 5.5, None]


def test_a_written_table_is_read_back_as_it_was(tmp_path) -> None:
    never = Finding(
        string_id="S1", cell=3, fault=FaultClass.MICRO_SHORT, level=FindingLevel.ACT, since_ns=0, found_ns=1_000,
        probability=0.25, days_to_limit=(3.0, 5.5, math.inf),
    )  # fmt: skip
    still = replace(never, cell=None, fault=FaultClass.COOLING, days_to_limit=None)
    for name in ("findings.csv", "findings.parquet"):
        write_frame(findings_frame([never, still], ["cell_04", ""]), tmp_path / name)
        assert read_findings(tmp_path / name) == (never, still)


def test_no_finding_is_a_table_of_the_same_columns() -> None:
    assert findings_frame([]).schema["since"] == pl.Datetime("ns", "UTC")
