"""The forecast beside others: who was nearer, on how many days, and whether that was more than luck."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np

from battuta.interfaces.reports.forecast_frame import drawn, framed_figure
from battuta.interfaces.reports.forecast_record import ForecastRecord, Kind, PointForecast
from battuta.interfaces.reports.markup import Html, table
from battuta.interfaces.reports.palette import ACCENT, ALERT, BASELINES, BUY, INK, RULE
from battuta.interfaces.reports.plotly_figure import Figure, Spec, axis, note
from battuta.interfaces.reports.wording import MISSING, number_text
from battuta.numerics.accuracy_test import AccuracyTest, daily_losses, diebold_mariano
from battuta.numerics.arrays import FloatArray

SURE = 0.05
"""Below this probability a lead is called more than luck. [-]"""
NAME_LENGTH = 26
_ROW_PX = 27
_P_DIGITS = 4
COLORS = {Kind.FORECAST: ACCENT, Kind.PART: BUY, Kind.PUBLISHED: BASELINES[0], Kind.YARDSTICK: RULE}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparison:
    """The forecast against one published by others, on the intervals that both have.

    Attributes
    ----------
    name : str
        Who published it.
    mae, mae_other : float
        Mean absolute error of the forecast and of the other. [currency/MWh]
    test : AccuracyTest or None
        Of the daily losses: small p where the forecast is better; None where it cannot be told.
    p_by_slot : ndarray, shape (n_slots,)
        The same of each slot alone, NaN where it cannot be told. [-]
    """

    name: str
    mae: float
    mae_other: float
    test: AccuracyTest | None
    p_by_slot: FloatArray


def compare(record: ForecastRecord, other: PointForecast) -> Comparison:
    """Compare the forecast with another.

    Parameters
    ----------
    record : ForecastRecord
        The test.
    other : PointForecast
        The other.

    Returns
    -------
    Comparison
        Errors on the same intervals, and the tests of Diebold and Mariano.
    """
    price, point = record.price_per_mwh, record.evaluation.point
    loss, loss_other = record.errors(point), record.errors(other.values)
    both = np.isfinite(loss) & np.isfinite(loss_other)
    slots = [_tested(loss_other[:, slot], loss[:, slot]) for slot in range(record.n_slots)]
    return Comparison(
        name=other.name,
        mae=float(loss[both].mean()),
        mae_other=float(loss_other[both].mean()),
        test=_tested(daily_losses(price, other.values), daily_losses(price, point)),
        p_by_slot=np.array([np.nan if each is None else each.p_value for each in slots]),
    )


def mae_figure(record: ForecastRecord) -> Figure:
    """Draw the mean absolute error of everybody who forecast these days.

    Parameters
    ----------
    record : ForecastRecord
        The test.

    Returns
    -------
    Figure
        One bar each, the smallest error on top.
    """
    mae = {id(each): float(np.nanmean(record.errors(each.values))) for each in record.forecasts}
    ranked = sorted(record.forecasts, key=lambda each: -mae[id(each)])
    names = [_short(each.name, k) for k, each in enumerate(ranked)]
    traces: list[Spec] = []
    for kind in Kind:
        chosen = [k for k, each in enumerate(ranked) if each.kind is kind]
        values = [mae[id(ranked[k])] for k in chosen]
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": kind.value,
                "y": [names[k] for k in chosen],
                "x": values,
                "text": [f"<b>{number_text(x)}</b>" if kind is Kind.FORECAST else number_text(x) for x in values],
                "textposition": "outside",
                "cliponaxis": False,
                "marker": {"color": COLORS[kind], "line": {"color": BASELINES[1], "width": 0.5}},
                "hovertext": [escape(ranked[k].name) for k in chosen],
                "hovertemplate": "%{hovertext}: %{x:,.3f}<extra></extra>",
            }
        )
    layout: Spec = {
        "xaxis": axis(range=[0, 1.16 * max(mae.values())], nticks=6, tickformat=",~r"),
        "yaxis": axis(
            type="category", categoryorder="array", categoryarray=names, showgrid=False, ticks="", tickfont={"size": 11}
        ),
        "barmode": "overlay",
        "bargap": 0.3,
        "showlegend": True,
        "annotations": [note(f"<b>MAE</b>, {record.unit}", x=0.0, y=1.0)],
    }
    shown = [each for each in traces if each["y"]]
    height_px = _ROW_PX * len(ranked) + 130
    return framed_figure(
        shown, layout, title="Error of each forecast", label=record.label, height_px=height_px, foot_px=96
    )


def rivals_table(record: ForecastRecord, comparisons: list[Comparison]) -> Html:
    """Make the table of errors on common intervals and of p-values both ways."""
    rows = [
        [
            each.name,
            number_text(each.mae, 3),
            number_text(each.mae_other, 3),
            number_text(each.mae_other - each.mae, 3),
            _p_text(each.test, is_turned=False),
            _p_text(each.test, is_turned=True),
            MISSING if each.test is None else number_text(each.test.n_days, 0),
            _verdict(each),
        ]
        for each in comparisons
    ]
    columns = [
        "published forecast",
        f"MAE of this one, {record.unit}",
        f"MAE of the other, {record.unit}",
        "this one is better by",
        "p, this one better",
        "p, the other better",
        "whole days",
        "more than luck?",
    ]
    caption = (
        "Errors on the intervals that both forecast; p-values of Diebold and Mariano on daily losses, one-sided: "
        f"below {SURE:.2f} a lead is called more than luck."
    )
    return table(caption, columns, [rows], text_columns=(0, 7), long_column=7)


def slots_figure(record: ForecastRecord, comparisons: list[Comparison]) -> Figure:
    """Draw for each slot of the day who is better beyond luck, a row a rival.

    Parameters
    ----------
    record : ForecastRecord
        The test.
    comparisons : list of Comparison
        The rivals.

    Returns
    -------
    Figure
        A map of three colours.
    """
    names = [_short(each.name, k) for k, each in enumerate(comparisons)]
    hour = np.arange(record.n_slots) * 24.0 / record.n_slots
    verdict: list[list[float | None]] = [[_side(float(p)) for p in each.p_by_slot] for each in comparisons]
    words = [
        [f"{escape(each.name)}, {_clock(start)}<br>p, this one better: {_p(float(p))}"
         for start, p in zip(hour, each.p_by_slot, strict=True)]
        for each in comparisons
    ]  # fmt: skip
    even = "#E6E9ED"
    heat: Spec = {
        "type": "heatmap",
        "x": hour + 12.0 / record.n_slots,
        "y": names,
        "z": verdict,
        "zmin": -1,
        "zmax": 1,
        "colorscale": [[0, ALERT], [1 / 3, ALERT], [1 / 3, even], [2 / 3, even], [2 / 3, ACCENT], [1, ACCENT]],
        "showscale": False,
        "xgap": 1.5,
        "ygap": 1.5,
        "text": words,
        "hovertemplate": "%{text}<extra></extra>",
    }
    key = [("this one better", ACCENT), ("undecided", even), ("the other better", ALERT)]
    swatches: list[Spec] = [
        {"type": "scatter", "mode": "markers", "x": [None], "y": [None], "name": name, "showlegend": True,
         "marker": {"symbol": "square", "size": 11, "color": color, "line": {"color": BASELINES[1], "width": 0.5}}}
        for name, color in key
    ]  # fmt: skip
    starts: Spec = {"text": "hour of the day", "font": {"size": 12}}
    layout: Spec = {
        "xaxis": axis(title=starts, range=[0, 24], tickvals=[0, 3, 6, 9, 12, 15, 18, 21, 24], showgrid=False),
        "yaxis": axis(type="category", autorange="reversed", showgrid=False, ticks="", tickfont={"size": 11}),
        "showlegend": True,
        "annotations": [note(f"<b>By slot</b>: better at p < {SURE:.2f}", x=0.0, y=1.0)],
    }
    height_px = _ROW_PX * len(names) + 140
    return framed_figure(
        [heat, *swatches], layout, title="Who is better when", label=record.label, height_px=height_px, foot_px=96
    )


def scatter_figure(record: ForecastRecord) -> Figure:
    """Draw the error of each day against that of the best published forecast; the legend brings in the others.

    Parameters
    ----------
    record : ForecastRecord
        The test, with at least one published forecast.

    Returns
    -------
    Figure
        A point a day; below the line the forecast was nearer.
    """
    daily = record.daily_mae(record.evaluation.point)
    others = {id(each): record.daily_mae(each.values) for each in record.published}
    ranked = sorted(record.published, key=lambda each: float(np.nanmean(others[id(each)])))
    dates = [f"{each:%a %Y-%m-%d}" for each in record.evaluation.dates]
    traces: list[Spec] = []
    for k, each in enumerate(ranked):
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": escape(_cut_name(each.name)),
                "x": drawn(others[id(each)]),
                "y": drawn(daily),
                "text": dates,
                "visible": True if k == 0 else "legendonly",
                "marker": {"color": ACCENT if k == 0 else BASELINES[0], "size": 6, "opacity": 0.6},
                "hovertemplate": "%{text}<br>this one %{y:,.2f}, the other %{x:,.2f}<extra></extra>",
            }
        )
    found = np.concatenate([daily, *others.values()])
    found = found[np.isfinite(found) & (found > 0.0)]
    low, high = (0.8 * float(found.min()), 1.25 * float(found.max())) if found.size else (0.1, 10.0)
    ticks = [m * 10.0**k for k in range(-3, 6) for m in (1, 2, 5) if low <= m * 10.0**k <= high]
    both: Spec = {"type": "log", "range": [float(np.log10(low)), float(np.log10(high))], "tickvals": ticks}
    both = {**both, "ticktext": [f"{each:,g}" for each in ticks]}
    line: Spec = {"type": "line", "x0": low, "x1": high, "y0": low, "y1": high, "line": {"color": INK, "width": 1}}
    layout: Spec = {
        "xaxis": axis(title={"text": f"MAE of the published forecast, {record.unit}", "font": {"size": 12}}, **both),
        "yaxis": axis(**both),
        "showlegend": True,
        "shapes": [line],
        "annotations": [note(f"<b>MAE of this forecast</b>, {record.unit}, a point a day", x=0.0, y=1.01)],
    }
    return framed_figure(
        traces, layout, title="Day by day", label=record.label, height_px=470, foot_px=96 + 9 * max(len(ranked) - 3, 0)
    )


def _tested(loss_a: FloatArray, loss_b: FloatArray) -> AccuracyTest | None:
    """Test, or nothing where there are too few days or the two never differ."""
    try:
        return diebold_mariano(loss_a, loss_b)
    except ValueError:
        return None


def _p(p_value: float) -> str:
    return f"< {10.0**-_P_DIGITS:.4f}" if p_value < 10.0**-_P_DIGITS else number_text(p_value, _P_DIGITS)


def _p_text(test: AccuracyTest | None, *, is_turned: bool) -> str:
    return MISSING if test is None else _p(1.0 - test.p_value if is_turned else test.p_value)


def _side(p_value: float) -> float | None:
    if not np.isfinite(p_value):
        return None
    return 1.0 if p_value < SURE else -1.0 if p_value > 1.0 - SURE else 0.0


def _verdict(each: Comparison) -> str:
    side = None if each.test is None else _side(each.test.p_value)
    words = {1.0: "yes, this one is better", -1.0: "yes, the other is better", 0.0: "no"}
    return "cannot be told" if side is None else words[side]


def _clock(hour: float) -> str:
    return f"{int(hour):02d}:{round(60 * (hour % 1)):02d}"


def _cut_name(name: str) -> str:
    return name if len(name) <= NAME_LENGTH else f"{name[: NAME_LENGTH - 1]}…"


def _short(name: str, rank: int) -> str:
    """A name for an axis; unseen spaces keep names apart that look alike when cut."""
    return escape(_cut_name(name)) + "\u200b" * rank
