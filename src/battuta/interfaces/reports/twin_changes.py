"""When the lives of a strategy change what they do, and what they do then: a table and marks for the fan."""

from __future__ import annotations

import math

import numpy as np

from battuta.domain.study import ChangeWhen
from battuta.interfaces.reports.twin_blocks import Rows, Words
from battuta.interfaces.reports.twin_figures import StrategyFigures, StudyFigures
from battuta.interfaces.reports.twin_wording import chance_text, duty_text, year_text
from battuta.interfaces.reports.wording import percent_text
from battuta.numerics.arrays import FloatArray
from battuta.studies.changed_duty import year_of_change, years_by_share


def has_changes(study: StudyFigures) -> bool:
    """Whether any strategy of a study changes."""
    return any(each.outcome.strategy.changes for each in study.strategies)


def changes(study: StudyFigures) -> tuple[Rows | Words, ...]:
    """Table of all changes; nothing where no strategy has any.

    Parameters
    ----------
    study : StudyFigures
        The figures.

    Returns
    -------
    tuple of Rows or Words
        A row for each change, and what of the report is told of the duty before it.
    """
    rows = [row for each in study.strategies for row in _rows(each)]
    if not rows:
        return ()
    return (
        Rows(
            caption="Changes with health: when a life comes to each, by the end of which year a tenth and half of the "
            "lives have, and how many ever do",
            columns=("strategy", "from", "then", "a tenth by year", "half by year", "lives"),
            rows=tuple(rows),
            word_columns=(0, 1, 2),
            long_column=2,
        ),
        Words(
            text="Duration curves, cycles and response of the use case are those of a new battery, before any change."
        ),
    )


def marks(each: StrategyFigures) -> tuple[tuple[str, float], ...]:
    """Name and year of each change that half of the lives come to, for the fan of a strategy."""
    found = [(f"half: change {number}", _by(years, 0.5)) for number, years in _numbered(each)]
    return tuple((name, year) for name, year in found if math.isfinite(year))


def _numbered(each: StrategyFigures) -> list[tuple[int, FloatArray]]:
    lives, n_changes = each.outcome.lives, len(each.outcome.strategy.changes)
    if lives.stage_share is None:
        return []
    return [(number, year_of_change(lives, number)) for number in range(1, n_changes + 1)]


def _rows(each: StrategyFigures) -> list[tuple[str, ...]]:
    strategy = each.outcome.strategy
    return [
        (
            each.name if number == 1 else "",
            _when(strategy.changes[number - 1].when),
            duty_text(strategy.stages[number]),
            *(year_text(_by(years, share)) for share in (0.1, 0.5)),
            chance_text(float(np.isfinite(years).mean())),
        )
        for number, years in _numbered(each)
    ]


def _by(years: FloatArray, share: float) -> float:
    """Year in which this share of the lives has changed; NaN where it never has."""
    year = years_by_share(years, share)
    return year if math.isfinite(year) else math.nan


def _when(when: ChangeWhen) -> str:
    said = [] if when.soh_capacity_below is None else [f"capacity below {percent_text(when.soh_capacity_below, 0)}"]
    said += [] if when.from_year is None else [f"year {when.from_year}"]
    return ", or ".join(said)
