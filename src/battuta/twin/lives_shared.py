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
from battuta.twin.life_kernels import live_range
from battuta.twin.life_steps import DAYS_PER_STEP, life_steps
from battuta.twin.lives import Lives, joined
from battuta.twin.stress_tables import StressTables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from battuta.physics.ageing.ageing_law import AgeingLaw
    from battuta.twin.life_steps import LifeSteps
    from battuta.twin.lives_days import LifeDays
    from battuta.twin.stress_tables import Spread

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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LifeAsk:
    """Which lives are asked for: those of the draws, on tables of the same models."""

    tables: StressTables
    draws: LifeDraws


def live(
    tables: StressTables,
    laws: Sequence[AgeingLaw],
    draws: LifeDraws,
    days: LifeDays,
    *,
    lives_per_piece: int = 250,
    days_per_step: tuple[int, int] = DAYS_PER_STEP,
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
    days_per_step : tuple of int
        Days for which the health of a life is held, at most, by models of power terms alone and by those with sigmoid
        terms; 1 renews it every day. [d]
    spread : Spread, optional
        Where pieces are done; one after the other here without it.

    Returns
    -------
    Lives
        The lives, in the order of the draws.
    """
    ask = LifeAsk(tables=tables, draws=draws)
    return live_all([ask], laws, days, lives_per_piece=lives_per_piece, days_per_step=days_per_step, spread=spread)[0]


def live_all(
    asked: Sequence[LifeAsk],
    laws: Sequence[AgeingLaw],
    days: LifeDays,
    *,
    lives_per_piece: int = 250,
    days_per_step: tuple[int, int] = DAYS_PER_STEP,
    spread: Spread | None = None,
) -> list[Lives]:
    """Live lives on several tables at once, so that many workers are busy to the end; otherwise as `live`.

    Parameters
    ----------
    asked : sequence of LifeAsk
        The lives.
    laws, days, lives_per_piece, days_per_step, spread
        As for `live`.

    Returns
    -------
    list of Lives
        The lives of each, in their order.
    """
    steps = [life_steps(days, days_per_step[1 if _has_sigmoid(law) else 0]) for law in laws]
    rows = [_rows(each.tables, laws, days, steps) for each in asked]
    pieces = [
        (number, first, min(first + lives_per_piece, each.draws.law_of_life.size))
        for number, each in enumerate(asked)
        for first in range(0, each.draws.law_of_life.size, lives_per_piece)
    ]

    def work(piece: tuple[int, int, int]) -> Lives:
        number, first, last = piece
        ask = asked[number]
        return _live_piece(ask.tables, rows[number], laws, ask.draws.part(first, last), steps)

    done = [work(each) for each in pieces] if spread is None else spread.map(work, pieces)
    return [
        joined([part for piece, part in zip(pieces, done, strict=True) if piece[0] == number])
        for number in range(len(asked))
    ]


def _rows(
    tables: StressTables, laws: Sequence[AgeingLaw], days: LifeDays, steps: Sequence[LifeSteps]
) -> tuple[FloatArray, ...]:
    """Stresses and flows of each step by each model, after a look whether the tables serve."""
    if tables.laws != tuple(each.name for each in laws):
        message = f"stress tables of {', '.join(tables.laws)} do not serve {', '.join(each.name for each in laws)}"
        raise DataError(message)
    if days.table_day.max(initial=0) >= tables.n_days:
        message = f"days of a life ask for day {days.table_day.max()} of tables of {tables.n_days} days"
        raise DataError(message)
    return tuple(
        own.summed(np.concatenate((stresses, tables.flows), axis=3), law.terms)
        for own, stresses, law in zip(steps, tables.stresses, laws, strict=True)
    )


def _has_sigmoid(law: AgeingLaw) -> bool:
    return any(each.kind is TermKind.SIGMOID for each in law.terms)


def _live_piece(
    tables: StressTables,
    rows: tuple[FloatArray, ...],
    laws: Sequence[AgeingLaw],
    draws: LifeDraws,
    steps: Sequence[LifeSteps],
) -> Lives:
    """Live some lives, model after model."""
    n_lives, n_years = draws.law_of_life.size, steps[0].year_start.size - 1
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
            0, own.size, rows[number], tables.soh_capacity, tables.soh_resistance, steps[number].n_days,
            steps[number].step, steps[number].year_start, kinds, quantities, own_powers, slot_of, cause_of, own_rate,
            own_ends, own_flows,
        )  # fmt: skip
        ends[own], flows[own] = own_ends, own_flows
    return Lives(
        year=np.arange(n_years + 1.0),
        law=tables.laws,
        law_of_life=draws.law_of_life,
        soh_capacity=ends[:, :, 0],
        soh_resistance=ends[:, :, 1],
        soh_energy=_soh_energy(tables, ends[:, :, 0], ends[:, :, 1]),
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


def _soh_energy(tables: StressTables, soh_capacity: FloatArray, soh_resistance: FloatArray) -> FloatArray:
    """Usable energy between the nodes over that when new, arrays of one shape; 0 where no capacity is left."""
    held = tables.between(tables.usable_kwh / tables.usable_kwh_new, soh_capacity, soh_resistance)
    return held * np.minimum(soh_capacity / tables.soh_capacity[0], 1.0)  # below the lowest it ends with the capacity
