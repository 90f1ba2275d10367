"""The converter's timers: renewed they hold, left alone they revert."""

import numpy as np
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


def readings_at(voltage_pu):
    readings = Tank().readings()
    readings[Signal.METER_VOLTAGE_PU] = voltage_pu
    return readings


def enable_slope(unit):
    """Half of the rating absorbed at 1.1, injected at 0.9, at once."""
    model = unit.volt_var.model
    for name, value in {"ActPt": 2, "DeptRef": 3, "RspTms": 0}.items():
        model.set_value(f"Crv.{name}", value, 1)
    for point, (volts, vars_) in enumerate([(90.0, 50.0), (110.0, -50.0)]):
        model.set_value("Crv.Pt.V", volts, 8 + point)
        model.set_value("Crv.Pt.Var", vars_, 8 + point)
    for name, value in {"AdptCrvReq": 2, "Ena": 1}.items():
        model.set_value(name, value)
        unit.written(model.address(name), 1)


def ask_reactive(unit, reactive_kvar, is_enabled=1):
    for name, value in {"VarSetEna": is_enabled, "VarSetMod": 4, "VarSet": 1000.0 * reactive_kvar}.items():
        unit.controls.set_value(name, value)
    unit.written(unit.controls.address("VarSetEna"), 12)


def test_an_enabled_curve_makes_reactive_power_of_the_voltage():
    unit = unit_with(Clock(), **POINTS)
    enable_slope(unit)
    assert unit.follow(readings_at(1.05))
    assert unit.reactive_kvar == pytest.approx(-250.0)
    assert unit.power_kw == 250.0
    assert not unit.follow(readings_at(1.05)), "nothing new"
    assert unit.follow(readings_at(0.95))
    assert unit.reactive_kvar == pytest.approx(250.0)


def test_of_setpoint_and_curve_the_newer_is_obeyed():
    unit = unit_with(Clock())
    ask_reactive(unit, 30.0)
    enable_slope(unit)
    unit.follow(readings_at(1.05))
    assert unit.reactive_kvar == pytest.approx(-250.0), "the curve came later"
    ask_reactive(unit, 40.0)
    unit.follow(readings_at(1.05))
    assert unit.reactive_kvar == 40.0, "the setpoint came later"
    ask_reactive(unit, 0.0, is_enabled=0)
    unit.follow(readings_at(1.05))
    assert unit.reactive_kvar == pytest.approx(-250.0), "a setpoint that was taken back leaves it to the curve"


def test_a_setpoint_that_ran_out_leaves_it_to_the_curve():
    clock = Clock()
    unit = unit_with(clock)
    enable_slope(unit)
    unit.follow(readings_at(1.1))
    unit.controls.set_value("VarSetEnaRvrt", 0)
    unit.controls.set_value("VarSetRvrtTms", 5)
    ask_reactive(unit, 40.0)
    clock.ns += 5_000_000_000
    assert unit.reactive_kvar == 40.0
    assert unit.revert()
    assert unit.reactive_kvar == pytest.approx(-500.0)


def test_active_power_alone_does_not_take_the_voltage_from_the_curve():
    unit = unit_with(Clock())
    ask_reactive(unit, 30.0)
    enable_slope(unit)
    unit.written(unit.controls.address("WSetEna"), 11)
    unit.follow(readings_at(1.1))
    assert unit.reactive_kvar == pytest.approx(-500.0)


def test_without_permission_nothing_is_asked_and_it_says_so():
    clock = Clock()
    unit = unit_with(clock, **POINTS)
    ask_reactive(unit, 30.0)
    unit.service.model.set_value("ES", 0)
    unit.written(unit.service.model.address("ES"), 1)
    assert (unit.power_kw, unit.reactive_kvar) == (0.0, 0.0)
    unit.show(readings_at(1.0))
    assert [unit.measured.value(name) for name in ("St", "InvSt", "ConnSt")] == [0.0, 0.0, 0.0]
    unit.service.model.set_value("ES", 1)
    unit.written(unit.service.model.address("ES"), 1)
    assert not unit.follow(readings_at(1.0))
    unit.show(readings_at(1.0))
    assert unit.measured.value("InvSt") == 2.0
    clock.ns += 60_000_000_000
    assert unit.follow(readings_at(1.0)), "it asks again what it was asked before"
    assert unit.power_kw == 250.0
    unit.show(readings_at(1.0))
    assert [unit.measured.value(name) for name in ("St", "InvSt", "ConnSt")] == [1.0, 3.0, 1.0]


def test_the_dc_side_is_the_sum_of_the_strings():
    unit = unit_with(Clock())
    cells = Tank().cells()
    unit.show_cells(cells)
    power_w = sum(each.current_a * each.voltage_v.sum() for each in cells)
    assert unit.dc_side.value("DCW") == pytest.approx(power_w, abs=50.0)
    assert unit.dc_side.value("Prt.DCA") == pytest.approx(201.0, abs=1.0)
    assert unit.dc_side.value("Prt.DCV") == pytest.approx(67.2, abs=0.1)
    cells[0].voltage_v[3] = float("nan")
    unit.show_cells(cells)
    assert np.isnan(unit.dc_side.value("DCW"))
    assert unit.dc_side.value("DCA") == pytest.approx(201.0, abs=1.0)
