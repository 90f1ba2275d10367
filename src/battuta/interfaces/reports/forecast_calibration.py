"""Whether the widths were honest: what the bands held, where in them prices fell, and whether that lasted."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from battuta.interfaces.reports.forecast_frame import framed_figure, short_dates
from battuta.interfaces.reports.forecast_record import MS_PER_DAY, ForecastRecord, mean_known
from battuta.interfaces.reports.palette import ACCENT, BASELINES, BUY, INK, PAPER, QUIET
from battuta.interfaces.reports.plotly_figure import Figure, Spec, axis, note
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.numerics.quantile_function import pit

N_BINS = 20
WINDOW_DAYS = 91
WINDOW_DAYS_MIN = 7
CORRIDOR = (0.85, 0.95)
NOMINAL = 0.90
_SIGMAS = 1.96
_CORRIDOR_FILL = "rgba(0, 98, 163, 0.10)"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PitHistogram:
    """Where in its distribution each price fell.

    Attributes
    ----------
    share : ndarray, shape (20,)
        Share of the prices in each twentieth of the distribution. [-]
    low, high : float
        Where 95 of 100 shares of an honest forecast lie, hours of a day taken as bound together; NaN for one day. [-]
    """

    share: FloatArray
    low: float
    high: float


def pit_histogram(record: ForecastRecord) -> PitHistogram:
    """Count the probability integral transform, and work out how far chance alone moves a bar.

    Parameters
    ----------
    record : ForecastRecord
        The test.

    Returns
    -------
    PitHistogram
        Shares and their band. Errors of one day rise and fall together, so a day counts as one draw: the band comes
        from how much the shares differ between days.
    """
    evaluation = record.evaluation
    where = pit(evaluation.price_per_mwh, evaluation.levels, evaluation.quantiles)
    bin_of = np.where(np.isnan(where), -1.0, np.minimum(np.floor(where * N_BINS), N_BINS - 1)).astype(np.int64)
    counts: IntArray = np.array([np.sum(bin_of == k, axis=1) for k in range(N_BINS)])
    n_known = counts.sum(axis=0)
    daily = counts[:, n_known > 0] / n_known[n_known > 0]
    n_days = daily.shape[1]
    deviations: FloatArray = daily - daily.mean(axis=1, keepdims=True)
    variance = float(np.square(deviations).sum()) / (N_BINS * max(n_days - 1, 1))
    spread = math.sqrt(variance / n_days) if n_days > 1 else math.nan
    even = 1.0 / N_BINS
    share = counts.sum(axis=1) / max(int(n_known.sum()), 1)
    return PitHistogram(share=share, low=max(even - _SIGMAS * spread, 0.0), high=even + _SIGMAS * spread)


def band_coverage(record: ForecastRecord, quantiles: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Nominal and observed share of each band around the median, narrowest first.

    Parameters
    ----------
    record : ForecastRecord
        The test.
    quantiles : ndarray, shape (n_days, n_slots, 99)
        The distributions. [currency/MWh]

    Returns
    -------
    tuple of ndarray, shape (49,)
        What each band promised, and what it held. [-]
    """
    levels, price = record.evaluation.levels, record.price_per_mwh
    known, last = np.isfinite(price), levels.shape[0] - 1
    tails = range(last // 2 - 1, -1, -1)
    held = [((quantiles[..., k] <= price) & (price <= quantiles[..., last - k]))[known].mean() for k in tails]
    return np.array([levels[last - k] - levels[k] for k in tails]), np.array(held)


def rolling_coverage(record: ForecastRecord) -> tuple[int, FloatArray]:
    """Share of prices in the 90 % band over the days up to each day.

    Parameters
    ----------
    record : ForecastRecord
        The test.

    Returns
    -------
    tuple of int and ndarray, shape (n_days,)
        Days looked back on: 91, or half of a shorter test. And the share, NaN until there are so many days. [-]
    """
    window_days = min(WINDOW_DAYS, max(record.n_days // 2, WINDOW_DAYS_MIN))
    inside, known = record.is_inside_90()
    sums = [np.concatenate([[0], np.cumsum(each.sum(axis=1))]) for each in (inside & known, known)]
    held, there = (total[window_days:] - total[:-window_days] for total in sums)
    share = np.full(record.n_days, np.nan)
    share[window_days - 1 :] = np.where(there > 0, held / np.maximum(there, 1), np.nan)
    return window_days, share


def reliability_figure(record: ForecastRecord) -> Figure:
    """Draw what each band held against what it promised, the rolling-error baseline beside it."""
    made: list[tuple[str, FloatArray, Spec]] = [
        ("rolling errors (baseline)", record.baseline, {"color": BASELINES[0], "width": 1.5, "dash": "dash"}),
        ("this forecast", record.evaluation.quantiles, {"color": ACCENT, "width": 3}),
    ]
    even: Spec = {
        "type": "scatter", "mode": "lines", "name": "honest", "x": [0, 100], "y": [0, 100], "hoverinfo": "skip",
        "line": {"color": INK, "width": 1, "dash": "dot"},
    }  # fmt: skip
    traces: list[Spec] = [even]
    for name, quantiles, line in made:
        nominal, held = band_coverage(record, quantiles)
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": name,
                "x": np.round(100.0 * nominal, 1),
                "y": 100.0 * held,
                "line": line,
                "hovertemplate": "held %{y:.1f} % of the prices",
            }
        )
    percent: Spec = {"range": [0, 100], "tickvals": [0, 25, 50, 75, 90, 100]}
    promised: Spec = {"text": "share that the band promised, %", "font": {"size": 12}}
    layout: Spec = {
        "xaxis": axis(title=promised, hoverformat=".0f", **percent),
        "yaxis": axis(**percent),
        "hovermode": "x unified",
        "annotations": [note("<b>Prices inside the band</b>, %", x=0.0, y=1.01)],
    }
    return framed_figure(traces, layout, title="Promised and held", label=record.label, height_px=400, foot_px=100)


def pit_figure(record: ForecastRecord) -> Figure:
    """Draw in which twentieth of their distributions the prices fell, and how even that should be."""
    found = pit_histogram(record)
    middle = (np.arange(N_BINS) + 0.5) * 100.0 / N_BINS
    bars: Spec = {
        "type": "bar",
        "x": middle,
        "y": 100.0 * found.share,
        "width": 100.0 / N_BINS,
        "marker": {"color": BUY, "line": {"color": PAPER, "width": 1}},
        "hovertemplate": "%{y:.1f} % of the prices<extra></extra>",
    }
    across: Spec = {"xref": "paper", "x0": 0, "x1": 1, "line": {"color": INK, "width": 1, "dash": "dash"}}
    edges = [100.0 * each for each in (found.low, found.high) if np.isfinite(each)]
    even: Spec = {**across, "type": "line", "y0": 100.0 / N_BINS, "y1": 100.0 / N_BINS, "line": {"color": INK}}
    shapes: list[Spec] = [even, *({**across, "type": "line", "y0": y, "y1": y} for y in edges)]
    level: Spec = {"text": "where in its distribution a price fell, %", "font": {"size": 12}}
    top = 1.1 * max(100.0 * float(found.share.max()), *edges, 100.0 / N_BINS)
    layout: Spec = {
        "xaxis": axis(title=level, range=[0, 100], tickvals=[0, 25, 50, 75, 100], showgrid=False),
        "yaxis": axis(range=[0, top], nticks=6),
        "bargap": 0,
        "shapes": shapes,
        "annotations": [note("<b>Prices</b>, % (line: even; dashed: 95 % of chance)", x=0.0, y=1.01)],
    }
    return framed_figure([bars], layout, title="Where the prices fell", label=record.label, height_px=400, foot_px=100)


def rolling_figure(record: ForecastRecord) -> Figure:
    """Draw the share of prices in the 90 % band over time, with the corridor from 85 to 95 %."""
    window_days, share = rolling_coverage(record)
    line: Spec = {
        "type": "scatter",
        "mode": "lines",
        "name": f"last {window_days} days",
        "x": record.day_ms,
        "y": 100.0 * share,
        "line": {"color": ACCENT, "width": 2.5},
        "hovertemplate": "%{y:.1f} %",
    }
    whole: list[float] = [float(record.day_ms[0]), float(record.day_ms[-1]) + MS_PER_DAY]
    corridor: Spec = {
        "type": "rect", "xref": "paper", "x0": 0, "x1": 1, "y0": 100 * CORRIDOR[0], "y1": 100 * CORRIDOR[1],
        "fillcolor": _CORRIDOR_FILL, "line": {"width": 0}, "layer": "below",
    }  # fmt: skip
    level: Spec = {"color": INK, "width": 1, "dash": "dash"}
    nominal: Spec = {
        "type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 100 * NOMINAL, "y1": 100 * NOMINAL, "line": level,
    }  # fmt: skip
    shown: Spec = {"include": [80.0, 100.0]}
    heading = "<b>Prices in the 90 % band</b>, % (shaded: 85 to 95)"
    layout: Spec = {
        "xaxis": short_dates(range=whole, hoverformat="%a %d %b %Y"),
        "yaxis": axis(nticks=6, autorangeoptions=shown),
        "hovermode": "x unified",
        "showlegend": True,
        "shapes": [corridor, nominal],
        "annotations": [note(heading, x=0.0, y=1.01)],
    }
    return framed_figure(
        [_quarters(record), line], layout, title="Coverage over time", label=record.label, height_px=330, foot_px=84
    )


def _quarters(record: ForecastRecord) -> Spec:
    inside, known = record.is_inside_90()
    held = np.where(known, inside, np.nan)
    x: list[float | None] = []
    y: list[float | None] = []
    for days in record.quarters():
        share = 100.0 * float(mean_known(held[days].ravel(), axis=0))
        x += [float(record.day_ms[days.start]), float(record.day_ms[days.stop - 1]) + MS_PER_DAY, None]
        y += [share, share, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "quarter of 91 days" if len(record.quarters()) > 1 else "all days",
        "x": x,
        "y": y,
        "line": {"color": QUIET, "width": 1.5},
        "hovertemplate": "%{y:.1f} %",
    }
