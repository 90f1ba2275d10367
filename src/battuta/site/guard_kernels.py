"""The last decision before a device: base plus response, held inside every limit, tick by tick."""

from __future__ import annotations

import math

from battuta._jit import jit
from battuta.numerics.arrays import BoolArray, CountArray, FloatArray, IntArray

GUARD_LOW, GUARD_HIGH, ARMED_UP, ARMED_DOWN = 0, 1, 2, 3
POWER, MODE_RAMP, SAFE_RAMP, MANDATE_CHARGE, MANDATE_DISCHARGE = 0, 9, 10, 11, 12
STALE_DISPATCH, FAST_LANE, BATTERY_LIMIT, FREQUENCY_LOST, RAMP = 262144, 2097152, 4, 524288, 32768


@jit
def guard_ticks(
    base_kw: FloatArray,
    bounds_kw: FloatArray,
    response_pu: FloatArray,
    frequency_hz: FloatArray,
    limits: FloatArray,
    safe_kw: FloatArray,
    stopped: BoolArray,
    silence_s: float,
    silence_limit_s: float,
    tick_s: float,
    step_kw: float,
    setpoint_kw: FloatArray,
    returning: BoolArray,
    counts: CountArray,
    reason: IntArray,
) -> None:
    """Write the setpoint of every site and tick.

    `setpoint_kw`, shape (n_sites,), holds the setpoint before the first tick and is moved to that after the last;
    `returning` is set where a stop or a silence took a site away from its decision: it comes back by the ramp of its
    mode. `counts`, shape (n_sites, n_ticks), is written in whole numbers of `step_kw`, to the nearest. The bounds of a
    dispatch that is too old say nothing any more: its ramp to the safe power is held inside rating and mandate only. A
    dispatch that is no number is none, and one from a future as far away was decided by a clock that stepped.
    """
    for i in range(base_kw.shape[0]):
        low_allowed = max(-limits[POWER, i], -limits[MANDATE_CHARGE, i])
        high_allowed = min(limits[POWER, i], limits[MANDATE_DISCHARGE, i])
        low = min(max(bounds_kw[GUARD_LOW, i], low_allowed), high_allowed)
        high = max(min(bounds_kw[GUARD_HIGH, i], high_allowed), low_allowed)
        before_kw, why = setpoint_kw[i], 0
        for t in range(response_pu.shape[1]):
            if math.isnan(frequency_hz[i, t]):
                why |= FREQUENCY_LOST
            share = response_pu[i, t]
            wish = base_kw[i] + share * (bounds_kw[ARMED_UP, i] if share > 0.0 else bounds_kw[ARMED_DOWN, i])
            is_silent = abs(silence_s + t * tick_s) > silence_limit_s or math.isnan(wish + low + high)
            if stopped[i]:
                kw = 0.0
                why |= FAST_LANE
                returning[i] = True
            elif is_silent:
                largest_kw = limits[SAFE_RAMP, i] * tick_s
                kw = before_kw + min(max(safe_kw[i] - before_kw, -largest_kw), largest_kw)
                kw = max(low_allowed, min(high_allowed, kw))
                why |= STALE_DISPATCH
                returning[i] = True
            else:
                kw = max(low, min(high, wish))
                why |= BATTERY_LIMIT if kw != wish else 0
                if returning[i]:
                    largest_kw = limits[MODE_RAMP, i] * tick_s
                    there_kw = kw
                    kw = max(low, min(high, before_kw + min(max(there_kw - before_kw, -largest_kw), largest_kw)))
                    returning[i] = kw != there_kw
                    why |= RAMP if returning[i] else 0
            counts[i, t] = round(kw / step_kw)
            before_kw = kw
        setpoint_kw[i] = before_kw
        reason[i] = why
