"""The money of a study in figures: what is bettered with which probability, the yearly rows, and the lender's view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from battuta.interfaces.reports.twin_spread import Bettered, bettered
from battuta.numerics.arrays import FloatArray
from battuta.studies.life_study_result import LifeStudyResult, StrategyOutcome
from battuta.twin.credit import CreditRisk, credit_risk
from battuta.twin.exceedance import exceeded
from battuta.twin.study_flows import sales_and_purchases
from battuta.twin.study_sensitivity import DebtWorth, StrategyRisk

ALL_MODELS = "all models"
P50, P90 = 0, 2
"""Places of both among the probabilities that a study is exceeded with."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MoneyFigures:
    """What the owner and the lender get.

    Attributes
    ----------
    irr, npv, min_dscr, llcr, plcr, lcos_nominal, lcos_real : Bettered
        Figures of whole lives; min_dscr, llcr and plcr are NaN without debt.
    asked_share : float
        Share of the lives whose net present value is not below 0. [-]
    no_irr_share, several_irr_share : float
        Share of the lives without a rate of return, and with several. [-]
    uses : Mapping of str to float
        What the money is spent on before the first year; debt and equity add up to it. Means. [currency]
    debt, equity : float
        Means over the lives. [currency]
    rows : Mapping of str to ndarray, shape (n_years + 1,)
        Means over the lives, so that they add up: revenue, operating_cost, cfads, debt_service, tax, other,
        equity_flow. [currency]
    revenue_parts : Mapping of str to ndarray, shape (n_years,)
        Response and energy sold; where there are contracts, what these pay and what the market pays. Means over the
        lives, which add up to the revenue. [currency]
    charging_cost : ndarray, shape (n_years,)
        Mean over the lives. [currency]
    dscr_p50, dscr_p90 : ndarray, shape (n_years + 1,)
        Coverage of each year's service that 50 and 90 % of the lives better; NaN where no service is due. [-]
    sure : StrategyRisk or None
        The same strategy under other assumptions; None where the study was not asked for it.
    risk : CreditRisk or None
        None without debt.
    debt_carried : Mapping of str to ndarray, shape (3,)
        Debt that 50, 90 and 99 % of the lives carry: of all models, and of each of several alone; empty without debt
        or where the study was not asked for it. [currency]
    drivers : Mapping of str to float
        Correlation of the net present value with what differs from life to life. [-]
    """

    irr: Bettered
    npv: Bettered
    min_dscr: Bettered
    llcr: Bettered
    plcr: Bettered
    lcos_nominal: Bettered
    lcos_real: Bettered
    asked_share: float
    no_irr_share: float
    several_irr_share: float
    uses: Mapping[str, float]
    debt: float
    equity: float
    rows: Mapping[str, FloatArray]
    revenue_parts: Mapping[str, FloatArray]
    charging_cost: FloatArray
    dscr_p50: FloatArray
    dscr_p90: FloatArray
    sure: StrategyRisk | None
    risk: CreditRisk | None
    debt_carried: Mapping[str, FloatArray]
    drivers: Mapping[str, float]


def money_figures(result: LifeStudyResult, outcome: StrategyOutcome) -> MoneyFigures:
    """Make the figures of one strategy's money.

    Parameters
    ----------
    result : LifeStudyResult
        The study, for its plan and its drawn years.
    outcome : StrategyOutcome
        The strategy.

    Returns
    -------
    MoneyFigures
        The figures.
    """
    finance, flows = outcome.finance, outcome.flows
    sure = None if result.risk is None else result.risk.strategies.get(outcome.strategy.name)
    dscr = _dscr_by_year(finance.cfads, finance.debt_service)
    return MoneyFigures(
        irr=bettered(finance.irr),
        npv=bettered(finance.npv),
        min_dscr=bettered(finance.min_dscr),
        llcr=bettered(finance.llcr),
        plcr=bettered(finance.plcr),
        lcos_nominal=bettered(finance.lcos_nominal, is_cost=True),
        lcos_real=bettered(finance.lcos_real, is_cost=True),
        asked_share=float(np.mean(finance.npv >= 0.0)),
        no_irr_share=float(np.count_nonzero(finance.irr_count == 0)) / finance.irr_count.size,
        several_irr_share=float(np.count_nonzero(finance.irr_count > 1)) / finance.irr_count.size,
        uses=_uses(result, outcome),
        debt=float(finance.debt.mean()),
        equity=float(finance.equity.mean()),
        rows=_rows(outcome),
        revenue_parts=_revenue_parts(result, outcome),
        charging_cost=flows.charging_cost.mean(axis=0),
        dscr_p50=dscr[0],
        dscr_p90=dscr[1],
        sure=sure,
        risk=_credit(result, outcome) if sure is None else sure.credit,
        debt_carried={} if sure is None or sure.debt_worth is None else _debt_carried(sure.debt_worth),
        drivers=_drivers(result, outcome),
    )


def _rows(outcome: StrategyOutcome) -> dict[str, FloatArray]:
    finance = outcome.finance
    names = ("revenue", "operating_cost", "cfads", "debt_service", "tax", "equity_flow")
    rows: dict[str, FloatArray] = {name: getattr(finance, name).mean(axis=0) for name in names}
    rows["other"] = (finance.reserves.interest + finance.reserves.released + finance.tax_credit).mean(axis=0)
    rows["other"][0] = 0.0
    return rows


def _uses(result: LifeStudyResult, outcome: StrategyOutcome) -> dict[str, float]:
    plan, finance = result.study.finance, outcome.finance
    fees = 0.0 if plan.debt is None else plan.debt.closing_cost + plan.debt.fee_share * float(finance.debt.mean())
    named = {
        "building": plan.installed_cost,
        "financing of construction": plan.construction_financing_cost,
        "fees of the loan": fees,
        "first filling of reserves": -float(finance.reserves.released[:, 0].mean()),
    }
    return {name: amount for name, amount in named.items() if amount != 0.0}


def _dscr_by_year(cfads: FloatArray, service: FloatArray) -> FloatArray:
    """Coverage of each year at P50 and P90, shape (2, n_years + 1)."""
    due = (service > 0.0).any(axis=0)
    coverage = np.full(service.shape, np.inf)
    np.divide(cfads, service, out=coverage, where=service > 0.0)
    found = np.full((2, service.shape[1]), np.nan)
    for year in np.flatnonzero(due):
        found[:, year] = exceeded(coverage[:, year], (0.5, 0.9))
    return found


def _revenue_parts(result: LifeStudyResult, outcome: StrategyOutcome) -> dict[str, FloatArray]:
    if result.study.contracts and outcome.tranches is not None:
        paid = outcome.tranches
        return {"contracted": paid.contracted.mean(axis=0), "merchant": paid.merchant.mean(axis=0)}
    energy = outcome.flows.discharged_mwh * result.years.energy_price_per_mwh
    if outcome.traded is not None:
        energy, _ = sales_and_purchases(outcome.lives, result.years, outcome.traded)
    return {"response": (outcome.flows.revenue - energy).mean(axis=0), "energy sold": energy.mean(axis=0)}


def _credit(result: LifeStudyResult, outcome: StrategyOutcome) -> CreditRisk | None:
    """Trouble of the loan, of which the verdict speaks also where nothing else was asked."""
    terms, finance = result.study.finance.debt, outcome.finance
    if terms is None:
        return None
    return credit_risk(terms, finance.cfads, finance.schedule, finance.reserves.debt_service)


def _debt_carried(worth: DebtWorth) -> dict[str, FloatArray]:
    carried = {ALL_MODELS: worth.with_spread}
    return {**carried, **worth.by_law} if len(worth.by_law) > 1 else carried


def _drivers(result: LifeStudyResult, outcome: StrategyOutcome) -> dict[str, float]:
    years, lives, worth = result.years, outcome.lives, outcome.finance.npv
    causes = {
        "price of response, mean of the years": years.capacity_price_per_mw_h.mean(axis=1),
        "energy left at the end": lives.soh_energy[:, -1],
        "availability, mean of the years": years.availability.mean(axis=1),
    }
    if years.traded is not None:
        causes["spread of prices, mean of the years"] = years.traded.spread_factor.mean(axis=1)
    return {name: _correlation(values, worth) for name, values in causes.items()}


def _correlation(a: FloatArray, b: FloatArray) -> float:
    a, b = a - a.mean(), b - b.mean()
    size = float(np.sqrt((a * a).sum() * (b * b).sum()))
    tiny = 1e-12 * max(float(np.abs(a).max(initial=0.0)) * float(np.abs(b).max(initial=0.0)), 1e-300)
    return float((a * b).sum()) / size if size > tiny else float("nan")
