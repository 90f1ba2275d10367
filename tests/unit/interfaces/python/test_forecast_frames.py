"""Frames of forecasts: every interval of real days once, with what was said of it and when."""

from datetime import UTC, date, datetime

import numpy as np
import polars as pl
import pytest

from battuta.adapters.compute.local import LocalCompute
from battuta.adapters.markets.simulated import simulated_prices
from battuta.app import forecasts
from battuta.interfaces.python.forecast_frames import evaluation_frame, issued_frame, path_frame, score_frame

SERIES = simulated_prices(8, date(2026, 1, 30), 60)  # the last but one day is 2026-03-29, of 23 hours


@pytest.fixture(scope="module")
def scored():
    return forecasts.evaluate(SERIES, 3, ("lear",), compute=LocalCompute(1))


@pytest.fixture(scope="module")
def issued():
    return forecasts.issue(SERIES, ("lear",), compute=LocalCompute(1), n_paths=3)


def test_each_interval_stands_once(scored):
    frame = evaluation_frame(scored.evaluation)
    last = 24 + 23 + 24 if SERIES.days().dates[-2] == date(2026, 3, 29) else 72
    assert frame.height == last
    assert frame["time"].is_unique().all()
    np.testing.assert_array_equal(frame["price"].to_numpy(), SERIES.price_per_mwh[-last:])
    assert frame.columns[:3] == ["time", "price", "point"]
    assert {"lear_56d", "q01", "q99", "known_at", "is_synthetic"} <= set(frame.columns)
    assert frame["known_at"][0] == datetime(2026, 3, 27, 11, tzinfo=UTC)
    inside = frame.filter(pl.col("price").is_between("q01", "q99")).height / frame.height
    assert inside > 0.8


def test_the_errors_of_the_frame_are_those_of_the_scores(scored):
    frame = score_frame(scored.evaluation, scored.scores)
    assert frame["forecast"].to_list() == ["lear", *sorted(scored.evaluation.members), "similar_day"]
    row = dict(zip(frame["forecast"], frame["mae"], strict=True))
    assert row["lear"] == pytest.approx(scored.scores.mae)
    assert row["similar_day"] == pytest.approx(scored.scores.mae_naive)
    assert frame["crps"].null_count() == frame.height - 1


def test_an_issued_day_has_no_price(issued):
    frame = issued_frame(issued)
    assert "price" not in frame.columns
    np.testing.assert_array_equal(frame["q50"].to_numpy(), issued.forecast.quantiles.values[:, 49])
    assert frame["time"][0] == datetime(2026, 3, 30, 22, tzinfo=UTC)


def test_paths_stand_one_after_the_other(issued):
    frame = path_frame(issued)
    assert (frame.height, frame.columns) == (72, ["path", "time", "price", "is_synthetic"])
    np.testing.assert_array_equal(frame.filter(pl.col("path") == 1)["price"].to_numpy(), issued.paths.values[1])
