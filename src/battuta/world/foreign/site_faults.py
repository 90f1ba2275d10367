"""Faults planted in a site around its cells, known to the day: the truth that its checks are scored against."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np

from battuta.domain.errors import InvalidQuantityError
from battuta.domain.health import FaultClass
from battuta.numerics.arrays import FloatArray


class SiteFaultKind(StrEnum):
    """What breaks; the size of a fault is in the unit named here."""

    INSULATION_FALL = "insulation_fall"
    """Share of its insulation that a site loses, of its logarithm evenly. [-]"""
    EARTH_FAULT = "earth_fault"
    """A path to earth beside the insulation. [ohm]"""
    COOLANT_LEAK = "coolant_leak"
    """Share of the tank that is lost, evenly. [-]"""
    PUMP_WEAR = "pump_wear"
    """Share of the flow that is lost. [-]"""
    FILTER_CLOGGED = "filter_clogged"
    """Share of the flow that is lost, slowly first. [-]"""
    PUMP_STOP = "pump_stop"
    """The pump stands; the size says nothing. [-]"""
    PRESSURE_LOSS = "pressure_loss"
    """Static pressure that is lost. [bar]"""
    CONTACTOR_HUNTING = "contactor_hunting"
    """Switchings under load a day of one contactor. [-]"""
    CONTACTOR_WELDED = "contactor_welded"
    """One contactor does not open; the size says nothing. [-]"""
    PRECHARGE_DRIFT = "precharge_drift"
    """Share by which the time constant of the pre-charge changes. [-]"""
    FUSE_BLOWN = "fuse_blown"
    """One string carries nothing; the size says nothing. [-]"""
    JOINT_LOOSE = "joint_loose"
    """Share by which a joint's resistance grows. [-]"""
    DEHUMIDIFIER_LOST = "dehumidifier_lost"
    """Share of what keeps the air dry that is lost. [-]"""
    WATER_INSIDE = "water_inside"
    """A sensor on the floor is wet; the size says nothing. [-]"""
    SUPPLY_SAG = "supply_sag"
    """Voltage that the supply of the controls loses. [V]"""
    UPS_WEAK = "ups_weak"
    """Voltage that the battery of the controls loses in a test. [V]"""
    PANEL_FAULT = "panel_fault"
    """The fire panel reports a fault; the size says nothing. [-]"""
    PANEL_DISABLED = "panel_disabled"
    """Part of the fire panel is switched off and forgotten; the size says nothing. [-]"""


_K = SiteFaultKind

SITE_FAULTS: Mapping[SiteFaultKind, tuple[FaultClass, float, float, str]] = MappingProxyType(
    {
        _K.INSULATION_FALL: (FaultClass.INSULATION, 0.0, 0.9999, "-"),
        _K.EARTH_FAULT: (FaultClass.INSULATION, 1.0, 1e7, "ohm"),
        _K.COOLANT_LEAK: (FaultClass.COOLANT_LEVEL, 0.0, 1.0, "-"),
        _K.PUMP_WEAR: (FaultClass.COOLANT_FLOW, 0.0, 1.0, "-"),
        _K.FILTER_CLOGGED: (FaultClass.COOLANT_FLOW, 0.0, 1.0, "-"),
        _K.PUMP_STOP: (FaultClass.COOLANT_FLOW, 0.0, 1.0, "-"),
        _K.PRESSURE_LOSS: (FaultClass.COOLANT_PRESSURE, 0.0, 10.0, "bar"),
        _K.CONTACTOR_HUNTING: (FaultClass.CONTACTOR_WEAR, 0.0, 144.0, "-"),
        _K.CONTACTOR_WELDED: (FaultClass.CONTACTOR_WEAR, 0.0, 1.0, "-"),
        _K.PRECHARGE_DRIFT: (FaultClass.PRECHARGE, -0.9, 10.0, "-"),
        _K.FUSE_BLOWN: (FaultClass.FUSE, 0.0, 1.0, "-"),
        _K.JOINT_LOOSE: (FaultClass.JOINT_HEAT, 0.0, 50.0, "-"),
        _K.DEHUMIDIFIER_LOST: (FaultClass.HUMIDITY, 0.0, 1.0, "-"),
        _K.WATER_INSIDE: (FaultClass.WATER, 0.0, 1.0, "-"),
        _K.SUPPLY_SAG: (FaultClass.AUXILIARY_SUPPLY, 0.0, 24.0, "V"),
        _K.UPS_WEAK: (FaultClass.AUXILIARY_SUPPLY, 0.0, 24.0, "V"),
        _K.PANEL_FAULT: (FaultClass.FIRE_PANEL, 0.0, 1.0, "-"),
        _K.PANEL_DISABLED: (FaultClass.FIRE_PANEL, 0.0, 1.0, "-"),
    }
)
"""What a right finding calls each kind, its smallest and largest size, and the unit of that."""

SUDDEN = frozenset(
    {
        _K.EARTH_FAULT, _K.PUMP_STOP, _K.CONTACTOR_WELDED, _K.FUSE_BLOWN, _K.WATER_INSIDE, _K.PANEL_FAULT,
        _K.PANEL_DISABLED,
    }
)  # fmt: skip
"""Kinds that have no precursor however long they take to grow: they are there at once."""
CLOG_POWER = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFault:
    """One fault of a site.

    Attributes
    ----------
    kind : SiteFaultKind
        What breaks.
    start_day : float
        When it begins, in days since the start of the site. [d]
    size : float
        Size when fully grown, in the unit of the kind.
    growth_days : float
        Days in which it grows; 0 for a step. [d]
    part : int
        Number of the string, contactor or joint concerned; not read for others. [-]
    """

    kind: SiteFaultKind
    start_day: float
    size: float = 1.0
    growth_days: float = 0.0
    part: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        _, low, high, unit = SITE_FAULTS[self.kind]
        for name, value, smallest, largest, what in (
            ("start_day", self.start_day, 0.0, math.inf, "d"),
            ("growth_days", self.growth_days, 0.0, math.inf, "d"),
            ("part", self.part, 0, math.inf, "-"),
            ("size", self.size, low, high, unit),
        ):
            if not smallest <= value <= largest:
                raise InvalidQuantityError(name, value, smallest, largest, what, where=f"SiteFault({self.kind.value})")

    @property
    def fault_class(self) -> FaultClass:
        """What a right finding calls it."""
        return SITE_FAULTS[self.kind][0]

    def grown(self, day: FloatArray) -> FloatArray:
        """Share of its size that it has reached. [-]

        Parameters
        ----------
        day : ndarray, shape (n_times,)
            Days since the start of the site. [d]

        Returns
        -------
        ndarray, shape (n_times,)
            From 0 to 1. [-]

        Examples
        --------
        >>> fault = SiteFault(kind=SiteFaultKind.JOINT_LOOSE, start_day=10, size=2.0, growth_days=20)
        >>> fault.grown(np.array([5.0, 20.0, 40.0]))
        array([0. , 0.5, 1. ])
        """
        if self.growth_days <= 0.0 or self.kind in SUDDEN:
            return (day >= self.start_day).astype(np.float64)
        part = np.clip((day - self.start_day) / self.growth_days, 0.0, 1.0)
        return part**CLOG_POWER if self.kind is _K.FILTER_CLOGGED else part


def share_of(
    faults: tuple[SiteFault, ...], kind: SiteFaultKind, day: FloatArray, part: int | None = None
) -> FloatArray:
    """Size of all faults of a kind together, in the unit of the kind.

    Parameters
    ----------
    faults : tuple of SiteFault
        What breaks.
    kind : SiteFaultKind
        Which of them.
    day : ndarray, shape (n_times,)
        Days since the start of the site. [d]
    part : int or None
        Only those of this part; None for all.

    Returns
    -------
    ndarray, shape (n_times,)
        Sizes reached, added up.
    """
    own = [each for each in faults if each.kind is kind and part in {None, each.part}]
    return np.sum([each.size * each.grown(day) for each in own], axis=0) if own else np.zeros(day.size)
