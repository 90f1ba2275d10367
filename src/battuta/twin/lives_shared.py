"""Thousands of lives from shared stress tables: the multi-rate engine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.numerics.sampling import standard_normal_blocks
from battuta.physics.ageing.ageing_law import TermKind, term_arrays
from battuta.twin.life_exponents import life_exponents
from battuta.twin.life_kernels import live_range
from battuta.twin.life_steps import DAYS_PER_STEP, life_steps
from battuta.twin.lives import Lives, joined
from battuta.twin.sigmoid_gains import N_LOSSES, SigmoidGains, sigmoid_gains
from battuta.twin.stress_tables import StressTables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from battuta.physics.ageing.ageing_law import AgeingLaw
    from battuta.twin.life_steps import LifeSteps
    from battuta.twin.lives_days import LifeDays
    from battuta.twin.stress_tables import Spread


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
    soh_resistance_new : ndarray, shape (n_lives,), or None
        Resistance of each battery when new over that of the cell's card; 1 where left out. [-]
    """

    law_of_life: IntArray
    rate: FloatArray
    exponent_shift: FloatArray | None = None
    soh_resistance_new: FloatArray | None = None

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

        new = self.soh_resistance_new
        if new is not None and (new.shape != self.law_of_life.shape or not np.all(new > 0.0)):
            message = f"resistances when new of shape {new.shape} must be above 0, one for each life"
            raise DataError(message)

    def part(self, first: int, last: int) -> LifeDraws:
        """Lives first to last - 1."""
        shift, new = self.exponent_shift, self.soh_resistance_new
        return LifeDraws(
            law_of_life=self.law_of_life[first:last],
            rate=self.rate[first:last],
            exponent_shift=None if shift is None else shift[first:last],
            soh_resistance_new=None if new is None else new[first:last],
        )


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


NEVER = 1_000_000
"""A year that no life comes to. [a]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LaterStage:
    """What a life does instead once it has aged.

    Attributes
    ----------
    tables : StressTables
        What that does at the same nodes, by the same models.
    soh_capacity_below : float
        It begins once the capacity of a life, over that when new, is below; never by that where negative. [-]
    from_year : int
        It begins in this year of operation at the latest, the first being 1. [a]
    """

    tables: StressTables
    soh_capacity_below: float = -1.0
    from_year: int = NEVER


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LifeAsk:
    """Which lives are asked for: those of the draws, on tables of the same models, and of what comes later."""

    tables: StressTables
    draws: LifeDraws
    later: tuple[LaterStage, ...] = ()

    def __post_init__(self) -> None:
        """Refuse stages whose nodes are others."""
        for each in self.later:
            for name in ("soh_capacity", "soh_resistance"):
                if not np.array_equal(getattr(each.tables, name), getattr(self.tables, name)):
                    message = f"stress tables of the stages of a life have other nodes of {name}; walk them together"
                    raise DataError(message)

    @property
    def stages(self) -> tuple[StressTables, ...]:
        """Tables of all stages."""
        return (self.tables, *(each.tables for each in self.later))


def live(
    tables: StressTables,
    laws: Sequence[AgeingLaw],
    draws: LifeDraws,
    days: LifeDays,
    *,
    lives_per_piece: int = 250,
    days_per_step: int = DAYS_PER_STEP,
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
    days_per_step : int
        Days for which the health of a life is held, at most; 1 renews it every day. [d]
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
    days_per_step: int = DAYS_PER_STEP,
    n_losses: int = N_LOSSES,
    spread: Spread | None = None,
) -> list[Lives]:
    """Live lives on several tables at once, so that many workers are busy to the end; otherwise as `live`.

    Parameters
    ----------
    asked : sequence of LifeAsk
        The lives.
    laws, days, lives_per_piece, days_per_step, spread
        As for `live`.
    n_losses : int
        Losses from which the steps of sigmoid terms are gone through.

    Returns
    -------
    list of Lives
        The lives of each, in their order.
    """
    tables = list({_key(each): each.stages for each in asked}.values())  # each once, whoever lives on it
    _check([each for own in tables for each in own], laws, days)
    n_days, n_again = tables[0][0].n_days, max(each.n_again for own in tables for each in own)
    steps = life_steps(days.with_again(n_days, n_again), days_per_step)

    def summed(own: tuple[StressTables, ...]) -> list[_Stress]:
        return [_stress(own, number, law, steps, (n_again, n_losses)) for number, law in enumerate(laws)]

    made = [summed(each) for each in tables] if spread is None else spread.map(summed, tables)
    stress = {tuple(map(id, own)): each for own, each in zip(tables, made, strict=True)}
    pieces = [
        (number, first, min(first + lives_per_piece, each.draws.law_of_life.size))
        for number, each in enumerate(asked)
        for first in range(0, each.draws.law_of_life.size, lives_per_piece)
    ]

    def work(piece: tuple[int, int, int]) -> Lives:
        number, first, last = piece
        ask = asked[number]
        return _live_piece(replace(ask, draws=ask.draws.part(first, last)), stress[_key(ask)], laws, steps)

    done = [work(each) for each in pieces] if spread is None else spread.map(work, pieces)
    return [
        joined([part for piece, part in zip(pieces, done, strict=True) if piece[0] == number])
        for number in range(len(asked))
    ]


class _Stress(NamedTuple):
    """What each step does by one model at the nodes: sums of stresses and flows, and what sigmoid terms gain."""

    rows: FloatArray
    sigmoids: SigmoidGains


def _key(ask: LifeAsk) -> tuple[int, ...]:
    return tuple(map(id, ask.stages))


def _stress(
    stages: tuple[StressTables, ...], number: int, law: AgeingLaw, steps: LifeSteps, sizes: tuple[int, int]
) -> _Stress:
    """Stress of the days of all stages, one stage after the other; so many days come again, at so many losses."""
    n_again, n_losses = sizes
    stresses = np.concatenate([each.with_again(each.stresses[number], n_again) for each in stages], axis=2)
    flows = np.concatenate([each.with_again(each.flows, n_again) for each in stages], axis=2)
    own = steps.staged([each.n_days + n_again for each in stages])
    return _Stress(
        own.summed(np.concatenate((stresses, flows), axis=3)),
        sigmoid_gains(stresses, law.terms, own, n_losses=n_losses),
    )


def _check(tables: Sequence[StressTables], laws: Sequence[AgeingLaw], days: LifeDays) -> None:
    """Refuse tables that do not serve."""
    for each in tables:
        if each.n_days != tables[0].n_days and (each.n_again or tables[0].n_again):
            message = (
                f"stress tables of {tables[0].n_days} and of {each.n_days} days are lived at once; live each alone"
            )
            raise DataError(message)
        if each.laws != tuple(law.name for law in laws):
            message = f"stress tables of {', '.join(each.laws)} do not serve {', '.join(law.name for law in laws)}"
            raise DataError(message)
        if days.table_day.max(initial=0) >= each.n_days:
            message = f"days of a life ask for day {days.table_day.max()} of tables of {each.n_days} days"
            raise DataError(message)


def _live_piece(ask: LifeAsk, stress: Sequence[_Stress], laws: Sequence[AgeingLaw], steps: LifeSteps) -> Lives:
    """Live some lives, model after model."""
    tables, draws = ask.tables, ask.draws
    n_lives, n_years, n_stages = draws.law_of_life.size, steps.year_start.size - 1, 1 + len(ask.later)
    below = np.array([each.soh_capacity_below for each in ask.later], dtype=np.float64)
    from_year = np.array([each.from_year - 1 for each in ask.later], dtype=np.int64)
    new = np.ones(n_lives) if draws.soh_resistance_new is None else draws.soh_resistance_new
    ends, flows = np.empty((n_lives, n_years + 1, 4)), np.zeros((n_lives, n_years, 3))
    stage_days = np.zeros((n_lives, n_years, n_stages))
    for number, law in enumerate(laws):
        own = np.flatnonzero(draws.law_of_life == number)
        if own.size == 0:
            continue
        kinds, quantities, _, slot_of = term_arrays(law)
        cause_of = np.array([0 if each.cause == "calendar" else 1 for each in law.terms], dtype=np.int64)
        own_ends, own_flows = np.empty((own.size, n_years + 1, 4)), np.zeros((own.size, n_years, 3))
        own_days, (rows, sigmoids) = np.zeros((own.size, n_years, n_stages)), stress[number]
        own_powers, own_rate = _own_terms(ask, number, law, own, sigmoids)
        live_range(
            0, own.size, rows, sigmoids.gain, sigmoids.z_max, tables.soh_capacity, tables.soh_resistance,
            np.tile(steps.n_days, n_stages), steps.step, steps.year_start, kinds, quantities, own_powers, slot_of,
            cause_of, own_rate, new[own], below, from_year, own_ends, own_flows, own_days,
        )  # fmt: skip
        ends[own], flows[own], stage_days[own] = own_ends, own_flows, own_days
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
        stage_share=stage_days / stage_days.sum(axis=2, keepdims=True) if ask.later else None,
    )


def _own_terms(
    ask: LifeAsk, number: int, law: AgeingLaw, own: IntArray, sigmoids: SigmoidGains
) -> tuple[FloatArray, FloatArray]:
    """Exponents of the lives of one model, (n_own, n_terms), of a sigmoid that of its z; rates, (n_own, n_stages, ...).

    Where an exponent is bent, the rates of each stage are those by which its duty alone loses as much by the pivot.
    """
    rate = ask.draws.rate[own][:, : len(law.terms)]
    shift = np.zeros(rate.shape) if ask.draws.exponent_shift is None else ask.draws.exponent_shift[own]
    bent = [life_exponents(law, each.new_stresses(number), shift) for each in ask.stages]
    is_sigmoid = np.array([each.kind is TermKind.SIGMOID for each in law.terms])
    rates = np.stack([rate * factor for _, factor in bent], axis=1)
    return np.where(is_sigmoid, sigmoids.exponent, bent[0][0]), np.ascontiguousarray(rates)


def _soh_energy(tables: StressTables, soh_capacity: FloatArray, soh_resistance: FloatArray) -> FloatArray:
    """Usable energy between the nodes over that when new, arrays of one shape; 0 where no capacity is left."""
    held = tables.between(tables.usable_kwh / tables.usable_kwh_new, soh_capacity, soh_resistance)
    return held * np.minimum(soh_capacity / tables.soh_capacity[0], 1.0)  # below the lowest it ends with the capacity
