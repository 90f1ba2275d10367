"""``battuta run``: a few simulated sites come alive, and what came of it is kept and can be replayed."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from battuta.domain.errors import UsageError
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
    assert "1 sites" in result.stdout
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
