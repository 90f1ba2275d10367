"""``battuta forecast-site``: one JSON object on stdout, files beside it, no traceback for what a user can mend."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from battuta.domain.errors import UsageError
from battuta.interfaces.cli.forecast_site import listed_days, parsed_span

START = datetime(2026, 1, 5, tzinfo=UTC)
N_HOURS = 24 * 14
LOAD = ("--what", "load", "--zone", "UTC")


def forecast_site(*arguments, cwd):
    words = [sys.executable, "-m", "battuta", "forecast-site", *arguments]
    result = subprocess.run([*map(str, words)], capture_output=True, text=True, check=False, cwd=cwd)
    assert "Traceback" not in result.stderr
    return result


@pytest.fixture
def meter(tmp_path):
    """Two weeks of a made-up load by the quarter-hour, one value missing."""
    quarter = np.arange(4 * N_HOURS)
    load_kw = 40.0 + 60.0 * (abs(quarter // 4 % 24 - 12) < 5) + np.random.default_rng(1).normal(0.0, 1.0, quarter.size)
    times = [(START + timedelta(minutes=15 * int(each))).isoformat() for each in quarter]
    values = [f"{each:.2f}" for each in load_kw]
    values[5] = ""
    path = tmp_path / "meter.csv"
    pl.DataFrame({"time": times, "load_kw": values, "is_synthetic": ["true"] * len(times)}).write_csv(path)
    return path


def test_the_days_ahead_are_one_json_object_and_a_file(meter, tmp_path):
    result = forecast_site(meter, *LOAD, "--json", "--out", tmp_path / "ahead.csv", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout)
    assert (len(told["point"]), len(told["quantiles"]), told["unit"]) == (192, 99, "kW")
    assert told["time"][0] == told["known_at"] == "2026-01-19T00:00:00+00:00"
    assert told["label"] == "SYNTHETIC: meter.csv, made up, not measured"
    assert pl.read_csv(tmp_path / "ahead.csv")["point"].to_list() == pytest.approx(told["point"])
    assert "row 7, column load_kw: no value; it stays missing" in result.stderr


def test_the_days_ahead_are_printed_hour_by_hour(meter, tmp_path):
    result = forecast_site(meter, *LOAD, "--free-days", "2026-01-19", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert sum(line.strip().startswith(("Mon 2026", "Tue 2026")) for line in result.stdout.splitlines()) == 48
    assert "P95" in result.stdout
    assert "SYNTHETIC" in result.stdout


def test_a_test_is_one_json_object_a_table_and_a_file(meter, tmp_path):
    arguments = (meter, *LOAD, "--test-days", 3, "--issue-every", "3h45min")
    result = forecast_site(*arguments, "--json", "--out", tmp_path / "bands.parquet", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout)
    assert [each["high_h"] for each in told["bands"]] == [1.0, 6.0, 24.0, 48.0]
    assert (told["start"], told["is_synthetic"]) == ("2026-01-16T00:00:00+00:00", True)
    assert pl.read_parquet(tmp_path / "bands.parquet")["mae_kw"].to_list() == [each["mae_kw"] for each in told["bands"]]
    printed = forecast_site(*arguments, cwd=tmp_path).stdout
    assert f"{told['bands'][3]['mae_week_kw']:.3f}" in printed
    assert "SYNTHETIC" in printed


def test_weather_is_read_with_its_rule(meter, tmp_path):
    rows = [f"{(START + timedelta(hours=h)).isoformat()},{h % 7}" for h in range(N_HOURS + 24)]
    (tmp_path / "weather.csv").write_text("time,temperature_c\n" + "\n".join(rows) + "\n")
    result = forecast_site(
        meter, *LOAD, "--weather", "weather.csv", "--known-at", "D-2 00:00 UTC", "--json", cwd=tmp_path
    )
    assert json.loads(result.stdout)["notes"] == [
        "temperature missing in 96 of 192 intervals: usual weather, wider there"
    ]
    assert "as stated" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "what"),
    [
        (("--what", "load"), 2, "--zone Europe/Berlin"),
        (("--what", "wind", "--zone", "UTC"), 2, "choose load or pv"),
        (("--what", "pv", "--zone", "UTC"), 2, "--latitude-deg"),
        ((*LOAD, "--latitude-deg", 51), 2, "belong to pv"),
        ((*LOAD, "--free-days", "Christmas"), 2, "'Christmas' is no day"),
        ((*LOAD, "--issue-every", "1h"), 2, "--test-days N"),
        ((*LOAD, "--test-days", 3, "--issue-every", "soon"), 2, "'soon' is not a whole number"),
        ((*LOAD, "--test-days", 3, "--issue-every", "20min"), 2, "no whole number of steps"),
        ((*LOAD, "--test-days", 9), 4, "needs 8 before it"),
        ((*LOAD, "--known-at", "D-1 06:00 UTC"), 2, "--weather FILE"),
        ((*LOAD, "--weather", "none.csv", "--known-at", "D-1 06:00 UTC"), 4, "none.csv cannot be read"),
        ((*LOAD, "--out", "a.txt"), 2, "a.txt must end"),
        ((*LOAD, "--out", "none/a.csv"), 4, "there is no folder none"),
        ((*LOAD, "--out", "meter.csv"), 2, "meter.csv, which is read"),
        ((*LOAD, "--weather", "w.csv", "--known-at", "D-1 06:00 UTC", "--out", "w.csv"), 2, "w.csv, which is read"),
    ],
)
def test_what_does_not_fit_is_named(arguments, code, what, meter, tmp_path):
    result = forecast_site(meter, *arguments, "--json", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (code, "")
    assert what in result.stderr


def test_a_negative_load_is_refused_with_its_row(meter, tmp_path):
    meter.write_text(meter.read_text().replace("\n2026-01-05T00:15:00+00:00,", "\n2026-01-05T00:15:00+00:00,-", 1))
    result = forecast_site(meter, *LOAD, "--json", cwd=tmp_path)
    assert result.returncode == 4
    assert "row 3, column load_kw" in result.stderr


def test_spans_and_days_are_read():
    assert [parsed_span(each) for each in ("1h45min", "15min", "2h")] == [timedelta(minutes=m) for m in (105, 15, 120)]
    assert listed_days("") == []
    with pytest.raises(UsageError, match="1h1s"):
        parsed_span("1h1s")
