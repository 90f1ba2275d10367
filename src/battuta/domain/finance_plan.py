"""How a battery is paid for: costs, debt, taxes and reserves of a project, in one currency."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from battuta.domain.errors import UsageError
from battuta.domain.in_range import refuse_outside
from battuta.domain.tax_terms import DepreciationClass, DepreciationKind, LossRule, TaxTerms

__all__ = [
    "DebtCoverage",
    "DebtKind",
    "DebtTerms",
    "DepreciationClass",
    "DepreciationKind",
    "FinancePlan",
    "LossRule",
    "MajorMaintenance",
    "ReserveTerms",
    "TaxTerms",
]

_ANY_COST = 1e15


class DebtKind(StrEnum):
    """How a loan is repaid."""

    SCULPTED = "sculpted"
    """Each year's service is its cash flow over the coverage asked."""
    ANNUITY = "annuity"
    """Each year's service is the same."""
    EQUAL_PRINCIPAL = "equal_principal"
    """Each year repays the same part of the loan, and the service falls with the interest."""


class DebtCoverage(StrEnum):
    """What a share of the lives must cover where one loan serves them all."""

    EVERY_YEAR = "every_year"
    """Each year's service: the DSCR of every single year of the loan."""
    LOAN_LIFE = "loan_life"
    """The loan as a whole: the present value of the cash flows of its tenor (LLCR); single years may fall short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtTerms:
    """What a lender asks.

    Every coverage here is before tax, as SAM has it: cash flow available for debt service over what is paid to the
    lender.

    Attributes
    ----------
    interest_rate : float
        Interest a year. [-]
    tenor_years : int
        Years of repayment, from the first year of operation.
    kind : DebtKind
        How it is repaid.
    interest_only_years : int
        First years of the tenor in which only interest is paid, a moratorium on repayment; not with a sculpted loan,
        which repays as its cash flow allows.
    dscr : float
        Coverage of the service by the cash flow that sizes the debt; 0 for a loan that is sized by its share, which a
        sculpted one is not. [-]
    share_max : float
        Debt at most, as a share of all uses of funds. [-]
    fee_share : float
        Fee at closing, as a share of the debt. [-]
    closing_cost : float
        Fixed cost at closing. [currency]
    exceedance : float or None
        The debt that this share of the lives can carry: 0.5, 0.9, 0.99. None: each life borrows what it can carry.
    coverage : DebtCoverage
        What that share covers with `dscr`: every year, all of them jointly, or the loan as a whole. Not read without
        `exceedance`, where a sculpted loan covers both.
    allows_negative_service : bool
        A year of negative cash flow adds to the debt, as SAM has it; otherwise its service is 0, and always where a
        share of the lives covers every year.
    lock_up_dscr, default_dscr : float
        Coverage below which nothing is distributed, and below which the loan is in default. [-]
    """

    interest_rate: float
    tenor_years: int
    kind: DebtKind = DebtKind.SCULPTED
    interest_only_years: int = 0
    dscr: float = 1.3
    share_max: float = 1.0
    fee_share: float = 0.0
    closing_cost: float = 0.0
    exceedance: float | None = None
    coverage: DebtCoverage = DebtCoverage.EVERY_YEAR
    allows_negative_service: bool = False
    lock_up_dscr: float = 1.1
    default_dscr: float = 1.0

    def __post_init__(self) -> None:
        """Refuse terms that nobody lends at."""
        for name, low, high, unit in (
            ("interest_rate", 0.0, 1.0, "-"),
            ("tenor_years", 1, 100, "year"),
            ("interest_only_years", 0, 99, "year"),
            ("dscr", 0.0, 100.0, "-"),
            ("share_max", 0.0, 1.0, "-"),
            ("fee_share", 0.0, 0.5, "-"),
            ("closing_cost", 0.0, _ANY_COST, "currency"),
            ("lock_up_dscr", 0.0, 100.0, "-"),
            ("default_dscr", 0.0, 100.0, "-"),
        ):
            refuse_outside(name, getattr(self, name), low, high, unit, "[finance.debt]")
        if self.exceedance is not None:
            refuse_outside("exceedance", self.exceedance, 0.0, 1.0, "-", "[finance.debt]")
        if self.kind is DebtKind.SCULPTED and self.dscr < 1.0:
            message = (
                f"[finance.debt] dscr = {self.dscr:g}: a sculpted debt of a coverage below 1 is served by more than "
                "the project earns; write 1 or more, such as 1.3, or take kind = 'annuity'"
            )
            raise UsageError(message)
        if 0.0 < self.dscr < 1.0:
            message = (
                f"[finance.debt] dscr = {self.dscr:g}: a loan of a coverage below 1 is served by more than the "
                "project earns; write 1 or more, or 0 for one that share_max alone sizes"
            )
            raise UsageError(message)
        if self.default_dscr > self.lock_up_dscr:
            message = (
                f"[finance.debt] default_dscr = {self.default_dscr:g} is above lock_up_dscr = {self.lock_up_dscr:g}: "
                "a loan is locked up before it is in default; lower the one or raise the other"
            )
            raise UsageError(message)
        self._refuse_no_year_to_repay_in()

    def _refuse_no_year_to_repay_in(self) -> None:
        if self.interest_only_years and self.kind is DebtKind.SCULPTED:
            message = (
                f"[finance.debt] interest_only_years = {self.interest_only_years} does not go with a sculpted loan, "
                "which repays as its cash flow allows; take kind = 'annuity' or 'equal_principal'"
            )
            raise UsageError(message)
        if self.interest_only_years >= self.tenor_years:
            message = (
                f"[finance.debt] interest_only_years = {self.interest_only_years} leaves no year of "
                f"tenor_years = {self.tenor_years} to repay in; lower it"
            )
            raise UsageError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class MajorMaintenance:
    """A planned cost that returns every few years.

    Attributes
    ----------
    name : str
        What it is.
    cost : float
        What it costs, in money of the first year. [currency]
    every_years : int
        It is due at the end of each so many years, but not in the last year.
    """

    name: str
    cost: float
    every_years: int

    def __post_init__(self) -> None:
        """Refuse costs below zero, and a cost that no report can name."""
        if not self.name.strip():
            message = "[[finance.reserves.maintenance]] has no name; say what the report calls it"
            raise UsageError(message)
        refuse_outside("cost", self.cost, 0.0, _ANY_COST, "currency", "[finance.reserves]")
        refuse_outside("every_years", self.every_years, 1, 100, "year", "[finance.reserves]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveTerms:
    """Money that is kept apart.

    Attributes
    ----------
    debt_service_months, operating_cost_months : float
        Next year's debt service and operating cost that lie ready at the end of each year. [months]
    maintenance_years : int
        Augmentation and major maintenance are saved for, in equal parts, over so many years up to the year they fall
        due; 0 or 1: paid out of that year's cash flow.
    maintenance : tuple of MajorMaintenance
        Planned costs besides augmentation.
    interest_rate : float
        Interest a year on what is kept. [-]
    """

    debt_service_months: float = 0.0
    operating_cost_months: float = 0.0
    maintenance_years: int = 0
    maintenance: tuple[MajorMaintenance, ...] = ()
    interest_rate: float = 0.0

    def __post_init__(self) -> None:
        """Refuse reserves below nothing."""
        for name, high, unit in (
            ("debt_service_months", 24.0, "month"),
            ("operating_cost_months", 24.0, "month"),
            ("maintenance_years", 100, "year"),
            ("interest_rate", 1.0, "-"),
        ):
            refuse_outside(name, getattr(self, name), 0.0, high, unit, "[finance.reserves]")


@dataclass(frozen=True, slots=True, kw_only=True)
class FinancePlan:
    """How a project is paid for, from the day it is built to the day it is taken down.

    Attributes
    ----------
    currency : str
        ISO 4217 code of all money in the plan.
    n_years : int
        Years of operation.
    installed_cost : float
        Cost of building it, before financing. [currency]
    construction_financing_cost : float
        Interest and fees until it runs; depreciated with the rest. [currency]
    fixed_cost_per_year : float
        Operation and maintenance, in money of the first year. [currency/year]
    fixed_cost_growth : float
        Growth of that cost above inflation. [-]
    insurance_share, property_tax_share : float
        Yearly cost of each, as a share of the installed cost; the insurance grows with inflation. [-]
    salvage_share : float
        What is left at the end, as a share of the installed cost; below 0 where taking it down costs more. [-]
    inflation : float
        Growth of prices a year. [-]
    real_discount_rate : float
        What the owner asks above inflation. [-]
    debt : DebtTerms or None
        The loan; None where all is equity.
    tax : TaxTerms
        Taxes and credits.
    reserves : ReserveTerms
        Money kept apart.

    Examples
    --------
    >>> plan = FinancePlan(currency="EUR", n_years=20, installed_cost=1e6, inflation=0.02, real_discount_rate=0.05)
    >>> round(plan.nominal_discount_rate, 4)
    0.071
    """

    currency: str
    n_years: int
    installed_cost: float
    inflation: float
    real_discount_rate: float
    construction_financing_cost: float = 0.0
    fixed_cost_per_year: float = 0.0
    fixed_cost_growth: float = 0.0
    insurance_share: float = 0.0
    property_tax_share: float = 0.0
    salvage_share: float = 0.0
    debt: DebtTerms | None = None
    tax: TaxTerms = field(default_factory=TaxTerms)
    reserves: ReserveTerms = field(default_factory=ReserveTerms)

    def __post_init__(self) -> None:
        """Refuse a plan that cannot be."""
        for name, low, high, unit in (
            ("n_years", 1, 100, "year"),
            ("installed_cost", 0.0, _ANY_COST, self.currency),
            ("construction_financing_cost", 0.0, _ANY_COST, self.currency),
            ("fixed_cost_per_year", 0.0, _ANY_COST, f"{self.currency}/year"),
            ("fixed_cost_growth", -0.5, 0.5, "-"),
            ("insurance_share", 0.0, 1.0, "-"),
            ("property_tax_share", 0.0, 1.0, "-"),
            ("salvage_share", -1.0, 1.0, "-"),
            ("inflation", -0.5, 1.0, "-"),
            ("real_discount_rate", -0.5, 1.0, "-"),
        ):
            refuse_outside(name, getattr(self, name), low, high, unit, "[finance]")
        if len(self.currency) != 3 or not self.currency.isalpha() or not self.currency.isupper():
            message = f"[finance] currency = {self.currency!r} is no ISO 4217 code; write EUR, USD, GBP, ..."
            raise UsageError(message)
        if self.debt is not None and self.debt.tenor_years > self.n_years:
            message = (
                f"[finance.debt] tenor_years = {self.debt.tenor_years} is longer than n_years = {self.n_years}; "
                "a loan is repaid while the project runs"
            )
            raise UsageError(message)
        if self.tax.credit_amount:
            self._refuse_more_credit_than_cost()

    def _refuse_more_credit_than_cost(self) -> None:
        earning = self.tax.credit_earning_share * (self.installed_cost + self.construction_financing_cost)
        if self.tax.credit_amount > earning:
            message = (
                f"[finance.tax] credit_amount = {self.tax.credit_amount:g} {self.currency} is more than what earns it "
                f"costs, {earning:g}; set earns_credit = true on parts of the depreciation, or lower it"
            )
            raise UsageError(message)

    @property
    def nominal_discount_rate(self) -> float:
        """What the owner asks with inflation. [-]"""
        return (1.0 + self.real_discount_rate) * (1.0 + self.inflation) - 1.0
