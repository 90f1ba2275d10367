"""Cells by themselves: at rest, stepped by given currents, and the energy they hold."""

from __future__ import annotations

import numpy as np

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.physics.cell_arrays import CellArrays, CellTables
from battuta.physics.cell_block_kernels import SCRATCH
from battuta.physics.cell_kernels import MEMORY, step_cells
from battuta.physics.cell_parameters import CellParameters


def resting_cells(parameters: CellParameters, n_cells: int, *, soc: float, temperature_c: float) -> CellArrays:
    """Sound cells after a long rest.

    Parameters
    ----------
    parameters : CellParameters
        Kind of cell.
    n_cells : int
        Number of cells.
    soc : float
        State of charge. [-]
    temperature_c : float
        Temperature. [degC]

    Returns
    -------
    CellArrays
        Cells without hysteresis, relaxation, leak or joints; the arrays may be written.

    Examples
    --------
    >>> from battuta.physics.cell_parameters import cell_parameters
    >>> cells = resting_cells(cell_parameters("lfp_314ah"), 416, soc=0.5, temperature_c=25.0)
    >>> float(cells.voltage_v[0])
    3.2925
    """
    if not 0.0 <= soc <= 1.0:
        raise InvalidQuantityError("soc", soc, 0.0, 1.0, "-")
    cells = CellArrays(*(np.zeros(n_cells) for _ in CellArrays._fields))
    cells.soc[:] = soc
    cells.temperature_c[:] = temperature_c
    cells.capacity_ah[:] = parameters.capacity_ah
    cells.resistance_factor[:] = 1.0
    ocv_v = np.interp(soc, np.linspace(0.0, 1.0, parameters.ocv_v.size), parameters.ocv_v)
    cells.voltage_v[:] = cells.voltage_v_mean[:] = ocv_v
    return cells


def drive_cells(
    tables: CellTables, cells: CellArrays, cell_offset: IntArray, current_a: FloatArray, duration_s: float, *,
    current_rms_a: FloatArray | None = None,
) -> FloatArray:  # fmt: skip
    """Carry strings of cells over one step of given currents, in place; no limit is kept.

    Parameters
    ----------
    tables : CellTables
        Equations.
    cells : CellArrays
        Cells; state, voltages and heat are overwritten, temperatures stay.
    cell_offset : ndarray of int, shape (n_strings + 1,)
        First cell of each string.
    current_a : ndarray, shape (n_strings,)
        Mean current, discharge positive. [A]
    duration_s : float
        Length of the step. [s]
    current_rms_a : ndarray, shape (n_strings,), optional
        Root mean square of the current inside the step; that of a constant current where omitted. [A]

    Returns
    -------
    ndarray, shape (n_strings, 5)
        Energy at the terminals, heat of resistances, of hysteresis, of leaks, of entropy. [J]

    Examples
    --------
    >>> from battuta.physics.cell_parameters import cell_parameters
    >>> sony = cell_parameters("sony_lfp_3ah")
    >>> cells = resting_cells(sony, 1, soc=0.5, temperature_c=25.0)
    >>> joule = drive_cells(sony.tables(), cells, np.array([0, 1]), np.array([3.0]), 600.0)
    >>> round(float(cells.soc[0]), 4)
    0.3333
    """
    rms_a = np.abs(current_a) if current_rms_a is None else current_rms_a
    if rms_a.shape != current_a.shape or cell_offset.shape != (current_a.size + 1,):
        message = (
            f"current_a {current_a.shape}, current_rms_a {rms_a.shape} and cell_offset {cell_offset.shape} disagree; "
            "one current for each string and one more offset are needed"
        )
        raise DataError(message)
    account_j = np.zeros((current_a.size, 5))
    memory, scratch = np.empty((current_a.size, MEMORY)), np.empty(SCRATCH)
    step_cells(tables, cells, cell_offset, current_a, rms_a, duration_s, account_j, memory, scratch)
    return account_j


def stored_j(tables: CellTables, cells: CellArrays) -> FloatArray:
    """Energy in each cell's stores above soc 0: open circuit, relaxations, hysteresis.

    Parameters
    ----------
    tables : CellTables
        Equations.
    cells : CellArrays
        Cells.

    Returns
    -------
    ndarray, shape (n_cells,)
        Energy. [J]
    """
    nodes = tables.ocv_v.size - 1
    node = np.clip((cells.soc * nodes).astype(np.int64), 0, nodes - 1)
    x = cells.soc * nodes - node
    rise = tables.ocv_v[node + 1] - tables.ocv_v[node]
    integral = tables.ocv_integral_v[node] + x * (tables.ocv_v[node] + 0.5 * x * rise) / nodes
    lag = 0.5 * tables.hysteresis_v / tables.hysteresis_rate * cells.hysteresis**2
    energy = cells.capacity_ah * 3600.0 * (integral + lag)
    for (ohm, time_s), volt in zip(tables.relaxation, (cells.relaxation_v_first, cells.relaxation_v_last), strict=True):
        energy = energy + (0.5 * time_s / ohm * volt**2 if ohm > 0.0 else 0.0)
    return energy
