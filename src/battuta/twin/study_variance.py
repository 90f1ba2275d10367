"""What a study's spread is made of: shares of the variance of its answers, from the lives and years at hand.

Each life of a study has prices, an ageing model, rates and an availability of its own. Here they are parted and put
together anew, each axis by itself, and the finance is done again; nothing is lived again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.numerics.arrays import FloatArray, IntArray
from battuta.twin.lives import Lives
from battuta.twin.market_years import MarketYears
from battuta.twin.outlook import DrawnYears
from battuta.twin.project_finance import project_finance
from battuta.twin.sensitivity import Factor, SobolIndices, saltelli_points, sobol_indices
from battuta.twin.study_flows import study_flows

if TYPE_CHECKING:
    from battuta.twin.study_sensitivity_cases import Lived, StrategyModel

AXES = ("market level", "market from year to year", "ageing model", "ageing rates", "availability")
N_SAMPLES = 1024
_SEED = 1
_NO_SPREAD = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class VarianceShares:
    """What the spread of a strategy's money is made of.

    Attributes
    ----------
    npv : SobolIndices or None
        Of the net present value; None where it does not spread.
    min_dscr : SobolIndices or None
        Of the worst coverage; None where it does not spread or there is no debt.
    n_samples : int
        Size of either sample.
    """

    npv: SobolIndices | None
    min_dscr: SobolIndices | None
    n_samples: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PartedPrices:
    """Prices of each life, parted into what all years share and what moves from one to the next.

    Attributes
    ----------
    middle : ndarray, shape (n_years,)
        Mean of the lives in each year. [unit of the price]
    level : ndarray, shape (n_lives,)
        Mean over the years of a life's price over that. [-]
    course : ndarray, shape (n_lives, n_years)
        What is left: 1 on average over the years of a life. [-]
    """

    middle: FloatArray
    level: FloatArray
    course: FloatArray

    def together(self, level_of: IntArray, course_of: IntArray) -> FloatArray:
        """Prices with the level of some lives and the course of others, shape (n_samples, n_years)."""
        return self.middle * self.level[level_of, None] * self.course[course_of]


def parted_prices(drawn: FloatArray) -> PartedPrices:
    """Part the prices of lives.

    Parameters
    ----------
    drawn : ndarray, shape (n_lives, n_years)
        Prices, of any unit.

    Returns
    -------
    PartedPrices
        Three factors whose product they are.

    Examples
    --------
    >>> parted = parted_prices(np.array([[10.0, 10.0], [20.0, 40.0]]))
    >>> parted.level.round(2), parted.together(np.array([0, 1]), np.array([0, 1])).round(6).tolist()
    (array([0.53, 1.47]), [[10.0, 10.0], [20.0, 40.0]])
    """
    middle = drawn.mean(axis=0)
    held = np.where(middle == 0.0, 1.0, middle)
    over = np.where(middle == 0.0, 1.0, drawn / held)
    level = over.mean(axis=1)
    return PartedPrices(middle=middle, level=level, course=over / np.where(level == 0.0, 1.0, level)[:, None])


def ranked_lives(lives: Lives) -> tuple[IntArray, ...]:
    """Lives of each model that has any, from the one that ages fastest to the slowest.

    Parameters
    ----------
    lives : Lives
        The lives.

    Returns
    -------
    tuple of ndarray of int
        Numbers of the lives, by mean capacity left over the years; the model of fewest lives may be short.
    """
    left = lives.soh_capacity.mean(axis=1)
    of_models = (np.flatnonzero(lives.law_of_life == law) for law in range(len(lives.law)))
    return tuple(own[np.argsort(left[own], kind="stable")].astype(np.int64) for own in of_models if own.size)


def variance_shares(model: StrategyModel, n_samples: int = N_SAMPLES) -> VarianceShares:
    """Share the variance of a strategy's money out to what a study draws.

    Five axes are drawn apart: the mean price of a life, its course from year to year, the ageing model by the share of
    the lives that follow it, how fast a life ages among those of its model, and the availability with the failures and
    repairs behind it. The study's own lives
    and years stand on each axis, so that their spread is that of the study; that they hang together by chance is taken
    out. Samples are those of Saltelli.

    Parameters
    ----------
    model : StrategyModel
        The strategy.
    n_samples : int
        Size of either sample; the finance is done for seven times as many.

    Returns
    -------
    VarianceShares
        First and total shares, with their standard errors.
    """
    lived, years = model.lived(1.0), model.years
    factors = [Factor(name=name, low=0.0, base=0.5, high=1.0) for name in AXES]
    points = saltelli_points(factors, n_samples, _SEED)
    places = np.minimum(points.reshape(-1, len(AXES)), np.nextafter(1.0, 0.0))
    n_lives = lived.lives.n_lives
    level_of, course_of, here_of = ((places[:, axis] * n_lives).astype(np.int64) for axis in (0, 1, 4))
    drawn = DrawnYears(
        capacity_price_per_mw_h=parted_prices(years.capacity_price_per_mw_h).together(level_of, course_of),
        energy_price_per_mwh=parted_prices(years.energy_price_per_mwh).together(level_of, course_of),
        availability=years.availability[here_of],
        traded=None if years.traded is None else _market_of(years.traded, level_of, course_of),
    )
    life_of = _life_at(lived.lives, places[:, 2], places[:, 3])
    npv, min_dscr = _financed(model, lived, life_of, here_of, drawn)
    shape = points.shape[:2]
    return VarianceShares(
        npv=_shared(npv.reshape(shape)),
        min_dscr=None if model.plan.debt is None else _shared(min_dscr.reshape(shape)),
        n_samples=n_samples,
    )


def _market_of(years: MarketYears, level_of: IntArray, course_of: IntArray) -> MarketYears:
    """Years of history that some lives go through, at the levels of price and spread of others."""
    return MarketYears(
        number=years.number[course_of],
        level_factor=parted_prices(years.level_factor).together(level_of, course_of),
        spread_factor=parted_prices(years.spread_factor).together(level_of, course_of),
    )


def _life_at(lives: Lives, model_place: FloatArray, rate_place: FloatArray) -> IntArray:
    """Life of the model at a place, at the rank of another place among the lives of that model, shape (n_samples,)."""
    ranked = ranked_lives(lives)
    ends = np.cumsum([own.size for own in ranked]) / lives.n_lives
    which = np.minimum(np.searchsorted(ends, model_place, side="right"), len(ranked) - 1)
    found = np.empty(model_place.shape, dtype=np.int64)
    for number, own in enumerate(ranked):
        here = which == number
        found[here] = own[(rate_place[here] * own.size).astype(np.int64)]
    return found


def _financed(
    model: StrategyModel, lived: Lived, life_of: IntArray, here_of: IntArray, years: DrawnYears
) -> tuple[FloatArray, FloatArray]:
    """Net present value and worst coverage of lives put together anew, each of shape (n_samples,)."""
    flows = study_flows(
        lived.lives.at(life_of),
        years,
        sold_kw=model.sold_kw if lived.sold_kw is None else lived.sold_kw[life_of],
        served_share=lived.served_share[life_of],
        contracts=model.contracts,
        power_kw=model.power_kw,
        augmentation_cost=None if lived.augmented is None else lived.augmented.cost[life_of],
        other_cost=None if model.other_cost is None else model.other_cost[here_of],
        traded=model.traded,
    )
    outcome = project_finance(model.plan, flows)
    return outcome.npv, outcome.min_dscr


def _shared(answers: FloatArray) -> SobolIndices | None:
    """Shares, or None where an answer does not exist or none differs from another."""
    if not np.isfinite(answers).all():
        return None
    if float(np.ptp(answers)) <= _NO_SPREAD * max(float(np.abs(answers).max()), 1.0):
        return None
    return sobol_indices(AXES, answers)
