"""The guard: the only maker of setpoints, clamp(base + armed response) inside limits and mandate, at most 50 ms old.

Heartbeat of the conductor is one second. After 3 s of silence the base is held and the armed response stays; after 10 s
the setpoint ramps to the site's safe power for a lost link, and the response with it. A frequency that repeats itself
to the last digit for more than 3 s, or lies more than 10 % from nominal, is no measurement: the response is held for
0.5 s as for a missing one, then ramped to zero. A droop answers the mean of the newest frequencies while they stand
nearly still, and a step of frequency at once; a triggered reserve answers the newest alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.response_law import NOMINAL_HZ, ResponseLaw, law_rows
from battuta.numerics.arrays import BoolArray, CountArray, FloatArray, IntArray
from battuta.physics.response import response_state
from battuta.physics.triggered_kernels import respond
from battuta.site.dispatch import Dispatch
from battuta.site.frozen_kernels import mask_frozen
from battuta.site.guard_kernels import guard_ticks
from battuta.site.limits import LimitTable, Loss

SILENCE_LIMIT_S = 10.0
"""Silence of the conductor after which the guard ramps to the safe state."""

FROZEN_LIMIT_S = 3.0
"""Longest time that a frequency in mHz may repeat itself."""

SETPOINT_STEP_KW = 0.01
"""Setpoints are whole numbers of this."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GuardBlock:
    """Setpoints of all sites for some ticks.

    Attributes
    ----------
    start_ns : int
        Time of the first tick. [ns]
    tick_s : float
        Time between ticks. [s]
    counts : ndarray of int32, shape (n_sites, n_ticks)
        Setpoints, discharge positive. [`SETPOINT_STEP_KW`]
    reason : ndarray of int64, shape (n_sites,)
        Bits of `Reason` that held in any of the ticks.
    """

    start_ns: int
    tick_s: float
    counts: CountArray
    reason: IntArray

    @property
    def power_kw(self) -> FloatArray:
        """Setpoints, shape (n_sites, n_ticks). [kW]"""
        return self.counts.astype(np.float64) * SETPOINT_STEP_KW


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GuardState:
    """What the guard remembers; its arrays are moved in place.

    Attributes
    ----------
    law_rows : ndarray, shape (n_sites, n_parameters)
        Armed law of each site, see `battuta.domain.response_law.law_rows`.
    response : ndarray, shape (n_sites, n_state)
        State of the laws.
    setpoint_kw : ndarray, shape (n_sites,)
        Last setpoint. [kW]
    returning : ndarray of bool, shape (n_sites,)
        Sites on their way back from a stop or a silence.
    meter : ndarray, shape (2, n_sites)
        Last frequency of each meter and how long it has stood still. [Hz], [s]
    """

    law_rows: FloatArray
    response: FloatArray
    setpoint_kw: FloatArray
    returning: BoolArray
    meter: FloatArray

    @classmethod
    def armed(cls, laws: tuple[ResponseLaw | None, ...]) -> GuardState:
        """Return the state of sites at rest, each armed with its law or none."""
        n_sites = len(laws)
        return cls(
            law_rows=law_rows(laws),
            response=response_state(n_sites),
            setpoint_kw=np.zeros(n_sites),
            returning=np.zeros(n_sites, dtype=np.bool_),
            meter=np.zeros((2, n_sites)),
        )


def guard(
    dispatch: Dispatch,
    frequency_hz: FloatArray,
    limits: LimitTable,
    state: GuardState,
    *,
    start_ns: int,
    silence_s: float = 0.0,
    tick_s: float,
    stopped: BoolArray,
) -> GuardBlock:
    """Answer some ticks of frequency.

    Parameters
    ----------
    dispatch : Dispatch
        The newest decision of the conductor.
    frequency_hz : ndarray, shape (n_sites, n_ticks)
        Frequency measured at each site, NaN where missing. [Hz]
    limits : LimitTable
        Limits, enforced here again.
    state : GuardState
        Moved in place.
    start_ns : int
        Time of the first tick. [ns]
    silence_s : float
        Age of the decision at the first tick, by a clock that nobody sets. [s]
    tick_s : float
        Time between ticks. [s]
    stopped : ndarray of bool, shape (n_sites,)
        Sites that the fast lane stopped.

    Returns
    -------
    GuardBlock
        One setpoint per site and tick.
    """
    moving_hz = np.empty(frequency_hz.shape)
    mask_frozen(frequency_hz, state.law_rows[:, NOMINAL_HZ], tick_s, FROZEN_LIMIT_S, state.meter, moving_hz)
    response_pu = np.empty(frequency_hz.shape)
    respond(moving_hz, tick_s, state.law_rows, state.response, response_pu)
    counts = np.empty(frequency_hz.shape, dtype=np.int32)
    reason = np.empty(frequency_hz.shape[0], dtype=np.int64)
    guard_ticks(
        dispatch.base_kw,
        dispatch.bounds_kw,
        response_pu,
        moving_hz,
        limits.rows,
        limits.safe_power_kw[Loss.LINK],
        stopped,
        silence_s,
        SILENCE_LIMIT_S,
        tick_s,
        SETPOINT_STEP_KW,
        state.setpoint_kw,
        state.returning,
        counts,
        reason,
    )
    return GuardBlock(start_ns=start_ns, tick_s=tick_s, counts=counts, reason=reason)
