"""What a minute of images says of cells and chillers: means of the fresh readings, and what was read last."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.image import SOURCE_OF_SIGNAL, Signal, SiteImage
from battuta.numerics.arrays import BoolArray, FloatArray

AGE_S_MAX = 5.0
"""Older readings are unknown. [s]"""

SIGNALS = (
    Signal.CELL_TEMPERATURE_C_MEAN,
    Signal.CELL_TEMPERATURE_C_MAX,
    Signal.COOLANT_TEMPERATURE_C,
    Signal.AMBIENT_TEMPERATURE_C,
    Signal.CHILLER_POWER_KW,
    Signal.CONVERTER_POWER_KW,
)
"""What is meant, in the order of the rows; power as its square."""

_SOURCES = [int(SOURCE_OF_SIGNAL[each]) for each in SIGNALS]
_POWER = SIGNALS.index(Signal.CONVERTER_POWER_KW)
_SETPOINT_SOURCE = int(SOURCE_OF_SIGNAL[Signal.CHILLER_SETPOINT_C])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MinuteSums:
    """Readings of the minute that runs, written in place.

    Attributes
    ----------
    sums, counts : ndarray, shape (n_signals_meant, n_sites)
        Sum of the fresh readings and their number.
    setpoint_c : ndarray, shape (n_sites,)
        Newest fresh reading of the chiller's setpoint, NaN for none. [degC]
    """

    sums: FloatArray
    counts: FloatArray
    setpoint_c: FloatArray

    @classmethod
    def empty(cls, n_sites: int) -> MinuteSums:
        """Return the sums of a minute that begins."""
        shape = (len(SIGNALS), n_sites)
        return cls(sums=np.zeros(shape), counts=np.zeros(shape), setpoint_c=np.full(n_sites, np.nan))

    def clear(self) -> None:
        """Begin the next minute."""
        self.sums[:], self.counts[:], self.setpoint_c[:] = 0.0, 0.0, np.nan

    def add(self, image: SiteImage) -> None:
        """Take an image; stale and missing readings do not count."""
        values = image.values[list(SIGNALS)]
        values[_POWER] *= values[_POWER]
        fresh = np.isfinite(values) & (image.age_s[_SOURCES] <= AGE_S_MAX)
        np.add(self.sums, values, out=self.sums, where=fresh)
        np.add(self.counts, fresh, out=self.counts)
        setpoint_c = image[Signal.CHILLER_SETPOINT_C]
        known = np.isfinite(setpoint_c) & (image.age_s[_SETPOINT_SOURCE] <= AGE_S_MAX)
        np.copyto(self.setpoint_c, setpoint_c, where=known)

    def mean(self, signal: Signal) -> FloatArray:
        """Mean of the fresh readings of a signal, of power its root mean square; NaN for none; shape (n_sites,)."""
        row = SIGNALS.index(signal)
        mean = np.where(self.counts[row] > 0.0, self.sums[row] / np.maximum(self.counts[row], 1.0), np.nan)
        return np.sqrt(mean) if row == _POWER else mean

    @property
    def is_heard(self) -> BoolArray:
        """Whether the chiller's register was read at all in this minute, shape (n_sites,)."""
        return np.isfinite(self.setpoint_c)
