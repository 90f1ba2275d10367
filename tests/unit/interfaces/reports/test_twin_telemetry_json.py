"""The annex holds what was measured, what it says and what it is worth; null where there is no figure."""

import json

from battuta.interfaces.reports.twin_json import twin_json
from unit.interfaces.reports.twin_case import result
from unit.interfaces.reports.twin_telemetry_case import measured


def test_telemetry_stands_in_the_annex_only_where_there_is_some():
    assert "telemetry" not in twin_json(result())
    found = json.loads(json.dumps(twin_json(measured()), allow_nan=False))["telemetry"]
    assert (found["rows"], found["measurements"], found["own_site"], found["is_outside"]) == (3, 3, "here", False)
    assert next(iter(found["model_probability"].values())) == {"before": 0.5, "after": 0.8}
    assert found["shared_error"] == {
        "soh_capacity": 0.005, "is_assumed": True, "soh_resistance": None, "is_resistance_assumed": None,
    }  # fmt: skip
    assert found["days"] == [365.0, 730.0]
    assert found["soh_after"]["p50"] == [0.95, 0.95]
    worth = found["worth"]["base"]
    assert worth["before"]["debt"] == {"p50": 1e6, "p90": 1e6, "p99": 1e6}
    assert worth["before"]["promise_breach_probability"] == 0.25
    assert worth["before_one_model"]["debt"]["p50"] is None
    assert worth["gained"]["p90"] == 0.0
