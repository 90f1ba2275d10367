"""The section of the report of a study on the warranty, clause by clause."""

from __future__ import annotations

from battuta.interfaces.reports.twin_blocks import Block, Picture, Rows, Section, Words
from battuta.interfaces.reports.twin_charts import breach_charts
from battuta.interfaces.reports.twin_figures import ClauseFigures, StrategyFigures, StudyFigures
from battuta.interfaces.reports.twin_wording import (
    chance_text,
    margin_text,
    money_text,
    units_plain,
    year_text,
)
from battuta.interfaces.reports.wording import percent_text
from battuta.twin.warranty_outcome import ClauseKind

_BESIDE = 3
"""Strategies beside each other in the table of clauses."""


def warranty(study: StudyFigures) -> Section:
    """Section on the warranty, clause by clause, strategies side by side."""
    contract = study.result.study.warranty
    judged = [each for each in study.strategies if each.warranty is not None]
    if contract is None or not judged:
        return Section(heading="Warranty", blocks=(Words(text="The study names no warranty: nothing is judged."),))
    kind = "ASSUMED: nobody signed it" if contract.is_assumed else "as signed"
    intro = (
        f"{contract.name}, {contract.years} years, {kind}. Source: {contract.source}. A promise is the supplier's, a "
        "condition is the owner's. The margin is the smallest distance to the limit in a life, the median and the "
        "middle 80 % of lives; 0 is exactly at the limit, below 0 is a breach."
    )
    return Section(
        heading="Warranty, clause by clause",
        blocks=(
            Words(text=intro),
            _breaches(study, judged),
            *_clauses(judged),
            *_consumed(judged),
            *_breach_picture(study, judged),
        ),
    )


def _breaches(study: StudyFigures, judged: list[StrategyFigures]) -> Rows:
    rows = tuple(
        (
            each.name,
            chance_text(found.breach),
            chance_text(found.promise_breach),
            chance_text(found.condition_breach),
            year_text(found.breach_year),
            money_text(found.damages_mean),
        )
        for each in judged
        if (found := each.warranty) is not None
    )
    columns = (
        "strategy",
        "any breach",
        "a promise",
        "a condition",
        "first breach, year",
        f"damages paid to the owner, mean, {study.currency}",
    )
    return Rows(
        caption="Probability of a breach within the term. Damages are not part of the cash flow below.",
        columns=columns,
        rows=rows,
    )


def _clauses(judged: list[StrategyFigures]) -> tuple[Rows, ...]:
    """Strategies as columns, three to a table."""
    tables: list[Rows] = []
    for start in range(0, len(judged), _BESIDE):
        shown = [(each.name, each.warranty) for each in judged[start : start + _BESIDE]]
        known = [(name, found) for name, found in shown if found is not None]
        rows = tuple(
            (
                each.clause.name.replace("_", " "),
                _said_by(each),
                *(_clause_cell(found.clauses[k]) for _, found in known),
            )
            for k, each in enumerate(known[0][1].clauses)
        )
        caption = "Clause by clause: margin, median (10 to 90 % of lives), and in how many lives it is broken"
        columns = ("clause", "what it says", *(name for name, _ in known))
        tables.append(Rows(caption=caption, columns=columns, rows=rows, word_columns=(0, 1), long_column=1))
    return tuple(tables)


def _said_by(each: ClauseFigures) -> str:
    whose = "promise" if each.clause.kind is ClauseKind.PROMISE else "condition"
    return f"{whose}: {units_plain(each.clause.text)}"


def _clause_cell(each: ClauseFigures) -> str:
    if not each.applies:
        return "does not apply"
    low, middle, high = (margin_text(value, each.clause.unit) for value in each.margin)
    margin = middle if low == middle == high else f"{middle}\n({low} to {high})"
    return f"{margin}\nbroken in {chance_text(each.clause.breach_probability)}"


def _consumed(judged: list[StrategyFigures]) -> tuple[Block, ...]:
    rows = tuple(
        (clause.clause.name.replace("_", " "), each.name, name.replace("_", " "), percent_text(share, 1))
        for each in judged
        if (found := each.warranty) is not None
        for clause in found.clauses
        for name, share in clause.consumed.items()
    )
    if not rows:
        return ()
    columns = ("clause", "strategy", "cause or service", "share of the limit used, median")
    return (Rows(caption="What consumed the margin", columns=columns, rows=rows, word_columns=(0, 1, 2)),)


def _breach_picture(study: StudyFigures, judged: list[StrategyFigures]) -> tuple[Block, ...]:
    if all(each.warranty is None or each.warranty.breach == 0.0 for each in judged):
        return ()
    caption = "Share of the lives in which a clause of each kind is broken by the end of each year."
    return (Picture(key="breach", caption=caption, charts=breach_charts(study)),)
