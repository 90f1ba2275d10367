"""Capacity of each cell from the charge between two known states of charge, with errors on both sides.

A least-squares fit that holds one side for exact is biased; the total one weighs the error of the charge and the error
of the states of charge. Its misfit is kept on a grid of capacities, so that it is exact for errors of any ratio, needs
no history, and forgets slowly, for cells age.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.numerics.arrays import BoolArray, FloatArray

MEMORY_D = 365.0
"""Time after which what was seen counts for a third. [d]"""
SHARE_LOW, SHARE_HIGH, SHARE_STEP = 0.40, 1.25, 0.005
"""Grid of capacities over that of a new cell. [-]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CapacityMisfit:
    """What was seen of the capacities.

    Attributes
    ----------
    nominal_ah : float
        Capacity of a new cell. [Ah]
    misfit : ndarray, shape (n_shares, n_cells)
        Sum of squared distances over their variance, if the capacity of a cell were this share of nominal. [-]
    """

    nominal_ah: float
    misfit: FloatArray

    @property
    def n_cells(self) -> int:
        """Number of cells."""
        return int(self.misfit.shape[1])


def shares() -> FloatArray:
    """Grid of capacities over that of a new cell. [-]"""
    return np.linspace(SHARE_LOW, SHARE_HIGH, round((SHARE_HIGH - SHARE_LOW) / SHARE_STEP) + 1)


def start_capacity(n_cells: int, nominal_ah: float, deviation_share: float = 0.03) -> CapacityMisfit:
    """Begin with what is believed of new cells.

    Parameters
    ----------
    n_cells : int
        Number of cells.
    nominal_ah : float
        Capacity of a new cell. [Ah]
    deviation_share : float
        How far the capacity of a cell may be off it. [-]

    Returns
    -------
    CapacityMisfit
        The misfit that this belief leaves.
    """
    if not 0.0 < nominal_ah < np.inf:
        raise InvalidQuantityError("nominal_ah", nominal_ah, 0.0, np.inf, "Ah", where="start_capacity", above_low=True)
    believed = ((shares() - 1.0) / deviation_share) ** 2
    return CapacityMisfit(nominal_ah=nominal_ah, misfit=np.repeat(believed[:, None], n_cells, axis=1))


def add_charge(
    seen: CapacityMisfit,
    *,
    soc_fall: FloatArray,
    soc_fall_deviation: FloatArray,
    charge_ah: FloatArray,
    charge_deviation_ah: FloatArray,
    days: float = 0.0,
    cells: BoolArray | None = None,
) -> CapacityMisfit:
    """Add the charge between two known states of charge.

    Parameters
    ----------
    seen : CapacityMisfit
        What was seen before.
    soc_fall, soc_fall_deviation : ndarray, shape (n_cells,)
        State of charge at the first anchor less that at the second, and its standard deviation. [-]
    charge_ah, charge_deviation_ah : ndarray, shape (n_cells,)
        Charge taken out in between, positive where the cell was emptied, what was bled included; and its standard
        deviation. [Ah]
    days : float
        Time since the charge before was added; what is older counts less. [d]
    cells : ndarray of bool, shape (n_cells,), optional
        Cells that are meant; all where nothing is said.

    Returns
    -------
    CapacityMisfit
        What is seen now.
    """
    chosen = np.ones(seen.n_cells, dtype=np.bool_) if cells is None else cells
    x, y = soc_fall[chosen], charge_ah[chosen] / seen.nominal_ah
    x_doubt, y_doubt = soc_fall_deviation[chosen], charge_deviation_ah[chosen] / seen.nominal_ah
    fine = np.isfinite(x) & np.isfinite(y) & (x_doubt > 0.0) & (y_doubt > 0.0)
    if not fine.all():
        bad = np.flatnonzero(chosen)[~fine]
        message = (
            f"cells {bad[:5].tolist()} have no finite charge between two states of charge, or one without an error; "
            "leave such cells out by cells="
        )
        raise DataError(message)
    misfit = seen.misfit * np.exp(-days / MEMORY_D)
    share = shares()[:, None]
    misfit[:, chosen] += (y - share * x) ** 2 / (y_doubt**2 + share**2 * x_doubt**2)
    return CapacityMisfit(nominal_ah=seen.nominal_ah, misfit=misfit)


def told_capacity_ah(seen: CapacityMisfit) -> tuple[FloatArray, FloatArray]:
    """Capacity of each cell by total least squares.

    Parameters
    ----------
    seen : CapacityMisfit
        What was seen.

    Returns
    -------
    capacity_ah, capacity_deviation_ah : ndarray, shape (n_cells,)
        Capacity and its standard deviation. [Ah]

    References
    ----------
    .. [1] G. L. Plett, "Recursive approximate weighted total least squares estimation of battery cell total capacity",
       Journal of Power Sources 196 (2011) 2319-2331. The misfit is its equation of weighted total least squares; the
       approximation, which fails where one side errs much more than the other, is not needed on a grid.

    Examples
    --------
    >>> seen = start_capacity(1, 314.0)
    >>> for _ in range(20):
    ...     seen = add_charge(
    ...         seen,
    ...         soc_fall=np.array([0.7]),
    ...         soc_fall_deviation=np.array([0.01]),
    ...         charge_ah=np.array([0.7 * 300.0]),
    ...         charge_deviation_ah=np.array([1.0]),
    ...     )
    >>> [round(float(each[0]), 1) for each in told_capacity_ah(seen)]
    [300.2, 1.0]
    """
    best = np.clip(np.argmin(seen.misfit, axis=0), 1, seen.misfit.shape[0] - 2)
    low, middle, high = (np.take_along_axis(seen.misfit, (best + step)[None], axis=0)[0] for step in (-1, 0, 1))
    bend = np.maximum(high - 2.0 * middle + low, 1e-12)
    turn = np.clip(0.5 * (low - high) / bend, -1.0, 1.0)
    share = SHARE_LOW + SHARE_STEP * (best + turn)
    return seen.nominal_ah * share, seen.nominal_ah * SHARE_STEP * np.sqrt(2.0 / bend)
