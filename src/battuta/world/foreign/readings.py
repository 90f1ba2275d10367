"""What instruments and the line to the store make of a day: current, temperatures, lost, missing and stuck values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.world.foreign.events import ForeignEvent
from battuta.world.foreign.faults import ForeignFault, ForeignFaultKind
from battuta.world.foreign.string_draws import StringCharacter

CELLS_PER_SENSOR = 8
"""Neighbouring cells that share a temperature sensor, which sits on the fifth of them."""
LOST_ROWS, MISSING_VALUES, MISSING_CURRENTS = 0.002, 2e-5, 1e-4
"""Shares of rows that never arrive, and of values that arrive as missing. [-]"""
CURRENT_STEP_A, CURRENT_NOISE_A = 0.1, 0.12
"""Step and noise of the current sensor. [A]"""
TEMPERATURE_STEP_K, TEMPERATURE_NOISE_K = 0.1, 0.4
"""Step, and width of the even noise, of a temperature sensor. [K]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StringSensors:
    """Everything besides its voltage channels that reads a string on a day.

    Attributes
    ----------
    character : StringCharacter
        The string with its current sensor.
    sensor_offset_k : ndarray, shape (n_sensors,)
        Offsets of the temperature sensors. [K]
    faults : sequence of ForeignFault
        Faults of the string.
    """

    character: StringCharacter
    sensor_offset_k: FloatArray
    faults: Sequence[ForeignFault]


class StringLog(NamedTuple):
    """Rows of a block while it is written.

    Attributes
    ----------
    time_ns, current_a : ndarray, shape (n_times,)
        Time [ns] and current [A].
    voltage_v, bleed_ah : ndarray, shape (n_times, n_cells)
        Voltages [V], and what was bled since the row before [Ah]; without cells where it is not logged.
    temperature_c : ndarray, shape (n_times, n_sensors)
        Temperatures. [degC]
    """

    time_ns: IntArray
    current_a: FloatArray
    voltage_v: FloatArray
    bleed_ah: FloatArray
    temperature_c: FloatArray


def empty_log(n_times: int, n_cells: int, n_sensors: int, *, logs_bleed: bool) -> StringLog:
    """Return a log with room for rows; nothing is bled in it yet."""
    return StringLog(
        time_ns=np.empty(n_times, dtype=np.int64),
        current_a=np.empty(n_times),
        voltage_v=np.empty((n_times, n_cells)),
        bleed_ah=np.zeros((n_times, n_cells if logs_bleed else 0)),  # memory that is never touched costs nothing
        temperature_c=np.empty((n_times, n_sensors)),
    )


def kept_rows(silences: Sequence[ForeignEvent], n_steps: int, rng: Generator) -> BoolArray:
    """Which rows of a day reach the store, shape (n_steps,)."""
    kept = rng.random(n_steps) >= LOST_ROWS
    for event in silences:
        first, last = (round(hours / 24.0 * n_steps) for hours in (event.hour, event.hour + event.n_hours))
        kept[first:last] = False
    return kept


def read_current_a(
    sensors: StringSensors, current_a: FloatArray, rows: IntArray, day: int, rng: Generator
) -> FloatArray:
    """Read the current: early by the skew, so that a jump may show a row before the voltages do.

    Parameters
    ----------
    sensors : StringSensors
        The sensor.
    current_a : ndarray, shape (n_steps,)
        Current of the whole day, discharge positive. [A]
    rows : ndarray, shape (n_kept,)
        Rows that are kept. [-]
    day : int
        The day. [-]
    rng : Generator
        Source of chance for readings of this string and day.

    Returns
    -------
    ndarray, shape (n_kept,)
        Readings; NaN is missing. [A]
    """
    character = sensors.character
    gain, offset_a = 1.0 + character.current_gain_share, character.current_offset_a
    for fault in sensors.faults:
        if fault.kind is ForeignFaultKind.CURRENT_GAIN:
            gain += fault.grown(day) * fault.size
        elif fault.kind is ForeignFaultKind.CURRENT_OFFSET:
            offset_a += fault.grown(day) * fault.size
    early = rng.random(rows.size) < character.skew_s / character.law.step_s
    seen_a = current_a[np.minimum(rows + early, current_a.size - 1)]
    noise_a = CURRENT_NOISE_A * rng.standard_normal(rows.size)
    per_a = round(1.0 / CURRENT_STEP_A)
    reads_a = np.round((gain * seen_a + offset_a + noise_a) * per_a) / per_a
    reads_a[rng.random(rows.size) < MISSING_CURRENTS] = np.nan
    return reads_a


def read_temperature_c(
    sensors: StringSensors,
    temperature_c: FloatArray,
    rows: IntArray,
    day: int,
    rng: Generator,
    reads_c: FloatArray,
) -> None:
    """Read the temperature sensors.

    Parameters
    ----------
    sensors : StringSensors
        The sensors.
    temperature_c : ndarray, shape (n_thermal, n_cells)
        Temperatures of the cells at each thermal step. [degC]
    rows : ndarray, shape (n_kept,)
        Rows that are kept. [-]
    day : int
        The day. [-]
    rng : Generator
        Source of chance for readings of this string and day.
    reads_c : ndarray, shape (n_kept, n_sensors)
        Replaced by the readings. [degC]
    """
    offset_k = sensors.sensor_offset_k.copy()
    for fault in sensors.faults:
        if fault.kind is ForeignFaultKind.TEMPERATURE_OFFSET:
            offset_k[fault.cell // CELLS_PER_SENSOR] += fault.grown(day) * fault.size
    n_cells = temperature_c.shape[1]
    cells = np.minimum(CELLS_PER_SENSOR * np.arange(offset_k.size) + 4, n_cells - 1)
    per_k = round(1.0 / TEMPERATURE_STEP_K)
    true_steps = (temperature_c[:, cells] + offset_k) * per_k
    np.take(true_steps, rows // sensors.character.law.steps_thermal, axis=0, out=reads_c, mode="clip")
    noise = rng.random(reads_c.shape, dtype=np.float32)
    noise -= np.float32(0.5)
    noise *= np.float32(TEMPERATURE_NOISE_K * per_k)
    reads_c += noise
    np.rint(reads_c, out=reads_c)
    reads_c /= per_k


def spoil_voltages(
    voltage_v: FloatArray, faults: Sequence[ForeignFault], stuck_v: FloatArray, day: int, rng: Generator
) -> None:
    """Swap and freeze channels, and lose single values.

    Parameters
    ----------
    voltage_v : ndarray, shape (n_kept, n_cells)
        Readings of a day, changed in place. [V]
    faults : sequence of ForeignFault
        Faults of the string.
    stuck_v : ndarray, shape (n_cells,)
        What frozen channels repeat, NaN for all others; changes on the day on which one freezes. [V]
    day : int
        The day. [-]
    rng : Generator
        Source of chance for readings of this string and day.
    """
    n_kept, n_cells = voltage_v.shape
    for fault in faults:
        if fault.grown(day) <= 0.0:
            continue
        if fault.kind is ForeignFaultKind.SWAPPED_CHANNELS:
            pair = [fault.cell, (fault.cell + round(fault.size)) % n_cells]
            voltage_v[:, pair] = voltage_v[:, pair[::-1]]
        elif fault.kind is ForeignFaultKind.STUCK_VALUE and n_kept:
            if np.isnan(stuck_v[fault.cell]):
                stuck_v[fault.cell] = voltage_v[0, fault.cell]
            voltage_v[:, fault.cell] = stuck_v[fault.cell]
    missing = rng.integers(0, max(voltage_v.size, 1), int(rng.poisson(MISSING_VALUES * voltage_v.size)))
    voltage_v.reshape(-1)[missing] = np.nan
