"""A notebook scans a folder or blocks in memory, and is told what was found and what was wrong."""

from pathlib import Path

import pytest

import battuta as bt
from battuta.domain.errors import UsageError
from battuta.world.foreign.foreign_fleet import FleetPlan, StringLife

FAULT = "leak,string=0,cell=7,size=20,start=25"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("health") / "telemetry"
    assert bt.example_telemetry(path, n_strings=1, n_cells=48, n_days=50, seed=6, faults=[FAULT]) == 50
    return path


def test_a_folder_is_scanned(folder: Path) -> None:
    scan = bt.scan_health(folder)
    assert {(each.string_id, each.cell, each.fault) for each in scan.findings} == {("synthetic-000", 7, "micro_short")}
    assert scan.table.height == len(scan.findings) >= 1
    assert scan.cells == 48
    assert scan.samples > 48 * 1440 * 40
    assert scan.refused == ()
    assert scan.remarks, "the log has gaps, and they are told"
    assert "micro_short" in repr(scan)
    assert "synthetic-000" in scan._repr_html_()


def test_blocks_in_memory_are_scanned_in_order_of_time() -> None:
    life = StringLife(FleetPlan(seed=6, n_strings=1, n_cells=16), 0)
    blocks = [life.block(1) for _ in range(3)]
    scan = bt.scan_health(reversed(blocks))
    assert scan.cells == 16
    assert scan.findings == ()


@pytest.mark.parametrize("given", [[3], ["a.parquet"]])
def test_what_is_no_telemetry_is_refused(given: list[object]) -> None:
    with pytest.raises(UsageError, match="is no block"):
        bt.scan_health(given)


def test_a_count_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="n_days"):
        bt.example_telemetry(tmp_path / "x", n_days="sixty")
