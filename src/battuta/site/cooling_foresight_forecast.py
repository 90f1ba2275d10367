"""What cooling foresight expects: the air outside by the day before, and the planned power in half hours.

A site needs no weather service: its own air of the day before at the same time, moved by how much warmer it is now, is
within a few kelvin of the truth on most days. On the first day a plain swing stands in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from battuta.domain.time import NS_PER_S
from battuta.numerics.arrays import FloatArray

SLOT_S = 1800
"""Length of a step of the plan. [s]"""

SLOTS_OF_DAY = 48
SWING_K = 5.0
"""Half of the daily swing that is expected before a day was seen (assumed). [K]"""

WARMEST_H = 15.0
"""Hour of the day, in local solar time, that is then warmest. [h]"""

FADING_H = 6.0
"""How long the present deviation from the day before is expected to last, fading. [h]"""

_SLOT_NS = SLOT_S * NS_PER_S
_SAMPLES_OF_SLOT = 6


def slot_of(time_ns: int) -> int:
    """Half hours since 1970."""
    return time_ns // _SLOT_NS


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AmbientMemory:
    """Air outside over the last day.

    Attributes
    ----------
    by_slot_c : ndarray, shape (48, n_sites)
        Mean of each half hour of the UTC day, the newest seen, written in place; NaN before the first reading. [degC]
    swing_k : ndarray, shape (48, n_sites)
        Expected course about its mean before a day was seen. [K]
    sums : ndarray, shape (2, n_sites)
        Sum of the readings of this half hour [degC], and their number, in place.
    slot : int
        This half hour, since 1970; -1 before the first.
    """

    by_slot_c: FloatArray
    swing_k: FloatArray
    sums: FloatArray
    slot: int = -1

    @classmethod
    def empty(cls, utc_offset_h: FloatArray) -> AmbientMemory:
        """Return the memory of sites whose air was not seen yet; offsets of local solar time, shape (n_sites,). [h]"""
        hour = (np.arange(SLOTS_OF_DAY) + 0.5)[:, None] * (SLOT_S / 3600.0) + utc_offset_h
        shape = (SLOTS_OF_DAY, utc_offset_h.size)
        return cls(
            by_slot_c=np.full(shape, np.nan),
            swing_k=SWING_K * np.cos(2.0 * np.pi * (hour - WARMEST_H) / 24.0),
            sums=np.zeros((2, utc_offset_h.size)),
        )


def remember(memory: AmbientMemory, time_ns: int, ambient_c: FloatArray) -> AmbientMemory:
    """Take a minute's reading.

    Parameters
    ----------
    memory : AmbientMemory
        What is remembered; its arrays are written.
    time_ns : int
        Time of the reading. [ns]
    ambient_c : ndarray, shape (n_sites,)
        Air outside, NaN is missing. [degC]

    Returns
    -------
    AmbientMemory
        What is remembered now.
    """
    slot = slot_of(time_ns)
    if slot != memory.slot:
        known = memory.sums[1] > 0.0
        memory.by_slot_c[memory.slot % SLOTS_OF_DAY, known] = memory.sums[0, known] / memory.sums[1, known]
        memory.sums[:] = 0.0
        memory = replace(memory, slot=slot)
    seen = np.isfinite(ambient_c)
    new = seen & np.isnan(memory.by_slot_c[0])
    if new.any():
        mean_c = ambient_c[new] - memory.swing_k[slot % SLOTS_OF_DAY, new]
        memory.by_slot_c[:, new] = mean_c + memory.swing_k[:, new]
    memory.sums[0, seen] += ambient_c[seen]
    memory.sums[1, seen] += 1.0
    return memory


def ambient_forecast_c(
    memory: AmbientMemory, time_ns: int, ambient_c: FloatArray, first_slot: int, n_slots: int = SLOTS_OF_DAY
) -> FloatArray:
    """Expect the air of the day before, moved by the present deviation, which fades.

    Parameters
    ----------
    memory : AmbientMemory
        What is remembered.
    time_ns : int
        Now. [ns]
    ambient_c : ndarray, shape (n_sites,)
        Air outside now; NaN leaves the day before as it was. [degC]
    first_slot, n_slots : int
        First half hour since 1970, and their number.

    Returns
    -------
    ndarray, shape (n_slots, n_sites)
        Air outside; 25 degC where it was never seen. [degC]
    """
    place = time_ns / _SLOT_NS - 0.5
    before = math.floor(place)
    share = place - before
    table = np.where(np.isnan(memory.by_slot_c), 25.0, memory.by_slot_c)
    usual_c = (1.0 - share) * table[before % SLOTS_OF_DAY] + share * table[(before + 1) % SLOTS_OF_DAY]
    deviation_k = np.where(np.isnan(ambient_c), 0.0, ambient_c - usual_c)
    slots = first_slot + np.arange(n_slots)
    ahead_h = ((slots + 0.5) * SLOT_S - time_ns / NS_PER_S) / 3600.0
    left = np.maximum(np.minimum(1.0 - ahead_h / FADING_H, 1.0), 0.0)
    return table[slots % SLOTS_OF_DAY] + left[:, None] * deviation_k


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PowerCourse:
    """Planned power of all sites.

    Attributes
    ----------
    start_ns : int
        Begin of the first step. [ns]
    step_s : float
        Length of a step. [s]
    power_kw : ndarray, shape (n_times, n_sites)
        Planned power, discharge positive. [kW]
    """

    start_ns: int
    step_s: float
    power_kw: FloatArray

    def at(self, time_ns: FloatArray) -> FloatArray:
        """Power at instants, shape (n_instants, n_sites).

        Beyond the end it is that of the same time of the last day planned, before the beginning none. [kW]
        """
        n_times = self.power_kw.shape[0]
        since_s = (time_ns - self.start_ns) / NS_PER_S
        end_s = n_times * self.step_s
        days = np.maximum(np.ceil((since_s - end_s + 1e-6) / 86400.0), 0.0)
        step = np.floor((since_s - 86400.0 * days) / self.step_s + 1e-9).astype(np.int64)
        known = (step >= 0) & (step < n_times)
        return np.where(known[:, None], self.power_kw[np.where(known, step, 0)], 0.0)


def slot_power_pu(course: PowerCourse, rated_kw: FloatArray, first_slot: int, n_slots: int) -> FloatArray:
    """Root mean square of the planned power in half hours: what heats resistances.

    Parameters
    ----------
    course : PowerCourse
        Planned power.
    rated_kw : ndarray, shape (n_sites,)
        Power that is 1 per unit. [kW]
    first_slot, n_slots : int
        First half hour since 1970, and their number.

    Returns
    -------
    ndarray, shape (n_slots, n_sites)
        Magnitude per unit of the rating. [-]
    """
    fine = (np.arange(n_slots * _SAMPLES_OF_SLOT) + 0.5) / _SAMPLES_OF_SLOT * _SLOT_NS
    power_pu = course.at(first_slot * _SLOT_NS + fine) / rated_kw
    square: FloatArray = (power_pu.reshape(n_slots, _SAMPLES_OF_SLOT, -1) ** 2).mean(axis=1)
    return np.sqrt(square)
