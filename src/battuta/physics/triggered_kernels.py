"""Loops of frequency response as a state machine: one call runs the armed law of each site over its ticks.

A droop answers the mean of the newest frequencies, see `frequency_filter_kernels`; a triggered step the newest alone.
State of a site, one row of `N_STATE` numbers that survives between calls (all zero is: armed, at rest):

====================== ==========================================================================
0 ``OUTPUT_PU``         last response
1 ``PHASE``             of a triggered step: 0 armed, 1 ramp, 2 hold, 3 release, 4 spent
2 ``PHASE_S``           time in the phase; in the hold, time since the response itself is full
3 ``SINCE_TRIGGER_S``   time since the trigger
4 ``RECOVERED``         1 once frequency was seen on the safe side of the threshold again
5 ``MISSING_S``         how long frequency has been missing
6 ``LAW_KIND``          law that ran last; another one starts armed, from the present response
7 to 9 + ring           newest frequencies of a droop, see `frequency_filter_kernels`
====================== ==========================================================================
"""

from __future__ import annotations

from typing import Final

import numpy as np

from battuta._jit import jit
from battuta.domain.response_law import (
    DEADBAND_HZ,
    DIRECTION,
    DROOP,
    FULL_TIME_S,
    HOLD_MISSING_S,
    HOLD_S,
    INITIATION_S,
    KIND,
    MISSING_RAMP_PU_PER_S,
    N_POINTS,
    NOMINAL_HZ,
    POINTS_HZ,
    POINTS_PU,
    RAMP_PU_PER_S,
    REARM_S,
    RELEASE_PU_PER_S,
    STEP_RAMP_S,
    TRIGGER_HZ,
    TRIGGERED_STEP,
)
from battuta.numerics.arrays import FloatArray
from battuta.physics.droop_kernels import droop_point_pu
from battuta.physics.frequency_filter_kernels import N_MEMORY, N_REMEMBERED, mean_deviation_hz, window_ticks

OUTPUT_PU: Final = 0
PHASE: Final = 1
PHASE_S: Final = 2
SINCE_TRIGGER_S: Final = 3
RECOVERED: Final = 4
MISSING_S: Final = 5
LAW_KIND: Final = 6
MEMORY: Final = 7
N_STATE: Final = MEMORY + N_MEMORY

ARMED: Final = 0.0
RAMP: Final = 1.0
HOLD: Final = 2.0
RELEASE: Final = 3.0
SPENT: Final = 4.0

PLAUSIBLE_SHARE: Final = 0.1
"""A frequency further than this from nominal is no frequency: a dead line reads 0 Hz. [-]"""

_SLACK_S: Final = 1e-6

_REST_PU: Final = 1e-9
"""A response of no more is over: so much rounding leaves, and no release limit notices it. [-]"""


@jit
def triggered_step(frequency_hz: float, known: bool, dt_s: float, law: FloatArray, state: FloatArray) -> float:
    """Response of a triggered step at one tick.

    Support counts at the meter, and only when it is full there. The product gives a site `FULL_TIME_S` for that, of
    which the response's own ramp takes `STEP_RAMP_S`; transport and converter take some of the rest. So the full
    response stands for the whole rest and then for `HOLD_S`: whatever a converter that is full in time needs, the
    support lasts. A response that a ramp limit makes late counts from when it is full itself.

    Parameters
    ----------
    frequency_hz : float
        Measured frequency at the tick. [Hz]
    known : bool
        Whether it can be trusted; an unknown one neither triggers nor re-arms.
    dt_s : float
        Time since the tick before. [s]
    law : ndarray, shape (26,)
        Parameter row.
    state : ndarray, shape (41,)
        State of the site; changed in place.

    Returns
    -------
    float
        Power per unit, discharge positive. [-]
    """
    direction = law[DIRECTION]
    beyond = known and (law[TRIGGER_HZ] - frequency_hz) * direction >= 0.0
    state[PHASE_S] += dt_s
    state[SINCE_TRIGGER_S] += dt_s
    if known and not beyond:
        state[RECOVERED] = 1.0
    if state[PHASE] == SPENT and state[RECOVERED] == 1.0 and state[SINCE_TRIGGER_S] >= law[REARM_S] - _SLACK_S:
        state[PHASE] = ARMED
    if state[PHASE] == ARMED:
        if not beyond:
            return 0.0
        state[PHASE] = RAMP
        state[PHASE_S] = 0.0
        state[SINCE_TRIGGER_S] = 0.0
        state[RECOVERED] = 0.0
    if state[PHASE] == RAMP:
        if state[PHASE_S] < law[STEP_RAMP_S] - _SLACK_S:
            return direction * state[PHASE_S] / law[STEP_RAMP_S]
        state[PHASE] = HOLD
        state[PHASE_S] = 0.0
    elif state[PHASE] == HOLD and state[OUTPUT_PU] * direction < 1.0:
        state[PHASE_S] = 0.0
    if state[PHASE] == HOLD:
        full_s = max(law[FULL_TIME_S] - law[STEP_RAMP_S], 0.0) + law[HOLD_S]
        if state[PHASE_S] < full_s - _SLACK_S:
            return direction
        state[PHASE] = RELEASE
        state[PHASE_S] -= full_s
    if state[PHASE] == RELEASE:
        left = 1.0 - law[RELEASE_PU_PER_S] * max(state[PHASE_S], 0.0) if law[RELEASE_PU_PER_S] < np.inf else 0.0
        if left > _REST_PU:
            return direction * left
        state[PHASE] = SPENT
    return 0.0


@jit
def _toward(now_pu: float, target_pu: float, step_pu: float) -> float:
    """Move towards a target by at most one step."""
    if target_pu > now_pu + step_pu:
        return now_pu + step_pu
    if target_pu < now_pu - step_pu:
        return now_pu - step_pu
    return target_pu


@jit
def _without_frequency(dt_s: float, law: FloatArray, state: FloatArray) -> float:
    """Droop without frequency: the last response is held, then led to 0."""
    if state[MISSING_S] <= law[HOLD_MISSING_S] + _SLACK_S:
        return state[OUTPUT_PU]
    return _toward(state[OUTPUT_PU], 0.0, law[MISSING_RAMP_PU_PER_S] * dt_s)


@jit
def respond(frequency_hz: FloatArray, dt_s: float, law_rows: FloatArray, state: FloatArray, out_pu: FloatArray) -> None:
    """Response of each site at each tick.

    Parameters
    ----------
    frequency_hz : ndarray, shape (n_sites, n_ticks)
        Each site's own measurement; NaN, or further than 10 % from nominal, is missing. [Hz]
    dt_s : float
        Time between ticks. [s]
    law_rows : ndarray, shape (n_sites, 26)
        Armed law of each site, see `battuta.domain.response_law`. Without one the response is 0 at once.
    state : ndarray, shape (n_sites, 41)
        State of each site; changed in place. Ticks are taken one after the other, so that one call of 20 ticks and
        20 calls of one tick give the same bytes.
    out_pu : ndarray, shape (n_sites, n_ticks)
        Written: power per unit of the award, discharge positive. [-]
    """
    for site in range(frequency_hz.shape[0]):
        law = law_rows[site]
        own = state[site]
        kind = int(law[KIND])
        nominal_hz = law[NOMINAL_HZ]
        deadband_hz = law[DEADBAND_HZ]
        points_hz = law[POINTS_HZ:POINTS_PU]
        points_pu = law[POINTS_PU:]
        n_points = int(law[N_POINTS])
        memory = own[MEMORY:]
        n_mean = window_ticks(law[INITIATION_S], dt_s)
        if own[LAW_KIND] != law[KIND]:
            own[LAW_KIND] = law[KIND]
            own[PHASE] = ARMED
            own[MISSING_S] = 0.0
            memory[N_REMEMBERED] = 0.0
        for tick in range(frequency_hz.shape[1]):
            measured_hz = frequency_hz[site, tick]
            known = abs(measured_hz - nominal_hz) <= PLAUSIBLE_SHARE * nominal_hz
            own[MISSING_S] = 0.0 if known else own[MISSING_S] + dt_s
            asked_pu = 0.0
            if kind == DROOP and known:
                deviation_hz = mean_deviation_hz(measured_hz - nominal_hz, n_mean, memory)
                asked_pu = droop_point_pu(deviation_hz, deadband_hz, points_hz, points_pu, n_points)
            elif kind == DROOP:
                memory[N_REMEMBERED] = 0.0
                asked_pu = _without_frequency(dt_s, law, own)
            elif kind == TRIGGERED_STEP:
                asked_pu = triggered_step(measured_hz, known, dt_s, law, own)
            if kind != 0:
                asked_pu = _toward(own[OUTPUT_PU], asked_pu, law[RAMP_PU_PER_S] * dt_s)
            own[OUTPUT_PU] = asked_pu
            out_pu[site, tick] = asked_pu
