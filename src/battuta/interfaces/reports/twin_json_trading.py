"""The part of the annex of a study's report that is on trading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from battuta.interfaces.reports.twin_json_parts import Json, number

if TYPE_CHECKING:
    from battuta.interfaces.reports.twin_trading import HistoryYear, TradingFigures


def trading_json(found: TradingFigures) -> dict[str, Json]:
    """Write what trading brings: capture, years of history, margins by year of life.

    Parameters
    ----------
    found : TradingFigures
        The figures.

    Returns
    -------
    dict
        ``capture`` with whether it is assumed, ``history`` by calendar year, ``margin`` at the
        meter by year of life.
    """
    history: dict[str, Json] = {str(each.year): _year(each) for each in found.history}
    rows = zip(found.margin_mean, found.margin.low, found.margin.middle, found.margin.high, strict=True)
    margin: dict[str, Json] = {
        str(year + 1): {"mean": float(mean), "p10": float(low), "p50": float(middle), "p90": float(high)}
        for year, (mean, low, middle, high) in enumerate(rows)
    }
    told: dict[str, Json] = {
        "strategy": found.strategy,
        "capture": number(found.captured),
        "capture_is_assumed": found.is_assumed,
        "history": history,
        "margin": margin,
        "year_correlation": number(found.year_correlation),
        "spread_factor": [float(each) for each in found.spread_factor],
    }
    return told | ({"label": found.label} if found.label else {})


def _year(each: HistoryYear) -> dict[str, Json]:
    return {
        "discharged_mwh": each.discharged_mwh,
        "sale_per_mwh": each.sale_per_mwh,
        "purchase_per_mwh": each.purchase_per_mwh,
        "mean_per_mwh": each.mean_per_mwh,
        "margin_planned_best": each.margin_planned_best,
        "margin_planned": each.margin_planned,
        "margin_metered": each.margin_metered,
        "auxiliary_cost": each.auxiliary_cost,
        "capture": number(each.capture),
        "drawn_share": each.drawn_share,
    }
