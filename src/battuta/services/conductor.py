"""The conductor: once a second one decision per site, on a frozen image; pure, so that a journal replays it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from battuta.domain.command import Owner, Reason, Reservation
from battuta.domain.health import Derating
from battuta.domain.image import AGE_LIMIT_S, Signal, SiteImage, Source
from battuta.numerics.arrays import BoolArray, FloatArray
from battuta.physics.grid_connection import ReactiveLaw, ReactiveMode
from battuta.services.conductor_events import (
    Alarm,
    ChillersAsked,
    ConductorEffect,
    ConductorEvent,
    DeratingsSet,
    Dispatched,
    ImageFrozen,
    ProposalsPosted,
    ReservationsAwarded,
    ShavingPlanned,
    SiteReset,
    WishesPosted,
)
from battuta.site.arbitration import arbitrate
from battuta.site.derated_limits import derated
from battuta.site.dispatch import ArbitrationState
from battuta.site.fast_lane import FastCause, FastLimits, FastMemory, watch
from battuta.site.limits import Limit, LimitTable
from battuta.site.own_functions import OwnFunctions, propose
from battuta.site.proposals import ProposalBoard
from battuta.site.reservations import reserve_table

CLOCK_STEP_S = 0.5
"""A wall clock that moved this much against the steady one is not trusted."""

CLOCK_HOLD_S = 30.0
"""How long it must then run evenly before timed commands count again."""

GAP_LIMIT_S = 5.0
"""A pause longer than this between images is one step of the ramps, not many."""

NO_REACTIVE = ReactiveLaw(mode=ReactiveMode.FIXED_Q)
"""Law of a site that is asked for no reactive power."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ConductorState:
    """What the conductor remembers; arrays within it are moved in place, the rest is replaced.

    Attributes
    ----------
    limits : LimitTable
        What each site may do when nothing is wrong with it.
    deratings : tuple of (Derating or None)
        What findings left of each site, None for all of it.
    allowed : LimitTable
        What each site may do now.
    fast_limits : FastLimits
        What the fast lane watches for.
    board : ProposalBoard
        What owners want.
    functions : OwnFunctions
        What sites do of their own.
    chiller_setpoint_c : ndarray, shape (n_sites,)
        Coolant temperature asked of each chiller, NaN to leave it. [degC]
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
    mandates_until_ns : int
        When the next mandate runs out. [ns]
    was_stale, was_blind, was_unseen : ndarray of bool, shape (n_sites,)
        Sites that were on their way to a safe state, whose fire panel said nothing, and whose battery said nothing of
        its cells, in the image before.
    """

    limits: LimitTable
    deratings: tuple[Derating | None, ...]
    allowed: LimitTable
    fast_limits: FastLimits
    board: ProposalBoard
    functions: OwnFunctions
    chiller_setpoint_c: FloatArray
    reservations: tuple[Reservation, ...]
    arbitration: ArbitrationState
    fast: FastMemory
    last_ns: int = -1
    last_steady_ns: int = -1
    clock_good_ns: int = -1
    reserves: FloatArray
    reserves_until_ns: int = -1
    mandates_until_ns: int
    was_stale: BoolArray
    was_blind: BoolArray
    was_unseen: BoolArray

    @classmethod
    def at_rest(
        cls, limits: LimitTable, fast_limits: FastLimits | None = None, functions: OwnFunctions | None = None
    ) -> ConductorState:
        """Return the state of sites for which nobody asked anything yet."""
        n_sites = limits.n_sites
        return cls(
            limits=limits,
            deratings=(None,) * n_sites,
            allowed=limits,
            fast_limits=fast_limits or FastLimits(),
            board=ProposalBoard.empty(n_sites),
            functions=functions or OwnFunctions.set_to((NO_REACTIVE,) * n_sites, (False,) * n_sites),
            chiller_setpoint_c=np.full(n_sites, np.nan),
            reservations=(),
            arbitration=ArbitrationState.at_rest(n_sites),
            fast=FastMemory.empty(n_sites),
            reserves=reserve_table((), n_sites, 0),
            mandates_until_ns=limits.expires_ns,
            was_stale=np.zeros(n_sites, dtype=np.bool_),
            was_blind=np.zeros(n_sites, dtype=np.bool_),
            was_unseen=np.zeros(n_sites, dtype=np.bool_),
        )


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
        case ChillersAsked():
            return replace(state, chiller_setpoint_c=event.setpoint_c.copy()), ()
        case DeratingsSet():
            allowed = derated(state.limits, event.deratings)
            return replace(state, deratings=event.deratings, allowed=allowed), ()
        case ShavingPlanned():
            rows = (event.limit_kw, event.floor_soc_start, event.floor_soc_end, event.peak_kw)
            state.functions.plan_shaving(event.start_ns, event.end_ns, rows)
    return state, ()


def _decide(state: ConductorState, event: ImageFrozen) -> tuple[ConductorState, tuple[ConductorEffect, ...]]:
    image = event.image
    state, alarms = _watch_clock(state, event)
    new = watch(image, state.limits[Limit.POWER_KW], state.fast_limits, state.fast)
    alarms += tuple(
        Alarm(site=int(site), cause=str(FastCause(int(new[site])).name), calls_out=True) for site in np.flatnonzero(new)
    )
    if image.time_ns >= state.mandates_until_ns:
        state, expired = _end_mandates(state, image.time_ns)
        alarms += expired
    if image.time_ns >= state.reserves_until_ns:
        state = _renew_reserves(state, image.time_ns)
    elapsed_s = (event.steady_ns - state.last_steady_ns) * 1e-9 if state.last_steady_ns >= 0 else 1.0
    step_s = min(max(elapsed_s, 0.0), GAP_LIMIT_S)
    reactive_kvar = propose(image, state.allowed, state.reserves, state.functions, state.board, step_s, elapsed_s)
    stopped = state.fast.cause != 0
    dispatch = arbitrate(
        image,
        state.allowed,
        state.board,
        state.reserves,
        state.arbitration,
        reactive_kvar=reactive_kvar,
        chiller_setpoint_c=state.chiller_setpoint_c,
        step_s=step_s,
        is_clock_lost=event.steady_ns < state.clock_good_ns,
        stopped=stopped,
    )
    is_stale = (dispatch.reason & int(Reason.STALE_TELEMETRY)) != 0
    is_blind, is_unseen = _is_blind(image), _is_unseen(image)
    alarms += _changed(is_stale, state.was_stale, "STALE_TELEMETRY", "TELEMETRY_BACK")
    alarms += _changed(is_blind, state.was_blind, "PANEL_SILENT", "PANEL_BACK")
    alarms += _changed(is_unseen, state.was_unseen, "CELLS_UNSEEN", "CELLS_SEEN")
    state = replace(
        state,
        last_ns=image.time_ns,
        last_steady_ns=event.steady_ns,
        was_stale=is_stale,
        was_blind=is_blind,
        was_unseen=is_unseen,
    )
    return state, (Dispatched(dispatch=dispatch, stopped=stopped), *alarms)


def _is_blind(image: SiteImage) -> BoolArray:
    """Sites whose fire panel is silent: nobody would see gas or smoke here, shape (n_sites,)."""
    is_old = ~(image.age_s[Source.PANEL] <= AGE_LIMIT_S)
    return is_old | np.isnan(image[Signal.GAS]) | np.isnan(image[Signal.SMOKE])


def _is_unseen(image: SiteImage) -> BoolArray:
    """Sites whose battery does not say how warm or low its cells are: the fast lane sees nothing, shape (n_sites,)."""
    unseen = np.isnan(image[Signal.CELL_TEMPERATURE_C_MIN]) | np.isnan(image[Signal.CELL_TEMPERATURE_C_MAX])
    return unseen | np.isnan(image[Signal.CELL_VOLTAGE_V_MIN])


def _changed(now: BoolArray, before: BoolArray, begins: str, ends: str) -> tuple[Alarm, ...]:
    """Tell what began or ended at which site."""
    return tuple(
        Alarm(site=int(site), cause=begins if now[site] else ends, calls_out=False)
        for site in np.flatnonzero(now != before)
    )


def _end_mandates(state: ConductorState, now_ns: int) -> tuple[ConductorState, tuple[Alarm, ...]]:
    """Allow no power any more where a mandate has run out, and tell so."""
    limits = state.limits.at(now_ns)
    ended = state.limits.allows_power & ~limits.allows_power
    alarms = tuple(Alarm(site=int(k), cause="MANDATE_EXPIRED", calls_out=False) for k in np.flatnonzero(ended))
    allowed = derated(limits, state.deratings)
    return replace(state, limits=limits, allowed=allowed, mandates_until_ns=limits.expires_ns), alarms


def has_true_clock(state: ConductorState, now_ns: int, steady_ns: int) -> bool:
    """Whether the wall clock may be believed at an instant, before it is decided on. [ns]"""
    if state.last_ns < 0:
        return True
    moved_s = ((now_ns - state.last_ns) - (steady_ns - state.last_steady_ns)) * 1e-9
    return abs(moved_s) <= CLOCK_STEP_S and steady_ns >= state.clock_good_ns


def _watch_clock(state: ConductorState, event: ImageFrozen) -> tuple[ConductorState, tuple[Alarm, ...]]:
    """Compare the wall clock with the steady one; after a step no owner's timed wish counts, orders from above do."""
    if state.last_ns < 0:
        return state, ()
    moved_s = ((event.image.time_ns - state.last_ns) - (event.steady_ns - state.last_steady_ns)) * 1e-9
    if abs(moved_s) <= CLOCK_STEP_S:
        return state, ()
    lasting, moved_ns = state.board.expires_ns[: Owner.GRID_CODE + 1], round(moved_s * 1e9)
    lasting[lasting > 0] += moved_ns  # orders last as long as they were given for, by the clock that nobody sets
    state.board.expires_ns[Owner.GRID_CODE + 1 :] = 0
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
