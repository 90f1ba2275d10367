"""The trading of a study in figures: what history gave, how much of the best is captured, how years hang together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.interfaces.reports.twin_spread import Spread, spread_of
from battuta.numerics.arrays import FloatArray
from battuta.studies.life_study_result import LifeStudyResult, StrategyOutcome
from battuta.twin.market_years import year_correlation
from battuta.twin.study_flows import sales_and_purchases


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryYear:
    """What a new battery traded in one year of history.

    Attributes
    ----------
    year : int
        Calendar year.
    discharged_mwh : float
        Delivered at the interconnection point. [MWh]
    sale_per_mwh, purchase_per_mwh, mean_per_mwh : float
        Mean price of what is delivered, of what is drawn, and of all hours. [currency/MWh]
    margin_planned_best, margin_planned : float
        Sales less purchases as planned, before auxiliaries: of perfect foresight, and what is earned of the strategy's.
        [currency]
    margin_metered : float
        What is earned at the interconnection point: by the energy that cells and converter truly move, after
        auxiliaries. [currency]
    auxiliary_cost : float
        What auxiliaries cost, which is in that. [currency]
    capture : float
        Margin as planned over that of perfect foresight. [-]
    drawn_share : float
        Share of all years of all lives that this one was drawn for. [-]
    """

    year: int
    discharged_mwh: float
    sale_per_mwh: float
    purchase_per_mwh: float
    mean_per_mwh: float
    margin_planned_best: float
    margin_planned: float
    margin_metered: float
    auxiliary_cost: float
    capture: float
    drawn_share: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TradingFigures:
    """What trading brings.

    Attributes
    ----------
    strategy : str
        Who decides.
    captured : float
        Margin that is earned over that of perfect foresight, all years of history together, as planned. [-]
    is_assumed : bool
        Whether that is assumed and not measured.
    history : tuple of HistoryYear
        Year by year.
    margin : Spread
        Sales less purchases of each year of life, rows of n_years values. [currency]
    margin_mean : ndarray, shape (n_years,)
        Its mean over the lives. [currency]
    year_correlation : float
        Correlation of a year's margin with the next one's. [-]
    spread_factor : ndarray, shape (n_years,)
        On the spread of prices over that of history, mean of the lives. [-]
    label : str
        What has to stand beside the money; empty for real prices.
    """

    strategy: str
    captured: float
    is_assumed: bool
    history: tuple[HistoryYear, ...]
    margin: Spread
    margin_mean: FloatArray
    year_correlation: float
    spread_factor: FloatArray
    label: str


def trading_figures(result: LifeStudyResult, outcome: StrategyOutcome) -> TradingFigures | None:
    """Make the figures of a strategy that trades.

    Parameters
    ----------
    result : LifeStudyResult
        The study, for its drawn years.
    outcome : StrategyOutcome
        The strategy.

    Returns
    -------
    TradingFigures or None
        None where it does not trade.
    """
    duty, traded, drawn = outcome.duty.traded, outcome.traded, result.years.traded
    if duty is None or traded is None or drawn is None:
        return None
    sales, purchases = sales_and_purchases(outcome.lives, result.years, traded)
    margin = sales - purchases
    often = np.bincount(drawn.number.ravel(), minlength=len(duty.years)) / drawn.number.size
    history = tuple(
        HistoryYear(
            year=planned.year,
            discharged_mwh=moved.discharged_mwh,
            sale_per_mwh=moved.sale_per_mwh,
            purchase_per_mwh=moved.purchase_per_mwh,
            mean_per_mwh=moved.mean_per_mwh,
            margin_planned_best=planned.best_margin,
            margin_planned=duty.capture_share * planned.margin if planned.margin > 0.0 else planned.margin,
            margin_metered=moved.margin_earned(traded.capture_share),
            auxiliary_cost=moved.auxiliary_cost,
            capture=duty.capture_share * planned.capture,
            drawn_share=float(share),
        )
        for planned, moved, share in zip(duty.years, traded.years, often, strict=True)
    )
    return TradingFigures(
        strategy=duty.strategy,
        captured=duty.captured,
        is_assumed=duty.is_perfect_foresight,
        history=history,
        margin=spread_of(margin),
        margin_mean=margin.mean(axis=0),
        year_correlation=year_correlation(margin),
        spread_factor=drawn.spread_factor.mean(axis=0),
        label=duty.label,
    )
