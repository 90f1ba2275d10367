"""What a living run keeps: every image, wish, frequency and decision, so that it can be decided again bit for bit."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import cast

import numpy as np

from battuta.adapters.journal.segments import SegmentJournal
from battuta.domain.command import Mandate, Owner, Proposal, Reservation
from battuta.domain.errors import DataError
from battuta.domain.image import MISSING_COUNT, N_SIGNALS, N_SOURCES
from battuta.domain.product_catalogue import product
from battuta.domain.response_law import ResponseLaw
from battuta.numerics.arrays import CountArray, FloatArray
from battuta.physics.grid_connection import ReactiveLaw, ReactiveMode
from battuta.ports.journal import FieldShape, FieldValue, RecordKind
from battuta.services.conductor import NO_REACTIVE
from battuta.services.conductor_events import ChillersAsked, ShavingPlanned, WishesPosted
from battuta.site.dispatch import Dispatch
from battuta.site.guard import SETPOINT_STEP_KW, GuardBlock
from battuta.site.limits import LimitTable, SafeState, SiteLimits, limit_table
from battuta.site.own_functions import OwnFunctions

CONDUCTOR = "conductor"
"""Maker of the alarms that a replay raises again."""

MISSING_MHZ = -(2**31)
CHILLER_STEP_C = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class LivingSettings:
    """What a run was made of, as its journal's head tells.

    Attributes
    ----------
    seed : int
        Seed of the world.
    start_ns : int
        First second. [ns]
    ticks_per_s : int
        Answers of the guard in a second.
    ticks_per_block : int
        Answers that are kept in one record: all of a second in lock step, one where they are given one by one.
    sites : tuple of SiteLimits
        Limits of each site.
    mandates : tuple of Mandate
        Mandate of each site.
    products : tuple of str
        Product that each site answers to, empty for none.
    products_on : str
        Date of their rules, ISO.
    reactive : tuple of ReactiveLaw
        Law of the reactive power of each site; empty where none is asked for any.
    follows_load : tuple of bool
        Whether each site keeps its meter near zero; empty for none.
    """

    seed: int
    start_ns: int
    ticks_per_s: int
    ticks_per_block: int
    sites: tuple[SiteLimits, ...]
    mandates: tuple[Mandate, ...]
    products: tuple[str, ...]
    products_on: str
    reactive: tuple[ReactiveLaw, ...] = ()
    follows_load: tuple[bool, ...] = ()

    @property
    def n_sites(self) -> int:
        """Number of sites."""
        return len(self.sites)

    def limits(self) -> LimitTable:
        """Limits and mandates as arrays."""
        return limit_table(self.sites, self.mandates, self.start_ns)

    def laws(self) -> tuple[ResponseLaw | None, ...]:
        """Armed law of each site."""
        on = date.fromisoformat(self.products_on)
        known = {name: product(name, on).law for name in set(self.products) if name}
        return tuple(known.get(name) for name in self.products)

    def functions(self) -> OwnFunctions:
        """What each site does of its own, before the first second."""
        n_sites = self.n_sites
        return OwnFunctions.set_to(self.reactive or (NO_REACTIVE,) * n_sites, self.follows_load or (False,) * n_sites)

    def header(self) -> Mapping[str, str]:
        """Write as the head of a journal."""
        return {"living": json.dumps(asdict(self), default=_plain), "step_kw": repr(SETPOINT_STEP_KW)}

    @classmethod
    def from_header(cls, header: Mapping[str, str]) -> LivingSettings:
        """Read the head of a journal.

        Raises
        ------
        DataError
            If the journal is not that of a living run.
        """
        try:
            found = json.loads(header["living"])
            return cls(
                seed=int(found["seed"]),
                start_ns=int(found["start_ns"]),
                ticks_per_s=int(found["ticks_per_s"]),
                ticks_per_block=int(found["ticks_per_block"]),
                sites=tuple(_site_limits(each) for each in found["sites"]),
                mandates=tuple(Mandate(**each) for each in found["mandates"]),
                products=tuple(str(each) for each in found["products"]),
                products_on=str(found["products_on"]),
                reactive=tuple(_reactive_law(each) for each in found["reactive"]),
                follows_load=tuple(bool(each) for each in found["follows_load"]),
            )
        except (KeyError, TypeError, json.JSONDecodeError) as error:
            message = f"the journal's head does not describe a living run ({error}); it was written by something else"
            raise DataError(message) from None


def _site_limits(found: Mapping[str, float | Mapping[str, float]]) -> SiteLimits:
    plain = {name: value for name, value in found.items() if isinstance(value, int | float)}
    safe = found["safe_state"]
    if not isinstance(safe, Mapping):
        raise KeyError("safe_state")
    return SiteLimits(safe_state=SafeState(**safe), **plain)


def _plain(value: object) -> str:
    if isinstance(value, ReactiveMode):
        return value.value
    message = f"the head of a journal cannot hold {value!r}"
    raise TypeError(message)


def _reactive_law(found: Mapping[str, object]) -> ReactiveLaw:
    numbers = {name: float(value) for name, value in found.items() if isinstance(value, int | float)}
    curve_v_pu, curve_q_pu = (tuple(_listed(found[name])) for name in ("curve_v_pu", "curve_q_pu"))
    mode = ReactiveMode(str(found["mode"]))
    return ReactiveLaw(mode=mode, curve_v_pu=curve_v_pu, curve_q_pu=curve_q_pu, **numbers)


def _listed(value: object) -> list[float]:
    return [float(each) for each in cast("list[float]", value)]


def record_kinds(n_sites: int, n_ticks: int) -> tuple[RecordKind, ...]:
    """Kinds of records of a run of so many sites and ticks in a record."""
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
    """Write frequency in whole mHz, missing as `MISSING_MHZ`; shape kept."""
    missing = ~np.isfinite(frequency_hz)
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
            kinds = record_kinds(settings.n_sites, settings.ticks_per_block)
            self._journal = SegmentJournal(folder, kinds, settings.header())

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

    def close(self) -> str:
        """Write what is left; returns the last hash of the chain, empty without a journal."""
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
