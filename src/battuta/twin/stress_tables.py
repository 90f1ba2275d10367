"""What a year of duty does to a battery at a few states of health: asked once, shared by thousands of lives.

A life is a sum of daily stresses, which depend on it through its slow state of health alone. So the fast walk, minute
by minute, is done at a few nodes of capacity and resistance; a life reads between them, day by day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.physics.life_pack_sampling import sampling_of
from battuta.physics.life_pack_walk import usable_energy_kwh
from battuta.twin.node_days import NodeDays, walk_node

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from battuta.physics.ageing.ageing_law import AgeingLaw
    from battuta.physics.life_pack import LifePack
    from battuta.physics.life_pack_walk import PackDuty

T = TypeVar("T")
R = TypeVar("R")


class Spread(Protocol):
    """Does pieces of work and gives their results in order, as the Compute port does."""

    def map(self, work: Callable[[T], R], pieces: Sequence[T]) -> list[R]:
        """Do all pieces."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StressTables:
    """Daily stresses over states of health.

    Attributes
    ----------
    laws : tuple of str
        Ageing models, by name.
    soh_capacity, soh_resistance : ndarray, shape (n_capacities,), (n_resistances,)
        Nodes, ascending. [-]
    stresses : tuple of ndarray, each of shape (n_capacities, n_resistances, n_days + n_again, n_slots)
        Stresses by each model.
    flows : ndarray, shape (n_capacities, n_resistances, n_days + n_again, 3)
        Delivered and drawn at the interconnection point [MWh], equivalent full cycles [-].
    usable_kwh, shortfall_share : ndarray, shape (n_capacities, n_resistances)
        AC energy of a full discharge [kWh]; energy asked and not met over energy asked [-].
    usable_kwh_new : float
        AC energy of a full discharge when new. [kWh]
    n_again : int
        Days after those of all duties: the first of them once more, as they are when a life comes to them again. [d]
    """

    laws: tuple[str, ...]
    soh_capacity: FloatArray
    soh_resistance: FloatArray
    stresses: tuple[FloatArray, ...]
    flows: FloatArray
    usable_kwh: FloatArray
    shortfall_share: FloatArray
    usable_kwh_new: float
    n_again: int = 0

    @property
    def n_days(self) -> int:
        """Days of all duties together."""
        return self.flows.shape[2] - self.n_again

    def with_again(self, of_day: FloatArray, n_again: int) -> FloatArray:
        """Days of a table, shape (..., n_days + n_again, n_columns), with at least so many that come again."""
        return np.concatenate((of_day, of_day[..., self.n_again : n_again, :]), axis=-2)

    def by_node(self) -> dict[tuple[float, float], NodeDays]:
        """What the duties do at each node of capacity and resistance."""
        return {
            (float(q), float(r)): NodeDays(
                stresses=tuple(each[i, j] for each in self.stresses),
                flows=self.flows[i, j],
                usable_kwh=float(self.usable_kwh[i, j]),
                shortfall_share=float(self.shortfall_share[i, j]),
                n_again=self.n_again,
            )
            for i, q in enumerate(self.soh_capacity)
            for j, r in enumerate(self.soh_resistance)
        }

    def new_stresses(self, law: int) -> FloatArray:
        """Daily stresses by one model of a battery that is new, or nearest to it, shape (n_days, n_slots)."""
        return self.stresses[law][-1, np.argmin(np.abs(self.soh_resistance - 1.0)), : self.n_days]

    def between(self, of_node: FloatArray, soh_capacity: FloatArray, soh_resistance: FloatArray) -> FloatArray:
        """Read figures of the nodes, shape (n_capacities, n_resistances), between them; held beyond their ends.

        Parameters
        ----------
        of_node : ndarray, shape (n_capacities, n_resistances)
            What is read.
        soh_capacity, soh_resistance : ndarray, of one shape
            Where. [-]

        Returns
        -------
        ndarray, of the shape of the places
            What is there.
        """
        i, up_i, x = _sides(self.soh_capacity, soh_capacity)
        j, up_j, y = _sides(self.soh_resistance, soh_resistance)
        low = (1.0 - y) * of_node[i, j] + y * of_node[i, up_j]
        high = (1.0 - y) * of_node[up_i, j] + y * of_node[up_i, up_j]
        return (1.0 - x) * low + x * high


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TableAsk:
    """Which tables are asked for.

    Attributes
    ----------
    pack : LifePack
        The battery.
    duties : sequence of PackDuty
        Years of duty, in the order in which they follow.
    soh_capacity, soh_resistance : ndarray, shape (n_capacities,), (n_resistances,)
        Nodes, ascending. [-]
    new : NodeDays or None
        What the duties do to the new battery, where it is known: that node is not walked again.
    known : StressTables or None
        Tables of some of the nodes, which are not walked again either.
    """

    pack: LifePack
    duties: Sequence[PackDuty]
    soh_capacity: FloatArray
    soh_resistance: FloatArray
    new: NodeDays | None = None
    known: StressTables | None = None

    def __post_init__(self) -> None:
        """Refuse what has no tables."""
        if not self.duties:
            message = "stress tables need a duty; got none"
            raise DataError(message)
        for name, nodes in (("soh_capacity", self.soh_capacity), ("soh_resistance", self.soh_resistance)):
            if nodes.ndim != 1 or nodes.size == 0 or np.any(np.diff(nodes) <= 0.0):
                message = f"stress tables: nodes of {name} must ascend; got {nodes.tolist()}"
                raise DataError(message)
        for each in self.duties:
            sampling_of(each)

    def had(self) -> dict[tuple[float, float], NodeDays]:
        """What need not be walked."""
        found = {} if self.known is None else self.known.by_node()
        return found if self.new is None else found | {(1.0, 1.0): self.new}

    @property
    def nodes(self) -> list[tuple[float, float]]:
        """States of health, the resistances of each capacity together."""
        return [(float(q), float(r)) for q in self.soh_capacity for r in self.soh_resistance]


def stress_tables(
    pack: LifePack,
    duties: Sequence[PackDuty],
    laws: Sequence[AgeingLaw],
    soh_capacity: FloatArray,
    soh_resistance: FloatArray,
    *,
    spread: Spread | None = None,
) -> StressTables:
    """Walk the duties at each node.

    Parameters
    ----------
    pack : LifePack
        The battery.
    duties : sequence of PackDuty
        Years of duty, in the order in which they follow.
    laws : sequence of AgeingLaw
        Ageing models.
    soh_capacity, soh_resistance : ndarray, shape (n_capacities,), (n_resistances,)
        Nodes, ascending. [-]
    spread : Spread, optional
        Where nodes are walked; one after the other here without it.

    Returns
    -------
    StressTables
        The tables.

    Raises
    ------
    DataError
        If a duty is sampled too coarsely to count its cycles, see `sampling_of`.
    """
    ask = TableAsk(pack=pack, duties=duties, soh_capacity=soh_capacity, soh_resistance=soh_resistance)
    return all_stress_tables([ask], laws, spread=spread)[0]


def all_stress_tables(
    asked: Sequence[TableAsk], laws: Sequence[AgeingLaw], *, spread: Spread | None = None
) -> list[StressTables]:
    """Walk the nodes of several tables at once, so that many workers are busy to the end; otherwise `stress_tables`.

    Parameters
    ----------
    asked : sequence of TableAsk
        What is walked.
    laws : sequence of AgeingLaw
        Ageing models.
    spread : Spread, optional
        Where nodes are walked.

    Returns
    -------
    list of StressTables
        The tables, in their order.
    """
    if not laws:
        message = "stress tables need an ageing model; got none"
        raise DataError(message)
    had = [each.had() for each in asked]
    places = [(number, node) for number, each in enumerate(asked) for node in each.nodes if node not in had[number]]

    def work(place: tuple[int, tuple[float, float]]) -> NodeDays:
        number, node = place
        return walk_node(node, asked[number].pack, asked[number].duties, laws)

    done = [work(each) for each in places] if spread is None else spread.map(work, places)
    found = dict(zip(places, done, strict=True))
    return [
        _laid_out(each, laws, [had[number].get(node) or found[number, node] for node in each.nodes])
        for number, each in enumerate(asked)
    ]


def tables_of_new(new: NodeDays, laws: Sequence[AgeingLaw]) -> StressTables:
    """Tables of one node, the new battery: at its stress a life is lived as if health changed nothing.

    Parameters
    ----------
    new : NodeDays
        What the duties do to the new battery.
    laws : sequence of AgeingLaw
        Ageing models by which it was asked.

    Returns
    -------
    StressTables
        The tables.
    """
    return _stacked([new], np.ones(1), np.ones(1), laws, new.usable_kwh)


def _laid_out(ask: TableAsk, laws: Sequence[AgeingLaw], nodes: Sequence[NodeDays]) -> StressTables:
    usable_kwh_new = usable_energy_kwh(ask.pack) if ask.new is None else ask.new.usable_kwh
    return _stacked(nodes, ask.soh_capacity, ask.soh_resistance, laws, usable_kwh_new)


def _stacked(
    nodes: Sequence[NodeDays],
    soh_capacity: FloatArray,
    soh_resistance: FloatArray,
    laws: Sequence[AgeingLaw],
    usable_kwh_new: float,
) -> StressTables:
    shape = (soh_capacity.size, soh_resistance.size)

    def stacked(parts: list[FloatArray]) -> FloatArray:
        return np.stack(parts).reshape(*shape, *parts[0].shape)

    return StressTables(
        laws=tuple(each.name for each in laws),
        soh_capacity=soh_capacity,
        soh_resistance=soh_resistance,
        stresses=tuple(stacked([node.stresses[each] for node in nodes]) for each in range(len(laws))),
        flows=stacked([node.flows for node in nodes]),
        usable_kwh=np.array([node.usable_kwh for node in nodes]).reshape(shape),
        shortfall_share=np.array([node.shortfall_share for node in nodes]).reshape(shape),
        usable_kwh_new=usable_kwh_new,
        n_again=nodes[0].n_again,
    )


def _sides(nodes: FloatArray, value: FloatArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Nodes on both sides of values, and how far along they are; held beyond the ends."""
    if nodes.size == 1:
        none = np.zeros(value.shape, dtype=np.int64)
        return none, none, np.zeros(value.shape)
    at = np.clip(np.searchsorted(nodes, value, side="right") - 1, 0, nodes.size - 2).astype(np.int64)
    return at, at + 1, np.clip((value - nodes[at]) / (nodes[at + 1] - nodes[at]), 0.0, 1.0)
