"""What peak shaving holds in the billed interval that begins, from nothing but what the site's own meter said."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from battuta.numerics.arrays import FloatArray, IntArray
from battuta.site.demand_history import DemandHistory, forecast_demand, past_workdays
from battuta.site.peak_shaving import DemandState, ShavingSites, learned_margin, plan_floor


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IntervalPlan:
    """A plan of all sites; where there is no limit, or nothing was measured yet, it has no opinion.

    Attributes
    ----------
    demand : DemandState
        Limits, raised where they could not be held.
    floor_soc : ndarray, shape (n_times + 1, n_sites)
        State of charge to be kept at the start of each interval ahead, 0 for no opinion. [-]
    median_kw : ndarray, shape (n_times, n_sites)
        Net load expected, NaN for no opinion. [kW]
    peak_kw : ndarray, shape (n_sites,)
        Net load that a peak may reach for minutes in the interval that begins, NaN for no opinion. [kW]
    """

    demand: DemandState
    floor_soc: FloatArray
    median_kw: FloatArray
    peak_kw: FloatArray


def plan_interval(
    sites: ShavingSites, demand: DemandState, history: DemandHistory, margin: FloatArray, soc: FloatArray,
    measured_kw: FloatArray, start_s: int, zone_offset_s: IntArray,
) -> IntervalPlan:  # fmt: skip
    """Plan the interval that begins and what must be kept for those after it.

    Parameters
    ----------
    sites : ShavingSites
        The batteries.
    demand : DemandState
        Limits and what was billed.
    history : DemandHistory
        What the meters said on past days.
    margin : ndarray, shape (n_sites,)
        Factor on the energy that past errors ask for. [-]
    soc : ndarray, shape (n_sites,)
        State of charge, NaN where unknown. [-]
    measured_kw : ndarray, shape (n_sites,)
        Mean net load of the interval before, NaN where unknown. [kW]
    start_s : int
        Start of the interval, UTC since 1970. [s]
    zone_offset_s : ndarray of int64, shape (n_sites,)
        Local time less UTC. [s]

    Returns
    -------
    IntervalPlan
        Plan of all sites.

    Notes
    -----
    A limit is not raised on a guess: while some interval ahead was never seen at that time of day, it stays.
    """
    limited = np.flatnonzero(np.isfinite(demand.limit_kw))
    forecast = forecast_demand(history, start_s, zone_offset_s, limited)
    n_times, n_sites = len(forecast.median_kw), len(soc)
    floor_soc, median_kw = np.zeros((n_times + 1, n_sites)), np.full((n_times, n_sites), np.nan)
    peak_kw, limit_kw = np.full(n_sites, np.nan), np.maximum(demand.limit_kw, demand.billed_kw)
    is_raised = demand.is_raised.copy()
    seen = np.flatnonzero(np.isfinite(forecast.median_kw[0]))
    if seen.size:
        chosen, is_known = limited[seen], forecast.is_known[seen]
        mine = demand.of(chosen)
        plan = plan_floor(
            sites.of(chosen), replace(mine, is_raised=mine.is_raised | ~is_known), forecast.median_kw[:, seen],
            np.ascontiguousarray(forecast.error_kw[:, :, seen]), margin[chosen], soc[chosen],
            history.interval_s / 3600.0, measured_kw[chosen],
        )  # fmt: skip
        floor_soc[:, chosen], median_kw[:, chosen] = plan.floor_soc, forecast.median_kw[:, seen]
        peak_kw[chosen], limit_kw[chosen] = forecast.peak_kw[seen], plan.demand.limit_kw
        is_raised[chosen] = np.where(is_known, plan.demand.is_raised, mine.is_raised)
    raised = DemandState(limit_kw=limit_kw, is_raised=is_raised, billed_kw=demand.billed_kw)
    return IntervalPlan(demand=raised, floor_soc=floor_soc, median_kw=median_kw, peak_kw=peak_kw)


def learn_margins(
    sites: ShavingSites, limit_kw: FloatArray, history: DemandHistory, start_s: int, zone_offset_s: IntArray,
    chosen: IntArray,
) -> FloatArray:  # fmt: skip
    """Learn the margins of some sites from past workdays, each judged by the others.

    Parameters
    ----------
    sites : ShavingSites
        All batteries.
    limit_kw : ndarray, shape (n_sites,)
        Limits to be held. [kW]
    history : DemandHistory
        What the meters said on past days.
    start_s : int
        Now, UTC since 1970. [s]
    zone_offset_s : ndarray of int64, shape (n_sites,)
        Local time less UTC. [s]
    chosen : ndarray of int64, shape (n_chosen,)
        Sites that are asked for.

    Returns
    -------
    ndarray, shape (n_chosen,)
        Factors; the largest with fewer than three workdays. [-]
    """
    margin = np.empty(len(chosen))
    for row, site in enumerate(chosen):
        one = np.array([site], dtype=np.int64)
        median_kw, actual_kw = past_workdays(history, start_s, zone_offset_s, int(site))
        margin[row] = learned_margin(sites.of(one), limit_kw[one], median_kw, actual_kw, history.interval_s / 3600.0)[0]
    return margin
