"""What a finding means and what to do about it, in words for whoever stands before the battery."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.domain.time import from_ns
from battuta.interfaces.reports.wording import NBSP, number_text

_F = FaultClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What a class of finding means, and what to do next."""

    meaning: str
    step: str


ADVICE: Final = {
    _F.MICRO_SHORT: Advice(
        meaning="The cell loses charge that no balancer took: a short inside it, or a path for current beside it.",
        step="Look whether its charge falls on; compare its balancer and wiring; a leak that grows takes the cell out.",
    ),
    _F.RESISTANCE_RISE: Advice(
        meaning="The cell, or a joint beside it, resists current more than before, or more than its string.",
        step="Look for warmth at the joints of this cell and its neighbours; check their torque at the next visit.",
    ),
    _F.LOOSE_CONTACT: Advice(
        meaning="A resistance that comes and goes, as where a joint or a sense wire is loose.",
        step="Check the bolts and the plug of this cell soon; a loose joint of the current path warms up.",
    ),
    _F.CAPACITY_OUTLIER: Advice(
        meaning="The cell has come to hold less than the others: it is empty first and full first.",
        step="Measure its capacity in a full cycle before the module is judged; it limits what its string can give.",
    ),
    _F.VOLTAGE_SENSOR: Advice(
        meaning="The channel has come to read too high or too low by the same amount at all currents and charges.",
        step="Measure the cell by hand at rest; if the hand meter agrees with its neighbours, mend the channel.",
    ),
    _F.TEMPERATURE_SENSOR: Advice(
        meaning="A thermistor reads too warm or too cold, or moves otherwise than those beside it.",
        step="Compare it by hand with those beside it; check that it still touches what it measures.",
    ),
    _F.CURRENT_SENSOR: Advice(
        meaning="The current of the string is read too high, too low, or with an offset.",
        step="Compare with a clamp meter and with the converter; charge that is counted from it is wrong till then.",
    ),
    _F.SWAPPED_CHANNELS: Advice(
        meaning="Two channels carry each other's cell.",
        step="Trace both sense wires; till then read the findings of either cell as the other's.",
    ),
    _F.STUCK_VALUE: Advice(
        meaning="The channel does not move: nobody watches this cell.",
        step="Restart or exchange the measuring board; treat the cell as unknown until it reads again.",
    ),
    _F.COOLING: Advice(
        meaning="Cells are cooled worse than before by the same heat.",
        step="Clean filters; check pump, fans, chiller and the coolant.",
    ),
    _F.COOLANT_LEVEL: Advice(
        meaning="Coolant is lost.", step="Look for the leak before filling up; water and cells do not go together."
    ),
    _F.COOLANT_FLOW: Advice(
        meaning="A pump moves less coolant than its speed promises.",
        step="Check pump, valves, strainer and air inside.",
    ),
    _F.COOLANT_PRESSURE: Advice(
        meaning="The coolant circuit loses pressure, or resists more.", step="Look for a leak, or clean the strainer."
    ),
    _F.INSULATION: Advice(
        meaning="The resistance between string and earth falls.",
        step="Switch strings off one by one to find which; look for water and chafed cable. Nobody touches it live.",
    ),
    _F.CONTACTOR_WEAR: Advice(
        meaning="A contactor is worn, does not follow its command, or is welded.",
        step="Test that it opens before anybody relies on it; exchange it if in doubt.",
    ),
    _F.PRECHARGE: Advice(
        meaning="The DC bus is charged otherwise than before.", step="Check resistor, contactor and DC capacitors."
    ),
    _F.FUSE: Advice(
        meaning="A string carries no current while the others do.",
        step="Check fuse, contactor and switch of the string.",
    ),
    _F.JOINT_HEAT: Advice(
        meaning="A DC joint warms more by the same current.",
        step="Look with a thermal camera under load; check torque.",
    ),
    _F.HUMIDITY: Advice(
        meaning="Water condenses on the coldest surface.", step="Dry the air, or let the coolant be less cold."
    ),
    _F.WATER: Advice(meaning="A sensor on the floor is wet.", step="Send somebody; keep away from live parts."),
    _F.AUXILIARY_SUPPLY: Advice(
        meaning="The supply of the controls sags, or its battery is weak.",
        step="Test it under load; exchange its battery.",
    ),
    _F.FIRE_PANEL: Advice(
        meaning="The fire panel reports a fault, or part of it is off.", step="Call whoever services it; tell the site."
    ),
    _F.POLARITY: Advice(
        meaning="A cell, or the current, is read with the wrong sign.", step="Turn the wires about, or state the sign."
    ),
    _F.CHANNEL_ORDER: Advice(
        meaning="Channels do not carry the cells in their order.", step="Trace the sense wires of the whole string."
    ),
    _F.SENSE_WIRE: Advice(
        meaning="A wire to a cell terminal is open, or carries current.", step="Check plug and wire of this cell."
    ),
}
"""Every class of finding."""

LEVEL_WORDS: Final = {
    FindingLevel.WATCH: "look again",
    FindingLevel.PLAN: "put it into the next planned visit",
    FindingLevel.ACT: "send somebody",
}

_SHOWN: Final = {
    "charge_lost_per_day": ("charge lost a day", 100.0, "% of capacity"),
    "charge_lost_more_per_day": ("charge lost a day, more than before", 100.0, "% of capacity"),
    "resistance_rise_ohm": ("rise of resistance", 1e6, "µΩ"),
    "resistance_ohm": ("resistance", 1e6, "µΩ"),
    "offset_v": ("offset, moved by", 1e3, "mV"),
    "capacity_lost_share": ("capacity lost", 100.0, "% of capacity"),
    "unrest_log": ("rise of unrest (logarithm)", 1.0, ""),
    "charge": ("charge", 100.0, "% of capacity"),
    "capacity_share": ("capacity", 100.0, "%"),
}
"""Name, factor and unit on a screen of what is tested, and of what a map or a chart shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How a quantity is shown: its name, by what it is multiplied, and its unit then."""

    name: str
    factor: float
    unit: str

    @property
    def title(self) -> str:
        """Name and unit."""
        return f"{self.name}, {self.unit}" if self.unit else self.name


def shown(name: str) -> Shown:
    """Say how a quantity is shown; unknown ones as they are called.

    Examples
    --------
    >>> shown("offset_v").title, shown("rise_k").title
    ('offset, moved by, mV', 'rise_k')
    """
    known = _SHOWN.get(name, (name, 1.0, ""))
    return Shown(name=known[0], factor=known[1], unit=known[2])


def evidence_pairs(finding: Finding) -> list[tuple[str, str]]:
    """Say what was measured, each number with its name and unit.

    Parameters
    ----------
    finding : Finding
        The finding.

    Returns
    -------
    list of tuple of str
        Names and numbers.
    """
    tested = next((each for each in _SHOWN if each in finding.evidence), "")
    found: list[tuple[str, str]] = []
    for name, value in finding.evidence.items():
        match name:
            case "others_median":
                known = shown(tested)
                found.append(("the same, median of the string", _value_text(value * known.factor, known.unit)))
            case "watch_from":
                known = shown(tested)
                found.append(("watch begins beyond it by", _value_text(value * known.factor, known.unit)))
            case "score":
                found.append(("usual distances of the other cells", number_text(value, 1)))
            case "window_days":
                found.append(("looked at over", f"{value:g} days"))
            case _:
                known = shown(name)
                found.append((known.name, _value_text(value * known.factor, known.unit)))
    return found


def _value_text(value: float, unit: str) -> str:
    if not math.isfinite(value):
        return "-"
    digits = max(0, 2 - math.floor(math.log10(abs(value)))) if value else 0
    return f"{number_text(value, min(digits, 6))}{NBSP}{unit}".rstrip()


def fault_words(fault: FaultClass) -> str:
    """Name a class as words."""
    return fault.value.replace("_", " ")


def place_words(finding: Finding, label: str = "") -> str:
    """Say where it is, with the name that the file has for the cell."""
    if finding.cell is None:
        return "string"
    return f"cell {finding.cell} ({label})" if label else f"cell {finding.cell}"


def limit_words(finding: Finding) -> str:
    """Say when the string meets its limit by it; empty where it does not grow."""
    if finding.days_to_limit is None:
        return ""
    early, middle, late = finding.days_to_limit
    return (
        f"{number_text(middle, 0)} days ({number_text(early, 0)} to {number_text(late, 0)}) from {told_text(finding)}"
    )


def likely_text(finding: Finding) -> str:
    """How likely the fault is there rather than chance, in no more digits than it is known to."""
    return f"{100.0 * finding.probability:.2g}{NBSP}%"


def since_text(finding: Finding) -> str:
    """Day on which it began, as far as the data tell."""
    return from_ns(finding.since_ns).date().isoformat()


def told_text(finding: Finding) -> str:
    """Day on which it was told, the same as the command and its tables say."""
    return from_ns(finding.found_ns).date().isoformat()
