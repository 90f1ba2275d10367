"""The figures of a study, made once: what its text, its tables, its plots and its annex all print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from battuta.interfaces.reports.twin_money import MoneyFigures, money_figures
from battuta.interfaces.reports.twin_spread import Spread, spread_of
from battuta.interfaces.reports.twin_strings import StringsFigures, strings_figures
from battuta.interfaces.reports.twin_trading import TradingFigures, trading_figures
from battuta.numerics.arrays import FloatArray
from battuta.studies.life_study_result import LifeStudyResult, StrategyOutcome
from battuta.twin.warranty_outcome import ClauseKind, ClauseOutcome, WarrantyOutcome

_FEW_LIVES = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClauseFigures:
    """A clause of the warranty.

    Attributes
    ----------
    clause : ClauseOutcome
        What was judged.
    margin : tuple of float
        Smallest margin of the life at 10, 50 and 90 % of all that it applies to. [unit of the clause]
    applies : bool
        Whether it applies to any life.
    breach_year : float
        Year of the first breach, median of the lives that break it; NaN if none does. [year]
    consumed : Mapping of str to float
        Share of the limit that each service or cause used, median. [-]
    """

    clause: ClauseOutcome
    margin: tuple[float, float, float]
    applies: bool
    breach_year: float
    consumed: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WarrantyFigures:
    """A warranty over all lives.

    Attributes
    ----------
    breach, promise_breach, condition_breach : float
        Share of the lives in which any clause, a promise of the supplier, a condition of the owner is broken. [-]
    breach_year : float
        Year of the first breach, median of the lives that have one; NaN if none has. [year]
    promise_by_year, condition_by_year : ndarray, shape (n_years,)
        Share of the lives with a breach of each kind by the end of each year. [-]
    damages_mean : float
        What the supplier pays over all years, mean of the lives. [currency]
    clauses : tuple of ClauseFigures
        Clause by clause.
    """

    breach: float
    promise_breach: float
    condition_breach: float
    breach_year: float
    promise_by_year: FloatArray
    condition_by_year: FloatArray
    damages_mean: float
    clauses: tuple[ClauseFigures, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StrategyFigures:
    """One way to use the battery.

    Attributes
    ----------
    outcome : StrategyOutcome
        Where the figures come from.
    soh_capacity, soh_energy, soh_resistance : Spread
        Rows of n_years + 1 values. [-]
    by_law : Mapping of str to ndarray, shape (n_years + 1,)
        Capacity left, median of the lives of each ageing model. [-]
    lives_by_law : Mapping of str to int
        How many lives each model speaks for.
    loss_by_cause : ndarray, shape (n_years + 1, 2)
        Capacity lost by the calendar and by cycles, mean. [-]
    discharged_mwh, full_cycles : ndarray, shape (n_years,)
        Means over the lives, by year. [MWh], [-]
    round_trip_efficiency : ndarray, shape (n_years,)
        Delivered over drawn at the interconnection point, auxiliaries included, by year. [-]
    warranty : WarrantyFigures or None
        None where the study names none.
    strings : StringsFigures or None
        Strings that come; None without augmentation. All health above is then that of the whole site.
    money : MoneyFigures
        What the owner and the lender get.
    trading : TradingFigures or None
        None where it does not trade.
    """

    outcome: StrategyOutcome
    soh_capacity: Spread
    soh_energy: Spread
    soh_resistance: Spread
    by_law: Mapping[str, FloatArray]
    lives_by_law: Mapping[str, int]
    loss_by_cause: FloatArray
    discharged_mwh: FloatArray
    full_cycles: FloatArray
    round_trip_efficiency: FloatArray
    warranty: WarrantyFigures | None
    strings: StringsFigures | None
    money: MoneyFigures
    trading: TradingFigures | None = None

    @property
    def name(self) -> str:
        """What the study calls it."""
        return self.outcome.strategy.name

    @property
    def model_gap(self) -> float:
        """Distance between the medians of the models at the end. [-]"""
        last = [float(row[-1]) for row in self.by_law.values()]
        return max(last) - min(last)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StudyFigures:
    """A study in figures.

    Attributes
    ----------
    result : LifeStudyResult
        Where they come from.
    strategies : tuple of StrategyFigures
        In the order of the study; the first is the one that the others are held against.
    version : str
        Version of the software that made them.
    """

    result: LifeStudyResult
    strategies: tuple[StrategyFigures, ...]
    version: str = ""

    @property
    def currency(self) -> str:
        """Of all money. ISO 4217."""
        return self.result.study.finance.currency

    @property
    def n_years(self) -> int:
        """Years of operation. [a]"""
        return self.result.study.n_years


def study_figures(result: LifeStudyResult, version: str = "") -> StudyFigures:
    """Make the figures of a study.

    Parameters
    ----------
    result : LifeStudyResult
        The study.
    version : str
        Version of the software, for the report.

    Returns
    -------
    StudyFigures
        What every form of the report prints.
    """
    made = tuple(_strategy(result, each) for each in result.strategies)
    return StudyFigures(result=result, strategies=made, version=version)


def _strategy(result: LifeStudyResult, outcome: StrategyOutcome) -> StrategyFigures:
    lives = outcome.lives
    of_law = {name: lives.law_of_life == k for k, name in enumerate(lives.law)}
    spoken = {name: rows for name, rows in of_law.items() if rows.any()}
    charged = lives.charged_mwh.sum(axis=0)
    return StrategyFigures(
        outcome=outcome,
        soh_capacity=spread_of(lives.soh_capacity),
        soh_energy=spread_of(lives.soh_energy),
        soh_resistance=spread_of(lives.soh_resistance),
        by_law={name: np.median(lives.soh_capacity[rows], axis=0) for name, rows in spoken.items()},
        lives_by_law={name: int(rows.sum()) for name, rows in spoken.items()},
        loss_by_cause=lives.loss_by_cause.mean(axis=0),
        discharged_mwh=outcome.flows.discharged_mwh.mean(axis=0),
        full_cycles=lives.full_cycles.mean(axis=0),
        round_trip_efficiency=np.where(
            charged > _FEW_LIVES, lives.discharged_mwh.sum(axis=0) / np.maximum(charged, _FEW_LIVES), np.nan
        ),
        warranty=None if outcome.warranty is None else _warranty(outcome.warranty),
        strings=None if outcome.augmented is None else strings_figures(outcome.augmented),
        money=money_figures(result, outcome),
        trading=trading_figures(result, outcome),
    )


def _warranty(outcome: WarrantyOutcome) -> WarrantyFigures:
    return WarrantyFigures(
        breach=outcome.breach_probability,
        promise_breach=outcome.breach_probability_of(ClauseKind.PROMISE),
        condition_breach=outcome.breach_probability_of(ClauseKind.CONDITION),
        breach_year=_median_of_known(outcome.first_breach_year),
        promise_by_year=_broken_by_year(outcome, ClauseKind.PROMISE),
        condition_by_year=_broken_by_year(outcome, ClauseKind.CONDITION),
        damages_mean=float(outcome.damages.sum(axis=1).mean()),
        clauses=tuple(_clause(each) for each in outcome.clauses),
    )


def _broken_by_year(outcome: WarrantyOutcome, kind: ClauseKind) -> FloatArray:
    n_lives, n_years = outcome.damages.shape
    first = np.full(n_lives, np.inf)
    for each in outcome.clauses:
        if each.kind is kind:
            first = np.fmin(first, each.first_breach_year)
    return np.array([float(np.mean(first <= year)) for year in range(1, n_years + 1)])


def _clause(clause: ClauseOutcome) -> ClauseFigures:
    low, middle, high = (float(each) for each in clause.margin_quantiles((0.1, 0.5, 0.9)))
    return ClauseFigures(
        clause=clause,
        margin=(low, middle, high),
        applies=not np.isnan(clause.margin).all(),
        breach_year=_median_of_known(clause.first_breach_year),
        consumed={name: _median_of_known(share) for name, share in clause.consumed_by.items()},
    )


def _median_of_known(values: FloatArray) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if known.size else float("nan")
