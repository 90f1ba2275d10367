"""How early a planted fault could be told at all: by a matched filter that knows all but whether the fault is there.

It knows the string to the last constant, the cell's own capacity, self-discharge and history, which fault it would be,
how large, and since when; only the noise of the channel, rounded as the log rounds, hides it. No method that has to
find any of this out can be earlier, so a delay is best read as a multiple of this one.
"""

from __future__ import annotations

import copy
import math

import numpy as np
from health_rules import DayView
from scipy.special import ndtri

from battuta.domain.time import NS_PER_S
from battuta.numerics.arrays import FloatArray
from battuta.world.foreign.faults import ForeignFault, ForeignFaultKind
from battuta.world.foreign.foreign_fleet import StringLife
from battuta.world.foreign.string_draws import StringCharacter

FALSE_PER_CELL_YEAR = 12.0 / 100_000.0
"""False alarms that are allowed, the same as for us: 12 per 100 MWh and year at the level of a watch."""
CORRELATED_NS = 1800 * NS_PER_S
"""Noise of channels is one and the same for so long: half an hour counts as one sample. [ns]"""


def distance_needed() -> float:
    """Standard deviations at which as many healthy cells speak on a day as may, and half of the faulty ones. [-]

    Examples
    --------
    >>> round(distance_needed(), 2)
    4.97
    """
    return -float(ndtri(FALSE_PER_CELL_YEAR / 365.25))


def reading_variance(character: StringCharacter) -> float:
    """Variance of a reading about the truth: white, slow and board noise and the step of the log. [V^2]"""
    law = character.law
    return law.noise_v**2 + law.noise_v_slow**2 + law.noise_v_module**2 + law.resolution_v**2 / 12.0


class FaultLimit:
    """Lives the same string without its fault, with the same chance, and adds up what the fault alone changes.

    Parameters
    ----------
    life : StringLife
        The string on the day on which its fault begins; it is copied.
    fault : ForeignFault
        The fault.

    Attributes
    ----------
    fault : ForeignFault
        The fault.
    distance_squared : float
        Squared distance of faulty from healthy readings so far, over their variance. [-]
    """

    def __init__(self, life: StringLife, fault: ForeignFault) -> None:
        self.fault, self.distance_squared = fault, 0.0
        self._healthy = copy.deepcopy(life)
        # an offset of nothing on the same cell: what would have been replaced and is not stays the same
        self._healthy.faults = (
            ForeignFault(
                kind=ForeignFaultKind.VOLTAGE_OFFSET,
                string=fault.string, cell=fault.cell, start_day=fault.start_day, size=0.0,
            ),
        )  # fmt: skip
        self._variance = reading_variance(life.character)
        self._needed = distance_needed()

    def take(self, faulty: DayView | None) -> bool:
        """Take the faulty day, None if nothing was logged, and say whether that is enough."""
        block = self._healthy.block(1)
        if faulty is None or block.n_times == 0:
            return False
        change_v = half_hours(faulty.block.time_ns, faulty.apart_v - DayView(block).apart_v)
        squared = (change_v**2).sum(axis=0)
        # the string as a whole reacts to its faulty cell: what the other cells changed by is not of the fault
        self.distance_squared += max(float(squared[self.fault.cell] - np.median(squared)), 0.0) / self._variance
        return math.sqrt(self.distance_squared) >= self._needed


def half_hours(time_ns: np.ndarray[tuple[int], np.dtype[np.int64]], rows: FloatArray) -> FloatArray:
    """Means of rows over each half hour that has any, shape (n_half_hours, n_cells)."""
    half = time_ns // CORRELATED_NS
    first = np.flatnonzero(np.concatenate(([True], np.diff(half) > 0)))
    return np.add.reduceat(rows, first, axis=0) / np.diff(np.append(first, half.size))[:, None]
