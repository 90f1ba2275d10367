"""What the duties do to a battery at one state of health: walked minute by minute, summed by day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.duty_days import DutyDays, duty_days
from battuta.physics.life_pack_walk import PackDays, PackDuty, usable_energy_kwh, walk_pack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from battuta.physics.ageing.ageing_law import AgeingLaw
    from battuta.physics.life_pack import LifePack


DAYS_AGAIN = 92
"""Days until a battery whose charge is not kept forgets with which charge the year began, at most. [d]"""


class WalkedYear(NamedTuple):
    """A year of duty, what it left, and the cycles counted in it."""

    duty: PackDuty
    days: PackDays
    cycles: DutyDays


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NodeDays:
    """What the duty does at one state of health.

    Attributes
    ----------
    stresses : tuple of ndarray, each of shape (n_days + n_again, n_slots)
        Daily stresses by each ageing model; last the first days of the first duty as they are when it comes again.
    flows : ndarray, shape (n_days + n_again, 3)
        Delivered and drawn at the interconnection point [MWh], equivalent full cycles [-].
    usable_kwh : float
        AC energy of a full discharge. [kWh]
    shortfall_share : float
        Energy asked and not met over energy asked. [-]
    n_again : int
        Days that were walked again from where the last duty ended. [d]
    """

    stresses: tuple[FloatArray, ...]
    flows: FloatArray
    usable_kwh: float
    shortfall_share: float
    n_again: int = 0


def walk_years(
    node: tuple[float, float], pack: LifePack, duties: Sequence[PackDuty], *, state: FloatArray | None = None
) -> Iterator[WalkedYear]:
    """Walk all duties, one after the other, at one state of health: capacity and resistance over those when new."""
    for duty in duties:
        days = walk_pack(pack, duty, soh_capacity=node[0], soh_resistance=node[1], state=state, keep_power=False)
        state = days.state
        yield WalkedYear(duty, days, days_of(days))


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
    return node_days(node, pack, walk_years(node, pack, duties), laws)


def node_days(
    node: tuple[float, float], pack: LifePack, years: Iterable[WalkedYear], laws: Sequence[AgeingLaw]
) -> NodeDays:
    """Sum what walked years do to a battery; parameters as `walk_node`, the years as `walk_years` gives them."""
    parts: list[tuple[FloatArray, ...]] = []
    flows: list[FloatArray] = []
    missed_kwh, asked_kwh = 0.0, 0.0

    def keep(days: PackDays, cycles: DutyDays) -> None:
        parts.append(tuple(each.stresses(cycles) for each in laws))
        flows.append(np.column_stack((days.discharged_kwh / 1e3, days.charged_kwh / 1e3, days.full_cycles)))

    first, state, n_again = None, None, 0
    for duty, days, cycles in years:
        keep(days, cycles)
        missed_kwh += float(days.shortfall_kwh.sum())
        asked_kwh += float(np.abs(duty.power_kw).sum()) * duty.step_s / 3600.0
        first, state = first or duty, days.state
    if first is not None and state is not None:
        for duty, days, cycles in first_days_again(node, pack, first, state):
            keep(days, cycles)
            n_again += duty.n_days
    return NodeDays(
        stresses=tuple(np.concatenate([part[each] for part in parts]) for each in range(len(laws))),
        flows=np.concatenate(flows),
        usable_kwh=usable_energy_kwh(pack, soh_capacity=node[0], soh_resistance=node[1]),
        shortfall_share=missed_kwh / asked_kwh if asked_kwh > 0.0 else 0.0,
        n_again=n_again,
    )


def first_days_again(
    node: tuple[float, float], pack: LifePack, duty: PackDuty, state: FloatArray
) -> Iterator[WalkedYear]:
    """Walk the first days of the first duty from where the last one ended, as a life does that goes through them again.

    A battery whose charge nobody steers drifts away from the charge with which it was delivered: weeks of its first
    year are like no others. Where its charge is kept it returns within hours, and nothing is walked.

    Parameters
    ----------
    node : tuple of float
        Capacity and resistance over those when new. [-]
    pack : LifePack
        The battery.
    duty : PackDuty
        The first duty.
    state : ndarray, shape (6,)
        Where the last duty ended.

    Yields
    ------
    WalkedYear
        `DAYS_AGAIN` days, fewer of a shorter duty; none where the charge is kept.
    """
    if pack.keeping.power_kw_max == 0.0:
        n_times = min(DAYS_AGAIN, duty.n_days) * (duty.power_kw.size // duty.n_days)
        part = replace(duty, power_kw=duty.power_kw[:n_times], ambient_c=duty.ambient_c[:n_times])
        yield from walk_years(node, pack, [part], state=state)


def days_of(walked: PackDays) -> DutyDays:
    """Cut what a walk left into days and count its cycles."""
    return duty_days(walked.soc, walked.temperature_c, walked.c_rate, walked.step_s)
