"""What a year of duty does to a battery at a few states of health: asked once, shared by thousands of lives.

A life is a sum of daily stresses, which depend on it through its slow state of health alone. So the fast walk, minute
by minute, is done at a few nodes of capacity and resistance; a life reads between them, day by day.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.duty_days import DutyDays, duty_days
from battuta.physics.life_pack_sampling import sampling_of
from battuta.physics.life_pack_walk import PackDays, usable_energy_kwh, walk_pack

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
class NodeDays:
    """What the duty does at one state of health.

    Attributes
    ----------
    stresses : tuple of ndarray, each of shape (n_days, n_slots)
        Daily stresses by each ageing model.
    flows : ndarray, shape (n_days, 3)
        Delivered and drawn at the interconnection point [MWh], equivalent full cycles [-].
    usable_kwh : float
        AC energy of a full discharge. [kWh]
    shortfall_share : float
        Energy asked and not met over energy asked. [-]
    """

    stresses: tuple[FloatArray, ...]
    flows: FloatArray
    usable_kwh: float
    shortfall_share: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StressTables:
    """Daily stresses over states of health.

    Attributes
    ----------
    laws : tuple of str
        Ageing models, by name.
    soh_capacity, soh_resistance : ndarray, shape (n_capacities,), (n_resistances,)
        Nodes, ascending. [-]
    stresses : tuple of ndarray, each of shape (n_capacities, n_resistances, n_days, n_slots)
        Stresses by each model.
    flows : ndarray, shape (n_capacities, n_resistances, n_days, 3)
        Delivered and drawn at the interconnection point [MWh], equivalent full cycles [-].
    usable_kwh, shortfall_share : ndarray, shape (n_capacities, n_resistances)
        AC energy of a full discharge [kWh]; energy asked and not met over energy asked [-].
    usable_kwh_new : float
        AC energy of a full discharge when new. [kWh]
    """

    laws: tuple[str, ...]
    soh_capacity: FloatArray
    soh_resistance: FloatArray
    stresses: tuple[FloatArray, ...]
    flows: FloatArray
    usable_kwh: FloatArray
    shortfall_share: FloatArray
    usable_kwh_new: float

    @property
    def n_days(self) -> int:
        """Days of all duties together."""
        return self.flows.shape[2]

    def new_stresses(self, law: int) -> FloatArray:
        """Daily stresses by one model of a battery that is new, or nearest to it, shape (n_days, n_slots)."""
        return self.stresses[law][-1, np.argmin(np.abs(self.soh_resistance - 1.0))]


def walk_node(
    node: tuple[float, float], pack: LifePack, duties: Sequence[PackDuty], laws: Sequence[AgeingLaw]
) -> NodeDays:
    """Walk all duties, one after the other, at one state of health.

    Parameters
    ----------
    node : tuple of float
        Capacity and resistance over those when new. [-]
    pack : LifePack
        The battery.
    duties : sequence of PackDuty
        Years of duty, in order.
    laws : sequence of AgeingLaw
        Ageing models.

    Returns
    -------
    NodeDays
        Stresses and energies by day.
    """
    parts: list[tuple[FloatArray, ...]] = []
    flows: list[FloatArray] = []
    state, missed_kwh, asked_kwh = None, 0.0, 0.0
    for duty in duties:
        days = walk_pack(pack, duty, soh_capacity=node[0], soh_resistance=node[1], state=state, keep_power=False)
        state = days.state
        gone_through = days_of(days)
        parts.append(tuple(each.stresses(gone_through) for each in laws))
        flows.append(np.column_stack((days.discharged_kwh / 1e3, days.charged_kwh / 1e3, days.full_cycles)))
        missed_kwh += float(days.shortfall_kwh.sum())
        asked_kwh += float(np.abs(duty.power_kw).sum()) * duty.step_s / 3600.0
    return NodeDays(
        stresses=tuple(np.concatenate([part[each] for part in parts]) for each in range(len(laws))),
        flows=np.concatenate(flows),
        usable_kwh=usable_energy_kwh(pack, soh_capacity=node[0], soh_resistance=node[1]),
        shortfall_share=missed_kwh / asked_kwh if asked_kwh > 0.0 else 0.0,
    )


def days_of(walked: PackDays) -> DutyDays:
    """Cut what a walk left into days and count its cycles."""
    return duty_days(walked.soc, walked.temperature_c, walked.c_rate, walked.step_s)


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
    if not duties or not laws:
        message = f"stress tables need a duty and an ageing model; got {len(duties)} duties and {len(laws)} models"
        raise DataError(message)
    for name, nodes in (("soh_capacity", soh_capacity), ("soh_resistance", soh_resistance)):
        if nodes.ndim != 1 or nodes.size == 0 or np.any(np.diff(nodes) <= 0.0):
            message = f"stress tables: nodes of {name} must ascend; got {nodes.tolist()}"
            raise DataError(message)
    for each in duties:
        sampling_of(each)
    places = [(float(q), float(r)) for q in soh_capacity for r in soh_resistance]
    work = partial(walk_node, pack=pack, duties=duties, laws=laws)
    found = [work(each) for each in places] if spread is None else spread.map(work, places)
    shape = (soh_capacity.size, soh_resistance.size)
    return StressTables(
        laws=tuple(each.name for each in laws),
        soh_capacity=soh_capacity,
        soh_resistance=soh_resistance,
        stresses=tuple(_stacked([node.stresses[each] for node in found], shape) for each in range(len(laws))),
        flows=_stacked([node.flows for node in found], shape),
        usable_kwh=np.array([node.usable_kwh for node in found]).reshape(shape),
        shortfall_share=np.array([node.shortfall_share for node in found]).reshape(shape),
        usable_kwh_new=usable_energy_kwh(pack),
    )


def _stacked(parts: list[FloatArray], shape: tuple[int, int]) -> FloatArray:
    return np.stack(parts).reshape(*shape, *parts[0].shape)
