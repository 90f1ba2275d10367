"""Find the models of a SunSpec device, whatever their order, and read the points that are wanted in few requests.

References
----------
.. [1] SunSpec Alliance, Device Information Model Specification, version 1.1 (2022), section 6 (Modbus).
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from battuta.adapters.devices.modbus.connection import READ_REGISTERS_MAX
from battuta.adapters.devices.modbus.spans import spans
from battuta.adapters.devices.sunspec.codec import number_of, power_of_ten, text_of
from battuta.adapters.devices.sunspec.models import HEADER_REGISTERS, Placed, definition, place, repetitions
from battuta.domain.errors import DeviceError, DeviceUnavailableError
from battuta.numerics.arrays import FloatArray

BASES = (40000, 0, 50000)
"""Where a chain may begin."""
MARKER = [0x5375, 0x6E53]
"""``SunS``."""
END_MODEL = 0xFFFF
MODELS_MAX = 400
"""A chain longer than this has no end marker."""

ReadRegisters = Callable[[int, int], Awaitable[list[int]]]
"""Reads registers of one unit: address, count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model of a device, and where it lies.

    Attributes
    ----------
    number : int
        Its number.
    address : int
        Register of its number.
    n_registers : int
        Its length as the device says, header included.
    placed : dict of str to Placed
        Its points.
    """

    number: int
    address: int
    n_registers: int
    placed: dict[str, Placed]


async def scan(read: ReadRegisters, *, wanted: Iterable[int], where: str) -> tuple[Model, ...]:
    """Walk the chain of models of one unit.

    Parameters
    ----------
    read : callable
        Reads registers of the unit.
    wanted : iterable of int
        Numbers of the models to lay out; others are passed over by their length.
    where : str
        Device and unit, for errors.

    Returns
    -------
    tuple of Model
        In the order of the device.

    Raises
    ------
    DeviceError
        If there is no SunSpec marker or no end of the chain.
    """
    numbers = frozenset(wanted)
    address = await _begin(read, where)
    found: list[Model] = []
    for _ in range(MODELS_MAX):
        number, length = await read(address, HEADER_REGISTERS)
        if number == END_MODEL:
            return tuple(found)
        if number in numbers and definition(number) is not None:
            found.append(await _model(read, number, address, length + HEADER_REGISTERS))
        address += length + HEADER_REGISTERS
        if address + HEADER_REGISTERS > 0x10000:
            break
    message = f"{where}: the chain of SunSpec models has no end; update the device's firmware or use a register map"
    raise DeviceError(message)


async def _begin(read: ReadRegisters, where: str) -> int:
    """First register after the marker."""
    for base in BASES:
        try:
            if await read(base, len(MARKER)) == MARKER:
                return base + len(MARKER)
        except DeviceUnavailableError:
            raise
        except DeviceError:
            continue
    message = f"{where}: no SunSpec marker at {', '.join(map(str, BASES))}; check the unit id, or use a register map"
    raise DeviceError(message)


async def _model(read: ReadRegisters, number: int, address: int, n_registers: int) -> Model:
    group = definition(number)
    counts: dict[str, int] = {}
    if group is not None and group.groups:
        registers: list[int] = []
        while len(registers) < n_registers:
            count = min(READ_REGISTERS_MAX, n_registers - len(registers))
            registers += await read(address + len(registers), count)
        counts = repetitions(number, registers)
    placed = place(number, counts, n_registers)
    return Model(number=number, address=address, n_registers=n_registers, placed=placed)


@dataclass(slots=True)
class Block:
    """Points of a model that are read together, and their registers as last read.

    Parameters
    ----------
    model : Model
        The model.
    names : sequence of str
        The points; those that the device does not have stay NaN. Their scale factors come with them.
    """

    model: Model
    names: Sequence[str]
    registers: list[int] = field(init=False)
    requests: tuple[tuple[int, int], ...] = field(init=False)
    n_reads: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        """Plan the requests."""
        wanted = {name for name in self.names if name in self.model.placed}
        wanted |= {scale for name in wanted if isinstance(scale := self.model.placed[name].point.scale, str)}
        self.registers = [0] * self.model.n_registers
        self.requests = spans(
            (offset, placed.point.n_registers)
            for name in wanted
            if (placed := self.model.placed.get(name)) is not None
            for offset in placed.offsets
        )

    async def read(self, read: ReadRegisters) -> None:
        """Read all its points."""
        for start, count in self.requests:
            self.registers[start : start + count] = await read(self.model.address + start, count)
        self.n_reads += 1

    def has(self, name: str) -> bool:
        """Whether the device lists the point, however it answers."""
        return name in self.model.placed

    def raw(self, name: str, index: int = 0) -> list[int]:
        """Registers of a point as last read."""
        placed = self.model.placed[name]
        start = placed.offsets[index]
        return self.registers[start : start + placed.point.n_registers]

    def n_repetitions(self, name: str) -> int:
        """How often a point is there."""
        placed = self.model.placed.get(name)
        return 0 if placed is None else len(placed.offsets)

    def text(self, name: str, index: int = 0) -> str:
        """A point that is a string, empty if it is not there."""
        return text_of(self.raw(name, index)) if self.has(name) else ""

    def factor(self, name: str) -> float:
        """Factor that a point's counts are multiplied by; NaN if the device does not say it."""
        scale = self.model.placed[name].point.scale
        if scale is None:
            return 1.0
        if isinstance(scale, int):
            return power_of_ten(scale)
        return power_of_ten(number_of("sunssf", self.raw(scale))) if self.has(scale) else math.nan

    def value(self, name: str, index: int = 0) -> float:
        """A number in the unit of its model; NaN if it, or its scale factor, is not implemented."""
        placed = self.model.placed.get(name)
        if placed is None or index >= len(placed.offsets) or not self.n_reads:
            return math.nan
        return number_of(placed.point.kind, self.raw(name, index)) * self.factor(name)

    def values(self, name: str) -> FloatArray:
        """All repetitions of a point, shape (n_repetitions,)."""
        return np.array([self.value(name, index) for index in range(self.n_repetitions(name))], dtype=np.float64)
