"""Maintenance plans in a notebook: from findings, a scan's file, with costs by name."""

import json
from datetime import date

import pytest

from battuta.domain.errors import UsageError
from battuta.interfaces.cli.health_words import finding_json
from battuta.interfaces.python.health_plan import plan_maintenance
from unit.health.maintenance_cases import TODAY, finding

WINDOWS = ["2026-12-14:16", "2027-02-01:24"]
FOUND = [finding(17, days=(20.0, 50.0, 140.0)), finding(99, probability=0.02)]


def test_findings_become_a_plan_beside_simple_rules() -> None:
    made = plan_maintenance(FOUND, WINDOWS, today=TODAY, lead_days=10)
    assert made.cost <= min(made.rules.values())
    assert made.table["visit"].to_list() == [date(2026, 12, 14), None]
    assert made.orders.rows() == [(date(2026, 12, 4), 1, "2026-12-14")]
    assert made.sensitivity.height == 6
    assert "lead_days" not in made.assumed
    assert made.left_out == ()
    assert "EUR expected, as of 2026-11-27" in repr(made)
    assert "<table" in made._repr_html_()


def test_a_file_is_the_same(tmp_path) -> None:
    path = tmp_path / "findings.json"
    path.write_text(json.dumps([{**finding_json(each), "probability": each.probability} for each in FOUND]))
    costs = tmp_path / "costs.toml"
    costs.write_text("lead_days = 10")
    read = plan_maintenance(path, WINDOWS, today=TODAY, costs=costs)
    assert read.cost == plan_maintenance(FOUND, WINDOWS, today=TODAY, lead_days=10).cost


def test_no_module_is_an_empty_table_of_the_same_columns() -> None:
    made = plan_maintenance([], WINDOWS, today=TODAY)
    assert made.cost == 0.0
    assert made.table.columns == plan_maintenance(FOUND, WINDOWS, today=TODAY).table.columns


def test_what_is_no_finding_or_window_is_refused() -> None:
    with pytest.raises(UsageError, match="str is no finding"):
        plan_maintenance(["S1"], WINDOWS, today=TODAY)
    with pytest.raises(UsageError, match="a list"):
        plan_maintenance(FOUND, "2026-12-14:16", today=TODAY)
    with pytest.raises(UsageError, match="no setting"):
        plan_maintenance(FOUND, WINDOWS, today=TODAY, price=3)


@pytest.mark.parametrize("given", [None, 3, {"a": 1}, b"f.json", FOUND[0], [None], ""])
def test_findings_of_another_type_are_named_with_their_mend(given) -> None:
    with pytest.raises(UsageError, match=r"bt.plan_maintenance: .*(give a scan, its file|name a file or folder)"):
        plan_maintenance(given, WINDOWS, today=TODAY)


@pytest.mark.parametrize(
    ("windows", "words"),
    [(None, {}), (3, {}), ([3], {}), ([date(2026, 12, 14)], {}), (WINDOWS, {"costs": 3}), (WINDOWS, {"costs": ""})],
)
def test_windows_and_costs_of_another_type_are_named(windows, words) -> None:
    with pytest.raises(UsageError, match=r"bt.plan_maintenance: .*;"):
        plan_maintenance(FOUND, windows, today=TODAY, **words)
