"""Self-consumption: keep the meter near zero, charge from surplus and discharge into load, within the SoC window."""

from __future__ import annotations

import numpy as np

from battuta.numerics.arrays import FloatArray

LANDING_S = 60.0
"""Time over which the distance to an end of the window is closed, so that power does not step there. [s]"""


def follow_load_kw(
    load_kw: FloatArray, pv_kw: FloatArray, auxiliary_kw: FloatArray, soc: FloatArray, energy_kwh: FloatArray,
    charge_kw_max: FloatArray, discharge_kw_max: FloatArray, soc_min: FloatArray, soc_max: FloatArray,
    deadband_kw: float = 0.0,
) -> FloatArray:  # fmt: skip
    """Return the battery power that brings the meter to zero, as far as the battery can.

    It only prefers: everybody above it may pick another power, so it narrows nothing.

    Parameters
    ----------
    load_kw, pv_kw, auxiliary_kw : ndarray, shape (n_sites,)
        What was measured, as magnitudes; NaN is missing. [kW]
    soc : ndarray, shape (n_sites,)
        State of charge. [-]
    energy_kwh : ndarray, shape (n_sites,)
        Energy stored between state of charge 0 and 1. [kWh]
    charge_kw_max, discharge_kw_max : ndarray, shape (n_sites,)
        What the battery can do, as magnitudes. [kW]
    soc_min, soc_max : ndarray, shape (n_sites,)
        Window of the state of charge. [-]
    deadband_kw : float
        Meter power that is left alone. [kW]

    Returns
    -------
    ndarray, shape (n_sites,)
        Preferred power, discharge positive; NaN, no wish, where a value is missing. [kW]

    Examples
    --------
    >>> one = np.ones(1)
    >>> follow_load_kw(80 * one, 120 * one, 5 * one, 0.5 * one, 200 * one, 50 * one, 50 * one, 0.1 * one, 0.9 * one)
    array([-35.])
    """
    wanted = load_kw + auxiliary_kw - pv_kw
    wanted = np.where(np.abs(wanted) <= deadband_kw, 0.0, wanted)
    per_soc_kw = energy_kwh * 3600.0 / LANDING_S
    discharge = np.minimum(discharge_kw_max, np.maximum(soc - soc_min, 0.0) * per_soc_kw)
    charge = np.minimum(charge_kw_max, np.maximum(soc_max - soc, 0.0) * per_soc_kw)
    return np.minimum(np.maximum(wanted, -charge), discharge)
