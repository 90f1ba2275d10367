"""Thousands of lives from shared stress tables: the multi-rate engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.numerics.sampling import standard_normal_blocks
from battuta.physics.ageing.ageing_law import TermKind, term_arrays
from battuta.physics.ageing.rate_prior import rate_at_pivot
from battuta.twin.life_kernels import live_range, place
from battuta.twin.lives import Lives, joined
from battuta.twin.stress_tables import StressTables, stress_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from battuta.physics.ageing.ageing_law import AgeingLaw
    from battuta.physics.life_pack import LifePack
    from battuta.physics.life_pack_walk import PackDuty
    from battuta.twin.lives_days import LifeDays
    from battuta.twin.stress_tables import Spread

_CAPACITY_LOW = 0.3
_RESISTANCE_HIGH = 6.0
_MARGIN = 0.05
_EXPONENT_LOW = 0.2
"""No loss bends flatter than this exponent. [-]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LifeDraws:
    """Which model each life follows, and how fast each of its terms runs.

    Attributes
    ----------
    law_of_life : ndarray of int, shape (n_lives,)
        Number of its ageing model.
    rate : ndarray, shape (n_lives, n_terms)
        Multiplier of each term's loss; columns beyond a model's terms are not read. [-]
    exponent_shift : ndarray, shape (n_lives, n_terms), or None
        Added to the exponent of each power term, the loss at the end of the data behind the models left as it is; none
        where left out. [-]
    """

    law_of_life: IntArray
    rate: FloatArray
    exponent_shift: FloatArray | None = None

    def __post_init__(self) -> None:
        """Refuse rates that are none."""
        if self.rate.ndim != 2 or self.rate.shape[0] != self.law_of_life.size:
            message = f"rates of shape {self.rate.shape} for {self.law_of_life.size} lives; give one row a life"
            raise DataError(message)
        if not np.all(self.rate >= 0.0):
            life = int(np.argwhere(~(self.rate >= 0.0))[0][0])
            message = f"life {life} has a rate that is negative or missing; rates are multipliers >= 0"
            raise DataError(message)
        if self.exponent_shift is not None and self.exponent_shift.shape != self.rate.shape:
            message = (
                f"exponent shifts of shape {self.exponent_shift.shape} for rates of {self.rate.shape}; give one each"
            )
            raise DataError(message)

    def part(self, first: int, last: int) -> LifeDraws:
        """Lives first to last - 1."""
        shift = None if self.exponent_shift is None else self.exponent_shift[first:last]
        return LifeDraws(law_of_life=self.law_of_life[first:last], rate=self.rate[first:last], exponent_shift=shift)


def scattered_draws(
    laws: Sequence[AgeingLaw], n_lives: int, seed: int, deviation_share: float, *, first_life: int = 0
) -> LifeDraws:
    """Draw lives that follow the models in turn, their rates scattered around 1.

    Parameters
    ----------
    laws : sequence of AgeingLaw
        Ageing models.
    n_lives : int
        Lives.
    seed : int
        Seed of the study.
    deviation_share : float
        Standard deviation of the logarithm of each rate. [-]
    first_life : int
        Number of the first life: a window of lives is a window of the same draws.

    Returns
    -------
    LifeDraws
        The lives.
    """
    n_terms = max(len(each.terms) for each in laws)
    normal = standard_normal_blocks(seed, "twin.lives.rate", first_life, n_lives, n_terms)
    return LifeDraws(law_of_life=(first_life + np.arange(n_lives)) % len(laws), rate=np.exp(deviation_share * normal))


def live(
    tables: StressTables,
    laws: Sequence[AgeingLaw],
    draws: LifeDraws,
    days: LifeDays,
    *,
    lives_per_piece: int = 250,
    spread: Spread | None = None,
) -> Lives:
    """Live all lives.

    Parameters
    ----------
    tables : StressTables
        What the duty does at the nodes, by the same models.
    laws : sequence of AgeingLaw
        Ageing models.
    draws : LifeDraws
        Model and rates of each life.
    days : LifeDays
        Days of a life.
    lives_per_piece : int
        Lives of a piece of work; the result does not depend on it.
    spread : Spread, optional
        Where pieces are done; one after the other here without it.

    Returns
    -------
    Lives
        The lives, in the order of the draws.
    """
    if tables.laws != tuple(each.name for each in laws):
        message = f"stress tables of {', '.join(tables.laws)} do not serve {', '.join(each.name for each in laws)}"
        raise DataError(message)
    if days.table_day.max(initial=0) >= tables.n_days:
        message = f"days of a life ask for day {days.table_day.max()} of tables of {tables.n_days} days"
        raise DataError(message)
    rows = tuple(np.ascontiguousarray(np.concatenate((each, tables.flows), axis=3)) for each in tables.stresses)
    n_lives = draws.law_of_life.size
    pieces = [(each, min(each + lives_per_piece, n_lives)) for each in range(0, n_lives, lives_per_piece)]

    def work(piece: tuple[int, int]) -> Lives:
        return _live_piece(tables, rows, laws, draws.part(*piece), days)

    return joined([work(each) for each in pieces] if spread is None else spread.map(work, pieces))


def _live_piece(
    tables: StressTables, rows: tuple[FloatArray, ...], laws: Sequence[AgeingLaw], draws: LifeDraws, days: LifeDays
) -> Lives:
    """Live some lives, model after model."""
    n_lives, n_years = draws.law_of_life.size, days.n_years
    ends, flows = np.empty((n_lives, n_years + 1, 4)), np.zeros((n_lives, n_years, 3))
    for number, law in enumerate(laws):
        own = np.flatnonzero(draws.law_of_life == number)
        if own.size == 0:
            continue
        kinds, quantities, _, slot_of = term_arrays(law)
        cause_of = np.array([0 if each.cause == "calendar" else 1 for each in law.terms], dtype=np.int64)
        own_ends, own_flows = np.empty((own.size, n_years + 1, 4)), np.zeros((own.size, n_years, 3))
        own_powers, own_rate = _own_terms(tables.stresses[number], law, draws, own)
        live_range(
            0, own.size, rows[number], tables.soh_capacity, tables.soh_resistance, days.table_day, days.year_start,
            kinds, quantities, own_powers, slot_of, cause_of, own_rate, own_ends, own_flows,
        )  # fmt: skip
        ends[own], flows[own] = own_ends, own_flows
    return Lives(
        year=np.arange(n_years + 1.0),
        law=tables.laws,
        law_of_life=draws.law_of_life,
        soh_capacity=ends[:, :, 0],
        soh_resistance=ends[:, :, 1],
        soh_energy=_soh_energy(tables, ends),
        discharged_mwh=flows[:, :, 0],
        charged_mwh=flows[:, :, 1],
        full_cycles=flows[:, :, 2],
        loss_by_cause=ends[:, :, 2:],
    )


def _own_terms(stresses: FloatArray, law: AgeingLaw, draws: LifeDraws, own: IntArray) -> tuple[FloatArray, FloatArray]:
    """Exponents and rates of the lives of one model, each of shape (n_own, n_terms).

    Where an exponent is shifted the rate makes up for it, so that the loss at the pivot stays as it was.
    """
    kinds, _, powers, slot_of = term_arrays(law)
    rate = np.ascontiguousarray(draws.rate[own][:, : len(law.terms)])
    own_powers = np.tile(powers, (own.size, 1))
    if draws.exponent_shift is None:
        return own_powers, rate
    shift = np.maximum(draws.exponent_shift[own][:, : len(law.terms)], _EXPONENT_LOW - powers)
    shift = np.where(kinds == TermKind.POWER, shift, 0.0)
    per_day = stresses[-1, 0][:, slot_of].mean(axis=0)  # of a new battery
    return own_powers + shift, rate * rate_at_pivot(per_day, shift)


def _soh_energy(tables: StressTables, ends: FloatArray) -> FloatArray:
    """Usable energy between the nodes over that when new, shape (n_lives, n_years + 1); 0 where no capacity is left."""
    usable, low = tables.usable_kwh / tables.usable_kwh_new, tables.soh_capacity[0]
    up_q, up_r = min(1, tables.soh_capacity.size - 1), min(1, tables.soh_resistance.size - 1)
    found = np.empty(ends.shape[:2])
    for life, year in np.ndindex(*found.shape):
        capacity = float(ends[life, year, 0])
        i, x = place(tables.soh_capacity, capacity)
        j, y = place(tables.soh_resistance, float(ends[life, year, 1]))
        below = (1.0 - y) * usable[i, j] + y * usable[i, j + up_r]
        above = (1.0 - y) * usable[i + up_q, j] + y * usable[i + up_q, j + up_r]
        held = (1.0 - x) * below + x * above
        found[life, year] = held * min(capacity / low, 1.0)  # below the lowest node it ends with the capacity
    return found


def near_tables(
    pack: LifePack,
    duties: Sequence[PackDuty],
    laws: Sequence[AgeingLaw],
    draws: LifeDraws,
    days: LifeDays,
    *,
    n_nodes: tuple[int, int] = (3, 3),
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
    one = np.array([1.0])
    new = stress_tables(pack, duties, laws, one, one)
    reach = live(new, laws, draws, days)
    low = max(float(reach.soh_capacity.min()) - _MARGIN, _CAPACITY_LOW)
    high = min(float(reach.soh_resistance.max()) + _MARGIN, _RESISTANCE_HIGH)
    capacities = np.linspace(low, 1.0, n_nodes[0]) if n_nodes[0] > 1 else one
    resistances = np.linspace(1.0, max(high, 1.0 + _MARGIN), n_nodes[1]) if n_nodes[1] > 1 else one
    return stress_tables(pack, duties, laws, capacities, resistances, spread=spread)
