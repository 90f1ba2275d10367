"""Write setpoints to model 704 so that a dead controller cannot leave a device running: power and timer at once.

References
----------
.. [1] SunSpec Alliance, DER Information Model Specification, version 1.2 (2022), section on reversion timers.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from battuta.adapters.devices.sunspec.chain import Block, Model, ReadRegisters
from battuta.adapters.devices.sunspec.codec import registers_of
from battuta.adapters.devices.sunspec.mapping import CONTROLLER, CONTROLS, ENTER_SERVICE, W_PER_KW, Conventions
from battuta.domain.command import DeviceCommand
from battuta.domain.errors import DeviceError, DeviceUnavailableError, InvalidQuantityError

WriteRegisters = Callable[[int, list[int]], Awaitable[None]]
"""Writes registers of one unit: address, values."""

LOCAL = 1
DISCONNECT = 2
_ENABLED = 1
_DISABLED = 0
_WATTS = 1
_VARS = 4
_POWER = ("WSetEna", "WSetMod", "WSet", "WSetRvrt", "WSetPct", "WSetPctRvrt", "WSetEnaRvrt", "WSetRvrtTms")
_REACTIVE = (
    "VarSetEna",
    "VarSetMod",
    "VarSetPri",
    "VarSet",
    "VarSetRvrt",
    "VarSetPct",
    "VarSetPctRvrt",
    "VarSetEnaRvrt",
    "VarSetRvrtTms",
)


def local_control(blocks: Mapping[int, list[Block]]) -> str | None:
    """Say why nothing may be written to a device in local control; None if it is not, by what was read last."""
    if any(each.value("LocRemCtl") == LOCAL for each in blocks.get(CONTROLLER, [])[:1]):
        return "it is in local control; set it to remote control at its own panel"
    return None


def refusal(blocks: Mapping[int, list[Block]], command: DeviceCommand) -> str | None:
    """Say why a command must not be written, by what the device said last; None if it may.

    Parameters
    ----------
    blocks : mapping of int to list of Block
        Blocks as last read, by number of model.
    command : DeviceCommand
        The command; one that asks for no power is written where service is not permitted, too.

    Returns
    -------
    str or None
        The reason, with what to do.
    """
    asks = bool(command.power_kw or command.reactive_kvar)
    is_held = any(each.value("ES") == _DISABLED for each in blocks.get(ENTER_SERVICE, [])[:1])
    if asks and is_held:
        return (
            f"it may not enter service (model 703, ES disabled), so {command.power_kw:g} kW and "
            f"{command.reactive_kvar:g} kvar were not written; have the operator of the grid or plant permit service"
        )
    return local_control(blocks)


async def write_point(model: Model, name: str, value: float, write: WriteRegisters) -> None:
    """Write one point without a scale, if the device has it."""
    placed = model.placed.get(name)
    if placed is not None:
        registers = registers_of(placed.point.kind, value, placed.point.n_registers, where=name)
        await write(model.address + placed.offsets[0], registers)


@dataclass(slots=True)
class Controls:
    """The setpoints of model 704.

    Parameters
    ----------
    block : Block
        Its points as read when the device was opened: scale factors, and what a block write must not change.
    read, write : callable
        Registers of the unit.
    where : str
        Device and unit, for errors.
    """

    block: Block
    read_registers: ReadRegisters
    write_registers: WriteRegisters
    where: str
    is_reactive_set: bool = False
    writes_whole_blocks: bool = True

    async def write(self, command: DeviceCommand, conventions: Conventions) -> None:
        """Write active power, and reactive power if it is asked or was before."""
        if not math.isfinite(command.power_kw):
            raise InvalidQuantityError("power_kw", command.power_kw, -math.inf, math.inf, "kW", where=self.where)
        safe_w = conventions.safe_power_kw * W_PER_KW
        await self._write_group(
            _POWER,
            {
                "WSetEna": _ENABLED,
                "WSetMod": _WATTS,
                "WSet": self._counts("WSet", command.power_kw * W_PER_KW),
                "WSetRvrt": self._counts("WSetRvrt", safe_w),
                "WSetEnaRvrt": _ENABLED,
                "WSetRvrtTms": conventions.reversion_s,
            },
        )
        if command.reactive_kvar or self.is_reactive_set:
            await self._write_group(
                _REACTIVE,
                {
                    "VarSetEna": _ENABLED if command.reactive_kvar else _DISABLED,
                    "VarSetMod": _VARS,
                    "VarSet": self._counts("VarSet", command.reactive_kvar * W_PER_KW),
                    "VarSetRvrt": 0.0,
                    "VarSetEnaRvrt": _DISABLED,
                    "VarSetRvrtTms": conventions.reversion_s,
                },
            )
            self.is_reactive_set = bool(command.reactive_kvar)

    async def take_back_reactive(self) -> None:
        """Ask for no reactive power any more, whoever asked for it, so that another law of the device can act."""
        if not math.isnan(self.block.value("VarSetEna")):
            await write_point(self.block.model, "VarSetEna", _DISABLED, self.write_registers)
        self.is_reactive_set = False

    def _counts(self, name: str, value: float) -> float:
        """Divide by the scale; an unknown one is refused, not guessed."""
        if not self.block.has(name) or math.isnan(factor := self.block.factor(name)):
            scale = self.block.model.placed[name].point.scale if self.block.has(name) else None
            message = f"{self.where}: it does not implement {name} or its scale factor {scale}, so it takes no power"
            raise DeviceError(message)
        return value / factor

    async def _write_group(self, names: tuple[str, ...], numbers: Mapping[str, float]) -> None:
        pieces: list[tuple[int, list[int], bool]] = []
        for name in names:
            placed = self.block.model.placed.get(name)
            if placed is None:
                continue
            if name in numbers:
                registers = registers_of(placed.point.kind, numbers[name], placed.point.n_registers, where=name)
            else:
                registers = self.block.raw(name)
            pieces.append((self.block.model.address + placed.offsets[0], registers, name in numbers))
        if self.writes_whole_blocks:
            try:
                await self.write_registers(pieces[0][0], [each for _, registers, _ in pieces for each in registers])
            except DeviceUnavailableError:
                raise
            except DeviceError:
                self.writes_whole_blocks = False
            else:
                return
        # Some devices refuse a block that holds a point they lack: then point by point, the switch last.
        for address, registers, is_given in (*pieces[1:], pieces[0]):
            if is_given:
                await self.write_registers(address, registers)

    async def read(self) -> DeviceCommand:
        """Read the setpoints back; a power that is not enabled is NaN."""
        fresh = Block(self.block.model, self.block.names)
        await fresh.read(self.read_registers)
        has_power = fresh.value("WSetEna") == _ENABLED
        has_reactive = fresh.value("VarSetEna") == _ENABLED
        return DeviceCommand(
            power_kw=fresh.value("WSet") / W_PER_KW if has_power else math.nan,
            reactive_kvar=fresh.value("VarSet") / W_PER_KW if has_reactive else 0.0,
        )


async def prepare(
    models: Mapping[int, list[Model]], read: ReadRegisters, write: WriteRegisters, where: str
) -> Controls | None:
    """Read model 704 once; None if the device takes no setpoints."""
    if CONTROLS not in models:
        return None
    block = Block(models[CONTROLS][0], (*_POWER, *_REACTIVE))
    await block.read(read)
    return Controls(block, read, write, where)
