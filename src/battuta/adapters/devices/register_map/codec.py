"""Between the registers of a map and numbers in the map's units."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence

from battuta.adapters.devices.register_map.map_file import Register
from battuta.domain.errors import InvalidQuantityError

_FORMATS = {
    "int16": ">h",
    "uint16": ">H",
    "int32": ">i",
    "uint32": ">I",
    "int64": ">q",
    "uint64": ">Q",
    "float32": ">f",
    "float64": ">d",
}


def value_of(register: Register, raw: Sequence[int]) -> float:
    """Read a value; NaN where the device writes the map's code for missing.

    Parameters
    ----------
    register : Register
        Type, scale and the code for missing.
    raw : sequence of int
        Its registers in the order of their addresses.

    Returns
    -------
    float
        In the unit of the register.
    """
    words = raw if register.word_order == "big" else list(reversed(raw))
    packed = struct.pack(f">{len(words)}H", *words)
    if register.missing is not None and int.from_bytes(packed, "big") == register.missing:
        return math.nan
    if register.bit is not None:
        return float(words[0] >> register.bit & 1)
    number = float(struct.unpack(_FORMATS[register.type], packed)[0]) * register.scale + register.offset
    return number if math.isfinite(number) else math.nan


def registers_of(register: Register, value: float) -> list[int]:
    """Write a value; NaN as the map's code for missing.

    Parameters
    ----------
    register : Register
        Type, scale and the code for missing.
    value : float
        In the unit of the register.

    Returns
    -------
    list of int
        Registers in the order of their addresses.

    Raises
    ------
    InvalidQuantityError
        If the type cannot hold it: a setpoint is never cut.
    """
    if math.isnan(value) and register.missing is not None:
        packed = register.missing.to_bytes(2 * register.n_registers, "big")
    else:
        counts = (value - register.offset) / register.scale
        try:
            packed = struct.pack(
                _FORMATS[register.type], counts if register.type.startswith("float") else round(counts)
            )
        except (struct.error, OverflowError, ValueError):
            n_bits = 16 * register.n_registers
            ends = [-(2 ** (n_bits - 1)), 2 ** (n_bits - 1) - 1] if register.type[0] == "i" else [0, 2**n_bits - 1]
            low, high = sorted(end * register.scale + register.offset for end in ends)
            raise InvalidQuantityError(
                register.name, value, low, high, register.unit, where=f"register {register.address}"
            ) from None
    words = list(struct.unpack(f">{register.n_registers}H", packed))
    return words if register.word_order == "big" else words[::-1]
