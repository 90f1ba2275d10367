"""A place that is warmer than its past: by a distance, by its heat, and not by outdoors or a fuller day."""

import numpy as np
import pytest

from battuta.health.thermal_residual import ThermalResiduals
from unit.health.thermal_days import N_SENSORS, thermal_day

HOT = np.array([1.0, 1.0, 1.0, 1.5, 1.0, 1.0])
OFF_K = np.array([0.0, 2.0, 0.0, 0.0, 0.0, 0.0])


def run(n_days, first=12, *, leave_out=(), **changes):
    watch, said = ThermalResiduals(N_SENSORS), []
    for day in sorted({*range(n_days)} - {*leave_out}):
        each = thermal_day(day, **(changes if day >= first else {}))
        said += [watch.take(day, *each)]
    return said


def test_nothing_is_said_before_there_is_a_past():
    said = run(9)
    assert np.isnan(said[7].residual_k).all()
    assert said[7].n_bins.tolist() == [0] * N_SENSORS
    assert np.isfinite(said[8].residual_k).all()
    assert (said[8].n_days_past, said[8].n_bins.min()) == (5, 144)


def test_what_has_just_begun_is_not_taken_for_usual():
    said = run(26, extra_k=OFF_K)
    assert [each.residual_k[1] for each in said[12:16]] == pytest.approx([2.0] * 4, abs=0.15)
    assert said[-1].residual_k[1] < 1.8


def test_a_sound_string_stays_within_what_is_told():
    for each in run(16)[9:]:
        assert (np.abs(each.residual_k) < 4.0 * each.residual_deviation_k).all()
        assert np.abs(each.residual_k).max() < 0.1


def test_a_sensor_that_is_off_and_a_place_that_heats_are_told_and_differ():
    off = run(13, extra_k=OFF_K)[-1]
    assert off.residual_k[1] == pytest.approx(2.0, abs=0.15)
    assert off.warm_residual_k[1] == pytest.approx(2.0, abs=0.15)
    hot = run(13, heat_factor=HOT)[-1]
    assert 0.1 < hot.residual_k[3] < 0.6
    assert hot.warm_residual_k[3] > 2.0 * hot.residual_k[3]
    assert hot.residual_k[3] > 5.0 * hot.residual_deviation_k[3]
    assert np.abs(np.delete(hot.residual_k, 3)).max() < 0.05
    assert np.abs(np.delete(off.residual_k, 1)).max() < 0.05


def test_a_string_that_warms_more_as_a_whole_is_told_by_its_share():
    said = run(14, heat_all=1.4)
    assert said[11].heat_share == pytest.approx(1.0, abs=0.1)
    assert said[12].heat_share == pytest.approx(1.4, abs=0.14)
    assert np.abs(said[12].residual_k).max() < 0.2


def test_sensors_and_currents_that_are_not_there_leave_it_untold():
    watch = ThermalResiduals(N_SENSORS)
    for day in range(11):
        time_s, rate_c, temperature_c = thermal_day(day)
        if day == 9:
            temperature_c[:, 4] = np.nan
        if day == 10:
            rate_c[: rate_c.size * 4 // 5] = np.nan
        said = watch.take(day, time_s, rate_c, temperature_c)
        if day == 9:
            assert np.flatnonzero(np.isnan(said.residual_k)).tolist() == [4]
    assert np.isnan(said.residual_k).all()


def test_days_that_are_missing_are_not_bridged():
    said = run(15, leave_out=(11, 12))
    assert said[-3].n_bins.max() == 144
    assert said[-2].day == 13
    assert 100 < said[-2].n_bins.max() < 144
