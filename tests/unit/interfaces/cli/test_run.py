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
