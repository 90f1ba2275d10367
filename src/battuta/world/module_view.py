"""A site of modules with a converter each: what its modules show, what that makes of the site, and how it is asked.

Each module is a string of the container with its own current. SYNTHETIC: cells are drawn by seed, converters and
branches of the coolant are assumed, and the loss of all converters is that of one that carries the sum.
"""

from __future__ import annotations

import numpy as np

from battuta.domain.module_image import MODULE_STEP_KW, N_MODULE_SIGNALS, ModuleSignal
from battuta.numerics.arrays import BoolArray, FloatArray
from battuta.world import plant_kernels as kernels

_LEAST = [kernels.LOWEST_V, kernels.LOWEST_C]
_MOST = [kernels.HIGHEST_V, kernels.HIGHEST_C]


def sites_of(seen: FloatArray, n_sites: int) -> FloatArray:
    """Sum up what is seen of modules by site: extremes of all cells, means of all else.

    Parameters
    ----------
    seen : ndarray, shape (8, n_sites n_modules)
        As `plant_kernels.look_at_cells` leaves it, site after site.
    n_sites : int
        Number of sites.

    Returns
    -------
    ndarray, shape (8, n_sites)
        The same of each site.
    """
    if seen.shape[1] == n_sites:
        return seen
    by_site = seen.reshape(seen.shape[0], n_sites, -1)
    told = by_site.mean(axis=2)
    told[_LEAST], told[_MOST] = by_site[_LEAST].min(axis=2), by_site[_MOST].max(axis=2)
    return told


def module_view(seen: FloatArray, power_kw_max: FloatArray, opened: BoolArray) -> FloatArray:
    """What the controllers of modules say of them.

    Parameters
    ----------
    seen : ndarray, shape (8, n_sites n_modules)
        As `plant_kernels.look_at_cells` leaves it.
    power_kw_max : ndarray, shape (3,)
        Charge and discharge that the sound cells of a site allow, and its rated power. [kW]
    opened : ndarray of bool, shape (n_sites,)
        Sites that stand open: no power is allowed.

    Returns
    -------
    ndarray, shape (4, n_sites, n_modules)
        One row per `ModuleSignal`, in its unit.
    """
    by_site = seen.reshape(seen.shape[0], opened.size, -1)
    charge_kw_max, discharge_kw_max, rated_kw = power_kw_max / by_site.shape[2]
    told = np.empty((N_MODULE_SIGNALS, *by_site.shape[1:]))
    told[ModuleSignal.SOC] = by_site[kernels.MEAN_SOC]
    told[ModuleSignal.CELL_TEMPERATURE_C_MAX] = by_site[kernels.HIGHEST_C]
    charge_kw = np.minimum(charge_kw_max * by_site[kernels.CHARGE_SHARE], rated_kw)
    discharge_kw = np.minimum(discharge_kw_max * by_site[kernels.DISCHARGE_SHARE], rated_kw)
    told[ModuleSignal.CHARGE_POWER_KW_MAX] = np.where(opened[:, None], 0.0, charge_kw)
    told[ModuleSignal.DISCHARGE_POWER_KW_MAX] = np.where(opened[:, None], 0.0, discharge_kw)
    return told


def asked_of_modules(setpoint_kw: FloatArray, module_kw: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Turn powers of modules into a setpoint of the site that they can carry, and the share of each.

    Parameters
    ----------
    setpoint_kw : ndarray, shape (n_sites, n_ticks)
        Setpoint of each site. [kW]
    module_kw : ndarray, shape (n_sites, n_modules)
        Mean power asked of each module, all of a site with one sign. [kW]

    Returns
    -------
    setpoint_kw : ndarray, shape (n_sites, n_ticks)
        The setpoint, made smaller where its modules together carry less; what is rounded away does not count. [kW]
    share : ndarray, shape (n_sites, n_modules)
        Weight of each module; even where nothing is asked of any. [-]

    Examples
    --------
    >>> setpoint_kw, share = asked_of_modules(np.full((1, 2), 30.0), np.array([[10.0, 5.0]]))
    >>> setpoint_kw.tolist(), share.tolist()
    ([[15.0, 15.0]], [[10.0, 5.0]])
    """
    mean_kw, carried_kw = np.abs(setpoint_kw.mean(axis=1)), np.abs(module_kw).sum(axis=1)
    is_short = carried_kw < mean_kw - module_kw.shape[1] * MODULE_STEP_KW
    part = np.where(is_short, carried_kw / np.where(is_short, mean_kw, 1.0), 1.0)
    share = np.where(carried_kw[:, None] > 0.0, np.abs(module_kw), 1.0)
    return setpoint_kw * part[:, None], share
