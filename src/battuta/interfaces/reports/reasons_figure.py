"""What held a battery: hours and money by the bound that was met."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from battuta.domain.market import Binding
from battuta.interfaces.reports.palette import ACCENT, BASELINES, QUIET
from battuta.interfaces.reports.plotly_figure import Figure, Spec, axis, make_figure, note
from battuta.interfaces.reports.step_record import StepRecord
from battuta.interfaces.reports.wording import number_text

_ROW_PX = 40
_LABEL_WIDTH = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingTotal:
    """Steps that one bound held, summed.

    Attributes
    ----------
    binding : Binding
        The bound.
    duration_h : float
        Time it held. [h]
    net : float
        Net money of those steps. [currency]
    at_stake : float
        What idling in them would have cost, NaN where nobody planned. [currency]
    """

    binding: Binding
    duration_h: float
    net: float
    at_stake: float


def binding_totals(record: StepRecord) -> list[BindingTotal]:
    """Sum the steps of a record by what held them, longest first."""
    steps: defaultdict[Binding, list[int]] = defaultdict(list)
    for t, binding in enumerate(record.binding):
        steps[binding].append(t)
    step_h = record.step.total_seconds() / 3600.0
    totals = [
        BindingTotal(
            binding=binding,
            duration_h=step_h * len(held),
            net=float(record.net[held].sum()),
            at_stake=float(record.at_stake[held].sum()),
        )
        for binding, held in steps.items()
    ]
    return sorted(totals, key=lambda total: -total.duration_h)


def reasons_figure(record: StepRecord) -> Figure:
    """Draw hours and net money of a record by what held its steps.

    Parameters
    ----------
    record : StepRecord
        The steps.

    Returns
    -------
    Figure
        Two panels of bars with the same rows.
    """
    totals = binding_totals(record)[::-1]
    words = ["<br>".join(textwrap.wrap(total.binding.value, _LABEL_WIDTH)) for total in totals]
    hours, net = [total.duration_h for total in totals], [total.net for total in totals]
    numbers = axis(zeroline=True, zerolinecolor=QUIET, nticks=5, tickformat="~s", tickangle=0)
    reach = max(1.0, float(np.max(hours))), max(1.0, float(np.max(np.abs(net))))
    low = -1.5 * reach[1] if min(net) < 0.0 else 0.0
    layout: Spec = {
        "xaxis": {**numbers, "domain": (0.0, 0.46), "range": [0.0, 1.4 * reach[0]]},
        "xaxis2": {**numbers, "domain": (0.54, 1.0), "range": [low, 1.7 * reach[1]]},
        "yaxis": axis(showgrid=False, ticks="", tickfont={"size": 12}),
        "showlegend": False,
        "bargap": 0.35,
        "annotations": [
            note("<b>hours</b>", x=0.0, y=1.0),
            note(f"<b>net</b>, {record.money}", x=0.54, y=1.0),
        ],
    }
    bars: Spec = {"type": "bar", "orientation": "h", "y": words, "textposition": "outside", "cliponaxis": False}
    shown: Spec = {"hovertemplate": "%{y}<br>%{text}<extra></extra>", "textfont": {"size": 11}}
    traces: list[Spec] = [
        {
            **bars,
            **shown,
            "x": hours,
            "text": [number_text(h, 0 if reach[0] >= 100.0 else 1) for h in hours],
            "marker": {"color": BASELINES[1]},
        },
        {
            **bars,
            **shown,
            "x": net,
            "text": [number_text(amount, 0) for amount in net],
            "xaxis": "x2",
            "marker": {"color": [ACCENT if amount >= 0.0 else BASELINES[0] for amount in net]},
        },
    ]
    height_px = _ROW_PX * len(totals) + 90
    title = f"What held {record.name}"
    return make_figure(traces, layout, title=title, label=record.label, height_px=height_px)
