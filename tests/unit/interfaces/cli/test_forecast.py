"""``battuta forecast``: one JSON object on stdout, files beside it, and no traceback for what a user can mend."""

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

PRICES = Path(__file__).parents[4] / "examples" / "synthetic_prices.csv"
QUICK = ("--families", "lear")


def forecast(prices, *arguments, cwd):
    words = [sys.executable, "-m", "battuta", "forecast", prices, "--zone", "Europe/Berlin", *arguments]
    result = subprocess.run([*map(str, words)], capture_output=True, text=True, check=False, cwd=cwd)
    assert "Traceback" not in result.stderr
    return result


def lines(n_days):
    """The first days of the example file, which begins on 2026-03-01: the 29th has 23 hours."""
    return PRICES.read_text(encoding="utf-8").splitlines()[: 1 + 24 * n_days - (n_days >= 29)]


@pytest.fixture
def short(tmp_path):
    """Fifty days of the example."""
    path = tmp_path / "synthetic_short.csv"
    path.write_text("\n".join(lines(50)) + "\n", encoding="utf-8")
    return path


def test_a_test_prints_one_json_object_and_writes_files(short, tmp_path):
    out, report = tmp_path / "steps.parquet", tmp_path / "report.html"
    arguments = (*QUICK, "--test-days", 2, "--json", "--out", out, "--report", report)
    result = forecast(short, *arguments, "--published", short, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout)
    assert (told["days"], told["currency"], told["published"]["mae"]) == (2, "EUR", 0.0)
    assert pl.read_parquet(out).height == 48
    assert report.stat().st_size > 10_000
    assert not (tmp_path / "battuta-forecasts").exists()


def test_a_test_prints_a_table(short, tmp_path):
    result = forecast(short, *QUICK, "--test-days", 1, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "similar day" in result.stdout
    assert "CRPS" in result.stdout


def test_the_next_day_is_issued_and_kept(short, tmp_path):
    out = tmp_path / "next.csv"
    first = forecast(short, *QUICK, "--json", "--out", out, "--paths", 3, cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    told = json.loads(first.stdout)
    assert len(told["point"]) == 24
    assert told["calibrated_days"] > 1
    assert list((tmp_path / "battuta-forecasts").rglob("*.parquet"))
    assert pl.read_csv(out).height == 24
    assert pl.read_csv(tmp_path / "next-paths.csv").height == 72
    again = json.loads(forecast(short, *QUICK, "--json", cwd=tmp_path).stdout)
    assert (again["calibrated_days"], again["point"]) == (0, told["point"])
    elsewhere = forecast(short, *QUICK, "--vintages", tmp_path / "other", cwd=tmp_path)
    assert "P95" in elsewhere.stdout
    assert list((tmp_path / "other").rglob("*.parquet"))


def test_a_folder_that_takes_nothing_loses_no_forecast(short, tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "lear").write_text("in the way")
    out = tmp_path / "next.csv"
    result = forecast(short, *QUICK, "--json", "--vintages", "kept", "--out", out, cwd=tmp_path)
    assert result.returncode == 1
    assert len(json.loads(result.stdout)["point"]) == 24
    assert pl.read_csv(out).height == 24
    assert "error E700: kept/lear" in result.stderr
    assert "choose another folder, or free space" in result.stderr
    assert "passed over: lear" in result.stderr
    assert "kept in" not in result.stderr


def test_a_test_that_is_run_again_finds_its_days(short, tmp_path):
    arguments = (*QUICK, "--test-days", 2, "--json", "--keep", tmp_path / "kept")
    first, again = (forecast(short, *arguments, cwd=tmp_path) for _ in range(2))
    assert "found_days" not in json.loads(first.stdout)
    told = json.loads(again.stdout)
    assert told["found_days"] == 50 - 14
    assert "36 days had been calibrated before, found in" in again.stderr
    for result in (told, one := json.loads(first.stdout)):
        result.pop("seconds")
    told.pop("found_days")
    assert told == one


def test_a_neighbour_is_looked_at(short, tmp_path):
    """The neighbour's spread of yesterday is what this market did the day before, so that it tells something."""
    east = tmp_path / "synthetic_east.csv"
    own = pl.read_csv(short)
    price = pl.col("price_eur_per_mwh")
    own.with_columns((price + (price.shift(24) - price.shift(48)).fill_null(0.0)).round(2)).write_csv(east)
    alone = forecast(short, *QUICK, "--test-days", 2, "--json", cwd=tmp_path)
    beside = forecast(short, *QUICK, "--test-days", 2, "--json", "--neighbour", f"east={east}", cwd=tmp_path)
    assert beside.returncode == 0, beside.stderr
    assert json.loads(alone.stdout)["mae"] != json.loads(beside.stdout)["mae"]
    broken = forecast(short, *QUICK, "--test-days", 1, "--neighbour", "east", cwd=tmp_path)
    assert broken.returncode == 2
    assert "is not NAME=FILE" in broken.stderr
    none = forecast(short, *QUICK, "--test-days", 1, "--import-shares", cwd=tmp_path)
    assert none.returncode == 2


def test_weather_joins_real_prices_only(short, tmp_path):
    weather = tmp_path / "weather.csv"
    stamps = [line.split(",")[0] for line in lines(50)[1:]]
    weather.write_text("time,temperature_c\n" + "\n".join(f"{time},{k % 24}" for k, time in enumerate(stamps)) + "\n")
    arguments = (*QUICK, "--test-days", 1, "--weather", weather, "--json")
    unknown = forecast(short, *arguments, cwd=tmp_path)
    assert unknown.returncode == 2
    assert "known_at" in unknown.stderr
    result = forecast(short, *arguments, "--known-at", "D-1 06:00 Europe/Berlin", "--place", "Berlin", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    benchmark = tmp_path / "naive.csv"
    benchmark.write_text("\n".join(lines(20)).replace("+01:00", "") + "\n")
    refused = forecast(
        benchmark, *arguments, "--clock", "local_24h", "--known-at", "D-1 06:00 Europe/Berlin", cwd=tmp_path
    )
    assert refused.returncode == 4
    assert "local_24h" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "what"),
    [
        (("--test-days", 40), 4, "at most 36"),
        (("--test-days", 0), 2, "test_days = 0"),
        (("--families", "magic"), 2, "'magic' is not known"),
        (("--families", ","), 2, "no family is named"),
        (("--known-columns", "rain"), 2, "no column rain"),
        (("--families", "lear,kernel,lear"), 2, "'lear' is named 2 times"),
        (("--late-columns",), 2, "load_forecast_mw, solar_forecast_mw, wind_forecast_mw: end of interval"),
        (("--known-at", "D-1 06:00 UTC"), 2, "--known-at does nothing alone; give --weather FILE"),
        (("--place", "Berlin"), 2, "--place does nothing alone; give --weather FILE"),
        (("--test-days", 1, "--published-column", "a"), 2, "--published-column does nothing alone"),
        (("--paths", 10_001), 2, "10,000"),
        (("--report", "a.html"), 2, "--test-days N"),
        (("--published", "a.csv"), 2, "--test-days N"),
        (("--test-days", 1, "--vintages", "kept"), 2, "--vintages"),
        (("--keep", "kept"), 2, "--test-days N"),
        ((*QUICK, "--test-days", 1, "--keep", "synthetic_short.csv"), 2, "is a file"),
        ((*QUICK, "--test-days", 1, "--out", "a.txt"), 2, "a.txt"),
        ((*QUICK, "--test-days", 1, "--out", "none/a.csv"), 4, "there is no folder none"),
        (("--out", "synthetic_short.csv"), 2, "synthetic_short.csv would overwrite"),
        (("--weather", "w.csv", "--known-at", "D-1 06:00 UTC", "--out", "w.csv"), 2, "w.csv would overwrite w.csv"),
        (("--neighbour", "ch=ch.csv", "--out", "./ch.csv"), 2, "ch.csv would overwrite ch.csv"),
        (("--neighbour", "ch=ch.csv", "--neighbour", "ch=at.csv"), 2, "--neighbour ch is given twice"),
        (("--test-days", 1, "--published", "a.csv", "--report", "a.csv"), 2, "a.csv would overwrite a.csv"),
        (("--test-days", 1, "--report", "."), 4, "it is a folder"),
        (("--vintages", ""), 2, "it is empty"),
        (("--test-days", 1, "--keep", ""), 2, "it is empty"),
    ],
)
def test_what_does_not_fit_is_named(arguments, code, what, short, tmp_path):
    result = forecast(short, *arguments, "--json", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (code, "")
    assert what in result.stderr


def test_the_way_to_late_columns_is_not_shown_to_whoever_went_it(short, tmp_path):
    pl.read_csv(short).rename({"load_forecast_mw": "load_mw"}).write_csv(tmp_path / "synthetic_late.csv")
    result = forecast(tmp_path / "synthetic_late.csv", *QUICK, "--known-columns", "wind_forecast_mw", cwd=tmp_path)
    assert "load_mw is not used: its values are known too late" in result.stderr
    assert "see --known-columns, --late-columns" in result.stderr


def test_courses_that_nobody_would_see_are_refused(short, tmp_path):
    result = forecast(short, *QUICK, "--paths", 5, cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert "--paths 5 would be drawn and not shown; give --out FILE or --json" in result.stderr


def test_a_column_that_tells_nothing_is_named(short, tmp_path):
    pl.read_csv(short).with_columns(load_forecast_mw=pl.lit(0.0)).write_csv(tmp_path / "synthetic_idle.csv")
    idle = "load_forecast_mw: is 0 throughout, forecast without it"
    arguments = (*QUICK, "--allow", "zero_day")
    told = json.loads(forecast(tmp_path / "synthetic_idle.csv", *arguments, "--json", cwd=tmp_path).stdout)
    assert idle in told["notes"]
    said = forecast(tmp_path / "synthetic_idle.csv", *arguments, "--test-days", 1, cwd=tmp_path).stdout
    assert f"1 day: {idle}" in said


def test_ten_days_are_too_few(tmp_path):
    path = tmp_path / "ten.csv"
    path.write_text("\n".join(lines(10)) + "\n", encoding="utf-8")
    for arguments in ((), ("--test-days", 1)):
        result = forecast(path, *QUICK, *arguments, cwd=tmp_path)
        assert result.returncode == 4
        assert "10 days" in result.stderr
        assert "at most 0" not in result.stderr
    assert "give 5 more of history" in result.stderr
