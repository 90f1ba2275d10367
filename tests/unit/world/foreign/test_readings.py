"""Readings of a day: steps, offsets, early currents, silences, swapped, stuck and missing values."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.world.foreign.events import EventKind, ForeignEvent
from battuta.world.foreign.faults import ForeignFault, ForeignFaultKind
from battuta.world.foreign.readings import (
    StringSensors,
    empty_log,
    kept_rows,
    read_current_a,
    read_temperature_c,
    spoil_voltages,
)
from battuta.world.foreign.string_draws import draw_string

CHARACTER = draw_string(1, 0, 32, 60.0, 0.001)
ROWS = np.arange(1440)
K = ForeignFaultKind


def fault(kind, size, cell=0):
    return ForeignFault(kind=kind, string=0, cell=cell, start_day=5, size=size)


def sensors(*faults):
    return StringSensors(character=CHARACTER, sensor_offset_k=np.array([0.0, 0.5, 0.0, -0.5]), faults=faults)


def current(true_a, day, *faults):
    return read_current_a(sensors(*faults), true_a, ROWS, day, np.random.default_rng(1))


def test_rows_fall_silent() -> None:
    silence = ForeignEvent(day=0, n_days=1, kind=EventKind.SILENCE, hour=6.0, n_hours=3.0)
    kept = kept_rows([silence], 1440, np.random.default_rng(1))
    assert not kept[360:540].any()
    assert 0.99 < np.delete(kept, slice(360, 540)).mean() < 1.0


def test_current_is_read_in_steps_with_its_errors() -> None:
    true_a = np.full(1440, 100.0)
    reads_a = current(true_a, 0)
    seen = reads_a[~np.isnan(reads_a)]
    np.testing.assert_allclose(seen * 10.0, np.round(seen * 10.0), atol=1e-9)
    wanted = 100.0 * (1.0 + CHARACTER.current_gain_share) + CHARACTER.current_offset_a
    assert seen.mean() == pytest.approx(wanted, abs=0.02)
    assert 0.1 < seen.std() < 0.15
    for each, more in ((fault(K.CURRENT_OFFSET, 2.0), 2.0), (fault(K.CURRENT_GAIN, 0.05), 5.0)):
        np.testing.assert_array_equal(current(true_a, 4, each), reads_a)
        np.testing.assert_allclose(current(true_a, 5, each) - reads_a, more, atol=0.11)


def test_a_jump_is_seen_early_as_often_as_the_skew_says() -> None:
    true_a = np.where(ROWS % 2, 100.0, -100.0)
    for skew_s in (0.0, 2.0):
        late = replace(sensors(), character=replace(CHARACTER, skew_s=skew_s))
        reads_a = read_current_a(late, true_a, ROWS, 0, np.random.default_rng(1))
        early = np.nanmean(np.abs(reads_a - true_a) > 50.0)
        assert early == pytest.approx(skew_s / 60.0, abs=0.01)


def test_temperatures_are_those_of_the_cells_that_carry_a_sensor() -> None:
    true_c = np.linspace(20.0, 30.0, 144)[:, None] + 0.1 * np.arange(32)
    reads_c = np.empty((1440, 4))
    read_temperature_c(sensors(), true_c, ROWS, 0, np.random.default_rng(1), reads_c)
    wanted = np.repeat(true_c[:, [4, 12, 20, 28]], 10, axis=0) + np.array([0.0, 0.5, 0.0, -0.5])
    assert np.abs(reads_c - wanted).max() < 0.26
    np.testing.assert_allclose(reads_c * 10.0, np.round(reads_c * 10.0), atol=1e-9)
    ill_c = np.empty_like(reads_c)
    ill = sensors(fault(K.TEMPERATURE_OFFSET, 5.0, cell=13))
    read_temperature_c(ill, true_c, ROWS, 6, np.random.default_rng(1), ill_c)
    np.testing.assert_allclose(ill_c - reads_c, np.tile([0.0, 5.0, 0.0, 0.0], (1440, 1)), atol=1e-9)


def test_channels_are_swapped_and_stuck_from_their_day_on() -> None:
    true_v = np.round(3.3 + 0.001 * np.arange(32) + np.linspace(0.0, 0.1, 100)[:, None], 3)
    faults = (fault(K.SWAPPED_CHANNELS, 2.0, cell=31), fault(K.STUCK_VALUE, 0.0, cell=9))
    stuck_v = np.full(32, np.nan)
    for day in (4, 5, 6):
        reads_v = true_v + 0.01 * day
        spoil_voltages(reads_v, faults, stuck_v, day, np.random.default_rng(3))
        order = np.arange(32)
        if day >= 5:
            order[[31, 1]] = order[[1, 31]]
        wanted = true_v[:, order] + 0.01 * day
        if day >= 5:
            wanted[:, 9] = true_v[0, 9] + 0.05
        np.testing.assert_allclose(np.where(np.isnan(reads_v), wanted, reads_v), wanted)
    assert np.flatnonzero(~np.isnan(stuck_v)).tolist() == [9]


def test_single_values_go_missing() -> None:
    reads_v = np.full((1440, 240), 3.3)
    spoil_voltages(reads_v, (), np.full(240, np.nan), 0, np.random.default_rng(1))
    assert 0 < np.isnan(reads_v).sum() < 25


def test_a_log_without_bleed_has_no_room_for_it() -> None:
    assert empty_log(5, 32, 4, logs_bleed=False).bleed_ah.shape == (5, 0)
    assert not empty_log(5, 32, 4, logs_bleed=True).bleed_ah.any()
