"""Records of a battery, one by one, against limits of use: sums by day and year, rolling means, silences.

A record tells of the time since the record before it. Times are nanoseconds, half-open to the left: ``(before,
record]``. What spans midnight is split there, so that a day, a year or a leap year holds exactly its own part.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from battuta._jit import jit_in_place, jit_inlined
from battuta.numerics.arrays import FloatArray, IntArray

HOUR_NS = 3_600_000_000_000
DAY_NS = 24 * HOUR_NS
NEVER_NS = -(2**63)
"""First breach of a limit that holds."""
EXACT = 1e-9
"""Share of a limit that counts as exactly at it."""

CYCLES_DAY, CYCLES_YEAR, CYCLES_ALL, DISCHARGED_ALL, MISSING_YEAR, OUTSIDE_YEAR = 0, 1, 2, 3, 4, 5
"""Sums; from `OUTSIDE_YEAR` on one a window, the share of a year outside of it."""
LAST_NS, DAY, YEAR, SEEN, REPEATED, CONFLICTING, LATE, BEFORE, AFTER = 0, 1, 2, 3, 4, 5, 6, 7, 8
"""Places of `LogState.clock`; from `SEEN` on they count records."""
N_CLOCK = 9
SOC, RESTING_SOC, TEMPERATURE, CHARGING_TEMPERATURE, CHARGE_RATE, DISCHARGE_RATE = 0, 1, 2, 3, 4, 5


class LogTerms(NamedTuple):
    """Limits, as arrays.

    Attributes
    ----------
    year_edge_ns : ndarray, shape (n_years + 1,)
        Begin of each year and the end of the term; all but the first at midnight. [ns]
    year_hours : ndarray, shape (n_years,)
        Hours of which a share outside a window is a share. [h]
    limit : ndarray, shape (OUTSIDE_YEAR + n_windows,)
        Most of each sum. [unit of the sum]
    gap_ns : int
        Longest time between two records that is no silence. [ns]
    rest_c_rate_max : float
        Rate up to which the battery rests. [1/h]
    quantity : ndarray, shape (n_windows,)
        What each window limits, `SOC` to `DISCHARGE_RATE`.
    low, high : ndarray, shape (n_windows,)
        Bounds. [unit of the quantity]
    average_ns : ndarray, shape (n_windows,)
        Length of the rolling mean, 0 for none. [ns]
    """

    year_edge_ns: IntArray
    year_hours: FloatArray
    limit: FloatArray
    gap_ns: int
    rest_c_rate_max: float
    quantity: IntArray
    low: FloatArray
    high: FloatArray
    average_ns: IntArray


class LogState(NamedTuple):
    """What a log remembers: plain arrays, changed in place.

    Attributes
    ----------
    clock : ndarray, shape (N_CLOCK,)
        Time of the last record, day and year of the sums, counts of records.
    last : ndarray, shape (3,)
        State of charge, temperature, rate of the last record.
    total, worst : ndarray, shape (n_sums,)
        Each sum in its present period, and its largest so far.
    first_breach_ns : ndarray, shape (n_sums,)
        Instant at which a sum first passed its limit. [ns]
    by_year : ndarray, shape (n_sums, n_years)
        Largest value of each sum in each year.
    nearest : ndarray, shape (n_windows,)
        Smallest distance to a bound, negative outside. [unit of the quantity]
    per_hour : ndarray, shape (n_sums,)
        What the present record adds to each sum in an hour; of a window 1 outside of it.
    ring_span_ns : ndarray, shape (n_windows, n_ring)
        Time of each record that a rolling mean holds. [ns]
    ring_value : ndarray, shape (n_windows, n_ring)
        Their values.
    ring_place : ndarray, shape (n_windows, 3)
        Oldest record, number of records, and the time they cover. [-, -, ns]
    ring_sum : ndarray, shape (n_windows,)
        Sum of values times hours.
    """

    clock: IntArray
    last: FloatArray
    total: FloatArray
    worst: FloatArray
    first_breach_ns: IntArray
    by_year: FloatArray
    nearest: FloatArray
    per_hour: FloatArray
    ring_span_ns: IntArray
    ring_value: FloatArray
    ring_place: IntArray
    ring_sum: FloatArray


@jit_in_place
def feed_records(
    state: LogState, terms: LogTerms, time_ns: IntArray, soc: FloatArray, temperature_c: FloatArray, c_rate: FloatArray
) -> int:
    """Take records in, in place; NaN is a value that is missing.

    Parameters
    ----------
    state, terms : LogState, LogTerms
        What is remembered, and the limits.
    time_ns : ndarray, shape (n_times,)
        End of what each record tells of. [ns]
    soc, temperature_c, c_rate : ndarray, shape (n_times,)
        State of charge, cell temperature, rate, discharge positive. [-, degC, 1/h]

    Returns
    -------
    int
        Number of records taken in; fewer than given when a ring is full and has to grow first.
    """
    clock = state.clock
    n_ring = state.ring_span_ns.shape[1]
    term_end = terms.year_edge_ns[-1]
    for i in range(time_ns.size):
        for w in range(terms.low.size):
            if state.ring_place[w, 1] >= n_ring:
                return i
        t = time_ns[i]
        before = clock[LAST_NS]
        if t < before:
            clock[LATE if clock[SEEN] > 0 else BEFORE] += 1
            continue
        if t == before and clock[SEEN] > 0:
            same = _same(state.last[0], soc[i]) and _same(state.last[1], temperature_c[i])
            clock[REPEATED if same and _same(state.last[2], c_rate[i]) else CONFLICTING] += 1
            continue
        if t > term_end:
            clock[AFTER] += 1
        end = min(t, term_end)
        if t - before > terms.gap_ns:
            pass_silence(state, terms, end)
        elif end > before:
            _record(state, terms, end, soc[i], temperature_c[i], c_rate[i])
        clock[LAST_NS] = t
        clock[SEEN] += 1
        state.last[0], state.last[1], state.last[2] = soc[i], temperature_c[i], c_rate[i]
    return time_ns.size


@jit_in_place
def pass_silence(state: LogState, terms: LogTerms, end_ns: int) -> None:
    """Count the time since the last record as missing; rolling means begin anew."""
    for w in range(terms.low.size):
        _forget(state, w)
    for k in range(state.per_hour.size):
        state.per_hour[k] = 0.0
    state.per_hour[MISSING_YEAR] = 1.0
    _spread(state, terms, end_ns)


@jit_inlined
def _same(one: float, other: float) -> bool:
    return one == other or (np.isnan(one) and np.isnan(other))


@jit_inlined
def _record(state: LogState, terms: LogTerms, end_ns: int, soc: float, temperature_c: float, c_rate: float) -> None:
    span_ns = end_ns - state.clock[LAST_NS]
    for w in range(terms.low.size):
        value = _watched(terms.quantity[w], soc, temperature_c, c_rate, terms.rest_c_rate_max)
        state.per_hour[OUTSIDE_YEAR + w] = 0.0
        if np.isnan(value):
            _forget(state, w)
            continue
        if terms.average_ns[w] > 0:
            value = _mean(state, w, span_ns, value, terms.average_ns[w])
            if np.isnan(value):
                continue
        below, above = value - terms.low[w], terms.high[w] - value
        distance = min(below, above)
        bound = terms.low[w] if below < above else terms.high[w]
        if abs(distance) <= EXACT * max(abs(bound), 1.0):
            distance = 0.0
        state.nearest[w] = min(state.nearest[w], distance)
        state.per_hour[OUTSIDE_YEAR + w] = 1.0 if distance < 0.0 else 0.0
    moved = 0.0 if np.isnan(c_rate) else c_rate
    for k in range(CYCLES_DAY, CYCLES_ALL + 1):
        state.per_hour[k] = 0.5 * abs(moved)
    state.per_hour[DISCHARGED_ALL] = max(moved, 0.0)
    state.per_hour[MISSING_YEAR] = 1.0 if np.isnan(soc) or np.isnan(temperature_c) or np.isnan(c_rate) else 0.0
    _spread(state, terms, end_ns)


@jit_inlined
def _watched(quantity: int, soc: float, temperature_c: float, c_rate: float, rest_c_rate_max: float) -> float:
    if quantity == SOC:
        return soc
    if quantity == TEMPERATURE:
        return temperature_c
    if quantity == RESTING_SOC:
        return soc if abs(c_rate) <= rest_c_rate_max else np.nan
    if quantity == CHARGING_TEMPERATURE:
        return temperature_c if c_rate < -rest_c_rate_max else np.nan
    if np.isnan(c_rate):
        return np.nan
    return max(-c_rate, 0.0) if quantity == CHARGE_RATE else max(c_rate, 0.0)


@jit_inlined
def _forget(state: LogState, w: int) -> None:
    state.ring_place[w, 0] = 0
    state.ring_place[w, 1] = 0
    state.ring_place[w, 2] = 0
    state.ring_sum[w] = 0.0


@jit_inlined
def _mean(state: LogState, w: int, span_ns: int, value: float, average_ns: int) -> float:
    """Mean over the last `average_ns`, NaN while fewer are on record; the sum is made anew once a round."""
    n_ring = state.ring_span_ns.shape[1]
    place, spans, values = state.ring_place[w], state.ring_span_ns[w], state.ring_value[w]
    at = place[0] + place[1]
    at = at - n_ring if at >= n_ring else at
    spans[at], values[at] = span_ns, value
    place[1] += 1
    place[2] += span_ns
    state.ring_sum[w] += value * span_ns / HOUR_NS
    while place[2] - spans[place[0]] >= average_ns:
        oldest = place[0]
        place[2] -= spans[oldest]
        state.ring_sum[w] -= values[oldest] * spans[oldest] / HOUR_NS
        place[0] = oldest + 1 if oldest + 1 < n_ring else 0
        place[1] -= 1
        if place[0] == 0:
            anew = 0.0
            for k in range(place[1]):
                anew += values[k] * spans[k] / HOUR_NS
            state.ring_sum[w] = anew
    if place[2] < average_ns:
        return np.nan
    excess = values[place[0]] * (place[2] - average_ns) / HOUR_NS
    return (state.ring_sum[w] - excess) * HOUR_NS / average_ns


@jit_in_place
def _spread(state: LogState, terms: LogTerms, end_ns: int) -> None:
    """Add what lies between the last record and `end_ns` to its days and years."""
    begin = state.clock[LAST_NS]
    while begin < end_ns:
        _turn(state, terms, begin)
        end = min(end_ns, (begin // DAY_NS + 1) * DAY_NS)
        hours = (end - begin) / HOUR_NS
        for k in range(state.per_hour.size):
            if state.per_hour[k] != 0.0:
                share = hours / terms.year_hours[state.clock[YEAR]] if k >= OUTSIDE_YEAR else hours
                _add(state, terms, k, state.per_hour[k] * share, begin, end)
        begin = end


@jit_inlined
def _turn(state: LogState, terms: LogTerms, begin_ns: int) -> None:
    if begin_ns // DAY_NS != state.clock[DAY]:
        state.clock[DAY] = begin_ns // DAY_NS
        state.total[CYCLES_DAY] = 0.0
    while begin_ns >= terms.year_edge_ns[state.clock[YEAR] + 1]:
        state.clock[YEAR] += 1
        state.total[CYCLES_YEAR] = 0.0
        for k in range(MISSING_YEAR, state.total.size):
            state.total[k] = 0.0


@jit_inlined
def _add(state: LogState, terms: LogTerms, k: int, amount: float, begin_ns: int, end_ns: int) -> None:
    state.total[k] += amount
    total, limit, year = state.total[k], terms.limit[k], state.clock[YEAR]
    state.worst[k] = max(state.worst[k], total)
    state.by_year[k, year] = max(state.by_year[k, year], total)
    over = total - limit
    if state.first_breach_ns[k] == NEVER_NS and over > EXACT * max(limit, 1.0):
        back = min(over / amount, 1.0) * (end_ns - begin_ns)
        state.first_breach_ns[k] = end_ns - int(back)
