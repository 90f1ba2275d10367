"""What a frequency response asks for, what a product admits as delivered, and how far a delivery lies outside."""

from __future__ import annotations

import math

import numpy as np

from battuta.domain.errors import InvalidQuantityError, NotExpressibleError
from battuta.domain.response_law import Droop, ResponseLaw
from battuta.numerics.arrays import FloatArray
from battuta.physics.droop_kernels import droop_curve_pu
from battuta.physics.triggered_kernels import N_STATE, PLAUSIBLE_SHARE, respond


def response_state(n_sites: int) -> FloatArray:
    """State of sites that are armed and at rest, shape (n_sites, 41), for `triggered_kernels.respond`."""
    return np.zeros((n_sites, N_STATE))


def droop_power_pu(frequency_hz: FloatArray, law: Droop) -> FloatArray:
    """Power asked by a droop at each frequency, without memory.

    Parameters
    ----------
    frequency_hz : ndarray, shape (n_times,)
        Measured frequency, NaN where missing. [Hz]
    law : Droop
        The curve.

    Returns
    -------
    ndarray, shape (n_times,)
        Power per unit of the award, discharge positive, NaN where frequency is missing. [-]

    References
    ----------
    .. [1] Commission Regulation (EU) 2017/1485, Annex V.

    Examples
    --------
    >>> law = Droop(points_hz=(-0.2, 0.2), points_pu=(1.0, -1.0), deadband_hz=0.01, full_time_s=30.0)
    >>> droop_power_pu(np.array([49.8, 49.9, 50.005]), law)
    array([1. , 0.5, 0. ])
    """
    frequency_hz = np.ascontiguousarray(frequency_hz, dtype=np.float64)
    out_pu = np.empty(frequency_hz.shape)
    points_hz, points_pu = np.array(law.points_hz), np.array(law.points_pu)
    droop_curve_pu(frequency_hz, law.nominal_hz, law.deadband_hz, points_hz, points_pu, len(points_hz), out_pu)
    return out_pu


def response_pu(frequency_hz: FloatArray, dt_s: float, law: ResponseLaw) -> FloatArray:
    """Response of one site that starts armed and at rest.

    A droop answers the mean of the newest frequencies, as many as its initiation time leaves room for
    (`frequency_filter_kernels`); `droop_power_pu` is its curve alone.

    Parameters
    ----------
    frequency_hz : ndarray, shape (n_times,)
        Measured frequency, NaN where missing. [Hz]
    dt_s : float
        Time between samples. [s]
    law : Droop or TriggeredStep
        Its law.

    Returns
    -------
    ndarray, shape (n_times,)
        Power per unit of the award, discharge positive. [-]
    """
    one_site = np.ascontiguousarray(frequency_hz, dtype=np.float64)[np.newaxis, :]
    out_pu = np.empty(one_site.shape)
    respond(one_site, dt_s, law.parameters()[np.newaxis, :], response_state(1), out_pu)
    return out_pu[0]


def envelope_pu(frequency_hz: FloatArray, dt_s: float, law: ResponseLaw) -> tuple[FloatArray, FloatArray]:
    """Band of delivered power that a droop product admits at each sample.

    The fastest admissible delivery follows the curve at once. The slowest starts a change after ``initiation_s`` and
    ends it, in a straight line, at ``full_time_s``. Every delivery that is a mixture of delays up to the initiation
    time and of that slowest one lies inside. Status: **unverified** - the two times are the products' own (for Dynamic
    Containment 0.5 s and 1 s, stated by NESO), the operator's way to build a band from them has not been read.

    Parameters
    ----------
    frequency_hz : ndarray, shape (n_times,)
        Measured frequency; what was before the first sample is taken to equal it. [Hz]
    dt_s : float
        Time between samples, the product's own (0.05 s for Dynamic Containment), at most `full_time_s`. [s]
    law : Droop
        The law with its two times.

    Returns
    -------
    low, high : ndarray, shape (n_times,)
        Admissible power per unit; NaN while a missing frequency lies within ``full_time_s``
        (NaN, or further than 10 % from nominal). [-]

    Raises
    ------
    NotExpressibleError
        For a triggered step: its delivery is judged by its times, not by a band.

    References
    ----------
    .. [1] NESO, Dynamic Containment, Moderation and Regulation, https://www.neso.energy (service times).

    Examples
    --------
    >>> law = Droop(
    ...     points_hz=(-0.5, 0.5), points_pu=(1.0, -1.0), initiation_s=0.5, full_time_s=1.0, restarts_at_zero=True
    ... )
    >>> low, high = envelope_pu(np.array([50.0, 50.0, 49.5, 49.5, 49.5, 49.5, 49.5]), 0.25, law)
    >>> low
    array([0. , 0. , 0. , 0. , 0. , 0.5, 1. ])
    >>> high
    array([0., 0., 1., 1., 1., 1., 1.])
    """
    if not isinstance(law, Droop):
        raise NotExpressibleError("envelope_pu", ["a triggered step"], "response_pu with its full_time_s and hold_s")
    if not 0.0 < dt_s <= max(law.full_time_s, 1e-9):
        raise InvalidQuantityError("dt_s", dt_s, 0.0, law.full_time_s, "s", where="envelope_pu", above_low=True)
    plausible = np.abs(frequency_hz - law.nominal_hz) <= PLAUSIBLE_SHARE * law.nominal_hz
    asked_pu = droop_power_pu(np.where(plausible, frequency_hz, np.nan), law)
    n_start = math.floor(law.initiation_s / dt_s + 1e-9)
    n_full = max(math.floor(law.full_time_s / dt_s + 1e-9), n_start + 1)
    if asked_pu.shape[0] == 0:
        return asked_pu, asked_pu.copy()
    padded = np.concatenate((np.full(n_full, asked_pu[0]), asked_pu))
    windows = np.lib.stride_tricks.sliding_window_view(padded, n_full + 1)
    recent = windows[:, n_full - n_start :]
    ramp = windows[:, : n_full - n_start + 1]
    # Weights of a straight ramp between two sampling instants: the newest sample has not moved it yet.
    slowest_pu = ramp[:, :-1].mean(axis=1)
    low = np.minimum(recent.min(axis=1), slowest_pu)
    high = np.maximum(recent.max(axis=1), slowest_pu)
    return low, high


def outside_envelope_pu(delivered_pu: FloatArray, low_pu: FloatArray, high_pu: FloatArray) -> FloatArray:
    """How far a delivery lies outside its band, shape (n_times,); 0 inside, NaN where it cannot be judged. [-]

    Examples
    --------
    >>> outside_envelope_pu(np.array([0.2, 1.0]), np.array([0.5, 0.5]), np.array([1.0, 1.0]))
    array([0.3, 0. ])
    """
    return np.maximum(np.maximum(low_pu - delivered_pu, delivered_pu - high_pu), 0.0)
