"""The section of the report of a study on revenue: what the market pays, what contracts pay, and what is not in it."""

from __future__ import annotations

import numpy as np

from battuta.domain.revenue_contract import ContractKind, RevenueContract
from battuta.domain.study import FrequencyRegulation
from battuta.interfaces.reports.twin_blocks import Bars, Block, Chart, Picture, Rows, Section, Words, side_by_side
from battuta.interfaces.reports.twin_figures import StrategyFigures, StudyFigures
from battuta.interfaces.reports.twin_trading_section import trading
from battuta.interfaces.reports.twin_wording import chance_text, listed, money_text
from battuta.interfaces.reports.wording import number_text, percent_text


def revenue(study: StudyFigures) -> Section:
    """Section on what is earned, and what of the market is not in it."""
    market, currency = study.result.study.market, study.currency
    return Section(
        heading="Revenue",
        blocks=(
            Words(
                text=f"ASSUMED market: {number_text(market.capacity_price_per_mw_h)} {currency} for a MW of response "
                f"and hour, changing {percent_text(market.capacity_trend_per_year, 1, is_signed=True)} a year; energy "
                f"at {number_text(market.energy_price_per_mwh)} {currency}/MWh, "
                f"{percent_text(market.energy_trend_per_year, 1, is_signed=True)} a year. Years scatter by "
                f"{percent_text(market.deviation_share, 0)}, of which {percent_text(market.persistence, 0)} stays in "
                "the next year."
            ),
            *trading(study),
            *_contracts(study),
            *_followed(study),
            _sold(study),
            *_picture(study),
            *_drivers(study),
            Words(text=_not_modelled(study)),
        ),
    )


def _not_modelled(study: StudyFigures) -> str:
    if any(each.trading is not None for each in study.strategies):
        return (
            "Not modelled: intraday and balancing markets, forecast errors beyond the capture, the battery's own "
            "effect on prices, and correlation of the price of energy with that of response."
        )
    return (
        "Not modelled: prices within a year and the capture rate that follows from them, correlation of the price of "
        "energy with that of response, and saturation of the market by other batteries, except where the trend says so."
    )


def _contracts(study: StudyFigures) -> tuple[Block, ...]:
    contracts, currency = study.result.study.contracts, study.currency
    if not contracts:
        return (Words(text="No contract is part of the study: all revenue is merchant."),)
    rows = tuple(
        (
            each.name,
            "rent (tolling)" if each.kind is ContractKind.TOLLING else "floor",
            percent_text(each.share, 0),
            f"{each.first_year} to {_last_year(each, study.n_years)}",
            money_text(each.payment_per_mw_year),
            percent_text(each.growth_per_year, 1, is_signed=True),
            percent_text(each.availability_guaranteed, 1),
            "-" if each.kind is ContractKind.TOLLING else percent_text(each.kept_share, 0),
        )
        for each in contracts
    )
    columns = (
        "contract",
        "kind",
        "of the power",
        "years",
        f"{currency} per MW and year",
        "growth a year",
        "whole from availability",
        "kept above the floor",
    )
    caption = "Contracts, ASSUMED. A toller pays a rent, takes the market's revenue and pays for charging."
    return (Rows(caption=caption, columns=columns, rows=rows, word_columns=(0, 1)),)


def _last_year(contract: RevenueContract, n_years: int) -> int:
    return min(contract.first_year + contract.n_years - 1, n_years)


def _followed(study: StudyFigures) -> tuple[Words, ...]:
    capped = [
        f"{each.name} {chance_text(each.outcome.followed_share)}"
        for each in study.strategies
        if each.outcome.followed_share < 1.0
    ]
    if not capped:
        return ()
    return (
        Words(
            text="A cap on the full cycles of a day counts all that the cells move since midnight UTC. Once it is "
            "spent, no request is answered until the next midnight UTC, and response is not paid in that time; whether "
            "the terms of the product allow that is not judged here. Share of the time in which a new battery follows: "
            f"{listed(capped)}.{_repeats(study)}"
        ),
    )


def _repeats(study: StudyFigures) -> str:
    """Say of which days the share is, where the frequency is made up."""
    n_days = {
        each.outcome.strategy.duty.synthetic_days
        for each in study.strategies
        if each.outcome.followed_share < 1.0
        and isinstance(each.outcome.strategy.duty, FrequencyRegulation)
        and each.outcome.strategy.duty.frequency_path is None
    }
    if not n_days:
        return ""
    days = listed([f"{number}" for number in sorted(n_days)])
    return (
        f" The frequency is that of {days} SYNTHETIC days that repeat all year: how often and when a day's full cycles "
        "are spent is told of those days alone, and calm and restless seasons are not seen."
    )


def _years(study: StudyFigures) -> list[int]:
    """Years that a table shows, counted from 0: the first, the last, and what is around the end of a contract."""
    shown = {0, study.n_years - 1}
    for each in study.result.study.contracts:
        last = _last_year(each, study.n_years)
        shown |= {each.first_year - 1, last - 1, last}
    return sorted(year for year in shown if 0 <= year < study.n_years)


def _sold(study: StudyFigures) -> Rows:
    rows: list[tuple[str, ...]] = []
    names = list(study.strategies[0].money.revenue_parts)
    for each in study.strategies:
        for k, year in enumerate(_years(study)):
            sold = [float(part[year]) for part in each.money.revenue_parts.values()]
            cost = float(each.money.charging_cost[year])
            rows.append(
                (
                    each.name if k == 0 else "",
                    str(year + 1),
                    *(money_text(part) for part in (*sold, cost, sum(sold) - cost)),
                    number_text(float(each.discharged_mwh[year]), 0),
                )
            )
    return Rows(
        caption=f"What is sold and bought, {study.currency}, means of the lives",
        columns=("strategy", "year", *names, "energy bought", "net", "delivered, MWh"),
        rows=tuple(rows),
    )


def _picture(study: StudyFigures) -> tuple[Picture, ...]:
    if not study.result.study.contracts:
        return ()
    share = 1.0 / min(max(len(study.strategies), 2), 3)
    return (
        Picture(
            key="revenue",
            caption="Revenue that contracts pay and revenue that the market pays, by year, means of the lives. A "
            "contracted part below zero is what the counterparty of a floor takes.",
            charts=tuple(_tranches(each, study.currency, share) for each in study.strategies),
        ),
    )


def _tranches(each: StrategyFigures, currency: str, share: float) -> Chart:
    parts = each.money.revenue_parts
    n_years = next(iter(parts.values())).size
    return Chart(
        title=each.name,
        x_label="year",
        y_label=f"k{currency}",
        bars=tuple(
            Bars(name=name, values=np.asarray(row) / 1e3, style=k) for k, (name, row) in enumerate(parts.items())
        ),
        categories=tuple(str(year) for year in range(1, n_years + 1)),
        is_stacked=True,
        share=share,
    )


def _drivers(study: StudyFigures) -> tuple[Rows, ...]:
    names = list(study.strategies[0].money.drivers)
    rows = tuple((name, *(number_text(each.money.drivers[name], 2) for each in study.strategies)) for name in names)
    caption = "What makes one life worth more than another: correlation with the net present value"
    columns = ("what differs", *(each.name for each in study.strategies))
    return side_by_side(Rows(caption=caption, columns=columns, rows=rows))
