"""A device by its register map, against the simulated chiller on a real socket."""

import asyncio
import math

import pytest

from battuta.adapters.devices.modbus.connection import ModbusConnection
from battuta.adapters.devices.register_map.client import RegisterMapDevice
from battuta.adapters.devices.register_map.map_file import parse, shipped
from battuta.adapters.devices.simulated.sunspec_server import AUXILIARY_UNIT, CHILLER_UNIT, SunSpecServer
from battuta.domain.command import DeviceCommand
from battuta.domain.errors import DeviceChangedError, DeviceUnavailableError
from battuta.domain.image import Signal, Source
from conformance.tank import Tank


def run_against(use, unit=CHILLER_UNIT, register_map=None):
    async def steps():
        tank = Tank()
        async with SunSpecServer([tank]) as server:
            client = RegisterMapDevice(
                ModbusConnection("127.0.0.1", server.ports[0]),
                unit,
                register_map or shipped("chiller"),
                now_ns=lambda: 42,
                deadline_s=0.5,
            )
            await client.open()
            try:
                return await use(client, tank, server)
            finally:
                await client.close()

    return asyncio.run(steps())


def test_signals_are_read_in_their_units():
    async def use(client, tank, server):
        tank.values[Signal.COOLANT_LEAK] = 1.0
        server.refresh()
        return await client.read(), await client.read_cells(), await client.read_frequency_hz()

    readings, cells, frequency_hz = run_against(use)
    assert readings.values[Signal.COOLANT_TEMPERATURE_C] == pytest.approx(18.5)
    assert readings.values[Signal.AMBIENT_TEMPERATURE_C] == pytest.approx(-4.5)
    assert readings.values[Signal.CHILLER_POWER_KW] == pytest.approx(3.25)
    assert readings.values[Signal.COOLANT_LEAK] == 1.0
    assert math.isnan(readings.values[Signal.METER_POWER_KW])
    assert readings.measured_ns.tolist() == [0, 0, 0, 42, 0]
    assert (cells, math.isnan(frequency_hz)) == ((), True)


def test_missing_values_are_nan():
    async def use(client, tank, server):
        server.sites[0].chiller.image.write(20, [0x8000])
        return (await client.read()).values

    assert math.isnan(run_against(use)[Signal.COOLANT_TEMPERATURE_C])


def test_a_setpoint_is_written_and_nan_leaves_it():
    async def use(client, tank, server):
        await client.write(DeviceCommand(power_kw=1.0, chiller_setpoint_c=16.5))
        await client.write(DeviceCommand(power_kw=1.0))
        server.refresh()
        return tank.command, (await client.read()).values

    command, values = run_against(use)
    assert command.chiller_setpoint_c == pytest.approx(16.5)
    assert command.power_kw == 0.0
    assert values[Signal.CHILLER_SETPOINT_C] == pytest.approx(16.5)


def test_values_that_are_no_signal_are_read_and_written_by_name():
    async def use(client, tank, server):
        await client.write_value("mode", 1.0)
        with pytest.raises(KeyError, match="flow"):
            await client.write_value("flow", 1.0)
        return await client.read_all()

    assert run_against(use)["mode"] == 1.0


def test_floats_with_the_low_word_first():
    async def use(client, tank, server):
        return await client.read()

    readings = run_against(use, AUXILIARY_UNIT, shipped("auxiliary_meter"))
    assert readings.values[Signal.AUXILIARY_POWER_KW] == 5.0
    assert math.isnan(readings.values[Signal.LOAD_KW])
    assert readings.measured_ns[Source.METER] == 42


def test_a_frequency_of_a_map_is_read_alone():
    text = 'name = "x"\n[[register]]\nname = "f"\naddress = 20\nscale = 0.1\nsignal = "frequency_hz"'

    async def use(client, tank, server):
        return await client.read_frequency_hz()

    assert run_against(use, register_map=parse(text, "x.toml")) == pytest.approx(18.5)


def test_an_exchanged_device_is_noticed():
    async def use(client, tank, server):
        await client.read()
        server.sites[0].chiller.image.write(0, [1, 2, 3, 4])
        for _ in range(9):
            await client.read()
        with pytest.raises(DeviceChangedError):
            await client.read()
        with pytest.raises(DeviceChangedError):
            await client.write(DeviceCommand(power_kw=0.0, chiller_setpoint_c=10.0))
        await client.open()
        await client.write(DeviceCommand(power_kw=0.0, chiller_setpoint_c=11.0))
        return tank.command.chiller_setpoint_c

    assert run_against(use) == pytest.approx(11.0)


def test_it_must_be_opened_first():
    async def steps():
        client = RegisterMapDevice(ModbusConnection("127.0.0.1", 1), 1, shipped("chiller"), now_ns=lambda: 0)
        with pytest.raises(DeviceUnavailableError, match="open"):
            await client.read()

    asyncio.run(steps())
