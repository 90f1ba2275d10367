"""Where the filter of a string stands: plain arrays that survive a restart, and how one begins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.health import cell_filter_kernels as kernels
from battuta.health import current_offset_kernels as shared
from battuta.health.cell_filter_kernels import FloatArray32
from battuta.health.cell_filter_tables import CellLaw
from battuta.numerics.arrays import FloatArray, IntArray

RELAXATION_V_START = 0.005
"""Doubt of a relaxation at the start. [V]"""
RESISTANCE_SHARE_START = 0.15
"""Doubt of a resistance at the start. [-]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellFilterState:
    """Where the filter of a string stands: plain arrays that may be written to disk and read again.

    Attributes
    ----------
    n_cells : int
        Number of cells.
    time_ns : ndarray of int, shape (1,)
        Time of the last row, -1 before the first. [ns]
    string : ndarray, shape (STRING,)
        What the cells share; the order is that of `current_offset_kernels`.
    cells : ndarray of float32, shape (n_blocks, STATE)
        The cells, 32 to a block; the order is that of `cell_filter_kernels`.
    """

    n_cells: int
    time_ns: IntArray
    string: FloatArray
    cells: FloatArray32

    @property
    def soc(self) -> FloatArray:
        """State of charge of each cell. [-]"""
        return of_cells(self.cells, kernels.SOC, self.n_cells)

    @property
    def capacity_ah(self) -> FloatArray:
        """Capacity of each cell that the filter counts with. [Ah]"""
        return 1.0 / of_cells(self.cells, kernels.PER_AH, self.n_cells)

    def copy(self) -> CellFilterState:
        """Return a state of its own arrays."""
        return CellFilterState(
            n_cells=self.n_cells, time_ns=self.time_ns.copy(), string=self.string.copy(), cells=self.cells.copy()
        )

    def with_cells(self, *, capacity_ah: FloatArray | None = None, leak_a: FloatArray | None = None) -> CellFilterState:
        """Return the state with other capacities or leaks.

        Parameters
        ----------
        capacity_ah : ndarray, shape (n_cells,), optional
            Capacity of each cell. [Ah]
        leak_a : ndarray, shape (n_cells,), optional
            Current that each cell loses inside, beside what the balancer takes. [A]

        Returns
        -------
        CellFilterState
            The new state.
        """
        state = self.copy()
        for name, values, first in (("capacity_ah", capacity_ah, kernels.PER_AH), ("leak_a", leak_a, kernels.LEAK)):
            if values is None:
                continue
            is_capacity = first == kernels.PER_AH
            bad = np.flatnonzero(~np.isfinite(values) | ((values <= 0.0) & is_capacity))
            if values.shape != (self.n_cells,) or bad.size:
                message = (
                    f"{name} has shape {values.shape} and no usable value for the cells {bad[:5].tolist()}: one finite "
                    f"value for each of {self.n_cells} cells is needed, and a capacity is above 0"
                )
                raise DataError(message)
            _write_cells(state.cells, first, 1.0 / values if is_capacity else values)
            if is_capacity:
                state.string[shared.TYPICAL_AH] = np.median(values)
        return state


def start_cell_filter(
    law: CellLaw, n_cells: int, *, soc: float, soc_deviation: float = 0.1, offset_deviation_a: float = 1.0
) -> CellFilterState:
    """Begin to follow a string.

    Parameters
    ----------
    law : CellLaw
        Kind of the cells.
    n_cells : int
        Number of cells.
    soc, soc_deviation : float
        State of charge of the string, as its management system tells it, and how far it may be off. [-]
    offset_deviation_a : float
        How far the current sensor may be off; at once and for good. [A]

    Returns
    -------
    CellFilterState
        The state before the first row.
    """
    if not 0.0 <= soc <= 1.0:
        raise InvalidQuantityError("soc", soc, 0.0, 1.0, "-", where="start_cell_filter")
    if n_cells < 1:
        raise InvalidQuantityError("n_cells", n_cells, 1, np.inf, "-", where="start_cell_filter")
    resistance_deviation_ohm = RESISTANCE_SHARE_START * law.resistance_ohm
    string = np.zeros(shared.STRING)
    string[shared.TEMPERATURE_C] = 25.0
    string[shared.REF_SOC], string[shared.REF_RESISTANCE] = soc, law.resistance_ohm
    string[shared.REF_CONSISTENCY], string[shared.TYPICAL_AH] = 1.0, law.capacity_ah
    doubts = (soc_deviation, RELAXATION_V_START, resistance_deviation_ohm, offset_deviation_a)
    for state, doubt in enumerate(doubts):
        string[shared.COVARIANCE + 5 * state] = doubt**2
    cells = np.zeros((-(-n_cells // kernels.BLOCK), kernels.STATE), dtype=np.float32)
    for first, value in (
        (kernels.SOC, soc),
        (kernels.RESISTANCE, law.resistance_ohm),
        (kernels.ZZ, soc_deviation**2),
        (kernels.VV, RELAXATION_V_START**2),
        (kernels.RR, resistance_deviation_ohm**2),
        (kernels.CONSISTENCY, 1.0),
        (kernels.PER_AH, 1.0 / law.capacity_ah),
    ):
        cells[:, first : first + kernels.BLOCK] = value
    return CellFilterState(n_cells=n_cells, time_ns=np.array([-1], dtype=np.int64), string=string, cells=cells)


def of_cells(blocks: FloatArray32, first: int, n_cells: int) -> FloatArray:
    """Read one row of the state of all cells.

    Parameters
    ----------
    blocks : ndarray of float32, shape (..., n_blocks, STATE)
        State.
    first : int
        Row of the state, such as ``SOC`` of `cell_filter_kernels`.
    n_cells : int
        Number of cells.

    Returns
    -------
    ndarray, shape (..., n_cells)
        Its values.
    """
    rows = blocks[..., first : first + kernels.BLOCK].astype(np.float64)
    return rows.reshape(*blocks.shape[:-2], -1)[..., :n_cells]


def _write_cells(blocks: FloatArray32, first: int, values: FloatArray) -> None:
    for each in range(blocks.shape[0]):
        part = values[each * kernels.BLOCK : (each + 1) * kernels.BLOCK]
        blocks[each, first : first + part.size] = part
