"""A forecast that contradicts itself is refused, with what is wrong and where."""

from datetime import UTC, datetime

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.domain.forecast import Forecast, Paths, Quantiles, percent_levels
from battuta.domain.time import NS_PER_HOUR, to_ns

TIME_NS = to_ns(datetime(2026, 1, 5, 23, tzinfo=UTC)) + np.arange(24) * NS_PER_HOUR
LEVELS = percent_levels()
VALUES = 50.0 + np.linspace(0.0, 5.0, 24)[:, None] + 20.0 * (LEVELS - 0.5)


def forecast(**changed):
    given = {
        "time_ns": TIME_NS,
        "known_at_ns": to_ns(datetime(2026, 1, 5, 11, tzinfo=UTC)),
        "point": VALUES[:, 49],
        "quantiles": Quantiles(levels=LEVELS, values=VALUES),
        "unit": "EUR/MWh",
        "model": "lear+kernel",
    }
    return Forecast(**(given | changed))


def test_there_are_99_levels_from_one_percent_up():
    assert LEVELS.shape == (99,)
    assert LEVELS[[0, 4, 49, 94, 98]].tolist() == [0.01, 0.05, 0.5, 0.95, 0.99]


def test_a_level_between_two_is_taken_on_the_line_and_one_outside_at_the_end():
    quantiles = Quantiles(levels=np.array([0.1, 0.5, 0.9]), values=np.array([[0.0, 10.0, 30.0], [1.0, 1.0, 1.0]]))
    assert quantiles.at(0.5).tolist() == [10.0, 1.0]
    assert quantiles.at(0.3).tolist() == pytest.approx([5.0, 1.0])
    assert quantiles.at(0.8).tolist() == pytest.approx([25.0, 1.0])
    assert quantiles.at(0.01).tolist() == [0.0, 1.0]
    assert quantiles.at(0.99).tolist() == [30.0, 1.0]


def test_crossing_quantiles_are_counted_and_placed():
    crossed = VALUES.copy()
    crossed[[7, 9], 40] += 5.0
    with pytest.raises(DataError, match="cross in 2 intervals, first in interval 7"):
        Quantiles(levels=LEVELS, values=crossed)


@pytest.mark.parametrize("levels", [[0.5, 0.5], [0.9, 0.1], [0.0, 0.5], [0.5, 1.0]])
def test_levels_must_ascend_inside_zero_and_one(levels):
    with pytest.raises(DataError, match="ascend"):
        Quantiles(levels=np.array(levels), values=np.zeros((3, 2)))


def test_shapes_must_agree():
    with pytest.raises(DataError, match=r"shape \(24, 99\) for 98 levels"):
        Quantiles(levels=LEVELS[:-1], values=VALUES)
    with pytest.raises(DataError, match=r"point of a forecast has shape \(23,\)"):
        forecast(point=VALUES[1:, 49])
    with pytest.raises(DataError, match=r"lear_56d of a forecast has shape \(2,\)"):
        forecast(members={"lear_56d": np.zeros(2)})
    with pytest.raises(DataError, match="24 intervals has quantiles for 23"):
        forecast(quantiles=Quantiles(levels=LEVELS, values=VALUES[1:]))
    with pytest.raises(DataError, match=r"paths have shape \(3, 23\)"):
        Paths(time_ns=TIME_NS, values=np.zeros((3, 23)))
    assert Paths(time_ns=TIME_NS, values=np.zeros((3, 24))).values.shape == (3, 24)


def test_a_forecast_says_in_a_line_what_it_is_for():
    said = repr(forecast())
    assert said == (
        "<Forecast by lear+kernel: 24 intervals from 2026-01-05T23:00:00+00:00"
        ", EUR/MWh, known at 2026-01-05T11:00:00+00:00>"
    )
    assert repr(forecast(is_synthetic=True)).startswith("<SYNTHETIC Forecast")
