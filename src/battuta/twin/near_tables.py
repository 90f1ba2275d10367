"""Stress tables that span where lives go: lived once at the stress of a new battery to see how far that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.twin.lives_shared import LifeAsk, live_all
from battuta.twin.node_days import NodeDays, walk_node
from battuta.twin.stress_tables import StressTables, TableAsk, all_stress_tables, tables_of_new

if TYPE_CHECKING:
    from collections.abc import Sequence

    from battuta.physics.ageing.ageing_law import AgeingLaw
    from battuta.physics.life_pack import LifePack
    from battuta.physics.life_pack_walk import PackDuty
    from battuta.twin.lives import Lives
    from battuta.twin.lives_days import LifeDays
    from battuta.twin.lives_shared import LifeDraws
    from battuta.twin.stress_tables import Spread

N_NODES = (3, 3)
_CAPACITY_LOW = 0.3
_RESISTANCE_HIGH = 6.0
_MARGIN = 0.05
_DAYS_PER_STEP = 31
"""At one node health changes nothing, and steps may be long."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NewBattery:
    """A battery, its years of duty in order, and what they do to it when new."""

    pack: LifePack
    duties: Sequence[PackDuty]
    new: NodeDays


def near_tables(
    pack: LifePack,
    duties: Sequence[PackDuty],
    laws: Sequence[AgeingLaw],
    draws: LifeDraws,
    days: LifeDays,
    *,
    n_nodes: tuple[int, int] = N_NODES,
    spread: Spread | None = None,
) -> StressTables:
    """Stress tables whose nodes span where the lives will go, found by living them once at the stress of a new battery.

    Parameters
    ----------
    pack : LifePack
        The battery.
    duties : sequence of PackDuty
        Years of duty, in order.
    laws : sequence of AgeingLaw
        Ageing models.
    draws : LifeDraws
        Lives whose reach decides: all lives of the study, whoever lives them later.
    days : LifeDays
        Days of a life.
    n_nodes : tuple of int
        Nodes of capacity and of resistance.
    spread : Spread, optional
        Where nodes are walked.

    Returns
    -------
    StressTables
        The tables.
    """
    TableAsk(pack=pack, duties=duties, soh_capacity=np.ones(1), soh_resistance=np.ones(1))  # refuses before it walks
    battery = NewBattery(pack=pack, duties=duties, new=walk_node((1.0, 1.0), pack, duties, laws))
    return all_near_tables([battery], laws, draws, days, n_nodes=n_nodes, spread=spread)[0]


def all_near_tables(
    batteries: Sequence[NewBattery],
    laws: Sequence[AgeingLaw],
    draws: LifeDraws,
    days: LifeDays,
    *,
    n_nodes: tuple[int, int] = N_NODES,
    together: Sequence[int] | None = None,
    spread: Spread | None = None,
) -> list[StressTables]:
    """Tables of several batteries whose lives have the same draws, walked at once; otherwise as `near_tables`.

    Parameters
    ----------
    batteries : sequence of NewBattery
        The batteries, walked when new.
    laws, draws, days, n_nodes, spread
        As for `near_tables`.
    together : sequence of int or None
        A number for each battery; those of one number have the same nodes, so that a life can go from one to the other.
        Each has nodes of its own where left out.

    Returns
    -------
    list of StressTables
        The tables, in their order.
    """
    asked = [LifeAsk(tables=tables_of_new(each.new, laws), draws=draws) for each in batteries]
    reach = live_all(asked, laws, days, days_per_step=_DAYS_PER_STEP, spread=spread)
    groups = list(range(len(reach)) if together is None else together)
    of_group = {each: [lives for own, lives in zip(groups, reach, strict=True) if own == each] for each in groups}
    spanning = [_spanning(each, of_group[own], n_nodes) for own, each in zip(groups, batteries, strict=True)]
    return all_stress_tables(spanning, laws, spread=spread)


def _spanning(battery: NewBattery, reach: Sequence[Lives], n_nodes: tuple[int, int]) -> TableAsk:
    """Nodes from the new battery to a margin beyond the lives that went furthest, on both sides of 1 where they do."""
    low = max(min(float(each.soh_capacity.min()) for each in reach) - _MARGIN, _CAPACITY_LOW)
    highest = max(float(each.soh_resistance.max()) for each in reach)
    high = max(min(highest + _MARGIN, _RESISTANCE_HIGH), 1.0 + _MARGIN)
    least = min(float(each.soh_resistance.min()) for each in reach)
    resistances = _nodes(1.0, high, n_nodes[1])
    return TableAsk(
        pack=battery.pack,
        duties=battery.duties,
        soh_capacity=_nodes(low, 1.0, n_nodes[0]),
        soh_resistance=resistances if least >= 1.0 else np.concatenate(([least], resistances)),
        new=battery.new,
    )


def _nodes(low: float, high: float, n_nodes: int) -> FloatArray:
    return np.linspace(low, high, n_nodes) if n_nodes > 1 else np.ones(1)
