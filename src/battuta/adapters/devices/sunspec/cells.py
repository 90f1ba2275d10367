"""Voltages and temperatures of cells from models 804 (strings) and 805 (modules), as far as a battery has them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from battuta.adapters.devices.sunspec.chain import Block, Model, ReadRegisters
from battuta.adapters.devices.sunspec.mapping import BATTERY, MODULE, STRING, Conventions
from battuta.numerics.arrays import BoolArray, FloatArray
from battuta.ports.device import CellReadings

_VOLTAGE = "lithium-ion-module-cell.CellV"
_TEMPERATURE = "lithium-ion-module-cell.CellTmp"
_MODULE_TEMPERATURE = "lithium_ion_string_module.ModCellTmpAvg"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class String:
    """One string: where its current comes from, and its modules in order.

    Attributes
    ----------
    current : Block or None
        Model with point ``A``; of a battery with one string it may be the battery's own.
    modules : tuple of Block
        Models 805; empty if the battery does not tell its cells.
    sensors : tuple of ndarray of bool
        For each module, which cells had a temperature when the device was opened, shape (n_cells_of_module,).
    """

    current: Block | None
    modules: tuple[Block, ...]
    sensors: tuple[BoolArray, ...]

    async def read(self, read: ReadRegisters, conventions: Conventions) -> CellReadings:
        """Read all its cells."""
        for block in (*self.modules, *([] if self.current is None else [self.current])):
            await block.read(read)
        current_a = math.nan if self.current is None else self.current.value("A")
        if self.modules:
            voltages = [module.values(_VOLTAGE) for module in self.modules]
            temperatures = [
                module.values(_TEMPERATURE)[mask] for module, mask in zip(self.modules, self.sensors, strict=True)
            ]
        else:
            voltages = []
            temperatures = [] if self.current is None else [self.current.values(_MODULE_TEMPERATURE)]
        return CellReadings(
            current_a=-current_a if conventions.charge_current_is_positive else current_a,
            voltage_v=_joined(voltages),
            temperature_c=_joined(temperatures),
        )


def _joined(parts: list[FloatArray]) -> FloatArray:
    return np.concatenate(parts) if parts else np.empty(0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellBlocks:
    """All strings of a battery.

    Attributes
    ----------
    strings : tuple of String
        In the order of their numbers.
    """

    strings: tuple[String, ...]

    async def read(self, read: ReadRegisters, conventions: Conventions) -> tuple[CellReadings, ...]:
        """Read all strings, one after the other."""
        return tuple([await string.read(read, conventions) for string in self.strings])


async def prepare(models: Mapping[int, list[Model]], read: ReadRegisters) -> CellBlocks | None:
    """Sort strings and modules by the numbers that they carry; None if there are none.

    Parameters
    ----------
    models : mapping of int to list of Model
        Models of the device by number.
    read : callable
        Reads registers of the unit.
    """
    currents: dict[int, Block] = {}
    for model in models.get(STRING, []):
        index = Block(model, ("Idx",))
        await index.read(read)
        currents[_order(index.value("Idx"), len(currents))] = Block(model, ("A", _MODULE_TEMPERATURE))
    modules: dict[int, list[tuple[int, Block]]] = {}
    for model in models.get(MODULE, []):
        block = Block(model, ("StrIdx", "ModIdx", _VOLTAGE, _TEMPERATURE))
        await block.read(read)
        string = _order(block.value("StrIdx"), 0)
        known = modules.setdefault(string, [])
        known.append((_order(block.value("ModIdx"), len(known)), block))
    numbers = sorted(currents.keys() | modules.keys())
    if len(numbers) == 1 and not currents:
        currents = {numbers[0]: Block(models[BATTERY][0], ("A",))} if BATTERY in models else {}
    strings: list[String] = []
    for number in numbers:
        blocks = tuple(block for _, block in sorted(modules.get(number, []), key=lambda each: each[0]))
        sensors = tuple(~np.isnan(block.values(_TEMPERATURE)) for block in blocks)
        strings.append(String(current=currents.get(number), modules=blocks, sensors=sensors))
    return CellBlocks(strings=tuple(strings)) if strings else None


def _order(number: float, otherwise: int) -> int:
    return otherwise if math.isnan(number) else int(number)
