"""Charts of a study for a page, by plotly, from the same chart that the PDF draws."""

from __future__ import annotations

from html import escape

from plotly.graph_objects import Figure  # pyright: ignore[reportMissingTypeStubs]  plotly ships no stubs

from battuta.interfaces.reports.palette import DASHES, QUIET
from battuta.interfaces.reports.plotly_figure import Spec, axis, make_figure
from battuta.interfaces.reports.twin_blocks import LINE_STYLES, Band, Bars, Chart, Line
from battuta.interfaces.reports.twin_colours import colour

_HEIGHT_PX, _LYING_PX, _BAR_PX = 300.0, 150.0, 34.0


def chart_figure(chart: Chart, label: str) -> Figure:
    """Draw a chart.

    Parameters
    ----------
    chart : Chart
        The chart.
    label : str
        SYNTHETIC and ASSUMED, which stands on the figure.

    Returns
    -------
    Figure
        A plotly figure.
    """
    bands = [trace for each in chart.bands for trace in _band(each)]
    bars = [_bars(each, chart) for each in chart.bars]
    traces = [*bands, *bars, *(_line(each) for each in chart.lines)]
    named: Spec = {"type": "category"} if chart.categories else {}  # else names such as 10-20 are taken for dates
    x_axis: Spec = axis(title={"text": escape(chart.x_label)}, **({} if chart.is_lying else named))
    y_axis: Spec = axis(
        title={"text": escape(chart.y_label)},
        **({"type": "log"} if chart.is_log else {}),
        **({"autorange": "reversed", **named} if chart.is_lying else {}),
        **({"range": list(chart.y_range)} if chart.y_range is not None and not chart.is_log else {}),
    )
    height_px = _LYING_PX + _BAR_PX * len(chart.categories) if chart.is_lying else _HEIGHT_PX
    has_starts = any(each.starts is not None for each in chart.bars)
    layout: Spec = {
        "xaxis": x_axis,
        "yaxis": y_axis,
        "barmode": "stack" if chart.is_stacked else "overlay" if has_starts else "group",
        "legend": {"orientation": "h", "y": -0.28, "x": 0.0},
        "showlegend": len(traces) > 1,
    }
    return make_figure(traces, layout, title=chart.title, label=label, height_px=height_px)


def _line(line: Line) -> Spec:
    dash = "dash" if line.is_quiet else DASHES[(line.style + line.style // LINE_STYLES) % LINE_STYLES]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": escape(line.name),
        "x": line.x.tolist(),
        "y": line.y.tolist(),
        "line": {
            "color": QUIET if line.is_quiet else colour(line.style),
            "dash": dash,
            "width": 1.2 if line.is_quiet else 2.2,
        },
    }


def _band(band: Band) -> list[Spec]:
    side: Spec = {
        "type": "scatter",
        "mode": "lines",
        "x": band.x.tolist(),
        "line": {"width": 0, "color": colour(band.style)},
    }
    below: Spec = {**side, "y": band.low.tolist(), "showlegend": False, "hoverinfo": "skip"}
    above: Spec = {
        **side,
        "y": band.high.tolist(),
        "name": escape(band.name),
        "fill": "tonexty",
        "fillcolor": f"{colour(band.style)}30",
    }
    return [below, above]


def _bars(bars: Bars, chart: Chart) -> Spec:
    names = [escape(each) for each in chart.categories]
    values = bars.values.tolist()
    spec: Spec = {
        "type": "bar",
        "name": escape(bars.name),
        "orientation": "h" if chart.is_lying else "v",
        "x": values if chart.is_lying else names,
        "y": names if chart.is_lying else values,
        "marker": {"color": colour(bars.style)},
    }
    return spec if bars.starts is None else {**spec, "base": bars.starts.tolist()}
