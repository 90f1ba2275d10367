"""What each fault leaves of a string, by how soon somebody has to act: a policy of assumptions, nothing measured."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from battuta.domain.health import FaultClass, FindingLevel

_PLAN, _ACT = FindingLevel.PLAN, FindingLevel.ACT


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """What a fault leaves of a string.

    Attributes
    ----------
    power_share_max : float
        Share of its power. [-]
    soc_min, soc_max : float
        Window of its state of charge. [-]
    soc_margin : float
        What is kept free besides at both ends of its own window. [-]
    temperature_c_max : float
        Highest temperature of a cell, infinite where it does not matter. [degC]
    """

    power_share_max: float = 1.0
    soc_min: float = 0.0
    soc_max: float = 1.0
    soc_margin: float = 0.0
    temperature_c_max: float = math.inf


_BLIND = Leave(soc_margin=0.05)
"""Nobody sees how full or empty a cell is."""
_HOT = {_PLAN: Leave(temperature_c_max=45.0), _ACT: Leave(power_share_max=0.7, temperature_c_max=40.0)}
"""Heat is carried away worse."""
_WET = {_ACT: Leave(power_share_max=0.0)}
"""Somebody has to look before any current flows again."""
_ASSUMED: Mapping[FaultClass, Mapping[FindingLevel, Leave]] = {
    FaultClass.MICRO_SHORT: {
        _PLAN: Leave(soc_max=0.9, temperature_c_max=45.0),
        _ACT: Leave(power_share_max=0.5, soc_max=0.8, temperature_c_max=40.0),
    },
    FaultClass.RESISTANCE_RISE: {_PLAN: Leave(), _ACT: Leave(temperature_c_max=45.0)},
    FaultClass.LOOSE_CONTACT: {_PLAN: Leave(power_share_max=0.8), _ACT: Leave(power_share_max=0.5)},
    FaultClass.JOINT_HEAT: {_PLAN: Leave(power_share_max=0.8), _ACT: Leave(power_share_max=0.5)},
    FaultClass.CAPACITY_OUTLIER: {_PLAN: Leave(), _ACT: Leave()},
    FaultClass.VOLTAGE_SENSOR: {_PLAN: _BLIND, _ACT: _BLIND},
    FaultClass.CURRENT_SENSOR: {_PLAN: _BLIND, _ACT: _BLIND},
    FaultClass.SWAPPED_CHANNELS: {_PLAN: _BLIND, _ACT: _BLIND},
    FaultClass.STUCK_VALUE: {_PLAN: _BLIND, _ACT: _BLIND},
    FaultClass.POLARITY: {_ACT: _BLIND},
    FaultClass.CHANNEL_ORDER: {_ACT: _BLIND},
    FaultClass.SENSE_WIRE: {_PLAN: _BLIND, _ACT: _BLIND},
    FaultClass.TEMPERATURE_SENSOR: {_PLAN: Leave(temperature_c_max=50.0), _ACT: Leave(temperature_c_max=50.0)},
    FaultClass.COOLING: _HOT,
    FaultClass.COOLANT_LEVEL: _HOT,
    FaultClass.COOLANT_FLOW: _HOT,
    FaultClass.COOLANT_PRESSURE: _HOT,
    FaultClass.INSULATION: _WET,
    FaultClass.WATER: _WET,
}
"""Classes that are not here call for a visit, not for less use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeratingSettings:
    """The policy: chosen by judgement, to be set by those who answer for the battery.

    Attributes
    ----------
    leaves : mapping of FaultClass to mapping of FindingLevel to Leave
        What each class leaves from a level on; without an entry, everything.
    urgent_days : float
        A string that may meet its limit within so many days is treated as at `act`, whatever the level. [d]
    visit_days : float
        How long a cell that loses charge has to last until somebody comes. [d]
    lost_soc_max : float
        Most that is kept free at the lower end for what such a cell loses until then. [-]
    power_share_min : float
        Least power that a resistance leaves: a reading that would ask for less is somebody's to judge. [-]
    """

    leaves: Mapping[FaultClass, Mapping[FindingLevel, Leave]] = field(
        default_factory=lambda: MappingProxyType(_ASSUMED)
    )
    urgent_days: float = 14.0
    visit_days: float = 14.0
    lost_soc_max: float = 0.2
    power_share_min: float = 0.2

    def leave(self, fault: FaultClass, level: FindingLevel) -> Leave | None:
        """Look up what a fault leaves, None for everything.

        Examples
        --------
        >>> DeratingSettings().leave(FaultClass.MICRO_SHORT, FindingLevel.ACT).soc_max
        0.8
        >>> DeratingSettings().leave(FaultClass.MICRO_SHORT, FindingLevel.WATCH) is None
        True
        """
        by_level = self.leaves.get(fault, {})
        reached = [each for each in by_level if each <= level]
        return by_level[max(reached)] if reached else None
