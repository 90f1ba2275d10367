"""The technical half of the report of a study: what was asked, how it is used, and how it ages."""

from __future__ import annotations

import math
import re

from battuta.domain.day_ahead_trading import DayAheadTrading
from battuta.domain.studied_battery import SteadyClimate, StudiedBattery
from battuta.interfaces.reports.twin_blocks import Block, Bullets, Facts, Picture, Rows, Section, Words, side_by_side
from battuta.interfaces.reports.twin_changes import changes, has_changes
from battuta.interfaces.reports.twin_charts import cause_chart, cycle_charts, duration_charts, fan_charts, model_charts
from battuta.interfaces.reports.twin_figures import StudyFigures
from battuta.interfaces.reports.twin_telemetry_section import completeness, telemetry
from battuta.interfaces.reports.twin_wording import duty_text, listed, sentence, soh_text, units_plain
from battuta.interfaces.reports.wording import MISSING, number_text, percent_text
from battuta.physics.cell_parameters import cell_parameters

_OUTSIDE = re.compile(r"(?:.+, (change \d+): )?(\S+) extrapolates for (\d+ %) of (.+?): it was fitted for (.+)")
_YEARS_SHOWN = 5
"""Every how many years a table of the years has a row. [a]"""


def scope(study: StudyFigures) -> Section:
    """Section on what the study can know and what it cannot."""
    result = study.result
    not_judged = sorted({words for each in result.strategies if each.warranty for words in each.warranty.not_judged})
    unjudged = [f"of the warranty, not judged is {words.replace('_', ' ')}" for words in not_judged]
    sources = tuple(
        (
            each.name,
            duty_text(each.outcome.strategy),
            each.outcome.duty.source,
            "SYNTHETIC" if each.outcome.duty.is_synthetic else "as recorded or planned",
            f"{each.outcome.duty.sample_s:g} s",
        )
        for each in study.strategies
    )
    return Section(
        heading="Scope and evidence boundary",
        blocks=(
            Words(
                text=f"{result.study.n_lives:,} lives of {study.n_years} years were counted for each strategy, from "
                f"{result.study.first_year} on. Lives differ in ageing model, in what each model is unsure of, in the "
                "cells, in prices and in availability; strategies are compared life by life under the same draws. "
                + completeness(study)
            ),
            Rows(
                caption="What each strategy does, and where its year of duty comes from",
                columns=("strategy", "duty", "source", "evidence", "sampled at"),
                rows=sources,
                word_columns=(0, 1, 2, 3),
                long_column=1,
            ),
            Bullets(items=tuple(sentence(each) for each in (*result.remarks, *unjudged, *_said_once(study)))),
            *_outside(study),
        ),
    )


def technology(study: StudyFigures) -> Section:
    """Section on what is bought and where it stands."""
    battery, climate = study.result.study.battery, study.result.study.climate
    usable = study.result.strategies[0].usable_mwh_new
    place = study.result.inputs.climate_source
    if isinstance(climate, SteadyClimate):
        place += (
            f": mean {climate.mean_c:g} °C, yearly swing {climate.yearly_swing_k:g} K, "
            f"daily swing {climate.daily_swing_k:g} K"
        )
    facts = (
        ("cell", battery.cell),
        ("cells in series x strings", f"{battery.cells_in_series:,} x {battery.strings:,}"),
        ("converter", battery.converter),
        ("rated power, AC", f"{number_text(battery.power_kw, 0)} kW"),
        ("usable energy when new, AC", f"{number_text(usable, 3)} MWh"),
        ("duration at rated power", f"{number_text(1000.0 * usable / battery.power_kw, 2)} h"),
        ("window of SoC", f"{percent_text(battery.soc_min, 0)} to {percent_text(battery.soc_max, 0)}"),
        ("cells are kept between", f"{battery.temperature_c_min:g} and {battery.temperature_c_max:g} °C"),
        ("cooling, heating", f"{number_text(battery.cooling_kw, 0)} kW, {number_text(battery.heating_kw, 0)} kW"),
        ("standing load", f"{number_text(battery.other_load_kw, 1)} kW"),
        ("resistance of the cells when new", _resistance_when_new(battery)),
        ("pumps and fans while it works", f"{number_text(battery.running_load_kw, 1)} kW"),
    )
    return Section(
        heading="Technology",
        blocks=(
            Facts(items=facts),
            Words(text=f"Climate: {place}. What carries heat through the walls is ASSUMED from the size of the plant."),
        ),
    )


def _resistance_when_new(battery: StudiedBattery) -> str:
    """Say whether the resistance of the cells is drawn, and how unsure their card says that it is."""
    drawn = battery.resistance_deviation_share
    if drawn:
        return f"drawn for each life, {percent_text(drawn, 0)} around that of their card"
    facts = cell_parameters(battery.cell).facts
    prior = max((each.deviation_share for each in facts if each.name == "series_resistance"), default=0.0)
    unsure = f", which calls itself unsure by {percent_text(prior, 0)}" if prior else ""
    return f"that of their card{unsure}; not drawn"


def use_case(study: StudyFigures) -> Section:
    """Section on a year of duty of a new battery."""
    columns = ("a year when new", *(each.name for each in study.strategies))
    outcomes = [each.outcome for each in study.strategies]
    summaries = [each.summary for each in outcomes]
    rows = (
        ("full cycles of the year", *(number_text(each.full_cycles, 1) for each in summaries)),
        ("full cycles of the fullest day", *(number_text(each.full_cycles_per_day_max, 2) for each in summaries)),
        ("rainflow cycles counted", *(number_text(float(each.cycle_count.sum()), 0) for each in summaries)),
        ("response sold, kW", *(number_text(each.duty.sold_kw, 0) for each in study.result.strategies)),
        ("asked and not met", *(percent_text(each.shortfall_share, 2) for each in summaries)),
        ("time in which requests are followed", *(percent_text(each.followed_share, 1) for each in outcomes)),
        (
            "throughput of the source over that of its minutes",
            *(number_text(each.duty.throughput_factor, 3) for each in study.result.strategies),
        ),
    )
    return Section(
        heading="Use case",
        blocks=(
            *side_by_side(Rows(caption="Duty of a new battery", columns=columns, rows=rows)),
            *_cap_words(study),
            Picture(
                key="duration",
                caption="Duration curves of a year when new: how much of the year each value is exceeded.",
                charts=duration_charts(study),
            ),
            Picture(
                key="rainflow",
                caption="Rainflow cycles by depth (ASTM E1049). Many shallow cycles move little: the right side shows "
                "which depths carry the throughput. Cycles by service: each strategy sells one service, so all cycles "
                "are its own.",
                charts=cycle_charts(study),
            ),
        ),
    )


def _cap_words(study: StudyFigures) -> tuple[Words, ...]:
    """Say why the cells of a battery that trades move more than its plan is capped at."""
    capped = [
        each.name
        for each in study.strategies
        if isinstance(duty := each.outcome.strategy.duty, DayAheadTrading)
        and math.isfinite(duty.full_cycles_per_day_max)
    ]
    if not capped:
        return ()
    words = (
        f"The cap of {listed(capped)} is on energy that the plan discharges in a day of its market. Full cycles of the "
        "table count what the cells truly move, in both directions and halved, in days of UTC: a day that charges for "
        "its own evening and for the morning after counts both, so that the fullest may lie above the cap."
    )
    return (Words(text=words),)


def performance(study: StudyFigures) -> Section:
    """Section on energy and efficiency."""
    rows: list[tuple[str, ...]] = []
    for each in study.strategies:
        summary = each.outcome.summary
        rows.append(
            (
                each.name,
                number_text(summary.charged_mwh, 1),
                number_text(summary.auxiliary_mwh, 1),
                number_text(summary.discharged_mwh, 1),
                percent_text(summary.round_trip_efficiency, 1),
                percent_text(float(each.round_trip_efficiency[0]), 1),
                percent_text(float(each.round_trip_efficiency[-1]), 1),
                soh_text(float(each.soh_energy.middle[-1])),
            )
        )
    return Section(
        heading="Performance and round-trip efficiency",
        blocks=(
            Rows(
                caption="Energy at the interconnection point; efficiency counts auxiliaries as drawn",
                columns=(
                    "strategy",
                    "drawn, MWh",
                    "of it auxiliaries, MWh",
                    "delivered, MWh",
                    "efficiency, new",
                    "lives, year 1",
                    f"lives, year {study.n_years}",
                    f"usable energy left, year {study.n_years}",
                ),
                rows=tuple(rows),
            ),
            Words(
                text="Energies and the first efficiency are a year of a new battery, the rest is over all lives; "
                "usable energy is the median."
            ),
        ),
    )


def degradation(study: StudyFigures) -> Section:
    """Section on ageing: fans, models, causes."""
    blocks: list[Block] = [
        *telemetry(study),
        Rows(
            caption="State of health at the end of the year: median (10 % of lives below; 10 % above)",
            columns=("strategy", "quantity", *(f"year {year}" for year in _years(study))),
            rows=tuple(_soh_rows(study)),
            word_columns=(0, 1),
        ),
        Picture(
            key="capacity",
            caption="Capacity left. The band holds 80 % of the lives, model spread included; "
            + (
                "the grey line is what the warranty promises at this throughput, before its tolerance."
                if study.result.study.augmentation is None
                else "of the whole site, strings that came included."
            )
            + (" Upright lines: half of the lives have changed what they do." if has_changes(study) else ""),
            charts=fan_charts(study, "soh_capacity"),
        ),
        *changes(study),
        Picture(
            key="models",
            caption="Median of each ageing model: how far they disagree."
            + (" No model was weighted by data of this plant." if study.result.telemetry is None else ""),
            charts=model_charts(study),
        ),
        *side_by_side(
            Rows(
                caption=f"The model set: weight, lives, and the median of capacity in year {study.n_years}",
                columns=("model", "weight", "lives", *(each.name for each in study.strategies)),
                rows=tuple(_law_rows(study)),
            ),
            3,
        ),
        Rows(
            caption="Validation: what each model was measured against, and how far off it was; not on this plant",
            columns=("model", "accuracy"),
            rows=tuple(
                (law, sentence("; ".join(card.accuracy) or "not measured")) for law, card in study.result.cards.items()
            ),
            word_columns=(0, 1),
            long_column=1,
        ),
        Picture(
            key="causes",
            caption="What took the capacity.",
            charts=(cause_chart(study),),
        ),
    ]
    return Section(heading="Degradation", blocks=tuple(blocks))


def thermal(study: StudyFigures) -> Section:
    """Section on temperatures."""
    shares = (0, 50, 100)
    rows = tuple(
        (each.name, *(number_text(float(each.outcome.summary.temperature_c[k]), 1) for k in shares))
        for each in study.strategies
    )
    return Section(
        heading="Thermal behaviour",
        blocks=(
            Rows(
                caption="Cell temperature in a year when new, °C",
                columns=("strategy", "coldest minute", "half of the year below", "warmest minute"),
                rows=rows,
            ),
            Words(
                text="One temperature stands for all cells: differences between racks and hot spots within them are "
                "not modelled. Their warming by higher resistance with age is, between the nodes of the tables."
            ),
        ),
    )


def _said_once(study: StudyFigures) -> list[str]:
    """Remarks on strategies that are not about a model's box, with the names of those that they are about."""
    about: dict[str, list[str]] = {}
    for each in study.strategies:
        shown = tuple(f"{stage.name} (" for stage in each.outcome.strategy.stages[1:])  # in the table of changes
        for words in each.outcome.remarks:
            if not _OUTSIDE.match(words) and not (shown and words.startswith(shown)):
                about.setdefault(words, []).append(each.name)
    return [f"{words} ({listed(names)})" for words, names in about.items()]


def _outside(study: StudyFigures) -> tuple[Rows, ...]:
    """How much of each duty lies outside the box of each model."""
    shares: dict[tuple[str, ...], dict[str, str]] = {}
    for each in study.strategies:
        for words in each.outcome.remarks:
            found = _OUTSIDE.match(words)
            if found:
                stage, law, share, of_what, box = found.groups()
                what = of_what if stage is None else f"{of_what}, {stage}"
                shares.setdefault((law, units_plain(box), what), {})[each.name] = share
    if not shares:
        return ()
    names = [each.name for each in study.strategies]
    rows = tuple((*key, *(by_name.get(name, MISSING) for name in names)) for key, by_name in shares.items())
    caption = "Extrapolation: what lies outside the tests that each ageing model was fitted on"
    columns = ("model", "fitted for", "share of", *names)
    return side_by_side(Rows(caption=caption, columns=columns, rows=rows, word_columns=(0, 1, 2)), 3)


def _years(study: StudyFigures) -> list[int]:
    return sorted({1, *range(_YEARS_SHOWN, study.n_years + 1, _YEARS_SHOWN), study.n_years})


def _soh_rows(study: StudyFigures) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for each in study.strategies:
        named = (
            ("capacity", each.soh_capacity),
            ("energy, AC", each.soh_energy),
            ("resistance", each.soh_resistance),
        )
        for k, (name, spread) in enumerate(named):
            cells = (
                f"{number_text(100.0 * spread.middle[year], 1)} "
                f"({number_text(100.0 * spread.low[year], 1)}; {number_text(100.0 * spread.high[year], 1)})"
                for year in _years(study)
            )
            rows.append((each.name if k == 0 else "", f"{name}, %", *cells))
    return rows


def _law_rows(study: StudyFigures) -> list[tuple[str, ...]]:
    weights = study.result.study.ageing.weights
    total = sum(weights.values())
    first = study.strategies[0]
    return [
        (
            law,
            percent_text(weight / total, 1),
            f"{first.lives_by_law.get(law, 0):,}",
            *(soh_text(float(each.by_law[law][-1])) if law in each.by_law else "-" for each in study.strategies),
        )
        for law, weight in weights.items()
    ]
