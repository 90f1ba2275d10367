"""Sites that are given new strings as they age: how much works in each year, how old it is, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.augmentation import AugmentationKind
from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.numerics.sampling import standard_normal_blocks
from battuta.physics.ageing.ageing_law import term_arrays
from battuta.physics.ageing.life_kernels import POWER
from battuta.twin.augmentation_kernels import LifeNumbers, RuleNumbers, TermNumbers, live_cohorts
from battuta.twin.life_exponents import life_exponents
from battuta.twin.lives import Lives

if TYPE_CHECKING:
    from collections.abc import Sequence

    from battuta.domain.augmentation import AugmentationPlan
    from battuta.physics.ageing.ageing_law import AgeingLaw
    from battuta.twin.augmentation_kernels import CohortTables
    from battuta.twin.augmentation_tables import LoadTables
    from battuta.twin.lives_days import LifeDays
    from battuta.twin.lives_shared import LifeDraws
    from battuta.twin.stress_tables import Spread, StressTables


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AugmentedLives:
    """Lives of sites whose strings are of several ages.

    Attributes
    ----------
    site : Lives
        Of all strings together, over the site when new: capacity and its losses are sums, and may be above 1;
        resistance is that of the cohorts side by side; energies are sums, full cycles a mean over the strings. A
        year's end is seen before strings come.
    first_strings : Lives
        Of the first strings alone, as their warranty sees them; what is taken out stays as it was, and rests.
    strings_share : ndarray, shape (n_lives, n_years, n_cohorts)
        Strings of each cohort that work in each year, over those of the site when new. [-]
    cohort_soh_capacity, cohort_soh_resistance : ndarray, shape (n_lives, n_years + 1, n_cohorts)
        Health of each cohort as a year ends; 1 before it comes. [-]
    added_share, removed_share : ndarray, shape (n_lives, n_years)
        Strings that come, and are taken out, as a year ends. [-]
    installed_mwh : ndarray, shape (n_lives, n_years)
        Energy of the cells at work in each year, by their new capacity. [MWh]
    cost : ndarray, shape (n_lives, n_years)
        What strings cost at the end of each year, nominal. [currency]
    served_share : ndarray, shape (n_lives, n_years)
        Share of what is asked that the site still does, by its state as a year begins. [-]
    """

    site: Lives
    first_strings: Lives
    strings_share: FloatArray
    cohort_soh_capacity: FloatArray
    cohort_soh_resistance: FloatArray
    added_share: FloatArray
    removed_share: FloatArray
    installed_mwh: FloatArray
    cost: FloatArray
    served_share: FloatArray

    @property
    def times(self) -> FloatArray:
        """How often strings came to each life, shape (n_lives,). [-]"""
        return np.count_nonzero(self.added_share, axis=1).astype(np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteStrings:
    """The strings that a site begins with.

    Attributes
    ----------
    strings : int
        How many. [-]
    energy_mwh : float
        Energy of their cells when new. [MWh]
    """

    strings: int
    energy_mwh: float


def cohort_rates(
    plan: AugmentationPlan, model: LifeDraws, whole: LifeDraws, cell_deviation_share: float, seed: int, n_cohorts: int
) -> FloatArray:
    """Rates of each cohort: what is not known of the model is one for all, a battery's own factor is drawn for each.

    Parameters
    ----------
    plan : AugmentationPlan
        How much faster new strings age.
    model, whole : LifeDraws
        Lives without, and with, the factor of a battery's own; that of the first strings is kept.
    cell_deviation_share : float
        Standard deviation of the logarithm of that factor. [-]
    seed, n_cohorts : int
        Seed of the study, and cohorts at most.

    Returns
    -------
    ndarray, shape (n_lives, n_cohorts, n_terms)
        Multipliers of each term's loss. [-]
    """
    normal = standard_normal_blocks(seed, "twin.augmentation", 0, model.law_of_life.size, 39)
    own = plan.ageing_factor * np.exp(cell_deviation_share * normal[:, : n_cohorts - 1, None])
    return np.concatenate((whole.rate[:, None, :], own * model.rate[:, None, :]), axis=1)


def cohorts_of(plan: AugmentationPlan, n_years: int) -> int:
    """Cohorts that a site may have: the first, and one for each time that strings may come."""
    return 1 + min(plan.times_max, n_years - 1)


def augmented_lives(
    tables: LoadTables,
    plan: AugmentationPlan,
    strings: SiteStrings,
    laws: Sequence[AgeingLaw],
    law_of_life: IntArray,
    rate: FloatArray,
    days: LifeDays,
    *,
    exponent_shift: FloatArray | None = None,
    soh_resistance_new: FloatArray | None = None,
    lives_per_piece: int = 125,
    spread: Spread | None = None,
) -> AugmentedLives:
    """Live sites that are given strings, each when it needs them itself.

    Parameters
    ----------
    tables : LoadTables
        What the duty does, by the same models.
    plan : AugmentationPlan
        When strings come, and what they cost.
    strings : SiteStrings
        What the site begins with.
    laws : sequence of AgeingLaw
        Ageing models.
    law_of_life : ndarray of int, shape (n_lives,)
        Which each life follows.
    rate : ndarray, shape (n_lives, n_cohorts, n_terms)
        See `cohort_rates`. [-]
    days : LifeDays
        Days of a life.
    exponent_shift : ndarray, shape (n_lives, n_terms), optional
        As in `LifeDraws`, the same for all cohorts of a site; none where left out. [-]
    soh_resistance_new : ndarray, shape (n_lives,), optional
        As in `LifeDraws`, the same for all cohorts of a site; 1 where left out. [-]
    lives_per_piece : int
        Lives of a piece of work; the result does not depend on it.
    spread : Spread, optional
        Where pieces are done.

    Returns
    -------
    AugmentedLives
        The sites.
    """
    if any(year > days.n_years for year in plan.planned_years):
        late = max(plan.planned_years)
        message = f"[augmentation] planned_years names year {late}, the study has {days.n_years}; leave it out"
        raise DataError(message)
    days = days.with_again(tables.base.n_days, tables.base.n_again)
    lived = _Lived.empty(rate.shape[0], days.n_years, rate.shape[1])
    pieces: list[tuple[int, IntArray]] = []
    for number in range(len(laws)):
        own = np.flatnonzero(law_of_life == number)
        pieces += [(number, own[at : at + lives_per_piece]) for at in range(0, own.size, lives_per_piece)]
    kernel_tables = [tables.kernel_tables(number) for number in range(len(laws))]
    shift = np.zeros((rate.shape[0], rate.shape[2])) if exponent_shift is None else exponent_shift
    resistance = np.ones(rate.shape[0]) if soh_resistance_new is None else soh_resistance_new

    def work(piece: tuple[int, IntArray]) -> _Lived:
        number, own = piece
        lives = _life_numbers(laws[number], tables.base, number, rate[own], shift[own], resistance[own])
        return _live_piece(kernel_tables[number], plan, strings, laws[number], lives, days)

    done = [work(each) for each in pieces] if spread is None else spread.map(work, pieces)
    for (_, own), part in zip(pieces, done, strict=True):
        for name in _Lived.__slots__:
            getattr(lived, name)[own] = getattr(part, name)
    return _summed(tables, plan, strings, law_of_life, days, lived)


@dataclass(frozen=True, slots=True, eq=False)
class _Lived:
    """What the kernel writes; see `live_cohorts`."""

    size: FloatArray
    added: FloatArray
    ends: FloatArray
    flows: FloatArray
    energy: FloatArray

    @classmethod
    def empty(cls, n_lives: int, n_years: int, n_cohorts: int) -> _Lived:
        """Arrays to write into."""
        return cls(
            size=np.zeros((n_lives, n_years, n_cohorts)),
            added=np.zeros((n_lives, n_years)),
            ends=np.zeros((n_lives, n_years + 1, n_cohorts, 4)),
            flows=np.zeros((n_lives, n_years, n_cohorts, 3)),
            energy=np.zeros((n_lives, n_years + 1)),
        )


def _live_piece(
    tables: CohortTables,
    plan: AugmentationPlan,
    strings: SiteStrings,
    law: AgeingLaw,
    lives: LifeNumbers,
    days: LifeDays,
) -> _Lived:
    """Live some sites of one model."""
    n_lives, n_cohorts = lives.scale.shape[:2]
    kinds, quantities, _, slot_of = term_arrays(law)
    cause_of = np.array([0 if each.cause == "calendar" else 1 for each in law.terms], dtype=np.int64)
    planned = np.zeros(days.n_years + 1, dtype=np.int64)
    planned[list(plan.planned_years)] = 1
    rule = RuleNumbers(
        floor=plan.soh_energy_floor,
        target=plan.soh_energy_target,
        one_string=1.0 / strings.strings,
        installed_max=plan.installed_share_max,
        times_max=plan.times_max,
        replaces=plan.kind is AugmentationKind.REPLACE,
    )
    lived = _Lived.empty(n_lives, days.n_years, n_cohorts)
    live_cohorts(
        0, n_lives, tables, TermNumbers(kinds, quantities, slot_of, cause_of), rule, lives, planned, days.table_day,
        days.year_start, np.empty((n_cohorts, kinds.size)), np.empty((n_cohorts, 4)),
        np.empty(int(tables.days.shape[-1])), lived.size, lived.added, lived.ends, lived.flows, lived.energy,
    )  # fmt: skip
    return lived


def _life_numbers(
    law: AgeingLaw,
    tables: StressTables,
    number: int,
    rate: FloatArray,
    shift: FloatArray,
    soh_resistance_new: FloatArray,
) -> LifeNumbers:
    """What is drawn for lives of one model, whose number in the tables is given."""
    kinds = term_arrays(law).kinds
    powers, factor = life_exponents(law, tables.new_stresses(number), shift)
    exponent = np.where((kinds == POWER) & (powers != 1.0), 1.0 / powers, 1.0)[:, None]
    scale = (rate[:, :, : kinds.size] * factor[:, None]) ** exponent
    return LifeNumbers(powers=powers, scale=np.ascontiguousarray(scale), soh_resistance_new=soh_resistance_new)


def _summed(
    tables: LoadTables,
    plan: AugmentationPlan,
    strings: SiteStrings,
    law_of_life: IntArray,
    days: LifeDays,
    lived: _Lived,
) -> AugmentedLives:
    """Sum the cohorts up to sites, and say what strings cost."""
    size, ends = lived.size, lived.ends
    capacity, resistance = ends[..., 0], ends[..., 1]
    working = size * capacity[:, :-1]
    load = capacity[:, :-1] / np.maximum(working.sum(axis=2), 1e-12)[..., None]
    missed = tables.shortfall(load, capacity[:, :-1], resistance[:, :-1])
    share = working / np.maximum(working.sum(axis=2), 1e-12)[..., None]
    removed = np.zeros(lived.added.shape)
    removed[:, :-1] = np.maximum(size[:, :-1] - size[:, 1:], 0.0).sum(axis=2)
    level = (1.0 + plan.cost_trend_per_year) ** np.arange(days.n_years)
    per_kwh = plan.cost_per_kwh * lived.added + plan.removal_cost_per_kwh * removed
    cost = level * per_kwh * strings.energy_mwh * 1e3 + plan.fixed_cost * (lived.added > 0.0)
    return AugmentedLives(
        site=_site(tables, law_of_life, lived),
        first_strings=_first_strings(tables, law_of_life, lived),
        strings_share=size,
        cohort_soh_capacity=capacity,
        cohort_soh_resistance=resistance,
        added_share=lived.added,
        removed_share=removed,
        installed_mwh=size.sum(axis=2) * strings.energy_mwh,
        cost=cost,
        served_share=np.clip(1.0 - (share * missed).sum(axis=2), 0.0, 1.0),
    )


def _site(tables: LoadTables, law_of_life: IntArray, lived: _Lived) -> Lives:
    size, ends = lived.size, lived.ends
    at_end = np.concatenate((size[:, :1], size), axis=1)  # as a year ends, before strings come
    flows = (size[..., None] * lived.flows).sum(axis=2)
    lost = (at_end[..., None] * ends[..., 2:]).sum(axis=2)
    return Lives(
        year=np.arange(ends.shape[1], dtype=np.float64),
        law=tables.base.laws,
        law_of_life=law_of_life,
        soh_capacity=(at_end * ends[..., 0]).sum(axis=2),
        soh_resistance=1.0 / np.maximum((at_end / ends[..., 1]).sum(axis=2), 1e-12),
        soh_energy=lived.energy,
        discharged_mwh=flows[..., 0],
        charged_mwh=flows[..., 1],
        full_cycles=flows[..., 2] / size.sum(axis=2),
        loss_by_cause=lost,
    )


def _first_strings(tables: LoadTables, law_of_life: IntArray, lived: _Lived) -> Lives:
    ends, flows = lived.ends[:, :, 0], lived.flows[:, :, 0]
    size = lived.size[:, :, 0]
    return Lives(
        year=np.arange(ends.shape[1], dtype=np.float64),
        law=tables.base.laws,
        law_of_life=law_of_life,
        soh_capacity=ends[..., 0],
        soh_resistance=ends[..., 1],
        soh_energy=tables.usable_share(ends[..., 0], ends[..., 1]),
        discharged_mwh=size * flows[..., 0],
        charged_mwh=size * flows[..., 1],
        full_cycles=flows[..., 2],
        loss_by_cause=ends[..., 2:],
    )
