"""What a simulated site is asked: what it measures, what its cells say, and to do as it is told."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from battuta.domain.command import DeviceCommand
from battuta.numerics.arrays import FloatArray
from battuta.ports.device import CellReadings


class SitePlant(Protocol):
    """The plant behind the registers of one simulated site.

    Promises: positive power lowers the state of charge; the number of strings and cells never changes; a missing value
    is NaN.
    """

    def readings(self) -> FloatArray:
        """Say what its instruments measure, one value per `battuta.domain.image.Signal`, shape (n_signals,)."""
        ...

    def cells(self) -> tuple[CellReadings, ...]:
        """Say what the cells of each string measure."""
        ...

    def apply(self, command: DeviceCommand) -> None:
        """Take a command; it holds until the next."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePlate:
    """What is written on the devices of a simulated site.

    Attributes
    ----------
    serial : str
        Serial number; each device of the site adds its own letter.
    maker, model : str
        Who made them, and what they are called.
    power_kw_rated : float
        Rated power of the converter. [kW]
    energy_kwh_rated : float
        Rated energy of the battery. [kWh]
    nominal_voltage_v : float
        Line-to-line voltage of the connection. [V]
    cells_per_module : int
        How the cells of a string are spread over modules.
    """

    serial: str = "SIM-0001"
    maker: str = "Battuta"
    model: str = "Simulated site"
    power_kw_rated: float = 1000.0
    energy_kwh_rated: float = 2000.0
    nominal_voltage_v: float = 400.0
    cells_per_module: int = 16

    def power_exponent(self, counts_max: int) -> int:
        """Smallest power of ten of watts in which one and a half times the rated power fits a register."""
        return max(-3, math.ceil(math.log10(1500.0 * max(self.power_kw_rated, 1e-3) / counts_max)))
