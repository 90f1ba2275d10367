"""The converter's timers: renewed they hold, left alone they revert."""

import pytest

from battuta.adapters.devices.simulated.converter_unit import ConverterUnit
from battuta.adapters.devices.simulated.site_plant import NamePlate
from battuta.domain.image import Signal
from conformance.tank import Tank


class Clock:
    ns = 1

    def __call__(self):
        return self.ns


def unit_with(clock, **points):
    unit = ConverterUnit(NamePlate(), clock)
    for name, value in points.items():
        unit.controls.set_value(name, value)
    unit.written(unit.controls.address("WSetEna"), 11)
    return unit


POINTS = {"WSetEna": 1, "WSetMod": 1, "WSet": 250_000, "WSetRvrt": 0, "WSetEnaRvrt": 1, "WSetRvrtTms": 10}


def test_power_is_asked_only_while_it_is_enabled_in_watts():
    clock = Clock()
    assert ConverterUnit(NamePlate(), clock).power_kw == 0.0
    assert unit_with(clock, **POINTS).power_kw == 250.0
    assert unit_with(clock, **{**POINTS, "WSetEna": 0}).power_kw == 0.0
    assert unit_with(clock, **{**POINTS, "WSetMod": 0}).power_kw == 0.0


def test_the_timer_runs_out_once_and_takes_the_reversion_value():
    clock = Clock()
    unit = unit_with(clock, **{**POINTS, "WSetRvrt": -4000})
    clock.ns += 9_000_000_000
    assert not unit.revert()
    assert unit.controls.value("WSetRvrtRem") == 1.0
    clock.ns += 1_000_000_000
    assert unit.revert()
    assert unit.power_kw == -4.0
    assert not unit.revert()


def test_a_write_renews_the_timer_and_one_elsewhere_does_not():
    clock = Clock()
    unit = unit_with(clock, **POINTS)
    clock.ns += 9_000_000_000
    unit.written(unit.controls.address("WSetRvrtTms"), 2)
    clock.ns += 9_000_000_000
    assert not unit.revert()
    unit.written(unit.controller.address("ControllerHb"), 2)
    clock.ns += 1_000_000_000
    assert unit.revert()


def test_reversion_may_switch_the_setpoint_off():
    clock = Clock()
    unit = unit_with(clock, **{**POINTS, "WSetRvrt": 99_000, "WSetEnaRvrt": 0})
    clock.ns += 10_000_000_000
    assert unit.revert()
    assert unit.power_kw == 0.0


def test_without_a_time_nothing_reverts():
    clock = Clock()
    unit = unit_with(clock, **{**POINTS, "WSetRvrtTms": 0})
    clock.ns += 10**15
    assert not unit.revert()
    assert unit.power_kw == 250.0


def test_reactive_power_has_its_own_timer():
    clock = Clock()
    unit = unit_with(clock, VarSetEna=1, VarSet=-7000, VarSetRvrt=0, VarSetEnaRvrt=0, VarSetRvrtTms=5)
    assert unit.reactive_kvar == -7.0
    unit.written(unit.controls.address("VarSetEna"), 12)
    clock.ns += 5_000_000_000
    assert unit.revert()
    assert unit.reactive_kvar == 0.0


def test_what_is_measured_is_shown():
    unit = unit_with(Clock(), **POINTS)
    readings = Tank().readings()
    readings[Signal.CONVERTER_POWER_KW] = -321.0
    unit.show(readings)
    assert unit.measured.value("W") == pytest.approx(-321_000.0)
    assert unit.measured.value("Hz") == pytest.approx(50.0)
    assert unit.capacity.value("WMaxRtg") == pytest.approx(1e6)
