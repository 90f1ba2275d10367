"""Read the devices of a site from a TOML file: where each answers, and what it speaks.

::

    [[part]]
    name = "meter"
    speaks = "sunspec"
    host = "192.168.1.10"
    unit = 3
    nominal_voltage_v = 400.0

    [[part]]
    name = "chiller"
    speaks = "register_map"
    map = "chiller.toml"  # beside this file, or the name of a map that ships with the package
    host = "192.168.1.20"
    unit = 4
    required = false
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from battuta.adapters.devices.modbus.connection import ModbusConnection
from battuta.adapters.devices.modbus.site import ModbusSite, Part
from battuta.adapters.devices.register_map.client import RegisterMapDevice
from battuta.adapters.devices.register_map.map_file import SHIPPED, load, say_faults, shipped
from battuta.adapters.devices.sunspec.client import SunSpecDevice
from battuta.adapters.devices.sunspec.mapping import Conventions
from battuta.domain.errors import DataError
from battuta.domain.toml_tables import toml_tables

_FORM = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False)


class PartForm(BaseModel):
    """One device of the file."""

    model_config = _FORM

    name: Annotated[str, Field(min_length=1)]
    speaks: Literal["sunspec", "register_map"]
    host: Annotated[str, Field(min_length=1)]
    port: Annotated[int, Field(ge=1, le=65535)] = 502
    unit: Annotated[int, Field(ge=0, le=255)] = 1
    required: bool = True
    own_connection: bool = False
    deadline_s: Annotated[float, Field(gt=0.0, le=60.0)] = 1.0
    map: str | None = None
    meter_import_is_positive: bool = True
    charge_current_is_positive: bool = False
    nominal_voltage_v: Annotated[float, Field(gt=0.0)] | None = None
    reversion_s: Annotated[int, Field(ge=1)] = 10
    safe_power_kw: float = 0.0

    @model_validator(mode="after")
    def _has_map(self) -> PartForm:
        if (self.speaks == "register_map") != (self.map is not None):
            message = 'map names the file of a part that speaks = "register_map", and of no other'
            raise ValueError(message)
        return self

    @property
    def conventions(self) -> Conventions:
        """What the models leave open."""
        return Conventions(
            meter_import_is_positive=self.meter_import_is_positive,
            charge_current_is_positive=self.charge_current_is_positive,
            nominal_voltage_v=math.nan if self.nominal_voltage_v is None else self.nominal_voltage_v,
            reversion_s=self.reversion_s,
            safe_power_kw=self.safe_power_kw,
        )


class SiteForm(BaseModel):
    """The file."""

    model_config = _FORM

    part: Annotated[tuple[PartForm, ...], Field(min_length=1)]


def load_site(path: Path | str, *, now_ns: Callable[[], int]) -> ModbusSite:
    """Read a site's devices; nothing is connected yet.

    Parameters
    ----------
    path : Path or str
        A TOML file as the docstring of this module shows.
    now_ns : callable
        Says the time that readings are stamped with. [ns]

    Returns
    -------
    ModbusSite
        Parts in the order of the file; those with the same host and port share a connection unless they want their own.

    Raises
    ------
    DataError
        If the file cannot be used; names file, part and key.
    """
    path = Path(path)
    try:
        if path.exists() and not path.is_file():
            message = f"{path}: the site file cannot be read: it is no file; name a TOML file"
            raise DataError(message)
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path}: the site file cannot be read: {error}"
        raise DataError(message) from error
    tables = toml_tables(text, f"{path}: the site file")
    try:
        form = SiteForm.model_validate(tables)
    except ValidationError as error:
        message = f"{path}: the site file cannot be used; mend:\n{say_faults(error)}"
        raise DataError(message) from error
    connections: dict[tuple[str, int], ModbusConnection] = {}
    parts: list[Part] = []
    for each in form.part:
        connection = connections.get((each.host, each.port))
        if connection is None or each.own_connection:
            connection = ModbusConnection(each.host, each.port, timeout_s=each.deadline_s)
        if not each.own_connection:
            connections[each.host, each.port] = connection
        parts.append(Part(name=each.name, device=_device(each, connection, path, now_ns), is_required=each.required))
    return ModbusSite(parts, now_ns=now_ns)


def _device(
    form: PartForm, connection: ModbusConnection, path: Path, now_ns: Callable[[], int]
) -> SunSpecDevice | RegisterMapDevice:
    if form.map is None:
        return SunSpecDevice(
            connection, form.unit, now_ns=now_ns, deadline_s=form.deadline_s, conventions=form.conventions
        )
    register_map = shipped(form.map) if form.map in SHIPPED else load(path.parent / form.map)
    return RegisterMapDevice(connection, form.unit, register_map, now_ns=now_ns, deadline_s=form.deadline_s)
