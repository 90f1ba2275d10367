"""The tables of a forecast test: errors of everybody, widths, quarters, what was missing, and the model's card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from html import escape

import numpy as np

from battuta.domain.errors import UsageError
from battuta.forecast.model_card import ForecastCard
from battuta.interfaces.reports.forecast_frame import framed_figure
from battuta.interfaces.reports.forecast_record import ForecastRecord, Kind, PointForecast
from battuta.interfaces.reports.markup import Html, element, joined, pairs, table
from battuta.interfaces.reports.palette import ACCENT
from battuta.interfaces.reports.plotly_figure import Figure, Spec, axis, note
from battuta.interfaces.reports.wording import number_text, percent_text
from battuta.numerics import scores
from battuta.studies.forecast_scores import relative_mae
from battuta.studies.path_evaluation import ratios

BANDS = (50, 80, 90, 98)
SPANS_LISTED_MAX = 12
INPUTS_SHOWN_MAX = 25
_LAST_LEVEL = 98
_ROW_PX = 24


def score_table(record: ForecastRecord) -> Html:
    """Make the table of point errors: the forecast, its parts, published ones, yardsticks."""
    unit = record.unit
    columns = ["forecast", "what it is", f"MAE, {unit}", "rMAE", "sMAPE", f"RMSE, {unit}", "prices"]
    groups = [[_score_row(record, each) for each in record.forecasts if each.kind is kind] for kind in Kind]
    caption = (
        "Errors of the point forecasts; rMAE: over the error of the prices of a week before, below 1 is better. "
        "A forecast that is missing on some intervals is scored on fewer prices."
    )
    return table(caption, columns, groups, text_columns=(0, 1))


def width_table(record: ForecastRecord) -> Html:
    """Make the table of bands: what each promised, what it held, how wide it was; the baseline beside it."""
    unit, price, known = record.unit, record.price_per_mwh, np.isfinite(record.price_per_mwh)
    rows: list[list[str]] = []
    for nominal in BANDS:
        cells = [f"{nominal} %"]
        for quantiles in (record.evaluation.quantiles, record.baseline):
            tail = round((100 - nominal) / 2) - 1
            low, high = quantiles[..., tail], quantiles[..., _LAST_LEVEL - tail]
            cells += [
                percent_text(scores.coverage(low, high, price)),
                number_text(float((high - low)[known].mean())),
                number_text(scores.winkler(low, high, price, nominal / 100.0)),
            ]
        rows.append(cells)
    columns = [
        "band",
        "held",
        f"mean width, {unit}",
        f"Winkler score, {unit}",
        "held, baseline",
        f"mean width, baseline, {unit}",
        f"Winkler score, baseline, {unit}",
    ]
    caption = (
        "Bands around the median; Winkler score: width plus a fine for each price outside, less is better. "
        "Baseline: error quantiles of the last 182 days around the same point forecast."
    )
    return table(caption, columns, [rows])


def quarter_table(record: ForecastRecord) -> Html:
    """Make the table of quarters: error and coverage."""
    evaluation = record.evaluation
    rows: list[list[str]] = []
    for days, held in zip(record.quarters(), record.scores.coverage_90_quarters, strict=True):
        price, point = evaluation.price_per_mwh[days], evaluation.point[days]
        rows.append(
            [
                f"{evaluation.dates[days.start]} to {evaluation.dates[days.stop - 1]}",
                number_text(days.stop - days.start, 0),
                number_text(scores.mae(price, point)),
                number_text(relative_mae(price, point, evaluation.weekly[days]), 3),
                number_text(scores.crps_from_quantiles(price, evaluation.levels, evaluation.quantiles[days])),
                percent_text(held),
            ]
        )
    columns = ["quarter", "days", f"MAE, {record.unit}", "rMAE", f"CRPS, {record.unit}", "in the 90 % band"]
    return table("Quarters of 91 days; a rest of fewer than 60 days joins the one before", columns, [rows])


def paths_table(record: ForecastRecord) -> Html:
    """Make the table of joint courses, beside the same values with their hours shuffled apart; nothing without any."""
    found = record.evaluation.path_scores
    if not found:
        return Html("")
    energy, variogram = ratios(found)
    scored = [
        ("energy score", [each.energy for each in found], [each.energy_independent for each in found], energy),
        (
            "variogram score",
            [each.variogram for each in found],
            [each.variogram_independent for each in found],
            variogram,
        ),
    ]
    rows = [
        [name, number_text(float(np.mean(own)), 3), number_text(float(np.mean(apart)), 3), number_text(share, 3)]
        for name, own, apart, share in scored
    ]
    columns = [f"score, {record.unit}", "joint courses", "hours shuffled apart", "ratio"]
    caption = (
        f"Joint courses of a day's prices, {len(found):,} days; less is better, and a ratio below 1 says that their "
        "hours hang together as those of prices do."
    )
    return table(caption, columns, [rows])


def notes_table(record: ForecastRecord) -> Html:
    """Make the table of what the forecast had to do without, and on which days."""
    found: dict[str, list[date]] = {}
    for each, notes in zip(record.evaluation.dates, record.evaluation.notes, strict=True):
        for words in notes:
            found.setdefault(words, []).append(each)
    if not found:
        return element("p", "Nothing was missing: every part spoke on every day.")
    rows = [[words, number_text(len(days), 0), _spans_text(days)] for words, days in found.items()]
    return table(
        "What the forecast had to do without", ["note", "days", "when"], [rows], text_columns=(0, 2), long_column=2
    )


def card_html(card: ForecastCard) -> Html:
    """Write the model's card."""
    families = [(family.name, f"{family.what} Strong: {family.strong} Weak: {family.weak}") for family in card.families]
    parts = [pairs(families, "strategies")]
    for heading, sentences in (
        ("Looks at", card.inputs),
        ("Mixes and measures itself", card.mixing),
        ("Tuned on", card.tuned_on),
        ("Sensitivity", card.sensitivity),
        ("Limits", card.limits),
        ("References", card.references()),
    ):
        parts.append(element("h3", heading, style="font-size: 1rem; margin: 16px 0 2px"))
        parts.append(
            element("ul", *(element("li", each) for each in sentences), style="margin: 4px 0; max-width: 85ch")
        )
    return joined(parts)


def importance_figure(record: ForecastRecord, importance: Mapping[str, float]) -> Figure:
    """Draw what the forecast leaned on, largest first.

    Parameters
    ----------
    record : ForecastRecord
        The test.
    importance : mapping of str to float
        Weight of each input, in any one measure where more is more; shown as shares of their sum. [-]

    Returns
    -------
    Figure
        One bar an input.

    Raises
    ------
    UsageError
        If a weight is negative or not a number, or all are zero.
    """
    total = sum(importance.values())
    wrong = [name for name, weight in importance.items() if not (np.isfinite(weight) and weight >= 0.0)]
    if wrong or not total > 0.0:
        which = f"importance of {wrong[0]!r} is {importance[wrong[0]]:g}" if wrong else "no importance is above 0"
        message = f"{which}; give finite weights >= 0, not all zero"
        raise UsageError(message)
    ranked = sorted(importance, key=lambda name: -importance[name])[:INPUTS_SHOWN_MAX]
    values = [100.0 * importance[name] / total for name in ranked]
    bars: Spec = {
        "type": "bar",
        "orientation": "h",
        "y": [escape(name) for name in ranked],
        "x": values,
        "text": [f"{each:.1f} %" for each in values],
        "textposition": "outside",
        "cliponaxis": False,
        "marker": {"color": ACCENT},
        "hovertemplate": "%{y}: %{x:.2f} %<extra></extra>",
    }
    layout: Spec = {
        "xaxis": axis(range=[0, 1.18 * max(values)], nticks=6, ticksuffix=" %"),
        "yaxis": axis(type="category", autorange="reversed", showgrid=False, ticks="", tickfont={"size": 11}),
        "bargap": 0.3,
        "annotations": [note("<b>Share of the whole</b>", x=0.0, y=1.0)],
    }
    height_px = _ROW_PX * len(ranked) + 80
    return framed_figure([bars], layout, title="What it leaned on", label=record.label, height_px=height_px, foot_px=48)


def _score_row(record: ForecastRecord, each: PointForecast) -> list[str]:
    price, evaluation = record.price_per_mwh, record.evaluation
    n_scored = price.size - scores.n_left_out(price, each.values)
    mark = "▸ " if each.kind is Kind.FORECAST else ""
    return [
        f"{mark}{each.name}",
        each.kind.value,
        number_text(scores.mae(price, each.values), 3),
        number_text(relative_mae(price, each.values, evaluation.weekly), 3),
        percent_text(scores.smape(price, each.values), 2),
        number_text(scores.rmse(price, each.values), 3),
        number_text(n_scored, 0),
    ]


def _spans_text(days: Sequence[date]) -> str:
    """Say which days, runs of them by their ends."""
    spans: list[list[date]] = []
    for day in days:
        if spans and day - spans[-1][-1] == timedelta(days=1):
            spans[-1].append(day)
        else:
            spans.append([day])
    said = [f"{run[0]} to {run[-1]}" if len(run) > 1 else f"{run[0]}" for run in spans[:SPANS_LISTED_MAX]]
    more = [f"and {len(spans) - SPANS_LISTED_MAX} more spans"] if len(spans) > SPANS_LISTED_MAX else []
    return ", ".join([*said, *more])
