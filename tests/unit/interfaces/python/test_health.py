"""A notebook scans a folder or blocks in memory, and is told what was found and what was wrong."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import battuta as bt
from battuta.domain.errors import DataError, StaleDataError, UsageError
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
    blocks = [life.block(1) for _ in range(17)]
    with pytest.raises(StaleDataError, match="tests speak from day 17 on"):
        bt.scan_health(blocks[:3])
    scan = bt.scan_health(reversed(blocks))
    assert scan.cells == 16
    assert scan.findings == ()


@pytest.mark.parametrize("given", [[3], ["a.parquet"]])
def test_what_is_no_telemetry_is_refused(given: list[object]) -> None:
    with pytest.raises(UsageError, match="is no block"):
        bt.scan_health(given)


@pytest.mark.parametrize("given", [None, 3, 3.5, True, b"a.parquet", {"a": 1}, [None], [{}], np.zeros(3), ""])
def test_another_type_is_named_with_its_mend(given: object) -> None:
    with pytest.raises(UsageError, match=r"bt.scan_health: .*(give a path, or a list of blocks|name a file or folder)"):
        bt.scan_health(given)


@pytest.mark.parametrize(
    "words",
    [
        {"layout": 3}, {"state": 3}, {"report": ["x"]}, {"cell": 3}, {"cell": None}, {"capacity_ah": "280"},
        {"format": None}, {"stated": ["clock=utc"]}, {"stated": {"clock": 3}}, {"stated": {3: "utc"}}, {"report": ""},
    ],
)  # fmt: skip
def test_a_word_of_another_type_is_named_with_its_mend(tmp_path: Path, words: dict[str, object]) -> None:
    with pytest.raises(UsageError, match=r"bt.scan_health: .*;"):
        bt.scan_health(tmp_path, **words)


def test_a_single_block_is_asked_for_in_a_list() -> None:
    block = StringLife(FleetPlan(seed=6, n_strings=1, n_cells=16), 0).block(1)
    with pytest.raises(UsageError, match="telemetry is of type Block, neither a path nor a list of blocks"):
        bt.scan_health(block)


def test_blocks_in_memory_are_checked_as_files_are(tmp_path: Path) -> None:
    block = StringLife(FleetPlan(seed=6, n_strings=1, n_cells=16), 0).block(1)
    with pytest.raises(DataError, match=r"half of the voltages of string .* as cells read in mV"):
        bt.scan_health([replace(block, voltage_v=1e3 * block.voltage_v)])
    state = tmp_path / "state.npz"
    warm = bt.scan_health([replace(block, temperature_c=block.temperature_c + 273.15)], state=state)
    assert "out_of_range" in {each.flaw.value for each in warm.remarks}


def test_blocks_without_a_voltage_are_no_healthy_ones(tmp_path: Path) -> None:
    block = StringLife(FleetPlan(seed=6, n_strings=1, n_cells=16), 0).block(1)
    silent = replace(block, voltage_v=np.full_like(block.voltage_v, np.nan))
    with pytest.raises(StaleDataError, match="nothing could be judged in 1 string,"):
        bt.scan_health([silent], report=tmp_path / "scan.html")
    assert (tmp_path / "scan.html").exists()
    scan = bt.scan_health([block, silent.named("B")], state=tmp_path / "state.npz")
    assert len(scan.unjudged) == 2
    assert "not judged: B: none of its 16 cells was judged" in repr(scan)


def test_a_count_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="n_days"):
        bt.example_telemetry(tmp_path / "x", n_days="sixty")


def test_runs_with_a_state_and_a_report_tell_what_one_run_tells(folder: Path, tmp_path: Path) -> None:
    whole, state = bt.scan_health(folder), tmp_path / "state.npz"
    first = bt.scan_health(folder, format="parquet", state=state, report=tmp_path / "scan.html")
    assert first.findings == whole.findings
    again = bt.scan_health(folder, state=state)
    assert again.findings == whole.findings
    assert "cell 7: micro short" in (tmp_path / "scan.html").read_text(encoding="utf-8")


def test_a_table_of_a_logger_is_scanned_with_what_is_stated(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    block = StringLife(FleetPlan(seed=6, n_strings=1, n_cells=16, has_events=False), 0).block(1)
    head = ",".join(["time", "current", *(f"v{n}" for n in range(16))])
    stamps = block.time_ns.astype("datetime64[ns]").astype("datetime64[s]").astype(str)
    numbers = np.column_stack([block.current_a, block.voltage_v]).tolist()
    lines = [",".join([at, *map(str, row)]) for at, row in zip(stamps, numbers, strict=True)]
    log.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    stated = {"clock": "utc", "voltage": "v{n}", "time": "time", "current": "current"}
    stated |= {"voltage_unit": "V", "current_unit": "A", "current_sign": "discharge_positive"}
    state = tmp_path / "state.npz"
    scan = bt.scan_health(log, format="wide", stated=stated, capacity_ah=100.0, state=state)
    assert (scan.cells, scan.samples) == (16, 16 * block.n_times), scan.refused
    assert "16 cells not judged yet, as there is 1 day that counts" in scan.unjudged[0]


def test_blocks_have_no_format_but_may_have_a_state(tmp_path: Path) -> None:
    life = StringLife(FleetPlan(seed=6, n_strings=1, n_cells=16), 0)
    blocks = [life.block(1) for _ in range(3)]
    with pytest.raises(UsageError, match="are for files"):
        bt.scan_health(blocks, format="parquet")
    assert bt.scan_health(blocks, state=tmp_path / "state.npz").samples > 0
    assert bt.scan_health(blocks, state=tmp_path / "state.npz").cells == 16


@pytest.mark.parametrize("result", ["report", "state"])
def test_a_result_never_takes_the_place_of_the_telemetry(tmp_path, result):
    path = tmp_path / "day.parquet"
    path.write_bytes(b"telemetry")
    with pytest.raises(UsageError, match=r"day.parquet is read; name another file"):
        bt.scan_health(path, **{result: path})
    assert path.read_bytes() == b"telemetry"
