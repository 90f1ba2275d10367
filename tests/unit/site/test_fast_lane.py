"""The fast lane: each cause by itself, latched until an operator resets it, and no call-out for noise."""

import math

import numpy as np
import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.domain.image import N_SIGNALS, N_SOURCES, Signal, SiteImage, Source
from battuta.site.fast_lane import FastCause, FastLimits, FastMemory, watch

RATED_KW = np.array([100.0, 100.0])


class Watched:
    """Two sites under watch; what is said holds for the first, the second is always well."""

    def __init__(self, **limits) -> None:
        self.memory, self.limits, self.time_ns = FastMemory.empty(2), FastLimits(**limits), 10**18

    def look(self, *, age_s: float = 0.0, elapsed_s: float = 1.0, **said) -> FastCause:
        self.time_ns += round(elapsed_s * 1e9)
        values = np.zeros((N_SIGNALS, 2))
        values[Signal.CELL_TEMPERATURE_C_MAX], values[Signal.CELL_VOLTAGE_V_MIN] = 25.0, 3.3
        values[Signal.CELL_VOLTAGE_V_MAX] = 3.35
        for name, value in said.items():
            values[Signal[name.upper()], 0] = value
        ages = np.zeros((N_SOURCES, 2))
        ages[Source.BATTERY, 0] = age_s
        new = watch(SiteImage(time_ns=self.time_ns, values=values, age_s=ages), RATED_KW, self.limits, self.memory)
        assert new[1] == 0
        assert self.memory.cause[1] == 0
        return FastCause(int(new[0]))

    def rise(self, kelvin_per_s: float, seconds: int, *, step_c: float = 0.1) -> FastCause:
        seen = FastCause.NONE
        for second in range(seconds):
            seen |= self.look(cell_temperature_c_max=round((25.0 + kelvin_per_s * second) / step_c) * step_c)
        return seen


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ({"gas": 1.0}, FastCause.GAS),
        ({"smoke": 1.0}, FastCause.SMOKE),
        ({"cell_temperature_c_max": 60.0}, FastCause.OVER_TEMPERATURE),
        ({"cell_voltage_v_min": 1.79}, FastCause.VOLTAGE_COLLAPSE),
        ({"cell_voltage_v_max": 3.9}, FastCause.OVER_VOLTAGE),
        ({"cell_voltage_v_max": 13.0}, FastCause.OVER_VOLTAGE),
        ({"cell_voltage_v_max": 1e9}, FastCause.OVER_VOLTAGE),
        ({"cell_voltage_v_max": 3.89}, FastCause.NONE),
        ({"cell_voltage_v_max": math.nan}, FastCause.NONE),
        ({"cell_voltage_v_max": math.inf, "cell_temperature_c_max": math.inf}, FastCause.NONE),
        ({"cell_voltage_v_min": -math.inf, "gas": math.inf, "smoke": math.inf}, FastCause.NONE),
        ({"gas": math.nan, "smoke": math.nan}, FastCause.NONE),
        ({"cell_temperature_c_max": math.nan, "cell_voltage_v_min": math.nan}, FastCause.NONE),
        ({"cell_temperature_c_max": 59.9, "cell_voltage_v_min": 1.81}, FastCause.NONE),
    ],
)
def test_each_cause_is_seen_in_the_first_image(said, cause) -> None:
    assert Watched().look(**said) == cause


def test_a_cause_is_told_once_and_stays_until_reset() -> None:
    watched = Watched()
    assert watched.look(gas=1.0) == FastCause.GAS
    assert watched.look(gas=1.0) == FastCause.NONE
    assert watched.look() == FastCause.NONE
    assert watched.memory.cause.tolist() == [FastCause.GAS, 0]
    assert watched.look(smoke=1.0) == FastCause.SMOKE
    watched.memory.reset(0)
    assert watched.memory.cause.tolist() == [0, 0]
    assert watched.look(gas=1.0) == FastCause.GAS


@pytest.mark.parametrize(("kelvin_per_minute", "cause"), [(4.5, FastCause.TEMPERATURE_SLOPE), (3.0, FastCause.NONE)])
@pytest.mark.parametrize("step_c", [0.1, 0.5])
def test_a_slope_is_seen_within_a_minute_and_a_lesser_one_never(kelvin_per_minute, cause, step_c) -> None:
    assert Watched().rise(kelvin_per_minute / 60.0, 60, step_c=step_c) == cause


def test_a_drop_of_the_lowest_cell_that_no_power_explains_is_a_collapse() -> None:
    watched = Watched()
    watched.look()
    assert watched.look(cell_voltage_v_min=2.9) == FastCause.VOLTAGE_COLLAPSE


@pytest.mark.parametrize("power_kw", [11.0, -11.0, math.nan])
def test_a_drop_with_a_step_of_power_or_an_unknown_one_is_none(power_kw) -> None:
    watched = Watched()
    watched.look()
    assert watched.look(cell_voltage_v_min=2.9, converter_power_kw=power_kw) == FastCause.NONE


def test_what_follows_an_infinite_value_is_as_after_a_missing_one() -> None:
    watched = Watched()
    infinite = {"cell_voltage_v_min": math.inf, "cell_temperature_c_max": -math.inf, "converter_power_kw": math.inf}
    assert watched.look(**infinite) == FastCause.NONE
    assert watched.look() == FastCause.NONE
    assert watched.look(cell_voltage_v_min=2.9) == FastCause.VOLTAGE_COLLAPSE


def test_another_chemistry_has_another_upper_limit() -> None:
    watched = Watched(cell_voltage_v_high=4.5)
    assert watched.look(cell_voltage_v_max=4.25) == FastCause.NONE
    assert watched.look(cell_voltage_v_max=4.5) == FastCause.OVER_VOLTAGE


def test_a_slow_drop_is_no_collapse() -> None:
    watched = Watched()
    for second in range(10):
        assert watched.look(cell_voltage_v_min=3.3 - 0.1 * second) == FastCause.NONE


@pytest.mark.parametrize("is_missing", [False, True])
def test_what_moved_while_the_battery_was_silent_calls_nobody_out(is_missing) -> None:
    watched = Watched()
    watched.look()
    silent = {"cell_temperature_c_max": math.nan, "cell_voltage_v_min": math.nan} if is_missing else {}
    for second in range(600):
        assert watched.look(age_s=1.0 + second, **silent) == FastCause.NONE
    back = {"cell_temperature_c_max": 29.0, "cell_voltage_v_min": 2.9}
    assert watched.look(**back) == FastCause.NONE
    assert watched.look(**(back | {"cell_temperature_c_max": 31.1})) == FastCause.TEMPERATURE_SLOPE


def test_what_rose_during_a_pause_between_images_took_longer_than_a_window() -> None:
    watched = Watched()
    watched.look()
    assert watched.look(elapsed_s=600.0, cell_temperature_c_max=29.0) == FastCause.NONE
    assert watched.look(elapsed_s=20.0, cell_temperature_c_max=31.0) == FastCause.TEMPERATURE_SLOPE


@pytest.mark.parametrize("step_s", [-3600.0, 3600.0])
def test_a_step_of_the_clock_hides_no_slope_and_makes_none(step_s) -> None:
    watched = Watched()
    watched.look()
    watched.look(elapsed_s=step_s)
    for second in range(1200):
        assert watched.look(cell_temperature_c_max=25.0 + round(second / 300) * 0.5) == FastCause.NONE
    watched = Watched()
    watched.look()
    watched.look(elapsed_s=step_s)
    assert watched.rise(5.0 / 60.0, 60) == FastCause.TEMPERATURE_SLOPE


def test_steps_of_half_a_degree_make_no_false_alarm_over_a_day() -> None:
    seed = 5
    random, n_sites, day_s = np.random.default_rng(seed), 20, 86_400
    memory, limits = FastMemory.empty(n_sites), FastLimits()
    phase = random.uniform(0.0, 2.0 * np.pi, n_sites)
    values, ages = np.zeros((N_SIGNALS, n_sites)), np.zeros((N_SOURCES, n_sites))
    values[Signal.CELL_VOLTAGE_V_MIN] = 3.3
    rated_kw = np.full(n_sites, 100.0)
    dither = random.normal(0.0, 0.15, (day_s // 4, n_sites))
    for second in range(0, day_s, 4):
        truth_c = 30.0 + 8.0 * np.sin(2.0 * np.pi * second / 14_400.0 + phase) + dither[second // 4]
        values[Signal.CELL_TEMPERATURE_C_MAX] = np.rint(truth_c / 0.5) * 0.5
        new = watch(SiteImage(time_ns=second * 10**9, values=values, age_s=ages), rated_kw, limits, memory)
        assert not new.any(), f"seed {seed}: {new} at {second} s"


@pytest.mark.parametrize(
    "values",
    [
        {"temperature_slope_k_per_min": 0.1},
        {"temperature_slope_k_per_min": math.nan},
        {"slope_window_s": 0.5},
        {"cell_voltage_v_high": 2.0},
        {"cell_voltage_v_high": math.nan},
        {"cell_voltage_v_high": 5.1},
    ],
)
def test_limits_at_which_noise_would_call_people_out_are_refused(values) -> None:
    with pytest.raises(InvalidQuantityError, match="fast lane"):
        FastLimits(**values)
