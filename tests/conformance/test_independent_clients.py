"""Clients that share no line with ours read the simulated sites: pysunspec2's own, and mbpoll (libmodbus)."""

import asyncio
import shutil
import time

import pytest
from sunspec2.modbus.client import SunSpecModbusClientDeviceTCP

from battuta.adapters.devices.modbus.connection import ModbusConnection
from battuta.adapters.devices.simulated.sunspec_server import (
    BATTERY_UNIT,
    CHILLER_UNIT,
    CONVERTER_UNIT,
    METER_UNIT,
    SunSpecServer,
)
from battuta.adapters.devices.sunspec.client import SunSpecDevice
from battuta.domain.command import DeviceCommand
from battuta.domain.errors import DeviceError
from battuta.domain.image import Signal
from battuta.physics.grid_connection import ReactiveLaw, ReactiveMode
from conformance.tank import Tank
from conftest import require


def run_against(use):
    async def steps():
        tank = Tank()
        async with SunSpecServer([tank]) as server:
            return await use(server, tank)

    return asyncio.run(steps())


def scanned(port, unit, look):
    device = SunSpecModbusClientDeviceTCP(slave_id=unit, ipaddr="127.0.0.1", ipport=port, timeout=2)
    device.scan()
    try:
        return look(device)
    finally:
        device.close()


def test_pysunspec2_finds_all_models_of_all_units():
    def models(device):
        return [number for number in device.models if isinstance(number, int)]

    async def use(server, tank):
        units = (CONVERTER_UNIT, BATTERY_UNIT, METER_UNIT)
        return [await asyncio.to_thread(scanned, server.ports[0], unit, models) for unit in units]

    converter = [1, *range(701, 713), 714, 715]
    assert run_against(use) == [converter, [1, 713, 802, 803, 804, 805], [1, 213]]


def test_pysunspec2_reads_what_the_plant_measures():
    def look(device):
        (bank,), (first, *_), strings = device.models[802], device.models[805], device.models[804]
        cell = first.groups["lithium-ion-module-cell"][3]
        return (
            bank.points["SoC"].cvalue,
            cell.points["CellV"].cvalue,
            len(first.groups["lithium-ion-module-cell"]),
            [string.points["A"].cvalue for string in strings],
        )

    async def use(server, tank):
        return await asyncio.to_thread(scanned, server.ports[0], BATTERY_UNIT, look)

    soc, voltage_v, n_cells, current_a = run_against(use)
    assert (soc, n_cells) == (pytest.approx(50.0), 16)
    assert voltage_v == pytest.approx(3.303)
    assert current_a == pytest.approx([100.0, 101.0])


def test_pysunspec2_writes_a_setpoint_that_the_plant_follows():
    def order(device):
        controls = device.models[704][0]
        controls.points["WSetMod"].value = 1
        controls.points["WSet"].cvalue = -150_000
        controls.points["WSetEna"].value = 1
        controls.write()
        controls.read()
        return controls.points["WSet"].cvalue

    async def use(server, tank):
        held_w = await asyncio.to_thread(scanned, server.ports[0], CONVERTER_UNIT, order)
        return held_w, tank.command.power_kw

    assert run_against(use) == (-150_000, -150.0)


def test_pysunspec2_reads_store_strings_dc_side_and_functions():
    def battery(device):
        (storage,), (bank,) = device.models[713], device.models[803]
        return (
            [storage.points[name].cvalue for name in ("SoC", "WHRtg", "WHAvail", "SoH", "Sta")],
            [string.points["StrA"].cvalue for string in bank.groups["string"]],
            [string.points["StrCellVMax"].cvalue for string in bank.groups["string"]],
            bank.points["StrAAvg"].cvalue,
        )

    def converter(device):
        (service,), (dc_side,), (trip,), (droop,) = (device.models[number] for number in (703, 714, 709, 711))
        (port,) = dc_side.groups["Prt"]
        must_trip = trip.groups["Crv"][0].groups["MustTrip"]
        return (
            [service.points[name].cvalue for name in ("ES", "ESVHi", "ESVLo", "ESDlyTms")],
            [port.points[name].cvalue for name in ("IDStr", "DCW", "DCV", "DCA")],
            [must_trip.groups["Pt"][0].points[name].cvalue for name in ("Hz", "Tms")],
            [droop.points["Ena"].value, droop.groups["Ctl"][0].points["KOf"].cvalue],
        )

    async def use(server, tank):
        port = server.ports[0]
        return (
            await asyncio.to_thread(scanned, port, BATTERY_UNIT, battery),
            await asyncio.to_thread(scanned, port, CONVERTER_UNIT, converter),
            tank.cells(),
        )

    (storage, current_a, voltage_v_max, mean_a), (service, dc_port, trip, droop), cells = run_against(use)
    assert storage == [pytest.approx(50.0), pytest.approx(2e6), pytest.approx(1e6), None, 0]
    assert current_a == pytest.approx([100.0, 101.0])
    assert voltage_v_max == pytest.approx([3.319, 3.419])
    assert mean_a == pytest.approx(100.5)
    assert service == [1, pytest.approx(110.0), pytest.approx(85.0), 60]
    power_w = sum(each.current_a * each.voltage_v.sum() for each in cells)
    assert dc_port == ["battery", pytest.approx(power_w, abs=50.0), pytest.approx(67.2, abs=0.1), pytest.approx(201.0)]
    assert trip == pytest.approx([47.5, 0.1])
    assert droop == [0, pytest.approx(0.05)]


def test_pysunspec2_writes_a_curve_lets_it_be_adopted_and_enables_it():
    def hand_over(device):
        (volt_var,) = device.models[705]
        stored = volt_var.groups["Crv"][1]
        stored.points["ActPt"].value = 2
        stored.points["DeptRef"].value = 3
        stored.points["RspTms"].cvalue = 0
        for point, (voltage_percent, var_percent) in zip(stored.groups["Pt"], [(90, 50), (110, -50)], strict=False):
            point.points["V"].cvalue = voltage_percent
            point.points["Var"].cvalue = var_percent
        volt_var.write()
        volt_var.points["AdptCrvReq"].value = 2
        volt_var.write()
        volt_var.read()
        result = volt_var.points["AdptCrvRslt"].value
        volt_var.points["Ena"].value = 1
        volt_var.write()
        volt_var.read()
        adopted = volt_var.groups["Crv"][0]
        points = [[point.points[name].cvalue for name in ("V", "Var")] for point in adopted.groups["Pt"][:2]]
        return result, points

    async def use(server, tank):
        said = await asyncio.to_thread(scanned, server.ports[0], CONVERTER_UNIT, hand_over)
        tank.values[Signal.METER_VOLTAGE_PU] = 1.04
        server.refresh()
        return said, tank.command.reactive_kvar

    (result, points), reactive_kvar = run_against(use)
    assert result == 1
    assert points == [pytest.approx([90.0, 50.0]), pytest.approx([110.0, -50.0])]
    assert reactive_kvar == pytest.approx(-200.0)


def test_pysunspec2_reads_what_our_client_made_the_device_adopt():
    law = ReactiveLaw(
        mode=ReactiveMode.Q_OF_V, curve_v_pu=(0.92, 0.98, 1.02, 1.08), curve_q_pu=(0.44, 0.0, 0.0, -0.44), q_pu_max=0.44
    )

    def look(device):
        (volt_var,) = device.models[705]
        adopted = volt_var.groups["Crv"][0]
        points = [[point.points[name].cvalue for name in ("V", "Var")] for point in adopted.groups["Pt"]]
        return volt_var.points["Ena"].value, points[: adopted.points["ActPt"].value]

    async def use(server, tank):
        connection = ModbusConnection("127.0.0.1", server.ports[0])
        client = SunSpecDevice(connection, CONVERTER_UNIT, now_ns=time.time_ns)
        await client.open()
        await client.adopt_volt_var(law)
        await client.close()
        return await asyncio.to_thread(scanned, server.ports[0], CONVERTER_UNIT, look)

    enabled, points = run_against(use)
    assert enabled == 1
    assert points == [pytest.approx(each) for each in ([92.0, 44.0], [98.0, 0.0], [102.0, 0.0], [108.0, -44.0])]


def test_pysunspec2_takes_the_permission_away_and_the_plant_stops():
    def stop(device):
        (service,) = device.models[703]
        service.points["ES"].value = 0
        service.write()

    def connection_state(device):
        return device.models[701][0].points["ConnSt"].value

    async def use(server, tank):
        connection = ModbusConnection("127.0.0.1", server.ports[0])
        client = SunSpecDevice(connection, CONVERTER_UNIT, now_ns=time.time_ns)
        await client.open()
        await client.write(DeviceCommand(power_kw=100.0))
        before = tank.command.power_kw
        await asyncio.to_thread(scanned, server.ports[0], CONVERTER_UNIT, stop)
        server.refresh()
        connected = await asyncio.to_thread(scanned, server.ports[0], CONVERTER_UNIT, connection_state)
        await client.read()
        with pytest.raises(DeviceError, match="may not enter service"):
            await client.write(DeviceCommand(power_kw=100.0))
        await client.close()
        return before, tank.command.power_kw, connected

    assert run_against(use) == (100.0, 0.0, 0)


async def mbpoll(port, unit, *arguments):
    program = shutil.which("mbpoll")
    if program is None:
        require("mbpoll", "mbpoll is not installed; apt-get install mbpoll")
    process = await asyncio.create_subprocess_exec(
        *(program, "-q", "-0", "-1", "-B", "-m", "tcp", "-p", str(port), "-a", str(unit)),
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return output.decode()


def test_mbpoll_reads_the_marker_and_the_frequency():
    async def use(server, tank):
        tank.frequency_hz = 49.875
        server.refresh()
        address = server.sites[0].meter.meter.address("Hz")
        marker = await mbpoll(server.ports[0], METER_UNIT, "-t", "4:hex", "-r", "40000", "-c", "2", "127.0.0.1")
        frequency = await mbpoll(server.ports[0], METER_UNIT, "-t", "4:float", "-r", str(address), "127.0.0.1")
        return marker, frequency

    marker, frequency = run_against(use)
    assert "0x5375" in marker
    assert "0x6E53" in marker
    assert "49.875" in frequency


def test_mbpoll_writes_the_chillers_setpoint():
    async def use(server, tank):
        output = await mbpoll(server.ports[0], CHILLER_UNIT, "-t", "4", "-r", "11", "127.0.0.1", "155")
        return output, tank.command.chiller_setpoint_c

    output, setpoint_c = run_against(use)
    assert "Written 1" in output
    assert setpoint_c == pytest.approx(15.5)
