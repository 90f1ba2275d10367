"""A row for each suspect module, the earliest visit first."""

from datetime import date

import polars as pl
import pytest

from battuta.health.maintenance import plan_maintenance
from battuta.interfaces.python.health_plan_tables import module_rows, modules_frame
from unit.health.maintenance_cases import PLAIN, TODAY, finding, window


def test_rows_tell_chances_visits_and_costs() -> None:
    found = [finding(20, probability=0.02), finding(3), finding(5)]
    plan = plan_maintenance(found, [window(14)], PLAIN, TODAY)
    first, last = module_rows(plan)
    assert (first.cells, first.module, last.module) == ((3, 5), 0, 2)
    assert first.probability == pytest.approx(0.96)
    assert first.fails_within_year <= first.fails_within_horizon <= first.probability
    assert first.cost < first.cost_never
    assert (last.visit, last.cost) == (None, last.cost_never)
    frame = modules_frame(plan)
    assert frame["cells"].to_list() == ["3, 5", "20"]
    assert frame["visit"].to_list() == [date.fromisoformat(first.visit), None]
    assert frame.schema["visit"] == pl.Date
