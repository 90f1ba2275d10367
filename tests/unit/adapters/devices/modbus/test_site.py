"""A site of several devices: what is silent is missing, what speaks is not."""

import asyncio
import math

import numpy as np
import pytest

from battuta.adapters.devices.modbus.site import ModbusSite, Part
from battuta.domain.command import DeviceCommand
from battuta.domain.errors import DeviceChangedError, DeviceUnavailableError, UsageError
from battuta.domain.image import N_SIGNALS, N_SOURCES, Signal, Source
from battuta.ports.device import CellReadings, Readings


class Scripted:
    """A device that says what a test puts into it."""

    def __init__(self, said, *, error=None):
        self.said = said
        self.error = error
        self.time_ns = 0
        self.n_reads = 0
        self.n_opened = 0
        self.written = []
        self.gate = None
        self.closed = False

    def _fail(self):
        if self.error is not None:
            raise self.error

    async def open(self):
        self.n_opened += 1
        self._fail()

    async def read(self):
        self.n_reads += 1
        if self.gate is not None:
            await self.gate.wait()
        self._fail()
        self.time_ns += 100
        values = np.full(N_SIGNALS, np.nan)
        measured_ns = np.zeros(N_SOURCES, dtype=np.int64)
        for signal, value in self.said.items():
            values[signal] = value
            measured_ns[Source.METER if signal < Signal.CONVERTER_POWER_KW else Source.CHILLER] = self.time_ns
        return Readings(values=values, measured_ns=measured_ns)

    async def read_frequency_hz(self):
        return self.said.get(Signal.FREQUENCY_HZ, math.nan)

    async def read_cells(self):
        return (CellReadings(current_a=1.0, voltage_v=np.zeros(1), temperature_c=np.zeros(1)),)

    async def write(self, command):
        self._fail()
        self.written.append(command)

    async def close(self):
        self.closed = True


SILENT = DeviceUnavailableError("no answer")


def site_of(*devices, required=(True, False), **options):
    names = ("meter", "chiller", "third")
    clock = {"ns": 0}
    parts = [
        Part(name=name, device=device, is_required=needed)
        for name, device, needed in zip(names, devices, required, strict=False)
    ]
    return ModbusSite(parts, now_ns=lambda: clock["ns"], **options), clock


def meter():
    return Scripted({Signal.METER_POWER_KW: 40.0, Signal.FREQUENCY_HZ: 49.98})


def chiller():
    return Scripted({Signal.COOLANT_TEMPERATURE_C: 18.0})


def test_parts_are_joined_to_one_reading():
    async def steps():
        site, _ = site_of(meter(), chiller())
        await site.open()
        readings = await site.read()
        frequency_hz, cells = await site.read_frequency_hz(), await site.read_cells()
        await site.close()
        return readings, frequency_hz, cells

    readings, frequency_hz, cells = asyncio.run(steps())
    assert readings.values[Signal.METER_POWER_KW] == 40.0
    assert readings.values[Signal.COOLANT_TEMPERATURE_C] == 18.0
    assert readings.measured_ns[Source.METER] == readings.measured_ns[Source.CHILLER] == 100
    assert frequency_hz == 49.98
    assert len(cells) == 2


def test_a_dead_chiller_does_not_take_the_meter_with_it():
    async def steps():
        cold = chiller()
        site, clock = site_of(meter(), cold, retry_s=5.0)
        await site.open()
        await site.read()
        cold.error = SILENT
        dead = await site.read()
        asked = cold.n_reads
        await site.read()
        assert cold.n_reads == asked, "a silent part is left alone for a while"
        assert list(site.faults) == ["chiller"]
        clock["ns"] = 5_000_000_000
        cold.error = None
        again = await site.read()
        await site.close()
        return dead, again, site.faults

    dead, again, faults = asyncio.run(steps())
    assert math.isnan(dead.values[Signal.COOLANT_TEMPERATURE_C])
    assert dead.measured_ns[Source.CHILLER] == 100, "its stamp is the old one"
    assert dead.values[Signal.METER_POWER_KW] == 40.0
    assert dead.measured_ns[Source.METER] == 200
    assert again.values[Signal.COOLANT_TEMPERATURE_C] == 18.0
    assert not faults


def test_a_slow_chiller_does_not_hold_up_the_meter():
    async def steps():
        cold = chiller()
        cold.gate = asyncio.Event()
        site, _ = site_of(meter(), cold, patience_s=0.001)
        await site.open()
        early = await site.read()
        cold.gate.set()
        late = await site.read()
        cold.gate.clear()
        await site.read()
        await site.close()
        return early, late, cold

    early, late, cold = asyncio.run(steps())
    assert early.values[Signal.METER_POWER_KW] == 40.0
    assert math.isnan(early.values[Signal.COOLANT_TEMPERATURE_C])
    assert late.values[Signal.COOLANT_TEMPERATURE_C] == 18.0
    assert cold.closed


def test_a_part_that_is_not_there_at_first_may_come_later():
    async def steps():
        cold = chiller()
        cold.error = SILENT
        site, clock = site_of(meter(), cold)
        await site.open()
        clock["ns"] = 10_000_000_000
        cold.error = None
        readings = await site.read()
        await site.close()
        return readings

    assert asyncio.run(steps()).values[Signal.COOLANT_TEMPERATURE_C] == 18.0


def test_a_required_part_must_be_there():
    async def steps():
        absent = meter()
        absent.error = SILENT
        site, _ = site_of(absent, chiller())
        with pytest.raises(DeviceUnavailableError):
            await site.open()
        await site.close()

    asyncio.run(steps())


def test_a_required_part_that_was_exchanged_stops_the_site_and_another_does_not():
    async def steps(which):
        devices = [meter(), chiller()]
        site, _ = site_of(*devices)
        await site.open()
        await site.read()
        devices[which].error = DeviceChangedError("another one")
        try:
            return await site.read()
        finally:
            await site.close()

    with pytest.raises(DeviceChangedError):
        asyncio.run(steps(0))
    assert asyncio.run(steps(1)).values[Signal.METER_POWER_KW] == 40.0


def test_a_signal_comes_from_the_first_part_that_has_it_even_when_that_is_silent():
    async def steps():
        first, second = meter(), Scripted({Signal.FREQUENCY_HZ: 50.02})
        site, _ = site_of(first, second, required=(True, True))
        await site.open()
        both = await site.read()
        first.error = SILENT
        one = await site.read()
        await site.close()
        return both, one

    both, one = asyncio.run(steps())
    assert both.values[Signal.FREQUENCY_HZ] == 49.98
    assert math.isnan(one.values[Signal.FREQUENCY_HZ])
    assert one.measured_ns[Source.METER] == 100


def test_nobody_there_is_an_error():
    async def steps():
        only = meter()
        site, _ = site_of(only)
        await site.open()
        only.error = SILENT
        with pytest.raises(DeviceUnavailableError, match="meter: no answer"):
            await site.read()
        await site.close()

    asyncio.run(steps())


def test_power_counts_as_written_though_the_chiller_is_dead():
    async def steps():
        converter, cold = meter(), chiller()
        site, _ = site_of(converter, cold)
        await site.open()
        cold.error = SILENT
        await site.write(DeviceCommand(power_kw=5.0, chiller_setpoint_c=18.0))
        assert list(site.faults) == ["chiller"]
        converter.error = SILENT
        with pytest.raises(DeviceUnavailableError):
            await site.write(DeviceCommand(power_kw=6.0))
        await site.close()
        return converter.written

    assert [command.power_kw for command in asyncio.run(steps())] == [5.0]


def test_a_site_without_parts_is_none():
    with pytest.raises(UsageError):
        ModbusSite([], now_ns=lambda: 0)
