"""What all figures of a forecast test share: label, legend below, and few buttons, as several stand side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from battuta.interfaces.reports.plotly_figure import Figure, Spec, Value, make_figure, time_axis
from battuta.numerics.arrays import FloatArray

_BUTTONS_REMOVED = (
    "sendChartToCloud",
    "lasso2d",
    "select2d",
    "zoom2d",
    "pan2d",
    "zoomIn2d",
    "zoomOut2d",
    "autoScale2d",
)
_BUTTONS: Spec = {"bgcolor": "rgba(0,0,0,0)", "remove": list(_BUTTONS_REMOVED)}
_LEGEND: Spec = {
    "orientation": "h",
    "x": 0,
    "y": 0,
    "yref": "container",
    "yanchor": "bottom",
    "traceorder": "normal",
    "font": {"size": 11},
}


def short_dates(**changes: Value) -> Spec:
    """Time axis with labels short enough for a phone: weekday and day, month and year below where they change."""
    stops: list[Spec] = [
        {"dtickrange": [None, 86_399_999], "value": "%H:%M\n%a %d %b"},
        {"dtickrange": [86_400_000, 2_419_199_999], "value": "%a %d\n%b %Y"},
        {"dtickrange": [2_419_200_000, None], "value": "%b\n%Y"},
    ]
    return time_axis(**{"tickformatstops": stops, "tickangle": 0, **changes})


def framed_figure(
    traces: Sequence[Spec], layout: Spec, *, title: str, label: str, height_px: float, foot_px: float
) -> Figure:
    """Make a figure in the frame of a forecast report.

    Parameters
    ----------
    traces : sequence of mapping
        Traces as plotly names their attributes.
    layout : mapping
        Layout as plotly names its attributes.
    title : str
        What is shown; plain text.
    label : str
        What must stand on the figure, or nothing; plain text.
    height_px : float
        Height of the plot without title and label. [px]
    foot_px : float
        Room below the axes for tick labels, axis title and legend. [px]

    Returns
    -------
    Figure
        A plotly figure.
    """
    common: Spec = {"legend": _LEGEND, "modebar": _BUTTONS}
    figure = make_figure(traces, {**common, **layout}, title=title, label=label, height_px=height_px)
    figure.update_layout(margin_b=foot_px)  # pyright: ignore[reportUnknownMemberType]
    return figure


def drawn(values: FloatArray) -> FloatArray:
    """Values for a picture: seven digits, which take half the room on a page."""
    return np.asarray(values, dtype=np.float32)  # pyright: ignore[reportReturnType]  plotly draws both alike
