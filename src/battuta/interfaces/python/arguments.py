"""What a notebook passes, checked where it comes in: a wrong kind is named with the call, the argument and the mend."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from battuta.domain.asset import Site
from battuta.domain.errors import UsageError
from battuta.domain.prices import PriceSeries


def require_prices(where: str, name: str, value: object) -> None:
    """Refuse what is no price series, as a path or a data frame.

    Raises
    ------
    UsageError
        If it is none.
    """
    if not isinstance(value, PriceSeries):
        raise _wrong(where, name, value, "a PriceSeries", "read it with bt.read_prices(...)")


def require_site(where: str, name: str, value: object) -> None:
    """Refuse what is no site, as the path of an asset file.

    Raises
    ------
    UsageError
        If it is none.
    """
    if not isinstance(value, Site):
        raise _wrong(where, name, value, "a Site", "read it with bt.Site.from_file(...), or make one: bt.Site(...)")


def require_count(where: str, **counts: object) -> None:
    """Refuse numbers that are no whole ones.

    Raises
    ------
    UsageError
        If one is none.

    Examples
    --------
    >>> require_count("bt.forecast", test_days="7")
    Traceback (most recent call last):
        ...
    battuta.domain.errors.UsageError: bt.forecast: test_days is of type str ('7'), not a whole number; write it as 28
    """
    for name, value in counts.items():
        if isinstance(value, bool) or not hasattr(value, "__index__"):
            raise _wrong(where, name, value, "a whole number", "write it as 28")


def listed(where: str, name: str, value: object) -> tuple[object, ...]:
    """Return what was given as a list; one text is not taken for a list of letters.

    Raises
    ------
    UsageError
        If it is no list.

    Examples
    --------
    >>> listed("bt.forecast", "families", ["linear", "trees"])
    ('linear', 'trees')
    """
    if isinstance(value, str):
        raise _wrong(where, name, value, "a list", f"write it as [{value!r}]")
    if not isinstance(value, Iterable):
        raise _wrong(where, name, value, "a list", "write it as [...]")
    return tuple(cast("Iterable[object]", value))


def listed_names(where: str, name: str, value: object) -> tuple[str, ...]:
    """Return a list of names.

    Raises
    ------
    UsageError
        If it is no list, or something in it is no text.
    """
    names: list[str] = []
    for each in listed(where, name, value):
        if not isinstance(each, str):
            raise _wrong(where, f"an entry of {name}", each, "a name", "write names as texts")
        names.append(each)
    return tuple(names)


def _wrong(where: str, name: str, value: object, wanted: str, mend: str) -> UsageError:
    shown = repr(value)
    shown = f" ({shown})" if len(shown) < 60 and "\n" not in shown else ""
    return UsageError(f"{where}: {name} is of type {type(value).__name__}{shown}, not {wanted}; {mend}")
