"""The devices of one site as a conductor needs them: read what they say, write what the guard decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from battuta.domain.command import DeviceCommand
from battuta.numerics.arrays import FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Readings:
    """What the devices of one site said last.

    Attributes
    ----------
    values : ndarray, shape (n_signals,)
        One value per `battuta.domain.image.Signal` in its unit; NaN is missing.
    measured_ns : ndarray of int64, shape (n_sources,)
        When each `battuta.domain.image.Source` was read; 0 if it never was. [ns]
    """

    values: FloatArray
    measured_ns: IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellReadings:
    """Voltages and temperatures of the cells of one string.

    Attributes
    ----------
    current_a : float
        Current of the string, discharge positive. [A]
    voltage_v : ndarray, shape (n_cells,)
        Cell voltages; NaN is missing. [V]
    temperature_c : ndarray, shape (n_sensors,)
        Cell temperatures; NaN is missing. [degC]
    """

    current_a: float
    voltage_v: FloatArray
    temperature_c: FloatArray


class Device(Protocol):
    """The devices of one site behind one connection.

    Promises: positive power lowers the state of charge; each value carries the time it was read; a value that a device
    does not implement, or answers with its code for "not implemented", is NaN; no call takes longer than the deadline
    it was opened with, a slow or dead device raises `DeviceUnavailableError`; a device whose identity (maker, model,
    serial number) changed since it was opened raises `DeviceChangedError` until it is opened anew. Writing is
    idempotent: an absolute setpoint, read back on request.
    """

    async def open(self) -> None:
        """Connect, find what the device implements, remember its identity."""
        ...

    async def read(self) -> Readings:
        """Read all signals once."""
        ...

    async def read_frequency_hz(self) -> float:
        """Read the frequency alone, as fast as the device answers. [Hz]"""
        ...

    async def read_cells(self) -> tuple[CellReadings, ...]:
        """Read cell voltages and temperatures, one entry per string."""
        ...

    async def write(self, command: DeviceCommand) -> None:
        """Write a command; returns when the device acknowledged it."""
        ...

    async def close(self) -> None:
        """Let go; writes nothing."""
        ...
