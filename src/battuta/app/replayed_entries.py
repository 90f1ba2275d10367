"""Entries of a journal as what they meant to the conductor; one that cannot have meant anything is named, with time."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import cast

import numpy as np

from battuta.app.living_journal import TERMS, chillers_of, record_kinds, shaving_of, wishes_of
from battuta.app.living_settings import TIME_NS_MAX, LivingSettings
from battuta.domain.command import Owner, Proposal, Reservation
from battuta.domain.errors import BattutaError, DataError
from battuta.domain.health import Derating
from battuta.domain.time import from_ns
from battuta.health.module_deratings import ModuleTerms
from battuta.ports.journal import JournalEvent, Record, RecordKind
from battuta.services.conductor_events import (
    Alarm,
    ChillersAsked,
    DeratingsSet,
    ProposalsPosted,
    ReservationsAwarded,
    ShavingPlanned,
    SiteReset,
    WishesPosted,
)
from battuta.services.module_sharer import TermsSet

MEND = "replay it with the version of Battuta that wrote it, or take the journal from a copy"
_INT64 = 2**63
_UNREADABLE = (LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)


@contextmanager
def named(entry: Record | JournalEvent) -> Generator[None]:
    """Give errors of the trade, met while an entry is replayed, its time and kind.

    Raises
    ------
    DataError
        In place of any other `BattutaError`.
    """
    try:
        yield
    except DataError:
        raise
    except BattutaError as error:
        raise refusal(entry, str(error)) from error


def refusal(entry: Record | JournalEvent, why: str) -> DataError:
    """Say which entry cannot be replayed."""
    name = entry.name if isinstance(entry, JournalEvent) else entry.kind
    when = from_ns(entry.time_ns).isoformat()
    return DataError(f"the journal's {name} of {when} cannot be replayed: {why}; {MEND}")


@contextmanager
def _reading(entry: Record | JournalEvent) -> Generator[None]:
    """Turn whatever a foreign entry raises while it is read into a refusal of it; decides nothing within."""
    try:
        yield
    except _UNREADABLE as error:
        why = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise refusal(entry, why) from error


def require_kinds(kinds: Sequence[RecordKind], settings: LivingSettings) -> None:
    """Check that records are shaped as those of a run of these settings; kinds that are not known may be there.

    Raises
    ------
    DataError
        If one is not.
    """
    ours = {kind.name: kind for kind in record_kinds(settings.n_sites, settings.ticks_per_block, settings.n_modules)}
    for kind in kinds:
        if kind.name in ours and kind != ours[kind.name]:
            given, asked = (
                ", ".join(f"{field.name} {field.dtype}{list(field.shape)}" for field in each.fields)
                for each in (kind, ours[kind.name])
            )
            message = f"records of kind {kind.name!r} are ({given}) in this journal, known are ({asked}); {MEND}"
            raise DataError(message)


def require_time(entry: Record) -> int:
    """Return the steady time of an image or a setpoint, once both its times are known to be times. [ns]"""
    steady_ns = int(entry.arrays["steady_ns"])
    for name, time_ns in (("time", entry.time_ns), ("steady_ns", steady_ns)):
        if not 0 <= time_ns < TIME_NS_MAX:
            raise refusal(entry, f"{name} = {time_ns} ns is no time of a run")
    return steady_ns


def owner_record(entry: Record) -> WishesPosted | ChillersAsked | ShavingPlanned:
    """Read wishes, coolant temperatures or a plan of peak shaving."""
    with _reading(entry):
        match entry.kind:
            case "wishes":
                return wishes_of(entry.arrays)
            case "chillers":
                return chillers_of(entry.arrays)
            case "shaving":
                planned = shaving_of(entry.arrays)
                if not 0 <= planned.start_ns < planned.end_ns < TIME_NS_MAX:
                    message = f"it holds from {planned.start_ns} to {planned.end_ns} ns"
                    raise ValueError(message)
                return planned
            case _:
                message = "this version does not know records of that kind"
                raise ValueError(message)


def awards_of(entry: JournalEvent, n_sites: int) -> ReservationsAwarded:
    """Read the whole list of awards."""
    with _reading(entry):
        return ReservationsAwarded(
            reservations=tuple(
                Reservation(
                    site=_whole(found, "site", 0, n_sites - 1),
                    product=_text(found, "product"),
                    up_kw=_number(found, "up_kw"),
                    down_kw=_number(found, "down_kw"),
                    energy_up_kwh=_number(found, "energy_up_kwh"),
                    energy_down_kwh=_number(found, "energy_down_kwh"),
                    recovery_kw=_number(found, "recovery_kw"),
                    start_ns=_whole(found, "start_ns", -_INT64, _INT64 - 1),
                    end_ns=_whole(found, "end_ns", -_INT64, _INT64 - 1),
                    award=_text(found, "award"),
                )
                for found in _listed(entry, "reservations")
            )
        )


def proposals_of(entry: JournalEvent, n_sites: int) -> ProposalsPosted:
    """Read what was wanted of single sites."""
    with _reading(entry):
        return ProposalsPosted(
            proposals=tuple(
                Proposal(
                    site=_whole(found, "site", 0, n_sites - 1),
                    owner=Owner(_whole(found, "owner", 0, len(Owner) - 1)),
                    low_kw=_number(found, "low_kw"),
                    high_kw=_number(found, "high_kw"),
                    preferred_kw=_number(found, "preferred_kw"),
                    expires_ns=_whole(found, "expires_ns", -_INT64, _INT64 - 1),
                    reason=_text(found, "reason"),
                )
                for found in _listed(entry, "proposals")
            )
        )


def reset_of(entry: JournalEvent, n_sites: int) -> SiteReset:
    """Read which site an operator let run again."""
    with _reading(entry):
        return SiteReset(site=_whole(entry.fields, "site", 0, n_sites - 1))


def deratings_of(entry: JournalEvent, n_sites: int) -> DeratingsSet:
    """Read what findings left of each site."""
    with _reading(entry):
        left: list[Derating | None] = [None] * n_sites
        for found in _listed(entry, "deratings"):
            left[_whole(found, "site", 0, n_sites - 1)] = Derating(
                string_id=_text(found, "string_id"),
                power_share_max=_number(found, "power_share_max"),
                soc_min=_number(found, "soc_min"),
                soc_max=_number(found, "soc_max"),
                temperature_c_max=_number(found, "temperature_c_max"),
                reason=_text(found, "reason"),
            )
        return DeratingsSet(deratings=tuple(left))


def terms_of(entry: JournalEvent, settings: LivingSettings) -> TermsSet:
    """Read what findings left of each module, and what it weighed."""
    shape = settings.n_sites, settings.n_modules
    with _reading(entry):
        found = cast("Mapping[str, list[list[float]]]", json.loads(_text(entry.fields, "terms")))
        rows = {name: np.asarray(found[name], dtype=np.float64) for name in TERMS}
        for name, row in rows.items():
            if row.shape != shape:
                message = f"{name} has the shape {row.shape}, not {shape}"
                raise ValueError(message)
        return TermsSet(terms=ModuleTerms(**rows))


def alarm_of(entry: JournalEvent, n_sites: int) -> Alarm:
    """Read an alarm; site -1 is all of them."""
    with _reading(entry):
        return Alarm(
            site=_whole(entry.fields, "site", -1, n_sites - 1),
            cause=_text(entry.fields, "cause"),
            calls_out=bool(entry.fields["calls_out"]),
        )


def _listed(entry: JournalEvent, name: str) -> list[Mapping[str, object]]:
    """Read a list of tables that an event keeps as JSON."""
    found = cast("object", json.loads(_text(entry.fields, name)))
    if not (isinstance(found, list) and all(isinstance(each, dict) for each in cast("list[object]", found))):
        message = f"{name} is no list of tables"
        raise TypeError(message)
    return cast("list[Mapping[str, object]]", found)


def _text(found: Mapping[str, object], name: str) -> str:
    value = found[name]
    if not isinstance(value, str):
        message = f"{name} = {value!r} is no text"
        raise TypeError(message)
    return value


def _number(found: Mapping[str, object], name: str) -> float:
    value = found[name]
    if not isinstance(value, int | float):
        message = f"{name} = {value!r} is no number"
        raise TypeError(message)
    return float(value)


def _whole(found: Mapping[str, object], name: str, lowest: int, highest: int) -> int:
    value = found[name]
    if not isinstance(value, int) or not lowest <= value <= highest:
        message = f"{name} = {value!r} is none of {lowest} to {highest}"
        raise ValueError(message)
    return value
