"""``battuta health scan`` reads a folder, names the bad cell, and says what it could not read."""

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from battuta.adapters.telemetry.parquet import write_block
from battuta.world.foreign.faults import ForeignFault, ForeignFaultKind
from battuta.world.foreign.foreign_fleet import FleetPlan, StringLife

LEAK = ForeignFault(kind=ForeignFaultKind.LEAK, string=0, cell=7, start_day=25, size=20.0)


def battuta(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "battuta", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("telemetry")
    life = StringLife(FleetPlan(seed=6, n_strings=1, n_cells=48, faults=(LEAK,), has_events=False), 0)
    for _ in range(50):
        write_block(life.block(1), path)
    return path


def test_a_leaking_cell_is_named_with_its_evidence(folder: Path, tmp_path: Path) -> None:
    done = battuta("health", "scan", folder, "--json", "--out", tmp_path / "findings.csv")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["strings"], answer["cells"]) == (1, 48)
    assert {(each["cell"], each["kind"]) for each in answer["findings"]} == {(7, "micro_short")}
    first = answer["findings"][0]
    assert first["level"] in {"watch", "act"}
    assert "2025-01-2" <= first["since"] < first["found"]
    assert first["evidence"]["charge_lost_per_day"] > 0.001
    assert pl.read_csv(tmp_path / "findings.csv").height == len(answer["findings"])


def test_people_get_a_table(folder: Path) -> None:
    done = battuta("health", "scan", folder)
    assert done.returncode == 0, done.stderr
    assert "micro_short" in done.stdout
    assert "48 cells in 1 strings" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--cell", "lead_acid"), "lead_acid"),
        (("--capacity-ah", "0"), "is none"),
        (("--out", "findings.txt"), "findings.txt"),
    ],
)
def test_what_cannot_be_scanned_ends_with_a_sentence(folder: Path, words: tuple[str, ...], said: str) -> None:
    done = battuta("health", "scan", folder, *words)
    assert done.returncode in {2, 4}
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_is_not_there_is_named() -> None:
    done = battuta("health", "scan", "nowhere")
    assert done.returncode == 4
    assert "nowhere" in done.stderr
