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
from battuta.physics.grid_connection import ReactiveLaw, ReactiveMode
from conformance.tank import Tank

LAW = ReactiveLaw(
    mode=ReactiveMode.Q_OF_V, curve_v_pu=(0.92, 0.98, 1.02, 1.08), curve_q_pu=(0.44, 0.0, 0.0, -0.44), q_pu_max=0.44
)


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


def test_power_is_not_commanded_where_service_is_not_permitted():
    async def use(client, tank, server):
        converter = server.sites[0].converter
        await client.write(DeviceCommand(power_kw=10.0))
        converter.service.model.set_value("ES", 0)
        await client.read()
        with pytest.raises(DeviceError, match=r"may not enter service.*10 kW and -3 kvar"):
            await client.write(DeviceCommand(power_kw=10.0, reactive_kvar=-3.0))
        await client.write(DeviceCommand(power_kw=0.0))
        return converter.controls.value("WSet")

    assert run_against(use) == 0.0


def test_a_device_that_is_held_when_it_is_opened_is_known_to_be_held():
    async def steps():
        async with SunSpecServer([Tank()]) as server:
            server.sites[0].converter.service.model.set_value("ES", 0)
            client = device(server, CONVERTER_UNIT)
            await client.open()
            with pytest.raises(DeviceError, match="may not enter service"):
                await client.write(DeviceCommand(power_kw=10.0))
            await client.close()

    asyncio.run(steps())


def test_a_law_is_handed_over_and_the_device_holds_the_voltage():
    async def use(client, tank, server):
        await client.write(DeviceCommand(power_kw=0.0, reactive_kvar=50.0))
        tank.values[Signal.METER_VOLTAGE_PU] = 1.05
        await client.adopt_volt_var(LAW)
        server.refresh()
        held = tank.command.reactive_kvar
        functions = await client.read_functions()
        await client.leave_volt_var()
        return held, functions.of(705), tank.command.reactive_kvar

    held, entry, after = run_against(use)
    assert held == pytest.approx(-220.0), "half way down the slope, 44 % of 1000 kVA at its end"
    assert (entry.is_enabled, entry.curves[0].points[0]) == (True, pytest.approx((0.92, 0.44)))
    assert after == 0.0, "the Q that was commanded before was taken back"


def test_a_law_is_moved_to_the_nominal_voltage_of_the_device():
    async def use(client, tank, server):
        await client.adopt_volt_var(LAW)
        return (await client.read_functions()).of(705).curves[0].points[0][0]

    assert run_against(use, conventions=Conventions(nominal_voltage_v=420.0)) == pytest.approx(0.92 * 1.05)


def test_a_law_is_not_handed_to_a_device_in_local_control_or_without_curves():
    async def use(client, tank, server):
        server.sites[0].converter.controller.set_value("LocRemCtl", 1)
        await client.read()
        with pytest.raises(DeviceError, match="local control"):
            await client.adopt_volt_var(LAW)
        return server.sites[0].converter.volt_var.is_enabled

    assert run_against(use) is False

    async def without(client, tank, server):
        with pytest.raises(DeviceError, match="no model 705"):
            await client.adopt_volt_var(LAW)
        with pytest.raises(DeviceError, match="no model 705"):
            await client.leave_volt_var()
        return await client.read_functions()

    assert run_against(without, METER_UNIT).entries == ()


def test_store_and_dc_side_are_read():
    async def use(client, tank, server):
        return await client.read_storage(), await client.read_dc_ports(), tank

    storage, ports, _ = run_against(use, BATTERY_UNIT)
    assert storage.energy_kwh_available == pytest.approx(1000.0, abs=10.0)
    assert (storage.soc, ports) == (pytest.approx(0.5), ())
    storage, (port,), tank = run_against(use, CONVERTER_UNIT)
    assert storage is None
    expected_kw = sum(string.current_a * string.voltage_v.sum() for string in tank.cells()) / 1000.0
    assert port.power_kw == pytest.approx(expected_kw, abs=0.1)
    assert port.current_a == pytest.approx(201.0, abs=1.0)


def test_without_a_battery_model_the_charge_comes_from_the_store():
    async def steps():
        async with SunSpecServer([Tank()]) as server:
            battery = server.sites[0].battery
            battery.bank.put("ID", [64802])
            battery.storage.set_value("SoC", 37.0)
            client = device(server, BATTERY_UNIT)
            await client.open()
            server.sites[0].show()
            battery.storage.set_value("SoC", 37.0)
            values = (await client.read()).values
            await client.close()
        return values

    assert asyncio.run(steps())[Signal.SOC] == pytest.approx(0.37)


def test_strings_are_opened_even_where_power_is_refused():
    async def steps():
        server = SunSpecServer([Tank()])
        converter = server.sites[0].converter
        battery = converter.image.add(802, {"SoC_SF": -2})
        battery.set_value("SetOp", 1)
        battery.allow_writing("SetOp")
        async with server:
            client = device(server, CONVERTER_UNIT)
            await client.open()
            converter.controller.set_value("LocRemCtl", 1)
            await client.read()
            with pytest.raises(DeviceError, match="local control"):
                await client.write(DeviceCommand(power_kw=0.0, open_strings=True))
            await client.close()
        return battery.value("SetOp")

    assert asyncio.run(steps()) == 2.0
