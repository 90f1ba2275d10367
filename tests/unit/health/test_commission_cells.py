"""Cells before first power: what is wired wrongly fails, what the record does not tell is not tested."""

import numpy as np
import pytest

from battuta.domain.telemetry import Block
from battuta.health.commission import CommissionPlan, Verdict
from battuta.health.commission_cells import cell_items
from battuta.physics.cell_parameters import cell_parameters
from unit.health.commission_records import N_CELLS, at, record

CELL = cell_parameters("lfp_314ah")
PLAN = CommissionPlan(n_cells=N_CELLS, n_sensors=3)
SWAPPED = np.array([0, 1, 3, 2, *range(4, N_CELLS)])


def scan(block=None, plan=PLAN, **changes):
    return {item.name: item for item in cell_items(block or record(**changes), plan, CELL)}


def test_a_sound_string_passes_what_was_tested() -> None:
    items = scan(bled=N_CELLS)
    verdicts = {name: item.verdict for name, item in items.items()}
    assert verdicts.pop("capacity") is Verdict.NOT_TESTED
    assert set(verdicts.values()) == {Verdict.PASS}, items


@pytest.mark.parametrize(
    ("changes", "name", "cells"),
    [
        ({"cell_sign": 1.0 - 2.0 * at([4], 1.0)}, "cell_polarity", (4,)),
        ({"current_sign": -1.0}, "current_sign", ()),
        ({"order": SWAPPED, "bled": N_CELLS}, "channel_order", (2, 3)),
        ({"offset_v": at([5], 0.08) - at([6], 0.08)}, "sense_wires", (5, 6)),
        ({"ohm": 1.0 + at([7], 0.8) - at([8], 0.8)}, "sense_wires", (7, 8)),
        ({"sensor_k": np.array([0.0, 15.0, 0.0])}, "temperature_sensors", (1,)),
        ({"sensor_k": np.array([0.0, np.nan, 0.0])}, "temperature_sensors", (1,)),
        ({"ohm": 1.0 + at([3], 0.9)}, "resistance_spread", (3,)),
        ({"offset_v": at([9], -0.4)}, "soc_spread", (9,)),
    ],
)
def test_what_is_wrong_fails_and_is_named(changes, name, cells) -> None:
    item = scan(**changes)[name]
    assert item.verdict is Verdict.FAIL, item
    assert item.cells == cells


def test_a_shared_wire_is_not_told_twice() -> None:
    items = scan(ohm=1.0 + at([7], 0.8) - at([8], 0.8))
    assert items["resistance_spread"].verdict is Verdict.PASS


@pytest.mark.parametrize("name", ["cell_count", "temperature_sensors", "capacity"])
def test_what_the_plate_does_not_say_is_not_tested(name) -> None:
    item = scan(plan=CommissionPlan())[name]
    assert item.verdict is Verdict.NOT_TESTED
    assert "layout" in item.reason


def test_what_the_record_does_not_tell_is_not_tested() -> None:
    short = scan(record().rows(slice(0, 50)))
    for name in ("current_sign", "resistance_spread", "sense_wires", "channel_order", "soc_spread"):
        assert short[name].verdict is Verdict.NOT_TESTED, name
    assert "plateau" in scan(rest_v=3.29)["soc_spread"].reason
    some = scan(bled=5)["channel_order"]
    assert some.verdict is Verdict.NOT_TESTED
    assert some.reason.startswith("5 of 12")


def test_a_missing_or_silent_cell_is_counted() -> None:
    assert scan(plan=CommissionPlan(n_cells=N_CELLS + 1))["cell_count"].verdict is Verdict.FAIL
    silent = scan(cell_sign=1.0 + at([2], np.nan))
    assert silent["cell_count"].cells == (2,)
    assert silent["sense_wires"].cells == (2,)


@pytest.mark.parametrize(("hours", "verdict"), [(10.0, Verdict.PASS), (9.0, Verdict.FAIL)])
def test_capacity_is_counted_between_full_and_empty(hours, verdict) -> None:
    n_times = 400
    time_h = np.linspace(0.0, hours + 1.0, n_times)
    flows = (time_h > 0.5) & (time_h < hours + 0.5)
    volts = np.where(time_h <= 0.5, 3.6, np.where(flows, 3.2, 2.5))[:, None] * np.ones((1, N_CELLS))
    block = Block(
        string_id="S1",
        time_ns=(time_h * 3600e9).astype(np.int64),
        current_a=31.4 * flows,
        voltage_v=volts,
        temperature_c=np.full((n_times, 3), 20.0),
    )
    plan = CommissionPlan(n_cells=N_CELLS, capacity_ah=314.0, full_v=3.55, empty_v=2.6)
    item = scan(block, plan)["capacity"]
    assert item.verdict is verdict
    assert item.figures["charge_ah"] == pytest.approx(31.4 * hours, rel=0.02)
    assert scan(plan=plan)["capacity"].verdict is Verdict.NOT_TESTED
