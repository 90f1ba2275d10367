"""The charts of a study: how it is used, how it ages, what the warranty and the money come to."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from battuta.interfaces.reports.twin_blocks import Band, Bars, Chart, Line
from battuta.interfaces.reports.twin_changes import marks
from battuta.interfaces.reports.twin_figures import StrategyFigures, StudyFigures
from battuta.interfaces.reports.twin_spread import Spread
from battuta.numerics.arrays import FloatArray
from battuta.twin.duty_summary import DEPTH_EDGES, SHARES

_PERCENT = 100.0
OTHER_STYLE = 3
"""Colours from here on are for models and causes, so that they are not taken for one of the first strategies."""
STYLE_OF_MARK = 4
_THIRD, _HALF = 1.0 / 3.0, 0.5


def duration_charts(study: StudyFigures) -> tuple[Chart, ...]:
    """Duration curves of state of charge, rate and cell temperature, a line for each strategy."""
    hours = _PERCENT * (1.0 - SHARES)
    sides = (
        ("State of charge", "SoC, %", "soc", _PERCENT),
        ("Rate, discharge positive", "C-rate, 1/h", "c_rate", 1.0),
        ("Cell temperature", "°C", "temperature_c", 1.0),
    )
    charts: list[Chart] = []
    for title, label, name, factor in sides:
        lines = tuple(
            Line(name=each.name, x=hours, y=factor * getattr(each.outcome.summary, name), style=k)
            for k, each in enumerate(study.strategies)
        )
        charts.append(Chart(title=title, x_label="% of the year exceeded", y_label=label, lines=lines, share=_THIRD))
    return tuple(charts)


def cycle_charts(study: StudyFigures) -> tuple[Chart, ...]:
    """Rainflow cycles by depth: how many, and what share of the throughput they move."""
    depths = tuple(f"{_PERCENT * a:.0f}-{_PERCENT * b:.0f}" for a, b in pairwise(DEPTH_EDGES))
    count = tuple(
        Bars(name=each.name, values=each.outcome.summary.cycle_count, style=k)
        for k, each in enumerate(study.strategies)
    )
    share = tuple(
        Bars(name=each.name, values=_PERCENT * each.outcome.summary.cycle_share, style=k)
        for k, each in enumerate(study.strategies)
    )
    depth = "depth of the cycle, % of capacity"
    any_cycle = any((each.values > 0.0).any() for each in count)
    return (
        Chart(
            title="Cycles of a year",
            x_label=depth,
            y_label="cycles, logarithmic" if any_cycle else "cycles",
            bars=count,
            categories=depths,
            is_log=any_cycle,
            y_range=(0.5 if any_cycle else 0.0, 2.0 * max(1.0, *(float(each.values.max()) for each in count))),
            share=_HALF,
        ),
        Chart(
            title="Throughput that they move",
            x_label=depth,
            y_label="% of throughput",
            bars=share,
            categories=depths,
            share=_HALF,
        ),
    )


def fan_charts(study: StudyFigures, quantity: str) -> tuple[Chart, ...]:
    """Fan of one state of health for each strategy, all on the same axis.

    Parameters
    ----------
    study : StudyFigures
        The figures.
    quantity : str
        ``soh_capacity``, ``soh_energy`` or ``soh_resistance``.

    Returns
    -------
    tuple of Chart
        One for each strategy.
    """
    spreads: list[Spread] = [getattr(each, quantity) for each in study.strategies]
    years = study.result.strategies[0].lives.year
    floors = [
        _floor(each, years) if quantity == "soh_capacity" else np.full(years.shape, np.nan) for each in study.strategies
    ]
    span = _span(_p(np.concatenate([*(each.low for each in spreads), *(each.high for each in spreads), *floors])))
    charts: list[Chart] = []
    for k, (each, spread, floor) in enumerate(zip(study.strategies, spreads, floors, strict=True)):
        promised = Line(name="promised floor", x=years, y=_p(floor), is_quiet=True)
        charts.append(
            Chart(
                title=each.name,
                x_label="year",
                y_label="% of new",
                bands=(Band(name="10 to 90 % of lives", x=years, low=_p(spread.low), high=_p(spread.high), style=k),),
                lines=(
                    Line(name="median", x=years, y=_p(spread.middle), style=k),
                    *(() if np.isnan(floor).all() else (promised,)),
                    *(
                        Line(name=mark, x=np.full(2, year), y=np.array(span), style=STYLE_OF_MARK)
                        for mark, year in marks(each)
                    ),
                ),
                y_range=span,
                share=_share(study),
            )
        )
    return tuple(charts)


def model_charts(study: StudyFigures) -> tuple[Chart, ...]:
    """Median of each ageing model, and what took the capacity, for each strategy."""
    years = study.result.strategies[0].lives.year
    every = np.concatenate([row for each in study.strategies for row in each.by_law.values()])
    span = _span(_PERCENT * every)
    return tuple(
        Chart(
            title=each.name,
            x_label="year",
            y_label="capacity, % of new",
            lines=tuple(
                Line(name=law, x=years, y=_p(row), style=OTHER_STYLE + k)
                for k, (law, row) in enumerate(each.by_law.items())
            ),
            y_range=span,
            share=_share(study),
        )
        for each in study.strategies
    )


def cause_chart(study: StudyFigures) -> Chart:
    """What took the capacity by the last year, strategy by strategy."""
    names = ("calendar", "cycles")
    last = np.array([each.loss_by_cause[-1] for each in study.strategies])
    return Chart(
        title=f"Capacity lost by year {study.n_years}, mean of the lives",
        x_label="points of capacity",
        y_label="",
        bars=tuple(Bars(name=name, values=_p(last[:, k]), style=OTHER_STYLE + k) for k, name in enumerate(names)),
        categories=tuple(each.name for each in study.strategies),
        is_lying=True,
        is_stacked=True,
    )


def breach_charts(study: StudyFigures) -> tuple[Chart, ...]:
    """Share of the lives in which a promise, and a condition, is broken by the end of each year."""
    charts: list[Chart] = []
    for title, name in (("A promise is broken", "promise_by_year"), ("A condition is broken", "condition_by_year")):
        lines: list[Line] = []
        for k, each in enumerate(study.strategies):
            if each.warranty is not None:
                by_year: FloatArray = getattr(each.warranty, name)
                lines.append(Line(name=each.name, x=np.arange(1.0, by_year.size + 1.0), y=_p(by_year), style=k))
        charts.append(
            Chart(
                title=title,
                x_label="year",
                y_label="% of lives",
                lines=tuple(lines),
                y_range=(-3.0, 103.0),
                share=_HALF,
            )
        )
    return tuple(charts)


def money_chart(study: StudyFigures, style: int) -> Chart:
    """Cash flow of the owner by year, and the debt service, means of the lives."""
    each = study.strategies[style]
    rows = each.money.rows
    years = np.arange(rows["equity_flow"].size)
    return Chart(
        title=each.name,
        x_label="year",
        y_label=f"k{study.currency}",
        bars=(Bars(name="to the owner", values=rows["equity_flow"] / 1e3, style=style),),
        lines=(
            Line(name="CFADS", x=years[1:].astype(np.float64), y=rows["cfads"][1:] / 1e3, style=4),
            Line(
                name="debt service",
                x=years[1:].astype(np.float64),
                y=rows["debt_service"][1:] / 1e3,
                is_quiet=True,
            ),
        ),
        categories=tuple(str(year) for year in years),
        share=_share(study),
    )


def spread_chart(study: StudyFigures, quantity: str, title: str, label: str, factor: float) -> Chart:
    """How many lives better a value, a line for each strategy: an exceedance curve."""
    lines: list[Line] = []
    for k, each in enumerate(study.strategies):
        values: FloatArray = np.sort(getattr(each.outcome.finance, quantity))
        known = values[~np.isnan(values)]
        share = _PERCENT * (values.size - np.isnan(values).sum() - np.arange(known.size)) / values.size
        lines.append(Line(name=each.name, x=factor * known, y=share, style=k))
    return Chart(
        title=title,
        x_label=label,
        y_label="% of lives with more",
        lines=tuple(lines),
        y_range=(0.0, 101.0),
        share=_HALF,
    )


def _p(share: FloatArray) -> FloatArray:
    return _PERCENT * share


def _share(study: StudyFigures) -> float:
    """Width of one of the charts of the strategies, at most three in a row."""
    return 1.0 / min(max(len(study.strategies), 2), 3)


def _span(values: FloatArray) -> tuple[float, float]:
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    room = max(0.05 * (high - low), 0.5)
    return low - room, high + room


def _floor(each: StrategyFigures, years: FloatArray) -> FloatArray:
    """Promised floor of capacity at this strategy's own throughput; NaN where nothing is promised for what is drawn."""
    warranty = each.outcome.warranty
    if warranty is None or warranty.warranty.soh is None or each.strings is not None:
        return np.full(years.shape, np.nan)
    use = np.full(years.shape, float(each.full_cycles.mean()))
    floor = warranty.warranty.soh.floor(years, use)
    return np.where(years <= warranty.warranty.years, floor, np.nan)
