"""What stands around the cells before first power."""

import numpy as np
import pytest

from battuta.domain.site_log import SiteLog
from battuta.health.commission import CommissionPlan, CommissionRecord, Verdict
from battuta.health.commission_site import commission, site_items
from battuta.physics.cell_parameters import cell_parameters
from unit.health.commission_records import record

N = 60
PLAN = CommissionPlan(voltage_v=1500.0, flow_l_per_min_min=150.0, pressure_bar_min=1.0, precharge_s_max=2.0)
CLOSED = (np.arange(N) > 20).astype(float)[:, None] * np.ones((1, 2))
EVENT = np.where(np.arange(N) == 21, 1.0, np.nan)
SOUND = {
    "insulation_ohm": np.full(N, 2e6),
    "humidity": np.full(N, 0.4),
    "coolant_flow_l_per_min": np.full(N, 180.0),
    "pump_command": np.ones(N),
    "coolant_pressure_bar": np.full(N, 1.5),
    "coolant_level": np.full(N, 0.8),
    "contactor_command": CLOSED,
    "contactor_state": CLOSED,
    "precharge_s": 0.8 * EVENT,
    "precharge_share": 0.99 * EVENT,
    "auxiliary_voltage_v": np.full((N, 1), 24.0),
    "fire_panel_fault": np.zeros(N),
    "fire_panel_disabled": np.zeros(N),
    "water": np.zeros((N, 2)),
}


def scan(plan=PLAN, *, without=(), **changes):
    columns = {name: values for name, values in {**SOUND, **changes}.items() if name not in without}
    log = SiteLog(site_id="A", time_ns=np.arange(N, dtype=np.int64) * 10**9, **columns)
    return {item.name: item for item in site_items(log, plan)}


def test_a_sound_site_passes_all_but_what_needs_high_current() -> None:
    items = scan()
    assert items.pop("joints").verdict is Verdict.NOT_TESTED
    assert {item.verdict for item in items.values()} == {Verdict.PASS}, items


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("insulation", {"insulation_ohm": np.where(np.arange(N) == 7, 5e5, 2e6)}),
        ("coolant_flow", {"coolant_flow_l_per_min": np.full(N, 100.0)}),
        ("pressure", {"coolant_pressure_bar": np.full(N, 0.4)}),
        ("level", {"coolant_level": np.full(N, 0.3)}),
        ("contactors", {"contactor_state": np.ones((N, 2))}),
        ("precharge", {"precharge_share": 0.7 * EVENT}),
        ("precharge", {"precharge_s": 5.0 * EVENT}),
        ("supply", {"auxiliary_voltage_v": np.full((N, 1), 19.0)}),
        ("fire_panel", {"fire_panel_disabled": np.ones(N)}),
        ("water", {"water": np.ones((N, 2))}),
    ],
)
def test_what_is_wrong_fails(name, changes) -> None:
    items = scan(**changes)
    assert items[name].verdict is Verdict.FAIL
    assert sum(item.verdict is Verdict.FAIL for item in items.values()) == 1


def test_an_empty_log_tests_nothing() -> None:
    items = scan(without=tuple(SOUND))
    assert {item.verdict for item in items.values()} == {Verdict.NOT_TESTED}


@pytest.mark.parametrize(
    ("name", "plan", "changes"),
    [
        ("insulation", CommissionPlan(), {}),
        ("coolant_flow", CommissionPlan(), {}),
        ("pressure", CommissionPlan(), {}),
        ("precharge", CommissionPlan(), {}),
        ("contactors", PLAN, {"contactor_command": np.ones((N, 2)), "contactor_state": np.ones((N, 2))}),
        ("coolant_flow", PLAN, {"pump_command": np.zeros(N)}),
    ],
)
def test_what_nobody_stated_or_moved_is_not_tested(name, plan, changes) -> None:
    assert scan(plan, **changes)[name].verdict is Verdict.NOT_TESTED


def test_nothing_flows_is_wrong_without_any_limit() -> None:
    assert scan(CommissionPlan(), coolant_flow_l_per_min=np.zeros(N))["coolant_flow"].verdict is Verdict.FAIL


def test_the_scan_has_every_item_of_every_string_and_of_the_site() -> None:
    items = commission(CommissionRecord(blocks=[record()]), PLAN, cell_parameters("lfp_314ah"))
    assert len(items) == 9 + len(SOUND) - 4
    assert {item.where for item in items} == {"S1", "site"}
