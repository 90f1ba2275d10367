"""Instruments: their steps, their offsets, their drift, what they lose and what comes late."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.world.sensors import (
    CELL_TEMPERATURE,
    CELL_VOLTAGE,
    METER_FREQUENCY,
    METER_POWER,
    S_PER_YEAR,
    STRING_CURRENT,
    SensorCharacter,
    Sensors,
    hashed_uniform,
    noise_key,
)


@pytest.mark.parametrize(
    ("kind", "true"),
    [
        (CELL_VOLTAGE, 3.3),
        (STRING_CURRENT, -120.0),
        (CELL_TEMPERATURE, 25.0),
        (METER_FREQUENCY, 49.98),
        (METER_POWER, -512.3),
    ],
)
def test_readings_lie_on_steps_about_the_truth(kind, true):
    sensors = Sensors(1, "x", kind, n_cells=400)
    readings = sensors.read(np.full((200, 400), true), 0)
    steps = readings / kind.step
    np.testing.assert_allclose(steps, np.round(steps), atol=1e-6)
    spread = np.sqrt(kind.noise**2 + kind.step**2 / 12.0)
    error = readings - true - sensors.offset
    assert abs(error.mean()) < 0.05 * spread + 0.02 * kind.step
    assert error.std() == pytest.approx(spread, rel=0.25)
    assert sensors.offset.std() == pytest.approx(kind.offset, rel=0.15, abs=1e-12)


def test_any_window_reads_the_same():
    true = np.random.default_rng(1).normal(3.3, 0.01, (50, 8))
    whole = Sensors(4, "voltage", CELL_VOLTAGE, site=3, n_cells=8).read(true, 100)
    part = Sensors(4, "voltage", CELL_VOLTAGE, site=3, n_cells=8).read(true[20:30], 120)
    np.testing.assert_array_equal(part, whole[20:30])


def test_one_more_cell_changes_no_other():
    true = np.full((5, 9), 3.3)
    many = Sensors(4, "voltage", CELL_VOLTAGE, n_cells=9).read(true, 0)
    few = Sensors(4, "voltage", CELL_VOLTAGE, n_cells=8).read(true[:, :8].copy(), 0)
    np.testing.assert_array_equal(few, many[:, :8])


def test_drift_grows_with_time():
    kind = SensorCharacter(step=1e-6, noise=0.0, drift_per_year=0.01)
    sensors = Sensors(1, "x", kind, n_cells=300)
    rows_a_year = round(S_PER_YEAR)
    moved = sensors.read(np.zeros((1, 300)), rows_a_year) - sensors.read(np.zeros((1, 300)), 0)
    assert moved.std() == pytest.approx(0.01, rel=0.15)


def test_missing_is_nan_and_counted():
    kind = replace(CELL_VOLTAGE, missing_share=0.02)
    readings = Sensors(1, "x", kind, n_cells=100).read(np.full((500, 100), 3.3), 0)
    assert np.isnan(readings).mean() == pytest.approx(0.02, rel=0.15)


def test_readings_in_place():
    true = np.full((2, 3), 3.3)
    sensors = Sensors(1, "x", CELL_VOLTAGE, n_cells=3)
    expected = sensors.read(true, 5)
    assert sensors.read(true, 5, readings=true) is true
    np.testing.assert_array_equal(true, expected)


def test_late_rows():
    kind = replace(CELL_VOLTAGE, late_share=0.1, late_s=3.0)
    sensors = Sensors(1, "x", kind)
    delay_s = sensors.delay_s(0, 20_000)
    assert (delay_s > 0.0).mean() == pytest.approx(0.1, rel=0.1)
    assert delay_s[delay_s > 0.0].mean() == pytest.approx(3.0, rel=0.1)
    np.testing.assert_array_equal(sensors.delay_s(500, 10), delay_s[500:510])
    assert (Sensors(1, "x", CELL_VOLTAGE).delay_s(0, 1000) == 0.0).all()


def test_keys_are_addresses():
    keys = {
        int(noise_key(seed, stream, site=site, cell=cell))
        for seed in (1, 2)
        for stream in ("a", "b")
        for site in (0, 1)
        for cell in (0, 1)
    }
    assert len(keys) == 16
    assert hashed_uniform(noise_key(1, "a"), 0, 3, 2).shape == (3, 2)


def test_a_converter_without_steps():
    with pytest.raises(InvalidQuantityError, match="step"):
        Sensors(1, "x", SensorCharacter(step=0.0, noise=0.0))
