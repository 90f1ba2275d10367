"""Clients that share no line with ours read the simulated sites: pysunspec2's own, and mbpoll (libmodbus)."""

import asyncio
import shutil

import pytest
from sunspec2.modbus.client import SunSpecModbusClientDeviceTCP

from battuta.adapters.devices.simulated.sunspec_server import (
    BATTERY_UNIT,
    CHILLER_UNIT,
    CONVERTER_UNIT,
    METER_UNIT,
    SunSpecServer,
)
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

    assert run_against(use) == [[1, 701, 702, 704, 715], [1, 802, 803, 804, 805], [1, 213]]


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
