"""Findings lie in a table as they were told."""

from datetime import UTC, datetime

import polars as pl

from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.interfaces.python.health_tables import findings_frame


def test_a_finding_is_a_row() -> None:
    finding = Finding(
        string_id="S1", cell=None, fault=FaultClass.CURRENT_SENSOR, level=FindingLevel.PLAN, since_ns=0,
        found_ns=86_400_000_000_000, probability=0.5, evidence={"offset_a": 1.25},
    )  # fmt: skip
    (row,) = findings_frame([finding]).rows(named=True)
    assert row["found"] == datetime(1970, 1, 2, tzinfo=UTC)
    assert (row["string"], row["cell"], row["kind"], row["level"]) == ("S1", None, "current_sensor", "plan")
    assert row["evidence"] == "offset_a=1.25"


def test_no_finding_is_a_table_of_the_same_columns() -> None:
    assert findings_frame([]).schema["since"] == pl.Datetime("ns", "UTC")
