"""Fan charts: bands within which a price was to be expected, the middle of them, and what came."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from battuta.interfaces.reports.forecast_frame import drawn, framed_figure, short_dates
from battuta.interfaces.reports.forecast_record import MS_PER_DAY, ForecastRecord
from battuta.interfaces.reports.palette import ACCENT, INK, PAPER, QUIET, RULE
from battuta.interfaces.reports.plotly_figure import Figure, Spec, Value, axis, note, time_axis
from battuta.interfaces.reports.wording import number_text

BANDS = ((98, "#DFEBF4"), (90, "#BFD9EB"), (80, "#9CC5E1"), (50, "#6BA6D0"))
"""Nominal share of each band in percent, widest first, and its colour."""
FORTNIGHT_DAYS = 14
FORTNIGHTS_MAX = 13
STEPS_MAX = 4_500
"""Most intervals of the chart of fortnights, so that the file stays small: half a year of hours. [steps]"""
_MEDIAN = 49


def fortnights_figure(record: ForecastRecord) -> Figure:
    """Draw the latest fortnights, one at a time; a menu leads back.

    Parameters
    ----------
    record : ForecastRecord
        The test.

    Returns
    -------
    Figure
        One panel, the last fortnight in view.
    """
    days_max = max(min(FORTNIGHT_DAYS * FORTNIGHTS_MAX, STEPS_MAX // record.n_slots), 1)
    first = max(record.n_days - days_max, 0)
    edges = [*range(record.n_days, first, -FORTNIGHT_DAYS), first]
    views = [slice(start, stop) for stop, start in pairwise(edges)]
    shown = _view(record, views[0])
    layout: Spec = {
        "xaxis": short_dates(range=shown["xaxis.range"], hoverformat="%a %d %b %Y %H:%M"),
        "yaxis": axis(range=shown["yaxis.range"], zeroline=True, zerolinecolor=QUIET, nticks=7, tickformat=",~r"),
        "hovermode": "x unified",
        "showlegend": True,
        "annotations": [note(f"<b>Price</b>, {record.unit}", x=0.0, y=1.01)],
        "updatemenus": [_menu(record, views)] if len(views) > 1 else [],
    }
    traces = _fan(record, slice(first, record.n_days))
    span = ", a fortnight" if record.n_days > FORTNIGHT_DAYS else ""
    return framed_figure(
        traces, layout, title=f"Forecast and outcome{span}", label=record.label, height_px=430, foot_px=96
    )


def day_figure(record: ForecastRecord, day: int, name: str) -> Figure:
    """Draw one day.

    Parameters
    ----------
    record : ForecastRecord
        The test.
    day : int
        Number of the day among the scored ones.
    name : str
        What makes it worth a look, such as ``Worst day``.

    Returns
    -------
    Figure
        One panel without legend.
    """
    chosen = slice(day, day + 1)
    mae = float(record.daily_mae(record.evaluation.point)[day])
    shown = _view(record, chosen)
    ticks: Spec = {"tickformat": "%H:%M", "tickformatstops": [], "dtick": MS_PER_DAY / 4}
    layout: Spec = {
        "xaxis": time_axis(range=shown["xaxis.range"], hoverformat="%H:%M", **ticks),
        "yaxis": axis(range=shown["yaxis.range"], zeroline=True, zerolinecolor=QUIET, nticks=6, tickformat=",~r"),
        "hovermode": "x unified",
        "showlegend": False,
        "annotations": [
            note(f"{record.evaluation.dates[day]:%a %Y-%m-%d}, MAE {number_text(mae)} {record.unit}", x=0.0, y=1.01)
        ],
    }
    return framed_figure(_fan(record, chosen), layout, title=name, label=record.label, height_px=260, foot_px=36)


def telling_days(record: ForecastRecord) -> dict[str, int]:
    """Find the best, the median and the worst day by the mean absolute error of the point forecast.

    Parameters
    ----------
    record : ForecastRecord
        The test.

    Returns
    -------
    dict of str to int
        What each is called, and its number among the scored days; fewer where there are fewer days.
    """
    daily = record.daily_mae(record.evaluation.point)
    ranked = [int(day) for day in np.argsort(daily, kind="stable") if np.isfinite(daily[day])]
    if not ranked:
        return {}
    named = {"Best day": ranked[0], "Median day": ranked[(len(ranked) - 1) // 2], "Worst day": ranked[-1]}
    return {name: day for name, day in named.items() if len(ranked) >= len(named) or name == "Worst day"}


def _fan(record: ForecastRecord, days: slice) -> list[Spec]:
    evaluation, n_levels = record.evaluation, record.evaluation.quantiles.shape[-1]
    quantiles = evaluation.quantiles[days].reshape(-1, n_levels)
    places: Spec = {
        "type": "scatter",
        "mode": "lines",
        "x0": float(record.day_ms[days][0]),
        "dx": record.slot_ms,
        "xperiod": record.slot_ms,
        "xperiodalignment": "middle",
    }
    traces: list[Spec] = []
    for share, color in BANDS:
        tail = round((100 - share) / 2) - 1
        low, high = drawn(quantiles[:, tail]), drawn(quantiles[:, n_levels - 1 - tail])
        edge: Spec = {"width": 0, "shape": "hvh"}
        traces += [
            {**places, "y": low, "line": edge, "hoverinfo": "skip", "showlegend": False, "name": f"{share} %, low end"},
            {
                **places,
                "y": high,
                "line": edge,
                "fill": "tonexty",
                "fillcolor": color,
                "name": f"{share} % band",
                "customdata": low,
                "hovertemplate": "%{customdata:,.1f} to %{y:,.1f}",
            },
        ]
    said: Spec = {**places, "hovertemplate": "%{y:,.2f}"}
    middle, price = quantiles[:, _MEDIAN], evaluation.price_per_mwh[days].ravel()
    return [
        *traces,
        {**said, "y": drawn(middle), "name": "median", "line": {"color": ACCENT, "width": 2, "shape": "hvh"}},
        {**said, "y": drawn(price), "name": "outcome", "line": {"color": INK, "width": 1.5, "shape": "hvh"}},
    ]


def _view(record: ForecastRecord, days: slice) -> dict[str, Value]:
    """Ranges of the axes that show some days in full."""
    tail = 0
    shown = record.evaluation.quantiles[days][..., [tail, -1 - tail]]
    price = record.price_per_mwh[days]
    low = float(min(shown.min(), np.min(price, where=np.isfinite(price), initial=np.inf)))
    high = float(max(shown.max(), np.max(price, where=np.isfinite(price), initial=-np.inf)))
    margin = 0.05 * max(high - low, 1.0)
    start, end = float(record.day_ms[days][0]), float(record.day_ms[days][-1]) + MS_PER_DAY
    return {"xaxis.range": [start, end], "yaxis.range": [low - margin, high + margin]}


def _menu(record: ForecastRecord, views: list[slice]) -> Spec:
    dates = record.evaluation.dates
    buttons: list[Spec] = [
        {
            "label": f"{dates[days.start]:%d %b %Y} to {dates[days.stop - 1]:%d %b}",
            "method": "relayout",
            "args": [_view(record, days)],
        }
        for days in views
    ]
    place: Spec = {"x": 1.0, "xanchor": "right", "y": 1.0, "yanchor": "bottom", "pad": {"b": 4}, "direction": "down"}
    look: Spec = {"bgcolor": PAPER, "bordercolor": RULE, "font": {"size": 11}, "showactive": True, "active": 0}
    return {"type": "dropdown", **place, **look, "buttons": buttons}
