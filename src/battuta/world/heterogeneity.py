"""No two cells are alike: capacity, resistance, self-discharge and place in the coolant of each cell, by seed.

Cell k of a site is the same cell however many cells the site has.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import InvalidQuantityError
from battuta.numerics.arrays import FloatArray
from battuta.numerics.sampling import generator

_FACTOR_MIN = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class CellSpread:
    """How far the cells of a delivery differ; invented, of the order that incoming inspections report.

    Attributes
    ----------
    capacity_factor_deviation, resistance_factor_deviation : float
        Standard deviations of capacity and resistance over their mean. [-]
    correlation : float
        Correlation of resistance with capacity, mostly negative. [-]
    self_discharge_per_day : float
        Median share of the capacity that leaks away in a day. [1/day]
    self_discharge_spread : float
        Standard deviation of the logarithm of the leak. [-]
    coolant_jitter : float
        Standard deviation of the place in the coolant about the even spacing. [-]

    References
    ----------
    .. [1] K. Rumpf, M. Naumann, A. Jossen, "Experimental investigation of parametric cell-to-cell variation and
       correlation based on 1100 commercial lithium-ion cells", J. Energy Storage 14 (2017).
    """

    capacity_factor_deviation: float = 0.006
    resistance_factor_deviation: float = 0.03
    correlation: float = -0.3
    self_discharge_per_day: float = 0.0004
    self_discharge_spread: float = 0.35
    coolant_jitter: float = 0.02


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellPopulation:
    """What each cell of a site is like.

    Attributes
    ----------
    capacity_factor, resistance_factor : ndarray, shape (n_cells,)
        Of the type's capacity and resistance. [-]
    self_discharge_per_day : ndarray, shape (n_cells,)
        Share of the capacity that leaks away in a day. [1/day]
    coolant_position : ndarray, shape (n_cells,)
        0 at the inlet of the coolant, 1 at the outlet. [-]
    """

    capacity_factor: FloatArray
    resistance_factor: FloatArray
    self_discharge_per_day: FloatArray
    coolant_position: FloatArray


def cell_population(
    seed: int, site: int, n_cells: int, spread: CellSpread | None = None, *, n_per_coolant_path: int = 16
) -> CellPopulation:
    """Draw the cells of a site.

    Parameters
    ----------
    seed : int
        Seed of the world.
    site : int
        Number of the site.
    n_cells : int
        Number of cells, numbered along the strings. [-]
    spread : CellSpread, optional
        How far they differ.
    n_per_coolant_path : int
        Neighbouring cells that one coolant path passes, inlet first. [-]

    Returns
    -------
    CellPopulation
        One value a cell.

    Examples
    --------
    >>> few, many = cell_population(1, 3, 2), cell_population(1, 3, 200)
    >>> bool((few.capacity_factor == many.capacity_factor[:2]).all())
    True
    """
    for name, value in (("n_cells", n_cells), ("n_per_coolant_path", n_per_coolant_path)):
        if value < 1:
            raise InvalidQuantityError(name, value, 1, np.inf, "-", where="cell_population")
    kind = spread or CellSpread()
    draws = generator(seed, "world.cells", site=site).standard_normal((n_cells, 4))
    shared = kind.correlation * draws[:, 0] + np.sqrt(1.0 - kind.correlation**2) * draws[:, 1]
    even = (np.arange(n_cells) % n_per_coolant_path) / max(n_per_coolant_path - 1, 1)
    return CellPopulation(
        capacity_factor=np.maximum(1.0 + kind.capacity_factor_deviation * draws[:, 0], _FACTOR_MIN),
        resistance_factor=np.maximum(1.0 + kind.resistance_factor_deviation * shared, _FACTOR_MIN),
        self_discharge_per_day=kind.self_discharge_per_day * np.exp(kind.self_discharge_spread * draws[:, 2]),
        coolant_position=np.clip(even + kind.coolant_jitter * draws[:, 3], 0.0, 1.0),
    )
