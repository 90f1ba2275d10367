"""What a duty does to strings that carry more or less of it than the first strings alone did: tables with a load."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from battuta.numerics.arrays import FloatArray, IntArray
from battuta.twin.augmentation_kernels import CohortTables
from battuta.twin.node_days import NodeDays, walk_node
from battuta.twin.stress_tables import Spread, StressTables

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from battuta.domain.augmentation import AugmentationPlan
    from battuta.physics.ageing.ageing_law import AgeingLaw
    from battuta.physics.life_pack import LifePack
    from battuta.physics.life_pack_walk import PackDuty

_LOAD_LOW, _LOAD_HIGH = 0.4, 2.0
_APART = 0.05


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoadTables:
    """Stress tables over load, capacity and resistance.

    Attributes
    ----------
    load_share : ndarray, shape (n_loads,)
        Power for each new capacity over that of the first strings alone; 1 is among them. [-]
    base : StressTables
        Tables at load 1.
    stresses : tuple of ndarray, each of shape (n_loads, n_capacities, n_resistances, n_days, n_slots)
        Stresses by each model.
    flows : ndarray, shape (n_loads, n_capacities, n_resistances, n_days, 3)
        Delivered, drawn [MWh] and full cycles [-] for as many strings as the first.
    usable, shortfall_share : ndarray, shape (n_loads, n_capacities, n_resistances)
        AC energy of a full discharge over that when new; energy asked and not met over energy asked. [-]
    """

    load_share: FloatArray
    base: StressTables
    stresses: tuple[FloatArray, ...]
    flows: FloatArray
    usable: FloatArray
    shortfall_share: FloatArray

    def kernel_tables(self, law: int) -> CohortTables:
        """Tables of one model, arranged for the kernel."""
        return CohortTables(
            days=np.ascontiguousarray(np.concatenate((self.stresses[law], self.flows), axis=-1)),
            usable=self.usable,
            load_share=self.load_share,
            soh_capacity=self.base.soh_capacity,
            soh_resistance=self.base.soh_resistance,
        )

    def shortfall(self, load_share: FloatArray, soh_capacity: FloatArray, soh_resistance: FloatArray) -> FloatArray:
        """Share that is not met between the nodes; arrays of one shape. [-]"""
        return self._between(self.shortfall_share, load_share, soh_capacity, soh_resistance)

    def usable_share(self, soh_capacity: FloatArray, soh_resistance: FloatArray) -> FloatArray:
        """Usable energy of as many strings as the first at load 1, arrays of one shape. [-]"""
        held = self._between(self.usable, np.ones(soh_capacity.shape), soh_capacity, soh_resistance)
        return held * np.minimum(soh_capacity / self.base.soh_capacity[0], 1.0)

    def _between(
        self, values: FloatArray, load_share: FloatArray, soh_capacity: FloatArray, soh_resistance: FloatArray
    ) -> FloatArray:
        found = np.zeros(load_share.shape)
        for a, z in _sides(self.load_share, load_share):
            for i, x in _sides(self.base.soh_capacity, soh_capacity):
                for j, y in _sides(self.base.soh_resistance, soh_resistance):
                    found += z * x * y * values[a, i, j]
        return found


def loads_of(plan: AugmentationPlan, tables: StressTables) -> FloatArray:
    """Loads that the cohorts of a site may carry, held beyond: the oldest in a full site, the newest in a tired one.

    Returns
    -------
    ndarray, shape (3,)
        Ascending, 1 in the middle. [-]
    """
    oldest = float(tables.soh_capacity[0])
    lowest = plan.soh_energy_floor if plan.soh_energy_floor > 0.0 else oldest
    low = float(np.clip(oldest / plan.soh_energy_target, _LOAD_LOW, 1.0 - _APART))
    return np.array([low, 1.0, float(np.clip(1.0 / lowest, 1.0 + _APART, _LOAD_HIGH))])


def load_tables(
    tables: StressTables,
    pack: LifePack,
    duties: Sequence[PackDuty],
    laws: Sequence[AgeingLaw],
    load_share: FloatArray,
    *,
    spread: Spread | None = None,
) -> LoadTables:
    """Walk the duties at other loads, at the corners of the states of health.

    Between the corners, the factor by which another load changes the tables at load 1 is interpolated. The converter is
    the site's: a cohort uses of it what it carries of the power. Walls, cooling and controls come with the strings.

    Parameters
    ----------
    tables : StressTables
        Tables at load 1.
    pack : LifePack
        The battery.
    duties : sequence of PackDuty
        Years of duty, as for the tables.
    laws : sequence of AgeingLaw
        Ageing models of the tables.
    load_share : ndarray, shape (n_loads,)
        Loads, ascending; 1 among them. [-]
    spread : Spread, optional
        Where nodes are walked.

    Returns
    -------
    LoadTables
        The tables.
    """
    ends = [
        (float(tables.soh_capacity[i]), float(tables.soh_resistance[j]))
        for i in _ends(tables.soh_capacity)
        for j in _ends(tables.soh_resistance)
    ]
    places = [(float(own), *each) for own in load_share if own != 1.0 for each in ends]
    work = partial(_walk, pack=pack, duties=duties, laws=laws)
    found = iter([work(each) for each in places] if spread is None else spread.map(work, places))
    corners = [None if own == 1.0 else [next(found) for _ in ends] for own in load_share]

    def over(base: FloatArray, part: Callable[[NodeDays], FloatArray]) -> FloatArray:
        return np.stack(
            [base if each is None else _spread_out(base, [part(node) for node in each], tables) for each in corners]
        )

    return LoadTables(
        load_share=load_share,
        base=tables,
        stresses=tuple(
            over(base, lambda node, number=number: node.stresses[number]) for number, base in enumerate(tables.stresses)
        ),
        flows=over(tables.flows, lambda node: node.flows),
        usable=over(
            tables.usable_kwh / tables.usable_kwh_new, lambda node: np.array(node.usable_kwh / tables.usable_kwh_new)
        ),
        shortfall_share=over(tables.shortfall_share, lambda node: np.array(node.shortfall_share)),
    )


def loaded(pack: LifePack, duty: PackDuty, load_share: float) -> tuple[LifePack, PackDuty]:
    """As many strings as the first, and their share of converter and duty, at a load. [-]"""
    keeping = pack.keeping
    scaled = replace(
        keeping,
        power_kw_max=load_share * keeping.power_kw_max,
        full_cycles_per_day_max=load_share * keeping.full_cycles_per_day_max,
    )
    own = replace(pack.rated(load_share * pack.pcs.rated_power_kw), keeping=scaled)
    return own, replace(duty, power_kw=load_share * duty.power_kw)


def _walk(
    place: tuple[float, float, float], pack: LifePack, duties: Sequence[PackDuty], laws: Sequence[AgeingLaw]
) -> NodeDays:
    load, capacity, resistance = place
    both = [loaded(pack, each, load) for each in duties]
    return walk_node((capacity, resistance), both[0][0], [each[1] for each in both], laws)


def _ends(nodes: FloatArray) -> list[int]:
    return [0] if nodes.size == 1 else [0, nodes.size - 1]


def _spread_out(base: FloatArray, corners: Sequence[FloatArray], tables: StressTables) -> FloatArray:
    """Multiply a table at load 1 by what another load does at its corners; what is 0 there is added to instead."""
    ends_q, ends_r = _ends(tables.soh_capacity), _ends(tables.soh_resistance)
    share_q, share_r = _even(tables.soh_capacity), _even(tables.soh_resistance)
    factor, more = np.zeros(base.shape), np.zeros(base.shape)
    for number, own in enumerate(corners):
        i, j = divmod(number, len(ends_r))
        weight = np.multiply.outer(share_q[i], share_r[j])
        weight = weight.reshape(*weight.shape, *(1,) * (base.ndim - 2))
        before = base[ends_q[i], ends_r[j]]
        is_there = before > 0.0
        factor += weight * np.where(is_there, own / np.where(is_there, before, 1.0), 1.0)
        more += weight * np.where(is_there, 0.0, own)
    return factor * base + more


def _even(nodes: FloatArray) -> FloatArray:
    """Weights of both ends at each node, shape (2, n_nodes); of the one node there is, (1, 1)."""
    if nodes.size == 1:
        return np.ones((1, 1))
    share = (nodes - nodes[0]) / (nodes[-1] - nodes[0])
    return np.stack((1.0 - share, share))


def _sides(nodes: FloatArray, value: FloatArray) -> list[tuple[IntArray, FloatArray]]:
    """Nodes on both sides of values, and their weights; held beyond the ends."""
    at = np.clip(np.searchsorted(nodes, value, side="right") - 1, 0, max(nodes.size - 2, 0)).astype(np.int64)
    up = np.minimum(at + 1, nodes.size - 1)
    width = np.where(up > at, nodes[up] - nodes[at], 1.0)
    share = np.clip((value - nodes[at]) / width, 0.0, 1.0)
    return [(at, 1.0 - share), (up, share)]
