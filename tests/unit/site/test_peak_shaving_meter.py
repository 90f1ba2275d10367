"""Means of billed intervals, the highest minute within, and what is said of a meter that fell silent."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battuta.domain.image import N_SIGNALS, N_SOURCES, Signal, SiteImage, Source
from battuta.numerics.sampling import generator
from battuta.site.peak_shaving_meter import GAP_LIMIT_S, DemandMeter, metered_kw

START_S = 900 * 2_000_000


def run(times_s, power_kw, meter: DemandMeter | None = None):
    """Feed images; power_kw is called with the time, or a number for all three rows."""
    meter, ended = meter or DemandMeter.empty(1), []
    for time_s in times_s:
        value = power_kw(time_s) if callable(power_kw) else power_kw
        meter, each = meter.add(time_s, np.broadcast_to(np.asarray(value, dtype=float), (3, 1)))
        if each is not None:
            ended.append(each)
    return meter, ended


def test_an_interval_ends_with_its_mean_and_its_highest_minute() -> None:
    def power_kw(time_s):
        return 100.0 + 200.0 * (300 < time_s - START_S <= 360)

    meter, (ended,) = run(START_S + np.arange(1.0, 901.0), power_kw)
    assert ended.start_s == START_S
    assert ended.net_kw[0] == pytest.approx(100.0 + 200.0 / 15.0)
    assert ended.highest_kw[0] == pytest.approx(300.0)
    assert meter.start_s == START_S + 900
    assert not meter.covered_s.any()


def test_net_load_import_and_import_without_the_battery_are_kept_apart() -> None:
    _, (ended,) = run(START_S + np.arange(1.0, 901.0), np.array([[5.0], [6.0], [7.0]]))
    assert (ended.net_kw[0], ended.import_kw[0], ended.without_kw[0]) == pytest.approx((5.0, 6.0, 7.0))


def test_an_interval_hardly_measured_is_missing() -> None:
    def silent_after(share):
        return lambda time_s: 50.0 if time_s - START_S <= share * 900 else np.nan

    for share, expected in ((0.4, np.nan), (0.6, 50.0)):
        _, (ended,) = run(START_S + np.arange(1.0, 901.0), silent_after(share))
        np.testing.assert_allclose([ended.net_kw[0], ended.highest_kw[0]], expected)


def test_a_value_stands_for_no_longer_than_its_limit() -> None:
    meter, ended = run(START_S + np.array([10.0, 300.0]), 50.0)
    assert not ended
    assert meter.covered_s[0, 0] == 1.0 + GAP_LIMIT_S


def test_images_between_the_seconds_fall_into_the_interval_of_their_middle() -> None:
    times_s = START_S + 0.75 + np.arange(0.0, 1800.0)
    _, (ended,) = run(times_s, lambda time_s: 10.0 if time_s - START_S < 900.25 else 70.0)
    assert ended.net_kw[0] == pytest.approx(10.0)


def test_an_image_late_by_an_interval_ends_the_one_before() -> None:
    meter, _ = run(START_S + np.arange(1.0, 800.0), 50.0)
    meter, ended = meter.add(START_S + 2000.0, np.full((3, 1), 90.0))
    assert ended is not None
    assert ended.net_kw[0] == pytest.approx(50.0)
    assert meter.start_s == START_S + 1800
    assert meter.sum_kws[0, 0] == 90.0 * GAP_LIMIT_S


def test_a_clock_set_back_ends_nothing_and_begins_anew() -> None:
    meter, _ = run(START_S + np.arange(1.0, 800.0), 50.0)
    meter, ended = meter.add(START_S - 5000.0, np.full((3, 1), 90.0))
    assert ended is None
    assert meter.start_s == START_S - 5400
    assert not meter.covered_s.any()


@given(st.integers(0, 200), st.integers(1, 4))
def test_means_are_those_of_the_seconds_and_between_their_extremes(seed: int, every_s: int) -> None:
    values = generator(seed, "power").uniform(-100.0, 400.0, 1 + 900 // every_s)
    times_s = START_S + every_s * np.arange(1.0, 900 // every_s + 1)
    _, ended = run([*times_s, START_S + 901.0], lambda time_s: values[int((time_s - START_S - 1e-6) // every_s)])
    assert ended[0].net_kw[0] == pytest.approx(values[: len(times_s)].mean(), rel=0.01, abs=4.0)
    assert ended[0].net_kw[0] <= ended[0].highest_kw[0] + 1e-9 or every_s > 1


def test_an_image_says_net_load_and_import_in_their_signs() -> None:
    values = np.full((N_SIGNALS, 3), np.nan)
    values[Signal.LOAD_KW], values[Signal.AUXILIARY_POWER_KW], values[Signal.PV_KW] = 300.0, 4.0, 100.0
    values[Signal.CONVERTER_POWER_KW], values[Signal.METER_POWER_KW] = 50.0, -154.0
    age_s = np.zeros((N_SOURCES, 3))
    age_s[Source.METER, 1] = age_s[Source.CONVERTER, 2] = 6.0
    image = SiteImage(time_ns=0, values=values, age_s=age_s)
    np.testing.assert_array_equal(metered_kw(image)[:, 0], [204.0, 154.0, 204.0])
    assert np.isnan(metered_kw(image)[:, 1]).all()
    np.testing.assert_array_equal(np.isnan(metered_kw(image)[:, 2]), [False, False, True])
    assert np.isnan(metered_kw(replace(image, age_s=np.full_like(age_s, np.inf)))).all()
