"""A place where issued forecasts are kept: each as it was issued, with the hash of what it looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np

from battuta.domain.forecast import Forecast, Quantiles, percent_levels
from battuta.domain.time import ClockKind
from battuta.numerics.arrays import FloatArray, IntArray

SKIPPED_NS = -1
"""Start of a slot that the clock skips on the day in spring: it has values, but no interval. [ns]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vintage:
    """One issue of a price forecast for one delivery day, complete enough to go on from.

    Attributes
    ----------
    day : date
        The delivery day, local.
    model : str
        What made it.
    inputs : str
        Hash of all that it looked at, in hexadecimal digits.
    known_at_ns : int
        Gate up to which it looked. [ns]
    unit : str
        Unit of the values, such as EUR/MWh.
    clock : ClockKind
        ``utc`` for real time, ``local_24h`` for benchmark labels.
    time_ns : ndarray, shape (n_rows,)
        Starts of the intervals in order, then `SKIPPED_NS` for each slot that the clock skips. [ns]
    slot : ndarray, shape (n_rows,)
        Wall-clock slot of each row, from 0; in autumn a slot stands twice.
    point : ndarray, shape (n_rows,)
        Best single value. [unit]
    quantiles : ndarray, shape (n_rows, 99)
        Quantiles of 1 to 99 %. [unit]
    members : mapping of str to ndarray, shape (n_rows,)
        What each part of the model said. [unit]
    notes : tuple of str
        What it had to do without.
    is_synthetic : bool
        True when what it learned from was generated.
    """

    day: date
    model: str
    inputs: str
    known_at_ns: int
    unit: str
    clock: ClockKind
    time_ns: IntArray
    slot: IntArray
    point: FloatArray
    quantiles: FloatArray
    members: Mapping[str, FloatArray]
    notes: tuple[str, ...] = ()
    is_synthetic: bool = False

    def forecast(self) -> Forecast:
        """Return it as a forecast of the intervals of its day."""
        is_there = self.time_ns != SKIPPED_NS
        return Forecast(
            time_ns=self.time_ns[is_there],
            known_at_ns=self.known_at_ns,
            point=self.point[is_there],
            quantiles=Quantiles(levels=percent_levels(), values=self.quantiles[is_there]),
            unit=self.unit,
            model=self.model,
            members={name: values[is_there] for name, values in self.members.items()},
            notes=self.notes,
            is_synthetic=self.is_synthetic,
        )

    def members_by_slot(self) -> dict[str, FloatArray]:
        """What each part said, by wall-clock slot, shape (n_slots,) each. [unit]"""
        _, first = np.unique(self.slot, return_index=True)
        return {name: values[first] for name, values in self.members.items()}


class Vintages(Protocol):
    """Keeps issued forecasts.

    Promises: what was kept is read back bit for bit; a vintage is never changed, another one of the same day is kept
    beside it; a reader sees a vintage whole or not at all, however many write at once; what was damaged is named in
    `findings` and counts as not there, and keeping it again mends it.
    """

    @property
    def findings(self) -> tuple[str, ...]:
        """What was found wanting so far."""
        ...

    def read(self, model: str, day: date, inputs: str) -> Vintage | None:
        """Return the vintage of a day that looked at these inputs, None where there is none.

        Parameters
        ----------
        model : str
            What made it.
        day : date
            The delivery day.
        inputs : str
            Hash of what it has to have looked at.

        Returns
        -------
        Vintage or None
            As it was kept.
        """
        ...

    def keep(self, vintage: Vintage) -> None:
        """Keep a vintage; one that is there already is left as it is.

        Raises
        ------
        StorageError
            If it cannot be written.
        """
        ...
