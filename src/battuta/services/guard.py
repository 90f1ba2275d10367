"""The guard's actor: keeps the newest dispatch and answers every block of frequency ticks with setpoints."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from battuta.domain.health import Derating
from battuta.domain.response_law import ResponseLaw
from battuta.numerics.arrays import BoolArray, FloatArray
from battuta.services.conductor_events import DeratingsSet
from battuta.site.derated_limits import derated
from battuta.site.dispatch import Dispatch
from battuta.site.guard import SILENCE_LIMIT_S, GuardBlock, GuardState, guard
from battuta.site.limits import Limit, LimitTable

CHILLER_REPEAT_S = 60.0
"""How often a coolant temperature that stands is written again. [s]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GuardMemory:
    """What the guard remembers.

    Attributes
    ----------
    limits : LimitTable
        Limits when nothing is wrong with the sites.
    deratings : tuple of (Derating or None)
        What findings left of each site, None for all of it.
    allowed : LimitTable
        Limits of now, enforced here again.
    laws : GuardState
        Armed laws and the last setpoints, moved in place.
    dispatch : Dispatch
        The newest decision of the conductor.
    dispatch_steady_ns : int
        When it arrived, by a clock that nobody sets; -1 before the first tick. [ns]
    stopped : ndarray of bool, shape (n_sites,)
        Sites that the fast lane stopped.
    mandates_until_ns : int
        When the next mandate runs out. [ns]
    chiller : ndarray, shape (2, n_sites)
        Coolant temperature written last, NaN for none, and when, by the steady clock; moved in place. [degC], [s]
    """

    limits: LimitTable
    deratings: tuple[Derating | None, ...]
    allowed: LimitTable
    laws: GuardState
    dispatch: Dispatch
    dispatch_steady_ns: int
    stopped: BoolArray
    mandates_until_ns: int
    chiller: FloatArray

    @classmethod
    def at_rest(cls, limits: LimitTable, laws: tuple[ResponseLaw | None, ...], now_ns: int) -> GuardMemory:
        """Return the state before the first dispatch: no power, no response."""
        n_sites = limits.n_sites
        nothing = Dispatch(
            time_ns=now_ns,
            base_kw=np.zeros(n_sites),
            bounds_kw=np.zeros((4, n_sites)),
            reactive_kvar=np.zeros(n_sites),
            chiller_setpoint_c=np.full(n_sites, np.nan),
            owner=np.zeros(n_sites, dtype=np.int64),
            reason=np.zeros(n_sites, dtype=np.int64),
        )
        return cls(
            limits=limits,
            deratings=(None,) * n_sites,
            allowed=limits,
            laws=GuardState.armed(laws),
            dispatch=nothing,
            dispatch_steady_ns=-1,
            stopped=np.zeros(n_sites, dtype=np.bool_),
            mandates_until_ns=limits.expires_ns,
            chiller=np.full((2, n_sites), np.nan),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DispatchArrived:
    """The conductor decided; `steady_ns` is the time of a clock that nobody sets. [ns]"""

    dispatch: Dispatch
    stopped: BoolArray
    steady_ns: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FrequencyMeasured:
    """Some ticks of frequency, shape (n_sites, n_ticks), by the wall clock and by one that nobody sets. [Hz], [ns]"""

    start_ns: int
    steady_ns: int
    tick_s: float
    frequency_hz: FloatArray


GuardEvent: TypeAlias = DispatchArrived | FrequencyMeasured | DeratingsSet


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WriteSetpoints:
    """What has to reach the devices.

    Attributes
    ----------
    block : GuardBlock
        Active power. [kW]
    reactive_kvar : ndarray, shape (n_sites,)
        Reactive power, injection positive. [kvar]
    chiller_setpoint_c : ndarray, shape (n_sites,)
        Coolant temperature, NaN where there is nothing to write. [degC]
    stopped : ndarray of bool, shape (n_sites,)
        Sites whose strings are to be opened.
    """

    block: GuardBlock
    reactive_kvar: FloatArray
    chiller_setpoint_c: FloatArray
    stopped: BoolArray


def step(memory: GuardMemory, event: GuardEvent) -> tuple[GuardMemory, tuple[WriteSetpoints, ...]]:
    """Take one event.

    Parameters
    ----------
    memory : GuardMemory
        What is remembered.
    event : GuardEvent
        What happened.

    Returns
    -------
    tuple of (GuardMemory, tuple of WriteSetpoints)
        What is remembered now, and what has to be written.
    """
    match event:
        case DispatchArrived():
            arrived = replace(
                memory, dispatch=event.dispatch, dispatch_steady_ns=event.steady_ns, stopped=event.stopped
            )
            return arrived, ()
        case DeratingsSet():
            return replace(memory, deratings=event.deratings, allowed=derated(memory.limits, event.deratings)), ()
        case FrequencyMeasured():
            if event.start_ns >= memory.mandates_until_ns:
                limits = memory.limits.at(event.start_ns)
                allowed = derated(limits, memory.deratings)
                memory = replace(memory, limits=limits, allowed=allowed, mandates_until_ns=limits.expires_ns)
            if memory.dispatch_steady_ns < 0:
                memory = replace(memory, dispatch_steady_ns=event.steady_ns)
            return memory, (_answer(memory, event),)


def _answer(memory: GuardMemory, event: FrequencyMeasured) -> WriteSetpoints:
    """Make the setpoints of some ticks; a conductor that is silent is asked for nothing but the safe state."""
    silence_s = (event.steady_ns - memory.dispatch_steady_ns) * 1e-9
    block = guard(
        memory.dispatch,
        event.frequency_hz,
        memory.allowed,
        memory.laws,
        start_ns=event.start_ns,
        silence_s=silence_s,
        tick_s=event.tick_s,
        stopped=memory.stopped,
    )
    is_silent = silence_s > SILENCE_LIMIT_S
    asked_c = memory.limits[Limit.CHILLER_SETPOINT_C] if is_silent else memory.dispatch.chiller_setpoint_c
    return WriteSetpoints(
        block=block,
        reactive_kvar=np.where(memory.stopped | is_silent, 0.0, memory.dispatch.reactive_kvar),
        chiller_setpoint_c=_to_write_c(memory.chiller, asked_c, event.steady_ns * 1e-9),
        stopped=memory.stopped,
    )


def _to_write_c(written: FloatArray, asked_c: FloatArray, steady_s: float) -> FloatArray:
    """Coolant temperatures that changed, and once a minute those that stand: a chiller may have been reset. [degC]"""
    is_due = (asked_c != written[0]) | ~(steady_s - written[1] < CHILLER_REPEAT_S)
    is_due &= ~np.isnan(asked_c)
    written[0] = np.where(is_due, asked_c, written[0])
    written[1] = np.where(is_due, steady_s, written[1])
    return np.where(is_due, asked_c, np.nan)
