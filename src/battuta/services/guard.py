"""The guard's actor: keeps the newest dispatch and answers every block of frequency ticks with setpoints."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from battuta.domain.response_law import ResponseLaw
from battuta.numerics.arrays import BoolArray, FloatArray
from battuta.site.dispatch import Dispatch
from battuta.site.guard import GuardBlock, GuardState, guard
from battuta.site.limits import LimitTable


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GuardMemory:
    """What the guard remembers.

    Attributes
    ----------
    limits : LimitTable
        Limits, enforced here again.
    laws : GuardState
        Armed laws and the last setpoints, moved in place.
    dispatch : Dispatch
        The newest decision of the conductor.
    stopped : ndarray of bool, shape (n_sites,)
        Sites that the fast lane stopped.
    """

    limits: LimitTable
    laws: GuardState
    dispatch: Dispatch
    stopped: BoolArray

    @classmethod
    def at_rest(cls, limits: LimitTable, laws: tuple[ResponseLaw | None, ...], now_ns: int) -> GuardMemory:
        """Return the state before the first dispatch: no power, no response."""
        n_sites = limits.n_sites
        nothing = Dispatch(
            time_ns=now_ns,
            base_kw=np.zeros(n_sites),
            bounds_kw=np.zeros((4, n_sites)),
            reactive_kvar=np.zeros(n_sites),
            owner=np.zeros(n_sites, dtype=np.int64),
            reason=np.zeros(n_sites, dtype=np.int64),
        )
        return cls(
            limits=limits, laws=GuardState.armed(laws), dispatch=nothing, stopped=np.zeros(n_sites, dtype=np.bool_)
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DispatchArrived:
    """The conductor decided."""

    dispatch: Dispatch
    stopped: BoolArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FrequencyMeasured:
    """Some ticks of frequency, shape (n_sites, n_ticks). [Hz]"""

    start_ns: int
    tick_s: float
    frequency_hz: FloatArray


GuardEvent: TypeAlias = DispatchArrived | FrequencyMeasured


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WriteSetpoints:
    """What has to reach the devices."""

    block: GuardBlock
    reactive_kvar: FloatArray
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
            return replace(memory, dispatch=event.dispatch, stopped=event.stopped), ()
        case FrequencyMeasured():
            block = guard(
                memory.dispatch,
                event.frequency_hz,
                memory.limits,
                memory.laws,
                start_ns=event.start_ns,
                tick_s=event.tick_s,
                stopped=memory.stopped,
            )
            effect = WriteSetpoints(block=block, reactive_kvar=memory.dispatch.reactive_kvar, stopped=memory.stopped)
            return memory, (effect,)
