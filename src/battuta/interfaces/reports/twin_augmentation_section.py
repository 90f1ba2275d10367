"""The section of the report of a study on strings that are added or replaced as the battery ages."""

from __future__ import annotations

import numpy as np

from battuta.domain.augmentation import AugmentationKind, AugmentationPlan
from battuta.interfaces.reports.twin_blocks import Band, Bars, Chart, Line, Picture, Rows, Section, Words
from battuta.interfaces.reports.twin_figures import StudyFigures
from battuta.interfaces.reports.twin_strings import StringsFigures
from battuta.interfaces.reports.twin_wording import chance_text, listed, money_text, soh_text, year_text
from battuta.interfaces.reports.wording import number_text, percent_text


def augmentation(study: StudyFigures) -> Section:
    """Section on strings that come: the rule, how often it acts, what works and how old it is, what it costs."""
    plan = study.result.study.augmentation
    if plan is None:
        words = "None in this study: no string is added or replaced in any life, and none is paid for."
        return Section(heading="Augmentation", blocks=(Words(text=words),))
    shown = [(each.name, each.strings) for each in study.strategies]
    known = [(name, found) for name, found in shown if found is not None]
    return Section(
        heading="Augmentation",
        blocks=(
            Words(text=_rule(plan, study.currency)),
            _strategies(known, study),
            Picture(
                key="installed",
                caption="Cells at work by their new energy, and cost of strings as each year ends, means of the lives.",
                charts=(_installed(known), _cost(known, study.currency)),
            ),
            _cohorts(known),
            Words(
                text="Health of the degradation section is that of the whole site over the site when new, as a year "
                "ends and before strings come; it may lie above 100 %. The maker's warranty is judged on the first "
                "strings alone. New strings age by the same model as the first ones of their life, with a factor of "
                "their own; what they will cost is ASSUMED."
            ),
        ),
    )


def _rule(plan: AugmentationPlan, currency: str) -> str:
    added = plan.kind is AugmentationKind.ADD
    when = [f"below {percent_text(plan.soh_energy_floor, 0)} of the first AC energy"] if plan.soh_energy_floor else []
    if plan.planned_years:
        when.append(f"at the end of year {listed([str(year) for year in plan.planned_years])}")
    costs = f"{number_text(plan.cost_per_kwh)} {currency}/kWh in the first year"
    costs += f", {percent_text(plan.cost_trend_per_year, 1, is_signed=True)} a year"
    if plan.removal_cost_per_kwh:
        costs += f"; taking out {number_text(plan.removal_cost_per_kwh)} {currency}/kWh"
    if plan.fixed_cost:
        costs += f"; each time {money_text(plan.fixed_cost)} {currency}"
    return (
        f"{'New strings are added beside the old ones' if added else 'The oldest strings are replaced'} "
        f"{' or '.join(when)}, until {percent_text(plan.soh_energy_target, 0)} is reached again; at most "
        f"{plan.times_max} times, and never more than {number_text(plan.installed_share_max)} times the strings of the "
        f"beginning. Each life decides by its own state. Cost: {costs}."
    )


def _strategies(known: list[tuple[str, StringsFigures]], study: StudyFigures) -> Rows:
    rows = tuple(
        (
            name,
            chance_text(found.lives_share),
            number_text(found.times_mean),
            year_text(found.first_year),
            number_text(float(found.installed_mwh_mean[0])),
            number_text(float(found.installed_mwh_mean[-1])),
            *(money_text(amount) for amount in (found.cost.mean, found.cost.p50, found.cost.p90)),
        )
        for name, found in known
    )
    columns = (
        "strategy",
        "lives with new strings",
        "times, mean",
        "first at the end of year",
        "MWh, year 1",
        f"MWh, year {study.n_years}",
        "cost, mean",
        "P50",
        "P90",
    )
    caption = f"Strings that come; MWh of cells at work are means, cost is of all years, nominal, {study.currency}"
    return Rows(caption=caption, columns=columns, rows=rows)


def _installed(known: list[tuple[str, StringsFigures]]) -> Chart:
    bands: list[Band] = []
    lines: list[Line] = []
    for k, (name, found) in enumerate(known):
        spread, years = found.installed_mwh, np.arange(1.0, found.cost_by_year.size + 1.0)
        bands.append(Band(name=f"{name}, 10 to 90 %", x=years, low=spread.low, high=spread.high, style=k))
        lines.append(Line(name=name, x=years, y=found.installed_mwh_mean, style=k))
    return Chart(
        title="Cells at work", x_label="year", y_label="MWh", lines=tuple(lines), bands=tuple(bands), share=0.5
    )


def _cost(known: list[tuple[str, StringsFigures]], currency: str) -> Chart:
    n_years = known[0][1].cost_by_year.size
    return Chart(
        title="Cost of new strings",
        x_label="year",
        y_label=f"k{currency}",
        bars=tuple(Bars(name=name, values=found.cost_by_year / 1e3, style=k) for k, (name, found) in enumerate(known)),
        categories=tuple(str(year) for year in range(1, n_years + 1)),
        share=0.5,
    )


def _cohorts(known: list[tuple[str, StringsFigures]]) -> Rows:
    rows = tuple(
        (
            name if number == 0 else "",
            "first strings" if number == 0 else f"{number}",
            chance_text(each.lives_share),
            "-" if number == 0 else year_text(each.year),
            percent_text(each.strings_share, 1),
            soh_text(each.soh_capacity),
        )
        for name, found in known
        for number, each in enumerate(found.cohorts)
    )
    return Rows(
        caption="Cohorts: strings by the time at which they came. Strings are those at work in the last year over the "
        "site when new, mean; capacity is left at the end, median; both of the lives that have the cohort",
        columns=("strategy", "cohort", "in lives", "came at the end of year", "strings", "capacity left"),
        rows=rows,
        word_columns=(0, 1),
    )
