"""A site made of several devices: each has its own deadline, and a dead chiller does not take the meter with it."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from battuta.domain.command import DeviceCommand
from battuta.domain.errors import DeviceChangedError, DeviceError, DeviceUnavailableError, UsageError
from battuta.domain.image import N_SIGNALS, N_SOURCES, Signal
from battuta.ports.device import CellReadings, Device, Readings

_NS_PER_S = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One device of a site.

    Attributes
    ----------
    name : str
        What operators call it.
    device : Device
        The device.
    is_required : bool
        Whether the site cannot run without it: without the converter it cannot, without the chiller it can for a while.
    """

    name: str
    device: Device
    is_required: bool = True


class ModbusSite:
    """`battuta.ports.device.Device` composed of others.

    A signal that several parts have is taken from the first of them. A part that is silent leaves NaN and its old time
    stamp, and is asked again after a pause; a required part that was exchanged stops the site.

    Parameters
    ----------
    parts : sequence of Part
        In the order of trust: the meter before the converter, whose frequency then is not used.
    now_ns : callable
        Says the time. [ns]
    retry_s : float
        Pause before a silent part is asked again. [s]
    patience_s : float
        How long a reading waits for parts that are not required; what comes later is in the next reading. [s]
    """

    def __init__(
        self, parts: Sequence[Part], *, now_ns: Callable[[], int], retry_s: float = 5.0, patience_s: float = 0.05
    ) -> None:
        if not parts:
            message = "a site needs at least one part"
            raise UsageError(message)
        self.parts = tuple(parts)
        self.faults: dict[str, DeviceError] = {}
        """The last error of each part that does not answer now, by its name."""
        self._now_ns = now_ns
        self._retry_ns = int(retry_s * _NS_PER_S)
        self._patience_s = patience_s
        self._opened: set[int] = set()
        self._next_ns: dict[int, int] = {}
        self._running: dict[int, asyncio.Task[Readings]] = {}
        self._owner = np.full(N_SIGNALS, len(self.parts))
        self._witness = np.full(N_SOURCES, len(self.parts))
        self._measured_ns = np.zeros(N_SOURCES, dtype=np.int64)

    async def open(self) -> None:
        """Open all parts; those that are not required may come later.

        Raises
        ------
        DeviceError
            If a required part cannot be opened.
        """
        await self._stop_reading()
        self._opened.clear()
        self._next_ns.clear()
        self.faults.clear()
        self._owner[:] = len(self.parts)
        self._witness[:] = len(self.parts)
        self._measured_ns[:] = 0
        for index, part in enumerate(self.parts):
            try:
                await part.device.open()
            except DeviceError as error:
                self._failed(index, error)
                if part.is_required:
                    raise
            else:
                self._opened.add(index)

    async def read(self) -> Readings:
        """Read all parts at once.

        Returns
        -------
        Readings
            NaN and old stamps for parts that are silent.

        Raises
        ------
        DeviceChangedError
            If a required part is not the one that was opened.
        DeviceUnavailableError
            If no part answered.
        """
        started = {index for index in range(len(self.parts)) if self._is_due(index)} - set(self._running)
        for index in started:
            self._running[index] = asyncio.create_task(self._read_part(index), name=self.parts[index].name)
        required = [task for index, task in self._running.items() if self.parts[index].is_required]
        if others := [task for index, task in self._running.items() if not self.parts[index].is_required]:
            await asyncio.wait(others, timeout=self._patience_s)
        if required:
            await asyncio.wait(required)
        fresh = self._collect()
        if not fresh:
            raise DeviceUnavailableError(self._say_faults("no part of the site answered"))
        return self._merge(fresh)

    def _is_due(self, index: int) -> bool:
        return self._now_ns() >= self._next_ns.get(index, -(2**63))

    async def _read_part(self, index: int) -> Readings:
        part = self.parts[index]
        if index not in self._opened:
            await part.device.open()
            self._opened.add(index)
        return await part.device.read()

    def _collect(self) -> dict[int, Readings]:
        """Take what the parts said until now."""
        fresh: dict[int, Readings] = {}
        changed: DeviceChangedError | None = None
        for index, task in list(self._running.items()):
            if not task.done():
                continue
            del self._running[index]
            try:
                fresh[index] = task.result()
            except DeviceError as error:
                self._failed(index, error)
                if isinstance(error, DeviceChangedError) and self.parts[index].is_required:
                    changed = error
            else:
                self.faults.pop(self.parts[index].name, None)
        if changed is not None:
            raise changed
        return fresh

    def _failed(self, index: int, error: DeviceError) -> None:
        part = self.parts[index]
        self.faults[part.name] = error
        if not part.is_required:
            self._next_ns[index] = self._now_ns() + self._retry_ns

    def _merge(self, fresh: dict[int, Readings]) -> Readings:
        values = np.full(N_SIGNALS, np.nan)
        for index in sorted(fresh):
            readings = fresh[index]
            known = ~np.isnan(readings.values)
            self._owner[known] = np.minimum(self._owner[known], index)
            own = known & (self._owner == index)
            values[own] = readings.values[own]
            spoke = readings.measured_ns > 0
            self._witness[spoke] = np.minimum(self._witness[spoke], index)
            stamped = spoke & (self._witness == index)
            self._measured_ns[stamped] = readings.measured_ns[stamped]
        return Readings(values=values, measured_ns=self._measured_ns.copy())

    async def read_frequency_hz(self) -> float:
        """Read the frequency alone, from the part that it is taken from. [Hz]"""
        index = int(self._owner[Signal.FREQUENCY_HZ])
        if index < len(self.parts):
            return await self.parts[index].device.read_frequency_hz()
        for index in sorted(self._opened):
            frequency_hz = await self.parts[index].device.read_frequency_hz()
            if not math.isnan(frequency_hz):
                self._owner[Signal.FREQUENCY_HZ] = index
                return frequency_hz
        return math.nan

    async def read_cells(self) -> tuple[CellReadings, ...]:
        """Read cell voltages and temperatures of all parts, one entry per string."""
        strings: list[CellReadings] = []
        for index in sorted(self._opened):
            if self.parts[index].name not in self.faults or self.parts[index].is_required:
                strings.extend(await self.parts[index].device.read_cells())
        return tuple(strings)

    async def write(self, command: DeviceCommand) -> None:
        """Write a command to all parts, required ones first.

        A part that is not required and fails is named in `faults`: a dead chiller must not look like a power that was
        not written.

        Raises
        ------
        DeviceError
            If a required part did not take it.
        """
        for is_required in (True, False):
            for index, part in enumerate(self.parts):
                if part.is_required is not is_required or not (is_required or self._is_due(index)):
                    continue
                try:
                    await part.device.write(command)
                except DeviceError as error:
                    self._failed(index, error)
                    if is_required:
                        raise

    async def close(self) -> None:
        """Let go of all parts; writes nothing."""
        await self._stop_reading()
        for part in self.parts:
            await part.device.close()

    async def _stop_reading(self) -> None:
        running, self._running = self._running, {}
        for task in running.values():
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, DeviceError):
                await task

    def _say_faults(self, what: str) -> str:
        return "; ".join([what, *(f"{name}: {error}" for name, error in self.faults.items())])
