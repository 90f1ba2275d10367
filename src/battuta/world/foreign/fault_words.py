"""Planted faults of a foreign fleet as people write them: leak,string=0,cell=17,size=100,start=20,growth=42."""

from __future__ import annotations

from battuta.domain.errors import UsageError
from battuta.world.foreign.faults import SIZE_RANGES, ForeignFault, ForeignFaultKind

_KEYS = ("string", "cell", "size", "start", "growth")
EXAMPLE = "leak,string=0,cell=17,size=100,start=20"


def parse_foreign_fault(words: str) -> ForeignFault:
    """Read a fault.

    Parameters
    ----------
    words : str
        The kind, then ``key=value``: ``string``, ``cell`` (0 left out), ``size`` in the unit of the kind, and ``start``
        and ``growth`` in days (0 left out).

    Returns
    -------
    ForeignFault
        The fault.

    Raises
    ------
    UsageError
        If it cannot be read; says what there is.

    Examples
    --------
    >>> fault = parse_foreign_fault("leak,string=1,cell=17,size=100,start=20")
    >>> fault.kind.value, fault.string, fault.cell, fault.size, fault.start_day
    ('leak', 1, 17, 100.0, 20)
    """
    name, *rest = (part.strip() for part in words.split(","))
    if name not in {each.value for each in ForeignFaultKind}:
        message = f"--fault {words!r}: there is no fault {name!r}; there are {', '.join(ForeignFaultKind)}"
        raise UsageError(message)
    given: dict[str, float] = {}
    for part in rest:
        key, _, value = (each.strip() for each in part.partition("="))
        if key not in _KEYS or key in given:
            message = f"--fault {words!r}: {part!r} is no key or stands twice; keys are {', '.join(_KEYS)}: {EXAMPLE}"
            raise UsageError(message)
        try:
            given[key] = float(value)
        except ValueError:
            message = f"--fault {words!r}: {value!r} is no number; write it as {EXAMPLE}"
            raise UsageError(message) from None
    kind = ForeignFaultKind(name)
    if "size" not in given:
        low, high, unit = SIZE_RANGES[kind]
        message = f"--fault {words!r}: say how large it is, size={low:g} to {high:g} in {unit}: {EXAMPLE}"
        raise UsageError(message)
    return ForeignFault(
        kind=kind,
        string=_whole(words, given.get("string", 0.0)),
        cell=_whole(words, given.get("cell", 0.0)),
        start_day=_whole(words, given.get("start", 0.0)),
        size=given["size"],
        growth_days=given.get("growth", 0.0),
    )


def _whole(words: str, value: float) -> int:
    if value != value or value != int(value):  # noqa: PLR0124  not a number is not itself
        message = f"--fault {words!r}: {value:g} is no whole number; strings, cells and days are counted"
        raise UsageError(message)
    return int(value)
