"""The report of a forecast test as one HTML file: how wrong, how sure, where, beside whom, and what it cannot do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from battuta.domain.time import require_aware
from battuta.forecast.model_card import model_card
from battuta.interfaces.reports.forecast_breakdown import (
    breakdown_figure,
    breakdown_table,
    by_hour,
    by_month,
    by_weekday,
    calendar_figure,
)
from battuta.interfaces.reports.forecast_calibration import pit_figure, reliability_figure, rolling_figure
from battuta.interfaces.reports.forecast_fans import FORTNIGHT_DAYS, day_figure, fortnights_figure, telling_days
from battuta.interfaces.reports.forecast_record import ForecastRecord, forecast_record, member_name
from battuta.interfaces.reports.forecast_rivals import compare, mae_figure, rivals_table, scatter_figure, slots_figure
from battuta.interfaces.reports.forecast_tables import (
    card_html,
    importance_figure,
    notes_table,
    paths_table,
    quarter_table,
    score_table,
    width_table,
)
from battuta.interfaces.reports.markup import Html, element, pairs
from battuta.interfaces.reports.page import figure_html, write_page
from battuta.interfaces.reports.report_tables import label_html
from battuta.interfaces.reports.wording import number_text, percent_text
from battuta.numerics import scores as scoring
from battuta.numerics.arrays import FloatArray
from battuta.studies.forecast_evaluation import ForecastEvaluation
from battuta.studies.forecast_scores import ForecastScores

_WITHOUT_SCRIPT = "Without JavaScript this page has no figures; their numbers are in its tables."
_SIDE_BY_SIDE = (
    ".beside { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 330px), 1fr)); gap: 0 24px; } "
    ".beside > figure { min-width: 0; } .whole .scroll { max-height: none; } "
    "details { margin: 6px 0 14px; } summary { cursor: pointer; } "
    "@media print { .beside { display: block; } }"
)
_FAN_WORDS = (
    "Bands that a price was to lie in with 50, 80, 90 and 98 % of certainty, the median in blue, what came in black. "
    "Each day was forecast with what was known at its gate on the day before, 12:00 market time unless stated."
)
_SCORE_WORDS = (
    "CRPS is twice the mean pinball loss of 99 quantiles, in the unit of the price; some papers print half of it."
)
_PIT_WORDS = (
    "Even bars: the widths were honest. High ends: too narrow; a high middle: too wide; a slope: too high or too low. "
    "Prices of a day move together, so the dashed band is worked out from days, not from hours."
)
_LEVEL_SHARE = 5e-4
_SLOT_WORDS = "Tests of each slot alone, not corrected for being many: of 24 even ones about one looks decided."


def write_forecast_report(
    evaluation: ForecastEvaluation,
    scores: ForecastScores,
    path: Path,
    *,
    title: str,
    created_at: datetime,
    published: Mapping[str, FloatArray] | None = None,
    importance: Mapping[str, float] | None = None,
    assumptions: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> Path:
    """Write the report of a forecast test.

    Parameters
    ----------
    evaluation : ForecastEvaluation
        What was issued and what came.
    scores : ForecastScores
        Its figures.
    path : Path
        The HTML file.
    title : str
        Heading.
    created_at : datetime
        When the report was made, aware.
    published : mapping of str to ndarray, shape (n_days, n_slots), optional
        Forecasts of others for the same days, NaN where there is none. [currency/MWh]
    importance : mapping of str to float, optional
        Weight of each input, in any one measure where more is more. [-]
    assumptions : sequence of str
        What the test took for granted, such as series taken as known at the gate; stands in the banner at the top.
    notes : sequence of str
        Sentences for the end of the page, such as a command that makes it again.

    Returns
    -------
    Path
        The same path.

    Raises
    ------
    UsageError
        If a published forecast does not fit the test, or an importance is no weight.
    DataError
        If the file cannot be written.
    """
    record = forecast_record(evaluation, scores, published or {}, assumptions)
    body = [
        _header(title, record),
        _section(
            "How wrong it was",
            element("p", _headline(record)),
            _keys(record),
            figure_html(mae_figure(record), "mae", "Mean absolute error over all days; the table below has the rest."),
            element("div", score_table(record), class_="whole"),
            element("p", _SCORE_WORDS, class_="quiet"),
        ),
        _section("What it said and what came", *_fans(record)),
        _section("Where the errors lie", *_breakdown(record)),
        _section("Whether its widths were honest", *_calibration(record)),
        *([_section("Beside published forecasts", *_rivals(record))] if record.published else []),
        *([_section("What it leaned on", _importance(record, importance))] if importance else []),
        _section("What it had to do without", notes_table(record)),
        _section("The model's card", card_html(model_card(tuple(evaluation.model.split("+"))))),
        _footer(created_at, notes),
    ]
    return write_page(path, title=title, body=body)


def _section(heading: str, *content: str) -> Html:
    return element("section", element("h2", heading), *content)


def _header(title: str, record: ForecastRecord) -> Html:
    evaluation, prices = record.evaluation, record.evaluation.prices
    inputs = ", ".join(f"{name} (known {column.rule})" for name, column in prices.columns.items())
    facts = [
        ("model", evaluation.model),
        ("its parts", "; ".join(member_name(name) for name in evaluation.members)),
        ("test days", f"{record.n_days}, {evaluation.dates[0]} to {evaluation.dates[-1]}"),
        ("days issued before the test, to learn widths from", number_text(evaluation.errors_before.shape[0], 0)),
        ("market zone and clock", f"{prices.zone}, clock {prices.clock.value}"),
        ("currency and interval", f"{prices.currency}, {number_text(60.0 * prices.step_h, 0)} min"),
        ("prices from", prices.source or "not stated"),
        ("series beside the price", inputs or "none"),
        ("public holidays, as Sundays", f"of {prices.holidays.place}" if prices.holidays else "none known"),
    ]
    without = element("noscript", element("p", _WITHOUT_SCRIPT, class_="label"))
    style = element("style", Html(_SIDE_BY_SIDE))
    return element("header", element("h1", title), label_html(record.label), style, without, pairs(facts, "facts"))


def _headline(record: ForecastRecord) -> str:
    found, unit = record.scores, record.unit
    off = (
        f"Over {number_text(record.n_days, 0)} days the forecast was off by {number_text(found.mae)} {unit} on average"
    )
    words = [f"{off}, {_apart(found.mae, found.mae_naive)} the similar day ({number_text(found.mae_naive)})."]
    if record.published:
        known = {each.name: scoring.mae(record.price_per_mwh, each.values) for each in record.published}
        best = min(known, key=lambda name: known[name])
        rival = compare(record, next(each for each in record.published if each.name == best))
        words.append(
            f"The best published forecast, {best}, was off by {number_text(rival.mae_other)} on average; on the same "
            f"intervals this one was off by {number_text(rival.mae)}, {_apart(rival.mae, rival.mae_other)} it."
        )
    words.append(
        f"Of the prices, {percent_text(found.coverage_90)} lay in its 90\u00a0% band; its CRPS of "
        f"{number_text(found.crps)} {unit} is {_apart(found.crps, found.crps_baseline)} that of rolling errors "
        f"({number_text(found.crps_baseline)})."
    )
    return " ".join(words)


def _apart(value: float, other: float) -> str:
    """Say how much less or more something is than another."""
    gap = 1.0 - value / other if other > 0.0 else 0.0
    if abs(gap) < _LEVEL_SHARE:
        return "level with"
    return f"{percent_text(abs(gap))} {'less' if gap > 0.0 else 'more'} than"


def _keys(record: ForecastRecord) -> Html:
    found, unit = record.scores, record.unit
    keys = [
        (f"MAE, {unit}", number_text(found.mae, 3)),
        ("rMAE, over a week before", number_text(found.rmae, 3)),
        ("sMAPE", percent_text(found.smape, 2)),
        (f"CRPS, {unit}", number_text(found.crps, 3)),
        (f"CRPS of rolling errors, {unit}", number_text(found.crps_baseline, 3)),
        ("prices in the 90\u00a0% band", percent_text(found.coverage_90)),
        ("the same, quarters: lowest to highest", _range_text(found.coverage_90_quarters)),
    ]
    return pairs(keys, "keys")


def _range_text(shares: Sequence[float]) -> str:
    low, high = percent_text(min(shares)), percent_text(max(shares))
    return low if low == high else f"{low} to {high}"


def _beside(*figures: Html) -> Html:
    return element("div", *figures, class_="beside")


def _fans(record: ForecastRecord) -> list[Html]:
    days = [
        figure_html(day_figure(record, day, name), f"day{k}", f"{name} by mean absolute error; bands as above.")
        for k, (name, day) in enumerate(telling_days(record).items())
    ]
    clock = f"Times: {record.clock_words}."
    menu = " The menu leads back by fortnights." if record.n_days > FORTNIGHT_DAYS else ""
    words = f"{_FAN_WORDS}{menu} {clock}"
    return [figure_html(fortnights_figure(record), "fan", words), _beside(*days)]


def _breakdown(record: ForecastRecord) -> list[Html]:
    hour, weekday, month = by_hour(record), by_weekday(record), by_month(record)
    return [
        figure_html(breakdown_figure(record, hour), "hour", "Error by the hour in which an interval starts."),
        breakdown_table(record, hour),
        _beside(
            figure_html(breakdown_figure(record, weekday), "weekday", "Error by weekday."),
            figure_html(breakdown_figure(record, month), "month", "Error by month; some may be covered in part only."),
        ),
        breakdown_table(record, weekday),
        breakdown_table(record, month),
        figure_html(calendar_figure(record), "calendar", "Error of each day: a row a month, a column a day."),
    ]


def _calibration(record: ForecastRecord) -> list[Html]:
    held = "What each band around the median held, against what it promised: above the dotted line it was too wide."
    lasting = "Share of prices inside the 90 % band, over the days up to each date, and for each quarter."
    return [
        _beside(
            figure_html(reliability_figure(record), "reliability", held),
            figure_html(pit_figure(record), "pit", _PIT_WORDS),
        ),
        width_table(record),
        figure_html(rolling_figure(record), "rolling", lasting),
        quarter_table(record),
        paths_table(record),
    ]


def _rivals(record: ForecastRecord) -> list[Html]:
    comparisons = [compare(record, each) for each in record.published]
    nearer = "Errors of each day; below the line this forecast was nearer. Both axes grow by factors."
    return [
        rivals_table(record, comparisons),
        _beside(
            figure_html(slots_figure(record, comparisons), "slots", _SLOT_WORDS),
            figure_html(scatter_figure(record), "scatter", nearer),
        ),
    ]


def _importance(record: ForecastRecord, importance: Mapping[str, float]) -> Html:
    figure = importance_figure(record, importance)
    return figure_html(figure, "importance", "Inputs by weight, as shares of their sum; the largest ones.")


def _footer(created_at: datetime, notes: Sequence[str]) -> Html:
    made = f"Made {require_aware(created_at, 'created_at').astimezone(UTC):%Y-%m-%d %H:%M} UTC by Battuta."
    signs = "Errors are absolute, outcome against forecast; every interval is named by its start."
    return element("footer", *(element("p", words) for words in (*notes, signs, made)))
