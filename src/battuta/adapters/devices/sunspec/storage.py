"""What a converter says of its store and of its DC side: models 713 (energy, health) and 714 (DC ports)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from battuta.adapters.devices.sunspec.chain import Block, Model, ReadRegisters
from battuta.adapters.devices.sunspec.mapping import DC_SIDE, STORAGE, W_PER_KW

_STORAGE = ("WHRtg", "WHAvail", "SoC", "SoH", "Sta")
_PORT = ("Prt.PrtTyp", "Prt.ID", "Prt.IDStr", "Prt.DCA", "Prt.DCV", "Prt.DCW", "Prt.Tmp")
_STATUS = ("ok", "warning", "error")
_KINDS = ("pv", "storage", "vehicle", "injects", "absorbs", "both ways", "dc_dc")
_PERCENT = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageCapacity:
    """What model 713 says; NaN is missing.

    Attributes
    ----------
    energy_kwh_rated, energy_kwh_available : float
        Energy when it was new and full, and what can be taken out now. [kWh]
    soc : float
        State of charge. [-]
    soh_by_device : float
        State of health as the device means it; the model does not say whether of charge or of energy. [-]
    status : str
        ``ok``, ``warning``, ``error``; empty if it is not said.
    """

    energy_kwh_rated: float
    energy_kwh_available: float
    soc: float
    soh_by_device: float
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DcPort:
    """One DC connection of a converter by model 714; NaN is missing.

    Attributes
    ----------
    name : str
        As the device calls it, its number if it has no name.
    kind : str
        ``storage``, ``pv``, ``both ways`` and so on; empty if it is not said.
    power_kw, current_a : float
        Discharge positive. [kW], [A]
    voltage_v, temperature_c : float
        At the port. [V], [degC]
    """

    name: str
    kind: str
    power_kw: float
    current_a: float
    voltage_v: float
    temperature_c: float


def _named(names: tuple[str, ...], code: float) -> str:
    """Read a code of a list; an unknown one is said as it is."""
    if math.isnan(code):
        return ""
    return names[int(code)] if code < len(names) else f"code {code:.0f}"


async def read_storage(models: Mapping[int, list[Model]], read: ReadRegisters) -> StorageCapacity | None:
    """Read model 713; None if the device has none.

    Parameters
    ----------
    models : mapping of int to list of Model
        Models of the device by number.
    read : callable
        Reads registers of the unit.
    """
    if STORAGE not in models:
        return None
    block = Block(models[STORAGE][0], _STORAGE)
    await block.read(read)
    return StorageCapacity(
        energy_kwh_rated=block.value("WHRtg") / W_PER_KW,
        energy_kwh_available=block.value("WHAvail") / W_PER_KW,
        soc=block.value("SoC") / _PERCENT,
        soh_by_device=block.value("SoH") / _PERCENT,
        status=_named(_STATUS, block.value("Sta")),
    )


async def read_dc_ports(models: Mapping[int, list[Model]], read: ReadRegisters) -> tuple[DcPort, ...]:
    """Read model 714, port after port; empty if the device has none.

    Parameters
    ----------
    models : mapping of int to list of Model
        Models of the device by number.
    read : callable
        Reads registers of the unit.
    """
    ports: list[DcPort] = []
    for model in models.get(DC_SIDE, []):
        block = Block(model, _PORT)
        await block.read(read)
        for index in range(block.n_repetitions("Prt.DCW")):
            number = block.value("Prt.ID", index)
            ports.append(
                DcPort(
                    name=block.text("Prt.IDStr", index) or f"{index + 1 if math.isnan(number) else number:.0f}",
                    kind=_named(_KINDS, block.value("Prt.PrtTyp", index)),
                    power_kw=block.value("Prt.DCW", index) / W_PER_KW,
                    current_a=block.value("Prt.DCA", index),
                    voltage_v=block.value("Prt.DCV", index),
                    temperature_c=block.value("Prt.Tmp", index),
                )
            )
    return tuple(ports)
