"""Whether power and state of charge of a record tell the same story: the sign, and the unit, of power."""

from __future__ import annotations

import math

import numpy as np

from battuta.numerics.arrays import FloatArray, IntArray

_HOUR_NS = 3_600 * 10**9
_MOVED_MIN = 0.5
_AGREEMENT_MIN = 0.5


def energy_ratio(time_ns: IntArray, soc: FloatArray, power_kw: FloatArray, installed_mwh: float) -> float:
    """Energy that the state of charge says was taken out, over what the power says.

    Parameters
    ----------
    time_ns : ndarray, shape (n_times,)
        End of what each record tells of, UTC. [ns]
    soc, power_kw : ndarray, shape (n_times,)
        State of charge, and power with discharge positive; NaN where missing. [-], [kW]
    installed_mwh : float
        Energy when new. [MWh]

    Returns
    -------
    float
        Slope over the hours on record: near 1 where sign and units fit, negative where charge is positive; NaN where
        too little moves, or the two do not go together at all. [-]

    Examples
    --------
    >>> hours = np.arange(49) * 3_600 * 10**9
    >>> power_kw = np.where(np.arange(49) % 24 < 12, -250.0, 250.0)
    >>> soc = 0.5 - np.concatenate(([0.0], np.cumsum(power_kw[1:]))) / 5000.0
    >>> round(energy_ratio(hours, soc, power_kw, 5.0), 6), round(energy_ratio(hours, soc, -power_kw, 5.0), 6)
    (1.0, -1.0)
    """
    span_ns = np.diff(time_ns)
    out_mwh = -np.diff(soc) * installed_mwh
    given_mwh = power_kw[1:] * span_ns / _HOUR_NS / 1000.0
    known = (span_ns > 0) & (span_ns <= _HOUR_NS) & np.isfinite(out_mwh) & np.isfinite(given_mwh)
    if not known.any():
        return math.nan
    hour = (time_ns[1:][known] - time_ns[0]) // _HOUR_NS
    place = np.unique(hour, return_inverse=True)[1]
    out, given = (np.bincount(place, weights=each[known]) for each in (out_mwh, given_mwh))
    moved, square = float(np.abs(out).sum()), float(given @ given)
    if moved < _MOVED_MIN * installed_mwh or square == 0.0:
        return math.nan
    agreement = float(out @ given) / math.sqrt(square * float(out @ out))
    return float(out @ given) / square if abs(agreement) >= _AGREEMENT_MIN else math.nan
