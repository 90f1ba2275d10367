"""A fleet is scanned string by string; one that breaks off is named and the others are scanned."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from battuta.adapters.compute.local import LocalCompute
from battuta.domain.errors import DataError, StaleDataError
from battuta.domain.health import FaultClass
from battuta.domain.telemetry import Block
from battuta.health.scan_state import SavedState
from battuta.physics.cell_parameters import cell_parameters
from battuta.ports.telemetry import BlockImport
from battuta.studies.fleet_scan import FleetScan, scan_fleet
from battuta.world.foreign.faults import ForeignFault, ForeignFaultKind
from battuta.world.foreign.foreign_fleet import FleetPlan, StringLife

N_DAYS = 50
LEAK = ForeignFault(kind=ForeignFaultKind.LEAK, string=1, cell=7, start_day=25, size=20.0)
PLAN = FleetPlan(seed=6, n_strings=3, n_cells=48, faults=(LEAK,), has_events=False)


class Fleet:
    """Lives of foreign strings as a source; the last breaks off."""

    refused = ("a.parquet: broken",)

    def strings(self) -> tuple[str, ...]:
        return ("0", "1", "2")

    def read(self, string_id: str) -> Iterator[BlockImport]:
        life = StringLife(PLAN, int(string_id))
        for day in range(N_DAYS):
            if string_id == "2" and day == 3:
                message = "the disk is gone"
                raise DataError(message)
            block = life.block(1)
            yield BlockImport(block=block.named(string_id), findings=())


def test_a_leak_is_found_in_its_string_and_the_rest_is_left_in_peace():
    told: list[tuple[str, int, int]] = []
    found = scan_fleet(Fleet(), cell_parameters("lfp_314ah"), LocalCompute(), progress=lambda *each: told.append(each))
    assert {(each.string_id, each.cell) for each in found.findings} == {("1", 7)}
    assert found.findings[0].fault is FaultClass.MICRO_SHORT
    assert [each.refused for each in found.strings] == ["", "", "the disk is gone"]
    assert [each.n_days for each in found.strings] == [N_DAYS, N_DAYS, 3]
    assert found.n_cells == 3 * 48
    assert found.refused == ("a.parquet: broken",)
    assert told[-1] == ("strings", 3, 3)


class States:
    """What was kept, in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, SavedState] = {}

    def strings(self) -> tuple[str, ...]:
        return tuple(self.kept)

    def load(self, string_id: str) -> SavedState | None:
        return self.kept.get(string_id)

    def keep(self, string_id: str, saved: SavedState, last_ns: int | None) -> None:
        assert last_ns is not None
        self.kept[string_id] = saved


class Part:
    """Some days of two strings; the first is silent in the second part of them."""

    refused = ()

    def __init__(self, blocks: dict[str, list[Block]], first: int, stop: int) -> None:
        self.blocks = {name: own[first:stop] for name, own in blocks.items() if own[first:stop]}

    def strings(self) -> tuple[str, ...]:
        return tuple(self.blocks)

    def read(self, string_id: str) -> Iterator[BlockImport]:
        return (BlockImport(block=block, findings=()) for block in self.blocks[string_id])


@pytest.fixture(scope="module")
def blocks() -> dict[str, list[Block]]:
    lives = {name: StringLife(PLAN, int(name)) for name in ("0", "1")}
    days = {name: [life.block(1).named(name) for _ in range(N_DAYS)] for name, life in lives.items()}
    halves = [half for block in days["1"] for half in (block.rows(slice(0, 700)), block.rows(slice(700, None)))]
    return {"0": days["0"][:20], "1": halves}


def scanned(source: Part, states: States | None = None) -> FleetScan:
    return scan_fleet(source, cell_parameters("lfp_314ah"), LocalCompute(2), states=states)


def test_runs_one_after_the_other_tell_what_one_run_tells(blocks: dict[str, list[Block]]) -> None:
    states = States()
    for first, stop in ((0, 31), (31, 60), (60, 2 * N_DAYS)):
        told = scanned(Part(blocks, first, stop), states)
        assert told == scanned(Part(blocks, 0, stop))
    assert told.findings


def test_rows_that_were_seen_are_left_out_and_counted(blocks: dict[str, list[Block]]) -> None:
    states = States()
    scanned(Part(blocks, 0, 31), states)
    told = scanned(Part(blocks, 0, 60), states)
    assert [each.n_left_out for each in told.strings] == [
        sum(block.n_times for block in blocks[name][:31]) for name in ("0", "1")
    ]
    assert [replace(each, n_left_out=0) for each in told.strings] == list(scanned(Part(blocks, 0, 60)).strings)


def narrowed(block: Block) -> Block:
    return replace(block, voltage_v=block.voltage_v[:, :12], bleed_ah=None)


def test_a_state_of_other_cells_is_refused_and_a_single_such_string_is_named(blocks: dict[str, list[Block]]) -> None:
    states = States()
    scanned(Part(blocks, 0, 4), states)
    one = {"0": blocks["0"], "1": [narrowed(block) for block in blocks["1"]]}
    other = {"0": [narrowed(block) for block in blocks["0"]], "1": one["1"]}
    with pytest.raises(DataError, match=r"0: the state was kept of 48 cells, .* so it is with all 2 strings"):
        scanned(Part(other, 4, 6), states)
    told = scanned(Part(one, 4, 6), states).strings
    assert [each.is_other for each in told] == [False, True]
    assert "Name the state of this one" in told[1].refused
    own = {"1": blocks["1"]}
    assert scanned(Part(own, 4, 6), states).strings[1] == scanned(Part(own, 0, 6)).strings[0], "the state is as it was"


def test_what_cannot_be_judged_is_named_and_nothing_at_all_is_refused(blocks: dict[str, list[Block]]) -> None:
    silent = [
        replace(block, voltage_v=np.full_like(block.voltage_v, np.nan), string_id="1") for block in blocks["0"][:3]
    ]
    found = scanned(Part({"0": blocks["0"], "1": silent}, 0, 20))
    found.require_judged()
    (said,) = found.unjudged
    assert said.startswith("1: none of its 48 cells was judged, as no day has 60 rows in which they can be compared")
    with pytest.raises(StaleDataError, match="nothing could be judged in 1 string, so no cell is known to be sound"):
        scanned(Part({"1": silent}, 0, 3)).require_judged()


def test_cells_without_a_voltage_are_named(blocks: dict[str, list[Block]]) -> None:
    holed = [replace(block, voltage_v=block.voltage_v.copy()) for block in blocks["0"]]
    for block in holed:
        block.voltage_v[:, [7, 40]] = np.nan
    found = scanned(Part({"0": holed}, 0, 20))
    assert found.strings[0].unseen == (7, 40)
    assert "0: cells 7, 40 of 48 not judged, as no day has their voltages in enough rows" in found.unjudged[0]


def test_a_record_that_is_too_short_for_any_test_is_no_sound_one(blocks: dict[str, list[Block]]) -> None:
    found = scanned(Part({"0": blocks["0"]}, 0, 3))
    (said,) = found.unjudged
    assert said == (
        "0: its 48 cells not judged yet, as there are 3 days that count; tests speak from day 17 on, 2025-01-17 at the "
        "earliest, and tell a plainly dead cell alone before; give more days"
    )
    with pytest.raises(StaleDataError, match="nothing could be judged in 1 string, so no cell"):
        found.require_judged()
    assert scanned(Part({"0": blocks["0"]}, 0, 16)).n_judged == 0
    assert scanned(Part({"0": blocks["0"]}, 0, 17)).unjudged == ()


def test_a_state_that_is_built_day_by_day_may_be_short(blocks: dict[str, list[Block]]) -> None:
    states = States()
    begun = [blocks["0"][0].rows(slice(0, 30)), blocks["0"][0].rows(slice(30, None)), *blocks["0"][1:]]
    for first in range(3):
        found = scanned(Part({"0": begun}, first, first + 1), states)
        assert len(found.unjudged) == 1
        found.require_judged()
    silent = [replace(block, voltage_v=np.full_like(block.voltage_v, np.nan)) for block in blocks["0"][:5]]
    with pytest.raises(StaleDataError):
        scanned(Part({"0": silent}, 0, 5), States()).require_judged()


class Named(Part):
    """A file that has names for its cells."""

    def cell_names(self, string_id: str) -> tuple[str, ...]:
        return tuple(f"cell_{cell + 1}_mv" for cell in range(48))


def test_findings_carry_what_the_file_calls_the_cell(blocks: dict[str, list[Block]]) -> None:
    found = scanned(Named(blocks, 0, 2 * N_DAYS))
    assert {found.label(each) for each in found.findings} == {"cell_8_mv"}
    assert found.label(replace(found.findings[0], cell=None)) == ""
    plain = scanned(Part(blocks, 0, 2 * N_DAYS))
    assert {plain.label(each) for each in plain.findings} == {""}
    assert not plain.is_synthetic
    assert replace(plain, strings=(replace(plain.strings[0], string_id="synthetic-000"),)).is_synthetic
