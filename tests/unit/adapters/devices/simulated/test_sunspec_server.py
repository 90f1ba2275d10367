"""The served sites: each on its port, all units, orders taken at once, nothing written where it must not be."""

import asyncio

import pytest

from battuta.adapters.devices.modbus.connection import ModbusConnection
from battuta.adapters.devices.simulated.site_plant import NamePlate
from battuta.adapters.devices.simulated.sunspec_server import BATTERY_UNIT, CONVERTER_UNIT, SunSpecServer
from battuta.domain.errors import DeviceError, DeviceUnavailableError, UsageError
from battuta.domain.image import Signal
from conformance.tank import Tank


def run_against(use, n_sites=1, **options):
    async def steps():
        tanks = [Tank() for _ in range(n_sites)]
        async with SunSpecServer(tanks, **options) as server:
            connections = [ModbusConnection("127.0.0.1", port) for port in server.ports]
            try:
                return await use(connections, tanks, server)
            finally:
                for connection in connections:
                    connection.close()

    return asyncio.run(steps())


def power_block(server, power_w, duration_s=10):
    return server.sites[0].converter.controls.address("WSetEna"), [
        *(1, 1),
        *divmod(power_w, 65536),
        *(0, 0, 0x8000, 0x8000, 1, 0, duration_s),
    ]


def test_an_order_reaches_its_own_site_at_once():
    async def use(connections, tanks, server):
        await connections[1].write(CONVERTER_UNIT, *power_block(server, 120_000))
        return [tank.command.power_kw for tank in tanks], len(set(server.ports))

    assert run_against(use, n_sites=3) == ([0.0, 120.0, 0.0], 3)


def test_an_order_that_is_not_renewed_runs_out_by_the_servers_clock():
    time_ns = [1]

    async def use(connections, tanks, server):
        await connections[0].write(CONVERTER_UNIT, *power_block(server, 120_000, duration_s=3))
        time_ns[0] += 2_999_999_999
        server.refresh()
        held = tanks[0].command.power_kw
        time_ns[0] += 1
        server.refresh()
        return held, tanks[0].command.power_kw

    assert run_against(use, now_ns=lambda: time_ns[0]) == (120.0, 0.0)


def test_what_is_measured_cannot_be_written():
    async def use(connections, tanks, server):
        address = server.sites[0].converter.measured.address("W")
        with pytest.raises(DeviceError, match="illegal data address"):
            await connections[0].write(CONVERTER_UNIT, address, [5])
        return tanks[0].n_applied

    assert run_against(use) == 0


def test_a_silent_unit_takes_no_orders():
    async def use(connections, tanks, server):
        server.sites[0].silent_units.add(CONVERTER_UNIT)
        connections[0].timeout_s = 0.02
        with pytest.raises(DeviceUnavailableError):
            await connections[0].write(CONVERTER_UNIT, *power_block(server, 1000))
        return tanks[0].n_applied

    assert run_against(use) == 0


def test_cells_are_asked_of_the_plant_only_when_a_client_asks():
    async def use(connections, tanks, server):
        asked = []
        given = tanks[0].cells
        tanks[0].cells = lambda: asked.append(1) or given()
        for _ in range(5):
            server.refresh()
        before = len(asked)
        for _ in range(3):
            await connections[0].read(2, 40000, 4)
        return before, len(asked)

    assert run_against(use) == (0, 1)


def test_the_dc_side_asks_for_cells_only_when_it_is_read_and_shares_them_with_the_battery():
    async def use(connections, tanks, server):
        asked = []
        given = tanks[0].cells
        tanks[0].cells = lambda: asked.append(1) or given()
        dc_side = server.sites[0].converter.dc_side
        server.refresh()
        counts = []
        for unit, address in ((CONVERTER_UNIT, 40000), (CONVERTER_UNIT, dc_side.address("DCW")), (BATTERY_UNIT, 40000)):
            await connections[0].read(unit, address, 4)
            counts.append(len(asked))
        server.refresh()
        await connections[0].read(CONVERTER_UNIT, dc_side.address("DCW"), 1)
        return [*counts, len(asked)]

    assert run_against(use) == [0, 1, 1, 2]


def test_a_curve_of_the_converter_moves_the_plant_without_a_client():
    async def use(connections, tanks, server):
        model = server.sites[0].converter.volt_var.model
        await connections[0].write(CONVERTER_UNIT, model.address("Crv.RspTms", 1), [0, 0])
        await connections[0].write(CONVERTER_UNIT, model.address("Crv.Pt.V", 8), [9000, 5000, 11000, 0x10000 - 5000])
        await connections[0].write(CONVERTER_UNIT, model.address("AdptCrvReq"), [2])
        await connections[0].write(CONVERTER_UNIT, model.address("Ena"), [1])
        asked = []
        for voltage_pu in (1.05, 0.98):
            tanks[0].values[Signal.METER_VOLTAGE_PU] = voltage_pu
            server.refresh()
            asked.append(tanks[0].command.reactive_kvar)
        return asked

    assert run_against(use) == pytest.approx([-250.0, 100.0])


def test_a_level_voltage_gives_no_new_orders():
    async def use(connections, tanks, server):
        for _ in range(5):
            server.refresh()
        return tanks[0].n_applied

    assert run_against(use) == 0


def test_it_comes_back_on_the_same_port():
    async def use(connections, tanks, server):
        before = server.ports
        await server.stop()
        with pytest.raises(DeviceUnavailableError):
            await connections[0].read(CONVERTER_UNIT, 40000, 2)
        await server.start()
        assert server.ports == before
        return await connections[0].read(CONVERTER_UNIT, 40000, 2)

    assert run_against(use) == [0x5375, 0x6E53]


def test_a_port_in_use_is_said():
    async def use(connections, tanks, server):
        second = SunSpecServer([Tank()], port_first=server.ports[0])
        with pytest.raises(DeviceUnavailableError, match="choose a free port"):
            await second.start()

    run_against(use)


def test_each_site_has_its_plate():
    with pytest.raises(UsageError, match="2 name plates for 1 sites"):
        SunSpecServer([Tank()], [NamePlate(), NamePlate()])
