"""The bench of the SunSpec client: a tank behind the simulated server, over a real socket, under a hand-moved clock."""

import time

from battuta.adapters.devices.modbus.connection import ModbusConnection
from battuta.adapters.devices.simulated.site_client import simulated_site
from battuta.adapters.devices.simulated.sunspec_server import CONVERTER_UNIT, SunSpecServer
from battuta.adapters.devices.sunspec.client import SunSpecDevice
from battuta.domain.image import Signal
from conformance.tank import Tank


class SunSpecBench:
    def __init__(self):
        self.power_kw = 200.0
        self.apparent_power_kva = 1000.0
        self.tank = Tank()
        self.elapsed_ns = 0
        self.server = SunSpecServer([self.tank], now_ns=lambda: self.elapsed_ns)

    @property
    def site(self):
        return self.server.sites[0]

    async def start(self):
        await self.server.start()

    async def stop(self):
        await self.server.stop()

    def device(self, *, deadline_s=1.0):
        return simulated_site("127.0.0.1", self.server.ports[0], now_ns=time.time_ns, deadline_s=deadline_s)

    def converter(self, *, deadline_s=1.0):
        connection = ModbusConnection("127.0.0.1", self.server.ports[0])
        return SunSpecDevice(connection, CONVERTER_UNIT, now_ns=time.time_ns, deadline_s=deadline_s)

    def soc(self):
        return self.tank.soc

    def asked_power_kw(self):
        return self.tank.command.power_kw

    def asked_reactive_kvar(self):
        return self.tank.command.reactive_kvar

    async def set_voltage_pu(self, voltage_pu):
        self.tank.values[Signal.METER_VOLTAGE_PU] = voltage_pu
        self.server.refresh()

    async def permit_service(self, *, is_permitted):
        service = self.site.converter.service
        service.model.set_value("ES", is_permitted)
        service.written()
        self.tank.apply(self.site.command)

    async def elapse(self, duration_s):
        self.elapsed_ns += int(duration_s * 1e9)
        self.tank.advance(duration_s)
        self.server.refresh()

    async def hide(self, signal):
        self.site.show()
        if signal is Signal.SOC:
            self.site.battery.bank.put("SoC", [0xFFFF])
        else:
            self.site.converter.measured.put("W", [0x8000])

    async def hide_scale(self, signal):
        assert signal is Signal.CONVERTER_POWER_KW
        self.site.show()
        self.site.converter.measured.put("W_SF", [0x8000])

    async def hang(self):
        self.site.silent_units.update(self.site.images)

    async def restart(self):
        await self.server.stop()
        await self.server.start()

    async def exchange(self):
        self.site.converter.common.set_text("SN", "ANOTHER")


class StoreBench(SunSpecBench):
    """A site whose battery has no models of its own kind: charge and energy are those of model 713."""

    async def start(self):
        self.site.battery.bank.put("ID", [64802])
        await super().start()

    async def hide(self, signal):
        await super().hide(signal)
        if signal is Signal.SOC:
            self.site.battery.storage.put("SoC", [0xFFFF])
