"""A simulated device that speaks a register map: chiller, fire panel, auxiliary meter."""

from __future__ import annotations

import math
from collections.abc import Mapping

from battuta.adapters.devices.register_map.codec import registers_of, value_of
from battuta.adapters.devices.register_map.map_file import RegisterMap
from battuta.adapters.devices.simulated.unit_image import UnitImage
from battuta.numerics.arrays import FloatArray


class MapUnit:
    """Registers of a device by its map.

    Parameters
    ----------
    register_map : RegisterMap
        What its registers mean. Input and holding registers share one memory.
    standing : mapping of str to float, optional
        What registers that no reading and no client writes hold, by name.
    """

    def __init__(self, register_map: RegisterMap, standing: Mapping[str, float] | None = None) -> None:
        identity = register_map.identity
        end = max(each.address + each.n_registers for each in register_map.register_)
        if identity is not None:
            end = max(end, identity.address + identity.n_registers)
        self.image = UnitImage(0, [0] * end)
        self._map = register_map
        self._set: dict[str, float] = {}
        """Setpoints as clients wrote them, by command."""
        for register in register_map.register_:
            if register.access != "read":
                self.image.writable.update(range(register.address, register.address + register.n_registers))
            if standing is not None and register.name in standing:
                self.image.write(register.address, registers_of(register, standing[register.name]))

    def setpoint(self, command: str) -> float:
        """What a client last wrote for a command; NaN if nothing yet."""
        return self._set.get(command, math.nan)

    def written(self, address: int, n_registers: int) -> None:
        """Take what a client wrote."""
        for register in self._map.register_:
            if register.command is not None and address <= register.address < address + n_registers:
                raw = self.image.read(register.address, register.n_registers)
                self._set[register.command] = value_of(register, raw)

    def show(self, readings: FloatArray) -> None:
        """Put what was measured into the registers, readings of shape (n_signals,)."""
        for register in self._map.register_:
            if register.row is None:
                continue
            value = float(readings[register.row])
            if register.bit is not None:
                now = self.image.read(register.address, 1)[0] & ~(1 << register.bit)
                self.image.write(register.address, [now | (int(value > 0.0) << register.bit)])
            elif register.missing is not None or register.type.startswith("float") or not math.isnan(value):
                self.image.write(register.address, registers_of(register, value))
