"""The process image: what a site's instruments said, frozen at one instant, with the age of each value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from battuta.numerics.arrays import CountArray, FloatArray

AGE_LIMIT_S = 5.0
"""Telemetry older than this is unknown. [s]"""

MISSING_COUNT = -(2**31)
"""How a missing value is written in an image of counts."""


class Signal(IntEnum):
    """What is measured at a site; a row of the image.

    Powers at the interconnection point and of the converter are signed, discharge and export positive. Reactive power
    is positive when it is injected.
    """

    METER_POWER_KW = 0
    METER_REACTIVE_KVAR = 1
    METER_VOLTAGE_PU = 2
    FREQUENCY_HZ = 3
    CONVERTER_POWER_KW = 4
    CONVERTER_REACTIVE_KVAR = 5
    SOC = 6
    CELL_VOLTAGE_V_MIN = 7
    CELL_VOLTAGE_V_MAX = 8
    CELL_TEMPERATURE_C_MIN = 9
    CELL_TEMPERATURE_C_MEAN = 10
    CELL_TEMPERATURE_C_MAX = 11
    CHARGE_POWER_KW_MAX = 12
    DISCHARGE_POWER_KW_MAX = 13
    AUXILIARY_POWER_KW = 14
    LOAD_KW = 15
    PV_KW = 16
    COOLANT_TEMPERATURE_C = 17
    CHILLER_SETPOINT_C = 18
    CHILLER_POWER_KW = 19
    AMBIENT_TEMPERATURE_C = 20
    GAS = 21
    SMOKE = 22
    COOLANT_LEAK = 23


class Source(IntEnum):
    """The instrument a value comes from; a row of the ages."""

    METER = 0
    CONVERTER = 1
    BATTERY = 2
    CHILLER = 3
    PANEL = 4


N_SIGNALS = len(Signal)
N_SOURCES = len(Source)

_METER = (
    Signal.METER_POWER_KW,
    Signal.METER_REACTIVE_KVAR,
    Signal.METER_VOLTAGE_PU,
    Signal.FREQUENCY_HZ,
    Signal.AUXILIARY_POWER_KW,
    Signal.LOAD_KW,
    Signal.PV_KW,
)
_CHILLER = (
    Signal.COOLANT_TEMPERATURE_C,
    Signal.CHILLER_SETPOINT_C,
    Signal.CHILLER_POWER_KW,
    Signal.AMBIENT_TEMPERATURE_C,
    Signal.COOLANT_LEAK,
)
_CONVERTER = (Signal.CONVERTER_POWER_KW, Signal.CONVERTER_REACTIVE_KVAR)
_PANEL = (Signal.GAS, Signal.SMOKE)


def source_of(signal: Signal) -> Source:
    """Name the instrument that a signal comes from.

    Examples
    --------
    >>> source_of(Signal.SOC).name
    'BATTERY'
    """
    for source, signals in (
        (Source.METER, _METER),
        (Source.CHILLER, _CHILLER),
        (Source.CONVERTER, _CONVERTER),
        (Source.PANEL, _PANEL),
    ):
        if signal in signals:
            return source
    return Source.BATTERY


SOURCE_OF_SIGNAL: tuple[Source, ...] = tuple(source_of(signal) for signal in Signal)

_RESOLUTION = {
    Signal.METER_POWER_KW: 0.01,
    Signal.METER_REACTIVE_KVAR: 0.01,
    Signal.METER_VOLTAGE_PU: 1e-4,
    Signal.FREQUENCY_HZ: 1e-3,
    Signal.CONVERTER_POWER_KW: 0.01,
    Signal.CONVERTER_REACTIVE_KVAR: 0.01,
    Signal.SOC: 1e-4,
    Signal.CELL_VOLTAGE_V_MIN: 1e-3,
    Signal.CELL_VOLTAGE_V_MAX: 1e-3,
    Signal.CHARGE_POWER_KW_MAX: 0.1,
    Signal.DISCHARGE_POWER_KW_MAX: 0.1,
    Signal.AUXILIARY_POWER_KW: 0.01,
    Signal.LOAD_KW: 0.01,
    Signal.PV_KW: 0.01,
    Signal.CHILLER_POWER_KW: 0.01,
    Signal.GAS: 1.0,
    Signal.SMOKE: 1.0,
    Signal.COOLANT_LEAK: 1.0,
}
RESOLUTION: FloatArray = np.array([_RESOLUTION.get(signal, 0.1) for signal in Signal])
"""Step of each row of the image in its own unit, shape (n_signals,): finer differences are not kept."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SiteImage:
    """What a conductor decides on: values of all its sites at one instant.

    Attributes
    ----------
    time_ns : int
        When it was frozen. [ns]
    values : ndarray, shape (n_signals, n_sites)
        One row per `Signal`, in its unit; NaN is missing.
    age_s : ndarray, shape (n_sources, n_sites)
        How old the values of each instrument were; infinite when it never spoke. [s]
    """

    time_ns: int
    values: FloatArray
    age_s: FloatArray

    def __getitem__(self, signal: Signal) -> FloatArray:
        """Values of one signal, shape (n_sites,)."""
        return self.values[signal]

    @property
    def n_sites(self) -> int:
        """Number of sites."""
        return self.values.shape[1]


def counts_of(values: FloatArray) -> CountArray:
    """Write values as whole numbers of their resolution, missing ones as `MISSING_COUNT`.

    Parameters
    ----------
    values : ndarray, shape (n_signals, n_sites)
        Values in the units of their signals.

    Returns
    -------
    ndarray of int32, shape (n_signals, n_sites)
        Counts. [resolution]

    Examples
    --------
    >>> values = np.full((N_SIGNALS, 1), np.nan)
    >>> values[Signal.FREQUENCY_HZ] = 49.9873
    >>> int(counts_of(values)[Signal.FREQUENCY_HZ, 0])
    49987
    """
    missing = ~np.isfinite(values)
    counts = np.rint(np.where(missing, 0.0, values) / RESOLUTION[:, None])
    counts = np.clip(counts, -(2**31) + 1, 2**31 - 1)
    return np.where(missing, MISSING_COUNT, counts).astype(np.int32)


def values_of(counts: CountArray) -> FloatArray:
    """Read counts back, shape (n_signals, n_sites); the inverse of `counts_of` on the values it keeps."""
    return np.where(counts == MISSING_COUNT, np.nan, counts * RESOLUTION[:, None])
