"""A study's answer as tables of the terminal: strategies side by side, then the warranty clause by clause."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from battuta.interfaces.cli import output

if TYPE_CHECKING:
    from battuta.numerics.arrays import FloatArray
    from battuta.studies.life_study_result import LifeStudyResult, StrategyOutcome


def print_result(result: LifeStudyResult, seconds: float) -> None:
    """Print what a study came to."""
    study = result.study
    output.print_table(
        f"{study.name}: {study.n_lives} lives of {study.n_years} years, seed {study.seed}",
        ["", *(each.strategy.name for each in result.strategies)],
        [[name, *cells] for name, cells in _rows(result)],
    )
    for each in result.strategies:
        if each.warranty is not None:
            _print_warranty(each)
    for remark in dict.fromkeys((*result.remarks, *(r for each in result.strategies for r in each.remarks))):
        print(f"- {remark}")
    print(f"{seconds:.1f} s; study {result.study_hash}, data {result.inputs.data_hash}")


def _rows(result: LifeStudyResult) -> list[tuple[str, list[str]]]:
    outcomes = result.strategies
    columns = [_column(result, each) for each in outcomes]
    return [(name, [column[name] for column in columns]) for name in columns[0]]


def _column(result: LifeStudyResult, outcome: StrategyOutcome) -> dict[str, str]:
    currency, last = result.study.finance.currency, result.study.n_years
    lives, money, warranty = outcome.lives, outcome.finance, outcome.warranty
    return {
        "full cycles in the first year": f"{outcome.summary.full_cycles:.0f}",
        "round trip at the connection": _percent(outcome.summary.round_trip_efficiency),
        "AC energy when new, MWh": f"{outcome.usable_mwh_new:.3f}",
        f"capacity left in year {last}, P10 / P50 / P90": _three(lives.soh_capacity[:, -1], 100.0, "%"),
        **{f"  by {law} alone, P50": _percent(_median_of(outcome, number)) for number, law in enumerate(lives.law)},
        "warranty broken, any clause": "-" if warranty is None else _percent(warranty.breach_probability),
        "IRR of the equity, P10 / P50 / P90": _three(money.irr, 100.0, "%"),
        f"NPV of the equity, P50, {currency}": _whole(money.npv),
        f"debt, P50, {currency}": _whole(money.debt),
        "least DSCR, P10 / P50": _two(money.min_dscr),
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
                "-" if math.isnan(low) else f"{low:.3g}",
                "-" if math.isnan(middle) else f"{middle:.3g}",
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


def _three(values: FloatArray, scale: float, unit: str) -> str:
    known = values[np.isfinite(values)]
    if not known.size:
        return "-"
    low, middle, high = np.quantile(known, (0.1, 0.5, 0.9)) * scale
    return f"{low:.1f} / {middle:.1f} / {high:.1f} {unit}"


def _two(values: FloatArray) -> str:
    known = values[np.isfinite(values)]
    return "-" if not known.size else " / ".join(f"{each:.2f}" for each in np.quantile(known, (0.1, 0.5)))


def _whole(values: FloatArray) -> str:
    return f"{float(np.median(values)):,.0f}"


def _percent(share: float) -> str:
    return "-" if math.isnan(share) else f"{100.0 * share:.1f} %"
