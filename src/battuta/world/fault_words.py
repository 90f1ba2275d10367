"""A planted fault as a user writes it: ``leak,site=3,cell=17,size=0.5,start=1h,ramp=30min,end=2d``.

Sites and cells are numbered from 0. Instants count from the start of the world.
"""

from __future__ import annotations

import math

from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.world.planted_faults import SITE_WIDE, FaultKind, PlantedFault

SIZES = {
    FaultKind.LEAK: "A that leak inside the cell",
    FaultKind.RESISTANCE_RISE: "share that is added to the resistance of the cell",
    FaultKind.LOOSE_CONTACT: "ohm of the joint",
    FaultKind.SENSOR_DRIFT: "V that the voltage reading of the cell is off",
    FaultKind.TEMPERATURE_DRIFT: "K that the temperature reading of the cell is off",
    FaultKind.COOLING_LOSS: "share of the coolant flow that the site loses",
    FaultKind.GAS: "ppm of gas at the fire panel of the site",
    FaultKind.SMOKE: "percent per metre of smoke at the fire panel of the site",
}
"""What the size of each kind is."""

_UNITS_S = {"min": 60.0, "s": 1.0, "h": 3600.0, "d": 86_400.0}
_DIGITS_MAX = 9
_KEYS = ("site", "cell", "size", "start", "ramp", "end", "share")


def parse_fault(words: str) -> PlantedFault:
    """Read a fault.

    Parameters
    ----------
    words : str
        The kind, then ``key=value``: ``site``, ``size`` and, but for faults of a site as a whole, ``cell`` are needed;
        ``start`` (0 left out), ``ramp`` (a step), ``end`` (never) are written as 90s, 15min, 6h or 7d, and only 0 needs
        no unit; ``share`` is the share of the seconds in which a loose contact is loose.

    Returns
    -------
    PlantedFault
        The fault, its times in seconds since the start of the world.

    Raises
    ------
    UsageError
        If it cannot be read; says what is wrong, and what there is.

    Examples
    --------
    >>> fault = parse_fault("leak,site=3,cell=17,size=0.5,start=1h,ramp=30min,end=2d")
    >>> fault.kind.value, fault.site, fault.cell, fault.size, fault.start_s, fault.ramp_s, fault.end_s
    ('leak', 3, 17, 0.5, 3600.0, 1800.0, 172800.0)
    """
    first, *rest = (each.strip() for each in words.split(","))
    kind = _kind(first, words)
    given: dict[str, str] = {}
    for each in rest:
        key, equals, value = (part.strip() for part in each.partition("="))
        if not equals or key not in _KEYS:
            raise _refusal(words, f"{each!r} is none of {', '.join(f'{name}=' for name in _KEYS)}")
        if key in given:
            raise _refusal(words, f"{key} is said twice")
        given[key] = value
    for key in ("site", "size") if kind in SITE_WIDE else ("site", "cell", "size"):
        if key not in given:
            raise _refusal(words, f"{key}= is missing; the size of {kind.value} is in {SIZES[kind]}")
    if kind in SITE_WIDE and "cell" in given:
        raise _refusal(words, f"{kind.value} is a fault of a whole site: leave cell= out")
    if kind is not FaultKind.LOOSE_CONTACT and "share" in given:
        raise _refusal(words, "share= is for loose_contact only")
    start_s = _duration_s(given, "start", 0.0, words)
    end_s = _duration_s(given, "end", math.inf, words)
    if not start_s < end_s:
        raise _refusal(words, f"the end, {end_s:g} s, does not come after the start, {start_s:g} s")
    try:
        return PlantedFault(
            kind=kind,
            site=_count(given, "site", words),
            cell=_count(given, "cell", words),
            size=_number(given, "size", math.nan, words),
            start_s=start_s,
            end_s=end_s,
            ramp_s=_duration_s(given, "ramp", 0.0, words),
            active_share=_number(given, "share", 1.0, words),
        )
    except InvalidQuantityError as error:
        raise _refusal(words, f"{error}; the size of {kind.value} is in {SIZES[kind]}") from error


def _refusal(words: str, reason: str) -> UsageError:
    return UsageError(f"fault {words!r}: {reason}; write it as leak,site=3,cell=17,size=0.5,start=1h,ramp=30min,end=2d")


def _kind(name: str, words: str) -> FaultKind:
    try:
        return FaultKind(name)
    except ValueError:
        raise _refusal(words, f"there is no kind {name!r}; there are {', '.join(FaultKind)}") from None


def _count(given: dict[str, str], key: str, words: str) -> int:
    text = given.get(key, "0")
    if not text.isascii() or not text.isdigit() or len(text) > _DIGITS_MAX:
        raise _refusal(
            words, f"{key}={text[:_DIGITS_MAX]} is not a whole number from 0 of at most {_DIGITS_MAX} digits"
        )
    return int(text)


def _number(given: dict[str, str], key: str, left_out: float, words: str) -> float:
    if key not in given:
        return left_out
    try:
        value = float(given[key])
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise _refusal(words, f"{key}={given[key]} is not a number")
    return value


def _duration_s(given: dict[str, str], key: str, left_out: float, words: str) -> float:
    if key not in given:
        return left_out
    body = given[key].lower()
    unit = next((unit for unit in _UNITS_S if body.endswith(unit)), "")
    try:
        value_s = float(body.removesuffix(unit)) * _UNITS_S.get(unit, 1.0)
    except ValueError:
        value_s = math.nan
    if not unit and value_s != 0.0 and math.isfinite(value_s):
        raise _refusal(words, f"{key}={given[key]} has no unit: write {given[key]}s for seconds, or min, h or d")
    if not 0.0 <= value_s < math.inf:
        raise _refusal(words, f"{key}={given[key]} is no duration such as 90s, 15min, 6h or 7d")
    return value_s
