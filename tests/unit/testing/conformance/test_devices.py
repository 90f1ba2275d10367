"""A suite that cannot fail proves nothing: each check refuses an adapter that is broken in its one point."""

import asyncio
import dataclasses

import numpy as np
import pytest

from battuta.adapters.devices.simulated.site_client import simulated_site
from battuta.adapters.devices.sunspec.mapping import Conventions
from battuta.domain.command import DeviceCommand
from battuta.domain.errors import DeviceChangedError, DeviceUnavailableError
from battuta.domain.image import Signal
from battuta.ports.device import CellReadings, Readings
from battuta.testing.conformance import devices
from conformance.sunspec_bench import SunSpecBench


class Wrapped:
    """A sound device that subclasses break."""

    def __init__(self, inner):
        self.inner = inner

    def __getattr__(self, name):
        return getattr(self.inner, name)


class SignTurned(Wrapped):
    async def write(self, command):
        await self.inner.write(dataclasses.replace(command, power_kw=-command.power_kw))


class MeterTurned(Wrapped):
    async def read(self):
        readings = await self.inner.read()
        readings.values[Signal.METER_POWER_KW] *= -1.0
        return readings


class Adding(Wrapped):
    power_kw = 0.0

    async def write(self, command):
        self.power_kw += command.power_kw
        await self.inner.write(DeviceCommand(power_kw=self.power_kw))


class ZeroForMissing(Wrapped):
    async def read(self):
        readings = await self.inner.read()
        return Readings(values=np.nan_to_num(readings.values), measured_ns=readings.measured_ns)


class Unstamped(Wrapped):
    async def read(self):
        readings = await self.inner.read()
        return Readings(values=readings.values, measured_ns=np.minimum(readings.measured_ns, 0))


class StandingStamps(Wrapped):
    async def read(self):
        readings = await self.inner.read()
        return Readings(values=readings.values, measured_ns=np.minimum(readings.measured_ns, 1))


class OtherFrequency(Wrapped):
    async def read_frequency_hz(self):
        return 60.0


class Patient(Wrapped):
    async def read(self):
        try:
            return await self.inner.read()
        except DeviceUnavailableError:
            await asyncio.sleep(0.4)
            raise


class LastValue(Wrapped):
    last = None

    async def read(self):
        try:
            self.last = await self.inner.read()
        except DeviceUnavailableError:
            return self.last
        return self.last


class GivingUp(Wrapped):
    generation = None

    async def read(self):
        connection = self.inner.parts[0].device.connection
        if self.generation not in {None, connection.generation} or not connection._client.connected:
            message = "once and for all"
            raise DeviceUnavailableError(message)
        self.generation = connection.generation
        return await self.inner.read()


class Trusting(Wrapped):
    async def read(self):
        try:
            return await self.inner.read()
        except DeviceChangedError:
            await self.inner.open()
            return await self.inner.read()


class Reopening(Wrapped):
    async def write(self, command):
        try:
            await self.inner.write(command)
        except DeviceChangedError:
            await self.inner.open()
            await self.inner.write(command)


class Parting(Wrapped):
    async def close(self):
        await self.inner.write(DeviceCommand(power_kw=0.0))
        await self.inner.close()


class Growing(Wrapped):
    n_cells = 0

    async def read_cells(self):
        self.n_cells += 1
        return (CellReadings(current_a=0.0, voltage_v=np.zeros(self.n_cells), temperature_c=np.zeros(1)),)


class BrokenBench(SunSpecBench):
    def __init__(self, kind):
        super().__init__()
        self.kind = kind

    def device(self, *, deadline_s=1.0):
        return self.kind(super().device(deadline_s=deadline_s))


@pytest.mark.parametrize(
    ("check", "kind"),
    [
        (devices.positive_power_lowers_soc, SignTurned),
        (devices.negative_power_raises_soc, SignTurned),
        (devices.setpoint_reaches_the_plant, SignTurned),
        (devices.meter_follows_the_converter, MeterTurned),
        (devices.write_is_idempotent, Adding),
        (devices.readings_have_their_shape, Unstamped),
        (devices.stamps_move, StandingStamps),
        (devices.missing_is_nan, ZeroForMissing),
        (devices.lost_scale_is_nan, ZeroForMissing),
        (devices.frequency_is_read_alone, OtherFrequency),
        (devices.deadline_is_kept, Patient),
        (devices.deadline_is_kept, LastValue),
        (devices.reconnects, GivingUp),
        (devices.exchange_is_noticed, Trusting),
        (devices.exchange_is_noticed, Reopening),
        (devices.close_writes_nothing, Parting),
        (devices.cells_keep_their_shape, Growing),
    ],
)
def test_a_broken_adapter_is_refused(check, kind):
    with pytest.raises(AssertionError):
        asyncio.run(devices.perform(check, BrokenBench(kind)))


class NeverLettingGo(SunSpecBench):
    def device(self, *, deadline_s=1.0):
        conventions = Conventions(reversion_s=100_000)
        return simulated_site("127.0.0.1", self.server.ports[0], now_ns=lambda: 1, conventions=conventions)


def test_a_device_that_never_lets_go_is_refused():
    with pytest.raises(AssertionError, match="still asked"):
        asyncio.run(devices.perform(devices.dead_controller_is_let_go, NeverLettingGo()))


def test_what_a_bench_cannot_do_is_said():
    class Simple(SunSpecBench):
        async def hang(self):
            raise NotImplementedError

    outcome = asyncio.run(devices.perform(devices.deadline_is_kept, Simple()))
    assert outcome.startswith("not possible")


def test_every_check_is_in_the_list():
    public = {value for name, value in vars(devices).items() if asyncio.iscoroutinefunction(value) and name[0] != "_"}
    assert public - {devices.perform} == set(devices.CHECKS)
