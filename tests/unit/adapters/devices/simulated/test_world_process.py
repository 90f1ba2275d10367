"""The world behind its registers: commands reach the plants tick by tick."""

import math

import numpy as np
import pytest

from battuta.adapters.devices.simulated.in_process import SimulatedSites
from battuta.adapters.devices.simulated.world_process import ServedPlant, ServedWorld, asked_for, parse
from battuta.domain.command import DeviceCommand
from battuta.domain.image import Signal
from battuta.domain.time import NS_PER_S

START_NS = 1_767_225_600 * NS_PER_S


@pytest.fixture
def world() -> ServedWorld:
    return ServedWorld(SimulatedSites(3, 2, START_NS, n_cells=20, power_kw=10.0), 20)


def test_a_command_is_followed_by_its_site_alone(world) -> None:
    plants = [ServedPlant(world, site) for site in range(2)]
    plants[1].apply(DeviceCommand(power_kw=5.0))
    for _ in range(40):
        world.advance()
    assert plants[1].readings()[Signal.CONVERTER_POWER_KW] == pytest.approx(5.0, abs=0.2)
    assert plants[0].readings()[Signal.CONVERTER_POWER_KW] == pytest.approx(0.0, abs=0.2)
    (string,) = plants[1].cells()
    assert string.current_a > 0.0
    assert string.voltage_v.shape == string.temperature_c.shape == (20,)


def test_frequency_moves_with_each_tick_and_power_with_each_second(world) -> None:
    seen, powers = set(), set()
    ServedPlant(world, 0).apply(DeviceCommand(power_kw=5.0))
    for _ in range(19):
        world.advance()
        seen.add(float(world.values[Signal.FREQUENCY_HZ, 0]))
        powers.add(float(world.values[Signal.CONVERTER_POWER_KW, 0]))
    assert len(seen) > 1
    assert len(powers) == 1


def test_open_strings_carry_nothing(world) -> None:
    ServedPlant(world, 0).apply(DeviceCommand(power_kw=5.0, open_strings=True))
    for _ in range(60):
        world.advance()
    assert abs(world.values[Signal.CONVERTER_POWER_KW, 0]) < 0.2
    assert world.values[Signal.DISCHARGE_POWER_KW_MAX, 0] == 0.0


@pytest.mark.parametrize("nothing", [math.nan, math.inf, -math.inf])
def test_a_command_that_is_no_number_is_not_taken_and_the_world_goes_on(world, nothing) -> None:
    ServedPlant(world, 0).apply(DeviceCommand(power_kw=5.0, reactive_kvar=2.0))
    ServedPlant(world, 1).apply(DeviceCommand(power_kw=-3.0))
    for _ in range(40):
        world.advance()
    setpoint_c = world.values[Signal.CHILLER_SETPOINT_C, 0]
    ServedPlant(world, 0).apply(DeviceCommand(power_kw=nothing, reactive_kvar=nothing, chiller_setpoint_c=nothing))
    for _ in range(40):
        world.advance()
    rows = [Signal.CONVERTER_POWER_KW, Signal.CONVERTER_REACTIVE_KVAR]
    np.testing.assert_allclose(world.values[rows], [[5.0, -3.0], [2.0, 0.0]], atol=0.2)
    assert world.values[Signal.CHILLER_SETPOINT_C, 0] == setpoint_c


def test_strings_open_though_the_power_is_no_number(world) -> None:
    ServedPlant(world, 0).apply(DeviceCommand(power_kw=5.0))
    ServedPlant(world, 0).apply(DeviceCommand(power_kw=math.nan, open_strings=True))
    for _ in range(60):
        world.advance()
    assert abs(world.values[Signal.CONVERTER_POWER_KW, 0]) < 0.2


@pytest.mark.parametrize("absurd", [1e300, -1e300])
def test_a_command_beyond_all_ratings_is_followed_to_the_rating(world, absurd) -> None:
    ServedPlant(world, 0).apply(DeviceCommand(power_kw=absurd, reactive_kvar=absurd))
    for _ in range(60):
        world.advance()
    assert np.isfinite(world.values).all()
    assert abs(world.values[Signal.CONVERTER_POWER_KW, 0]) <= 10.3


def test_its_words_have_defaults() -> None:
    words = parse(["--sites=3", "--power-kw=12.5"])
    assert (words.sites, words.power_kw, words.ticks_per_s) == (3, 12.5, 20)
    assert np.isclose(words.speed, 1.0)
    assert (words.fault, words.recording) == ([], None)


def test_faults_and_recording_count_from_the_first_second(tmp_path) -> None:
    path = tmp_path / "grid.csv"
    path.write_text("time,frequency_hz\n" + "".join(f"{k},{50.0 - 0.1 * k:.1f}\n" for k in range(5)))
    words = ["--sites=2", "--cells=20", "--power-kw=10", "--start-s=1767225600", f"--recording={path}"]
    words += ["--fault=gas,site=0,size=300,start=1s", "--fault=sensor_drift,site=1,cell=3,size=0.4"]
    world = ServedWorld(asked_for(parse(words)), 20)
    seen = []
    for _ in range(60):
        world.advance()
        seen.append(world.values[[Signal.FREQUENCY_HZ, Signal.GAS], 0])
    np.testing.assert_allclose(np.array(seen)[[19, 39, 59]], [[50.0, 0.0], [49.9, 300.0], [49.8, 300.0]], atol=2e-3)
    (string,) = ServedPlant(world, 1).cells()
    assert np.flatnonzero(string.voltage_v > 3.6).tolist() == [3]
