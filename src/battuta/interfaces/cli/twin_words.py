"""A study's answer as tables of the terminal: strategies side by side, then the warranty clause by clause."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from battuta.interfaces.cli import output
from battuta.interfaces.reports.twin_wording import listed
from battuta.twin.exceedance import exceeded

if TYPE_CHECKING:
    from battuta.numerics.arrays import FloatArray
    from battuta.studies.life_study_result import LifeStudyResult, StrategyOutcome

_BESIDE = 5
"""So many strategies stand beside each other; more stand below."""
_WHOLE_FROM = 1000.0
"""From here on a margin is written in whole units. [unit of the clause]"""


def print_result(result: LifeStudyResult, seconds: float) -> None:
    """Print what a study came to."""
    study = result.study
    rows = _rows(result)
    asked = f"{study.name}: {study.n_lives} lives of {study.n_years} years, seed {study.seed}"
    for first in range(0, len(result.strategies), _BESIDE):
        shown = slice(first, first + _BESIDE)
        output.print_table(
            asked if first == 0 else f"strategies {first + 1} to {min(shown.stop, len(result.strategies))}",
            ["", *(each.strategy.name for each in result.strategies[shown])],
            [[name, *cells[shown]] for name, cells in rows],
        )
    for each in result.strategies:
        if each.warranty is not None:
            _print_warranty(each)
    for remark in (*result.remarks, *_remarks_on_strategies(result)):
        print(f"- {remark}")
    print(f"{seconds:.1f} s; study {result.study_hash}, data {result.inputs.data_hash}")


def _remarks_on_strategies(result: LifeStudyResult) -> list[str]:
    """What is said of some strategies, each remark once, with their names where there are several strategies."""
    about: dict[str, list[str]] = {}
    for each in result.strategies:
        for words in each.remarks:
            about.setdefault(words, []).append(each.strategy.name)
    if len(result.strategies) == 1:
        return list(about)
    return [f"{words} ({listed(names)})" for words, names in about.items()]


def _rows(result: LifeStudyResult) -> list[tuple[str, list[str]]]:
    outcomes = result.strategies
    columns = [_column(result, each) for each in outcomes]
    return [(name, [column[name] for column in columns]) for name in columns[0]]


def _column(result: LifeStudyResult, outcome: StrategyOutcome) -> dict[str, str]:
    currency, last = result.study.finance.currency, result.study.n_years
    lives, money, warranty = outcome.lives, outcome.finance, outcome.warranty
    return {
        "full cycles in the first year": f"{outcome.summary.full_cycles:.0f}",
        "round trip at the connection": _percent(_round_trip(outcome)),
        "AC energy when new, MWh": f"{outcome.usable_mwh_new:.3f}",
        f"capacity left in year {last}, P10 / P50 / P90": _three(lives.soh_capacity[:, -1]),
        **{f"  by {law} alone, P50": _percent(_median_of(outcome, number)) for number, law in enumerate(lives.law)},
        "warranty broken, any clause": "-" if warranty is None else _percent(warranty.breach_probability),
        "IRR of the equity, P90 / P50 / P10": _bettered(100.0 * money.irr, (0.9, 0.5, 0.1), 1, " %"),
        f"NPV of the equity, P50, {currency}": _whole(money.npv),
        f"debt as lent, {currency}": _whole(money.debt),
        "least DSCR, P90 / P50": _bettered(money.min_dscr, (0.9, 0.5), 2),
        **_only_where_asked(result, outcome),
        f"LCOS nominal, P50, {currency}/MWh": _whole(money.lcos_nominal),
    }


def _only_where_asked(result: LifeStudyResult, outcome: StrategyOutcome) -> dict[str, str]:
    """Lines that only some studies have; a line that one strategy has is there for all."""
    said: dict[str, str] = {}
    if any(each.followed_share < 1.0 for each in result.strategies):
        said["time in which requests are followed"] = _percent(outcome.followed_share)
    if outcome.augmented is not None:
        came, cost = outcome.augmented.times, outcome.augmented.cost.sum(axis=1)
        often = f"{_percent(float((came > 0.0).mean()))}, {float(cost.mean()):,.0f}"
        said[f"lives with new strings, mean cost, {result.study.finance.currency}"] = often
    return said


def _print_warranty(outcome: StrategyOutcome) -> None:
    assert outcome.warranty is not None, "asked for before"
    assumed = " (ASSUMED)" if outcome.warranty.warranty.is_assumed else ""
    rows: list[list[str]] = []
    for clause in outcome.warranty.clauses:
        low, middle = clause.margin_quantiles((0.1, 0.5))
        rows.append(
            [
                clause.name,
                clause.kind.value,
                f"{clause.limit:.4g} {clause.unit}".removesuffix(" -"),
                _margin(low),
                _margin(middle),
                _percent(clause.breach_probability),
            ]
        )
    output.print_table(
        f"warranty {outcome.warranty.warranty.name}{assumed}: {outcome.strategy.name}",
        ["clause", "kind", "limit", "margin P10", "P50", "broken"],
        rows,
        left=2,
    )
    for reason in outcome.warranty.not_judged:
        print(f"- not judged: {reason}")


def _median_of(outcome: StrategyOutcome, law: int) -> float:
    own = outcome.lives.soh_capacity[outcome.lives.law_of_life == law, -1]
    return float(np.median(own)) if own.size else math.nan


def _round_trip(outcome: StrategyOutcome) -> float:
    """Round trip of a new battery; NaN of one that gives nothing back because nothing is asked of it."""
    return outcome.summary.round_trip_efficiency if outcome.summary.full_cycles > 0.0 else math.nan


def _three(shares: FloatArray) -> str:
    low, middle, high = 100.0 * np.quantile(shares, (0.1, 0.5, 0.9))
    return f"{low:.1f} / {middle:.1f} / {high:.1f} %"


def _bettered(values: FloatArray, probabilities: tuple[float, ...], digits: int, unit: str = "") -> str:
    """Say what so many of all lives better, as the report does: a life that has no such figure counts as the worst."""
    found = exceeded(values, probabilities)
    if not np.isfinite(found).any():
        return "-"
    return " / ".join(f"{each:.{digits}f}" if math.isfinite(each) else "-" for each in found) + unit


def _margin(value: float) -> str:
    if math.isnan(value):
        return "-"
    return f"{value:,.0f}" if abs(value) >= _WHOLE_FROM else f"{value:.3g}"


def _whole(values: FloatArray) -> str:
    middle = float(np.median(values))
    return f"{middle:,.0f}" if math.isfinite(middle) else "-"


def _percent(share: float) -> str:
    return "-" if math.isnan(share) else f"{100.0 * share:.1f} %"
