"""A meter that repeats itself to the last digit, or is far from nominal, is not measuring: its frequency is missing."""

from __future__ import annotations

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray
from battuta.physics.triggered_kernels import PLAUSIBLE_SHARE


@jit
def mask_frozen(
    frequency_hz: FloatArray,
    nominal_hz: FloatArray,
    tick_s: float,
    limit_s: float,
    memory: FloatArray,
    out_hz: FloatArray,
) -> None:
    """Copy frequency, NaN in place of what stood still for longer than `limit_s` or is no frequency of this grid.

    Parameters
    ----------
    frequency_hz : ndarray, shape (n_sites, n_ticks)
        As measured. [Hz]
    nominal_hz : ndarray, shape (n_sites,)
        Nominal frequency, 0 where nothing depends on it. [Hz]
    tick_s : float
        Time between ticks. [s]
    limit_s : float
        Longest time that a value may repeat. [s]
    memory : ndarray, shape (2, n_sites)
        Last value and how long it has stood; moved in place. [Hz], [s]
    out_hz : ndarray, shape (n_sites, n_ticks)
        Written. [Hz]
    """
    for i in range(frequency_hz.shape[0]):
        for t in range(frequency_hz.shape[1]):
            value = frequency_hz[i, t]
            memory[1, i] = memory[1, i] + tick_s if value == memory[0, i] else 0.0
            memory[0, i] = value
            is_far = nominal_hz[i] > 0.0 and abs(value - nominal_hz[i]) > PLAUSIBLE_SHARE * nominal_hz[i]
            out_hz[i, t] = float("nan") if is_far or memory[1, i] > limit_s else value
