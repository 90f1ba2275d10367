"""What single assumptions and whole cases do to owner and lender, as the financial section tells it."""

from __future__ import annotations

import numpy as np

from battuta.interfaces.reports.twin_blocks import Block, Chart, Picture, Rows, Subheading, Words
from battuta.interfaces.reports.twin_figures import StrategyFigures, StudyFigures
from battuta.interfaces.reports.twin_money import P50, P90
from battuta.interfaces.reports.twin_tornado import tornado_chart
from battuta.interfaces.reports.twin_variance import variance_blocks
from battuta.interfaces.reports.twin_wording import chance_text, money_text, rate_text
from battuta.interfaces.reports.wording import MISSING, number_text, percent_text
from battuta.twin.study_sensitivity import StrategyRisk, StressOutcome


def stress(study: StudyFigures) -> tuple[Block, ...]:
    """Break-even price of response, tornado charts and cases of stress; or that the study was not asked for them."""
    asked = [(each, each.money.sure) for each in study.strategies]
    known = [(each, sure) for each, sure in asked if sure is not None]
    if not known:
        words = "This study was not asked again under other assumptions: no tornado, no stress, no break-even price."
        return (Subheading(text="Stress"), Words(text=words))
    return (
        *_break_even(study, known),
        *_break_even_spread(known),
        Subheading(text="One assumption at a time"),
        *(_tornadoes(k, each, sure, study.currency) for k, (each, sure) in enumerate(known)),
        *variance_blocks(known),
        Subheading(text="Stress"),
        Words(
            text="Same lives and draws, other assumptions. Return, worth and debt are those of a plant that was "
            "financed knowing the case; coverage, default and missed payments are those of the loan as taken, "
            "which then meets it."
        ),
        _cases(study, known),
    )


def _break_even(study: StudyFigures, known: list[tuple[StrategyFigures, StrategyRisk]]) -> tuple[Block, ...]:
    """Prices of response; nothing where no strategy sells any."""
    if not any(each.outcome.duty.sold_kw for each, _ in known):
        return ()
    asked = study.result.study.market.capacity_price_per_mw_h
    rows: list[tuple[str, ...]] = []
    for each, sure in known:
        cells: list[str] = []
        for price in sure.break_even_capacity_price_per_mw_h:
            change = percent_text(float(price) / asked - 1.0, 1, is_signed=True) if asked > 0.0 else MISSING
            cells += [number_text(float(price)), change]
        rows.append((each.name, number_text(asked) if each.outcome.duty.sold_kw else MISSING, *cells))
    prices = Rows(
        caption=f"Price of a MW of response and hour in the first year, {study.currency}, at which the owner gets what "
        "he asks; its trend and all else as studied, what contracts pay included. A dash: none is sold, or no price "
        "is enough",
        columns=("strategy", "as studied", "P50", "change", "P90", "change"),
        rows=tuple(rows),
    )
    return (Subheading(text="Break-even price of response"), prices)


def _break_even_spread(known: list[tuple[StrategyFigures, StrategyRisk]]) -> tuple[Rows, ...]:
    """Table of the spread that trading needs; none where nothing trades."""
    rows = tuple(
        (each.name, *(MISSING if np.isnan(factor) else number_text(float(factor)) for factor in factors))
        for each, sure in known
        if (factors := sure.break_even_spread_factor) is not None
    )
    if not rows:
        return ()
    caption = (
        "Factor on the spread of prices in all years at which the owner gets what he asks, all else as studied; below "
        "1 there is room. Schedules stay those of the study, so above 1 it is on the safe side. A dash: none is enough"
    )
    return (Rows(caption=caption, columns=("strategy", "P50", "P90"), rows=rows),)


def _tornadoes(k: int, each: StrategyFigures, sure: StrategyRisk, currency: str) -> Picture:
    worth, rate = float(sure.exceedance.npv[P50]), float(sure.exceedance.irr[P50])
    drawn = (
        tornado_chart(sure.tornado_npv, worth, each.name, f"net present value at P50, k{currency}", 1e-3),
        tornado_chart(sure.tornado_irr, rate, each.name, "return on equity at P50, %", 100.0),
    )
    charts: tuple[Chart, ...] = tuple(chart for chart in drawn if chart.categories)
    caption = "From the answer of the study to that at each end of one assumption's range, all others as studied."
    return Picture(key=f"tornado-{k}", caption=caption, charts=charts)


def _cases(study: StudyFigures, known: list[tuple[StrategyFigures, StrategyRisk]]) -> Rows:
    has_debt = study.result.study.finance.debt is not None
    rows = tuple(
        (each.name if k == 0 else "", case.case.name, *_case_cells(case, has_debt=has_debt))
        for each, sure in known
        for k, case in enumerate(sure.stress)
    )
    lent = ("debt at P90", "DSCR, P90", "default", "missed") if has_debt else ()
    return Rows(
        caption=f"Cases, {study.currency}; default and missed payments in share of the lives",
        columns=("strategy", "case", "IRR, P50", "NPV, P50", "NPV, P90", *lent),
        rows=rows,
        word_columns=(0, 1),
    )


def _case_cells(case: StressOutcome, *, has_debt: bool) -> tuple[str, ...]:
    found, held = case.exceedance, case.credit_held
    owner = (rate_text(float(found.irr[P50])), *(money_text(float(found.npv[k])) for k in (P50, P90)))
    if not has_debt or held is None:
        return owner
    return (
        *owner,
        money_text(float(found.debt[P90])),
        number_text(float(case.min_dscr_held[P90])),
        chance_text(held.default),
        chance_text(held.missed),
    )
