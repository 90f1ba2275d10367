"""Replay: decide a journal again from its images and compare every setpoint with the one that was written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from battuta.adapters.journal.reader import SegmentJournalReader
from battuta.app.living_journal import CONDUCTOR, dispatch_arrays, frequency_of
from battuta.app.living_modules import sharer_of
from battuta.app.living_settings import LivingSettings
from battuta.app.replayed_entries import (
    alarm_of,
    awards_of,
    deratings_of,
    named,
    owner_record,
    proposals_of,
    refusal,
    require_kinds,
    require_time,
    reset_of,
    terms_of,
)
from battuta.domain.module_image import module_values
from battuta.domain.time import from_ns
from battuta.ports.journal import JournalEvent, Record
from battuta.services import conductor, guard, module_sharer
from battuta.services.conductor_events import Alarm, ConductorEvent, Dispatched, ImageFrozen
from battuta.services.ingest import image_of_counts
from battuta.services.module_sharer import SharerState
from battuta.site.guard import GuardBlock


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayResult:
    """What a replay found.

    Attributes
    ----------
    sites : int
        Number of sites.
    seconds_replayed : int
        Images decided again.
    decisions : int
        Decisions of the conductor compared, one a second for all sites.
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
        What the journal itself lacks: its end, decisions, or all of them.
    """

    sites: int
    seconds_replayed: int
    decisions: int
    setpoints: int
    differences: int
    first_difference_ns: int
    records: int
    root: str
    findings: tuple[str, ...]

    @property
    def is_proven(self) -> bool:
        """Whether a journal that lacks nothing came out as written; 0 differences in 0 setpoints prove nothing."""
        return not self.differences and not self.findings


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
        Whether every setpoint came out as written, and what the journal lacks to tell so.

    Raises
    ------
    DataError
        If there is no journal, it is damaged, or not that of a living run; an entry that cannot be replayed is named
        with its time.
    """
    inner = folder / "journal"
    journal = SegmentJournalReader(inner if inner.is_dir() else folder)
    settings = LivingSettings.from_header(journal.header)
    require_kinds(journal.kinds, settings)
    player = _Player(settings)
    records = 0
    for entry in journal:
        records += 1
        with named(entry):
            player.take(entry)
        if progress is not None and isinstance(entry, Record) and entry.kind == "image" and player.images % 3600 == 0:
            progress(player.images)
    return ReplayResult(
        sites=settings.n_sites,
        seconds_replayed=player.images,
        decisions=player.decisions,
        setpoints=player.setpoints,
        differences=player.differences,
        first_difference_ns=player.first_difference_ns,
        records=records,
        root=journal.root_seen,
        findings=(*journal.findings, *player.findings()),
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
        self._n_sites, self._settings = settings.n_sites, settings
        self._sharer = sharer_of(settings) if settings.n_modules > 1 else None
        self._block: GuardBlock | None = None
        self.shared = 0
        self._undecided_ns: int | None = None
        self._n_undecided = 0
        self._first_undecided_ns = -1
        self.images = self.decisions = self.setpoints = self.differences = 0
        self.first_difference_ns = -1

    def findings(self) -> tuple[str, ...]:
        """What was not there to be compared; the last image may be one that its run did not decide on any more."""
        found: list[str] = []
        if self._n_undecided:
            when = from_ns(self._first_undecided_ns).isoformat()
            found.append(f"no decision was kept on {self._n_undecided} of {self.images} images, the first of {when}")
        if not (self.decisions and self.setpoints):
            compared = f"{self.decisions} decisions and {self.setpoints} setpoints"
            found.append(f"{compared} were there to be compared: this proves nothing")
        if self._sharer is not None and not self.shared:
            found.append("no power of a module was there to be compared: nothing is proven of how they were shared")
        return tuple(found)

    def take(self, entry: Record | JournalEvent) -> None:
        """Take an entry: what was seen is decided on, what was decided is compared."""
        if isinstance(entry, JournalEvent):
            self._event(entry)
        else:
            self._record(entry)

    def _event(self, entry: JournalEvent) -> None:
        """Take an event; those that the conductor heard are told to it, its alarms are compared."""
        match entry.name:
            case "reservations.awarded":
                self._tell(awards_of(entry, self._n_sites))
            case "proposals.posted":
                self._tell(proposals_of(entry, self._n_sites))
            case "site.reset":
                self._tell(reset_of(entry, self._n_sites))
            case "deratings.set":
                set_to = deratings_of(entry, self._n_sites)
                self._tell(set_to)
                self._guard, _ = guard.step(self._guard, set_to)
            case "modules.set" if self._sharer is not None:
                self._sharer, _ = module_sharer.step(self._sharer, terms_of(entry, self._settings))
            case "alarm.raised" if entry.fields.get("maker") == CONDUCTOR:
                self._compare_alarm(entry)
            case _:
                pass

    def _record(self, entry: Record) -> None:
        """Take a record: an input is decided on, a decision is compared."""
        match entry.kind:
            case "image":
                self._image(entry)
            case "dispatch":
                self._compare_dispatch(entry)
            case "setpoint":
                self._compare_setpoints(entry)
            case "modules" if self._sharer is not None:
                self._compare_modules(entry, self._sharer)
            case _:
                self._tell(owner_record(entry))

    def _tell(self, event: ConductorEvent) -> None:
        self._conductor, _ = conductor.step(self._conductor, event)

    def _image(self, entry: Record) -> None:
        steady_ns = require_time(entry)
        self._count(len(self._raised), entry.time_ns)  # raised here, but not when it was lived
        if self._undecided_ns is not None:
            self._first_undecided_ns = self._first_undecided_ns if self._n_undecided else self._undecided_ns
            self._n_undecided += 1
        self._undecided_ns = entry.time_ns
        arrays = entry.arrays
        image = image_of_counts(arrays["counts"].astype(np.int32), arrays["age_counts"].astype(np.int32), entry.time_ns)
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
        self._count(int(ours != alarm_of(entry, self._n_sites)), entry.time_ns)

    def _compare_dispatch(self, entry: Record) -> None:
        if self._dispatched is None:
            raise refusal(entry, "no image came before it that it could have been decided on")
        self._undecided_ns = None
        self.decisions += 1
        ours = dispatch_arrays(self._dispatched.dispatch)
        for mine, theirs in zip(ours, entry.arrays.values(), strict=True):
            self._count(int(np.count_nonzero(mine != theirs)), entry.time_ns)

    def _compare_setpoints(self, entry: Record) -> None:
        frequency_hz = frequency_of(entry.arrays["frequency_mhz"].astype(np.int32))
        measured = guard.FrequencyMeasured(
            start_ns=entry.time_ns,
            steady_ns=require_time(entry),
            tick_s=self._tick_s,
            frequency_hz=frequency_hz,
        )
        self._guard, effects = guard.step(self._guard, measured)
        written = entry.arrays["setpoint_counts"]
        self.setpoints += written.size
        block = effects[0].block
        self._count(int(np.count_nonzero(block.counts != written)), entry.time_ns)
        self._count(int(np.count_nonzero(block.reason != entry.arrays["reason"])), entry.time_ns)
        self._block = block

    def _compare_modules(self, entry: Record, sharer: SharerState) -> None:
        if self._block is None:
            raise refusal(entry, "no setpoint came before it that could have been shared")
        seen = module_values(entry.arrays["seen"].astype(np.int32))
        given = module_sharer.SetpointsGiven(seen=seen, power_kw=self._block.power_kw.mean(axis=1))
        self._sharer, (asked,) = module_sharer.step(sharer, given)
        self.shared += 1
        self._count(int(np.count_nonzero(asked.counts != entry.arrays["asked"])), entry.time_ns)
        self._count(int(np.count_nonzero(asked.notes != entry.arrays["notes"])), entry.time_ns)

    def _count(self, differences: int, time_ns: int) -> None:
        if differences and self.first_difference_ns < 0:
            self.first_difference_ns = time_ns
        self.differences += differences
