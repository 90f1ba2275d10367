"""The report of a living run as one HTML file: what it earned, what happened, and how to decide it again."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from battuta.app.site_owners import CELL_LIMIT_C
from battuta.domain.time import require_aware
from battuta.interfaces.reports.living_figures import (
    frequency_figure,
    owners_figure,
    power_figure,
    soc_figure,
    temperature_figure,
)
from battuta.interfaces.reports.living_record import LivingRecord
from battuta.interfaces.reports.living_tables import alarm_table, event_table, money_table, site_table
from battuta.interfaces.reports.markup import Html, element, pairs
from battuta.interfaces.reports.page import figure_html, write_page
from battuta.interfaces.reports.report_tables import label_html
from battuta.interfaces.reports.wording import battery_text, number_text, percent_text

_WITHOUT_SCRIPT = "Without JavaScript this page has no figures; its tables say what came of the run."
_OWNERS_WORDS = (
    "How many sites followed whose wish, by the second; site-hours in the legend. The response to frequency is added "
    "to the base power by the guard, whoever owns it."
)
_SIGNS = (
    "Discharge, export and sale are positive, charge, import and purchase negative; "
    "every interval is named by its start."
)


def write_living_report(record: LivingRecord, path: Path, *, created_at: datetime, replay: str = "") -> Path:
    """Write the report of a run.

    Parameters
    ----------
    record : LivingRecord
        The run.
    path : Path
        The HTML file.
    created_at : datetime
        When the report is made, aware.
    replay : str
        The command that decides the run again; empty where no journal was kept.

    Returns
    -------
    Path
        The same path.

    Raises
    ------
    DataError
        If the file cannot be written.
    """
    result = record.result
    hours = number_text(result.simulated_s / 3600.0, 1)
    title = f"Run of {number_text(result.n_sites, 0)} simulated sites over {hours} h"
    figures = [
        _section("Money", _keys(record), money_table(record)),
        _section(
            "What the market paid and what was done", figure_html(power_figure(record), "power", _power_words(record))
        ),
        _section("How full the batteries were", figure_html(soc_figure(record), "soc", _soc_words(record))),
        _section(
            "How warm the cells were",
            figure_html(temperature_figure(record), "temperature", _temperature_words(record)),
        ),
        _section(
            "What the grid did",
            figure_html(frequency_figure(record), "frequency", "What the median meter said; events are marked."),
            event_table(record),
        ),
        _section("Who had the power", figure_html(owners_figure(record), "owners", _OWNERS_WORDS)),
        _section("Sites", site_table(record)),
        _section("Alarms", alarm_table(record)),
        _section("Decide it again", *_replay(replay)),
    ]
    made = f"Made {require_aware(created_at, 'created_at').astimezone(UTC):%Y-%m-%d %H:%M} UTC by Battuta."
    footer = element("footer", element("p", _SIGNS), element("p", made))
    return write_page(path, title=title, body=[_header(title, record), *figures, footer])


def _section(heading: str, *content: str) -> Html:
    return element("section", element("h2", heading), *content)


def _header(title: str, record: LivingRecord) -> Html:
    request, prices, result = record.request, record.result.prices, record.result
    first, last = record.clock.texts(record.trace.time_ns[[0, -1]], "%a %Y-%m-%d %H:%M")
    answering = (
        f"{request.response}, {len(request.answering)} of {request.n_sites} sites" if request.answering else "none"
    )
    facts = [
        ("each site", record.site.name or "not named"),
        ("each battery", battery_text(record.site)),
        ("sites and cells", f"{number_text(result.n_sites, 0)} and {number_text(result.n_cells, 0)}"),
        ("time", f"{first} to {last}, {record.clock.words}"),
        ("seed", str(request.seed)),
        ("prices from", prices.source or "not stated"),
        ("strategy", request.strategy),
        ("answers frequency", answering),
        ("faults planted", "; ".join(each.replace(",", ", ") for each in request.faults) or "none"),
        ("steps of the figures", record.step_name),
    ]
    if request.following:
        facts.append(("follow their own load", f"{len(request.following)} of {request.n_sites} sites"))
    if math.isfinite(request.demand_limit_kw):
        facts.append(("demand limit of each site", f"{number_text(request.demand_limit_kw, 0)} kW"))
    without = element("noscript", element("p", _WITHOUT_SCRIPT, class_="label"))
    return element("header", element("h1", title), label_html(record.label), without, pairs(facts, "facts"))


def _keys(record: LivingRecord) -> Html:
    result, money = record.result, record.money
    keys = [
        (f"net, {money}", number_text(result.net)),
        (f"wear, {money}", number_text(result.wear)),
        ("cycles a site, equivalent full (EFC)", number_text(result.cycles)),
        ("auxiliaries, kWh", number_text(result.auxiliary_kwh, 0)),
        ("capacity lost, mean of the sites", percent_text(float(result.capacity_lost.mean()), 3)),
        ("mean charge at the start", percent_text(result.soc_start, 0)),
        ("mean charge at the end, not valued", percent_text(result.soc_end, 0)),
        ("alarms", number_text(len(result.alarms), 0)),
    ]
    if result.settled is not None:
        keys.insert(1, (f"settled before wear, {money}", number_text(result.settled)))
    if result.unmetered_s:
        keys.append(("site-hours in which nobody knew the power", number_text(result.unmetered_s / 3600.0)))
    if result.demand is not None:
        held = result.demand
        keys.append(("highest billed import, kW", number_text(held.highest_kw, 1)))
        keys.append(("the same without batteries, kW", number_text(held.without_kw, 1)))
        keys.append(("sites over their limit", number_text(held.sites_over, 0)))
        keys.append(("sites over it without batteries", number_text(held.sites_over_without, 0)))
    return pairs(keys, "keys")


def _power_words(record: LivingRecord) -> str:
    return (
        f"Means of {record.step_name} over all sites together: batteries as filled areas; dotted what the meters saw, "
        "which is batteries, loads, sun and auxiliaries."
    )


def _soc_words(record: LivingRecord) -> str:
    soc = record.trace.soc
    ends = f" At the end the median site is at {_last_soc(record)}." if soc.size else ""
    return f"The median site, the middle 80 % of the sites and the extremes.{ends}"


def _last_soc(record: LivingRecord) -> str:
    known = record.trace.soc[-1][~np.isnan(record.trace.soc[-1])]
    return percent_text(float(np.median(known)), 0) if known.size else "no known charge"


def _temperature_words(record: LivingRecord) -> str:
    hottest_c = record.hottest_per_site()
    known = hottest_c[~np.isnan(hottest_c)]
    if not known.size:
        return "No cell temperature was measured."
    over = int((known > CELL_LIMIT_C).sum())
    sites = "no site" if over == 0 else "one site" if over == 1 else f"{over} sites"
    return (
        f"Hottest and coldest single cell of all sites. The hottest reached {number_text(float(known.max()), 1)} °C; "
        f"{sites} went above {number_text(CELL_LIMIT_C, 0)} °C."
    )


def _replay(command: str) -> list[Html]:
    if not command:
        return [element("p", "No journal was kept, so this run cannot be replayed; the same seed lives the same run.")]
    words = "Every decision is made again from what was seen, and compared to the last digit:"
    return [element("p", words), element("p", element("code", command))]
