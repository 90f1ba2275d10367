"""Figures of a backtest or a schedule: what was done, why, and what it earned."""

from __future__ import annotations

from datetime import datetime, timedelta

from battuta.domain.asset import Site
from battuta.domain.market import Schedule
from battuta.domain.prices import PriceSeries
from battuta.domain.time import to_ns
from battuta.interfaces.reports.comparison_figures import cumulative_figure, money_figure
from battuta.interfaces.reports.dispatch_figure import dispatch_figure
from battuta.interfaces.reports.plotly_figure import Figure
from battuta.interfaces.reports.reasons_figure import reasons_figure
from battuta.interfaces.reports.step_record import StepRecord, schedule_record, strategy_record
from battuta.studies.backtest import BacktestResult

SHOWN = timedelta(days=7)
"""How much of the end a dispatch figure shows at first."""
STEPS_MAX = 9_000
"""Most steps of a dispatch figure without a window: a year of hours, as each carries a sentence. [steps]"""
Window = tuple[datetime, datetime]


def dispatch(result: BacktestResult, name: str | None = None, *, window: Window | None = None) -> Figure:
    """Price, power and state of charge of one strategy over time, the reason of each step on hover.

    Parameters
    ----------
    result : BacktestResult
        The study.
    name : str, optional
        Which strategy; by default the one that earned most without seeing the future.
    window : tuple of two datetime, optional
        Half-open window of aware times to draw in full; by default the last 7 days are in view and a slider leads back.

    Returns
    -------
    Figure
        A plotly figure.
    """
    return _windowed(strategy_record(result, name or best_strategy(result)), window)


def schedule_dispatch(schedule: Schedule, site: Site, prices: PriceSeries, *, window: Window | None = None) -> Figure:
    """Price, power and state of charge of one schedule over time, as `dispatch` draws a strategy."""
    return _windowed(schedule_record(schedule, site, prices), window)


def _windowed(record: StepRecord, window: Window | None) -> Figure:
    if window is not None:
        chosen = record.between(to_ns(window[0]), to_ns(window[1]))
        return dispatch_figure(chosen, window[1] - window[0])
    return dispatch_figure(record.last(record.step * STEPS_MAX), SHOWN)


def best_strategy(result: BacktestResult) -> str:
    """Name of the strategy that earned most without seeing the future; an oracle only where there is nothing else."""
    candidates = [name for name, each in result.results.items() if not each.is_oracle] or list(result.results)
    return max(candidates, key=lambda name: result.results[name].net)


def money(result: BacktestResult, name: str | None = None) -> Figure:
    """Net money of each strategy with its captured share; oracles stand apart as yardsticks.

    Parameters
    ----------
    result : BacktestResult
        The study.
    name : str, optional
        The strategy in the accent colour; by default the one that earned most without seeing the future.

    Returns
    -------
    Figure
        A plotly figure.
    """
    return money_figure(result, name or best_strategy(result))


def cumulative(result: BacktestResult, name: str | None = None) -> Figure:
    """Net money over time of every strategy: the chosen one in the accent colour, baselines grey, oracles dotted.

    Parameters
    ----------
    result : BacktestResult
        The study.
    name : str, optional
        The strategy in the accent colour; by default the one that earned most without seeing the future.

    Returns
    -------
    Figure
        A plotly figure.
    """
    return cumulative_figure(result, name or best_strategy(result))


def reasons(result: BacktestResult, name: str | None = None) -> Figure:
    """Hours and net money of one strategy by what held its steps.

    Parameters
    ----------
    result : BacktestResult
        The study.
    name : str, optional
        Which strategy; by default the one that earned most without seeing the future.

    Returns
    -------
    Figure
        A plotly figure.
    """
    return reasons_figure(strategy_record(result, name or best_strategy(result)))
