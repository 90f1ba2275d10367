"""What measured health is worth to a lender: debt, coverage and warranty with it and without, of all models and of one.

Prices and availability are those of all lives in each of the four answers, so that what differs is ageing alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from battuta.numerics.arrays import BoolArray, FloatArray
from battuta.twin.exceedance import debt_at, exceeded
from battuta.twin.one_law import always, of_one_law
from battuta.twin.operation import operation_of
from battuta.twin.study_sensitivity import LENDER_PROBABILITIES
from battuta.twin.study_sensitivity_cases import StudyCase

if TYPE_CHECKING:
    from battuta.twin.study_sensitivity_cases import StrategyModel


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LenderView:
    """What a lender sees of some lives.

    Attributes
    ----------
    debt : ndarray, shape (3,)
        Debt that 50, 90 and 99 % of the lives carry as asked; NaN where there are no lives. [currency]
    margin_dscr : ndarray, shape (3,)
        Lowest yearly coverage of the loan of the study less the coverage that is asked, at P50, P90 and P99. [-]
    promise_breach : float
        Share of the lives in which a supplier's promise is broken; NaN without a warranty. [-]
    """

    debt: FloatArray
    margin_dscr: FloatArray
    promise_breach: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TelemetryWorth:
    """Two by two: before and after measuring, with the spread between models and without.

    Attributes
    ----------
    law : str
        The model that speaks alone: the likeliest after measuring.
    before, after : LenderView
        All models.
    before_alone, after_alone : LenderView
        That model alone.
    """

    law: str
    before: LenderView
    after: LenderView
    before_alone: LenderView
    after_alone: LenderView

    @property
    def gained(self) -> FloatArray:
        """Debt that measuring adds with all models, shape (3,); below 0 where less can be lent. [currency]"""
        return self.after.debt - self.before.debt

    @property
    def views(self) -> dict[str, LenderView]:
        """All four by a name."""
        return {
            "before": self.before,
            "after": self.after,
            "before_one_model": self.before_alone,
            "after_one_model": self.after_alone,
        }


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LenderLives:
    """Lives that a lender looks at.

    Attributes
    ----------
    model : StrategyModel
        The strategy with these lives.
    is_broken : ndarray of bool, shape (n_lives,), or None
        Lives in which a supplier's promise is broken; None without a warranty.
    """

    model: StrategyModel
    is_broken: BoolArray | None


def telemetry_worth(
    before: LenderLives, after: LenderLives, service: FloatArray, law: tuple[str, int]
) -> TelemetryWorth:
    """Hold both sets of lives against one lender.

    Parameters
    ----------
    before, after : LenderLives
        A strategy, with debt, before and after measuring.
    service : ndarray, shape (n_years + 1,)
        Service of the loan of the study. [currency]
    law : tuple of str and int
        Name and number of the model that speaks alone.

    Returns
    -------
    TelemetryWorth
        The four answers.
    """
    name, number = law
    return TelemetryWorth(
        law=name,
        before=_view(before, service),
        after=_view(after, service),
        before_alone=_alone(before, service, number),
        after_alone=_alone(after, service, number),
    )


def _alone(seen: LenderLives, service: FloatArray, law: int) -> LenderView:
    lived = seen.model.lived(1.0)
    one = of_one_law(lived, law)
    if one is None:
        none = np.full(len(LENDER_PROBABILITIES), np.nan)
        return LenderView(debt=none, margin_dscr=none, promise_breach=float("nan"))
    broken = None if seen.is_broken is None else seen.is_broken[lived.lives.law_of_life == law]
    return _view(LenderLives(model=replace(seen.model, lived=always(one)), is_broken=broken), service)


def _view(seen: LenderLives, service: FloatArray) -> LenderView:
    plan, flows = seen.model.plan, seen.model.flows_of(StudyCase())
    assert plan.debt is not None, "a plan without debt has no lender"
    cfads, due = operation_of(plan, flows).cfads, service > 0.0
    coverage = (cfads[:, due] / service[due]).min(axis=1, initial=np.inf)
    return LenderView(
        debt=debt_at(plan, flows, LENDER_PROBABILITIES),
        margin_dscr=exceeded(coverage, LENDER_PROBABILITIES) - plan.debt.dscr,
        promise_breach=float("nan") if seen.is_broken is None else float(np.mean(seen.is_broken)),
    )
