"""What the state takes of a project's income, and what it gives for building it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.tax_terms import LossRule
from battuta.numerics.arrays import FloatArray

if TYPE_CHECKING:
    from battuta.domain.tax_terms import TaxTerms


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Taxes:
    """Taxes of each life, year by year.

    Attributes
    ----------
    state_income, federal_income : ndarray, shape (n_lives, n_years + 1)
        What is taxed, before losses of earlier years. [currency]
    state, federal : ndarray, shape (n_lives, n_years + 1)
        What is paid, negative where a loss is refunded. [currency]
    """

    state_income: FloatArray
    federal_income: FloatArray
    state: FloatArray
    federal: FloatArray

    @property
    def total(self) -> FloatArray:
        """Both, shape (n_lives, n_years + 1). [currency]"""
        return self.state + self.federal


def taxes(income: FloatArray, terms: TaxTerms, state_income: FloatArray | None = None) -> Taxes:
    """Tax each year's income, the state first, whose tax the federal income is lowered by.

    Parameters
    ----------
    income : ndarray, shape (n_lives, n_years + 1)
        Revenue and interest earned, less costs, depreciation and interest paid. [currency]
    terms : TaxTerms
        Rates, and what a loss is worth.
    state_income : ndarray, shape (n_lives, n_years + 1), or None
        Income before tax as the state counts it, where it depreciates otherwise; None: the same. [currency]

    Returns
    -------
    Taxes
        Both taxes.

    References
    ----------
    .. [1] NREL System Advisor Model, single owner model (BSD-3): state tax is deducted from federal income.

    Examples
    --------
    >>> from battuta.domain.tax_terms import TaxTerms
    >>> terms = TaxTerms(federal_rate=0.2, state_rate=0.1)
    >>> taxes(np.array([[0.0, -100.0, 150.0]]), terms).total
    array([[ 0.,  0., 14.]])
    """
    state_income = income if state_income is None else state_income
    n_years = income.shape[1] - 1
    state = _taxed(state_income, _rates(terms.state_rate, terms.state_rates, n_years), terms.loss_rule)
    federal_income = income - state
    federal = _taxed(federal_income, _rates(terms.federal_rate, terms.federal_rates, n_years), terms.loss_rule)
    return Taxes(state_income=state_income, federal_income=federal_income, state=state, federal=federal)


def _rates(rate: float, by_year: tuple[float, ...], n_years: int) -> FloatArray:
    """Rate of each year, shape (n_years + 1,); the last one given holds for all years after, the first for year 0."""
    given = np.array(by_year or (rate,))
    return given[np.clip(np.arange(n_years + 1) - 1, 0, given.size - 1)]


def _taxed(income: FloatArray, rate: FloatArray, rule: LossRule) -> FloatArray:
    if rule is LossRule.REFUNDED:
        return rate * income
    tax = np.zeros(income.shape)
    carried = np.zeros(income.shape[0])
    for year in range(income.shape[1]):
        after = income[:, year] - carried
        tax[:, year] = rate[year] * np.maximum(after, 0.0)
        carried = np.maximum(-after, 0.0)
    return tax
