"""The figures of a study for machines: the annex of its report, and what the command line prints."""

from __future__ import annotations

from battuta.interfaces.reports.twin_figures import StrategyFigures, StudyFigures, WarrantyFigures, study_figures
from battuta.interfaces.reports.twin_json_losses import losses_json
from battuta.interfaces.reports.twin_json_parts import (
    Json,
    bettered_json,
    carried_json,
    credit_json,
    number,
    risk_json,
    strings_json,
    tranches_json,
)
from battuta.interfaces.reports.twin_json_trading import trading_json
from battuta.interfaces.reports.twin_money import MoneyFigures
from battuta.interfaces.reports.twin_spread import Spread
from battuta.interfaces.reports.twin_telemetry_json import telemetry_json, telemetry_worth_json
from battuta.interfaces.reports.twin_verdict import recommendations, verdict
from battuta.studies.life_study_result import LifeStudyResult


def twin_json(result: LifeStudyResult) -> dict[str, Json]:
    """Write the figures of a study as one JSON object.

    Parameters
    ----------
    result : LifeStudyResult
        The study.

    Returns
    -------
    dict
        ``soh``, ``warranty`` and ``finance`` of the first strategy, and of each under ``strategies``; ``availability``
        and ``insurance`` where the study names failures or incidents; hashes, seed and remarks. In ``soh`` p10 is
        below p90; under ``bettered`` p90 is what 90 % of the lives better. What a study has no numbers for is absent;
        null is a figure that these lives do not have.
    """
    return figures_json(study_figures(result))


def figures_json(study: StudyFigures) -> dict[str, Json]:
    """Write figures that are made already; see `twin_json`."""
    result = study.result
    strategies: dict[str, Json] = {each.name: dict(_strategy(each)) for each in study.strategies}
    found = result.telemetry
    measured: dict[str, Json] = {}
    if found is not None:
        worth: dict[str, Json] = {name: telemetry_worth_json(each) for name, each in found.worth.items()}
        measured["telemetry"] = {**telemetry_json(found, tuple(result.cards)), "worth": worth}
    told: dict[str, Json] = {
        "study": result.study.name,
        "study_hash": result.study_hash,
        "data_hash": result.inputs.data_hash,
        "seed": result.study.seed,
        "lives": result.study.n_lives,
        "years": result.study.n_years,
        "first_year": result.study.first_year,
        "resistance_deviation_share": result.study.battery.resistance_deviation_share,
        "currency": study.currency,
        "return_asked": result.study.finance.nominal_discount_rate,
        **_strategy(study.strategies[0]),
        "strategies": strategies,
        **losses_json(result),
        **measured,
        "recommendations": list(recommendations(study)),
        "remarks": list(result.remarks),
    }
    return told


def _strategy(each: StrategyFigures) -> dict[str, Json]:
    judged = verdict(each)
    told: dict[str, Json] = {
        "verdict": {"holds": not judged.fails, "fails": list(judged.fails)},
        "soh": _by_year(each.soh_capacity),
        "soh_energy": _by_year(each.soh_energy),
        "soh_resistance": _by_year(each.soh_resistance),
        "soh_by_model": {law: [float(soh) for soh in row] for law, row in each.by_law.items()},
        "full_cycles": [float(count) for count in each.full_cycles],
        "discharged_mwh": [float(energy) for energy in each.discharged_mwh],
        "usable_mwh": each.outcome.usable_mwh_new,
        "is_synthetic": each.outcome.duty.is_synthetic,
        "remarks": list(each.outcome.remarks),
    }
    told["followed_share"] = each.outcome.followed_share
    if each.outcome.tranches is not None:
        told["revenue"] = tranches_json(each.outcome.tranches)
    if each.trading is not None:
        told["trading"] = trading_json(each.trading)
    if each.strings is not None:
        told["augmentation"] = strings_json(each.strings)
    if each.warranty is not None:
        told["warranty"] = _warranty(each.warranty)
    told["finance"] = _finance(each.money)
    return told


def _by_year(spread: Spread) -> dict[str, Json]:
    rows = zip(spread.low, spread.middle, spread.high, strict=True)
    return {
        str(year): {"p10": float(low), "p50": float(middle), "p90": float(high)}
        for year, (low, middle, high) in enumerate(rows)
    }


def _warranty(found: WarrantyFigures) -> dict[str, Json]:
    clauses: dict[str, Json] = {
        each.clause.name: {
            "kind": each.clause.kind.value,
            "limit": number(each.clause.limit),
            "unit": each.clause.unit,
            "margin": dict(zip(("p10", "p50", "p90"), map(number, each.margin), strict=True)),
            "breach_probability": each.clause.breach_probability,
            "first_breach_year": number(each.breach_year),
        }
        for each in found.clauses
    }
    return {
        "breach_probability": found.breach,
        "promise_breach_probability": found.promise_breach,
        "condition_breach_probability": found.condition_breach,
        "first_breach_year": number(found.breach_year),
        "damages": found.damages_mean,
        "clauses": clauses,
    }


def _finance(money: MoneyFigures) -> dict[str, Json]:
    named = {
        "irr": money.irr,
        "npv": money.npv,
        "min_dscr": money.min_dscr,
        "llcr": money.llcr,
        "plcr": money.plcr,
        "lcos": money.lcos_nominal,
        "lcos_real": money.lcos_real,
    }
    if money.risk is None:
        named = {name: figure for name, figure in named.items() if name not in {"min_dscr", "llcr", "plcr"}}
    told: dict[str, Json] = {
        name: number(named[name].p50) for name in ("irr", "npv", "min_dscr", "lcos") if name in named
    }
    told["bettered"] = {name: bettered_json(figure) for name, figure in named.items()}
    told["asked_share"] = money.asked_share
    told["debt"], told["equity"] = money.debt, money.equity
    told["rows"] = {name: [float(amount) for amount in row] for name, row in money.rows.items()}
    if money.risk is not None:
        told["credit"] = credit_json(money.risk)
    if money.debt_carried:
        told["debt_carried"] = {name: carried_json(row) for name, row in money.debt_carried.items()}
    if money.sure is not None:
        told |= risk_json(money.sure)
    return told
