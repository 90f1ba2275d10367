"""Findings and costs from files, windows from words, put together into a maintenance plan."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import cast

from pydantic import TypeAdapter, ValidationError

from battuta.adapters.files.toml_text import toml_text
from battuta.app.clock import utc_now
from battuta.domain.errors import BattutaError, DataError, UsageError
from battuta.domain.health import Finding
from battuta.domain.toml_tables import toml_tables
from battuta.health.maintenance import MaintenancePlan
from battuta.health.maintenance import plan_maintenance as _plan
from battuta.health.maintenance_settings import MaintenanceSettings
from battuta.health.maintenance_visits import PlannedWindow

SHOWN_LENGTH_MAX = 40
"""Letters of a wrong value that an error repeats. [-]"""
_KINDS = TypeAdapter(MaintenanceSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedPlan:
    """A plan, and what of it nobody stated.

    Attributes
    ----------
    plan : MaintenancePlan
        The plan.
    assumed : tuple of str
        Settings that were left at their defaults.
    """

    plan: MaintenancePlan
    assumed: tuple[str, ...]


def plan_stated(
    findings: Iterable[Finding],
    windows: Sequence[PlannedWindow],
    settings: MaintenanceSettings,
    *,
    stated: Iterable[str],
    today: date | None = None,
) -> StatedPlan:
    """Plan exchanges of modules.

    Parameters
    ----------
    findings : iterable of Finding
        From a scan.
    windows : sequence of PlannedWindow
        When a crew can come.
    settings : MaintenanceSettings
        Costs and stocks.
    stated : iterable of str
        Names of settings that somebody stated.
    today : date or None
        Day of the plan; the machine's in UTC if left out.

    Returns
    -------
    StatedPlan
        The plan.

    Raises
    ------
    UsageError
        If the day is none.
    DataError
        If windows or findings do not fit the day.
    """
    if type(today) not in {date, type(None)}:
        message = f"today is {today!r}, which is no day without a time; give it as datetime.date(2026, 12, 14)"
        raise UsageError(message)
    plan = _plan(findings, windows, settings, today or utc_now().date())
    known = set(stated)
    optional = {"probability_assumed", "days_assumed"}
    assumed = [each.name for each in fields(MaintenanceSettings) if each.name not in known | optional]
    return StatedPlan(plan=plan, assumed=tuple(assumed))


def read_settings(path: Path | None, stated: Mapping[str, object]) -> tuple[MaintenanceSettings, tuple[str, ...]]:
    """Read costs from a TOML file and from what was stated besides, which holds where both say something.

    Parameters
    ----------
    path : Path or None
        The file.
    stated : mapping of str to object
        Names and values; texts are read as TOML writes them.

    Returns
    -------
    settings : MaintenanceSettings
        Costs and stocks.
    names : tuple of str
        What was stated, in either way.

    Raises
    ------
    UsageError
        If the file cannot be read, or a name or value is none.
    InvalidQuantityError
        If a value is out of range.
    """
    written: dict[str, object] = {}
    where = "--set" if path is None else str(path)
    if path is not None:
        try:
            written.update(toml_tables(toml_text(path), str(path)))
        except DataError as error:
            message = f"{path} is no file of costs that can be read: {str(error).removeprefix(f'{path} ')}"
            raise UsageError(message) from error
    written.update({name: _value(name, each) for name, each in stated.items()})
    names = [each.name for each in fields(MaintenanceSettings)]
    unknown = sorted(set(written) - set(names))
    if unknown:
        message = f"{where}: {', '.join(unknown)} is no setting of a maintenance plan; there are {', '.join(names)}"
        raise UsageError(message)
    try:
        return _KINDS.validate_python(written), tuple(written)
    except ValidationError as error:
        for each in error.errors():
            own: object = each.get("ctx", {}).get("error")
            if isinstance(own, BattutaError):
                raise own from None
        wrong = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        message = f"{where}: {wrong}; docs/maintenance_plan.md lists the settings"
        raise UsageError(message) from error


def read_windows(words: Sequence[str]) -> tuple[PlannedWindow, ...]:
    """Read windows such as ``2026-12-14:16``: a day, and the hours of the crew.

    Parameters
    ----------
    words : sequence of str
        Windows; a word may hold several, parted by commas.

    Returns
    -------
    tuple of PlannedWindow
        The windows.

    Raises
    ------
    UsageError
        If one is none.

    Examples
    --------
    >>> [each.crew_h for each in read_windows(["2026-12-14:16,2027-02-01:7.5"])]
    [16.0, 7.5]
    """
    windows: list[PlannedWindow] = []
    for word in (each.strip() for joined in words for each in joined.split(",")):
        day, _, hours = word.partition(":")
        try:
            windows.append(PlannedWindow(on=date.fromisoformat(day), crew_h=float(hours)))
        except ValueError as error:
            message = f"window {word!r} is none ({error}); write a day and the hours of the crew: 2026-12-14:16"
            raise UsageError(message) from error
    return tuple(windows)


def read_day(text: str | None) -> date | None:
    """Read a day such as 2026-12-14, None for none.

    Raises
    ------
    UsageError
        If it is none.
    """
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is no day; write it as 2026-12-14"
        raise UsageError(message) from None


def _value(name: str, value: object) -> object:
    """Read a text as TOML writes it; a currency is a text by itself."""
    if not isinstance(value, str) or name == "currency":
        return value
    try:
        return cast("object", json.loads(value))
    except (ValueError, RecursionError):
        shown = value if len(value) <= SHOWN_LENGTH_MAX else f"{value[:SHOWN_LENGTH_MAX]}..."
        message = f"--set {name}={shown}: that is no number; write {name}=4000, or [20, 60, 180] for days_assumed"
        raise UsageError(message) from None
