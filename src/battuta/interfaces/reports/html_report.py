"""Reports as one HTML file each: figures, tables and reasons, to keep, to print and to send."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from battuta.domain.asset import Site
from battuta.domain.market import Schedule
from battuta.domain.prices import PriceSeries
from battuta.domain.time import require_aware
from battuta.interfaces.reports.comparison_figures import cumulative_figure, money_figure
from battuta.interfaces.reports.dispatch_figure import dispatch_figure
from battuta.interfaces.reports.figures import SHOWN
from battuta.interfaces.reports.markup import Html, element, pairs
from battuta.interfaces.reports.page import figure_html, write_page
from battuta.interfaces.reports.reasons_figure import reasons_figure
from battuta.interfaces.reports.report_tables import (
    label_html,
    lacking_table,
    reason_table,
    step_table,
    strategy_definitions,
    strategy_table,
)
from battuta.interfaces.reports.step_record import StepRecord, money_name, schedule_record, strategy_record
from battuta.interfaces.reports.wording import battery_text, number_text, percent_text
from battuta.studies.backtest import BacktestResult

STEPS_MAX = 1_000
"""Most steps of the dispatch figure on a page, so that the file stays small: 41 days of hours. [steps]"""
ROWS_MAX = 700
"""Most rows of the table of steps: a week of quarter-hours. [steps]"""
DAYS_LISTED_MAX = 10
_PLANNED = (
    "Value of stored energy and money at stake are those of the plan made before the prices were known; "
    "price, power, state of charge and money are what came of it."
)
_WITHOUT_SCRIPT = "Without JavaScript this page has no figures; their numbers are in its tables."
_DISPATCH_CAPTION = (
    "Price, power (selling upwards, buying downwards) and state of charge with its bounds. "
    "Point at a step for its reason; drag to move in time."
)


def write_backtest_report(
    result: BacktestResult,
    strategy: str,
    path: Path,
    *,
    title: str,
    created_at: datetime,
    notes: Sequence[str] = (),
) -> Path:
    """Write the report of a backtest.

    Parameters
    ----------
    result : BacktestResult
        The study.
    strategy : str
        The strategy that the report is about; the others are shown beside it.
    path : Path
        The HTML file.
    title : str
        Heading.
    created_at : datetime
        When the report was made, aware.
    notes : sequence of str
        Sentences for the end of the page, such as a command that makes it again.

    Returns
    -------
    Path
        The same path.

    Raises
    ------
    UsageError
        If the study has no such strategy.
    DataError
        If the file cannot be written.
    """
    record = strategy_record(result, strategy)
    money_caption = (
        f"Net of each strategy and its share of oracle_day; {strategy} in blue, the others grey, "
        "yardsticks with perfect foresight as outlines."
    )
    body = [
        _header(title, record.label, [*_backtest_facts(result), ("strategy of this report", strategy)]),
        _section("Key figures", _backtest_keys(result, strategy)),
        _section(
            "Strategies compared",
            figure_html(money_figure(result, strategy), "money", money_caption),
            strategy_table(result, strategy),
        ),
        _section("What was done", _dispatch(record)),
        _section(
            "Money over time",
            figure_html(
                cumulative_figure(result, strategy),
                "cumulative",
                f"Net of each strategy, added up; {strategy} in blue. Each ends at its net in the table above.",
            ),
        ),
        _section("What held the battery", *_reasons(record)),
        _section("Steps and reasons", *_steps(record)),
        *([_section("What forecasts had to do without", lacking)] if (lacking := lacking_table(result)) else []),
        _section("What each strategy knows and does", strategy_definitions(result)),
        _footer(created_at, notes),
    ]
    return write_page(path, title=title, body=body)


def write_schedule_report(
    schedule: Schedule,
    site: Site,
    prices: PriceSeries,
    path: Path,
    *,
    title: str,
    created_at: datetime,
    notes: Sequence[str] = (),
) -> Path:
    """Write the report of a single schedule.

    Parameters
    ----------
    schedule : Schedule
        The schedule.
    site : Site
        The asset it was made for.
    prices : PriceSeries
        The series it was made for.
    path : Path
        The HTML file.
    title : str
        Heading.
    created_at : datetime
        When the report was made, aware.
    notes : sequence of str
        Sentences for the end of the page.

    Returns
    -------
    Path
        The same path.

    Raises
    ------
    DataError
        If the file cannot be written.
    """
    record = schedule_record(schedule, site, prices)
    first, last = record.clock.texts(record.end_ns[[0, -1]] - (record.end_ns[0] - record.time_ns[0]))
    facts = [*_asset_facts(site, prices), ("steps", f"{number_text(record.n_times, 0)}, {first} to {last}")]
    keys = [
        (f"objective, {record.money}", number_text(schedule.objective)),
        (f"net without the value of energy left, {record.money}", number_text(float(record.net_so_far[-1]))),
        (f"wear, {record.money}", number_text(float(schedule.wear.sum()))),
        ("engine", schedule.engine),
        ("time to solve, s", number_text(schedule.seconds, 3)),
    ]
    if schedule.budget_price_per_mwh > 0.0:
        budget = f"price of the throughput budget, {record.money}/MWh"
        keys.append((budget, number_text(schedule.budget_price_per_mwh)))
    body = [
        _header(title, record.label, facts),
        _section("Key figures", pairs(keys, "keys")),
        _section("What is to be done", _dispatch(record)),
        _section("What holds the battery", *_reasons(record)),
        _section("Steps and reasons", *_steps(record)),
        _footer(created_at, notes),
    ]
    return write_page(path, title=title, body=body)


def _header(title: str, label: str, facts: Sequence[tuple[str, str]]) -> Html:
    without = element("noscript", element("p", _WITHOUT_SCRIPT, class_="label"))
    return element("header", element("h1", title), label_html(label), without, pairs(facts, "facts"))


def _section(heading: str, *content: str) -> Html:
    return element("section", element("h2", heading), *content)


def _asset_facts(site: Site, prices: PriceSeries) -> list[tuple[str, str]]:
    return [
        ("site", site.name),
        ("battery", battery_text(site)),
        ("market zone and clock", f"{prices.zone}, clock {prices.clock.value}"),
        ("currency", money_name(prices)),
        ("prices from", prices.source or "not stated"),
    ]


def _backtest_facts(result: BacktestResult) -> list[tuple[str, str]]:
    days, skipped = result.test_days, result.skipped_days
    listed = ", ".join(day.isoformat() for day in skipped[:DAYS_LISTED_MAX])
    more = f" and {len(skipped) - DAYS_LISTED_MAX} more" if len(skipped) > DAYS_LISTED_MAX else ""
    return [
        *_asset_facts(result.site, result.prices),
        ("test days", f"{len(days)}, {days[0]} to {days[-1]}"),
        ("days left out as prices are missing", f"{len(skipped)}: {listed}{more}" if skipped else "none"),
    ]


def _backtest_keys(result: BacktestResult, strategy: str) -> Html:
    chosen, unit = result.results[strategy], money_name(result.prices)
    return pairs(
        [
            (f"net, {unit}", number_text(chosen.net)),
            (f"wear, {unit}", number_text(float(chosen.wear.sum()))),
            ("cycles, equivalent full (EFC)", number_text(chosen.efc, 1)),
            ("captured share of oracle_day", percent_text(result.captured(strategy))),
            (f"net per MW and year, {unit}", number_text(result.per_mw_year(strategy), 0)),
        ],
        "keys",
    )


def _dispatch(record: StepRecord) -> Html:
    shown = record.last(record.step * STEPS_MAX)
    return figure_html(dispatch_figure(shown, SHOWN), "dispatch", _DISPATCH_CAPTION)


def _reasons(record: StepRecord) -> list[Html]:
    caption = (
        "Hours in which each bound or rule held the battery, and the net money of those hours (buying counts against)."
    )
    return [figure_html(reasons_figure(record), "reasons", caption), reason_table(record)]


def _steps(record: StepRecord) -> list[Html]:
    last = record.last(min(timedelta(days=7), record.step * ROWS_MAX))
    words = (
        f"The last {number_text(last.n_times, 0)} of {number_text(record.n_times, 0)} steps."
        if last.n_times < record.n_times
        else "All steps."
    )
    planned = f" {_PLANNED}" if record.is_planned and np.any(np.isfinite(record.at_stake)) else ""
    return [element("p", words + planned, class_="quiet"), step_table(last)]


def _footer(created_at: datetime, notes: Sequence[str]) -> Html:
    made = f"Made {require_aware(created_at, 'created_at').astimezone(UTC):%Y-%m-%d %H:%M} UTC by Battuta."
    signs = "Discharge and sale are positive, charge and purchase negative; every interval is named by its start."
    return element("footer", *(element("p", words) for words in (*notes, signs, made)))
