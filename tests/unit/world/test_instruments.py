"""Instruments: noise and steps, silence, values that are none, a frequency that stands still."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from battuta.domain.image import N_SIGNALS, N_SOURCES, RESOLUTION, SOURCE_OF_SIGNAL, Signal, Source, source_of
from battuta.world.instruments import FREQUENCY_NOISE_HZ, NOISE, ORDERED, TEMPERATURE_STEP_C, Instruments

START_S = 1_767_225_600


def truth_of(n_sites: int = 3, offset: float = 0.0) -> np.ndarray:
    return np.linspace(1.0, 40.0, N_SIGNALS)[:, None] + np.arange(n_sites) + offset


def test_readings_are_the_truth_with_noise_in_whole_steps() -> None:
    instruments, truth = Instruments(1, 400), truth_of(400)
    values, measured_ns = instruments.read(truth, START_S)
    assert (measured_ns == START_S * 10**9).all()
    np.testing.assert_allclose(np.rint(values / RESOLUTION[:, None]) * RESOLUTION[:, None], values, atol=1e-9)
    temperature_c = values[Signal.CELL_TEMPERATURE_C_MAX]
    np.testing.assert_allclose(np.rint(temperature_c / TEMPERATURE_STEP_C) * TEMPERATURE_STEP_C, temperature_c)
    for signal, deviation in NOISE.items():
        error = values[signal] - truth[signal]
        assert 0.7 * deviation < error.std() < 1.5 * np.hypot(deviation, RESOLUTION[signal] / 12**0.5), signal.name
    quiet = values[Signal.SOC] - truth[Signal.SOC]
    assert np.abs(quiet).max() <= 0.5 * RESOLUTION[Signal.SOC] + 1e-9


def test_a_second_reads_the_same_again_and_for_any_number_of_sites() -> None:
    three, four = Instruments(1, 3), Instruments(1, 4)
    for second in (START_S, START_S + 1, START_S):
        values, _ = three.read(truth_of(3), second)
        np.testing.assert_array_equal(four.read(truth_of(4), second)[0][:, :3], values)
    assert not np.array_equal(three.read(truth_of(3), START_S + 1)[0], values)
    assert not np.array_equal(Instruments(2, 3).read(truth_of(3), START_S)[0], values)


def test_a_silent_instrument_says_what_it_said_last_and_when() -> None:
    instruments = Instruments(1, 3)
    before, _ = instruments.read(truth_of(), START_S)
    instruments.silent[Source.BATTERY, 1] = True
    values, measured_ns = instruments.read(truth_of(offset=9.0), START_S + 1)
    of_battery = np.array([source is Source.BATTERY for source in SOURCE_OF_SIGNAL])
    np.testing.assert_array_equal(values[of_battery, 1], before[of_battery, 1])
    assert (values[~of_battery, 1] > before[~of_battery, 1]).all()
    assert (values[:, [0, 2]] > before[:, [0, 2]]).all()
    late = np.zeros((N_SOURCES, 3), dtype=np.bool_)
    late[Source.BATTERY, 1] = True
    np.testing.assert_array_equal(measured_ns == START_S * 10**9, late)
    instruments.silent[Source.BATTERY, 1] = False
    assert (instruments.read(truth_of(), START_S + 2)[1] == (START_S + 2) * 10**9).all()


def test_an_instrument_that_never_spoke_says_nothing() -> None:
    instruments = Instruments(1, 2)
    instruments.silent[Source.METER, 0] = True
    values, measured_ns = instruments.read(truth_of(2), START_S)
    assert measured_ns[Source.METER].tolist() == [0, START_S * 10**9]
    assert np.isnan(values[Signal.LOAD_KW, 0])
    assert not np.isnan(values[Signal.SOC]).any()


def test_one_value_can_be_no_number() -> None:
    instruments = Instruments(1, 2)
    instruments.says_nan[Signal.SOC, 1] = True
    values, _ = instruments.read(truth_of(2), START_S)
    assert np.argwhere(np.isnan(values)).tolist() == [[Signal.SOC, 1]]


def test_what_is_read_is_not_changed_by_who_reads_it() -> None:
    instruments = Instruments(1, 2)
    values, measured_ns = instruments.read(truth_of(2), START_S)
    values[:], measured_ns[:] = 0.0, 0
    instruments.silent[:] = True
    again, when_ns = instruments.read(truth_of(2), START_S + 1)
    assert (again > 0.0).all()
    assert (when_ns == START_S * 10**9).all()


def test_frequency_is_in_whole_mhz_with_the_noise_of_each_meter() -> None:
    instruments = Instruments(1, 200)
    grid_hz = np.full(20, 49.9871)
    read_hz = instruments.frequency_hz(grid_hz, START_S)
    assert read_hz.shape == (200, 20)
    assert read_hz.flags.c_contiguous
    np.testing.assert_allclose(read_hz * 1000.0, np.rint(read_hz * 1000.0), atol=1e-9)
    assert abs((read_hz - 49.9871).mean()) < 1e-4
    assert FREQUENCY_NOISE_HZ < (read_hz - 49.9871).std() < 2.0 * FREQUENCY_NOISE_HZ
    assert not np.array_equal(read_hz[0], read_hz[1])
    np.testing.assert_array_equal(Instruments(1, 3).frequency_hz(grid_hz, START_S), read_hz[:3])


def test_a_frozen_meter_repeats_its_last_tick_and_a_silent_one_says_nothing() -> None:
    instruments = Instruments(1, 3)
    grid_hz = 50.0 + 0.01 * np.sin(np.arange(20.0))
    before = instruments.frequency_hz(grid_hz, START_S)
    instruments.frozen_frequency[0] = True
    instruments.silent[Source.METER, 1] = True
    instruments.says_nan[Signal.FREQUENCY_HZ, 2] = True
    for second in (START_S + 1, START_S + 2):
        read_hz = instruments.frequency_hz(grid_hz, second)
        assert (read_hz[0] == before[0, -1]).all()
        assert np.isnan(read_hz[1:]).all()
    instruments.frozen_frequency[:], instruments.silent[:], instruments.says_nan[:] = False, False, False
    read_hz = instruments.frequency_hz(grid_hz, START_S + 3)
    assert np.ptp(read_hz, axis=1).min() > 0.01


@given(st.integers(0, 2**40), st.floats(2.0, 3.6), st.floats(0.0, 2e-3), st.floats(-20.0, 60.0), st.floats(0.0, 2.0))
@settings(max_examples=50, deadline=None)
def test_a_minimum_is_never_said_to_be_above_its_maximum(seed, voltage_v, spread_v, temperature_c, spread_c) -> None:
    truth = truth_of(50)
    truth[Signal.CELL_VOLTAGE_V_MIN], truth[Signal.CELL_VOLTAGE_V_MAX] = voltage_v, voltage_v + spread_v
    truth[Signal.CELL_TEMPERATURE_C_MIN], truth[Signal.CELL_TEMPERATURE_C_MAX] = temperature_c, temperature_c + spread_c
    truth[Signal.CELL_TEMPERATURE_C_MEAN] = temperature_c + 0.5 * spread_c
    values, _ = Instruments(seed, 50).read(truth, START_S)
    for low, high in ORDERED:
        assert (values[low] <= values[high]).all(), low.name
    assert np.abs(values[Signal.CELL_VOLTAGE_V_MIN] - voltage_v).max() < 6.0 * NOISE[Signal.CELL_VOLTAGE_V_MIN] + 3e-3


def test_signals_that_are_kept_in_order_come_from_one_instrument() -> None:
    assert all(source_of(low) is source_of(high) for low, high in ORDERED)
