"""A served register map: readings in, setpoints out."""

import math

import pytest

from battuta.adapters.devices.register_map.map_file import shipped
from battuta.adapters.devices.simulated.map_unit import MapUnit
from battuta.domain.image import Signal
from conformance.tank import Tank


def test_readings_stand_in_the_registers_of_the_map():
    unit = MapUnit(shipped("chiller"))
    unit.show(Tank().readings())
    assert unit.image.read(20, 1) == [185]
    assert unit.image.read(22, 2) == [0, 3250]
    assert unit.image.read(24, 1) == [0xFFFF & -45]


def test_alarms_are_bits_of_one_register():
    unit = MapUnit(shipped("fire_panel"))
    readings = Tank().readings()
    for gas, smoke, register in ((1.0, 0.0, 1), (1.0, 1.0, 3), (0.0, 1.0, 2)):
        readings[Signal.GAS], readings[Signal.SMOKE] = gas, smoke
        unit.show(readings)
        assert unit.image.read(0, 1) == [register]


def test_missing_values_have_the_maps_code():
    unit = MapUnit(shipped("chiller"))
    readings = Tank().readings()
    readings[Signal.COOLANT_TEMPERATURE_C] = math.nan
    unit.show(readings)
    assert unit.image.read(20, 1) == [0x8000]


def test_a_setpoint_is_known_once_it_was_written():
    unit = MapUnit(shipped("chiller"))
    assert math.isnan(unit.setpoint("chiller_setpoint_c"))
    unit.image.write(11, [165])
    unit.written(10, 1)
    assert math.isnan(unit.setpoint("chiller_setpoint_c")), "another register"
    unit.written(11, 1)
    assert unit.setpoint("chiller_setpoint_c") == pytest.approx(16.5)
    assert unit.image.writable == {10, 11}


def test_registers_that_nobody_writes_hold_what_the_device_stands_at():
    unit = MapUnit(shipped("chiller"), {"mode": 4.0})
    unit.show(Tank().readings())
    assert unit.image.read(10, 1) == [4]
    assert MapUnit(shipped("chiller")).image.read(10, 1) == [0]
