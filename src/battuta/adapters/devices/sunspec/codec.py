"""Between registers and numbers, with SunSpec's codes for "not implemented": a missing value is NaN, never zero.

References
----------
.. [1] SunSpec Alliance, Device Information Model Specification, version 1.1 (2022), section 4 (types).
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence

from battuta.domain.errors import InvalidQuantityError

_SIGNED = {"int16", "int32", "int64", "sunssf"}
_FLOATS = {"float32": ">f", "float64": ">d"}
_COUNTERS = {"acc16", "acc32", "acc64", "count"}
_BITS_PER_REGISTER = 16
SCALE_MISSING = -(2**15)
"""0x8000 as a scale factor: there is none, so the value cannot be told."""
SCALE_MAX = 10
"""SunSpec allows powers of ten from -10 to 10."""


def raw_of(registers: Sequence[int]) -> int:
    """Read big-endian registers as one unsigned number.

    Examples
    --------
    >>> raw_of([1, 2])
    65538
    """
    value = 0
    for register in registers:
        value = value << _BITS_PER_REGISTER | register
    return value


def missing_registers(kind: str, n_registers: int) -> list[int]:
    """Write "not implemented" of a type.

    Examples
    --------
    >>> [f"{register:#06x}" for register in missing_registers("int32", 2)]
    ['0x8000', '0x0000']
    """
    if kind in _FLOATS:
        return list(struct.unpack(f">{n_registers}H", struct.pack(_FLOATS[kind], math.nan)))
    if kind in _SIGNED or kind == "pad":
        return [0x8000, *([0] * (n_registers - 1))]
    if kind in _COUNTERS or kind.startswith(("string", "ip", "eui")):
        return [0] * n_registers
    return [0xFFFF] * n_registers


def number_of(kind: str, registers: Sequence[int]) -> float:
    """Read a number without its scale; NaN where the device says that it has none.

    Parameters
    ----------
    kind : str
        Type of the point.
    registers : sequence of int
        Its registers, big-endian.

    Returns
    -------
    float
        The number, NaN if it is not implemented.

    Examples
    --------
    >>> number_of("int16", [0xFFFE]), number_of("int16", [0x8000]), number_of("uint32", [0xFFFF, 0xFFFF])
    (-2.0, nan, nan)
    """
    if kind in _FLOATS:
        number = float(struct.unpack(_FLOATS[kind], struct.pack(f">{len(registers)}H", *registers))[0])
        return number if math.isfinite(number) else math.nan
    raw = raw_of(registers)
    n_bits = _BITS_PER_REGISTER * len(registers)
    if kind in _SIGNED:
        if raw == 1 << (n_bits - 1):
            return math.nan
        return float(raw - (1 << n_bits) if raw >> (n_bits - 1) else raw)
    if kind not in _COUNTERS and raw == (1 << n_bits) - 1:
        return math.nan
    return float(raw)


def registers_of(kind: str, value: float, n_registers: int, *, where: str = "") -> list[int]:
    """Write a number that is already scaled; NaN is written as "not implemented".

    Parameters
    ----------
    kind : str
        Type of the point.
    value : float
        The number; rounded to the nearest whole one unless the type is a float.
    n_registers : int
        How many registers it takes.
    where : str
        Name of the point, for the error.

    Returns
    -------
    list of int
        Registers, big-endian.

    Raises
    ------
    InvalidQuantityError
        If the type cannot hold the number: a setpoint is never cut.

    Examples
    --------
    >>> registers_of("int16", -2.2, 1)
    [65534]
    """
    if math.isnan(value):
        return missing_registers(kind, n_registers)
    if kind in _FLOATS:
        return list(struct.unpack(f">{n_registers}H", struct.pack(_FLOATS[kind], value)))
    n_bits = _BITS_PER_REGISTER * n_registers
    low, high = 0, (1 << n_bits) - (1 if kind in _COUNTERS else 2)
    if kind in _SIGNED:
        low, high = 1 - (1 << (n_bits - 1)), (1 << (n_bits - 1)) - 1
    whole = round(value) if math.isfinite(value) else high + 1
    if not low <= whole <= high:
        raise InvalidQuantityError(where or kind, value, low, high, "counts", where=f"a register of type {kind}")
    raw = whole & ((1 << n_bits) - 1)
    return [raw >> (_BITS_PER_REGISTER * k) & 0xFFFF for k in reversed(range(n_registers))]


def text_of(registers: Sequence[int]) -> str:
    """Read a string, without its padding.

    Examples
    --------
    >>> text_of([0x4142, 0x4300])
    'ABC'
    """
    raw = struct.pack(f">{len(registers)}H", *registers)
    return raw.split(b"\0")[0].decode("utf-8", errors="replace").strip()


def text_registers(text: str, n_registers: int) -> list[int]:
    """Write a string, cut and padded to its registers."""
    raw = text.encode("utf-8")[: 2 * n_registers].ljust(2 * n_registers, b"\0")
    return list(struct.unpack(f">{n_registers}H", raw))


def power_of_ten(exponent: float) -> float:
    """Factor of a scale factor; NaN if it is missing or outside of what SunSpec allows.

    Examples
    --------
    >>> power_of_ten(-1.0), power_of_ten(math.nan), power_of_ten(99.0)
    (0.1, nan, nan)
    """
    if math.isnan(exponent) or abs(exponent) > SCALE_MAX:
        return math.nan
    return 10.0**exponent
