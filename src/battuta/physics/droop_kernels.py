"""Loops of the droop curve: power asked at a frequency, linear between points, level beyond them, 0 in the deadband."""

from __future__ import annotations

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray


@jit
def droop_point_pu(
    deviation_hz: float, deadband_hz: float, points_hz: FloatArray, points_pu: FloatArray, n_points: int
) -> float:
    """Power at one deviation.

    Parameters
    ----------
    deviation_hz : float
        Measured less nominal frequency. [Hz]
    deadband_hz : float
        Half width of the deadband; its edge belongs to it. [Hz]
    points_hz, points_pu : ndarray, shape (n_points_max,)
        The curve in its first `n_points` places, ascending. [Hz], [-]
    n_points : int
        Number of points in use.

    Returns
    -------
    float
        Power per unit, discharge positive. [-]
    """
    if abs(deviation_hz) <= deadband_hz:
        return 0.0
    if deviation_hz <= points_hz[0]:
        return points_pu[0]
    for k in range(1, n_points):
        if deviation_hz <= points_hz[k]:
            share = (deviation_hz - points_hz[k - 1]) / (points_hz[k] - points_hz[k - 1])
            return points_pu[k - 1] + share * (points_pu[k] - points_pu[k - 1])
    return points_pu[n_points - 1]


@jit
def droop_curve_pu(
    frequency_hz: FloatArray,
    nominal_hz: float,
    deadband_hz: float,
    points_hz: FloatArray,
    points_pu: FloatArray,
    n_points: int,
    out_pu: FloatArray,
) -> None:
    """Power at many frequencies.

    Parameters
    ----------
    frequency_hz : ndarray, shape (n_times,)
        Measured frequency, NaN where missing. [Hz]
    nominal_hz : float
        Nominal frequency. [Hz]
    deadband_hz, points_hz, points_pu, n_points
        As for `droop_point_pu`.
    out_pu : ndarray, shape (n_times,)
        Written: power per unit, discharge positive, NaN where frequency is missing. [-]
    """
    for i in range(frequency_hz.shape[0]):
        deviation_hz = frequency_hz[i] - nominal_hz
        if deviation_hz != deviation_hz:  # noqa: PLR0124  (NaN is the one number that differs from itself)
            out_pu[i] = deviation_hz
        else:
            out_pu[i] = droop_point_pu(deviation_hz, deadband_hz, points_hz, points_pu, n_points)
