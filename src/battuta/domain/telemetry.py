"""What a battery management system logs of a string: current, cell voltages, temperatures, and charge that was bled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from battuta.domain.errors import DataError
from battuta.domain.time import from_ns
from battuta.numerics.arrays import FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """Telemetry of the cells of one series string, rows in time.

    Attributes
    ----------
    string_id : str
        The string.
    time_ns : ndarray, shape (n_times,)
        When each row was measured, strictly ascending; gaps are gaps in time. [ns]
    current_a : ndarray, shape (n_times,)
        Current of the string, discharge positive; NaN is missing. [A]
    voltage_v : ndarray, shape (n_times, n_cells)
        Voltage of each cell; NaN is missing. [V]
    temperature_c : ndarray, shape (n_times, n_sensors)
        Temperatures, any number of sensors, in the order of the cells; NaN is missing. [degC]
    bleed_ah : ndarray, shape (n_times, n_cells), or None
        Charge that the balancer took out of each cell since the row before, NaN where unknown; None where it is not
        logged. [Ah]
    """

    string_id: str
    time_ns: IntArray
    current_a: FloatArray
    voltage_v: FloatArray
    temperature_c: FloatArray
    bleed_ah: FloatArray | None = None

    def __post_init__(self) -> None:
        """Check kinds of numbers, shapes, and the order of time."""
        self._require_kinds()
        n_times = self.time_ns.shape[0]
        shapes = {
            "current_a": (self.current_a.shape, (n_times,)),
            "voltage_v": (self.voltage_v.shape, (n_times, self.n_cells)),
            "temperature_c": (self.temperature_c.shape, (n_times, self.temperature_c.shape[-1])),
        }
        if self.bleed_ah is not None:
            shapes["bleed_ah"] = (self.bleed_ah.shape, (n_times, self.n_cells))
        for name, (shape, wanted) in shapes.items():
            if shape != wanted:
                message = f"string {self.string_id}: {name} has shape {shape}, {wanted} is needed"
                raise DataError(message)
        back = np.flatnonzero(np.diff(self.time_ns) <= 0)
        if back.size:
            at = from_ns(int(self.time_ns[back[0] + 1])).isoformat()
            message = f"string {self.string_id}: time does not ascend at {at}; sort the rows and drop what is doubled"
            raise DataError(message)

    def _require_kinds(self) -> None:
        """Refuse what is no name, or no array of numbers.

        Raises
        ------
        DataError
            If it is none.
        """
        _require_name(self.string_id)
        where = f"string {self.string_id}"
        _require_numbers(where, "time_ns", self.time_ns, 1, "i", "whole nanoseconds since 1970 UTC (int64)")
        for quantity, values, n_dims in (
            ("current_a", self.current_a, 1),
            ("voltage_v", self.voltage_v, 2),
            ("temperature_c", self.temperature_c, 2),
            ("bleed_ah", self.bleed_ah, 2),
        ):
            if values is not None or quantity != "bleed_ah":
                _require_numbers(where, quantity, values, n_dims, "fiu", "real numbers (float64, NaN where missing)")

    @property
    def n_times(self) -> int:
        """Number of rows."""
        return int(self.time_ns.shape[0])

    @property
    def n_cells(self) -> int:
        """Number of cells in series."""
        return int(self.voltage_v.shape[-1])

    def rows(self, rows: slice) -> Block:
        """Return the same string restricted to a range of rows."""
        return Block(
            string_id=self.string_id,
            time_ns=self.time_ns[rows],
            current_a=self.current_a[rows],
            voltage_v=self.voltage_v[rows],
            temperature_c=self.temperature_c[rows],
            bleed_ah=None if self.bleed_ah is None else self.bleed_ah[rows],
        )

    def named(self, string_id: str) -> Block:
        """Return the same rows under another name of the string."""
        return replace(self, string_id=string_id)


def _require_name(name: object) -> None:
    """Refuse what names no string."""
    if not isinstance(name, str) or not name.strip():
        message = f"string_id is {name!r}, of type {type(name).__name__}; name the string by a text"
        raise DataError(message)


def _require_numbers(where: str, quantity: str, values: object, n_dims: int, kinds: str, wanted: str) -> None:
    """Refuse what is no plain array of such numbers."""
    is_masked = hasattr(values, "mask")
    if not isinstance(values, np.ndarray) or is_masked:
        mend = "its mask would be lost, so fill it with NaN" if is_masked else "turn it into one"
        message = f"{where}: {quantity} is a {type(cast('object', values)).__name__}, not a numpy.ndarray; {mend}"
        raise DataError(message)
    found = cast("NDArray[np.generic]", values)
    if found.dtype.kind not in kinds:
        message = f"{where}: {quantity} holds {found.dtype}, not {wanted}; convert it"
        raise DataError(message)
    if found.ndim != n_dims:
        shape = "(n_times,)" if n_dims == 1 else "(n_times, n)"
        message = f"{where}: {quantity} has shape {found.shape}, {shape} is needed"
        raise DataError(message)
