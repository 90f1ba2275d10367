"""Voltages, temperatures and currents from models 803 (bank), 804 (strings), 805 (modules), as far as they are there.

The current of a string is its own model's (804); where there is none, the bank's list (803), and of a battery with one
string the battery's (802).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from battuta.adapters.devices.sunspec.chain import Block, Model, ReadRegisters
from battuta.adapters.devices.sunspec.mapping import BANK, BATTERY, MODULE, STRING, Conventions
from battuta.numerics.arrays import BoolArray, FloatArray
from battuta.ports.device import CellReadings

_VOLTAGE = "lithium-ion-module-cell.CellV"
_TEMPERATURE = "lithium-ion-module-cell.CellTmp"
_MODULE_TEMPERATURE = "lithium_ion_string_module.ModCellTmpAvg"
_BANK_CURRENT = "string.StrA"
_BANK_TEMPERATURE = "string.StrModTmpAvg"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Source:
    """Where a string's current, and without modules its temperatures, come from.

    Attributes
    ----------
    block : Block
        Registers of the model; strings of one bank share it.
    current : str
        Point of the current.
    temperature : str
        Point of the temperatures.
    index : int or None
        Repetition of both that is the string's; None takes the first current and all temperatures.
    """

    block: Block
    current: str = "A"
    temperature: str = _MODULE_TEMPERATURE
    index: int | None = None

    def current_a(self) -> float:
        """Current as the device counts it. [A]"""
        return self.block.value(self.current, self.index or 0)

    def temperature_c(self) -> FloatArray:
        """Temperatures, shape (n_sensors,). [degC]"""
        if self.index is None:
            return self.block.values(self.temperature)
        return np.array([self.block.value(self.temperature, self.index)])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class String:
    """One string: where its current comes from, and its modules in order.

    Attributes
    ----------
    source : Source or None
        Where the current comes from; None if nobody says it.
    modules : tuple of Block
        Models 805; empty if the battery does not tell its cells.
    sensors : tuple of ndarray of bool
        For each module, which cells had a temperature when the device was opened, shape (n_cells_of_module,).
    """

    source: Source | None
    modules: tuple[Block, ...]
    sensors: tuple[BoolArray, ...]

    async def read(self, read: ReadRegisters, conventions: Conventions) -> CellReadings:
        """Read all its cells; its source was read already."""
        for block in self.modules:
            await block.read(read)
        current_a = math.nan if self.source is None else self.source.current_a()
        voltages = [module.values(_VOLTAGE) for module in self.modules]
        if self.modules:
            temperatures = [
                module.values(_TEMPERATURE)[mask] for module, mask in zip(self.modules, self.sensors, strict=True)
            ]
        else:
            temperatures = [] if self.source is None else [self.source.temperature_c()]
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
        """Read all strings, one after the other, each model once."""
        sources = {id(each.source.block): each.source.block for each in self.strings if each.source is not None}
        for block in sources.values():
            await block.read(read)
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
    sources: dict[int, Source] = {}
    for model in models.get(STRING, []):
        index = Block(model, ("Idx",))
        await index.read(read)
        source = Source(block=Block(model, ("A", _MODULE_TEMPERATURE)))
        sources[_order(index.value("Idx"), len(sources))] = source
    modules: dict[int, list[tuple[int, Block]]] = {}
    for model in models.get(MODULE, []):
        block = Block(model, ("StrIdx", "ModIdx", _VOLTAGE, _TEMPERATURE))
        await block.read(read)
        string = _order(block.value("StrIdx"), 0)
        known = modules.setdefault(string, [])
        known.append((_order(block.value("ModIdx"), len(known)), block))
    sources = sources or _sources_of_all(models, sorted(modules))
    numbers = sorted(sources.keys() | modules.keys())
    strings: list[String] = []
    for number in numbers:
        blocks = tuple(block for _, block in sorted(modules.get(number, []), key=lambda each: each[0]))
        sensors = tuple(~np.isnan(block.values(_TEMPERATURE)) for block in blocks)
        strings.append(String(source=sources.get(number), modules=blocks, sensors=sensors))
    return CellBlocks(strings=tuple(strings)) if strings else None


def _sources_of_all(models: Mapping[int, list[Model]], numbers: list[int]) -> dict[int, Source]:
    """Currents of a battery whose strings have no models of their own, by the numbers that its modules carry."""
    for model in models.get(BANK, [])[:1]:
        block = Block(model, (_BANK_CURRENT, _BANK_TEMPERATURE))
        n_strings = block.n_repetitions(_BANK_CURRENT)
        if n_strings and len(numbers) in {0, n_strings}:
            return {
                number: Source(block=block, current=_BANK_CURRENT, temperature=_BANK_TEMPERATURE, index=index)
                for index, number in enumerate(numbers or range(1, n_strings + 1))
            }
    if len(numbers) == 1 and BATTERY in models:
        return {numbers[0]: Source(block=Block(models[BATTERY][0], ("A",)))}
    return {}


def _order(number: float, otherwise: int) -> int:
    return otherwise if math.isnan(number) else int(number)
