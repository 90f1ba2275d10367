"""Results as a notebook shows them: a table, the steps, and plots."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from battuta.domain.market import Schedule, Settlement
from battuta.domain.prices import PriceSeries
from battuta.interfaces.python.arguments import require_path
from battuta.interfaces.python.tables import notebook_html, schedule_frame, step_frame, strategy_frame
from battuta.studies.backtest import BacktestResult

if TYPE_CHECKING:
    from battuta.domain.asset import Site
    from battuta.interfaces.reports.plotly_figure import Figure

Window = tuple[datetime, datetime]


class BacktestPlots:
    """Plots of a backtest; each returns a plotly figure."""

    def __init__(self, result: BacktestResult) -> None:
        self._result = result

    def dispatch(self, strategy: str | None = None, *, window: Window | None = None) -> Figure:
        """Price, power and state of charge of a strategy, the reason of each step on hover."""
        from battuta.interfaces.reports.figures import dispatch

        return dispatch(self._result, strategy, window=window)

    def money(self, strategy: str | None = None) -> Figure:
        """Net of each strategy beside the yardsticks."""
        from battuta.interfaces.reports.figures import money

        return money(self._result, strategy)

    def cumulative(self, strategy: str | None = None) -> Figure:
        """Net of each strategy over time."""
        from battuta.interfaces.reports.figures import cumulative

        return cumulative(self._result, strategy)

    def reasons(self, strategy: str | None = None) -> Figure:
        """Hours and money by what held the step."""
        from battuta.interfaces.reports.figures import reasons

        return reasons(self._result, strategy)


class Backtest:
    """A finished backtest.

    Parameters
    ----------
    result : BacktestResult
        Everything that was computed.
    """

    def __init__(self, result: BacktestResult) -> None:
        self.result = result

    @property
    def table(self) -> pl.DataFrame:
        """One row per strategy, best first; ``.to_pandas()`` and ``.to_arrow()`` go on from here."""
        return strategy_frame(self.result)

    @property
    def steps(self) -> pl.DataFrame:
        """One row per strategy and step, with the reason."""
        return step_frame(self.result)

    @property
    def label(self) -> str:
        """What must stand beside the money; empty for real prices in real time."""
        return self.result.money_label

    @property
    def notes(self) -> dict[str, dict[str, int]]:
        """What the forecasts of each strategy had to do without, and on how many days."""
        return {name: each.notes for name, each in self.result.results.items() if each.notes}

    @property
    def plot(self) -> BacktestPlots:
        """Plots, as in ``result.plot.dispatch()``."""
        return BacktestPlots(self.result)

    def uplift(self, strategy: str) -> dict[str, float]:
        """Gain over each baseline, as a share of that baseline. [-]"""
        return self.result.uplift(strategy)

    def settlement(self, strategy: str) -> Settlement:
        """Settle what a strategy delivered, to the cent; benchmark days of 24 hours are never settled."""
        return self.result.settlement(strategy)

    def report(self, path: str | Path, strategy: str | None = None) -> Path:
        """Write the self-contained HTML report and return its path."""
        from battuta.app.clock import utc_now
        from battuta.interfaces.reports.figures import best_strategy
        from battuta.interfaces.reports.html_report import write_backtest_report

        chosen = strategy or best_strategy(self.result)
        title = f"Backtest of {self.result.site.name}"
        return write_backtest_report(
            self.result, chosen, require_path("report", "path", path), title=title, created_at=utc_now()
        )

    def __repr__(self) -> str:
        """Show the table as text."""
        return f"{self.label}\n{self.table}" if self.label else repr(self.table)

    def _repr_html_(self) -> str:
        """Show the table in a notebook, with its label."""
        from html import escape

        label = f"<p><strong>{escape(self.label)}</strong></p>" if self.label else ""
        return f"{label}{notebook_html(self.table)}"


class SchedulePlots:
    """Plots of a schedule; each returns a plotly figure."""

    def __init__(self, plan: Schedule, site: Site, prices: PriceSeries) -> None:
        self._plan, self._site, self._prices = plan, site, prices

    def dispatch(self, *, window: Window | None = None) -> Figure:
        """Price, power and state of charge, the reason of each step on hover."""
        from battuta.interfaces.reports.figures import schedule_dispatch

        return schedule_dispatch(self._plan, self._site, self._prices, window=window)


class Plan:
    """A best schedule.

    Parameters
    ----------
    schedule : Schedule
        What was found.
    site : Site
        The asset.
    prices : PriceSeries
        The prices it was made for.
    """

    def __init__(self, schedule: Schedule, site: Site, prices: PriceSeries) -> None:
        self.schedule, self.site, self.prices = schedule, site, prices

    @property
    def objective(self) -> float:
        """Revenue less wear plus the value of energy left. [currency]"""
        return self.schedule.objective

    @property
    def table(self) -> pl.DataFrame:
        """One row per step, with its reason in words."""
        return schedule_frame(self.schedule, self.prices)

    @property
    def plot(self) -> SchedulePlots:
        """Plots, as in ``plan.plot.dispatch()``."""
        return SchedulePlots(self.schedule, self.site, self.prices)

    def __repr__(self) -> str:
        """Show the objective and the table as text."""
        label = f" ({self.prices.money_label})" if self.prices.money_label else ""
        return f"objective {self.objective:,.2f} {self.schedule.currency}{label}\n{self.table}"

    def _repr_html_(self) -> str:
        """Show the table in a notebook."""
        from html import escape

        head = f"objective {self.objective:,.2f} {self.schedule.currency} {self.prices.money_label}"
        return f"<p>{escape(head)}</p>{notebook_html(self.table)}"
