"""All units of a simulated site as one device."""

import asyncio

import numpy as np
import pytest

from battuta.adapters.devices.simulated.site_client import simulated_site
from battuta.adapters.devices.simulated.sunspec_server import CHILLER_UNIT, SunSpecServer
from battuta.adapters.devices.sunspec.mapping import Conventions
from battuta.domain.command import DeviceCommand
from battuta.domain.image import N_SOURCES, Signal
from conformance.tank import Tank


def run_against(use, **options):
    async def steps():
        tank = Tank()
        async with SunSpecServer([tank]) as server:
            site = simulated_site("127.0.0.1", server.ports[0], now_ns=lambda: 5, **options)
            await site.open()
            try:
                return await use(site, tank, server)
            finally:
                await site.close()

    return asyncio.run(steps())


def test_everything_that_the_plant_measures_arrives():
    async def use(site, tank, server):
        return await site.read(), tank.readings(), await site.read_cells()

    readings, given, cells = run_against(use, conventions=Conventions(nominal_voltage_v=400.0))
    np.testing.assert_allclose(readings.values, given, rtol=1e-6, equal_nan=True)
    assert readings.measured_ns.tolist() == [5] * N_SOURCES
    assert [each.voltage_v.size for each in cells] == [20, 20]


def test_one_command_reaches_converter_and_chiller():
    async def use(site, tank, server):
        await site.write(DeviceCommand(power_kw=-75.0, chiller_setpoint_c=15.0))
        return tank.command

    command = run_against(use)
    assert (command.power_kw, command.chiller_setpoint_c) == (-75.0, pytest.approx(15.0))


def test_a_dead_chiller_costs_its_values_only():
    async def use(site, tank, server):
        server.sites[0].silent_units.add(CHILLER_UNIT)
        readings = await site.read()
        await site.write(DeviceCommand(power_kw=10.0, chiller_setpoint_c=15.0))
        return readings.values, tank.command.power_kw

    values, power_kw = run_against(use, deadline_s=0.1)
    assert np.isnan(values[Signal.COOLANT_TEMPERATURE_C])
    assert values[Signal.METER_POWER_KW] == pytest.approx(-5.0)
    assert power_kw == 10.0
