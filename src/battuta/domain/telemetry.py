"""What a battery management system logs of a string: current, cell voltages, temperatures, and charge that was bled."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

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
        """Check shapes and the order of time."""
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
