"""Demand limits second by second, and the energy that a forecast says must be kept for them, for all sites at once."""

from __future__ import annotations

import numpy as np

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray

_BISECTIONS = 40


@jit
def shave(
    net_load_kw: FloatArray, soc: FloatArray, elapsed_s: float, interval_s: float, import_kwh: FloatArray,
    limit_kw: FloatArray, floor_soc_start: FloatArray, floor_soc_end: FloatArray, energy_kwh: FloatArray,
    charge_kw_max: FloatArray, discharge_kw_max: FloatArray, efficiency_charge: FloatArray,
    efficiency_discharge: FloatArray, peak_kw: FloatArray, landing_s: float, low_kw: FloatArray, high_kw: FloatArray,
    preferred_kw: FloatArray,
) -> None:  # fmt: skip
    """Write, for each site, the interval of battery power that holds the limit now and keeps what later peaks need.

    Parameters
    ----------
    net_load_kw : ndarray, shape (n_sites,)
        Load and auxiliaries less PV, NaN where unknown. [kW]
    soc : ndarray, shape (n_sites,)
        State of charge, NaN where unknown. [-]
    elapsed_s, interval_s : float
        Elapsed part and length of the interval whose mean is billed. [s]
    import_kwh : ndarray, shape (n_sites,)
        Net import within the interval so far. [kWh]
    limit_kw : ndarray, shape (n_sites,)
        Largest mean import; infinite where there is none. [kW]
    floor_soc_start, floor_soc_end : ndarray, shape (n_sites,)
        State of charge to be kept at the start and at the end of the interval. [-]
    energy_kwh : ndarray, shape (n_sites,)
        Energy stored between state of charge 0 and 1. [kWh]
    charge_kw_max, discharge_kw_max : ndarray, shape (n_sites,)
        What the battery can do, as magnitudes. [kW]
    efficiency_charge, efficiency_discharge : ndarray, shape (n_sites,)
        One-way efficiencies. [-]
    peak_kw : ndarray, shape (n_sites,)
        Net load that a peak may reach for minutes at this time of day; charging above the floor leaves it room. [kW]
    landing_s : float
        Time over which a distance to the floor is closed, so that power does not step at it. [s]
    low_kw, high_kw, preferred_kw : ndarray, shape (n_sites,)
        Written: the interval and the power wanted within it, discharge positive; NaN is no wish. [kW]
    """
    remaining_h = max(interval_s - elapsed_s, 1.0) / 3600.0
    done = min(max(elapsed_s / interval_s, 0.0), 1.0)
    for site in range(net_load_kw.shape[0]):
        low, high, preferred = -np.inf, np.inf, np.nan
        lowest, highest = -charge_kw_max[site], discharge_kw_max[site]
        floor = floor_soc_start[site] + done * (floor_soc_end[site] - floor_soc_start[site])
        if np.isfinite(net_load_kw[site]) and np.isfinite(limit_kw[site]):
            left_kwh = limit_kw[site] * interval_s / 3600.0 - import_kwh[site]
            low = min(max(net_load_kw[site] - left_kwh / remaining_h, lowest), highest)
            if low < 0.0 and soc[site] >= floor and left_kwh < remaining_h * (peak_kw[site] - highest):
                low = 0.0  # a peak beyond the battery's power would find the interval already full
        if np.isfinite(soc[site]):
            above_kw = (soc[site] - floor) * energy_kwh[site] * 3600.0 / landing_s
            if above_kw >= 0.0:
                high = min(above_kw * efficiency_discharge[site], highest)
                if low > 0.0:
                    preferred = low
            else:
                high = max(above_kw / efficiency_charge[site], lowest)
                preferred = high
        high = max(high, low)  # the interval that runs is billed first, the floor is for those to come
        preferred = np.maximum(preferred, low)  # keeps NaN
        low_kw[site], high_kw[site], preferred_kw[site] = low, high, preferred


@jit
def needed_energy_kwh(
    net_load_kw: FloatArray, step_h: float, limit_kw: float, charge_kw_max: float, discharge_kw_max: float,
    efficiency_charge: float, efficiency_discharge: float, needed_kwh: FloatArray,
) -> float:  # fmt: skip
    """Write the least stored energy that holds a limit through a course of net load, walked backwards.

    Parameters
    ----------
    net_load_kw : ndarray, shape (n_times,)
        Load and auxiliaries less PV. [kW]
    step_h : float
        Length of a step. [h]
    limit_kw : float
        Largest mean import of a step. [kW]
    charge_kw_max, discharge_kw_max : float
        What the battery can do, as magnitudes. [kW]
    efficiency_charge, efficiency_discharge : float
        One-way efficiencies. [-]
    needed_kwh : ndarray, shape (n_times + 1,)
        Written: energy needed at the start of each step and at the end. [kWh]

    Returns
    -------
    float
        Largest excess that the battery's power cannot cover. [kW]
    """
    n_times = net_load_kw.shape[0]
    needed_kwh[n_times] = 0.0
    uncovered_kw = 0.0
    for step in range(n_times - 1, -1, -1):
        excess = net_load_kw[step] - limit_kw
        if excess > 0.0:
            uncovered_kw = max(uncovered_kw, excess - discharge_kw_max)
            needed_kwh[step] = needed_kwh[step + 1] + min(excess, discharge_kw_max) * step_h / efficiency_discharge
        else:
            gain = min(-excess, charge_kw_max) * step_h * efficiency_charge
            needed_kwh[step] = max(needed_kwh[step + 1] - gain, 0.0)
    return uncovered_kw


@jit
def least_limit_kw(
    net_load_kw: FloatArray, step_h: float, stored_kwh: float, usable_kwh: float, charge_kw_max: float,
    discharge_kw_max: float, efficiency_charge: float, efficiency_discharge: float,
) -> float:  # fmt: skip
    """Find the least limit that a battery holds through a course of net load.

    Parameters
    ----------
    net_load_kw : ndarray, shape (n_times,)
        Load and auxiliaries less PV. [kW]
    step_h : float
        Length of a step. [h]
    stored_kwh, usable_kwh : float
        Energy above the lowest state of charge, now and when full. [kWh]
    charge_kw_max, discharge_kw_max : float
        What the battery can do, as magnitudes. [kW]
    efficiency_charge, efficiency_discharge : float
        One-way efficiencies. [-]

    Returns
    -------
    float
        Least sustainable mean import. [kW]
    """
    needed = np.empty(net_load_kw.shape[0] + 1)
    high = max(net_load_kw.max(), 0.0)
    low = max(high - discharge_kw_max, 0.0)
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        uncovered = needed_energy_kwh(
            net_load_kw, step_h, middle, charge_kw_max, discharge_kw_max, efficiency_charge, efficiency_discharge,
            needed,
        )  # fmt: skip
        if uncovered <= 0.0 and needed[0] <= stored_kwh and needed.max() <= usable_kwh:
            high = middle
        else:
            low = middle
    return high


@jit
def reserve_kwh(
    median_kw: FloatArray, error_kw: FloatArray, step_h: float, limit_kw: float, charge_kw_max: float,
    discharge_kw_max: float, efficiency_charge: float, efficiency_discharge: float, window: int, kept_kwh: FloatArray,
) -> None:  # fmt: skip
    """Write the energy that holds a limit whichever of the past errors comes again, early or late.

    Parameters
    ----------
    median_kw : ndarray, shape (n_times,)
        Forecast net load. [kW]
    error_kw : ndarray, shape (n_paths, n_times)
        Courses of what came less what was forecast, same times of day. [kW]
    step_h : float
        Length of a step. [h]
    limit_kw : float
        Largest mean import of a step. [kW]
    charge_kw_max, discharge_kw_max : float
        What the battery can do, as magnitudes. [kW]
    efficiency_charge, efficiency_discharge : float
        One-way efficiencies. [-]
    window : int
        Steps by which a course may come earlier or later.
    kept_kwh : ndarray, shape (n_times + 1,)
        Written: energy to be kept at the start of each step and at the end. [kWh]
    """
    n_times = median_kw.shape[0]
    needed, worst = np.empty(n_times + 1), np.zeros(n_times + 1)
    for path in range(error_kw.shape[0]):
        needed_energy_kwh(
            median_kw + error_kw[path], step_h, limit_kw, charge_kw_max, discharge_kw_max, efficiency_charge,
            efficiency_discharge, needed,
        )  # fmt: skip
        worst = np.maximum(worst, needed)
    for step in range(n_times + 1):
        kept_kwh[step] = worst[max(step - window, 0) : step + window + 1].max()


@jit
def margin_needed(
    actual_kw: FloatArray, kept_kwh: FloatArray, step_h: float, limit_kw: float, charge_kw_max: float,
    discharge_kw_max: float, efficiency_charge: float, efficiency_discharge: float, usable_kwh: float,
) -> float:  # fmt: skip
    """Find the factor by which the energy kept would have had to be larger for what came.

    Parameters
    ----------
    actual_kw : ndarray, shape (n_times,)
        Net load as it came. [kW]
    kept_kwh : ndarray, shape (n_times + 1,)
        Energy that would have been kept. [kWh]
    step_h : float
        Length of a step. [h]
    limit_kw : float
        Largest mean import of a step. [kW]
    charge_kw_max, discharge_kw_max : float
        What the battery can do, as magnitudes. [kW]
    efficiency_charge, efficiency_discharge : float
        One-way efficiencies. [-]
    usable_kwh : float
        Energy between the lowest and the highest state of charge: more cannot be kept. [kWh]

    Returns
    -------
    float
        Factor; below 1 where less would have done. [-]
    """
    needed = np.empty(actual_kw.shape[0] + 1)
    needed_energy_kwh(
        actual_kw, step_h, limit_kw, charge_kw_max, discharge_kw_max, efficiency_charge, efficiency_discharge, needed
    )
    factor = 0.0
    for step in range(needed.shape[0]):
        factor = max(factor, min(needed[step], usable_kwh) / max(kept_kwh[step], 0.02 * usable_kwh))
    return factor
