"""What a notebook passes, checked where it comes in: a wrong kind is named with the call, the argument and the mend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar, cast

from battuta.domain.asset import Site
from battuta.domain.errors import UsageError
from battuta.domain.prices import PriceSeries
from battuta.domain.weather import WeatherForecast

T = TypeVar("T")


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


def require_text(where: str, **texts: object) -> None:
    """Refuse what is no text.

    Raises
    ------
    UsageError
        If one is none.

    Examples
    --------
    >>> require_text("bt.read_prices", zone="UTC", gate=12)
    Traceback (most recent call last):
        ...
    battuta.domain.errors.UsageError: bt.read_prices: gate is of type int (12), not a text; write it in quotes
    """
    for name, value in texts.items():
        if not isinstance(value, str):
            raise _wrong(where, name, value, "a text", "write it in quotes")


def require_stated(where: str, **texts: object) -> None:
    """Refuse what is no text; None, for what is not stated, is fine.

    Raises
    ------
    UsageError
        If one is something else.
    """
    require_text(where, **{name: value for name, value in texts.items() if value is not None})


def require_weather(where: str, value: object) -> None:
    """Refuse what is no weather, as a data frame; None is fine.

    Raises
    ------
    UsageError
        If it is none.
    """
    if value is not None and not isinstance(value, str | Path | WeatherForecast):
        raise _wrong(where, "weather", value, "a weather file", "write the frame to a file and pass its path")


def require_path(where: str, name: str, value: object) -> Path:
    """Return what was given as a path.

    Raises
    ------
    UsageError
        If it is neither a text nor a Path, or empty.
    """
    if not isinstance(value, str | Path):
        raise _wrong(where, name, value, "a path", "write it as 'name'")
    if not str(value).strip():
        message = f"{where}: {name} is empty; name a file or folder, or leave it out"
        raise UsageError(message)
    return Path(value)


def require_span(where: str, name: str, value: object) -> None:
    """Refuse what is no length of time; None is fine.

    Raises
    ------
    UsageError
        If it is none.
    """
    if value is not None and not isinstance(value, timedelta):
        raise _wrong(where, name, value, "a timedelta", "write it as timedelta(minutes=105)")


def require_numbers(where: str, **numbers: object) -> None:
    """Refuse what is no number; None is fine.

    Raises
    ------
    UsageError
        If one is none.
    """
    for name, value in numbers.items():
        if value is not None and (isinstance(value, bool | str) or not hasattr(value, "__float__")):
            raise _wrong(where, name, value, "a number", "write it as 51.5")


def listed_days(where: str, name: str, value: object) -> frozenset[date]:
    """Return a list of days.

    Raises
    ------
    UsageError
        If it is no list, or something in it is no day.
    """
    days: list[date] = []
    for each in listed(where, name, value):
        if not isinstance(each, date):
            raise _wrong(where, f"an entry of {name}", each, "a day", "write it as date(2026, 12, 24)")
        days.append(each.date() if isinstance(each, datetime) else each)
    return frozenset(days)


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


def listed_kind(where: str, name: str, value: object, kind: type[T], *, neither: str, mend: str) -> tuple[T, ...]:
    """Return what was given as a list of one kind; a single one, a mapping, and what else is no list, are refused.

    Parameters
    ----------
    where, name : str
        The call, and the argument.
    value : object
        What was given.
    kind : type
        What each has to be.
    neither : str
        What else the argument may be, such as ``a path``.
    mend : str
        What to give instead.

    Returns
    -------
    tuple
        All of them.

    Raises
    ------
    UsageError
        If it is no list, or one in it is of another kind.
    """
    if isinstance(value, kind | Mapping) or not isinstance(value, Iterable):
        given = type(cast("object", value)).__name__
        message = (
            f"{where}: {name} is of type {given}, neither {neither} nor a list of {kind.__name__.lower()}s; {mend}"
        )
        raise UsageError(message)
    found: list[T] = []
    for each in cast("Iterable[object]", value):
        if not isinstance(each, kind):
            message = f"{where}: {type(each).__name__} is no {kind.__name__.lower()}; {mend}"
            raise UsageError(message)
        found.append(each)
    return tuple(found)
