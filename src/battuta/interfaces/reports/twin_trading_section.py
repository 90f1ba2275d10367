"""The part of a report's revenue section that is on trading: capture, years of history, saturation, the years ahead."""

from __future__ import annotations

import numpy as np

from battuta.interfaces.reports.twin_blocks import Band, Bars, Block, Chart, Line, Picture, Rows, Subheading, Words
from battuta.interfaces.reports.twin_figures import StrategyFigures, StudyFigures
from battuta.interfaces.reports.twin_trading import TradingFigures
from battuta.interfaces.reports.twin_wording import chance_text, listed, money_text
from battuta.interfaces.reports.wording import number_text, percent_text

_THOUSAND = 1e3


def trading(study: StudyFigures) -> tuple[Block, ...]:
    """Blocks on trading; none where no strategy trades."""
    found = [(each, each.trading) for each in study.strategies if each.trading is not None]
    if not found:
        return ()
    first = found[0][1]
    return (
        Subheading(text="Day-ahead trading"),
        *((Words(text=f"{first.label}.", is_warning=True),) if first.label else ()),
        Words(text=_history_words(study, first)),
        Words(text=_outlook_words(study, first)),
        _captures(study, found),
        _history(study, found),
        _picture(study, found),
    )


def _history_words(study: StudyFigures, first: TradingFigures) -> str:
    years = [str(each.year) for each in first.history]
    persistence = percent_text(study.result.study.market.persistence, 0)
    return (
        f"Prices of {listed(years)}: each year of each life is one of them, with the energy that the strategy moved in "
        f"it. After a year comes, with a probability of {persistence}, the one that came after it in history, else any "
        "of them. Negative prices are kept. The battery is a price taker: its own trades move no price. An aged "
        "battery is paid for the energy that it still moves."
    )


def _outlook_words(study: StudyFigures, first: TradingFigures) -> str:
    market = study.result.study.market
    if study.result.inputs.expected:
        by = "what the study's own file expects"
    elif market.spread_trend_per_year:
        by = f"{percent_text(market.spread_trend_per_year, 1, is_signed=True)} a year"
        by += f", to no less than {percent_text(market.spread_share_min, 0)}" if market.spread_share_min else ""
    else:
        by = "nothing: no saturation by other batteries is assumed"
    last = percent_text(float(first.spread_factor[-1]), 0)
    return (
        f"ASSUMED of the spread, which is how far prices lie from their mean: it changes by {by}; {last} of that of "
        f"history is left in the last year, mean of the lives. From life to life its level is unsure by "
        f"{percent_text(market.spread_deviation_share, 0)}."
    )


def _captures(study: StudyFigures, found: list[tuple[StrategyFigures, TradingFigures]]) -> Rows:
    rows = tuple(
        (
            each.name,
            figures.strategy,
            chance_text(figures.captured),
            "ASSUMED of perfect foresight" if figures.is_assumed else "measured, no foresight",
            number_text(figures.year_correlation, 2),
            money_text(float(figures.margin_mean[0])),
            money_text(float(figures.margin_mean[-1])),
        )
        for each, figures in found
    )
    return Rows(
        caption="Capture is the margin over that of perfect foresight day by day, all years of history, as planned. "
        "Correlation: of a year's margin with that of the next, over the lives.",
        columns=(
            "strategy",
            "decided by",
            "capture",
            "which is",
            "correlation",
            f"margin, year 1, {study.currency}",
            f"year {study.n_years}",
        ),
        rows=rows,
        word_columns=(0, 1, 3),
    )


def _history(study: StudyFigures, found: list[tuple[StrategyFigures, TradingFigures]]) -> Rows:
    rows = tuple(
        (
            each.name if k == 0 else "",
            str(year.year),
            number_text(year.discharged_mwh, 0),
            number_text(year.sale_per_mwh, 1),
            number_text(year.purchase_per_mwh, 1),
            number_text(year.mean_per_mwh, 1),
            money_text(year.margin_planned_best),
            money_text(year.margin_planned),
            money_text(year.margin_metered),
            chance_text(year.capture),
            chance_text(year.drawn_share),
        )
        for each, figures in found
        for k, year in enumerate(figures.history)
    )
    return Rows(
        caption=f"A new battery in the years of history, prices in {study.currency}/MWh, margins in {study.currency}. "
        "Best and planned are those of the plan, before auxiliaries, and capture is their ratio; earned is at the "
        "meter: by what cells and converter truly move, after auxiliaries, which are paid whole.",
        columns=(
            "strategy",
            "year",
            "sold, MWh",
            "at",
            "bought at",
            "mean of all hours",
            "best",
            "planned",
            "earned",
            "capture",
            "drawn",
        ),
        rows=rows,
    )


def _picture(study: StudyFigures, found: list[tuple[StrategyFigures, TradingFigures]]) -> Picture:
    x = np.arange(1.0, study.n_years + 1.0)
    bands = tuple(
        Band(
            name=f"{each.name}, 10 to 90 %",
            x=x,
            low=figures.margin.low / _THOUSAND,
            high=figures.margin.high / _THOUSAND,
            style=k,
        )
        for k, (each, figures) in enumerate(found)
    )
    lines = tuple(
        Line(name=f"{each.name}, median", x=x, y=figures.margin.middle / _THOUSAND, style=k)
        for k, (each, figures) in enumerate(found)
    )
    ahead = Chart(
        title="Years ahead", x_label="year", y_label=f"margin, k{study.currency}", lines=lines, bands=bands, share=0.5
    )
    bars = tuple(
        Bars(name=each.name, values=np.array([year.margin_metered for year in figures.history]) / _THOUSAND, style=k)
        for k, (each, figures) in enumerate(found)
    )
    past = Chart(
        title="Years of history, new battery",
        x_label="",
        y_label=f"margin, k{study.currency}",
        bars=bars,
        categories=tuple(str(each.year) for each in found[0][1].history),
        share=0.5,
    )
    return Picture(
        key="trading",
        caption="Margin of trading: what a new battery earns in each year of history, and the fan over the lives.",
        charts=(past, ahead),
    )
