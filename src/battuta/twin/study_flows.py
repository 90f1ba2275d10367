"""What a strategy earns and pays in each year of each life."""

from __future__ import annotations

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.twin.lives import Lives
from battuta.twin.outlook import DrawnYears
from battuta.twin.stress_tables import StressTables
from battuta.twin.yearly_flows import YearlyFlows

HOURS_PER_YEAR = 8766.0


def study_flows(lives: Lives, years: DrawnYears, *, sold_kw: float, served_share: FloatArray) -> YearlyFlows:
    """Sales of response and energy, and what charging costs.

    Parameters
    ----------
    lives : Lives
        Energies of each life and year.
    years : DrawnYears
        Prices and availability of the same lives.
    sold_kw : float
        Response that is sold all year. [kW]
    served_share : ndarray, shape (n_lives, n_years)
        Share of what is asked that the aged battery still does; response that is not given is not paid. [-]

    Returns
    -------
    YearlyFlows
        The flows, at nominal prices; augmentation is left at 0.
    """
    capacity = sold_kw / 1e3 * HOURS_PER_YEAR * years.capacity_price_per_mw_h * years.availability * served_share
    energy = lives.discharged_mwh * years.energy_price_per_mwh * years.availability
    none = np.zeros_like(energy)
    return YearlyFlows(
        revenue=capacity + energy,
        charging_cost=lives.charged_mwh * years.energy_price_per_mwh * years.availability,
        variable_cost=none,
        augmentation=none,
        discharged_mwh=lives.discharged_mwh * years.availability,
    )


def served_share(tables: StressTables, lives: Lives) -> FloatArray:
    """Share of what is asked that each life still does in each year, by its state as the year begins.

    Returns
    -------
    ndarray, shape (n_lives, n_years)
        1 less the shortfall between the nodes of the tables. [-]
    """
    capacity, resistance = lives.soh_capacity[:, :-1], lives.soh_resistance[:, :-1]
    i, x = _between(tables.soh_capacity, capacity)
    j, y = _between(tables.soh_resistance, resistance)
    up_i = np.minimum(i + 1, tables.soh_capacity.size - 1)
    up_j = np.minimum(j + 1, tables.soh_resistance.size - 1)
    missed = tables.shortfall_share
    low = (1.0 - y) * missed[i, j] + y * missed[i, up_j]
    high = (1.0 - y) * missed[up_i, j] + y * missed[up_i, up_j]
    return np.clip(1.0 - ((1.0 - x) * low + x * high), 0.0, 1.0)


def _between(
    nodes: FloatArray, value: FloatArray
) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.int64]], FloatArray]:
    if nodes.size == 1:
        return np.zeros(value.shape, dtype=np.int64), np.zeros(value.shape)
    at = np.clip(np.searchsorted(nodes, value, side="right") - 1, 0, nodes.size - 2).astype(np.int64)
    return at, np.clip((value - nodes[at]) / (nodes[at + 1] - nodes[at]), 0.0, 1.0)
