"""Replay: decide a journal again from its images and compare every setpoint with the one that was written."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from battuta.adapters.journal.reader import SegmentJournalReader
from battuta.app.living_journal import (
    CONDUCTOR,
    LivingSettings,
    chillers_of,
    dispatch_arrays,
    frequency_of,
    shaving_of,
    wishes_of,
)
from battuta.domain.command import Owner, Proposal, Reservation
from battuta.domain.errors import DataError
from battuta.ports.journal import JournalEvent, Record
from battuta.services import conductor, guard
from battuta.services.conductor_events import (
    Alarm,
    ConductorEvent,
    Dispatched,
    ImageFrozen,
    ProposalsPosted,
    ReservationsAwarded,
    SiteReset,
)
from battuta.services.ingest import image_of_counts


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayResult:
    """What a replay found.

    Attributes
    ----------
    sites : int
        Number of sites.
    seconds_replayed : int
        Images decided again.
    setpoints : int
        Setpoints compared.
    differences : int
        Setpoints, decisions, reasons or alarms of the conductor that differ; 0 when the journal is true to the code.
    first_difference_ns : int
        Time of the first, -1 when there is none. [ns]
    records : int
        Records and events read.
    root : str
        Last hash of the chain.
    findings : tuple of str
        What the journal itself lacks.
    """

    sites: int
    seconds_replayed: int
    setpoints: int
    differences: int
    first_difference_ns: int
    records: int
    root: str
    findings: tuple[str, ...]


def replay(folder: Path, progress: Callable[[int], None] | None = None) -> ReplayResult:
    """Decide a journal again.

    Parameters
    ----------
    folder : Path
        The journal, or the folder of the run that holds it.
    progress : callable or None
        Called with the seconds replayed so far, now and then.

    Returns
    -------
    ReplayResult
        Whether every setpoint came out as written.

    Raises
    ------
    DataError
        If there is no journal, it is damaged, or not that of a living run.
    """
    inner = folder / "journal"
    journal = SegmentJournalReader(inner if inner.is_dir() else folder)
    settings = LivingSettings.from_header(journal.header)
    player = _Player(settings)
    records = 0
    for entry in journal:
        records += 1
        if isinstance(entry, JournalEvent):
            player.event(entry)
        else:
            player.record(entry)
            if progress is not None and entry.kind == "image" and player.images % 3600 == 0:
                progress(player.images)
    return ReplayResult(
        sites=settings.n_sites,
        seconds_replayed=player.images,
        setpoints=player.setpoints,
        differences=player.differences,
        first_difference_ns=player.first_difference_ns,
        records=records,
        root=journal.root,
        findings=tuple(journal.findings),
    )


class _Player:
    """Conductor and guard, fed by a journal."""

    def __init__(self, settings: LivingSettings) -> None:
        limits = settings.limits()
        self._conductor = conductor.ConductorState.at_rest(limits, functions=settings.functions())
        self._guard = guard.GuardMemory.at_rest(limits, settings.laws(), settings.start_ns)
        self._tick_s = 1.0 / settings.ticks_per_s
        self._dispatched: Dispatched | None = None
        self._raised: list[Alarm] = []
        self.images = self.setpoints = self.differences = 0
        self.first_difference_ns = -1

    def event(self, entry: JournalEvent) -> None:
        """Take an event; those that the conductor heard are told to it, its alarms are compared."""
        match entry.name:
            case "reservations.awarded":
                awards = tuple(Reservation(**each) for each in json.loads(str(entry.fields["reservations"])))
                self._tell(ReservationsAwarded(reservations=awards))
            case "proposals.posted":
                found = json.loads(str(entry.fields["proposals"]))
                posted = tuple(Proposal(**(each | {"owner": Owner(each["owner"])})) for each in found)
                self._tell(ProposalsPosted(proposals=posted))
            case "site.reset":
                self._tell(SiteReset(site=int(entry.fields["site"] or 0)))
            case "alarm.raised" if entry.fields.get("maker") == CONDUCTOR:
                self._compare_alarm(entry)
            case _:
                pass

    def record(self, entry: Record) -> None:
        """Take a record: an input is decided on, a decision is compared."""
        match entry.kind:
            case "wishes":
                self._tell(wishes_of(entry.arrays))
            case "chillers":
                self._tell(chillers_of(entry.arrays))
            case "shaving":
                self._tell(shaving_of(entry.arrays))
            case "image":
                self._image(entry)
            case "dispatch":
                self._compare_dispatch(entry)
            case "setpoint":
                self._compare_setpoints(entry)
            case _:
                message = f"the journal holds a record of kind {entry.kind!r}, which this version does not know"
                raise DataError(message)

    def _tell(self, event: ConductorEvent) -> None:
        self._conductor, _ = conductor.step(self._conductor, event)

    def _image(self, entry: Record) -> None:
        self._count(len(self._raised), entry.time_ns)  # raised here, but not when it was lived
        arrays = entry.arrays
        image = image_of_counts(arrays["counts"].astype(np.int32), arrays["age_counts"].astype(np.int32), entry.time_ns)
        steady_ns = int(arrays["steady_ns"])
        self._conductor, effects = conductor.step(self._conductor, ImageFrozen(image=image, steady_ns=steady_ns))
        self._dispatched = next(each for each in effects if isinstance(each, Dispatched))
        self._raised = [each for each in effects if isinstance(each, Alarm)]
        arrived = guard.DispatchArrived(
            dispatch=self._dispatched.dispatch, stopped=self._dispatched.stopped, steady_ns=steady_ns
        )
        self._guard, _ = guard.step(self._guard, arrived)
        self.images += 1

    def _compare_alarm(self, entry: JournalEvent) -> None:
        ours = self._raised.pop(0) if self._raised else None
        fields = entry.fields
        written = Alarm(site=int(fields["site"] or 0), cause=str(fields["cause"]), calls_out=bool(fields["calls_out"]))
        self._count(int(ours != written), entry.time_ns)

    def _compare_dispatch(self, entry: Record) -> None:
        assert self._dispatched is not None, "an image comes before its decision"
        ours = dispatch_arrays(self._dispatched.dispatch)
        for mine, theirs in zip(ours, entry.arrays.values(), strict=True):
            self._count(int(np.count_nonzero(mine != theirs)), entry.time_ns)

    def _compare_setpoints(self, entry: Record) -> None:
        frequency_hz = frequency_of(entry.arrays["frequency_mhz"].astype(np.int32))
        measured = guard.FrequencyMeasured(
            start_ns=entry.time_ns,
            steady_ns=int(entry.arrays["steady_ns"]),
            tick_s=self._tick_s,
            frequency_hz=frequency_hz,
        )
        self._guard, effects = guard.step(self._guard, measured)
        written = entry.arrays["setpoint_counts"]
        self.setpoints += written.size
        block = effects[0].block
        self._count(int(np.count_nonzero(block.counts != written)), entry.time_ns)
        self._count(int(np.count_nonzero(block.reason != entry.arrays["reason"])), entry.time_ns)

    def _count(self, differences: int, time_ns: int) -> None:
        if differences and self.first_difference_ns < 0:
            self.first_difference_ns = time_ns
        self.differences += differences
