"""What a living run keeps: every image, wish, frequency and decision, so that it can be decided again bit for bit."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from battuta.adapters.journal.segments import SegmentJournal
from battuta.app.living_settings import LivingSettings
from battuta.domain.command import Owner, Proposal, Reservation
from battuta.domain.health import Derating
from battuta.domain.image import MISSING_COUNT, N_SIGNALS, N_SOURCES
from battuta.domain.module_image import N_MODULE_SIGNALS
from battuta.health.module_deratings import ModuleTerms
from battuta.numerics.arrays import CountArray, FloatArray
from battuta.ports.journal import FieldShape, FieldValue, RecordKind
from battuta.services.conductor_events import ChillersAsked, ShavingPlanned, WishesPosted
from battuta.services.module_sharer import ModulesAsked
from battuta.site.dispatch import Dispatch
from battuta.site.guard import SETPOINT_STEP_KW, GuardBlock

CONDUCTOR = "conductor"
"""Maker of the alarms that a replay raises again."""

TERMS = ("weight", "power_share_max", "soc_min", "soc_max", "temperature_c_max")
"""What is kept of `ModuleTerms`."""

MISSING_MHZ = -(2**31)
LARGEST_MHZ = 2**31 - 1
CHILLER_STEP_C = 0.1
FLUSH_EVERY_S = 60.0
"""How much of a run is lost at most when its process is killed; costs 20 sites 7 % in size over full chunks. [s]"""


def record_kinds(n_sites: int, n_ticks: int, n_modules: int = 1) -> tuple[RecordKind, ...]:
    """Kinds of records of a run of so many sites, ticks in a record, and modules with a converter at a site."""
    return _site_kinds(n_sites, n_ticks) + (_module_kinds(n_sites, n_modules) if n_modules > 1 else ())


def _module_kinds(n_sites: int, n_modules: int) -> tuple[RecordKind, ...]:
    return (
        RecordKind(
            name="modules",
            fields=(
                FieldShape(name="seen", dtype="int32", shape=(N_MODULE_SIGNALS, n_sites, n_modules)),
                FieldShape(name="asked", dtype="int32", shape=(n_sites, n_modules)),
                FieldShape(name="notes", dtype="int32", shape=(n_sites,)),
            ),
        ),
    )


def _site_kinds(n_sites: int, n_ticks: int) -> tuple[RecordKind, ...]:
    per_site, ticks = (n_sites,), (n_sites, n_ticks)
    return (
        RecordKind(
            name="image",
            fields=(
                FieldShape(name="counts", dtype="int32", shape=(N_SIGNALS, n_sites)),
                FieldShape(name="age_counts", dtype="int32", shape=(N_SOURCES, n_sites)),
                FieldShape(name="steady_ns", dtype="int64"),
            ),
        ),
        RecordKind(
            name="wishes",
            fields=(
                FieldShape(name="owner", dtype="int64"),
                FieldShape(name="expires_ns", dtype="int64"),
                FieldShape(name="bits", dtype="int64", shape=(3, n_sites)),
            ),
        ),
        RecordKind(
            name="chillers",
            fields=(FieldShape(name="bits", dtype="int64", shape=per_site),),
        ),
        RecordKind(
            name="shaving",
            fields=(
                FieldShape(name="interval_ns", dtype="int64", shape=(2,)),
                FieldShape(name="bits", dtype="int64", shape=(4, n_sites)),
            ),
        ),
        RecordKind(
            name="dispatch",
            fields=(
                FieldShape(name="base_counts", dtype="int32", shape=per_site),
                FieldShape(name="reactive_counts", dtype="int32", shape=per_site),
                FieldShape(name="chiller_counts", dtype="int32", shape=per_site),
                FieldShape(name="owner", dtype="int8", shape=per_site),
                FieldShape(name="reason", dtype="int32", shape=per_site),
            ),
        ),
        RecordKind(
            name="setpoint",
            fields=(
                FieldShape(name="steady_ns", dtype="int64"),
                FieldShape(name="frequency_mhz", dtype="int32", shape=ticks),
                FieldShape(name="setpoint_counts", dtype="int32", shape=ticks),
                FieldShape(name="reason", dtype="int32", shape=per_site),
            ),
        ),
    )


def frequency_counts(frequency_hz: FloatArray) -> CountArray:
    """Write frequency in whole mHz, as `MISSING_MHZ` where it is missing or more than can be kept; shape kept."""
    missing = ~(np.abs(frequency_hz) <= LARGEST_MHZ / 1000.0)
    return np.where(missing, MISSING_MHZ, np.rint(np.where(missing, 0.0, frequency_hz) * 1000.0)).astype(np.int32)


def frequency_of(counts: CountArray) -> FloatArray:
    """Read frequency back, shape kept. [Hz]"""
    return np.where(counts == MISSING_MHZ, np.nan, counts / 1000.0)


class LivingJournal:
    """Writes a living run into a folder; without a folder it writes nothing.

    Parameters
    ----------
    folder : Path or None
        Where.
    settings : LivingSettings
        What the run is made of.
    """

    def __init__(self, folder: Path | None, settings: LivingSettings) -> None:
        self._n_sites = settings.n_sites
        self._journal: SegmentJournal | None = None
        if folder is not None:
            kinds = record_kinds(settings.n_sites, settings.ticks_per_block, settings.n_modules)
            self._journal = SegmentJournal(folder, kinds, settings.header(), flush_every_s=FLUSH_EVERY_S)

    def image(self, time_ns: int, counts: CountArray, age_counts: CountArray, steady_ns: int) -> None:
        """Keep an image."""
        if self._journal is not None:
            self._journal.append_row("image", time_ns, (counts, age_counts, np.asarray(steady_ns)))

    def wishes(self, time_ns: int, posted: WishesPosted) -> None:
        """Keep the wishes of one owner, bit for bit."""
        if self._journal is None:
            return
        wanted = np.empty((3, self._n_sites))
        wanted[0] = -np.inf if posted.low_kw is None else posted.low_kw
        wanted[1] = np.inf if posted.high_kw is None else posted.high_kw
        wanted[2] = np.nan if posted.preferred_kw is None else posted.preferred_kw
        arrays = (np.asarray(int(posted.owner)), np.asarray(posted.expires_ns), wanted.view(np.int64))
        self._journal.append_row("wishes", time_ns, arrays)

    def dispatch(self, decided: Dispatch) -> None:
        """Keep a decision of the conductor."""
        if self._journal is not None:
            arrays = dispatch_arrays(decided)
            self._journal.append_row("dispatch", decided.time_ns, arrays)

    def chillers(self, time_ns: int, asked: ChillersAsked) -> None:
        """Keep what cooling foresight asks for, bit for bit."""
        if self._journal is not None:
            self._journal.append_row("chillers", time_ns, (asked.setpoint_c.view(np.int64),))

    def shaving(self, time_ns: int, planned: ShavingPlanned) -> None:
        """Keep a plan of peak shaving, bit for bit."""
        if self._journal is not None:
            rows = np.stack((planned.limit_kw, planned.floor_soc_start, planned.floor_soc_end, planned.peak_kw))
            arrays = (np.asarray([planned.start_ns, planned.end_ns]), rows.view(np.int64))
            self._journal.append_row("shaving", time_ns, arrays)

    def setpoint(self, frequency: CountArray, block: GuardBlock, steady_ns: int) -> None:
        """Keep what the guard saw and wrote."""
        if self._journal is not None:
            arrays = (np.asarray(steady_ns), frequency, block.counts, block.reason.astype(np.int32))
            self._journal.append_row("setpoint", block.start_ns, arrays)

    def modules(self, time_ns: int, seen: CountArray, asked: ModulesAsked) -> None:
        """Keep what modules said, and what was asked of them."""
        if self._journal is not None:
            self._journal.append_row("modules", time_ns, (seen, asked.counts, asked.notes))

    def module_terms(self, time_ns: int, terms: ModuleTerms) -> None:
        """Keep what findings left of each module, and what it weighs, to the last bit."""
        kept = {name: getattr(terms, name).tolist() for name in TERMS}
        self.event(time_ns, "modules.set", {"terms": json.dumps(kept)})

    def event(self, time_ns: int, name: str, fields: Mapping[str, FieldValue]) -> None:
        """Keep something rare."""
        if self._journal is not None:
            self._journal.event(time_ns, name, fields)

    def proposals(self, time_ns: int, proposals: Sequence[Proposal]) -> None:
        """Keep what was wanted of single sites."""
        self.event(time_ns, "proposals.posted", {"proposals": json.dumps([asdict(each) for each in proposals])})

    def reservations(self, time_ns: int, reservations: Sequence[Reservation]) -> None:
        """Keep the whole list of awards."""
        self.event(
            time_ns, "reservations.awarded", {"reservations": json.dumps([asdict(each) for each in reservations])}
        )

    def deratings(self, time_ns: int, deratings: Sequence[Derating | None]) -> None:
        """Keep what findings left of each site; sites that are whole are not listed."""
        kept = [{"site": site} | asdict(each) for site, each in enumerate(deratings) if each is not None]
        self.event(time_ns, "deratings.set", {"deratings": json.dumps(kept)})

    def close(self) -> str:
        """Write what is left; returns the last hash of the chain, empty without a journal.

        Raises
        ------
        StorageError
            If the disk refuses it, as every other call does then; what was written before stays.
        """
        if self._journal is None:
            return ""
        self._journal.close()
        return self._journal.root


def dispatch_arrays(
    decided: Dispatch,
) -> tuple[CountArray, CountArray, CountArray, np.ndarray[tuple[int], np.dtype[np.int8]], CountArray]:
    """Arrays of a dispatch as they are kept: powers in `SETPOINT_STEP_KW`, coolant in `CHILLER_STEP_C`."""
    base = np.rint(decided.base_kw / SETPOINT_STEP_KW).astype(np.int32)
    reactive = np.rint(decided.reactive_kvar / SETPOINT_STEP_KW).astype(np.int32)
    left = np.isnan(decided.chiller_setpoint_c)
    chiller = np.rint(np.where(left, 0.0, decided.chiller_setpoint_c) / CHILLER_STEP_C)
    chiller = np.where(left, MISSING_COUNT, chiller).astype(np.int32)
    return base, reactive, chiller, decided.owner.astype(np.int8), decided.reason.astype(np.int32)


def wishes_of(arrays: Mapping[str, np.ndarray[tuple[int, ...], np.dtype[np.integer]]]) -> WishesPosted:
    """Read wishes back."""
    low_kw, high_kw, preferred_kw = np.ascontiguousarray(arrays["bits"]).view(np.float64)
    return WishesPosted(
        owner=Owner(int(arrays["owner"])),
        expires_ns=int(arrays["expires_ns"]),
        low_kw=low_kw,
        high_kw=high_kw,
        preferred_kw=preferred_kw,
    )


def chillers_of(arrays: Mapping[str, np.ndarray[tuple[int, ...], np.dtype[np.integer]]]) -> ChillersAsked:
    """Read what cooling foresight asked for back."""
    return ChillersAsked(setpoint_c=np.ascontiguousarray(arrays["bits"]).view(np.float64))


def shaving_of(arrays: Mapping[str, np.ndarray[tuple[int, ...], np.dtype[np.integer]]]) -> ShavingPlanned:
    """Read a plan of peak shaving back."""
    limit_kw, floor_start, floor_end, peak_kw = np.ascontiguousarray(arrays["bits"]).view(np.float64)
    return ShavingPlanned(
        start_ns=int(arrays["interval_ns"][0]),
        end_ns=int(arrays["interval_ns"][1]),
        limit_kw=limit_kw,
        floor_soc_start=floor_start,
        floor_soc_end=floor_end,
        peak_kw=peak_kw,
    )
