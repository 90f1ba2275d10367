"""The fast lane: an event in progress is answered within a second, before anything else is considered.

It is no safety function. The battery management system and the fire panel are hard-wired and act by themselves; this
asks them, stops the power and calls people out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag

import numpy as np

from battuta.domain.errors import InvalidQuantityError
from battuta.domain.image import Signal, SiteImage, Source
from battuta.numerics.arrays import FloatArray, IntArray

FRESH_S = 5.0
"""A battery that has been silent for longer says nothing about how fast its values move."""


class FastCause(IntFlag):
    """What the fast lane saw; several bits may hold at once."""

    NONE = 0
    GAS = 1
    SMOKE = 2
    TEMPERATURE_SLOPE = 4
    VOLTAGE_COLLAPSE = 8
    OVER_TEMPERATURE = 16
    OVER_VOLTAGE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class FastLimits:
    """What counts as an event in progress.

    Attributes
    ----------
    temperature_slope_k_per_min : float
        Rise of the hottest cell, over `slope_window_s`. [K/min]
    slope_window_s : float
        Window of the slope: longer than one step of a coarse sensor. [s]
    cell_voltage_v_low : float
        A lowest cell below this is a collapse, whatever the load. [V]
    voltage_drop_v : float
        Drop of the lowest cell within a second that no change of power explains. [V]
    temperature_c_max : float
        Hottest cell at which the site stops. [degC]
    cell_voltage_v_high : float
        Highest cell at which the site stops. The default is for LFP, which is charged to 3.65 V and held there by its
        battery management system; NMC, charged to 4.2 V, needs 4.5 V. [V]
    """

    temperature_slope_k_per_min: float = 4.0
    slope_window_s: float = 30.0
    cell_voltage_v_low: float = 1.8
    voltage_drop_v: float = 0.35
    temperature_c_max: float = 60.0
    cell_voltage_v_high: float = 3.9

    def __post_init__(self) -> None:
        """Refuse limits at which noise would call people out."""
        if not 0.5 <= self.temperature_slope_k_per_min <= 100.0:
            raise InvalidQuantityError(
                "temperature_slope_k_per_min", self.temperature_slope_k_per_min, 0.5, 100.0, "K/min", where="fast lane"
            )
        if not 1.0 <= self.slope_window_s <= 600.0:
            raise InvalidQuantityError("slope_window_s", self.slope_window_s, 1.0, 600.0, "s", where="fast lane")
        if not self.cell_voltage_v_low + 0.5 <= self.cell_voltage_v_high <= 5.0:
            low_v = self.cell_voltage_v_low + 0.5
            raise InvalidQuantityError(
                "cell_voltage_v_high", self.cell_voltage_v_high, low_v, 5.0, "V", where="fast lane"
            )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FastMemory:
    """What the fast lane remembers; moved in place.

    Attributes
    ----------
    cause : ndarray of int64, shape (n_sites,)
        Bits of `FastCause`, latched until an operator resets them.
    window_start_c : ndarray, shape (n_sites,)
        Hottest cell at the start of the window, NaN before the first value and after silence. [degC]
    window_start_ns : ndarray of int64, shape (n_sites,)
        Start of the window. [ns]
    last : ndarray, shape (2, n_sites)
        Lowest cell voltage and converter power of the second before, NaN where it was silent. [V, kW]
    """

    cause: IntArray
    window_start_c: FloatArray
    window_start_ns: IntArray
    last: FloatArray

    @classmethod
    def empty(cls, n_sites: int) -> FastMemory:
        """Return a memory that saw nothing."""
        return cls(
            cause=np.zeros(n_sites, dtype=np.int64),
            window_start_c=np.full(n_sites, np.nan),
            window_start_ns=np.zeros(n_sites, dtype=np.int64),
            last=np.full((2, n_sites), np.nan),
        )

    def reset(self, site: int) -> None:
        """Forget a site's causes: an operator has been there."""
        self.cause[site] = 0


def watch(image: SiteImage, power_kw: FloatArray, limits: FastLimits, memory: FastMemory) -> IntArray:
    """Look at one image and latch what is an event in progress.

    Parameters
    ----------
    image : SiteImage
        What the instruments said; missing values, and infinite ones, say nothing here.
    power_kw : ndarray, shape (n_sites,)
        Rated power, against which a change of power counts. [kW]
    limits : FastLimits
        What counts.
    memory : FastMemory
        Moved in place.

    Returns
    -------
    ndarray of int64, shape (n_sites,)
        Causes that are new in this image, bits of `FastCause`.

    Notes
    -----
    One wrong sensor stops a site: a reading of 13 V may be the sensor, and nobody here can know.
    """
    hottest_c, lowest_v = _said(image, Signal.CELL_TEMPERATURE_C_MAX), _said(image, Signal.CELL_VOLTAGE_V_MIN)
    converter_kw = _said(image, Signal.CONVERTER_POWER_KW)
    fresh_v = np.where(image.age_s[Source.BATTERY] <= FRESH_S, lowest_v, np.nan)
    moved = ~(np.abs(converter_kw - memory.last[1]) <= 0.1 * power_kw)  # unknown power explains all
    seen = np.where(_said(image, Signal.GAS) > 0.0, int(FastCause.GAS), 0)
    seen |= np.where(_said(image, Signal.SMOKE) > 0.0, int(FastCause.SMOKE), 0)
    seen |= np.where(hottest_c >= limits.temperature_c_max, int(FastCause.OVER_TEMPERATURE), 0)
    dropped = ~moved & (memory.last[0] - fresh_v >= limits.voltage_drop_v)
    seen |= np.where((lowest_v < limits.cell_voltage_v_low) | dropped, int(FastCause.VOLTAGE_COLLAPSE), 0)
    highest_v = _said(image, Signal.CELL_VOLTAGE_V_MAX)
    seen |= np.where(highest_v >= limits.cell_voltage_v_high, int(FastCause.OVER_VOLTAGE), 0)
    seen |= np.where(_is_steep(image, hottest_c, limits, memory), int(FastCause.TEMPERATURE_SLOPE), 0)
    memory.last[0] = fresh_v
    memory.last[1] = converter_kw
    new = seen & ~memory.cause
    memory.cause[:] |= seen
    return new


def _said(image: SiteImage, signal: Signal) -> FloatArray:
    """Values of a signal, NaN where they are infinite: that is no measurement."""
    return np.where(np.isfinite(image[signal]), image[signal], np.nan)


def _is_steep(image: SiteImage, hottest_c: FloatArray, limits: FastLimits, memory: FastMemory) -> IntArray:
    """Whether the hottest cell rose too fast within the window that is running.

    Silence and a wall clock that stepped end the window: what rose meanwhile took longer, or nobody knows how long.
    """
    fresh_c = np.where(image.age_s[Source.BATTERY] <= FRESH_S, hottest_c, np.nan)
    elapsed_s = (image.time_ns - memory.window_start_ns) * 1e-9
    within = (elapsed_s >= 0.0) & (elapsed_s <= limits.slope_window_s)
    rise_k = fresh_c - memory.window_start_c
    steep = within & (rise_k >= limits.temperature_slope_k_per_min * limits.slope_window_s / 60.0)
    goes_on = within & (elapsed_s < limits.slope_window_s) & (fresh_c >= memory.window_start_c)
    memory.window_start_c[:] = np.where(goes_on, memory.window_start_c, fresh_c)
    memory.window_start_ns[:] = np.where(goes_on, memory.window_start_ns, image.time_ns)
    return steep.astype(np.int64)
