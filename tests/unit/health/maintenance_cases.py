"""Findings and settings that tests of maintenance plans share."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.domain.time import to_ns
from battuta.health.maintenance_settings import MaintenanceSettings
from battuta.health.maintenance_visits import PlannedWindow

TODAY = date(2026, 11, 27)
PLAIN = MaintenanceSettings(
    module_cost=1000.0, visit_cost=300.0, call_out_cost=800.0, damage_cost=500.0, damage_cost_short=500.0,
    salvage=0.0, module_h=2.0, cells_per_module=10, energy_mwh_per_day=0.0, lead_days=0, response_days=0,
    discount_share_per_year=0.0, horizon_days=1000,
)  # fmt: skip


def finding(cell=0, string="S1", days=(20.0, 60.0, 180.0), probability=0.8, age_days=0.0, **words) -> Finding:
    """A finding told some days before the plan."""
    found = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC) - timedelta(days=age_days)
    given = {"fault": FaultClass.MICRO_SHORT, "level": FindingLevel.PLAN} | words
    return Finding(
        string_id=string, cell=cell, since_ns=0, found_ns=to_ns(found), probability=probability, days_to_limit=days,
        **given,
    )  # fmt: skip


def window(days: int, crew_h: float = 100.0) -> PlannedWindow:
    """A window some days from the plan."""
    return PlannedWindow(on=TODAY + timedelta(days=days), crew_h=crew_h)
