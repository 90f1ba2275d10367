"""Discharge curves of a hundred cycles, checked and mended, and what changed in them between early and late cycles.

A cell's end shows first in the shape of its discharge: the charge given at each voltage, late minus early. A curve that
a test bench spoiled stands out from the cycles around it and is replaced by their median, and it is told which ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

VOLTAGES_MIN = 50
_AROUND = 5
_SPOILED_SHARE = 0.1
_CHARGE_AH_MAX = 2000.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DischargeCurves:
    """Charge given from full down to each voltage, cycle by cycle.

    Attributes
    ----------
    charge_ah : ndarray, shape (n_cells, n_voltages, n_cycles)
        Charge given, rising along falling voltages on an even grid. [Ah]
    cycle : ndarray, shape (n_cycles,)
        Number of each cycle, ascending.

    Raises
    ------
    DataError, InvalidQuantityError
        If shapes do not fit, a value is missing or beyond reason, or cycles do not ascend.
    """

    charge_ah: FloatArray
    cycle: IntArray

    def __post_init__(self) -> None:
        """Refuse what cannot be used."""
        if self.charge_ah.ndim != 3 or self.charge_ah.shape[2] != self.cycle.size:
            message = (
                f"charge_ah has the shape {self.charge_ah.shape} for {self.cycle.size} cycles; "
                "give (n_cells, n_voltages, n_cycles)"
            )
            raise DataError(message)
        if self.charge_ah.shape[1] < VOLTAGES_MIN:
            message = f"charge_ah has {self.charge_ah.shape[1]} voltages; interpolate to {VOLTAGES_MIN} or more"
            raise DataError(message)
        if np.any(np.diff(self.cycle) <= 0):
            message = "cycle does not ascend; sort the cycles, each once"
            raise DataError(message)
        missing = np.argwhere(~np.isfinite(self.charge_ah))
        if missing.size:
            cell, _, column = (int(each) for each in missing[0])
            message = (
                f"charge_ah of cell {cell}, cycle {self.cycle[column]} is not finite ({len(missing)} values in all); "
                "leave the cell out or repeat the nearest cycle yourself"
            )
            raise DataError(message)
        largest = float(np.abs(self.charge_ah).max(initial=0.0))
        if largest > _CHARGE_AH_MAX:
            raise InvalidQuantityError("charge_ah", largest, -_CHARGE_AH_MAX, _CHARGE_AH_MAX, "Ah")

    @property
    def capacity_ah(self) -> FloatArray:
        """Charge down to the last voltage, shape (n_cells, n_cycles). [Ah]."""
        return self.charge_ah[:, -1, :]


def mended(curves: DischargeCurves) -> tuple[DischargeCurves, BoolArray]:
    """Replace curves that stand out from the cycles around them.

    Parameters
    ----------
    curves : DischargeCurves
        As measured.

    Returns
    -------
    tuple of DischargeCurves and ndarray, shape (n_cells, n_cycles)
        Curves, and which of them were replaced by the median of the eleven around them because they were off it by more
        than a tenth of the cell's capacity.
    """
    charge, n_cycles = curves.charge_ah, curves.cycle.size
    capacity = np.median(curves.capacity_ah, axis=1)
    out, spoiled = charge.copy(), np.zeros((charge.shape[0], n_cycles), dtype=np.bool_)
    for place in range(n_cycles):
        first = int(np.clip(place - _AROUND, 0, max(n_cycles - 2 * _AROUND - 1, 0)))
        usual = np.median(charge[:, :, first : first + 2 * _AROUND + 1], axis=2)
        off = np.abs(charge[:, :, place] - usual).max(axis=1) > _SPOILED_SHARE * capacity
        out[off, :, place], spoiled[off, place] = usual[off], True
    return DischargeCurves(charge_ah=out, cycle=curves.cycle), spoiled


def around_cycle(curves: DischargeCurves, cycle: int, n_cycles: int) -> FloatArray:
    """Median of the curves of a few cycles.

    Parameters
    ----------
    curves : DischargeCurves
        Mended curves.
    cycle : int
        The last of the cycles.
    n_cycles : int
        How many.

    Returns
    -------
    ndarray, shape (n_cells, n_voltages)
        Charge given. [Ah]

    Raises
    ------
    DataError
        If the record lacks all of these cycles.
    """
    wanted = (curves.cycle <= cycle) & (curves.cycle > cycle - n_cycles)
    if not wanted.any():
        message = f"the record has no cycle from {cycle - n_cycles + 1} to {cycle}; give cycles 2 to 100"
        raise DataError(message)
    return np.median(curves.charge_ah[:, :, wanted], axis=2)
