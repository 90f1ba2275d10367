"""The one door to plotly: figures are written as typed plain values and made here, where the library is imported."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from html import escape
from typing import TypeAlias

from plotly.graph_objects import Figure  # pyright: ignore[reportMissingTypeStubs]  plotly ships no stubs

from battuta.interfaces.reports.palette import ALERT, FONT, INK, PAPER, QUIET, RULE
from battuta.numerics.arrays import FloatArray

Value: TypeAlias = "str | float | bool | FloatArray | Sequence[Value] | Mapping[str, Value] | None"
Spec: TypeAlias = Mapping[str, Value]

LABEL_WIDTH = 53
"""Longest line of a label: fits a phone. [characters]"""
_BUTTONS_REMOVED = ("sendChartToCloud", "lasso2d", "select2d")
"""Plotly's "Share chart" would upload a site's data to somebody else; nothing here offers that."""
_TITLE_PX, _TITLE_TOP_PX, _LABEL_LINE_PX = 34, 14, 19


def make_figure(traces: Sequence[Spec], layout: Spec, *, title: str, label: str, height_px: float) -> Figure:
    """Make a figure with its title and, where there is one, the label that must stand on it.

    Parameters
    ----------
    traces : sequence of mapping
        Traces as plotly names their attributes.
    layout : mapping
        Layout as plotly names its attributes; title, height, font and margins are set here.
    title : str
        What is shown; plain text.
    label : str
        ``SYNTHETIC`` or benchmark label, or nothing; plain text.
    height_px : float
        Height of the plot without title and label. [px]

    Returns
    -------
    Figure
        A plotly figure.
    """
    lines = textwrap.wrap(label, LABEL_WIDTH)
    text = f"<b>{escape(title)}</b>"
    if lines:
        warned = "<br>".join(escape(line) for line in lines)
        text += f'<br><span style="font-size:11px;color:{ALERT}"><b>{warned}</b></span>'
    top_px = _TITLE_PX + _LABEL_LINE_PX * len(lines)
    common: Spec = {
        "template": "none",
        "title": {
            "text": text,
            "font": {"size": 15, "color": INK},
            "x": 0.0,
            "xanchor": "left",
            "xref": "container",
            "y": 1.0 - _TITLE_TOP_PX / (height_px + top_px),
            "yanchor": "top",
            "yref": "container",
            "pad": {"l": 10},
        },
        "font": {"family": FONT, "size": 12, "color": INK},
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "height": height_px + top_px,
        "margin": {"l": 56, "r": 16, "t": top_px + 24, "b": 48},
        "hoverlabel": {"bgcolor": PAPER, "bordercolor": QUIET, "align": "left", "font": {"size": 12, "color": INK}},
        "dragmode": "pan",
        "modebar": {"remove": list(_BUTTONS_REMOVED)},
    }
    return Figure({"data": list(traces), "layout": {**common, **layout}})


def axis(**changes: Value) -> Spec:
    """Axis in the house style: a thin grid, no zero line unless asked for."""
    quiet: Spec = {
        "gridcolor": RULE,
        "gridwidth": 1,
        "linecolor": QUIET,
        "zeroline": False,
        "ticks": "outside",
        "tickcolor": RULE,
        "tickfont": {"size": 11, "color": QUIET},
        "automargin": True,
    }
    return {**quiet, **changes}


def time_axis(**changes: Value) -> Spec:
    """Time axis whose labels say weekday and date, and the hour when zoomed in."""
    stops: list[Spec] = [
        {"dtickrange": [None, 86_399_999], "value": "%H:%M\n%a %d %b"},
        {"dtickrange": [86_400_000, 2_419_199_999], "value": "%a %d %b\n%Y"},
        {"dtickrange": [2_419_200_000, None], "value": "%b\n%Y"},
    ]
    return axis(**{"type": "date", "tickformatstops": stops, "ticklabelmode": "instant", **changes})


def note(text: str, *, x: float, y: float, **changes: Value) -> Spec:
    """Text at a place of the paper, 0 to 1 from the lower left; plotly's own markup, so escape what users wrote."""
    plain: Spec = {
        "text": text,
        "x": x,
        "y": y,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "align": "left",
        "showarrow": False,
        "font": {"size": 12, "color": INK},
    }
    return {**plain, **changes}


def figure_json(figure: Figure) -> str:
    """Write a figure as JSON that may stand inside a page: no character in it can end or open an element."""
    text = str(figure.to_json())  # pyright: ignore[reportUnknownMemberType]
    return text.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")
