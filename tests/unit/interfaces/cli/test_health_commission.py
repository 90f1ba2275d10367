"""``battuta health commission``: a table or one object, and an exit code that says whether anything failed."""

import json
from dataclasses import replace

import numpy as np
import pytest
from typer import Typer
from typer.testing import CliRunner

from battuta.adapters.telemetry.parquet import write_block
from battuta.domain.errors import StaleDataError
from battuta.interfaces.cli.health_commission import commission
from unit.health.commission_records import N_CELLS, at, record

app = Typer()
app.command()(commission)


@pytest.fixture
def run(tmp_path):
    layout = tmp_path / "layout.toml"
    layout.write_text(f"n_cells = {N_CELLS}\nn_sensors = 3\n")

    def commissioned(*words, **changes):
        write_block(record(**changes), tmp_path / "log")
        return CliRunner().invoke(app, [str(tmp_path / "log"), "--layout", str(layout), *words])

    return commissioned


def test_a_sound_string_ends_with_0_and_says_what_was_not_tested(run) -> None:
    result = run("--json", bled=N_CELLS)
    assert result.exit_code == 0
    said = json.loads(result.stdout)
    assert said["fail"] == 0
    assert said["not_tested"] > 0
    assert said["pass"] + said["not_tested"] == len(said["items"])
    assert all(item["reason"] for item in said["items"])


def test_a_failed_item_ends_with_1_and_names_its_channels(run) -> None:
    result = run("--json", cell_sign=1.0 - 2.0 * at([4], 1.0))
    assert result.exit_code == 1
    wrong = [item for item in json.loads(result.stdout)["items"] if item["verdict"] == "fail"]
    assert ("cell_polarity", [4]) in [(item["item"], item["channels"]) for item in wrong]


def test_people_read_a_table(run) -> None:
    result = run(ohm=1.0 + at([3], 0.9))
    assert "not tested" in result.stdout
    assert "resistance spread" in result.stdout
    assert "1 failed" in result.stdout


def test_a_record_that_tells_nothing_is_not_accepted(tmp_path) -> None:
    sound = record()
    silent = {name: np.full_like(getattr(sound, name), np.nan) for name in ("current_a", "voltage_v", "temperature_c")}
    write_block(replace(sound, **silent), tmp_path)
    result = CliRunner().invoke(app, [str(tmp_path)])
    assert isinstance(result.exception, StaleDataError)
    assert "nothing was tested, so nothing is accepted" in str(result.exception)
    assert "0 failed, 0 passed" in result.stdout
    assert "NOT ACCEPTED" in result.stdout
