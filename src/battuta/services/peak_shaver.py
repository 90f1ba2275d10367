"""Peak shaving's actor: listens to the meter, and says at the start of each billed interval what has to be held."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from battuta.domain.errors import InvalidQuantityError
from battuta.domain.image import AGE_LIMIT_S, Signal, SiteImage, Source
from battuta.domain.time import NS_PER_S
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.services.conductor_events import ShavingPlanned
from battuta.site.demand_history import DemandHistory, local_time
from battuta.site.peak_shaving import MARGIN_MAX, DemandState, ShavingSites, new_period
from battuta.site.peak_shaving_interval import learn_margins, plan_interval
from battuta.site.peak_shaving_meter import DemandMeter, MeteredInterval, metered_kw

LEARNED_AT_ONCE = 8
"""Margins learned with one plan, more where the fleet would not be through within six hours."""

NEVER = -1
"""Day or month before the first."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShaverState:
    """What peak shaving remembers; arrays within it are moved in place, the rest is replaced.

    Attributes
    ----------
    sites : ShavingSites
        The batteries.
    owner_limit_kw : ndarray, shape (n_sites,)
        Demand limits with which each billing period begins, infinite where there is none. [kW]
    demand : DemandState
        The billing period that runs.
    without_kw : ndarray, shape (n_sites,)
        What would have been billed in it without the battery; auxiliaries are counted in. [kW]
    history : DemandHistory
        Past days.
    meter : DemandMeter
        The interval that runs.
    margin : ndarray, shape (n_sites,)
        Factor on the energy that past errors ask for. [-]
    margin_day, month : ndarray of int64, shape (n_sites,)
        Local day on which it was learned, local month that is billed, both since 1970; -1 before the first.
    zone_offset_s : ndarray of int64, shape (n_sites,)
        Local time less UTC at the newest image. [s]
    """

    sites: ShavingSites
    owner_limit_kw: FloatArray
    demand: DemandState
    without_kw: FloatArray
    history: DemandHistory
    meter: DemandMeter
    margin: FloatArray
    margin_day: IntArray
    month: IntArray
    zone_offset_s: IntArray

    @classmethod
    def at_rest(
        cls, sites: ShavingSites, limit_kw: FloatArray, interval_s: int = 900, history: DemandHistory | None = None
    ) -> ShaverState:
        """Return the state before the first image, with the past days of a history where there is one.

        Parameters
        ----------
        sites : ShavingSites
            The batteries.
        limit_kw : ndarray, shape (n_sites,)
            Demand limits, infinite where a site has none. [kW]
        interval_s : int
            Length of the billed interval. [s]
        history : DemandHistory, optional
            Past days, of the same interval.

        Returns
        -------
        ShaverState
            The state.

        Raises
        ------
        InvalidQuantityError
            If a limit is missing or negative: infinity is how a site has none.
        """
        n_sites, lowest_kw = len(limit_kw), float(np.min(limit_kw, initial=np.inf))
        if not lowest_kw >= 0.0:
            raise InvalidQuantityError("limit_kw", lowest_kw, 0.0, np.inf, "kW", where="peak shaving")
        never = np.full(n_sites, NEVER, dtype=np.int64)
        return cls(
            sites=sites, owner_limit_kw=limit_kw.copy(), demand=new_period(limit_kw), without_kw=np.zeros(n_sites),
            history=history or DemandHistory.empty(n_sites, interval_s), meter=DemandMeter.empty(n_sites, interval_s),
            margin=np.full(n_sites, MARGIN_MAX), margin_day=never, month=never.copy(),
            zone_offset_s=np.zeros(n_sites, dtype=np.int64),
        )  # fmt: skip

    @property
    def billed_kw(self) -> FloatArray:
        """Highest interval mean of import in this billing period, shape (n_sites,). [kW]"""
        return self.demand.billed_kw

    @property
    def limit_kw(self) -> FloatArray:
        """Limit that is held, shape (n_sites,). [kW]"""
        return self.demand.limit_kw

    @property
    def is_raised(self) -> BoolArray:
        """Whether the limit was raised in this billing period, shape (n_sites,)."""
        return self.demand.is_raised


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ImageSeen:
    """An image is there.

    Attributes
    ----------
    image : SiteImage
        What the instruments said.
    zone_offset_s : ndarray of int64, shape (n_sites,)
        Local time of each site less UTC, now. [s]
    """

    image: SiteImage
    zone_offset_s: IntArray


def step(state: ShaverState, event: ImageSeen) -> tuple[ShaverState, tuple[ShavingPlanned, ...]]:
    """Take one image.

    Parameters
    ----------
    state : ShaverState
        What is remembered.
    event : ImageSeen
        What was measured.

    Returns
    -------
    tuple of (ShaverState, tuple of ShavingPlanned)
        What is remembered now, and one plan of all sites with the first image of each billed interval.
    """
    before_s = state.meter.start_s
    meter, ended = state.meter.add(event.image.time_ns / NS_PER_S, metered_kw(event.image))
    state = replace(state, meter=meter)
    if ended is not None:
        state = _bill(state, ended)
    state = replace(state, zone_offset_s=event.zone_offset_s)
    if meter.start_s == before_s:
        return state, ()
    return _plan(_learn(_begin_months(state)), event.image, ended)


def _bill(state: ShaverState, ended: MeteredInterval) -> ShaverState:
    """Keep an interval that ended in the history and in the account of its month."""
    state.history.record(ended.start_s, state.zone_offset_s, ended.net_kw, ended.highest_kw)
    demand = replace(state.demand, billed_kw=np.fmax(state.demand.billed_kw, ended.import_kw))
    return replace(state, demand=demand, without_kw=np.fmax(state.without_kw, ended.without_kw))


def _begin_months(state: ShaverState) -> ShaverState:
    """Begin a billing period where a local month does."""
    day, _ = local_time(state.meter.start_s + state.zone_offset_s, state.meter.interval_s)
    month = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    is_new = month != state.month
    if not is_new.any():
        return state
    demand = DemandState(
        limit_kw=np.where(is_new, state.owner_limit_kw, state.demand.limit_kw),
        is_raised=state.demand.is_raised & ~is_new,
        billed_kw=np.where(is_new, 0.0, state.demand.billed_kw),
    )
    return replace(state, demand=demand, without_kw=np.where(is_new, 0.0, state.without_kw), month=month)


def _learn(state: ShaverState) -> ShaverState:
    """Learn each site's margin once a local day, some sites at a time: all in the same second would be late."""
    day, _ = local_time(state.meter.start_s + state.zone_offset_s, state.meter.interval_s)
    due = np.flatnonzero((state.margin_day != day) & np.isfinite(state.demand.limit_kw))
    due = due[: max(LEARNED_AT_ONCE, 4 * len(day) // state.history.n_per_day + 1)]  # all within a quarter of the day
    if not due.size:
        return state
    margin, margin_day = state.margin.copy(), state.margin_day.copy()
    margin[due] = learn_margins(
        state.sites, state.demand.limit_kw, state.history, state.meter.start_s, state.zone_offset_s, due
    )
    margin_day[due] = day[due]
    return replace(state, margin=margin, margin_day=margin_day)


def _plan(
    state: ShaverState, image: SiteImage, ended: MeteredInterval | None
) -> tuple[ShaverState, tuple[ShavingPlanned]]:
    n_sites, start_s = image.n_sites, state.meter.start_s
    soc = np.where(image.age_s[Source.BATTERY] <= AGE_LIMIT_S, image[Signal.SOC], np.nan)
    plan = plan_interval(
        state.sites, state.demand, state.history, state.margin, soc,
        np.full(n_sites, np.nan) if ended is None else ended.net_kw, start_s, state.zone_offset_s,
    )  # fmt: skip
    planned = ShavingPlanned(
        start_ns=start_s * NS_PER_S, end_ns=(start_s + state.meter.interval_s) * NS_PER_S,
        limit_kw=plan.demand.limit_kw, floor_soc_start=plan.floor_soc[0], floor_soc_end=plan.floor_soc[1],
        peak_kw=plan.peak_kw,
    )  # fmt: skip
    return replace(state, demand=plan.demand), (planned,)
