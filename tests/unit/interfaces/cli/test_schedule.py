"""``battuta schedule``: one best schedule, each step with its reason."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

import battuta as bt
from battuta.domain.errors import DataError, InfeasibleError
from battuta.interfaces.cli.main import app
from battuta.interfaces.cli.schedule import print_schedule

EXAMPLES = Path(__file__).parents[4] / "examples"
DAY = ("--zone", "Europe/Berlin", "--day", "2026-05-01")


def schedule(*arguments):
    words = ["schedule", EXAMPLES / "synthetic_prices.csv", "--asset", EXAMPLES / "site.toml", *arguments]
    return CliRunner().invoke(app, [str(word) for word in words])


def test_it_prints_one_json_object():
    result = schedule(*DAY, "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert {"objective", "steps", "binding", "seconds"} < set(told)
    assert len(told["steps"]) == 24
    assert sum(each["steps"] for each in told["binding"]) == 24
    assert told["steps"][0]["time"] == "2026-04-30T22:00:00+00:00"
    assert told["steps"][-1]["soc"] == pytest.approx(0.5)
    assert all(step["reason"] for step in told["steps"])


def test_it_prints_a_table_and_writes_steps(tmp_path):
    result = schedule(*DAY, "--out", tmp_path / "steps.parquet")
    assert result.exit_code == 0, result.output
    assert "2026-05-01 00:00" in result.stdout
    assert pl.read_parquet(tmp_path / "steps.parquet").height == 24


def test_what_cannot_be_is_refused():
    assert isinstance(schedule(*DAY, "--soc-start", 0.1, "--soc-end", 0.99).exception, InfeasibleError)
    assert isinstance(schedule("--zone", "Europe/Berlin", "--day", "2027-01-01").exception, DataError)


def test_what_is_read_is_not_overwritten():
    read = {path: path.read_bytes() for path in (EXAMPLES / "synthetic_prices.csv", EXAMPLES / "site.toml")}
    for option, path in zip(("--out", "--report"), read, strict=True):
        assert "which is read" in str(schedule(*DAY, option, path).exception)
        assert path.read_bytes() == read[path]


def test_a_rounding_below_zero_is_no_minus_nought(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    prices = bt.read_prices(EXAMPLES / "synthetic_prices.csv", zone="Europe/Berlin")
    found = bt.schedule(prices, bt.Site.from_file(EXAMPLES / "site.toml")).schedule
    below = np.full(found.soc.size, -1e-12)
    print_schedule(replace(found, soc=below, price_per_mwh=below, at_stake=below), "Europe/Berlin", "EUR")
    row = next(line for line in capsys.readouterr().out.splitlines() if line.strip().startswith("20"))
    assert "-0.0" not in row
    assert row.split()[2] == "0.00"
