"""A site's warranty for machines."""

import json
from datetime import date

import pytest

from battuta.app.warranty_watch import WarrantyQuestion, watched_warranty
from battuta.interfaces.reports.warranty_json import warranty_json
from unit.app.warranty_case import records


def test_clauses_by_name_without_nan(tmp_path):
    records().write_parquet(tmp_path / "log.parquet")
    found = watched_warranty(
        WarrantyQuestion(
            terms="assumed_314ah", telemetry=tmp_path / "log.parquet", start=date(2027, 1, 1), installed_mwh=5.0
        )
    )
    told = json.loads(json.dumps(warranty_json(found), allow_nan=False))
    assert told["clauses"]["soh_capacity"]["margin"] is None
    cap = told["clauses"]["full_cycles"]
    assert (cap["limit"], cap["unit"]) == (8000.0, "-")
    assert cap["margin"] == pytest.approx(7980.0)
    assert told["clauses"]["full_cycles_per_year"]["by_year"]["1"] == pytest.approx(20.0)
    assert cap["used_up_on"].startswith("2070")
    assert told["records"] == {
        "taken_in": 57_600, "repeated": 0, "conflicting": 0, "late": 0, "before": 0, "after": 0,
    }  # fmt: skip
