"""``battuta run``: a few simulated sites come alive, and what came of it is kept and can be replayed."""

import csv
import json
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from battuta.app.living import LivingSystem
from battuta.app.replay import replay
from battuta.domain.errors import DataError, UsageError
from battuta.interfaces.cli.main import app

EXAMPLES = Path(__file__).parents[4] / "examples"


@pytest.fixture
def run(tmp_path):
    return lambda *words: CliRunner().invoke(app, ["run", "--runs-dir", str(tmp_path), *map(str, words)])


def test_it_conducts_sites_and_counts_their_money(run, tmp_path):
    result = run("--json", "--sites", 3, "--duration", "2h")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert {"sites", "cells", "simulated_hours", "currency", "net", "wear", "baselines", "frequency_events"} < set(told)
    assert (told["sites"], told["cells"], told["simulated_hours"], told["currency"]) == (3, 600, 2.0, "EUR")
    assert told["is_synthetic"]
    assert "simulated" in told["label"]
    assert told["setpoints"] == 3 * 20 * 7200
    assert told["net"] == pytest.approx(told["settled"] - told["wear"], abs=0.02)
    folder = Path(told["run"])
    assert folder.parent == tmp_path
    with (folder / "deliveries.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {int(row["site"]) for row in rows} == {0, 1, 2}
    assert sum(float(row["revenue"]) for row in rows) == pytest.approx(told["settled"], abs=0.02)
    assert json.loads((folder / "summary.json").read_text(encoding="utf-8"))["net"] == told["net"]
    assert pl.read_parquet(folder / "trace.parquet")["site"].n_unique() == 3
    assert f"battuta replay {folder}" in (folder / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(("duration", "is_told"), [("10min", True), ("1min", False)])
def test_the_report_is_named_where_there_is_one(run, tmp_path, duration, is_told):
    printed = run("--sites", 1, "--duration", duration, "--no-journal").stdout
    (folder,) = tmp_path.iterdir()
    assert (f"report: {folder / 'report.html'}" in printed) == is_told
    assert (folder / "report.html").exists() == is_told


def test_the_same_seed_is_the_same_run(run):
    told = [json.loads(run("--json", "--sites", 2, "--duration", "10min").stdout) for _ in range(2)]
    assert told[0]["journal"] == told[1]["journal"]
    assert told[0]["net"] == told[1]["net"]
    other = json.loads(run("--json", "--sites", 2, "--duration", "10min", "--seed", 2).stdout)
    assert other["journal"] != told[0]["journal"]


def test_it_trades_a_file(run):
    words = (
        "--prices",
        EXAMPLES / "synthetic_prices.csv",
        "--asset",
        EXAMPLES / "site.toml",
        "--zone",
        "Europe/Berlin",
    )
    result = run(*words, "--duration", "15min", "--sites", 1, "--no-journal")
    assert result.exit_code == 0, result.output
    assert "1 site" in result.stdout
    assert "oracle_day, plain battery model" in result.stdout
    assert "replay" not in result.stdout


def test_what_is_not_understood_is_refused(run):
    assert isinstance(run("--duration", "a week").exception, UsageError)
    assert isinstance(run("--strategy", "magic").exception, UsageError)
    assert isinstance(run("--speed", "fast").exception, UsageError)
    assert isinstance(run("--devices", "telepathy").exception, UsageError)
    assert isinstance(run("--response", "magic", "--duration", "1min").exception, UsageError)


def test_a_planted_fault_is_answered_and_told(run):
    told = json.loads(
        run("--json", "--sites", 2, "--duration", "2min", "--fault", "gas,site=1,start=30s,size=500").stdout
    )
    assert [(each["site"], each["cause"], each["calls_out"]) for each in told["alarms"]] == [(1, "GAS", True)]
    assert told["alarms"][0]["time"].endswith(":00:30+00:00")


@pytest.mark.parametrize("words", ["gas,site=2,start=30s,size=500", "leek,site=0,size=1"])
def test_a_fault_that_cannot_be_is_refused_before_anything_is_kept(run, tmp_path, words):
    result = run("--json", "--sites", 2, "--duration", "2min", "--fault", words)
    assert isinstance(result.exception, UsageError)
    assert words.split(",")[0] in str(result.exception)
    assert not list(tmp_path.iterdir())


def test_a_demand_limit_is_held_and_told(run):
    told = json.loads(run("--json", "--sites", 2, "--duration", "40min", "--demand-limit-kw", 60).stdout)
    assert told["demand"]["limit_kw"] == 60.0
    assert told["demand"]["sites_over"] == 0
    assert 0.0 < told["demand"]["highest_kw"] <= 60.0
    without = json.loads(run("--json", "--sites", 2, "--duration", "5min").stdout)
    assert "demand" not in without


def test_a_recording_is_the_grid(run, tmp_path):
    recording = tmp_path / "grid.csv"
    rows = [f"{second},{50.0 - 0.3 * (20 <= second < 50) + 0.001 * (second % 2)}" for second in range(120)]
    recording.write_text("\n".join(["time,frequency_hz", *rows]), encoding="utf-8")
    told = json.loads(run("--json", "--sites", 1, "--duration", "90s", "--frequency", recording).stdout)
    (event,) = told["frequency_events"]
    assert event["frequency_hz"] == pytest.approx(49.7, abs=0.002)
    assert event["duration_s"] == pytest.approx(30.0, abs=1.0)


def test_options_that_read_a_price_file_are_refused_without_one(run):
    result = run("--json", "--sites", 1, "--duration", "10s", "--zone", "Europe/Berlin", "--allow", "gap")
    assert isinstance(result.exception, UsageError)
    assert "--zone, --allow: only a price file is read so" in str(result.exception)


@pytest.mark.parametrize("words", [("--devices", "sunspec", "--speed", "max"), ("--response", "foo")])
def test_what_cannot_be_is_refused_before_a_folder_is_made(run, tmp_path, words):
    assert isinstance(run("--json", "--sites", 1, "--duration", "10s", *words).exception, UsageError)
    assert not list(tmp_path.iterdir())


def test_a_single_site_answers_its_product(run):
    told = json.loads(run("--json", "--sites", 1, "--duration", "10s", "--response", "gb_dc").stdout)
    head = (Path(told["run"]) / "journal" / "segment-000001.log").read_bytes()
    assert b"gb_dc" in head


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_run_that_is_asked_to_end_is_counted_and_can_be_replayed(tmp_path, number):
    command = [sys.executable, "-m", "battuta", "run", "--json", "--sites", "2", "--duration", "3h", "--speed", "60"]
    with subprocess.Popen(
        [*command, "--runs-dir", str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "waking" in line:
                break
        folder = next(tmp_path.iterdir())
        while not any((folder / "journal").glob("segment-*.log")):
            pass
        process.send_signal(number)
        printed, _ = process.communicate(timeout=120)
    assert process.returncode == 130
    assert json.loads(printed)["run"] == str(folder)
    assert replay(folder).differences == 0


def test_a_run_that_ends_by_an_error_keeps_what_it_lived(run, tmp_path, monkeypatch):
    true_look, calls = LivingSystem.look, []

    def broken(*inputs):
        calls.append(inputs)
        if len(calls) > 20:
            message = "a device sent nonsense"
            raise DataError(message)
        return true_look(*inputs)

    monkeypatch.setattr(LivingSystem, "look", broken)
    result = run("--json", "--sites", 1, "--duration", "60s")
    assert isinstance(result.exception, DataError)
    told = json.loads(result.stdout)
    assert told["simulated_hours"] == pytest.approx(20 / 3600)
    assert replay(Path(told["run"])).seconds_replayed == 20


def test_a_disk_that_is_full_costs_files_but_not_the_summary(tmp_path):
    command = (
        f"ulimit -f 60; exec {sys.executable} -m battuta run --json --sites 20 --duration 20min --runs-dir {tmp_path}"
    )
    ended = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert json.loads(ended.stdout)["sites"] == 20
    assert "error E700" in ended.stderr
    assert "cannot be written" in ended.stderr
