"""``battuta run``: a week on the synthetic market or on a price file, kept in a folder of its own."""

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


def test_it_trades_the_synthetic_market(run, tmp_path):
    result = run("--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert {"sites", "simulated_hours", "currency", "net", "wear", "baselines"} < set(told)
    assert (told["sites"], told["simulated_hours"], told["currency"]) == (1, 168.0, "EUR")
    assert told["is_synthetic"]
    assert told["label"]
    assert told["net"] < told["baselines"]["oracle_day"]
    assert Path(told["run"]).parent == tmp_path
    lines = (Path(told["run"]) / "settlement.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + 168
    assert sum(float(line.split(",")[3]) for line in lines[1:]) == pytest.approx(told["settled"], abs=0.01)
    assert told["net"] == pytest.approx(told["settled"] - told["wear"], abs=0.01)


def test_it_trades_a_file(run):
    words = (
        "--prices",
        EXAMPLES / "synthetic_prices.csv",
        "--asset",
        EXAMPLES / "site.toml",
        "--zone",
        "Europe/Berlin",
    )
    result = run(*words, "--duration", "2d")
    assert result.exit_code == 0, result.output
    assert "Example site: 2 days, 2026-05-28 to 2026-05-29" in result.stdout
    assert "similar_day traded: net" in result.stdout


def test_what_is_not_understood_is_refused(run):
    assert isinstance(run("--duration", "a week").exception, UsageError)
    assert isinstance(run("--strategy", "magic").exception, UsageError)
