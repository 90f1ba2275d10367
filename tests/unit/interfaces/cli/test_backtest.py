"""``battuta backtest``: one JSON object on stdout; what a user can mend ends without a traceback."""

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

ROOT = Path(__file__).parents[4]
PRICES = ROOT / "examples" / "synthetic_prices.csv"
SITE = ROOT / "examples" / "site.toml"
QUICK = ("--strategies", "idle,fixed_time", "--test-days", "2")


def backtest(prices, *arguments, asset=SITE):
    words = [sys.executable, "-m", "battuta", "backtest", prices, "--asset", asset, "--zone", "Europe/Berlin"]
    result = subprocess.run([*map(str, words), *map(str, arguments)], capture_output=True, text=True, check=False)
    assert "Traceback" not in result.stderr
    return result


def test_it_prints_one_json_object():
    result = backtest(PRICES, "--test-days", 7, "--json")
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout)
    assert {"strategies", "uplift", "currency", "seconds"} < set(told)
    assert (told["currency"], told["test_days"]) == ("EUR", 7)
    assert told["strategies"]["oracle_day"]["captured"] == pytest.approx(1.0)
    assert {"net", "revenue", "wear", "captured", "efc", "per_mw_year"} < set(told["strategies"]["similar_day"])


def test_it_prints_a_table_and_writes_steps(tmp_path):
    result = backtest(PRICES, *QUICK, "--out", tmp_path / "steps.csv")
    assert result.returncode == 0, result.stderr
    assert "fixed_time" in result.stdout
    steps = pl.read_csv(tmp_path / "steps.csv")
    assert {"strategy", "time", "power_kw", "soc", "price", "reason"} <= set(steps.columns)
    assert steps.filter(pl.col("strategy") == "fixed_time").height == 48


def test_an_infeasible_asset_names_its_bounds(tmp_path):
    text = SITE.read_text(encoding="utf-8").replace("power_kw = 1000.0 ", "power_kw = 10.0 ")
    (tmp_path / "slow.toml").write_text(text.replace("soc_end = 0.5 ", "soc_end = 0.9 "), encoding="utf-8")
    result = backtest(PRICES, "--test-days", 2, asset=tmp_path / "slow.toml")
    assert result.returncode == 3
    assert "soc_end" in result.stderr


def test_what_does_not_exist_is_named(tmp_path):
    unknown = backtest(PRICES, "--strategies", "magic")
    assert (unknown.returncode, "'magic' is not known" in unknown.stderr) == (2, True)
    for prices, asset in ((tmp_path / "none.csv", SITE), (PRICES, tmp_path / "none.toml")):
        missing = backtest(prices, asset=asset)
        assert missing.returncode == 4
        assert "none." in missing.stderr


def _gap(lines):
    return lines[:100] + lines[103:]


def _duplicate(lines):
    return [*lines[:100], lines[99], *lines[100:]]


def _naive(lines):
    return [line.replace("+01:00", "").replace("+02:00", "") for line in lines]


def _price(text):
    return lambda lines: [*lines[:100], lines[100].replace(lines[100].split(",")[1], text), *lines[101:]]


@pytest.mark.parametrize(
    "spoil",
    [_gap, _duplicate, _naive, _price("NaN"), _price("n/a"), lambda _: []],
    ids=["gap", "duplicate", "naive", "nan", "text", "empty"],
)
def test_a_spoiled_file_is_refused(spoil, tmp_path):
    lines = PRICES.read_text(encoding="utf-8").splitlines()
    spoiled = tmp_path / "synthetic_spoiled.csv"
    spoiled.write_text("\n".join(spoil(lines)), encoding="utf-8")
    result = backtest(spoiled, *QUICK, "--json")
    assert result.returncode == 4
    assert result.stdout == ""
    assert "synthetic_spoiled.csv" in result.stderr
    assert "error E2" in result.stderr


@pytest.mark.parametrize("names", ["", " , ,"])
def test_no_strategy_is_no_request(names):
    result = backtest(PRICES, "--strategies", names, "--test-days", 2, "--json")
    assert (result.returncode, result.stdout) == (2, "")
    assert "--strategies names none" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "what"),
    [
        (("--forecast-column", "a"), 2, "--forecast-column does nothing alone; give --forecast FILE with it"),
        (("--forecast-source", "epf"), 2, "--forecast-source does nothing alone; give --forecast FILE with it"),
        (("--out", "a.txt"), 2, "must end in .csv or .parquet"),
        (("--out", "none/a.csv"), 4, "there is no folder none; make it first"),
        (("--out", PRICES), 2, "synthetic_prices.csv, which is read"),
        (("--report", SITE), 2, "site.toml, which is read"),
        (("--forecast", "f.csv", "--out", "f.csv"), 2, "f.csv would overwrite f.csv, which is read"),
        (("--report", PRICES.parent), 4, "it is a folder; name a file in it"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_runs(arguments, code, what):
    result = backtest(PRICES, *QUICK, *arguments, "--json")
    assert (result.returncode, result.stdout) == (code, "")
    assert what in result.stderr


@pytest.mark.parametrize("temperature_c", ["999", "nan"])
def test_a_temperature_that_is_none_is_refused(temperature_c):
    result = backtest(PRICES, *QUICK, "--temperature-c", temperature_c, "--json")
    assert (result.returncode, result.stdout) == (4, "")
    assert "temperature_c" in result.stderr


def test_what_a_forecast_had_to_do_without_is_told(tmp_path):
    lines = PRICES.read_text(encoding="utf-8").splitlines()[: 1 + 24 * 20]
    (tmp_path / "short.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    options = ("--strategies", "day_ahead", "--test-days", 2, "--report", tmp_path / "report.html")
    note = "no model can speak: the similar day stands in"
    told = json.loads(backtest(tmp_path / "short.csv", *options, "--json").stdout)
    assert told["strategies"]["day_ahead"]["notes"][note] == 2
    assert "notes" not in told["strategies"]["oracle_day"]
    assert note in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert f"day_ahead: 2 days: {note}" in backtest(tmp_path / "short.csv", *options).stdout
