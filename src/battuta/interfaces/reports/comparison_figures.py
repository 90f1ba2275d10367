"""Strategies side by side: what each earned, and how its money grew; oracles are yardsticks and drawn as such."""

from __future__ import annotations

from html import escape

import numpy as np

from battuta.interfaces.reports.palette import ACCENT, BASELINES, DASHES, QUIET, YARDSTICK
from battuta.interfaces.reports.plotly_figure import Figure, Spec, axis, make_figure, note, time_axis
from battuta.interfaces.reports.step_record import money_name, strategy_record
from battuta.interfaces.reports.wall_clock import WallClock
from battuta.interfaces.reports.wording import number_text, percent_text
from battuta.numerics.arrays import IntArray
from battuta.studies.backtest import BacktestResult

POINTS_MAX = 800
"""Most points of a cumulative line; a longer study is drawn by days, a still longer one by every n-th day. [points]"""
_ROW_PX = 44
_GAP_ROWS = 1.2
_LEGEND: Spec = {"orientation": "h", "x": 0, "y": 0, "yref": "container", "yanchor": "bottom", "traceorder": "normal"}


def money_figure(result: BacktestResult, chosen: str) -> Figure:
    """Draw the net money of each strategy as a bar, yardsticks apart.

    Parameters
    ----------
    result : BacktestResult
        The study.
    chosen : str
        The strategy in the accent colour.

    Returns
    -------
    Figure
        Two panels on one money axis.
    """
    unit = money_name(result.prices)
    ranked = sorted(result.results, key=lambda each: result.results[each].net)
    oracles = [each for each in ranked if result.results[each].is_oracle]
    others = [each for each in ranked if not result.results[each].is_oracle]
    n_rows = len(ranked) + _GAP_ROWS
    edge, above = len(oracles) / n_rows, (len(oracles) + _GAP_ROWS) / n_rows
    names = axis(showgrid=False, ticks="", tickfont={"size": 12})
    layout: Spec = {
        "xaxis": axis(
            title={"text": f"net over {len(result.test_days)} days, {unit}", "font": {"size": 12}},
            zeroline=True,
            zerolinecolor=QUIET,
            nticks=6,
            tickformat=",~r",
            anchor="free",
            position=0.0,
        ),
        "yaxis": {**names, "domain": (above, 1.0)},
        "yaxis2": {**names, "domain": (0.0, edge)},
        "showlegend": False,
        "bargap": 0.35,
        "annotations": [
            note("<b>Net</b> and share of oracle_day", x=0.0, y=1.0, font={"size": 12, "color": QUIET}),
            note("<b>Yardsticks</b>: perfect foresight", x=0.0, y=edge, font={"size": 12, "color": QUIET}),
        ],
    }
    traces = [_bars(result, others, chosen, "y"), _bars(result, oracles, chosen, "y2")]
    return make_figure(
        traces,
        layout,
        title=f"Net by strategy, {unit}",
        label=result.money_label,
        height_px=_ROW_PX * n_rows + 60,
    )


def _bars(result: BacktestResult, names: list[str], chosen: str, panel: str) -> Spec:
    is_yardstick = panel == "y2"
    unit = money_name(result.prices)
    said = {
        name: (
            escape(name),
            number_text(result.results[name].net),
            number_text(result.results[name].net, 0),
            percent_text(result.captured(name)),
        )
        for name in names
    }
    fills = ["rgba(0,0,0,0)" if is_yardstick else ACCENT if name == chosen else BASELINES[1] for name in names]
    edges = [ACCENT if name == chosen else YARDSTICK if is_yardstick else BASELINES[0] for name in names]
    return {
        "type": "bar",
        "orientation": "h",
        "y": [
            (f"<b>{name}</b>" if each == chosen else name) + f"<br>{round_net} · {share}"
            for each, (name, _, round_net, share) in said.items()
        ],
        "x": [result.results[name].net for name in names],
        "yaxis": panel,
        "marker": {"color": fills, "line": {"color": edges, "width": 1.5}},
        "hovertext": [
            f"<b>{name}</b><br>net {net} {unit}<br>{share} of oracle_day" for name, net, _, share in said.values()
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def cumulative_figure(result: BacktestResult, chosen: str) -> Figure:
    """Draw the net money of every strategy over time.

    Parameters
    ----------
    result : BacktestResult
        The study.
    chosen : str
        The strategy in the accent colour.

    Returns
    -------
    Figure
        One line per strategy, the chosen one first in the legend.
    """
    clock = WallClock.of(result.prices)
    kept = _points(result)
    end_ns = strategy_record(result, chosen).end_ns
    x = clock.axis_ms(end_ns[kept], int(end_ns[-1]))
    ranked = sorted(result.results, key=lambda each: (each != chosen, -result.results[each].net))
    oracles = [each for each in ranked if each != chosen and result.results[each].is_oracle]
    greys = [each for each in ranked if each != chosen and not result.results[each].is_oracle]
    traces: list[Spec] = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": escape(each) + (" (yardstick)" if result.results[each].is_oracle else ""),
            "x": x,
            "y": strategy_record(result, each).net_so_far[kept],
            "line": _line(each, chosen, greys, oracles),
            "hovertemplate": "%{y:,.2f}",
        }
        for each in ranked
    ]
    since = f"<b>Net since the first tested day</b>, {money_name(result.prices)}"
    heading = f"{since}<br>{escape(clock.axis_title(end_ns[kept]))}"
    layout: Spec = {
        "xaxis": time_axis(hoverformat="%a %d %b %Y %H:%M"),
        "yaxis": axis(zeroline=True, zerolinecolor=QUIET, nticks=6, tickformat=",~r"),
        "hovermode": "x unified",
        "legend": {**_LEGEND, "font": {"size": 11}},
        "annotations": [note(heading, x=0.0, y=1.0)],
    }
    return make_figure(traces, layout, title="Net over time", label=result.money_label, height_px=460)


def _points(result: BacktestResult) -> IntArray:
    """Steps after which a cumulative line has a point: all of them, or the last of each tested day."""
    n_times = result.steps.shape[0]
    if n_times <= POINTS_MAX:
        return np.arange(n_times, dtype=np.int64)
    days = result.prices.days()
    tested = set(result.test_days)
    last = [int(days.start_index[k + 1]) - 1 for k, day in enumerate(days.dates) if day in tested]
    stride = -(-len(last) // POINTS_MAX)
    return np.searchsorted(result.steps, last[::-1][::stride][::-1]).astype(np.int64)


def _line(name: str, chosen: str, greys: list[str], oracles: list[str]) -> Spec:
    if name == chosen:
        return {"color": ACCENT, "width": 3}
    if name in oracles:
        return {"color": YARDSTICK, "width": 1.5, "dash": ("dot", "dash", "dashdot")[oracles.index(name) % 3]}
    rank = greys.index(name)
    return {"color": BASELINES[rank % len(BASELINES)], "width": 1.5, "dash": DASHES[rank % len(DASHES)]}
