"""BLAST-Lite's walk through a profile, its quirks included: segments, Euler steps, and the interval lost at each cut.

A segment's stress is one row: days, swing (equivalent cycles of its soc), depth, mean C-rate, then what its model needs
of temperature and state of charge. The walk is the same for both models.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from battuta._jit import jit, jit_in_place
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.physics.ageing import prismatic_kernels as prismatic
from battuta.physics.ageing import sony_kernels as sony
from battuta.physics.ageing.graphite_kernels import anode_potential_v

PRISMATIC: Final = 0
SONY: Final = 1
DAYS: Final = 0
SWING: Final = 1
DEPTH: Final = 2
C_RATE: Final = 3
FIRST_OWN: Final = 4
N_STRESS: Final = 9
N_STATE: Final = 5
CALENDAR: Final = 0
CYCLE: Final = 1
BREAK_IN: Final = 2
RESISTANCE: Final = 3
N_RECORD: Final = 4
RESTING_C_RATE: Final = 1e-2
BROKEN_IN: Final = 1e-10
DAY_S: Final = 86_400.0
YEAR_DAYS: Final = 365.0


@jit
def breakpoints(
    time_s: FloatArray, full_cycles: FloatArray, turns: IntArray, time_s_max: float, full_cycles_max: float
) -> IntArray:
    """Cut a profile as BLAST-Lite does: at a turn once enough cycles went by, else each day that is over.

    Parameters
    ----------
    time_s, full_cycles : ndarray, shape (n_times,)
        Time, and equivalent cycles since the start. [s], [-]
    turns : ndarray, shape (n_turns,)
        Samples at which a rainflow cycle turns, sorted.
    time_s_max, full_cycles_max : float
        Length of a segment. [s], [-]

    Returns
    -------
    ndarray, shape (n_segments,)
        Last sample of each segment; the last one is the last of the profile.
    """
    n_times = time_s.shape[0]
    found = np.empty(n_times + 1, dtype=np.int64)
    m = 0
    last = 0
    for i in turns:
        if time_s[i] - time_s[last] > time_s_max:
            for j in range(last, i):
                if time_s[j] - time_s[last] > time_s_max:
                    found[m] = j
                    m += 1
                    last = j
        elif full_cycles[i] - full_cycles[last] > full_cycles_max:
            found[m] = i
            m += 1
            last = i
    if m == 0 or found[m - 1] != n_times - 1:
        found[m] = n_times - 1
        m += 1
    return found[:m].copy()


@jit
def own_rates(model: int, soc: float, temperature_c: float, row: FloatArray, own: FloatArray) -> None:
    """Rates at one sample that a segment averages, into `own`, shape (5,)."""
    if model == PRISMATIC:
        own[0] = prismatic.prismatic_calendar(soc, temperature_c, row)
        own[1] = prismatic.prismatic_warmth(temperature_c, row)
        return
    own[0], own[1] = sony.sony_calendar(anode_potential_v(soc), temperature_c, row)
    own[2] = sony.skewed_bell(soc, row[sony.BREAK_SOC_SKEW], row[sony.BREAK_SOC_WIDTH])
    own[3] = sony.sony_warmth(temperature_c, row)
    own[4] = sony.sony_resting(soc, row, 3)


@jit
def segment_stress(
    model: int,
    time_s: FloatArray,
    soc: FloatArray,
    temperature_c: FloatArray,
    scale: float,
    row: FloatArray,
    stress: FloatArray,
) -> None:
    """Stress of one segment, whose swings are scaled from its first sample on and cut off at empty and full.

    Parameters
    ----------
    model : int
        ``PRISMATIC`` or ``SONY``.
    time_s, soc, temperature_c : ndarray, shape (n_times,)
        The segment. [s], [-], [degC]
    scale : float
        Factor of the swings. [-]
    row : ndarray, shape (n_parameters,)
        Parameters of the model.
    stress : ndarray, shape (9,)
        Filled with the stress.
    """
    n = time_s.shape[0]
    own, before = np.zeros(N_STRESS - FIRST_OWN), np.zeros(N_STRESS - FIRST_OWN)
    stress[:] = 0.0
    unbound = level = low = high = soc[0]
    own_rates(model, level, temperature_c[0], row, before)
    rate_before = 0.0
    for i in range(1, n):
        unbound += (soc[i] - soc[i - 1]) * scale
        here = min(max(unbound, 0.0), 1.0) if scale != 1.0 else soc[i]
        moved = abs(here - level)
        step_s = time_s[i] - time_s[i - 1]
        rate = moved / (step_s / 3600.0)
        rate = 0.0 if rate < RESTING_C_RATE else rate
        stress[SWING] += moved
        if i > 1:
            stress[C_RATE] += 0.5 * (rate + rate_before) * (step_s / DAY_S)
        own_rates(model, here, temperature_c[i], row, own)
        for k in range(own.shape[0]):
            stress[FIRST_OWN + k] += 0.5 * (own[k] + before[k]) * step_s
            before[k] = own[k]
        low, high, level, rate_before = min(low, here), max(high, here), here, rate
    span_s = time_s[n - 1] - time_s[0]
    stress[DAYS] = span_s / DAY_S
    stress[SWING] *= 0.5
    stress[DEPTH] = high - low
    if span_s > 0.0:
        stress[C_RATE] /= stress[DAYS]
        stress[FIRST_OWN:] /= span_s


@jit_in_place
def euler_outside(loss: float, moved: float, rate: float, exponent: float) -> float:
    """Euler step of ``y = k x**p``; the first one is exact. [-]"""
    if moved == 0.0:
        return 0.0
    if loss == 0.0:
        return rate * moved**exponent
    return rate * exponent * (loss / rate) ** ((exponent - 1.0) / exponent) * moved


@jit_in_place
def euler_inside(loss: float, moved: float, rate: float, exponent: float) -> float:
    """Euler step of ``y = (k x)**p``; the first one is exact. [-]"""
    if moved == 0.0:
        return 0.0
    if loss == 0.0:
        return (rate * moved) ** exponent
    return exponent * loss * rate / loss ** (1.0 / exponent) * moved


@jit_in_place
def euler_sigmoid(loss: float, moved: float, end: float, per_moved: float, exponent: float) -> float:
    """Euler step of ``y = 2 e (1/2 - 1/(1 + exp((k x)**p)))``; the first one is exact. [-]"""
    if moved == 0.0:
        return 0.0
    if loss == 0.0:
        return 2.0 * end * (0.5 - 1.0 / (1.0 + math.exp((per_moved * moved) ** exponent)))
    z = math.log(-(2.0 * end / (loss - end)) - 1.0)
    bend = (end + loss) * (end - loss) / (4.0 * end * end)
    return 2.0 * end * exponent * bend * math.exp((1.0 - 1.0 / exponent) * math.log(z)) * per_moved * moved


@jit
def segment_step(model: int, stress: FloatArray, soh: float, scalar: float, row: FloatArray, state: FloatArray) -> None:
    """Age by one segment.

    Parameters
    ----------
    model : int
        ``PRISMATIC`` or ``SONY``.
    stress : ndarray, shape (9,)
        Stress of the segment.
    soh : float
        Capacity left before it. [-]
    scalar : float
        Factor on all that changes. [-]
    row : ndarray, shape (n_parameters,)
        Parameters of the model.
    state : ndarray, shape (5,)
        Losses by time, cycles and break-in, and the resistance gained; changed in place.
    """
    days, cycles, c_rate = stress[DAYS], stress[SWING] * soh, stress[C_RATE] * soh
    if days == 0.0:
        return
    if model == PRISMATIC:
        rate = prismatic.prismatic_cycle(stress[DEPTH], c_rate, stress[FIRST_OWN + 1], row)
        by_time = euler_outside(state[CALENDAR], days, stress[FIRST_OWN], row[prismatic.CALENDAR_EXPONENT])
        state[CALENDAR] += scalar * by_time
        state[CYCLE] += scalar * euler_outside(state[CYCLE], cycles, rate, row[prismatic.CYCLE_EXPONENT])
        return
    end, curve = stress[FIRST_OWN], stress[FIRST_OWN + 1]
    rate = sony.sony_cycle(stress[DEPTH], c_rate, row)
    state[CALENDAR] += scalar * euler_sigmoid(state[CALENDAR], days, end, row[sony.PER_DAY], curve)
    state[CYCLE] += scalar * euler_inside(state[CYCLE], cycles, rate, row[sony.CYCLE_EXPONENT])
    if cycles / days > sony.BREAK_IN_CYCLES_PER_DAY:
        end = sony.sony_break_in(stress[DEPTH], row) * stress[FIRST_OWN + 2]
        per_cycle, exponent = row[sony.BREAK_PER_CYCLE], row[sony.BREAK_EXPONENT]
        state[BREAK_IN] += scalar * euler_sigmoid(state[BREAK_IN], cycles, end, per_cycle, exponent)
    state[RESISTANCE] += scalar * stress[FIRST_OWN + 3] * stress[FIRST_OWN + 4] * days * DAY_S
    state[RESISTANCE] += scalar * sony.sony_cycle_growth(stress[DEPTH], c_rate, row) * cycles
