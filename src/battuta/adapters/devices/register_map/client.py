"""A Modbus device without a standard of its own: what its registers mean stands in a file."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from battuta.adapters.devices.modbus.connection import ModbusConnection, deadline
from battuta.adapters.devices.modbus.spans import spans
from battuta.adapters.devices.modbus.stamps import stamps
from battuta.adapters.devices.register_map.codec import registers_of, value_of
from battuta.adapters.devices.register_map.map_file import Register, RegisterMap
from battuta.domain.command import DeviceCommand
from battuta.domain.errors import DeviceChangedError, DeviceUnavailableError
from battuta.domain.image import N_SIGNALS, Signal
from battuta.ports.device import CellReadings, Readings

READS_PER_IDENTITY = 10


class RegisterMapDevice:
    """`battuta.ports.device.Device` of one Modbus unit by a register map.

    Parameters
    ----------
    connection : ModbusConnection
        The way to it; several devices may share one.
    unit : int
        Modbus unit id.
    register_map : RegisterMap
        What its registers mean.
    now_ns : callable
        Says the time that readings are stamped with. [ns]
    deadline_s : float
        Longest time that one call may take. [s]
    """

    def __init__(
        self,
        connection: ModbusConnection,
        unit: int,
        register_map: RegisterMap,
        *,
        now_ns: Callable[[], int],
        deadline_s: float = 1.0,
    ) -> None:
        self.connection = connection
        self.unit = unit
        self.register_map = register_map
        self.deadline_s = deadline_s
        self._now_ns = now_ns
        self._where = f"{register_map.name} {connection} unit {unit}"
        self._readable = [each for each in register_map.register_ if each.is_readable]
        self._requests = [
            (function, start, count)
            for function in (3, 4)
            for start, count in spans(
                [(each.address, each.n_registers) for each in self._readable if each.function == function], gap_max=0
            )
        ]
        self._identity: list[int] | None = None
        self._changed: DeviceChangedError | None = None
        self._generation = 0
        self._n_reads = 0

    async def open(self) -> None:
        """Connect and remember who it is, if the map says where that stands."""
        async with deadline(self.deadline_s, self._where):
            await self.connection.open()
            self._identity = await self._who()
            await self._read_all()
        self._generation = self.connection.generation
        self._changed = None
        self._n_reads = 0

    async def read(self) -> Readings:
        """Read all signals of the map once."""
        time_ns = self._now_ns()
        numbers = await self.read_all()
        values = np.full(N_SIGNALS, np.nan)
        for register in self._readable:
            if register.row is not None:
                values[register.row] = numbers[register.name]
        return Readings(values=values, measured_ns=stamps(values, time_ns))

    async def read_all(self) -> dict[str, float]:
        """Read all values of the map by their names, those that are no signal of the image too."""
        async with deadline(self.deadline_s, self._where):
            await self._same_device(is_due=self._n_reads % READS_PER_IDENTITY == 0)
            self._n_reads += 1
            return await self._read_all()

    async def _read_all(self) -> dict[str, float]:
        known: dict[tuple[int, int], int] = {}
        for function, start, count in self._requests:
            raw = await self.connection.read(self.unit, start, count, function=function)
            known |= {(function, start + k): value for k, value in enumerate(raw)}
        return {
            each.name: value_of(each, [known[each.function, each.address + k] for k in range(each.n_registers)])
            for each in self._readable
        }

    async def read_frequency_hz(self) -> float:
        """Read the frequency alone; NaN if the map has none. [Hz]"""
        for register in self._readable:
            if register.row is Signal.FREQUENCY_HZ:
                async with deadline(self.deadline_s, self._where):
                    await self._same_device()
                    raw = await self.connection.read(
                        self.unit, register.address, register.n_registers, function=register.function
                    )
                return value_of(register, raw)
        return math.nan

    async def read_cells(self) -> tuple[CellReadings, ...]:
        """No strings: a map names single values."""
        return ()

    async def write(self, command: DeviceCommand) -> None:
        """Write what the map takes of a command; returns when the device acknowledged it.

        Parameters
        ----------
        command : DeviceCommand
            Absolute setpoints; one that is NaN is left as it is.
        """
        asked = {
            "power_kw": command.power_kw,
            "reactive_kvar": command.reactive_kvar,
            "chiller_setpoint_c": command.chiller_setpoint_c,
        }
        for register in self.register_map.register_:
            if register.command is not None and not math.isnan(asked[register.command]):
                await self._write(register, asked[register.command])

    async def write_value(self, name: str, value: float) -> None:
        """Write one value of the map by its name, in its unit."""
        for register in self.register_map.register_:
            if register.name == name and register.access != "read":
                return await self._write(register, value)
        message = f"{self._where}: the map has no writable register {name!r}"
        raise KeyError(message)

    async def _write(self, register: Register, value: float) -> None:
        raw = registers_of(register, value)
        async with deadline(self.deadline_s, self._where):
            await self._same_device()
            await self.connection.write(self.unit, register.address, raw, generation=self._generation)

    async def close(self) -> None:
        """Let go; writes nothing."""
        self.connection.close()

    async def _who(self) -> list[int]:
        identity = self.register_map.identity
        if identity is None:
            return []
        return await self.connection.read(self.unit, identity.address, identity.n_registers, function=identity.function)

    async def _same_device(self, *, is_due: bool = False) -> None:
        if self._changed is not None:
            raise self._changed
        if self._identity is None:
            message = f"{self._where}: it was not opened yet; await open() first"
            raise DeviceUnavailableError(message)
        await self.connection.open()
        generation = self.connection.generation
        if not is_due and generation == self._generation:
            return
        found = await self._who()
        if found != self._identity:
            message = f"{self._where}: its identity was {self._identity} and is {found} now; check and open it anew"
            self._changed = DeviceChangedError(message)
            raise self._changed
        self._generation = generation
