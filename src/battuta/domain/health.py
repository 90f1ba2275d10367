"""What diagnosis says of a battery: findings with their evidence, and what of the battery may still be used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from types import MappingProxyType

from battuta.domain.errors import DataError


class FaultClass(StrEnum):
    """What a finding says is wrong."""

    MICRO_SHORT = "micro_short"
    """A cell loses charge that no balancer took."""
    RESISTANCE_RISE = "resistance_rise"
    """A cell's resistance grows."""
    LOOSE_CONTACT = "loose_contact"
    """A joint's resistance comes and goes, or stepped."""
    CAPACITY_OUTLIER = "capacity_outlier"
    """A cell holds less than its string."""
    VOLTAGE_SENSOR = "voltage_sensor"
    """A voltage channel is offset."""
    TEMPERATURE_SENSOR = "temperature_sensor"
    """A thermistor is offset."""
    CURRENT_SENSOR = "current_sensor"
    """The current of the string is read wrongly."""
    SWAPPED_CHANNELS = "swapped_channels"
    """Two channels carry each other's cell."""
    STUCK_VALUE = "stuck_value"
    """A channel does not move."""
    COOLING = "cooling"
    """Cells are cooled worse than before: pump, filter, fan, chiller or coolant."""
    COOLANT_LEVEL = "coolant_level"
    """Coolant is lost."""
    COOLANT_FLOW = "coolant_flow"
    """A pump moves less coolant than its speed promises."""
    COOLANT_PRESSURE = "coolant_pressure"
    """The coolant circuit loses pressure, or resists more."""
    INSULATION = "insulation"
    """The resistance between the string and earth falls."""
    CONTACTOR_WEAR = "contactor_wear"
    """A contactor has little of its electrical life left, does not follow its command, or is welded."""
    PRECHARGE = "precharge"
    """The DC bus is charged slower or faster than before, or not to the end."""
    FUSE = "fuse"
    """A string carries no current while the others do."""
    JOINT_HEAT = "joint_heat"
    """A DC joint warms more by the same current than before, or more than the others."""
    HUMIDITY = "humidity"
    """Air is so damp that water condenses on the coldest surface."""
    WATER = "water"
    """A sensor on the floor is wet."""
    AUXILIARY_SUPPLY = "auxiliary_supply"
    """The supply of the controls sags, or its battery is weak."""
    FIRE_PANEL = "fire_panel"
    """The fire panel reports a fault, or part of it is switched off."""
    POLARITY = "polarity"
    """A cell, or the current, is read with the wrong sign."""
    CHANNEL_ORDER = "channel_order"
    """Channels do not carry the cells in their order."""
    SENSE_WIRE = "sense_wire"
    """A wire to a cell terminal is open, or carries current."""


class FindingLevel(IntEnum):
    """How soon somebody has to do something."""

    WATCH = 1
    """Look again."""
    PLAN = 2
    """Put it into the next planned visit."""
    ACT = 3
    """Send somebody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, where, since when, and why anybody should believe it.

    Attributes
    ----------
    string_id : str
        The string.
    cell : int or None
        Number of the cell from 0; None for what concerns the string as a whole.
    fault : FaultClass
        What is wrong.
    level : FindingLevel
        How soon somebody has to do something.
    since_ns : int
        When it began, as far as the data tell. [ns]
    found_ns : int
        When it was told at this level. [ns]
    probability : float
        How likely the fault is there rather than chance, given the share of cells that are faulty. [-]
    evidence : mapping of str to float
        What was measured, the unit last in each name.
    days_to_limit : tuple of float or None
        Days until its string meets its limit by it: early, middle, late (10, 50, 90 %); None if it does not grow. [d]
    """

    string_id: str
    cell: int | None
    fault: FaultClass
    level: FindingLevel
    since_ns: int
    found_ns: int
    probability: float
    evidence: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    days_to_limit: tuple[float, float, float] | None = None

    def __post_init__(self) -> None:
        """Check that it is possible."""
        if not 0.0 <= self.probability <= 1.0:
            message = f"the probability of a finding is {self.probability}, not a share"
            raise DataError(message)
        if self.found_ns < self.since_ns:
            message = f"a finding of string {self.string_id} was told before it began"
            raise DataError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Derating:
    """What of a string may still be used because of a finding; the conductor and the desk read the same value.

    Attributes
    ----------
    string_id : str
        The string.
    power_share_max : float
        Share of its power that is left. [-]
    soc_min, soc_max : float
        Window of its state of charge. [-]
    temperature_c_max : float
        Highest temperature at which it may work. [degC]
    reason : str
        Why, in words.
    """

    string_id: str
    power_share_max: float
    soc_min: float
    soc_max: float
    temperature_c_max: float
    reason: str

    def __post_init__(self) -> None:
        """Check that it leaves a window."""
        if not (0.0 <= self.power_share_max <= 1.0 and 0.0 <= self.soc_min <= self.soc_max <= 1.0):
            message = (
                f"a derating of string {self.string_id} to {self.power_share_max} of its power between the states of "
                f"charge {self.soc_min} and {self.soc_max} is none"
            )
            raise DataError(message)
