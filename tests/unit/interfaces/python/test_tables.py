"""Results as frames: a row per strategy, a row per step, written as CSV or Parquet."""

import os
import resource

import numpy as np
import polars as pl
import pytest

from battuta.app.assets import default_site
from battuta.app.prices import synthetic_prices
from battuta.app.schedules import timed_schedule
from battuta.domain.errors import DataError, UsageError
from battuta.interfaces.python.tables import (
    require_frame_path,
    require_writable,
    schedule_frame,
    step_frame,
    strategy_frame,
    write_frame,
    write_steps,
)
from battuta.studies.backtest import run_backtest


@pytest.fixture(scope="module")
def result():
    return run_backtest(synthetic_prices(1, 40), default_site(), ["idle", "fixed_time"], 2)


def test_strategies_stand_best_first(result):
    frame = strategy_frame(result)
    assert frame["strategy"].to_list()[0] == "oracle_day"
    assert set(frame["strategy"]) == {"idle", "fixed_time", "oracle_day"}
    assert frame["net"].is_sorted(descending=True)


def test_each_step_has_its_row(result, tmp_path):
    frame = step_frame(result)
    assert frame.height == 3 * 48
    assert frame.schema["time"] == pl.Datetime("us", "UTC")
    for name, each in result.results.items():
        money = frame.filter(pl.col("strategy") == name).select(pl.col("revenue").sum()).item()
        assert money == pytest.approx(float(each.revenue.sum()))
    write_steps(result, tmp_path / "steps.parquet")
    assert pl.read_parquet(tmp_path / "steps.parquet").equals(frame)


def test_a_schedule_says_why():
    series = synthetic_prices(1, 1)
    frame = schedule_frame(timed_schedule(series, default_site()), series)
    assert frame.height == 24
    assert frame["reason"].str.len_chars().min() > 0


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    frame = pl.DataFrame({"a": [1]})
    with pytest.raises(UsageError, match=r"must end in \.csv or \.parquet"):
        write_frame(frame, tmp_path / "steps.txt")
    with pytest.raises(DataError, match="cannot be written"):
        write_frame(frame, tmp_path / "nowhere" / "steps.csv")


@pytest.mark.parametrize("name", ["steps.csv", "steps.parquet"])
def test_a_disk_that_is_full_leaves_the_older_file_whole(name, tmp_path, monkeypatch):
    frame, path = pl.DataFrame({"a": np.random.default_rng(1).random(1000)}), tmp_path / name
    write_frame(frame[:3], path)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limit[1]))
    try:
        with pytest.raises(DataError, match="cannot be written: File too large"):
            write_frame(frame, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    read = pl.read_csv if name.endswith("csv") else pl.read_parquet
    assert read(path).height == 3
    assert [each.name for each in tmp_path.iterdir()] == [name]


def test_a_folder_that_takes_no_files_is_found_before_anything_is_worked_out(tmp_path, monkeypatch):
    require_writable(None)
    require_writable(tmp_path / "report.html")
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path)  # whoever is root may write everywhere
    for refuse, name in ((require_writable, "report.html"), (require_frame_path, "steps.csv")):
        with pytest.raises(DataError, match="takes no files"):
            refuse(tmp_path / name)
