"""What a site delivers by the whole chain: a step in time, support for as long as it was sold, and how it is scored."""

import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def bench():
    sys.path.insert(0, str(BENCHMARKS))
    yield import_module("site_delivery")
    sys.path.remove(str(BENCHMARKS))


def test_dynamic_containment_begins_and_is_full_in_time(bench) -> None:
    assert [figure.met for figure in bench.grid_step()] == [True, True]


@pytest.mark.parametrize("name", ["nordic_ffr_49_5", "nordic_ffr_49_7"])
def test_support_at_the_meter_lasts_as_long_as_it_was_sold(bench, name) -> None:
    law = bench.product(name, bench.DAY).law
    ticks = np.arange(20 * bench.TICKS_PER_S)
    meter_hz = np.where(ticks >= 2 * bench.TICKS_PER_S, law.trigger_hz - 0.05, 50.0) + 0.001 * (ticks % 2)
    power_pu = bench.delivered_pu((name,), meter_hz.reshape(1, 20, bench.TICKS_PER_S), 1)[0]
    full = np.flatnonzero(power_pu >= bench.FULL_PU)
    assert (full[0] + 1) * 0.01 - 2.0 <= law.full_time_s
    assert full.size * 0.01 >= law.hold_s
    assert full.size * 0.01 <= law.full_time_s + law.hold_s + 0.1
    assert np.diff(power_pu).min() >= -law.release_pu_per_s * 0.02 - 1e-4


def test_scores_see_the_newest_reading_and_the_mean_since_the_last(bench) -> None:
    meter_hz = np.arange(10.0)
    newest, mean = bench.shown_hz(meter_hz, 5)
    assert newest.tolist() == [0.0, 2.0, 5.0, 7.0, 9.0]
    assert mean == pytest.approx([0.0, 1.5, 4.0, 6.5, 8.5])


def test_a_time_is_counted_from_an_instant_between_samples(bench) -> None:
    frequency_hz = np.array([50.0, 49.9, 49.7, 49.5])
    assert bench.crossing_s(frequency_hz, 49.8, 10) == pytest.approx(0.15)
    assert bench.crossing_s(frequency_hz, 49.0, 10) == np.inf
    assert bench.after_ms(np.array([0.0, 0.0, 0.5, 1.0]), 0.15, 1.0, 10) == pytest.approx(250.0)
    assert bench.after_ms(np.array([0.0, 0.0, 0.5, 0.9]), 0.15, 1.0, 10) == np.inf
