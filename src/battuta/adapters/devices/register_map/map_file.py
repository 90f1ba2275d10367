"""Read a register map: a TOML file that says where a device keeps its values, in which type, scale and unit."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from battuta.domain.errors import DataError, UsageError
from battuta.domain.image import Signal
from battuta.domain.toml_tables import toml_tables

SHIPPED = ("auxiliary_meter", "chiller", "dehumidifier", "fire_panel")
"""Maps that ship with the package: examples to copy, and what the simulated devices speak."""

REGISTERS_OF_TYPE = {
    "int16": 1,
    "uint16": 1,
    "int32": 2,
    "uint32": 2,
    "int64": 4,
    "uint64": 4,
    "float32": 2,
    "float64": 4,
}
_SIGNALS = {signal.name.lower(): signal for signal in Signal}
_FORM = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False)
_REGISTER_MAX = 0xFFFF
_SAID = {"missing": "is missing; add it", "extra_forbidden": "is unknown; mend its spelling or remove it"}


class Register(BaseModel):
    """One value of a device.

    ``value = raw * scale + offset`` in `unit`.
    """

    model_config = _FORM

    name: Annotated[str, Field(min_length=1)]
    address: Annotated[int, Field(ge=0, le=_REGISTER_MAX)]
    type: Literal["int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64"] = "uint16"
    bit: Annotated[int, Field(ge=0, le=15)] | None = None
    scale: float = 1.0
    offset: float = 0.0
    unit: str = ""
    function: Literal[3, 4] = 3
    word_order: Literal["big", "little"] = "big"
    missing: int | None = None
    access: Literal["read", "write", "read_write"] = "read"
    signal: str | None = None
    command: Literal["power_kw", "reactive_kvar", "chiller_setpoint_c"] | None = None
    note: str = ""

    @property
    def n_registers(self) -> int:
        """How many registers it takes."""
        return REGISTERS_OF_TYPE[self.type]

    @property
    def row(self) -> Signal | None:
        """Row of the image that it fills."""
        return None if self.signal is None else _SIGNALS[self.signal]

    @property
    def is_readable(self) -> bool:
        """Whether it may be read."""
        return self.access != "write"

    @model_validator(mode="after")
    def _fits(self) -> Register:
        if self.signal is not None and self.signal not in _SIGNALS:
            message = f"signal {self.signal!r} is unknown; one of: {', '.join(_SIGNALS)}"
            raise ValueError(message)
        if self.command is not None and self.access == "read":
            message = f'command {self.command!r} needs access = "write" or "read_write"'
            raise ValueError(message)
        if self.access != "read" and self.function != 3:
            message = "input registers (function = 4) cannot be written; use function = 3"
            raise ValueError(message)
        if self.scale == 0.0:
            message = "scale = 0 would make each value the same; give the value of one count"
            raise ValueError(message)
        if self.bit is not None and (self.type != "uint16" or self.access != "read"):
            message = 'bit picks one bit of a register: type = "uint16" and access = "read" go with it'
            raise ValueError(message)
        if self.address + self.n_registers - 1 > _REGISTER_MAX:
            message = f"it ends behind register {_REGISTER_MAX}"
            raise ValueError(message)
        return self


class Identity(BaseModel):
    """Registers that differ between two devices of the same kind, such as a serial number."""

    model_config = _FORM

    address: Annotated[int, Field(ge=0, le=_REGISTER_MAX)]
    n_registers: Annotated[int, Field(ge=1, le=125)]
    function: Literal[3, 4] = 3


class RegisterMap(BaseModel):
    """All that is known of a kind of device."""

    model_config = _FORM

    name: Annotated[str, Field(min_length=1)]
    description: str = ""
    identity: Identity | None = None
    register_: Annotated[tuple[Register, ...], Field(alias="register", min_length=1)]

    @model_validator(mode="after")
    def _once(self) -> RegisterMap:
        for kind, names in (
            ("name", [each.name for each in self.register_]),
            ("signal", [each.signal for each in self.register_ if each.signal is not None]),
        ):
            twice = sorted({each for each in names if names.count(each) > 1})
            if twice:
                message = f"{kind} {twice[0]!r} is given twice; each register needs its own"
                raise ValueError(message)
        return self


def parse(text: str, where: str) -> RegisterMap:
    r"""Check the text of a register map.

    Parameters
    ----------
    text : str
        TOML.
    where : str
        Name of the file, for errors.

    Returns
    -------
    RegisterMap
        The map.

    Raises
    ------
    DataError
        If it is no TOML or does not say what a map must; names file, register and key.

    Examples
    --------
    >>> text = 'name = "x"\n[[register]]\nname = "flow"\naddress = 7\nscale = 0.1\nunit = "m3/h"'
    >>> parse(text, "x.toml").register_[0].scale
    0.1
    """
    tables = toml_tables(text, f"{where}: the register map")
    try:
        return RegisterMap.model_validate(tables)
    except ValidationError as error:
        message = f"{where}: the register map cannot be used; mend:\n{say_faults(error)}"
        raise DataError(message) from error


def say_faults(error: ValidationError) -> str:
    """Say each fault of a device file in a line: which entry, which key, what is wrong."""
    found = error.errors()
    places = [each["loc"] for each in found]
    lines: list[str] = []
    for each in found:
        place = each["loc"]
        # What holds a faulty entry is called empty then: the entry says it better.
        if any(other != place and other[: len(place)] == place for other in places):
            continue
        said = _SAID.get(each["type"], each["msg"].removeprefix("Value error, "))
        lines.append(f"  - {_place(place)}{said}")
    return "\n".join(lines)


def _place(location: tuple[int | str, ...]) -> str:
    words: list[str] = []
    for each in location:
        if isinstance(each, int):
            words[-1:] = [f"{location[0]} {each + 1}"]
        else:
            words.append(f"key '{each}'")
    return f"{', '.join(words)}: " if words else ""


def load(path: Path | str) -> RegisterMap:
    """Read a register map from a file.

    Parameters
    ----------
    path : Path or str
        A TOML file; write one after the examples that ship with the package, see `shipped`.
    """
    try:
        if Path(path).exists() and not Path(path).is_file():
            message = f"{path}: the register map cannot be read: it is no file; name a TOML file"
            raise DataError(message)
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path}: the register map cannot be read ({error}); check the path and that it is UTF-8 text"
        raise DataError(message) from error
    return parse(text, str(path))


def shipped(name: str) -> RegisterMap:
    """Read a map that ships with the package.

    Parameters
    ----------
    name : str
        One of `SHIPPED`.

    Examples
    --------
    >>> shipped("chiller").name
    'chiller'
    """
    if name not in SHIPPED:
        message = f"no register map {name!r} ships with Battuta; one of: {', '.join(SHIPPED)}, or load() your own file"
        raise UsageError(message)
    text = (files("battuta.adapters.devices.register_map") / f"{name}.toml").read_text(encoding="utf-8")
    return parse(text, f"{name}.toml")
