"""Forecasts in a notebook: scored, issued, reported."""

import inspect
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

import battuta as bt
from battuta.interfaces.python.forecasts import label_of

PRICES = bt.synthetic_prices(seed=7, n_days=60)


@pytest.fixture(scope="module")
def result():
    return bt.forecast(PRICES, test_days=3, families=["lear"])


def test_a_test_shows_its_figures_with_their_label(result):
    assert isinstance(result, bt.ForecastResult)
    assert result.table["mae"][0] == pytest.approx(result.scores.mae)
    assert result.steps.height == 72
    assert result.label == "SYNTHETIC: synthetic market, seed 7, not market data"
    assert repr(result).startswith("SYNTHETIC")
    assert "<strong>SYNTHETIC" in result._repr_html_()
    assert result.notes == {}


def test_a_report_is_one_file(result, tmp_path):
    path = result.report(tmp_path / "report.html")
    assert "SYNTHETIC" in path.read_text(encoding="utf-8")


def test_the_next_day_is_issued(tmp_path):
    issued = bt.issue_forecast(PRICES, families=["lear"], vintages=tmp_path, n_paths=4)
    assert isinstance(issued, bt.IssuedForecast)
    assert (issued.day.isoformat(), issued.table.height, issued.paths.height) == ("2026-03-02", 24, 96)
    assert issued.notes == issued.forecast.notes
    assert "SYNTHETIC" in repr(issued)
    assert "<strong>SYNTHETIC" in issued._repr_html_()
    assert list(tmp_path.rglob("*.parquet"))


def test_a_folder_that_takes_nothing_loses_no_forecast(tmp_path):
    (tmp_path / "lear").write_text("in the way")
    with pytest.warns(RuntimeWarning, match="cannot be written: .*; choose another folder, or free space"):
        issued = bt.issue_forecast(PRICES, families=["lear"], vintages=tmp_path)
    assert issued.table.height == 24
    assert "cannot be written" in issued.findings[-1]


def test_a_test_that_is_run_again_finds_its_days(result, tmp_path):
    for n_found in (0, 60 - 14):
        again = bt.forecast(PRICES, test_days=3, families=["lear"], keep=tmp_path)
        assert (again.n_days_found, again.findings) == (n_found, ())
        assert again.steps.equals(result.steps)


def test_a_folder_that_gives_and_takes_nothing_is_told(result, tmp_path):
    bt.forecast(PRICES, test_days=3, families=["lear"], keep=tmp_path)
    for path in tmp_path.iterdir():
        path.unlink()
        path.mkdir()
    with pytest.warns(RuntimeWarning, match="cannot be read: .* calibrated again; [0-9]+ more in .findings") as told:
        again = bt.forecast(PRICES, test_days=3, families=["lear"], keep=tmp_path)
    assert len(told) == 1
    assert "cannot be written" in again.findings[-1]
    assert again.n_days_found == 0
    assert again.steps.equals(result.steps)


def test_one_damaged_file_is_told_without_more(tmp_path):
    bt.forecast(PRICES, test_days=3, families=["lear"], keep=tmp_path)
    damaged = min(tmp_path.iterdir())
    damaged.write_bytes(b"")
    with pytest.warns(RuntimeWarning, match="its days are calibrated again$"):
        again = bt.forecast(PRICES, test_days=3, families=["lear"], keep=tmp_path)
    assert 0 < again.n_days_found < 60 - 14
    assert len(again.findings) == 1


def test_prices_that_never_change_are_scored_and_reported(tmp_path):
    flat = replace(PRICES, price_per_mwh=np.full(PRICES.n_times, 50.0))
    result = bt.forecast(flat, test_days=2, families=["lear"])
    assert result.table["rmae"].is_nan().all()
    assert result.table["mae"][0] == pytest.approx(0.0, abs=1e-6)
    assert result.report(tmp_path / "flat.html").exists()


def test_columns_that_tell_nothing_are_named():
    columns = dict(PRICES.columns)
    for name, value in (("load_forecast_mw", np.nan), ("wind_forecast_mw", 0.0)):
        columns[name] = replace(columns[name], values=np.full(PRICES.n_times, value))
    series = replace(PRICES, columns=columns)
    said = ["load_forecast_mw: has no value at all, forecast without it"]
    said.append("wind_forecast_mw: is 0 throughout, forecast without it")
    result = bt.forecast(series, test_days=2, families=["lear"])
    assert [result.notes[note] for note in said] == [2, 2]
    issued = bt.issue_forecast(series, families=["lear"], vintages=None)
    assert list(issued.notes[-2:]) == said


def test_what_is_assumed_stands_beside_the_figures():
    result = bt.forecast(PRICES, test_days=1, families=["lear"], known_columns=["wind_forecast_mw"])
    assert result.label.endswith("; assumes that wind_forecast_mw was published before the gate")
    assert label_of(PRICES, ("a", "b")).endswith("not market data; a; b")


@pytest.mark.parametrize(
    "before", ["import battuta.forecast.naive", "import battuta as bt; bt.backtest", "from battuta.app import living"]
)
def test_the_room_of_that_name_does_not_stand_in_the_way(before):
    program = f"""
{before}
import battuta as bt
try:
    bt.forecast(bt.synthetic_prices(seed=1, n_days=5), test_days=1)
except bt.BattutaError as error:
    print(error.code)
from battuta.forecast import naive
import battuta.forecast.naive
assert battuta.forecast.naive is naive
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "E202\n"


def test_a_notebook_is_told_what_a_test_takes():
    names = list(inspect.signature(bt.forecast).parameters)
    assert names[:2] == ["prices", "test_days"]
    assert "issue_forecast" in str(bt.forecast.__doc__)
