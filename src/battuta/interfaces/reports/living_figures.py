"""Figures of a living run over time: price and power, charge, temperatures, frequency, and who had the power."""

from __future__ import annotations

import numpy as np

from battuta.app.living import EVENT_HZ, FrequencyEvent
from battuta.app.run_trace import owner_names
from battuta.app.site_owners import CELL_LIMIT_C
from battuta.domain.command import Owner
from battuta.interfaces.reports.living_bands import band_of, total
from battuta.interfaces.reports.living_record import LivingRecord
from battuta.interfaces.reports.palette import ACCENT, ALERT, BASELINES, BOUND, BUY, INK, QUIET
from battuta.interfaces.reports.plotly_figure import Figure, Spec, Value, axis, make_figure, note, time_axis
from battuta.interfaces.reports.wording import number_text
from battuta.numerics.arrays import FloatArray

HEIGHT_PX = 340
PRICE_PANEL, POWER_PANEL = (0.66, 1.0), (0.0, 0.55)
BAND_FILL = "rgba(0, 98, 163, 0.22)"
OWNER_COLORS = {
    Owner.SAFETY: ALERT,
    Owner.SYSTEM_OPERATOR: "#CC79A7",
    Owner.GRID_CODE: INK,
    Owner.COOLING: "#56B4E9",
    Owner.PEAK_SHAVING: "#E69F00",
    Owner.RECOVERY: "#009E73",
    Owner.MARKET: ACCENT,
    Owner.SELF_CONSUMPTION: "#F3EBA0",
    Owner.REST: "#C3C8CF",
}
"""Who had the power; hues of Okabe and Ito."""
_LEGEND: Spec = {"orientation": "h", "x": 0, "y": 0, "yref": "container", "yanchor": "bottom", "traceorder": "normal"}


def power_figure(record: LivingRecord) -> Figure:
    """Draw price, and power of all batteries and at all meters together.

    Parameters
    ----------
    record : LivingRecord
        The run.

    Returns
    -------
    Figure
        Two panels on one time axis.
    """
    trace = record.trace
    power_kw = total(trace.power_kw)
    bars: Spec = {"line": {"shape": "hv", "width": 0}, "fill": "tozeroy", "hoverinfo": "skip", "yaxis": "y2"}
    traces = [
        _line(record, trace.price_per_mwh, "price", color=INK, is_held=True, hovertemplate="%{y:,.2f}"),
        {**_places(record), **bars, "y": np.maximum(power_kw, 0.0), "name": "discharge", "fillcolor": ACCENT},
        {**_places(record), **bars, "y": np.minimum(power_kw, 0.0), "name": "charge", "fillcolor": BUY},
        _line(record, power_kw, "batteries", color=ACCENT, is_held=True, width=0.5, yaxis="y2", showlegend=False),
        _line(record, total(trace.meter_power_kw), "meters", color=ALERT, is_held=True, dash="dot", yaxis="y2"),
    ]
    traces[0] = {**traces[0], "showlegend": False}
    layout: Spec = {
        **_time(record, anchor="y2"),
        "yaxis": axis(domain=PRICE_PANEL, zeroline=True, zerolinecolor=QUIET, nticks=5, tickformat=",~r"),
        "yaxis2": axis(domain=POWER_PANEL, zeroline=True, zerolinecolor=QUIET, nticks=7, tickformat=",~r"),
        "hoversubplots": "axis",
        "annotations": [
            note(f"<b>Price</b>, {record.site.currency}/MWh", x=0.0, y=PRICE_PANEL[1]),
            note("<b>Power of all sites</b>, kW, discharge and export positive", x=0.0, y=POWER_PANEL[1]),
        ],
    }
    return _figure(record, traces, layout, title="Price and power", height_px=HEIGHT_PX + 140)


def soc_figure(record: LivingRecord) -> Figure:
    """Draw the state of charge of all sites: median, the middle 80 %, and the extremes."""
    band, battery = band_of(100.0 * record.trace.soc), record.site.battery
    thin: Spec = {"width": 1, "color": BASELINES[1]}
    traces = [
        _line(record, band.highest, "highest and lowest site", line=thin, is_centred=True),
        _line(record, band.lowest, "lowest site", line=thin, is_centred=True, showlegend=False),
        *_filled(record, band.low, band.high, "80 % of the sites"),
        _line(record, band.median, "median site", color=ACCENT, width=2, is_centred=True),
    ]
    layout: Spec = {
        **_time(record),
        "yaxis": axis(range=[-4, 104], tickvals=[0, 25, 50, 75, 100], ticksuffix=" %"),
        "shapes": [_level(100.0 * battery.soc_min), _level(100.0 * battery.soc_max)],
        "annotations": [note("<b>State of charge</b>, % (dashed: bounds)", x=0.0, y=1.0)],
    }
    return _figure(record, traces, layout, title="State of charge")


def temperature_figure(record: LivingRecord) -> Figure:
    """Draw the hottest and the coldest cell of all sites, the air outside, and the limit that cooling plans for."""
    trace = record.trace
    hottest, coldest = band_of(trace.cell_temperature_c_max), band_of(trace.cell_temperature_c_min)
    shown = "%{y:.1f}"
    traces = [
        _line(record, hottest.highest, "hottest cell", color=ALERT, hovertemplate=shown, is_centred=True),
        _line(record, hottest.median, "hottest cell of the median site", color=ACCENT, is_centred=True),
        _line(record, coldest.lowest, "coldest cell", color="#56B4E9", hovertemplate=shown, is_centred=True),
        _line(
            record, band_of(trace.chiller_setpoint_c).median, "coolant asked, median site", dash="dash", color=QUIET,
            is_centred=True,
        ),
        _line(
            record, band_of(trace.ambient_temperature_c).median, "air outside, median site", dash="dot", color=QUIET,
            is_centred=True,
        ),
    ]  # fmt: skip
    traces = [each for each in traces if _is_drawn(each)]
    limit = f"<b>Temperatures</b>, °C (dashed: cell limit, {number_text(CELL_LIMIT_C, 0)} °C)"
    layout: Spec = {
        **_time(record),
        "yaxis": axis(nticks=7, autorangeoptions={"include": [CELL_LIMIT_C + 1.0]}),
        "shapes": [_level(CELL_LIMIT_C)],
        "annotations": [note(limit, x=0.0, y=1.0)],
    }
    return _figure(record, traces, layout, title="Temperatures")


def frequency_figure(record: LivingRecord) -> Figure:
    """Draw the lowest and highest frequency of each step, and the events."""
    trace, nominal_hz = record.trace, record.nominal_hz
    events = record.result.frequency_events
    traces = _filled(record, trace.frequency_hz_min, trace.frequency_hz_max, "lowest to highest", width=1.0)
    if events:
        middles = np.array([each.start_ns + round(each.duration_s * 5e8) for each in events], dtype=np.int64)
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": f"event: {EVENT_HZ:g} Hz off or more",
                "x": record.clock.axis_ms(middles, int(record.end_ns[-1])),
                "y": [each.frequency_hz_extreme for each in events],
                "marker": {"color": ALERT, "size": 9, "symbol": "diamond"},
                "text": [event_text(each) for each in events],
                "hovertemplate": "%{text}<extra></extra>",
            }
        )
    heading = f"<b>Grid frequency</b>, Hz, lowest and highest in {record.step_name} (dashed: nominal)"
    layout: Spec = {
        **_time(record),
        "yaxis": axis(nticks=7, tickformat=".2f", autorangeoptions={"include": [nominal_hz - 0.06, nominal_hz + 0.06]}),
        "shapes": [_level(nominal_hz)],
        "annotations": [note(heading, x=0.0, y=1.0)],
    }
    return _figure(record, traces, layout, title="Frequency")


def owners_figure(record: LivingRecord) -> Figure:
    """Draw how many sites followed whom, stacked, with the hours of each owner."""
    trace, names = record.trace, owner_names()
    seconds = trace.owner_s.sum(axis=1, keepdims=True) / max(trace.n_sites, 1)
    sites = trace.owner_s / np.maximum(seconds, 1)
    traces: list[Spec] = [
        {
            **_places(record),
            "name": f"{names[owner]}, {hours_text(trace.owner_s[:, owner].sum() / 3600.0)} site-hours",
            "y": sites[:, owner],
            "stackgroup": "sites",
            "line": {"shape": "hv", "width": 0},
            "fillcolor": OWNER_COLORS[owner],
            "hovertemplate": "%{y:.1f}",
        }
        for owner in reversed(Owner)
        if trace.owner_s[:, owner].any()
    ]
    layout: Spec = {
        **_time(record),
        "yaxis": axis(nticks=6, range=[0, 1.02 * trace.n_sites]),
        "annotations": [note("<b>Sites</b> by the owner of their base power", x=0.0, y=1.0)],
    }
    return _figure(record, traces, layout, title="Owners of the base power")


def event_text(event: FrequencyEvent) -> str:
    """Say what a frequency event was."""
    return (
        f"<b>frequency event</b><br>{event.frequency_hz_extreme:.3f} Hz at its farthest, "
        f"{number_text(event.duration_s, 0)} s<br>setpoints of all sites up to {event.power_kw_extreme:+,.0f} kW"
    )


def hours_text(duration_h: float) -> str:
    """Write hours with as many digits as say something.

    Examples
    --------
    >>> hours_text(1234.5), hours_text(0.123)
    ('1,234', '0.12')
    """
    return number_text(duration_h, 0 if duration_h >= 100.0 else 1 if duration_h >= 10.0 else 2)


def _figure(
    record: LivingRecord, traces: list[Spec], layout: Spec, *, title: str, height_px: float = HEIGHT_PX
) -> Figure:
    common: Spec = {"hovermode": "x unified", "showlegend": True, "legend": {**_LEGEND, "font": {"size": 11}}}
    figure = make_figure(traces, {**common, **layout}, title=title, label=record.label, height_px=height_px)
    figure.update_layout(margin_b=86)  # pyright: ignore[reportUnknownMemberType]
    return figure


def _time(record: LivingRecord, **changes: Value) -> dict[str, Value]:
    time_ns, end_ns = record.trace.time_ns, record.end_ns
    if not time_ns.size:
        return {"xaxis": time_axis(**changes)}
    whole = record.clock.axis_ms(np.array([time_ns[0], end_ns[-1]]), int(end_ns[-1]))
    title: Spec = {"text": record.clock.axis_title(time_ns), "font": {"size": 12}, "standoff": 6}
    return {"xaxis": time_axis(range=whole, title=title, hoverformat="%a %d %b %Y %H:%M:%S", **changes)}


def _places(record: LivingRecord, *, is_centred: bool = False) -> Spec:
    """Steps on the time axis by their start and length, which takes no room on a page."""
    step_ns = record.trace.step_s * 10**9
    first_ns = record.trace.time_ns[:1] + (step_ns // 2 if is_centred else 0)
    if not first_ns.size:
        return {"type": "scatter", "mode": "lines"}
    first_ms = float(record.clock.axis_ms(first_ns, int(record.end_ns[-1]))[0])
    return {"type": "scatter", "mode": "lines", "x0": first_ms, "dx": step_ns / 1e6}


def _line(
    record: LivingRecord,
    values: FloatArray,
    name: str,
    *,
    color: str = INK,
    width: float = 1.5,
    dash: str = "solid",
    is_held: bool = False,
    is_centred: bool = False,
    **changes: Value,
) -> Spec:
    line: Spec = {"color": color, "width": width, "dash": dash, "shape": "hv" if is_held else "linear"}
    usual: Spec = {"name": name, "y": values, "line": line, "hovertemplate": "%{y:,.1f}"}
    return {**_places(record, is_centred=is_centred), **usual, **changes}


def _filled(record: LivingRecord, low: FloatArray, high: FloatArray, name: str, *, width: float = 0.0) -> list[Spec]:
    """Two lines and what lies between them; broken nowhere, as plotly fills no gap."""
    lines: Spec = {"color": ACCENT, "width": width}
    shown = "%{y:,.3f}" if width else "%{y:,.1f}"
    return [
        _line(record, low, f"{name} (low end)", line=lines, is_centred=True, showlegend=False, hovertemplate=shown),
        _line(
            record, high, name, line=lines, is_centred=True, fill="tonexty", fillcolor=BAND_FILL, hovertemplate=shown
        ),
    ]


def _level(value: float) -> Spec:
    line: Spec = {"color": BOUND, "width": 1, "dash": "dash"}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": value, "y1": value, "line": line}


def _is_drawn(trace: Spec) -> bool:
    values = trace["y"]
    return isinstance(values, np.ndarray) and not bool(np.isnan(values).all())
