"""Stress tables that span where lives go: lived once at the stress of a new battery to see how far that is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.twin.lives_shared import LifeAsk, live_all
from battuta.twin.node_days import NodeDays, walk_node
from battuta.twin.node_spacing import MOVED, doubled, spacings, telling_lives
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
"""With which tables begin; lives that move without every second node ask for more."""
_N_NODES_MOST = (17, 9)
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
    n_nodes: tuple[int, int] | None = None,
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
    n_nodes : tuple of int or None
        Nodes of capacity and of resistance; as many as the lives need where left out.
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
    n_nodes: tuple[int, int] | None = None,
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
    spanning = [_spanning(each, of_group[own], n_nodes or N_NODES) for own, each in zip(groups, batteries, strict=True)]
    if n_nodes is not None:
        return all_stress_tables(spanning, laws, spread=spread)
    return _fine_tables(spanning, groups, laws, telling_lives(reach, draws), days, spread)


def _fine_tables(
    asked: Sequence[TableAsk],
    groups: Sequence[int],
    laws: Sequence[AgeingLaw],
    draws: LifeDraws,
    days: LifeDays,
    spread: Spread | None,
) -> list[StressTables]:
    """Walk tables, and put nodes between until the lives no longer ask for more; those of a group alike."""
    tables = all_stress_tables(asked, laws, spread=spread)
    while True:
        moved = spacings(tables, laws, draws, days, spread=spread)
        worst = {own: np.max([by for of, by in zip(groups, moved, strict=True) if of == own], axis=0) for own in groups}
        finer = [_finer(ask, worst[own]) for own, ask in zip(groups, asked, strict=True)]
        if finer == list(asked):
            return tables
        asked = [
            ask if ask is before else replace(ask, known=had)
            for ask, before, had in zip(finer, asked, tables, strict=True)
        ]
        tables = all_stress_tables(asked, laws, spread=spread)


def _finer(ask: TableAsk, moved: FloatArray) -> TableAsk:
    """Ask for nodes between on the axes that move lives too far; the same where none does."""
    nodes = [ask.soh_capacity, ask.soh_resistance]
    for axis in range(2):
        if moved[axis] > MOVED and 2 * nodes[axis].size - 1 <= _N_NODES_MOST[axis]:
            nodes[axis] = doubled(nodes[axis])
    if all(one.size == two.size for one, two in zip(nodes, (ask.soh_capacity, ask.soh_resistance), strict=True)):
        return ask
    return replace(ask, soh_capacity=nodes[0], soh_resistance=nodes[1])


def _spanning(battery: NewBattery, reach: Sequence[Lives], n_nodes: tuple[int, int]) -> TableAsk:
    """Nodes from the new battery to a margin beyond the lives that went furthest, on both sides of 1 where they do."""
    low = max(min(float(each.soh_capacity.min()) for each in reach) - _MARGIN, _CAPACITY_LOW)
    highest = max(float(each.soh_resistance.max()) for each in reach)
    high = max(min(highest + _MARGIN, _RESISTANCE_HIGH), 1.0 + _MARGIN)
    least = min(float(each.soh_resistance.min()) for each in reach)
    above = _nodes(1.0, high, n_nodes[1])
    below = np.linspace(least, 1.0, max(n_nodes[1], 2))[:-1] if least < 1.0 else np.empty(0)
    return TableAsk(
        pack=battery.pack,
        duties=battery.duties,
        soh_capacity=_nodes(low, 1.0, n_nodes[0]),
        soh_resistance=np.concatenate((below, above)),
        new=battery.new,
    )


def _nodes(low: float, high: float, n_nodes: int) -> FloatArray:
    return np.linspace(low, high, n_nodes) if n_nodes > 1 else np.ones(1)
