"""A SunSpec client against the simulated server on a real socket: the plain round trip first."""

import asyncio
import itertools

import numpy as np
import pytest

from battuta.adapters.devices.modbus.connection import ModbusConnection
from battuta.adapters.devices.simulated.sunspec_server import BATTERY_UNIT, CONVERTER_UNIT, METER_UNIT, SunSpecServer
from battuta.adapters.devices.sunspec.client import SunSpecDevice
from battuta.adapters.devices.sunspec.mapping import Conventions
from battuta.domain.command import DeviceCommand
from battuta.domain.errors import DeviceError, DeviceUnavailableError, InvalidQuantityError
from battuta.domain.image import Signal, Source
from conformance.tank import Tank


def device(server, unit, **options):
    clock = itertools.count(1_000, 1_000)
    return SunSpecDevice(ModbusConnection("127.0.0.1", server.ports[0]), unit, now_ns=lambda: next(clock), **options)


def run_against(use, unit=CONVERTER_UNIT, **options):
    """Open a device against a fresh tank, use it, close both."""

    async def steps():
        tank = Tank()
        async with SunSpecServer([tank]) as server:
            client = device(server, unit, **options)
            await client.open()
            try:
                return await use(client, tank, server)
            finally:
                await client.close()

    return asyncio.run(steps())


def test_a_setpoint_reaches_the_plant_and_comes_back_as_a_reading():
    async def use(client, tank, server):
        await client.write(DeviceCommand(power_kw=123.0, reactive_kvar=-20.0))
        server.refresh()
        return tank.command, await client.read_setpoint(), await client.read()

    command, setpoint, readings = run_against(use)
    assert (command.power_kw, command.reactive_kvar) == (123.0, -20.0)
    assert setpoint == command or np.isnan(setpoint.chiller_setpoint_c)
    assert (setpoint.power_kw, setpoint.reactive_kvar) == (123.0, -20.0)
    assert readings.values[Signal.CONVERTER_POWER_KW] == pytest.approx(123.0)
    assert readings.values[Signal.CONVERTER_REACTIVE_KVAR] == pytest.approx(-20.0)
    assert readings.measured_ns[Source.CONVERTER] > 0
    assert readings.measured_ns[Source.BATTERY] == 0


def test_a_meter_that_counts_import_positive_is_turned_round():
    async def use(client, tank, server):
        tank.command = DeviceCommand(power_kw=100.0)
        server.refresh()
        return (await client.read()).values, await client.read_frequency_hz()

    values, frequency_hz = run_against(use, METER_UNIT, conventions=Conventions(nominal_voltage_v=400.0))
    assert values[Signal.METER_POWER_KW] == pytest.approx(95.0)
    assert values[Signal.METER_VOLTAGE_PU] == pytest.approx(1.01)
    assert frequency_hz == pytest.approx(50.0)
    values, _ = run_against(use, METER_UNIT, conventions=Conventions(meter_import_is_positive=False))
    assert values[Signal.METER_POWER_KW] == pytest.approx(-95.0)
    assert np.isnan(values[Signal.METER_VOLTAGE_PU])


def test_the_battery_tells_its_state_and_each_cell():
    async def use(client, tank, server):
        return (await client.read()).values, await client.read_cells(), tank

    values, cells, tank = run_against(use, BATTERY_UNIT)
    assert values[Signal.SOC] == pytest.approx(0.5)
    assert values[Signal.CELL_TEMPERATURE_C_MEAN] == pytest.approx(22.5)
    assert values[Signal.DISCHARGE_POWER_KW_MAX] == pytest.approx(950.0)
    for got, given in zip(cells, tank.cells(), strict=True):
        assert got.current_a == pytest.approx(given.current_a)
        assert got.voltage_v == pytest.approx(given.voltage_v)
        assert got.temperature_c == pytest.approx(given.temperature_c)


def test_a_battery_that_counts_charging_positive_is_turned_round():
    async def use(client, tank, server):
        return await client.read_cells()

    cells = run_against(use, BATTERY_UNIT, conventions=Conventions(charge_current_is_positive=True))
    assert cells[0].current_a == pytest.approx(-100.0)


def test_strings_are_opened_by_order_and_stay_open():
    async def use(client, tank, server):
        await client.write(DeviceCommand(power_kw=0.0, open_strings=True))
        await client.write(DeviceCommand(power_kw=0.0))
        return tank.command.open_strings

    assert run_against(use, BATTERY_UNIT) is True


def test_local_control_is_respected_and_said():
    async def use(client, tank, server):
        server.sites[0].converter.controller.set_value("LocRemCtl", 1)
        await client.read()
        with pytest.raises(DeviceError, match="local control"):
            await client.write(DeviceCommand(power_kw=10.0))
        return tank.n_applied

    assert run_against(use) == 0


@pytest.mark.parametrize("power_kw", [np.nan, np.inf, 1e9])
def test_a_power_that_cannot_be_written_is_refused_not_cut(power_kw):
    async def use(client, tank, server):
        with pytest.raises(InvalidQuantityError):
            await client.write(DeviceCommand(power_kw=power_kw))
        return tank.n_applied

    assert run_against(use) == 0


def test_an_unknown_scale_of_the_setpoint_is_not_guessed():
    async def steps():
        tank = Tank()
        async with SunSpecServer([tank]) as server:
            server.sites[0].converter.controls.put("WSet_SF", [0x8000])
            client = device(server, CONVERTER_UNIT)
            await client.open()
            with pytest.raises(DeviceError, match="WSet_SF"):
                await client.write(DeviceCommand(power_kw=10.0))
            await client.close()
        return tank.n_applied

    assert asyncio.run(steps()) == 0


def test_the_heartbeat_counts_up_once_a_second():
    async def steps():
        times = iter([0, 500_000_000, 1_000_000_000])
        async with SunSpecServer([Tank()]) as server:
            client = SunSpecDevice(ModbusConnection("127.0.0.1", server.ports[0]), now_ns=lambda: next(times))
            await client.open()
            beats = []
            for _ in range(3):
                await client.write(DeviceCommand(power_kw=1.0))
                beats.append(server.sites[0].converter.controller.value("ControllerHb"))
            await client.close()
        return beats

    assert asyncio.run(steps()) == [1.0, 1.0, 2.0]


def test_it_must_be_opened_first():
    async def steps():
        client = SunSpecDevice(ModbusConnection("127.0.0.1", 1), now_ns=lambda: 0)
        with pytest.raises(DeviceUnavailableError, match="open"):
            await client.read()
        with pytest.raises(DeviceUnavailableError, match="refused"):
            await client.open()
        await client.close()

    asyncio.run(steps())
