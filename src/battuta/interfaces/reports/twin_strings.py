"""The strings that come to a study's sites in figures: how often, when, how much is at work, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.interfaces.reports.twin_spread import Bettered, Spread, bettered, spread_of
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.twin.augmentation import AugmentedLives


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortFigures:
    """Strings that came at the same time.

    Attributes
    ----------
    lives_share : float
        Share of the lives that have them. [-]
    year : float
        Year at whose end they come, median of those lives; 0 for the first strings. [year]
    strings_share : float
        Strings at work in the last year over those of the site when new, mean of those lives. [-]
    soh_capacity : float
        Capacity left at the end of the last year, median of those lives. [-]
    """

    lives_share: float
    year: float
    strings_share: float
    soh_capacity: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StringsFigures:
    """Augmentation of one strategy.

    Attributes
    ----------
    lives_share : float
        Share of the lives to which strings come. [-]
    times_mean : float
        How often they come, mean of all lives. [-]
    first_year : float
        Year at whose end they first come, median of the lives that have any; NaN if none has. [year]
    installed_mwh : Spread
        Cells at work by year, by their new energy, rows of n_years values. [MWh]
    installed_mwh_mean : ndarray, shape (n_years,)
        The same, mean of all lives. [MWh]
    cost_by_year : ndarray, shape (n_years,)
        Mean of all lives, nominal. [currency]
    cost : Bettered
        Over all years of a life, nominal. [currency]
    cohorts : tuple of CohortFigures
        The first strings, then those of each time; times that no life sees are left out.
    """

    lives_share: float
    times_mean: float
    first_year: float
    installed_mwh: Spread
    installed_mwh_mean: FloatArray
    cost_by_year: FloatArray
    cost: Bettered
    cohorts: tuple[CohortFigures, ...]


def strings_figures(augmented: AugmentedLives) -> StringsFigures:
    """Make the figures of the strings that come.

    Parameters
    ----------
    augmented : AugmentedLives
        Sites of several ages.

    Returns
    -------
    StringsFigures
        The figures.
    """
    came: IntArray = np.cumsum(augmented.added_share > 0.0, axis=1, dtype=np.int64)
    any_came: BoolArray = came[:, -1] >= 1
    first = _years(came, 1)[any_came]
    return StringsFigures(
        lives_share=float(any_came.mean()),
        times_mean=float(augmented.times.mean()),
        first_year=float(np.median(first)) if first.size else float("nan"),
        installed_mwh=spread_of(augmented.installed_mwh),
        installed_mwh_mean=augmented.installed_mwh.mean(axis=0),
        cost_by_year=augmented.cost.mean(axis=0),
        cost=bettered(augmented.cost.sum(axis=1), is_cost=True),
        cohorts=tuple(
            _cohort(augmented, came, number)
            for number in range(augmented.strings_share.shape[2])
            if (came[:, -1] >= number).any()
        ),
    )


def _years(came: IntArray, number: int) -> FloatArray:
    """Year at whose end strings come for the n-th time, of each life; of no meaning where they do not."""
    reached: BoolArray = came >= number
    return np.argmax(reached, axis=1) + 1.0


def _cohort(augmented: AugmentedLives, came: IntArray, number: int) -> CohortFigures:
    has: BoolArray = came[:, -1] >= number
    return CohortFigures(
        lives_share=float(has.mean()),
        year=float(np.median(_years(came, number)[has])) if number else 0.0,
        strings_share=float(augmented.strings_share[has, -1, number].mean()),
        soh_capacity=float(np.median(augmented.cohort_soh_capacity[has, -1, number])),
    )
