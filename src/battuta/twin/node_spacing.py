"""Whether stress tables are fine enough: without every second node some lives must hardly move."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from battuta.numerics.arrays import FloatArray, IntArray
from battuta.twin.lives_shared import LifeAsk, LifeDraws, live_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from battuta.physics.ageing.ageing_law import AgeingLaw
    from battuta.twin.lives import Lives
    from battuta.twin.lives_days import LifeDays
    from battuta.twin.stress_tables import Spread, StressTables

MOVED = 2e-3
"""Capacity that lives may move by when every second node is left out: with all of them it is off by a third, as the
error of straight lines falls with the square of their length. [-]"""
_DAYS_PER_STEP = 31
_N_LOSSES = 24
_N_SPREAD = 4


class Spacing(NamedTuple):
    """How far lives move without every second node of capacity, and of resistance. [-]"""

    by_soh_capacity: float
    by_soh_resistance: float


def spacings(
    tables: Sequence[StressTables],
    laws: Sequence[AgeingLaw],
    draws: LifeDraws,
    days: LifeDays,
    *,
    spread: Spread | None = None,
) -> list[Spacing]:
    """Live some lives with all nodes of tables, and without every second one.

    Parameters
    ----------
    tables : sequence of StressTables
        The tables.
    laws : sequence of AgeingLaw
        Ageing models.
    draws : LifeDraws
        The lives; see `telling_lives`.
    days : LifeDays
        Days of a life.
    spread : Spread, optional
        Where it is done.

    Returns
    -------
    list of Spacing
        Largest difference of capacity in any year of any life.
    """
    every = [part for each in tables for part in (each, _thinned(each, 0), _thinned(each, 1))]
    asked = [LifeAsk(tables=each, draws=draws) for each in every]
    lives = live_all(asked, laws, days, days_per_step=_DAYS_PER_STEP, n_losses=_N_LOSSES, spread=spread)
    whole, fewer_q, fewer_r = lives[::3], lives[1::3], lives[2::3]
    return [
        Spacing(_moved(one, two), _moved(one, three)) for one, two, three in zip(whole, fewer_q, fewer_r, strict=True)
    ]


def telling_lives(reach: Sequence[Lives], draws: LifeDraws) -> LifeDraws:
    """Choose those that went furthest by each model, the first few beside them.

    Parameters
    ----------
    reach : sequence of Lives
        Lives of the draws, one after the other.
    draws : LifeDraws
        All lives.

    Returns
    -------
    LifeDraws
        A handful of them.
    """
    chosen: set[int] = set()
    for law in np.unique(draws.law_of_life):
        own = np.flatnonzero(draws.law_of_life == law)
        chosen.update(own[:_N_SPREAD].tolist())
        for lives in reach:
            for end in (lives.soh_capacity[own, -1], lives.soh_resistance[own, -1]):
                chosen.update((int(own[end.argmin()]), int(own[end.argmax()])))
    return _picked(draws, np.array(sorted(chosen), dtype=np.int64))


def doubled(nodes: FloatArray) -> FloatArray:
    """Put a node into the middle of each interval, shape (2 n - 1,)."""
    return np.sort(np.concatenate((nodes, 0.5 * (nodes[1:] + nodes[:-1]))))


def _moved(one: Lives, two: Lives) -> float:
    return float(np.abs(one.soh_capacity - two.soh_capacity).max())


def _picked(draws: LifeDraws, own: IntArray) -> LifeDraws:
    shift, new = draws.exponent_shift, draws.soh_resistance_new
    return LifeDraws(
        law_of_life=draws.law_of_life[own],
        rate=draws.rate[own],
        exponent_shift=None if shift is None else shift[own],
        soh_resistance_new=None if new is None else new[own],
    )


def _thinned(tables: StressTables, axis: int) -> StressTables:
    """Every second node from the new battery on, and the last: of resistance on both sides of 1."""
    nodes = (tables.soh_capacity, tables.soh_resistance)[axis]
    new = int(np.argmin(np.abs(nodes - 1.0)))
    keep = np.array([each for each in range(nodes.size) if (each - new) % 2 == 0 or each in {0, nodes.size - 1}])
    return replace(
        tables,
        soh_capacity=nodes[keep] if axis == 0 else tables.soh_capacity,
        soh_resistance=nodes[keep] if axis == 1 else tables.soh_resistance,
        stresses=tuple(np.take(each, keep, axis=axis) for each in tables.stresses),
        flows=np.take(tables.flows, keep, axis=axis),
        usable_kwh=np.take(tables.usable_kwh, keep, axis=axis),
        shortfall_share=np.take(tables.shortfall_share, keep, axis=axis),
    )
