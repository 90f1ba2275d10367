"""Price, power and state of charge over one time axis, each step with its reason."""

from __future__ import annotations

import textwrap
from datetime import timedelta

import numpy as np

from battuta.domain.time import NS_PER_DAY, duration_ns
from battuta.interfaces.reports.palette import ACCENT, ALERT, ALERT_FILL, BOUND, BUY, INK, OUTSIDE, PAPER, QUIET
from battuta.interfaces.reports.plotly_figure import Figure, Spec, Value, axis, make_figure, note, time_axis
from battuta.interfaces.reports.step_record import StepRecord
from battuta.interfaces.reports.wording import action_text, number_text
from battuta.numerics.arrays import FloatArray, IntArray

HOVER_WIDTH = 46
"""Longest line of a hover text: fits a phone. [characters]"""
PRICE_PANEL, POWER_PANEL, SOC_PANEL = (0.70, 1.0), (0.36, 0.63), (0.02, 0.29)
HEIGHT_PX = 560
_SLIDER_WORTH_NS = NS_PER_DAY // 2


def dispatch_figure(record: StepRecord, shown: timedelta) -> Figure:
    """Draw the steps of a record.

    Parameters
    ----------
    record : StepRecord
        The steps, their clock and their labels.
    shown : timedelta
        How much of the end is in view at first; a range slider appears when there is more.

    Returns
    -------
    Figure
        Three panels on one time axis.
    """
    end_ns = int(record.end_ns[-1])
    first_ns = max(int(record.time_ns[0]), end_ns - duration_ns(shown))
    view = _places(record, np.array([first_ns, end_ns]))
    x_axis = time_axis(
        range=view,
        title={"text": record.clock.axis_title(record.time_ns), "font": {"size": 12}, "standoff": 8},
        anchor="y3",
        showspikes=True,
        spikemode="across",
        spikethickness=1.5,
        spikedash="dot",
        spikecolor=QUIET,
        unifiedhovertitle={"text": " "},
        **_slider(record, first_ns),
    )
    layout: Spec = {
        "xaxis": x_axis,
        "yaxis": axis(domain=PRICE_PANEL, zeroline=True, zerolinecolor=QUIET, nticks=6, tickformat=",~r"),
        "yaxis2": _power_axis(record),
        "yaxis3": axis(domain=SOC_PANEL, range=[-6, 106], tickvals=[0, 25, 50, 75, 100], ticksuffix=" %"),
        "hovermode": "x unified",
        "hoversubplots": "axis",
        "showlegend": False,
        "annotations": _headings(record),
        "shapes": _bounds(record),
    }
    name = f"Dispatch: {record.name}"
    return make_figure(_traces(record), layout, title=name, label=record.label, height_px=HEIGHT_PX)


def _slider(record: StepRecord, first_ns: int) -> dict[str, Value]:
    if first_ns <= int(record.time_ns[0]) + _SLIDER_WORTH_NS:
        return {}
    whole = _places(record, np.array([record.time_ns[0], record.end_ns[-1]]))
    return {"rangeslider": {"range": whole, "thickness": 0.07, "bordercolor": QUIET, "borderwidth": 1}}


def _power_axis(record: StepRecord) -> Spec:
    reach = 1.5 * max(record.site.battery.power_kw, float(np.max(np.abs(record.power_kw))))
    return axis(
        domain=POWER_PANEL, range=[-reach, reach], zeroline=True, zerolinecolor=QUIET, nticks=6, tickformat=",~r"
    )


def _places(record: StepRecord, time_ns: IntArray) -> FloatArray:
    return record.clock.axis_ms(time_ns, int(record.time_ns[-1]))


def _staircase(record: StepRecord, values: FloatArray, at_break: float) -> tuple[FloatArray, FloatArray]:
    """Corners of a step line: each step holds to its end; what follows a break in time begins anew."""
    breaks = record.breaks()
    closing = np.repeat(breaks + 1, 2)
    ends = np.repeat(record.end_ns[breaks], 2)
    last = np.column_stack((values[breaks], np.full(breaks.shape[0], at_break))).ravel()
    time_ns = np.insert(record.time_ns, closing, ends)
    return _places(record, time_ns), np.insert(values, closing, last)


def _traces(record: StepRecord) -> list[Spec]:
    x, price = _staircase(record, record.price_per_mwh, np.nan)
    _, negative = _staircase(record, np.minimum(record.price_per_mwh, 0.0), 0.0)
    _, sold = _staircase(record, np.maximum(record.power_kw, 0.0), 0.0)
    _, bought = _staircase(record, np.minimum(record.power_kw, 0.0), 0.0)
    steps: Spec = {"type": "scatter", "mode": "lines", "x": x, "hoverinfo": "skip"}
    ink: Spec = {"shape": "hv", "width": 1.5, "color": INK}
    none: Spec = {"shape": "hv", "width": 0}
    negative_fill: Spec = {"y": negative, "line": none, "fill": "tozeroy", "fillcolor": ALERT_FILL}
    return [
        {**steps, **negative_fill, "name": "negative price"},
        {**steps, "y": price, "line": ink, "name": "price"},
        {**steps, "y": sold, "yaxis": "y2", "line": none, "fill": "tozeroy", "fillcolor": ACCENT, "name": "sell"},
        {**steps, "y": bought, "yaxis": "y2", "line": none, "fill": "tozeroy", "fillcolor": BUY, "name": "buy"},
        _soc_trace(record),
        *_reason_traces(record),
    ]


def _soc_trace(record: StepRecord) -> Spec:
    """State of charge: straight from the start to the end of each step, broken where a day is missing."""
    opens = np.concatenate(([0], record.breaks()[:-1] + 1))
    time_ns = np.insert(record.end_ns, np.repeat(opens, 2), np.repeat(record.time_ns[opens], 2))
    first = np.column_stack((np.full(opens.shape[0], np.nan), record.soc_before[opens])).ravel()
    return {
        "type": "scatter",
        "mode": "lines",
        "x": _places(record, time_ns),
        "y": 100.0 * np.insert(record.soc, np.repeat(opens, 2), first),
        "yaxis": "y3",
        "line": {"width": 2, "color": ACCENT},
        "hoverinfo": "skip",
        "name": "state of charge",
    }


def _reason_traces(record: StepRecord) -> list[Spec]:
    """Unseen points in the middle of each step: what is said about it, and a place in each panel for the spike."""
    unseen: Spec = {
        "type": "scatter",
        "mode": "none",
        "x": _places(record, record.time_ns + duration_ns(record.step) // 2),
    }
    said: Spec = {"text": _hover_texts(record), "hovertemplate": "%{text}<extra></extra>", "name": "reason"}
    silent: Spec = {"hoverinfo": "none", "name": "place"}
    return [
        {**unseen, **said, "y": record.price_per_mwh},
        {**unseen, **silent, "y": record.power_kw, "yaxis": "y2"},
        {**unseen, **silent, "y": 100.0 * record.soc, "yaxis": "y3"},
    ]


def _hover_texts(record: StepRecord) -> list[str]:
    starts = record.clock.texts(record.time_ns)
    ends = record.clock.texts(record.end_ns, "%H:%M")
    texts: list[str] = []
    for t, sentence in enumerate(record.sentences()):
        before, after = (number_text(100.0 * float(soc[t]), 1) for soc in (record.soc_before, record.soc))
        lines = [
            f"<b>{starts[t]} to {ends[t]}</b>",
            f"{action_text(float(record.power_kw[t]))}, SoC {before} → {after} %",
            *textwrap.wrap(sentence, HOVER_WIDTH),
        ]
        texts.append("<br>".join(lines))
    return texts


def _headings(record: StepRecord) -> list[Spec]:
    battery = record.site.battery
    reach_kw = 1.27 * battery.power_kw
    small: Spec = {"yref": "y2", "yanchor": "middle", "bgcolor": PAPER, "opacity": 0.9}
    negative = f'   <span style="color:{ALERT}">■ below zero</span>' if bool(np.any(record.price_per_mwh < 0.0)) else ""
    bounds = f"{number_text(100.0 * battery.soc_min, 0)} and {number_text(100.0 * battery.soc_max, 0)}"
    words: list[tuple[str, float, str]] = [
        ("▲ sell / discharge", reach_kw, ACCENT),
        ("▼ buy / charge", -reach_kw, QUIET),
    ]
    return [
        note(f"<b>Price</b>, {record.site.currency}/MWh{negative}", x=0.0, y=PRICE_PANEL[1]),
        note("<b>Power</b>, kW", x=0.0, y=POWER_PANEL[1]),
        note(f"<b>State of charge</b>, % (dashed: bounds {bounds})", x=0.0, y=SOC_PANEL[1]),
        *(note(text, x=0.005, y=y, **{**small, "font": {"size": 11, "color": color}}) for text, y, color in words),
    ]


def _bounds(record: StepRecord) -> list[Spec]:
    battery = record.site.battery
    line: Spec = {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "line": {"color": BOUND, "width": 1, "dash": "dash"},
    }
    outside: Spec = {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "line": {"width": 0}, "fillcolor": OUTSIDE}
    edges = ((-6.0, 100.0 * battery.soc_min), (100.0 * battery.soc_max, 106.0))
    return [
        *({**outside, "yref": "y3", "y0": low, "y1": high, "layer": "below"} for low, high in edges),
        *({**line, "yref": "y3", "y0": y, "y1": y} for y in (edges[0][1], edges[1][0])),
        *({**line, "yref": "y2", "y0": y, "y1": y} for y in (-battery.power_kw, battery.power_kw)),
    ]
