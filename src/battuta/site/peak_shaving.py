"""Peak shaving: hold the billed demand of a site under its limit, and leave the rest of the battery to others.

Each second a kernel gives the interval of battery power that holds the limit. Every few minutes a plan says how much
energy must be kept for peaks that the forecast sees, with a margin that the forecast's own past errors ask for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import InvalidQuantityError
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.site.peak_shaving_kernels import (
    least_limit_kw,
    margin_needed,
    needed_energy_kwh,
    reserve_kwh,
    shave,
)

LANDING_S = 60.0
"""Time over which the distance to the floor is closed. [s]"""

MARGIN_MIN, MARGIN_MAX = 2.5, 4.0
"""Least and largest factor on the energy that past errors ask for. [-]"""

WINDOW_H = 1.5
"""Time by which a course of errors may come earlier or later than it did. [h]"""

PERSISTENCE_H = 0.75
"""Time over which a deviation of what is measured from what was forecast is taken to fade. [h]"""

HOLD_SHARE = 0.999
"""Share of the limit that is aimed at; the rest covers the second between measuring and acting. [-]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShavingSites:
    """Batteries behind demand limits.

    Attributes
    ----------
    energy_kwh : ndarray, shape (n_sites,)
        Energy stored between state of charge 0 and 1. [kWh]
    charge_kw_max, discharge_kw_max : ndarray, shape (n_sites,)
        Largest AC power each way, as magnitudes. [kW]
    efficiency_charge, efficiency_discharge : ndarray, shape (n_sites,)
        One-way efficiencies. [-]
    soc_min, soc_max : ndarray, shape (n_sites,)
        Window of the state of charge. [-]
    """

    energy_kwh: FloatArray
    charge_kw_max: FloatArray
    discharge_kw_max: FloatArray
    efficiency_charge: FloatArray
    efficiency_discharge: FloatArray
    soc_min: FloatArray
    soc_max: FloatArray

    def __post_init__(self) -> None:
        """Refuse efficiencies and energies that would divide by zero."""
        for name in ("energy_kwh", "efficiency_charge", "efficiency_discharge"):
            value = float(np.min(getattr(self, name)))
            if not value > 0.0:
                raise InvalidQuantityError(name, value, 0.0, math.inf, "kWh or -", where="peak shaving", above_low=True)

    @property
    def usable_kwh(self) -> FloatArray:
        """Energy within the window, shape (n_sites,). [kWh]"""
        return (self.soc_max - self.soc_min) * self.energy_kwh

    def of(self, sites: IntArray) -> ShavingSites:
        """Return some of the sites, by their numbers."""
        return ShavingSites(**{name: getattr(self, name)[sites] for name in self.__slots__})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DemandState:
    """What a billing period has settled so far.

    Attributes
    ----------
    limit_kw : ndarray, shape (n_sites,)
        Limit that is held; infinite where there is none. [kW]
    is_raised : ndarray of bool, shape (n_sites,)
        Whether it was raised in this billing period: once is all.
    billed_kw : ndarray, shape (n_sites,)
        Largest interval mean of the period: there is nothing to gain in holding less. [kW]
    """

    limit_kw: FloatArray
    is_raised: BoolArray
    billed_kw: FloatArray

    def of(self, sites: IntArray) -> DemandState:
        """Return some of the sites, by their numbers."""
        return DemandState(
            limit_kw=self.limit_kw[sites], is_raised=self.is_raised[sites], billed_kw=self.billed_kw[sites]
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FloorPlan:
    """Energy to be kept for peaks to come, as a state of charge.

    Attributes
    ----------
    floor_soc : ndarray, shape (n_times + 1, n_sites)
        State of charge to be kept at the start of each step and at the end. [-]
    demand : DemandState
        Limits it was made for, raised where they could not be held.
    """

    floor_soc: FloatArray
    demand: DemandState


def new_period(limit_kw: FloatArray) -> DemandState:
    """Begin a billing period with the owner's limits, shape (n_sites,). [kW]

    Examples
    --------
    >>> bool(new_period(np.array([500.0])).is_raised[0])
    False
    """
    n_sites = len(limit_kw)
    return DemandState(limit_kw=limit_kw.copy(), is_raised=np.zeros(n_sites, dtype=bool), billed_kw=np.zeros(n_sites))


def plan_floor(
    sites: ShavingSites, demand: DemandState, median_kw: FloatArray, error_kw: FloatArray, margin: FloatArray,
    soc: FloatArray, step_h: float = 0.25, measured_kw: FloatArray | None = None,
) -> FloorPlan:  # fmt: skip
    """Plan the energy to keep, and raise a limit once where the expected course would empty the battery.

    Parameters
    ----------
    sites : ShavingSites
        The batteries.
    demand : DemandState
        Limits and what was billed.
    median_kw : ndarray, shape (n_times, n_sites)
        Forecast net load (load and auxiliaries less PV). [kW]
    error_kw : ndarray, shape (n_paths, n_times, n_sites)
        Courses that may be added to it: past errors of the forecast at the same times of day on days of the same kind,
        or upper quantile less median while there are none. [kW]
    margin : ndarray, shape (n_sites,)
        Factor on the energy that these ask for (`learned_margin`). [-]
    soc : ndarray, shape (n_sites,)
        State of charge now. [-]
    step_h : float
        Length of a step, that of the billed interval. [h]
    measured_kw : ndarray, shape (n_sites,), optional
        Net load now, NaN where unknown: a peak that runs is taken to fade, not to stop. [kW]

    Returns
    -------
    FloorPlan
        Floors and limits for the second-by-second part.

    Notes
    -----
    A limit below what was billed already in the period follows it: there is nothing to gain in holding less.
    """
    n_times, n_sites = median_kw.shape
    floor_soc = np.empty((n_times + 1, n_sites))
    limit_kw, is_raised = np.maximum(demand.limit_kw, demand.billed_kw), demand.is_raised.copy()
    needed, kept, window = np.empty(n_times + 1), np.empty(n_times + 1), round(WINDOW_H / step_h)
    fading = np.maximum(1.0 - np.arange(len(median_kw)) * step_h / PERSISTENCE_H, 0.0)
    now_kw: FloatArray = median_kw[0] if measured_kw is None else measured_kw
    surprise: FloatArray = np.fmax(now_kw - median_kw[0], np.zeros(len(soc)))  # 0 where unknown
    for site in range(n_sites):
        battery = _battery(sites, site)
        median = np.ascontiguousarray(median_kw[:, site])
        expected = median + fading * surprise[site]
        errors = np.ascontiguousarray(error_kw[:, :, site])
        needed_energy_kwh(expected, step_h, float(limit_kw[site]), *battery, needed)
        stored = max(float(soc[site] - sites.soc_min[site]), 0.0) * float(sites.energy_kwh[site])
        if needed[0] > stored and not is_raised[site] and math.isfinite(limit_kw[site]):
            least = least_limit_kw(expected, step_h, stored, float(sites.usable_kwh[site]), *battery)
            limit_kw[site], is_raised[site] = max(limit_kw[site], least), True
            needed_energy_kwh(expected, step_h, float(limit_kw[site]), *battery, needed)
        reserve_kwh(median, errors, step_h, float(limit_kw[site]), *battery, window, kept)
        floor_soc[:, site] = sites.soc_min[site] + np.maximum(margin[site] * kept, needed) / sites.energy_kwh[site]
    raised = DemandState(limit_kw=limit_kw, is_raised=is_raised, billed_kw=demand.billed_kw)
    return FloorPlan(floor_soc=np.minimum(floor_soc, sites.soc_max), demand=raised)


def learned_margin(
    sites: ShavingSites, limit_kw: FloatArray, median_kw: FloatArray, actual_kw: FloatArray, step_h: float = 0.25
) -> FloatArray:
    """Learn the factor on the energy kept that would have covered each past day by the errors of the others.

    Parameters
    ----------
    sites : ShavingSites
        The batteries.
    limit_kw : ndarray, shape (n_sites,)
        Limits to be held. [kW]
    median_kw, actual_kw : ndarray, shape (n_days, n_times, n_sites)
        Net load of past days of one kind, as forecast and as it came. [kW]
    step_h : float
        Length of a step. [h]

    Returns
    -------
    ndarray, shape (n_sites,)
        Factor within `MARGIN_MIN` and `MARGIN_MAX`; the largest with fewer than three days. [-]

    References
    ----------
    .. [1] R. F. Barber, E. J. Candes, A. Ramdas, R. J. Tibshirani, "Predictive inference with the jackknife+",
       Annals of Statistics 49 (2021): each day is judged by a rule that has not seen it.
    """
    n_days, n_times, n_sites = median_kw.shape
    if n_days < 3:
        return np.full(len(limit_kw), MARGIN_MAX)
    margin, kept, window = np.empty(len(limit_kw)), np.empty(n_times + 1), round(WINDOW_H / step_h)
    for site in range(n_sites):
        battery = _battery(sites, site)
        error = np.ascontiguousarray(actual_kw[:, :, site] - median_kw[:, :, site])
        factors: list[float] = []
        for day in range(n_days):
            others = np.ascontiguousarray(error[np.arange(n_days) != day])
            median, actual = (
                np.ascontiguousarray(median_kw[day, :, site]),
                np.ascontiguousarray(actual_kw[day, :, site]),
            )
            reserve_kwh(median, others, step_h, float(limit_kw[site]), *battery, window, kept)
            factors.append(
                margin_needed(actual, kept, step_h, float(limit_kw[site]), *battery, float(sites.usable_kwh[site]))
            )
        margin[site] = min(max(*factors, MARGIN_MIN), MARGIN_MAX)
    return margin


def _battery(sites: ShavingSites, site: int) -> tuple[float, float, float, float]:
    """Powers each way [kW] and efficiencies of one site."""
    return (
        float(sites.charge_kw_max[site]), float(sites.discharge_kw_max[site]), float(sites.efficiency_charge[site]),
        float(sites.efficiency_discharge[site]),
    )  # fmt: skip


def shave_peaks(
    sites: ShavingSites, demand: DemandState, floor_soc_start: FloatArray, floor_soc_end: FloatArray,
    load_kw: FloatArray, pv_kw: FloatArray, auxiliary_kw: FloatArray, soc: FloatArray, elapsed_s: float,
    import_kwh: FloatArray, peak_kw: FloatArray, interval_s: float = 900.0,
) -> tuple[FloatArray, FloatArray, FloatArray]:  # fmt: skip
    """Return the interval and the wish of peak shaving for all sites, each second.

    Parameters
    ----------
    sites : ShavingSites
        The batteries.
    demand : DemandState
        Limits.
    floor_soc_start, floor_soc_end : ndarray, shape (n_sites,)
        Rows of `FloorPlan.floor_soc` at the start and the end of the billed interval that runs. [-]
    load_kw, pv_kw, auxiliary_kw : ndarray, shape (n_sites,)
        What was measured, as magnitudes; NaN is missing. [kW]
    soc : ndarray, shape (n_sites,)
        State of charge. [-]
    elapsed_s, interval_s : float
        Elapsed part and length of the billed interval. [s]
    import_kwh : ndarray, shape (n_sites,)
        Net import within the interval so far. [kWh]
    peak_kw : ndarray, shape (n_sites,)
        Net load that a peak may reach for minutes at this time of day, from past days. [kW]

    Returns
    -------
    low_kw, high_kw, preferred_kw : ndarray, shape (n_sites,)
        Battery power, discharge positive; infinite where peak shaving does not mind, NaN for no wish. [kW]

    Examples
    --------
    >>> one = np.ones(1)
    >>> site = ShavingSites(
    ...     energy_kwh=1000 * one,
    ...     charge_kw_max=500 * one,
    ...     discharge_kw_max=500 * one,
    ...     efficiency_charge=0.95 * one,
    ...     efficiency_discharge=0.95 * one,
    ...     soc_min=0.05 * one,
    ...     soc_max=0.95 * one,
    ... )
    >>> low_kw, high_kw, wish_kw = shave_peaks(
    ...     site,
    ...     new_period(400 * one),
    ...     0.3 * one,
    ...     0.3 * one,
    ...     520 * one,
    ...     20 * one,
    ...     0 * one,
    ...     0.6 * one,
    ...     0.0,
    ...     0 * one,
    ...     600 * one,
    ... )
    >>> round(float(low_kw[0]), 1), float(high_kw[0])
    (100.4, 500.0)
    """
    low_kw, high_kw, preferred_kw = np.empty_like(soc), np.empty_like(soc), np.empty_like(soc)
    shave(
        load_kw + auxiliary_kw - pv_kw, soc, elapsed_s, interval_s, import_kwh, demand.limit_kw * HOLD_SHARE,
        floor_soc_start, floor_soc_end, sites.energy_kwh, sites.charge_kw_max, sites.discharge_kw_max,
        sites.efficiency_charge, sites.efficiency_discharge, peak_kw, LANDING_S, low_kw, high_kw, preferred_kw,
    )  # fmt: skip
    return low_kw, high_kw, preferred_kw
