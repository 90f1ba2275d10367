"""The registers of one served Modbus unit: models laid out one after the other, values set by name."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from battuta.adapters.devices.sunspec.chain import BASES, END_MODEL, MARKER
from battuta.adapters.devices.sunspec.codec import (
    missing_registers,
    number_of,
    power_of_ten,
    registers_of,
    text_registers,
)
from battuta.adapters.devices.sunspec.models import HEADER_REGISTERS, Placed, length_registers, place
from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.numerics.arrays import FloatArray

ADDRESS_MAX = 0xFFFF


class UnitImage:
    """Registers of a unit, and which of them a client may write.

    Parameters
    ----------
    base : int
        Address of the first register.
    registers : list of int
        What is there already.
    """

    def __init__(self, base: int, registers: list[int]) -> None:
        self.base = base
        self.registers = registers
        self.writable: set[int] = set()
        """Addresses that a client may write."""

    def read(self, address: int, n_registers: int) -> list[int]:
        """Registers from an address on."""
        start = address - self.base
        return self.registers[start : start + n_registers]

    def write(self, address: int, values: list[int]) -> None:
        """Put registers from an address on."""
        start = address - self.base
        self.registers[start : start + len(values)] = values


class SunSpecImage(UnitImage):
    """A unit that describes itself: the SunSpec marker, models, the end.

    Parameters
    ----------
    base : int
        Where the chain begins.
    """

    def __init__(self, base: int = BASES[0]) -> None:
        super().__init__(base, [*MARKER, END_MODEL, 0])

    def add(
        self, number: int, scales: Mapping[str, int] | None = None, counts: Mapping[str, int] | None = None
    ) -> ServedModel:
        """Append a model in which nothing is implemented yet.

        Parameters
        ----------
        number : int
            Number of the model.
        scales : mapping of str to int, optional
            Powers of ten by the names of their points.
        counts : mapping of str to int, optional
            How often each repeated group is there.

        Returns
        -------
        ServedModel
            The handle that sets its values.
        """
        placed = place(number, counts or {})
        n_registers = length_registers(placed)
        start = len(self.registers) - HEADER_REGISTERS
        if self.base + start + n_registers + HEADER_REGISTERS > ADDRESS_MAX:
            message = f"model {number} does not fit behind register {self.base + start}; serve fewer cells in one unit"
            raise UsageError(message)
        self.registers[start:] = [*([0] * n_registers), END_MODEL, 0]
        model = ServedModel(self, start, placed)
        for name, each in placed.items():
            for index in range(len(each.offsets)):
                model.put(name, missing_registers(each.point.kind, each.point.n_registers), index)
        model.put("ID", [number])
        model.put("L", [n_registers - HEADER_REGISTERS])
        for name, exponent in (scales or {}).items():
            model.put(name, registers_of("sunssf", exponent, 1))
        return model


class ServedModel:
    """A model in a unit's image.

    Parameters
    ----------
    image : UnitImage
        The registers.
    start : int
        Position of its first register in the image.
    placed : mapping of str to Placed
        Its points.
    """

    def __init__(self, image: UnitImage, start: int, placed: Mapping[str, Placed]) -> None:
        self._image = image
        self._start = start
        self._placed = placed

    @property
    def n_registers(self) -> int:
        """Registers that it takes, its header included."""
        return length_registers(self._placed)

    def address(self, name: str, index: int = 0) -> int:
        """Address of a point."""
        return self._image.base + self._start + self._placed[name].offsets[index]

    def is_touched(self, address: int, n_registers: int) -> bool:
        """Whether a request takes in any of its registers."""
        first = self.address("ID")
        return address < first + self.n_registers and address + n_registers > first

    def allow_writing(self, *names: str, index: int = 0) -> None:
        """Let clients write one repetition of points."""
        for name in names:
            first = self.address(name, index)
            self._image.writable.update(range(first, first + self._placed[name].point.n_registers))

    def put(self, name: str, registers: list[int], index: int = 0) -> None:
        """Put raw registers of a point."""
        at = self._start + self._placed[name].offsets[index]
        self._image.registers[at : at + len(registers)] = registers

    def _factor(self, name: str) -> float:
        scale = self._placed[name].point.scale
        if scale is None:
            return 1.0
        if isinstance(scale, int):
            return power_of_ten(scale)
        return power_of_ten(number_of("sunssf", self._raw(scale)))

    def _raw(self, name: str, index: int = 0) -> list[int]:
        placed = self._placed[name]
        at = self._start + placed.offsets[index]
        return self._image.registers[at : at + placed.point.n_registers]

    def set_value(self, name: str, value: float, index: int = 0) -> None:
        """Set a point in the unit of its model; a meter at its end stands still there, NaN is "not implemented"."""
        point = self._placed[name].point
        counts = value / self._factor(name)
        try:
            registers = registers_of(point.kind, counts, point.n_registers)
        except InvalidQuantityError as error:
            registers = registers_of(point.kind, min(max(counts, error.low), error.high), point.n_registers)
        self.put(name, registers, index)

    def set_values(self, name: str, values: FloatArray) -> None:
        """Set the first repetitions of a point of one register, shape (n_repetitions,)."""
        placed = self._placed[name]
        is_signed = placed.point.kind == "int16"
        low, high, missing = (-0x7FFF, 0x7FFF, 0x8000) if is_signed else (0, 0xFFFE, 0xFFFF)
        counts = np.clip(np.rint(values / self._factor(name)), low, high)
        raw = np.where(np.isnan(values), missing, np.nan_to_num(counts)).astype(np.int64) & 0xFFFF
        for offset, register in zip(placed.offsets, raw.tolist(), strict=False):
            self._image.registers[self._start + offset] = register

    def set_text(self, name: str, text: str) -> None:
        """Set a point that is a string."""
        self.put(name, text_registers(text, self._placed[name].point.n_registers))

    def raw(self, name: str, index: int = 0) -> list[int]:
        """Registers of a point as they stand."""
        return list(self._raw(name, index))

    def value(self, name: str, index: int = 0) -> float:
        """A point as it stands, in the unit of its model; NaN for "not implemented"."""
        value = number_of(self._placed[name].point.kind, self._raw(name, index))
        return math.nan if math.isnan(value) else value * self._factor(name)
