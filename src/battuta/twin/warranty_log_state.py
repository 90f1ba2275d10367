"""Limits and memory of a log as arrays, and records taken in block by block."""

from __future__ import annotations

import numpy as np

from battuta.domain.warranty import Warranty
from battuta.domain.warranty_terms import WindowQuantity
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.twin import warranty_log_kernels as kernels
from battuta.twin.warranty_log_kernels import LogState, LogTerms, feed_records

NS_PER_MINUTE = 60_000_000_000
RING_FIRST = 64
"""Records that a rolling mean can hold at first; it grows as records come closer together."""
QUANTITY_CODES = {
    WindowQuantity.SOC: kernels.SOC,
    WindowQuantity.RESTING_SOC: kernels.RESTING_SOC,
    WindowQuantity.TEMPERATURE: kernels.TEMPERATURE,
    WindowQuantity.CHARGING_TEMPERATURE: kernels.CHARGING_TEMPERATURE,
    WindowQuantity.CHARGE_RATE: kernels.CHARGE_RATE,
    WindowQuantity.DISCHARGE_RATE: kernels.DISCHARGE_RATE,
}


def log_terms(warranty: Warranty, year_edge_ns: IntArray, year_hours: FloatArray) -> LogTerms:
    """Limits of a warranty as arrays.

    Parameters
    ----------
    warranty : Warranty
        The contract.
    year_edge_ns : ndarray, shape (n_years + 1,)
        Begin of each year and the end of the term. [ns]
    year_hours : ndarray, shape (n_years,)
        Hours of each whole year. [h]

    Returns
    -------
    LogTerms
        As the kernels take them.
    """
    use, windows = warranty.use, warranty.windows
    sums = [
        use.full_cycles_per_day_max,
        use.full_cycles_per_year_max,
        use.full_cycles_max,
        use.discharged_mwh_per_mwh_max,
        use.missing_hours_per_year_max,
    ]
    return LogTerms(
        year_edge_ns=year_edge_ns,
        year_hours=year_hours,
        limit=np.array(sums + [each.share_outside_max for each in windows], dtype=np.float64),
        gap_ns=round(warranty.gap_minutes * NS_PER_MINUTE),
        rest_c_rate_max=warranty.rest_c_rate_max,
        quantity=np.array([QUANTITY_CODES[each.quantity] for each in windows], dtype=np.int64),
        low=np.array([each.low for each in windows], dtype=np.float64),
        high=np.array([each.high for each in windows], dtype=np.float64),
        average_ns=np.array([round(each.average_minutes * NS_PER_MINUTE) for each in windows], dtype=np.int64),
    )


def new_state(terms: LogTerms, opened_ns: int) -> LogState:
    """Memory of a log that nothing has been fed into.

    Parameters
    ----------
    terms : LogTerms
        Limits.
    opened_ns : int
        Instant from which on records are expected. [ns]

    Returns
    -------
    LogState
        Empty sums.
    """
    n_windows, n_years = terms.low.size, terms.year_hours.size
    n_sums = kernels.OUTSIDE_YEAR + n_windows
    clock = np.zeros(kernels.N_CLOCK, dtype=np.int64)
    clock[kernels.LAST_NS] = opened_ns
    clock[kernels.DAY] = opened_ns // kernels.DAY_NS
    return LogState(
        clock=clock,
        last=np.full(3, np.nan),
        total=np.zeros(n_sums),
        worst=np.zeros(n_sums),
        first_breach_ns=np.full(n_sums, kernels.NEVER_NS, dtype=np.int64),
        by_year=np.zeros((n_sums, n_years)),
        nearest=np.full(n_windows, np.inf),
        per_hour=np.zeros(n_sums),
        ring_span_ns=np.zeros((n_windows, RING_FIRST), dtype=np.int64),
        ring_value=np.zeros((n_windows, RING_FIRST)),
        ring_place=np.zeros((n_windows, 3), dtype=np.int64),
        ring_sum=np.zeros(n_windows),
    )


def take_in(
    state: LogState, terms: LogTerms, time_ns: IntArray, soc: FloatArray, temperature_c: FloatArray, c_rate: FloatArray
) -> LogState:
    """Take a block in; the rings grow where records are denser than they were.

    Parameters
    ----------
    state, terms : LogState, LogTerms
        Memory, changed in place, and limits.
    time_ns : ndarray, shape (n_times,)
        End of what each record tells of. [ns]
    soc, temperature_c, c_rate : ndarray, shape (n_times,)
        State of charge, cell temperature, rate with discharge positive; NaN where missing. [-, degC, 1/h]

    Returns
    -------
    LogState
        The memory; use this one from now on.
    """
    done = 0
    while done < time_ns.size:
        done += feed_records(state, terms, time_ns[done:], soc[done:], temperature_c[done:], c_rate[done:])
        if done < time_ns.size:
            state = _grown(state)
    return state


def _grown(state: LogState) -> LogState:
    n_windows, n_ring = state.ring_span_ns.shape
    span_ns, value = np.zeros((n_windows, 2 * n_ring), dtype=np.int64), np.zeros((n_windows, 2 * n_ring))
    place = state.ring_place.copy()
    for w in range(n_windows):
        order = [(int(place[w, 0]) + k) % n_ring for k in range(n_ring)]
        span_ns[w, :n_ring], value[w, :n_ring] = state.ring_span_ns[w, order], state.ring_value[w, order]
    place[:, 0] = 0
    return state._replace(ring_span_ns=span_ns, ring_value=value, ring_place=place)
