"""Faults planted in the foreign fleet, known to the day and the cell: the truth that detectors are scored against."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from battuta.domain.errors import InvalidQuantityError
from battuta.domain.health import FaultClass


class ForeignFaultKind(StrEnum):
    """What breaks; the size of a fault is in the unit named here."""

    LEAK = "leak"
    """Soft short inside a cell: its resistance when fully grown. A ramp doubles its conductance evenly. [ohm]"""
    RESISTANCE_RISE = "resistance_rise"
    """Share added to all resistances of a cell. [-]"""
    LOOSE_CONTACT = "loose_contact"
    """Joint that opens for minutes to hours: in the reading of the cell, and a part, reversed, next to it. [ohm]"""
    CAPACITY_FADE = "capacity_fade"
    """Share of its capacity that a cell loses, evenly; a tenth of it again as resistance. [-]"""
    CAPACITY_KNEE = "capacity_knee"
    """The same, slowly first and faster and faster. [-]"""
    VOLTAGE_OFFSET = "voltage_offset"
    """Added to the reading of a voltage channel. [V]"""
    TEMPERATURE_OFFSET = "temperature_offset"
    """Added to the reading of the sensor nearest to the cell. [K]"""
    CURRENT_OFFSET = "current_offset"
    """Added to the reading of the string's current. [A]"""
    CURRENT_GAIN = "current_gain"
    """Share added to the reading of the string's current. [-]"""
    SWAPPED_CHANNELS = "swapped_channels"
    """The cell's channel and the one this many cells on carry each other's cell. [-]"""
    STUCK_VALUE = "stuck_value"
    """A voltage channel repeats its first reading of the start day; the size says nothing. [-]"""
    COOLING_LOSS = "cooling_loss"
    """Share of the cooling that a string loses. [-]"""


_K = ForeignFaultKind
STRING_WIDE = frozenset({_K.CURRENT_OFFSET, _K.CURRENT_GAIN, _K.COOLING_LOSS})
"""Faults of a string as a whole: their cell is not read."""

SIZE_RANGES: Mapping[ForeignFaultKind, tuple[float, float, str]] = MappingProxyType(
    {
        _K.LEAK: (0.05, 1e6, "ohm"),
        _K.RESISTANCE_RISE: (0.0, 50.0, "-"),
        _K.LOOSE_CONTACT: (0.0, 0.01, "ohm"),
        _K.CAPACITY_FADE: (0.0, 0.9, "-"),
        _K.CAPACITY_KNEE: (0.0, 0.9, "-"),
        _K.VOLTAGE_OFFSET: (-1.0, 1.0, "V"),
        _K.TEMPERATURE_OFFSET: (-100.0, 100.0, "K"),
        _K.CURRENT_OFFSET: (-100.0, 100.0, "A"),
        _K.CURRENT_GAIN: (-0.9, 0.9, "-"),
        _K.SWAPPED_CHANNELS: (1.0, 100.0, "-"),
        _K.STUCK_VALUE: (0.0, 1.0, "-"),
        _K.COOLING_LOSS: (0.0, 1.0, "-"),
    }
)
"""Smallest and largest size of each kind, and its unit: what is beyond is a slip of the pen."""

CLASSES: Mapping[ForeignFaultKind, FaultClass | None] = MappingProxyType(
    {
        _K.LEAK: FaultClass.MICRO_SHORT,
        _K.RESISTANCE_RISE: FaultClass.RESISTANCE_RISE,
        _K.LOOSE_CONTACT: FaultClass.LOOSE_CONTACT,
        _K.CAPACITY_FADE: FaultClass.CAPACITY_OUTLIER,
        _K.CAPACITY_KNEE: FaultClass.CAPACITY_OUTLIER,
        _K.VOLTAGE_OFFSET: FaultClass.VOLTAGE_SENSOR,
        _K.TEMPERATURE_OFFSET: FaultClass.TEMPERATURE_SENSOR,
        _K.CURRENT_OFFSET: FaultClass.CURRENT_SENSOR,
        _K.CURRENT_GAIN: FaultClass.CURRENT_SENSOR,
        _K.SWAPPED_CHANNELS: FaultClass.SWAPPED_CHANNELS,
        _K.STUCK_VALUE: FaultClass.STUCK_VALUE,
        _K.COOLING_LOSS: None,
    }
)
"""What a right finding calls each kind; None where no class of a finding fits."""

LEAK_DOUBLINGS = 6.0
"""A leak that grows starts at 1/64 of its conductance, so most of its ramp is below any detector."""
KNEE_POWER = 3.0
"""A knee grows with this power of the time since its start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignFault:
    """One fault of one string.

    Attributes
    ----------
    kind : ForeignFaultKind
        What breaks.
    string : int
        Number of the string. [-]
    cell : int
        Number of the cell in it; not read for faults of a string. [-]
    start_day : int
        Day since the start of the fleet on which it begins. [-]
    size : float
        Size when fully grown, in the unit of the kind.
    growth_days : float
        Days in which it grows; 0 for a step. [d]
    active_share : float
        Share of the time that a loose contact is open. [-]
    """

    kind: ForeignFaultKind
    string: int
    start_day: int
    size: float
    cell: int = 0
    growth_days: float = 0.0
    active_share: float = 0.3

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        low, high, unit = SIZE_RANGES[self.kind]
        for name, value, smallest, largest, what in (
            ("string", self.string, 0, math.inf, "-"),
            ("cell", self.cell, 0, math.inf, "-"),
            ("start_day", self.start_day, 0, math.inf, "-"),
            ("growth_days", self.growth_days, 0.0, math.inf, "d"),
            ("active_share", self.active_share, 0.0, 1.0, "-"),
            ("size", self.size, low, high, unit),
        ):
            if not smallest <= value <= largest:
                raise InvalidQuantityError(
                    name, value, smallest, largest, what, where=f"ForeignFault({self.kind.value})"
                )

    @property
    def fault_class(self) -> FaultClass | None:
        """What a right finding calls it."""
        return CLASSES[self.kind]

    def grown(self, day: int) -> float:
        """Share of its size that it has reached on a day; for a leak, of its conductance. [-]

        Examples
        --------
        >>> fault = ForeignFault(kind=ForeignFaultKind.LEAK, string=0, cell=7, start_day=10, size=30.0, growth_days=60)
        >>> fault.grown(9), fault.grown(40), fault.grown(50), fault.grown(70)
        (0.0, 0.125, 0.25, 1.0)
        """
        if day < self.start_day:
            return 0.0
        part = 1.0 if self.growth_days <= 0.0 else min((day - self.start_day) / self.growth_days, 1.0)
        if self.kind is ForeignFaultKind.LEAK:
            return 2.0 ** (LEAK_DOUBLINGS * (part - 1.0))
        return part**KNEE_POWER if self.kind is ForeignFaultKind.CAPACITY_KNEE else part
