"""Parts of the annex of a study's report: what may go otherwise, the revenue by contract, and strings that come."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TypeAlias

from battuta.interfaces.reports.twin_spread import Bettered
from battuta.interfaces.reports.twin_strings import StringsFigures
from battuta.interfaces.reports.twin_variance import variance_json
from battuta.numerics.arrays import FloatArray
from battuta.twin.contract_revenue import ContractRevenue
from battuta.twin.credit import CreditRisk
from battuta.twin.sensitivity import TornadoBar
from battuta.twin.study_sensitivity import (
    LENDER_PROBABILITIES,
    OWNER_PROBABILITIES,
    PROBABILITIES,
    DebtWorth,
    Exceedance,
    StrategyRisk,
)

Json: TypeAlias = "str | bool | int | float | list[Json] | dict[str, Json] | None"


def number(value: float) -> float | None:
    """Null where a figure does not exist: JSON has no NaN."""
    return float(value) if math.isfinite(value) else None


def bettered_json(figure: Bettered) -> dict[str, Json]:
    """Write mean, P50, P75, P90 and P99."""
    names = ("mean", "p50", "p75", "p90", "p99")
    return dict(zip(names, map(number, (figure.mean, *figure.values)), strict=True))


def credit_json(risk: CreditRisk) -> dict[str, Json]:
    """Write how likely a loan is in trouble."""
    return {
        "lock_up_probability": risk.lock_up,
        "default_probability": risk.default,
        "missed_probability": risk.missed,
        "owed_at_maturity_probability": risk.owed_at_maturity,
        "unpaid_probability": risk.unpaid,
        "arrears_max": risk.arrears_max,
        "loss_mean": risk.loss_mean,
        "loss_max": risk.loss_max,
    }


def carried_json(carried: FloatArray) -> dict[str, Json]:
    """Write debt that 50, 90 and 99 % of the lives carry."""
    return _at(LENDER_PROBABILITIES, carried)


def risk_json(sure: StrategyRisk) -> dict[str, Json]:
    """Write what a strategy came to under other assumptions.

    Parameters
    ----------
    sure : StrategyRisk
        The strategy.

    Returns
    -------
    dict
        Break-even price of response, both tornados, cases of stress, and what knowing the model is worth to a lender.
    """
    told: dict[str, Json] = {
        "break_even_capacity_price_per_mw_h": _at(OWNER_PROBABILITIES, sure.break_even_capacity_price_per_mw_h),
        "tornado_npv": [_bar(each) for each in sure.tornado_npv],
        "tornado_irr": [_bar(each) for each in sure.tornado_irr],
        "stress": [
            {
                "case": each.case.name,
                **_exceedance(each.exceedance),
                "min_dscr_held": _at(PROBABILITIES, each.min_dscr_held),
                "credit_held": None if each.credit_held is None else credit_json(each.credit_held),
            }
            for each in sure.stress
        ],
    }
    if sure.break_even_spread_factor is not None:
        told["break_even_spread_factor"] = _at(OWNER_PROBABILITIES, sure.break_even_spread_factor)
    if sure.debt_worth is not None:
        told["debt_worth"] = _worth(sure.debt_worth)
    if sure.variance is not None:
        told["variance"] = variance_json(sure.variance)
    return told


def tranches_json(paid: ContractRevenue) -> dict[str, Json]:
    """Write contracted and merchant revenue by year, means of the lives."""
    return {"contracted": _row(paid.contracted.mean(axis=0)), "merchant": _row(paid.merchant.mean(axis=0))}


def strings_json(found: StringsFigures) -> dict[str, Json]:
    """Write strings that come: how often, cells at work and cost by year, and their cohorts."""
    spread = found.installed_mwh
    return {
        "lives_share": found.lives_share,
        "times_mean": found.times_mean,
        "first_year": number(found.first_year),
        "installed_mwh": {
            "mean": _row(found.installed_mwh_mean),
            "p10": _row(spread.low),
            "p50": _row(spread.middle),
            "p90": _row(spread.high),
        },
        "cost_by_year": _row(found.cost_by_year),
        "cost": bettered_json(found.cost),
        "cohorts": [
            {
                "lives_share": each.lives_share,
                "year": each.year,
                "strings_share": each.strings_share,
                "soh_capacity": each.soh_capacity,
            }
            for each in found.cohorts
        ],
    }


def _worth(worth: DebtWorth) -> dict[str, Json]:
    by_law: dict[str, Json] = {law: carried_json(row) for law, row in worth.by_law.items()}
    told: dict[str, Json] = {
        "with_spread": carried_json(worth.with_spread),
        "by_model": by_law,
        "best_model": worth.best_law,
        "gained": carried_json(worth.gained),
    }
    if worth.gained_error is not None:
        told["gained_standard_error"] = carried_json(worth.gained_error)
        told["gained_is_beyond_chance"] = [bool(each) for each in worth.is_beyond_chance]
    return told


def _exceedance(found: Exceedance) -> dict[str, Json]:
    named = {"irr": found.irr, "npv": found.npv, "min_dscr": found.min_dscr, "debt": found.debt}
    return {name: _at(PROBABILITIES, values) for name, values in named.items()}


def _bar(bar: TornadoBar) -> dict[str, Json]:
    factor = bar.factor
    return {
        "assumption": factor.name,
        "low": factor.low,
        "base": factor.base,
        "high": factor.high,
        "at_low": number(bar.at_low),
        "at_high": number(bar.at_high),
    }


def _at(probabilities: Iterable[float], values: FloatArray) -> dict[str, Json]:
    return {f"p{100.0 * p:.0f}": number(float(value)) for p, value in zip(probabilities, values, strict=True)}


def _row(values: FloatArray) -> list[Json]:
    return [float(each) for each in values]
