"""Where the errors lie: by hour of the day, by weekday, by month, and on each day of the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from battuta.interfaces.reports.forecast_frame import framed_figure
from battuta.interfaces.reports.forecast_record import ForecastRecord, mean_known
from battuta.interfaces.reports.markup import Html, element, table
from battuta.interfaces.reports.palette import ACCENT, BASELINES, BUY, INK
from battuta.interfaces.reports.plotly_figure import Figure, Spec, axis, note
from battuta.interfaces.reports.wording import number_text
from battuta.numerics.arrays import FloatArray, IntArray

HOURS = 24
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAYS_OF_MONTH = 31
_ROW_PX = 21
_HOURS_PER_TICK = 3
_MONTHS_NAMED_MAX = 13
_SCALE_SHARE = 98
COLORS: Sequence[Sequence[float | str]] = ((0.0, "#EEF4F9"), (0.4, BUY), (0.8, ACCENT), (1.0, INK))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Breakdown:
    """Mean absolute errors of a test, cut into groups.

    Attributes
    ----------
    by : str
        What the groups are, such as ``hour``.
    names : tuple of str
        The groups, in order.
    n_scored : ndarray, shape (n_groups,)
        Intervals of each group that have a price.
    mae, mae_similar_day : ndarray, shape (n_groups,)
        Of the forecast and of the similar day, NaN for an empty group. [currency/MWh]
    """

    by: str
    names: tuple[str, ...]
    n_scored: IntArray
    mae: FloatArray
    mae_similar_day: FloatArray


def by_hour(record: ForecastRecord) -> Breakdown:
    """Cut the errors by the wall-clock hour in which an interval starts."""
    hour = np.arange(record.n_slots) * HOURS // record.n_slots
    groups = np.broadcast_to(hour, record.price_per_mwh.shape)
    return _cut(record, "hour", tuple(f"{each:02d}" for each in range(HOURS)), groups)


def by_weekday(record: ForecastRecord) -> Breakdown:
    """Cut the errors by weekday."""
    weekday = np.array([each.weekday() for each in record.evaluation.dates])
    return _cut(record, "weekday", WEEKDAYS, np.broadcast_to(weekday[:, None], record.price_per_mwh.shape))


def by_month(record: ForecastRecord) -> Breakdown:
    """Cut the errors by calendar month, in order of time."""
    months = [f"{each:%Y-%m}" for each in record.evaluation.dates]
    names = tuple(dict.fromkeys(months))
    place = np.array([names.index(each) for each in months])
    return _cut(record, "month", names, np.broadcast_to(place[:, None], record.price_per_mwh.shape))


def breakdown_figure(record: ForecastRecord, cut: Breakdown) -> Figure:
    """Draw the groups as bars, the similar day beside each.

    Parameters
    ----------
    record : ForecastRecord
        The test.
    cut : Breakdown
        The groups.

    Returns
    -------
    Figure
        Two bars a group.
    """
    shown: list[tuple[str, FloatArray, str]] = [
        ("this forecast", cut.mae, ACCENT),
        ("similar day", cut.mae_similar_day, BASELINES[1]),
    ]
    traces: list[Spec] = [
        {
            "type": "bar",
            "name": name,
            "x": list(cut.names),
            "y": values,
            "marker": {"color": color},
            "hovertemplate": "%{y:,.2f}",
        }
        for name, values, color in shown
    ]
    layout: Spec = {
        "xaxis": axis(type="category", showgrid=False, ticks="", **_ticks(cut)),
        "yaxis": axis(rangemode="tozero", nticks=6, tickformat=",~r"),
        "bargap": 0.25,
        "hovermode": "x unified",
        "annotations": [note(f"<b>MAE</b>, {record.unit}", x=0.0, y=1.01)],
    }
    return framed_figure(
        traces,
        layout,
        title=f"Error by {cut.by}",
        label=record.label,
        height_px=300,
        foot_px=80 if cut.by != "month" else 104,
    )


def breakdown_table(record: ForecastRecord, cut: Breakdown) -> Html:
    """Make the table of the same numbers, folded."""
    rows = [
        [
            name,
            number_text(float(cut.n_scored[k]), 0),
            number_text(float(cut.mae[k])),
            number_text(float(cut.mae_similar_day[k])),
        ]
        for k, name in enumerate(cut.names)
    ]
    columns = [cut.by, "prices", f"MAE, {record.unit}", f"similar day, {record.unit}"]
    numbers = table(f"Mean absolute error by {cut.by}", columns, [rows])
    return element("details", element("summary", f"Numbers by {cut.by}"), numbers)


def calendar_figure(record: ForecastRecord) -> Figure:
    """Draw the mean absolute error of each day: a row a month, a column a day.

    Parameters
    ----------
    record : ForecastRecord
        The test.

    Returns
    -------
    Figure
        A heat map; days outside the test or without a price are blank.
    """
    daily, dates = record.daily_mae(record.evaluation.point), record.evaluation.dates
    months = list(dict.fromkeys(f"{each:%b %Y}" for each in dates))
    colour = np.full((len(months), _DAYS_OF_MONTH), np.nan)
    words = [[""] * _DAYS_OF_MONTH for _ in months]
    for day, each in enumerate(dates):
        row, column = months.index(f"{each:%b %Y}"), each.day - 1
        colour[row, column] = daily[day]
        words[row][column] = f"{each:%a %Y-%m-%d}<br>MAE {number_text(float(daily[day]))} {record.unit}"
    known = daily[np.isfinite(daily)]
    darkest = float(np.percentile(known, _SCALE_SHARE)) if known.size else 1.0
    heading = f"<b>MAE of each day</b>, {record.unit}, darkest from {number_text(darkest, 1)}"
    bar: Spec = {
        "orientation": "h",
        "thickness": 12,
        "x": 0.0,
        "xanchor": "left",
        "len": 1.0,
        "y": 0,
        "yref": "container",
        "yanchor": "bottom",
        "nticks": 6,
        "tickfont": {"size": 11},
        "outlinewidth": 0,
    }
    heat: Spec = {
        "type": "heatmap",
        "x": list(range(1, _DAYS_OF_MONTH + 1)),
        "y": months,
        "z": [[float(each) if np.isfinite(each) else None for each in row] for row in np.round(colour, 3)],
        "zmin": 0.0,
        "zmax": max(darkest, 1e-9),
        "colorscale": COLORS,
        "xgap": 1.5,
        "ygap": 1.5,
        "text": words,
        "hovertemplate": "%{text}<extra></extra>",
        "colorbar": bar,
    }
    layout: Spec = {
        "xaxis": axis(showgrid=False, ticks="", tickvals=[1, 5, 10, 15, 20, 25, 30], side="bottom"),
        "yaxis": axis(type="category", autorange="reversed", showgrid=False, ticks="", dtick=1),
        "annotations": [note(heading, x=0.0, y=1.0)],
    }
    height_px = _ROW_PX * len(months) + 130
    return framed_figure(
        [heat], layout, title="Calendar of errors", label=record.label, height_px=height_px, foot_px=90
    )


def _ticks(cut: Breakdown) -> Spec:
    """Which groups are named on the axis, so that a phone has room for their names."""
    if cut.by == "hour":
        return {"tickangle": 0, "tickvals": list(cut.names[::_HOURS_PER_TICK])}
    return {"tickangle": 0} if cut.by == "weekday" else {"tickangle": -45, "nticks": _MONTHS_NAMED_MAX}


def _cut(record: ForecastRecord, by: str, names: tuple[str, ...], groups: IntArray) -> Breakdown:
    own, other = (record.errors(each) for each in (record.evaluation.point, record.similar_day.values))
    is_in = [groups == k for k in range(len(names))]
    return Breakdown(
        by=by,
        names=names,
        n_scored=np.array([int(np.isfinite(own[each]).sum()) for each in is_in], dtype=np.int64),
        mae=np.array([float(mean_known(own[each], axis=0)) for each in is_in]),
        mae_similar_day=np.array([float(mean_known(other[each], axis=0)) for each in is_in]),
    )
