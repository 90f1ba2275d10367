"""The wear price of a project: what a cycle, an hour of rest and a megawatt-hour take from its net present value.

A cost has two parts. Ageing: a use moves the battery along its course, and the capacity that is then missing in later
years is worth what those years would have brought. Warranty: throughput that brings a cap nearer. Both are told in
money of the year in which the battery is used: the revenue of that year that would make the loss good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.errors import UsageError
from battuta.domain.wear_table import TEMPERATURE_C, WearTable
from battuta.numerics.arrays import BoolArray, FloatArray
from battuta.twin.wear_price_ageing import years_of_ageing
from battuta.twin.wear_price_probes import cycle_stresses, inside_box, outside_of, rest_stresses
from battuta.twin.wear_price_value import YearWorth, advance_cost, mean_year

if TYPE_CHECKING:
    from battuta.physics.ageing.ageing_law import AgeingLaw
    from battuta.physics.ageing.duty_days import DutyDays
    from battuta.twin.lives import Lives

C_RATES = np.array([0.1, 0.25, 0.5, 0.75, 1.0])
DEPTHS = np.linspace(0.0, 1.0, 21)
SOCS = np.linspace(0.0, 1.0, 11)
TEMPERATURES_C = np.array([5.0, 15.0, 20.0, 25.0, 30.0, 35.0, 40.0, 45.0])
_FULL_CYCLES_MIN = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WearPriceSource:
    """What a table says of where it comes from.

    Attributes
    ----------
    study, strategy, study_hash, currency : str
        Names, hash of the study and its data, currency of the plan.
    energy_mwh : float
        Stored energy of the battery when new. [MWh]
    """

    study: str
    strategy: str
    study_hash: str
    currency: str
    energy_mwh: float


def wear_price_table(
    source: WearPriceSource,
    laws: Sequence[AgeingLaw],
    lives: Lives,
    duty: DutyDays,
    worth: YearWorth,
    throughput_price_per_mwh: FloatArray | None = None,
) -> WearTable:
    """Make the table of one strategy.

    Parameters
    ----------
    source : WearPriceSource
        What is priced.
    laws : sequence of AgeingLaw
        Ageing models of the lives, in their order; those not for an optimiser are left out.
    lives : Lives
        Lives of the strategy.
    duty : DutyDays
        Its year, or its years as they are lived in turn, of a new battery.
    worth : YearWorth
        What capacity and revenue are worth by year.
    throughput_price_per_mwh : ndarray, shape (n_years,), or None
        Price of the warranty's budget; 0 without. [currency/MWh]

    Returns
    -------
    WearTable
        The table, the mean over the lives of the models that are for an optimiser.

    Raises
    ------
    UsageError
        If no model is for an optimiser, the duty lies mostly outside the boxes of all of them, it hardly cycles, or
        less capacity loses no value.
    """
    yearly = float(mean_year(duty.full_cycles, lives.year.size - 1).sum())
    if yearly < _FULL_CYCLES_MIN:
        message = (
            f"strategy {source.strategy!r} moves {yearly:.2g} full cycles a year: the first cycle of a "
            "square-root law has no finite price; make the table from a strategy that works"
        )
        raise UsageError(message)
    chosen = optimiser_laws(laws, duty)
    nodes = _Nodes(
        c_rate=C_RATES[_inside_any(chosen, "c_rate", C_RATES)],
        temperature_c=TEMPERATURES_C[_inside_any(chosen, "temperature_c", TEMPERATURES_C)],
    )
    priced = _priced(laws, chosen, lives, duty, worth, nodes)
    cycle, rest = priced.cycle_cost / source.energy_mwh, priced.rest_cost_per_h / source.energy_mwh
    if not np.any(cycle > 0.0):
        message = (
            f"no wear price: in study {source.study!r} less capacity loses no value, so wear would be free. An aged "
            f"battery still does all that strategy {source.strategy!r} is paid for, or its energy costs more than it "
            "brings: give what it trades for (--spread-per-mwh), sell more response, or charge for augmentation"
        )
        raise UsageError(message)
    cut = ("where less capacity would gain value its cost is held at 0",) if min(cycle.min(), rest.min()) < 0.0 else ()
    return WearTable(
        study=source.study,
        strategy=source.strategy,
        study_hash=source.study_hash,
        currency=source.currency,
        law_shares=priced.shares,
        c_rate=nodes.c_rate,
        depth=DEPTHS,
        soc=SOCS,
        temperature_c=nodes.temperature_c,
        cycle_cost_per_mwh=np.maximum(cycle, 0.0),
        rest_cost_per_mwh_h=np.maximum(rest, 0.0),
        throughput_price_per_mwh=np.zeros(lives.year.size - 1)
        if throughput_price_per_mwh is None
        else throughput_price_per_mwh,
        remarks=(*_remarks(laws, chosen, duty), *cut),
    )


def optimiser_laws(laws: Sequence[AgeingLaw], duty: DutyDays) -> tuple[AgeingLaw, ...]:
    """Models that may price a duty.

    Parameters
    ----------
    laws : sequence of AgeingLaw
        Models of a study.
    duty : DutyDays
        A year of a cell.

    Returns
    -------
    tuple of AgeingLaw
        Those that are for an optimiser.

    Raises
    ------
    UsageError
        If there is none, or most of the duty lies outside the boxes of all of them.
    """
    chosen = tuple(law for law in laws if law.is_for_optimiser)
    if not chosen:
        names = ", ".join(law.name for law in laws)
        message = (
            f"no wear price by {names}: none of them may be given to an optimiser (see their cards); add another to "
            "[ageing.weights], such as naumann_lfp"
        )
        raise UsageError(message)
    outside = {law.name: outside_of(law, duty) for law in chosen}
    if all(outside.values()):
        lines = "\n".join(f"  - {name}: {'; '.join(sides)}" for name, sides in outside.items())
        message = (
            "no wear price: most of the duty lies outside what any ageing model was fitted on. Ask for a duty inside "
            f"one of the boxes, or for another model:\n{lines}"
        )
        raise UsageError(message)
    return chosen


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Nodes:
    c_rate: FloatArray
    temperature_c: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Priced:
    shares: dict[str, float]
    cycle_cost: FloatArray
    rest_cost_per_h: FloatArray


def _priced(
    laws: Sequence[AgeingLaw],
    chosen: Sequence[AgeingLaw],
    lives: Lives,
    duty: DutyDays,
    worth: YearWorth,
    nodes: _Nodes,
) -> _Priced:
    """Cost of a cycle and of an hour by year of life and node, each model by its share of the lives."""
    n_years = worth.of_revenue.size
    cycle = np.zeros((n_years, nodes.c_rate.size, DEPTHS.size))
    rest = np.zeros((n_years, nodes.temperature_c.size, SOCS.size))
    of_law = {law.name: np.flatnonzero(lives.law_of_life == at) for at, law in enumerate(laws) if law in chosen}
    n_all = sum(own.size for own in of_law.values())
    if n_all == 0:
        message = f"no life follows {', '.join(of_law)}: ask for more lives, so that every model has some"
        raise UsageError(message)
    for law in chosen:
        own = of_law[law.name]
        if own.size == 0:
            continue
        by_cycle, by_hour = _by_use(law, duty, nodes, n_years)
        calendar_cost, cycle_cost = (advance_cost(worth, lives.loss_by_cause[:, :, cause], own) for cause in (0, 1))
        cycle += own.size / n_all * by_cycle * cycle_cost[:, np.newaxis, np.newaxis]
        rest += own.size / n_all * by_hour * calendar_cost[:, np.newaxis, np.newaxis]
    return _Priced(
        shares={name: own.size / n_all for name, own in of_law.items()}, cycle_cost=cycle, rest_cost_per_h=rest
    )


def _by_use(law: AgeingLaw, duty: DutyDays, nodes: _Nodes, n_years: int) -> tuple[FloatArray, FloatArray]:
    """Years of ageing by one cycle, and by one hour of rest."""
    year = mean_year(law.stresses(duty), n_years)
    cycles = cycle_stresses(law, nodes.c_rate, DEPTHS, TEMPERATURE_C)
    rests = rest_stresses(law, nodes.temperature_c, SOCS)
    return (
        years_of_ageing(law, "cycle", cycles, year, n_years),
        years_of_ageing(law, "calendar", rests, year, n_years) / 24.0,
    )


def _inside_any(laws: Sequence[AgeingLaw], name: str, nodes: FloatArray) -> BoolArray:
    return np.any([inside_box(law, name, nodes) > 0.0 for law in laws], axis=0)


def _remarks(laws: Sequence[AgeingLaw], chosen: Sequence[AgeingLaw], duty: DutyDays) -> tuple[str, ...]:
    said = [f"{law.name} is left out: it may not be given to an optimiser" for law in laws if law not in chosen]
    said += [f"{law.name} extrapolates: {side}" for law in chosen for side in outside_of(law, duty)]
    said.append("a use costs an old battery less than a young one where losses bend like a square root")
    said.append("resistance is not priced, and no knee is known to the models")
    return tuple(said)
