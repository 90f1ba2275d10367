"""How a wide CSV is to be read: patterns of its columns, units, sign and clock, stated by those who know the file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from battuta.domain.errors import DataError, UsageError
from battuta.domain.time import Clock

VOLTAGE_V = MappingProxyType({"V": 1.0, "mV": 1e-3})
CURRENT_A = MappingProxyType({"A": 1.0, "mA": 1e-3})
CHARGE_AH = MappingProxyType({"Ah": 1.0, "mAh": 1e-3})
TEMPERATURE_C = MappingProxyType({"degC": (1.0, 0.0), "mdegC": (1e-3, 0.0), "ddegC": (0.1, 0.0), "K": (1.0, -273.15)})
"""Factor and offset of each unit; mdegC is 1/1000 degC, ddegC 1/10 degC. [-], [degC]"""
DISCHARGE_SIGN = MappingProxyType({"discharge_positive": 1.0, "charge_positive": -1.0})
_NUMBER = "{n}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WideLayout:
    """Columns, units and signs of a wide CSV: a row per time, a column per cell. Nothing has a default but absence.

    Attributes
    ----------
    time : str
        Column of the time.
    clock : str
        What the labels show: ``offset``, ``utc``, ``fixed:+01:00`` or ``local:Europe/Berlin``.
    time_format : str
        Empty for ISO 8601, ``unix_s``, ``unix_ms``, ``unix_us``, ``unix_ns``, or a pattern in strftime's letters.
    voltage : str
        Pattern of the columns of the cells, ``{n}`` for the number: ``v{n}``, ``cell_{n}_v``.
    voltage_unit : str
        ``V`` or ``mV``.
    current : str
        Column of the current.
    current_unit : str
        ``A`` or ``mA``.
    current_sign : str
        ``discharge_positive`` or ``charge_positive``.
    temperature : str
        Pattern of the columns of temperatures, empty where there are none.
    temperature_unit : str
        ``degC``, ``mdegC`` (1/1000 degC), ``ddegC`` (1/10 degC) or ``K``.
    bleed : str
        Pattern of the columns of charge taken out of each cell since the row before.
    bleed_unit : str
        ``Ah`` or ``mAh``.
    balancer : str
        Pattern of the columns of the current of each cell's balancer.
    balancer_unit : str
        ``A`` or ``mA``.
    balancer_sign : str
        ``discharge_positive`` where a current out of the cell is positive, else ``charge_positive``.
    flag : str
        Pattern of the columns that say whether a cell is being bled (1, true, yes, on; 0, false, no, off).
    flag_current_a : float or None
        Current of the bleeding resistor while the flag is up; None where nobody knows it. [A]
    string : str
        Column of the name of the string, empty where a file holds one string.
    separator : str
        What stands between columns.
    """

    time: str = ""
    clock: str = ""
    time_format: str = ""
    voltage: str = ""
    voltage_unit: str = ""
    current: str = ""
    current_unit: str = ""
    current_sign: str = ""
    temperature: str = ""
    temperature_unit: str = ""
    bleed: str = ""
    bleed_unit: str = ""
    balancer: str = ""
    balancer_unit: str = ""
    balancer_sign: str = ""
    flag: str = ""
    flag_current_a: float | None = None
    string: str = ""
    separator: str = ","

    def __post_init__(self) -> None:
        """Ask for everything that is not stated, all at once."""
        words: list[tuple[str, str, Sequence[str]]] = [
            ("voltage_unit", self.voltage_unit, tuple(VOLTAGE_V)),
            ("current_unit", self.current_unit, tuple(CURRENT_A)),
            ("current_sign", self.current_sign, tuple(DISCHARGE_SIGN)),
        ]
        if self.temperature:
            words.append(("temperature_unit", self.temperature_unit, tuple(TEMPERATURE_C)))
        if self.bleed:
            words.append(("bleed_unit", self.bleed_unit, tuple(CHARGE_AH)))
        if self.balancer:
            words.append(("balancer_unit", self.balancer_unit, tuple(CURRENT_A)))
            words.append(("balancer_sign", self.balancer_sign, tuple(DISCHARGE_SIGN)))
        asked = [
            f"{name} = {said!r} is none of {', '.join(known)}"
            if said
            else f"{name} is not stated: {' or '.join(known)}"
            for name, said, known in words
            if said not in known
        ]
        asked.extend(
            f"{name} is not stated: {what}"
            for name, said, what in (
                ("time", self.time, "the column of the time"),
                ("clock", self.clock, "offset, utc, fixed:+01:00 or local:Europe/Berlin"),
                ("voltage", self.voltage, "the pattern of the columns of the cells, such as v{n}"),
                ("current", self.current, "the column of the current"),
            )
            if not said
        )
        asked.extend(
            f"{name} = {said!r} needs {{n}} once, for the number of the cell"
            for name, said in self.patterns().items()
            if said.count(_NUMBER) != 1
        )
        if sum(bool(each) for each in (self.bleed, self.balancer, self.flag)) > 1:
            asked.append("bleed, balancer and flag all tell of the balancer: state one of them")
        if asked:
            message = "the layout does not say enough:" + "".join(f"\n  - {each}" for each in asked)
            raise UsageError(message)
        Clock.parse(self.clock)

    def patterns(self) -> Mapping[str, str]:
        """Patterns that are stated, by the name of their quantity."""
        stated = {
            "voltage": self.voltage,
            "temperature": self.temperature,
            "bleed": self.bleed,
            "balancer": self.balancer,
            "flag": self.flag,
        }
        return {name: pattern for name, pattern in stated.items() if pattern}


def numbered_columns(pattern: str, header: Sequence[str], source: str) -> tuple[str, ...]:
    """Return the columns of a pattern in the order of their numbers.

    Parameters
    ----------
    pattern : str
        With ``{n}`` for the number.
    header : sequence of str
        All columns of the file.
    source : str
        File, for errors.

    Returns
    -------
    tuple of str
        Columns.

    Raises
    ------
    DataError
        If there is none, one is missing in between, or two carry one number.

    Examples
    --------
    >>> numbered_columns("cell_{n}_v", ["time", "cell_10_v", "cell_09_v"], "log.csv")
    ('cell_09_v', 'cell_10_v')
    """
    before, after = pattern.split(_NUMBER)
    shape = re.compile(re.escape(before) + r"(\d+)" + re.escape(after))
    matches = [(int(match[1]), name) for name in header if (match := shape.fullmatch(name))]
    if not matches:
        message = f"{source} has no column {pattern}; it has {', '.join(header)}"
        raise DataError(message)
    matches.sort()
    numbers = [number for number, _ in matches]
    absent = sorted(set(range(numbers[0], numbers[-1] + 1)) - set(numbers))
    if absent or len(set(numbers)) < len(numbers):
        twice = sorted({number for number in numbers if numbers.count(number) > 1})
        wrong = f"lacks {', '.join(map(str, absent))}" if absent else f"has {', '.join(map(str, twice))} twice"
        message = f"{source}: {pattern} runs from {numbers[0]} to {numbers[-1]} and {wrong}; complete the columns"
        raise DataError(message)
    return tuple(name for _, name in matches)
