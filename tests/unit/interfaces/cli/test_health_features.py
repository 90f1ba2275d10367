"""``battuta health features``: a table on the disk, and what was read on stdout."""

import json
from dataclasses import replace

import polars as pl
import pytest
from typer.testing import CliRunner

from battuta.adapters.telemetry.parquet import write_block
from battuta.domain.time import NS_PER_DAY
from battuta.interfaces.cli.health import app
from unit.health.charge_days import N_CELLS, charge_day


@pytest.fixture
def log(tmp_path):
    block = charge_day()
    for day in range(2):
        write_block(replace(block, time_ns=block.time_ns + day * NS_PER_DAY), tmp_path / "log")
    return tmp_path / "log"


def test_a_table_is_written_and_counted(log, tmp_path) -> None:
    out = tmp_path / "features.parquet"
    result = CliRunner().invoke(app, ["features", str(log), "--out", str(out), "--json"])
    assert result.exit_code == 0
    said = json.loads(result.stdout)
    assert (said["strings"], said["cells"], said["days"], said["rows"]) == (1, N_CELLS, 2, 2 * N_CELLS)
    assert said["refused"] == []
    assert pl.read_parquet(out).height == 2 * N_CELLS


def test_people_read_a_line(log, tmp_path) -> None:
    result = CliRunner().invoke(app, ["features", str(log), "--out", str(tmp_path / "features.csv")])
    assert f"{2 * N_CELLS} rows, {N_CELLS} cells in 1 string, 2 days" in result.stdout


def test_a_table_that_would_take_the_place_of_telemetry_is_refused(log) -> None:
    inside = next(log.rglob("*.parquet"))
    result = CliRunner().invoke(app, ["features", str(inside), "--out", str(inside)])
    assert result.exit_code != 0
