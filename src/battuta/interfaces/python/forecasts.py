"""Price forecasts in a notebook: scored on history, or issued for the next delivery day."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import polars as pl

from battuta.app import forecasts
from battuta.domain.forecast import Forecast
from battuta.domain.prices import PriceSeries
from battuta.interfaces.python.arguments import listed_names, require_count, require_path, require_prices
from battuta.interfaces.python.forecast_frames import evaluation_frame, issued_frame, path_frame, score_frame
from battuta.interfaces.python.tables import notebook_html
from battuta.studies.forecast_evaluation import ForecastEvaluation, Progress
from battuta.studies.forecast_scores import ForecastScores


class ForecastResult:
    """A finished test of forecasts.

    Parameters
    ----------
    scored : ScoredForecasts
        All that was issued, with its figures.
    assumptions : tuple of str
        What was assumed and has to stand beside the figures.
    """

    def __init__(self, scored: forecasts.ScoredForecasts, assumptions: tuple[str, ...] = ()) -> None:
        self.scored = scored
        self.assumptions = assumptions

    @property
    def evaluation(self) -> ForecastEvaluation:
        """All that was issued, day by day."""
        return self.scored.evaluation

    @property
    def scores(self) -> ForecastScores:
        """Errors, widths and coverage."""
        return self.scored.scores

    @property
    def table(self) -> pl.DataFrame:
        """One row per forecast: this one, its members, the similar day."""
        return score_frame(self.evaluation, self.scores)

    @property
    def steps(self) -> pl.DataFrame:
        """One row per interval: time, price, point, members, ``q01`` to ``q99``, known_at."""
        return evaluation_frame(self.evaluation)

    @property
    def notes(self) -> dict[str, int]:
        """What forecasts had to do without, and on how many days."""
        return self.scored.notes

    @property
    def findings(self) -> tuple[str, ...]:
        """What was found wanting where calibrated days are kept."""
        return self.scored.findings

    @property
    def n_days_found(self) -> int:
        """Days that had been calibrated before, by a test that was interrupted or another one."""
        return self.scored.n_days_found

    @property
    def label(self) -> str:
        """What must stand beside the figures; empty for real prices in real time and nothing assumed."""
        return label_of(self.evaluation.prices, self.assumptions)

    def report(self, path: str | Path) -> Path:
        """Write the self-contained HTML report and return its path."""
        return write_report(self.scored, require_path("report", "path", path), self.assumptions)

    def __repr__(self) -> str:
        """Show the table as text."""
        return f"{self.label}\n{self.table}" if self.label else repr(self.table)

    def _repr_html_(self) -> str:
        """Show the table in a notebook, with its label."""
        return _labelled_html(self.label, self.table)


class IssuedForecast:
    """The forecast of a delivery day that has no price yet.

    Parameters
    ----------
    issued : app.forecasts.IssuedForecast
        What was issued.
    assumptions : tuple of str
        What was assumed and has to stand beside it.
    """

    def __init__(self, issued: forecasts.IssuedForecast, assumptions: tuple[str, ...] = ()) -> None:
        self.issued = issued
        self.assumptions = assumptions

    @property
    def day(self) -> date:
        """The delivery day, local."""
        return self.issued.day

    @property
    def forecast(self) -> Forecast:
        """Point, quantiles and members as arrays."""
        return self.issued.forecast

    @property
    def table(self) -> pl.DataFrame:
        """One row per interval: time, point, members, ``q01`` to ``q99``, known_at."""
        return issued_frame(self.issued)

    @property
    def paths(self) -> pl.DataFrame | None:
        """One row per path and interval: path, time, price; None where none were asked for."""
        return None if self.issued.paths is None else path_frame(self.issued)

    @property
    def notes(self) -> tuple[str, ...]:
        """What it had to do without."""
        return (*self.forecast.notes, *forecasts.idle_columns(self.issued.prices))

    @property
    def findings(self) -> tuple[str, ...]:
        """What was found wanting where forecasts are kept."""
        error = self.issued.storage_error
        return (*self.issued.findings, *(() if error is None else (str(error),)))

    @property
    def label(self) -> str:
        """What must stand beside it; empty for real prices in real time and nothing assumed."""
        return label_of(self.issued.prices, self.assumptions)

    def __repr__(self) -> str:
        """Show the forecast as text."""
        return f"{self.label}\n{self.forecast}" if self.label else repr(self.forecast)

    def _repr_html_(self) -> str:
        """Show the middle of the distribution in a notebook."""
        return _labelled_html(self.label, self.table.select("time", "point", "q05", "q25", "q50", "q75", "q95"))


def forecast(
    prices: PriceSeries,
    *,
    test_days: int = 28,
    families: Iterable[str] = forecasts.FAMILIES,
    late_columns: bool = False,
    known_columns: Iterable[str] = (),
    keep: str | Path | None = None,
    progress: Progress | None = None,
) -> ForecastResult:
    """Forecast the last days of a price series, each at its own gate, and score what was issued.

    Parameters
    ----------
    prices : PriceSeries
        Prices with history: at least 14 days before the test, four years for the long windows.
    test_days : int
        Number of last delivery days to score.
    families : iterable of str
        Which families of models: ``linear``, ``kernel``, ``trees``.
    late_columns : bool
        True takes columns that are published after the gate as if they had been known at it; the label says so.
    known_columns : iterable of str
        Columns of which you know that they were published before the gate, where the file does not say.
    keep : str, Path or None
        Folder where calibrated days are kept, so that a test that was interrupted goes on where it stopped.
    progress : callable or None
        Called with what is done, how much of it, and how much there is.

    Returns
    -------
    ForecastResult
        With ``.scores``, ``.table``, ``.steps`` and ``.report``. Where the folder gave or took a block not, a
        `RuntimeWarning` says why, and ``.findings`` says all of it; the figures are the same.
    """
    here = "bt.forecast"
    require_prices(here, "prices", prices)
    require_count(here, test_days=test_days)
    names = listed_names(here, "families", families)
    known = listed_names(here, "known_columns", known_columns)
    folder = None if keep is None else require_path(here, "keep", keep)
    assumed, assumptions = forecasts.assumed_known(prices, late_columns=late_columns, known_columns=known)
    scored = forecasts.evaluate(assumed, test_days, names, keep=folder, progress=progress)
    if scored.findings:
        first, *more = scored.findings
        told = f"{first}; {len(more)} more in .findings" if more else first
        warnings.warn(told, RuntimeWarning, stacklevel=2)
    return ForecastResult(scored, assumptions)


def issue_forecast(
    prices: PriceSeries,
    *,
    families: Iterable[str] = forecasts.FAMILIES,
    late_columns: bool = False,
    known_columns: Iterable[str] = (),
    vintages: str | Path | None = forecasts.DEFAULT_FOLDER,
    n_paths: int = 0,
    progress: Progress | None = None,
) -> IssuedForecast:
    """Forecast the day after the last known price.

    Parameters
    ----------
    prices : PriceSeries
        Prices, and columns beside them that may reach into the day to forecast.
    families, late_columns, known_columns, progress
        As for `forecast`.
    vintages : str, Path or None
        Folder where issued forecasts are kept, so that the next one comes fast; None keeps none.
    n_paths : int
        Joint courses to draw; 0 for none.

    Returns
    -------
    IssuedForecast
        With ``.forecast``, ``.table`` and ``.notes``. Where it could not be kept, a `RuntimeWarning` says why.
    """
    here = "bt.issue_forecast"
    require_prices(here, "prices", prices)
    require_count(here, n_paths=n_paths)
    names = listed_names(here, "families", families)
    known = listed_names(here, "known_columns", known_columns)
    folder = None if vintages is None else require_path(here, "vintages", vintages)
    assumed, assumptions = forecasts.assumed_known(prices, late_columns=late_columns, known_columns=known)
    issued = forecasts.issue(assumed, names, folder=folder, n_paths=n_paths, progress=progress)
    if issued.storage_error is not None:
        warnings.warn(str(issued.storage_error), RuntimeWarning, stacklevel=2)
    return IssuedForecast(issued, assumptions)


def label_of(prices: PriceSeries, assumptions: Iterable[str]) -> str:
    """Say what must stand beside figures of these prices."""
    return "; ".join(part for part in (prices.money_label, *assumptions) if part)


def write_report(
    scored: forecasts.ScoredForecasts,
    path: Path,
    assumptions: tuple[str, ...] = (),
    published: forecasts.PublishedScore | None = None,
) -> Path:
    """Write the HTML report of a test and return its path."""
    from battuta.app.clock import utc_now
    from battuta.interfaces.reports.forecast_report import write_forecast_report
    from battuta.studies.forecast_evaluation import leaned_on

    evaluation = scored.evaluation
    leaned = leaned_on(evaluation.prices, evaluation.days[-1])
    return write_forecast_report(
        evaluation,
        scored.scores,
        path,
        title=f"Forecast of {evaluation.prices.source or 'prices'}",
        created_at=utc_now(),
        published=None if published is None else {published.name: published.values},
        importance=leaned if any(leaned.values()) else None,  # of prices that never change none tells anything
        assumptions=assumptions,
    )


def _labelled_html(label: str, table: pl.DataFrame) -> str:
    from html import escape

    head = f"<p><strong>{escape(label)}</strong></p>" if label else ""
    return f"{head}{notebook_html(table)}"
