"""The conductor: once a second one decision per site, on a frozen image; pure, so that a journal replays it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from battuta.domain.command import Owner, Proposal, Reason, Reservation
from battuta.domain.image import SiteImage
from battuta.numerics.arrays import BoolArray, FloatArray
from battuta.site.arbitration import arbitrate
from battuta.site.dispatch import ArbitrationState, Dispatch
from battuta.site.fast_lane import FastCause, FastLimits, FastMemory, watch
from battuta.site.limits import Limit, LimitTable
from battuta.site.proposals import ProposalBoard
from battuta.site.reservations import reserve_table

CLOCK_STEP_S = 0.5
"""A wall clock that moved this much against the steady one is not trusted."""

CLOCK_HOLD_S = 30.0
"""How long it must then run evenly before timed commands count again."""

GAP_LIMIT_S = 5.0
"""A pause longer than this between images is one step of the ramps, not many."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ConductorState:
    """What the conductor remembers; arrays within it are moved in place, the rest is replaced.

    Attributes
    ----------
    limits : LimitTable
        What each site may do.
    fast_limits : FastLimits
        What the fast lane watches for.
    board : ProposalBoard
        What owners want.
    reservations : tuple of Reservation
        Awards, in force or to come.
    arbitration : ArbitrationState
        What arbitration remembers.
    fast : FastMemory
        What the fast lane remembers.
    last_ns, last_steady_ns : int
        Wall and steady time of the image before; -1 before the first. [ns]
    clock_good_ns : int
        Steady time from which the clock is trusted. [ns]
    reserves : ndarray, shape (n_reserves, n_sites)
        What is kept free now. [kW, kWh]
    reserves_until_ns : int
        Until when that table holds. [ns]
    was_stale : ndarray of bool, shape (n_sites,)
        Sites that were on their way to a safe state in the image before.
    """

    limits: LimitTable
    fast_limits: FastLimits
    board: ProposalBoard
    reservations: tuple[Reservation, ...]
    arbitration: ArbitrationState
    fast: FastMemory
    last_ns: int = -1
    last_steady_ns: int = -1
    clock_good_ns: int = -1
    reserves: FloatArray
    reserves_until_ns: int = -1
    was_stale: BoolArray

    @classmethod
    def at_rest(cls, limits: LimitTable, fast_limits: FastLimits | None = None) -> ConductorState:
        """Return the state of sites for which nobody asked anything yet."""
        n_sites = limits.n_sites
        return cls(
            limits=limits,
            fast_limits=fast_limits or FastLimits(),
            board=ProposalBoard.empty(n_sites),
            reservations=(),
            arbitration=ArbitrationState.at_rest(n_sites),
            fast=FastMemory.empty(n_sites),
            reserves=reserve_table((), n_sites, 0),
            was_stale=np.zeros(n_sites, dtype=np.bool_),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ImageFrozen:
    """An image is there: decide."""

    image: SiteImage
    steady_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalsPosted:
    """Owners want something."""

    proposals: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WishesPosted:
    """One owner wants something of all sites at once."""

    owner: Owner
    expires_ns: int
    low_kw: FloatArray | None = None
    high_kw: FloatArray | None = None
    preferred_kw: FloatArray | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationsAwarded:
    """The whole list of awards, in place of the one before."""

    reservations: tuple[Reservation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReset:
    """An operator was at a site and lets it run again."""

    site: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChillersAsked:
    """Cooling foresight wants coolant temperatures, NaN to leave a chiller as it is; shape (n_sites,). [degC]"""

    setpoint_c: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShavingPlanned:
    """What peak shaving holds in the billed interval that begins, each shape (n_sites,).

    Attributes
    ----------
    start_ns, end_ns : int
        The billed interval. [ns]
    limit_kw : ndarray
        Demand limit, infinite where the site has none. [kW]
    floor_soc_start, floor_soc_end : ndarray
        State of charge kept for peaks to come, at both ends of the interval. [-]
    peak_kw : ndarray
        Net load that a peak may reach for minutes at this time of day. [kW]
    """

    start_ns: int
    end_ns: int
    limit_kw: FloatArray
    floor_soc_start: FloatArray
    floor_soc_end: FloatArray
    peak_kw: FloatArray


ConductorEvent: TypeAlias = (
    ImageFrozen | ProposalsPosted | WishesPosted | ReservationsAwarded | SiteReset | ChillersAsked | ShavingPlanned
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dispatched:
    """The decision, for the guard."""

    dispatch: Dispatch
    stopped: BoolArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Somebody has to know, now."""

    site: int
    cause: str
    calls_out: bool


ConductorEffect: TypeAlias = Dispatched | Alarm


def step(state: ConductorState, event: ConductorEvent) -> tuple[ConductorState, tuple[ConductorEffect, ...]]:
    """Take one event.

    Parameters
    ----------
    state : ConductorState
        What is remembered.
    event : ConductorEvent
        What happened.

    Returns
    -------
    tuple of (ConductorState, tuple of ConductorEffect)
        What is remembered now, and what has to be done.
    """
    match event:
        case ImageFrozen():
            return _decide(state, event)
        case ProposalsPosted():
            state.board.post(event.proposals)
        case WishesPosted():
            state.board.post_all(
                event.owner,
                event.expires_ns,
                low_kw=event.low_kw,
                high_kw=event.high_kw,
                preferred_kw=event.preferred_kw,
            )
        case ReservationsAwarded():
            return replace(state, reservations=event.reservations, reserves_until_ns=-1), ()
        case SiteReset():
            state.fast.reset(event.site)
    return state, ()


def _decide(state: ConductorState, event: ImageFrozen) -> tuple[ConductorState, tuple[ConductorEffect, ...]]:
    image = event.image
    state, alarms = _watch_clock(state, event)
    new = watch(image, state.limits[Limit.POWER_KW], state.fast_limits, state.fast)
    alarms += tuple(
        Alarm(site=int(site), cause=str(FastCause(int(new[site])).name), calls_out=True) for site in np.flatnonzero(new)
    )
    if image.time_ns >= state.reserves_until_ns:
        state = _renew_reserves(state, image.time_ns)
    elapsed_s = (event.steady_ns - state.last_steady_ns) * 1e-9 if state.last_steady_ns >= 0 else 1.0
    is_clock_lost = event.steady_ns < state.clock_good_ns
    dispatch = arbitrate(
        image,
        state.limits,
        state.board,
        state.reserves,
        state.arbitration,
        step_s=min(max(elapsed_s, 0.0), GAP_LIMIT_S),
        is_clock_lost=is_clock_lost,
    )
    is_stale = state.was_stale if is_clock_lost else (dispatch.reason & int(Reason.STALE_TELEMETRY)) != 0
    alarms += tuple(
        Alarm(site=int(site), cause="STALE_TELEMETRY" if is_stale[site] else "TELEMETRY_BACK", calls_out=False)
        for site in np.flatnonzero(is_stale != state.was_stale)
    )
    state = replace(state, last_ns=image.time_ns, last_steady_ns=event.steady_ns, was_stale=is_stale)
    return state, (Dispatched(dispatch=dispatch, stopped=state.fast.cause != 0), *alarms)


def _watch_clock(state: ConductorState, event: ImageFrozen) -> tuple[ConductorState, tuple[Alarm, ...]]:
    """Compare the wall clock with the steady one; after a step nothing that was timed before it counts."""
    if state.last_ns < 0:
        return state, ()
    moved_s = ((event.image.time_ns - state.last_ns) - (event.steady_ns - state.last_steady_ns)) * 1e-9
    if abs(moved_s) <= CLOCK_STEP_S:
        return state, ()
    state.board.expires_ns[:] = 0
    good_ns = event.steady_ns + int(CLOCK_HOLD_S * 1e9)
    alarm = Alarm(site=-1, cause=f"CLOCK_STEP {moved_s:+.3f} s", calls_out=False)
    return replace(state, clock_good_ns=good_ns, reserves_until_ns=-1), (alarm,)


def _renew_reserves(state: ConductorState, now_ns: int) -> ConductorState:
    """Add the awards in force up, until the next one begins or ends."""
    edges: Sequence[int] = [
        edge for each in state.reservations for edge in (each.start_ns, each.end_ns) if edge > now_ns
    ]
    table = reserve_table(state.reservations, state.limits.n_sites, now_ns)
    return replace(state, reserves=table, reserves_until_ns=min(edges, default=2**63 - 1))
