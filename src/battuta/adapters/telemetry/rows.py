"""Rows of a string as a file gives them, before anybody has looked at them: in file order, maybe twice, maybe wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

GAP_STEPS = 1.5
"""Rows further apart than this many of the commonest steps have a gap between them. [-]"""
Places: TypeAlias = IntArray | BoolArray | slice


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """Rows with one number of cells, signs and units turned into ours, nothing else done to them.

    Attributes
    ----------
    string_id : str
        The string.
    time_ns : ndarray, shape (n_times,)
        When each row was measured, in file order. [ns]
    number : ndarray, shape (n_times,), or None
        Row numbers of the file, None where rows have none.
    current_a : ndarray, shape (n_times,)
        Current of the string, discharge positive. [A]
    voltage_v : ndarray, shape (n_times, n_cells)
        Voltage of each cell. [V]
    temperature_c : ndarray, shape (n_times, n_sensors)
        Temperatures. [degC]
    bleed_ah : ndarray, shape (n_times, n_cells), or None
        Charge taken out of each cell since the row before. [Ah]
    bleed_a : ndarray, shape (n_times, n_cells), or None
        Current out of each cell into its balancer, where the file gives that instead of a charge. [A]
    """

    string_id: str
    time_ns: IntArray
    number: IntArray | None
    current_a: FloatArray
    voltage_v: FloatArray
    temperature_c: FloatArray
    bleed_ah: FloatArray | None = None
    bleed_a: FloatArray | None = None

    @property
    def n_times(self) -> int:
        """Number of rows."""
        return int(self.time_ns.shape[0])

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of cells, of temperature sensors and of channels of the balancer."""
        bleed = self.bleed_a if self.bleed_ah is None else self.bleed_ah
        return self.voltage_v.shape[-1], self.temperature_c.shape[-1], 0 if bleed is None else bleed.shape[-1]

    def take(self, places: Places) -> Rows:
        """Return some of the rows."""
        return replace(
            self,
            time_ns=self.time_ns[places],
            number=None if self.number is None else self.number[places],
            current_a=self.current_a[places],
            voltage_v=self.voltage_v[places],
            temperature_c=self.temperature_c[places],
            bleed_ah=None if self.bleed_ah is None else self.bleed_ah[places],
            bleed_a=None if self.bleed_a is None else self.bleed_a[places],
        )

    def is_same(self, one: IntArray, other: IntArray) -> BoolArray:
        """Whether pairs of rows hold the same values, missing ones included.

        Parameters
        ----------
        one, other : ndarray, shape (n_pairs,)
            Places of the rows.

        Returns
        -------
        ndarray, shape (n_pairs,)
            True where nothing differs.
        """
        same = _is_equal(self.current_a[one][:, None], self.current_a[other][:, None])
        for values in (self.voltage_v, self.temperature_c, self.bleed_ah, self.bleed_a):
            if values is not None:
                same &= _is_equal(values[one], values[other])
        return same


def commonest_step_ns(time_ns: IntArray) -> int:
    """Return the commonest distance between rows that follow one another.

    Parameters
    ----------
    time_ns : ndarray, shape (n_times,)
        Times in any order. [ns]

    Returns
    -------
    int
        Distance, 0 where no row is later than the one before it. [ns]

    Examples
    --------
    >>> commonest_step_ns(np.array([0, 60, 120, 90, 180, 240]))
    60
    """
    distance_ns = np.diff(time_ns)
    lengths_ns, n_times = np.unique(distance_ns[distance_ns > 0], return_counts=True)
    return int(lengths_ns[np.argmax(n_times)]) if lengths_ns.size else 0


def joined(parts: Sequence[Rows]) -> Rows:
    """Put rows of one string and one shape behind one another.

    Parameters
    ----------
    parts : sequence of Rows
        At least one.

    Returns
    -------
    Rows
        All of them, in the order given.
    """
    if len(parts) == 1:
        return parts[0]
    return replace(
        parts[0],
        time_ns=np.concatenate([part.time_ns for part in parts]),
        number=_joined([part.number for part in parts]),
        current_a=np.concatenate([part.current_a for part in parts]),
        voltage_v=np.concatenate([part.voltage_v for part in parts]),
        temperature_c=np.concatenate([part.temperature_c for part in parts]),
        bleed_ah=_joined([part.bleed_ah for part in parts]),
        bleed_a=_joined([part.bleed_a for part in parts]),
    )


def _joined(arrays: Sequence[NDArray[np.generic] | None]) -> NDArray[np.generic] | None:
    there = [array for array in arrays if array is not None]
    return np.concatenate(there) if len(there) == len(arrays) else None


def _is_equal(one: FloatArray, other: FloatArray) -> BoolArray:
    return np.all((one == other) | (np.isnan(one) & np.isnan(other)), axis=1)
