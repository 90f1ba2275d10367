"""What the state takes of a project's income and gives for building it: rates, depreciation, credit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from battuta.domain.errors import UsageError
from battuta.domain.in_range import refuse_outside

_ANY_COST = 1e15
_WHERE = "[finance.tax]"


class DepreciationKind(StrEnum):
    """How a cost is spread over the years that taxes see."""

    STRAIGHT_LINE = "straight_line"
    """Equal shares over the life."""
    STRAIGHT_LINE_HALF_YEAR = "straight_line_half_year"
    """Equal shares, half of one in the first and in the last year, rounded up to 20 years as the IRS prints them."""
    MACRS = "macrs"
    """Declining balance of the general depreciation system, half-year convention."""
    CUSTOM = "custom"
    """A share for each year of its own, see `yearly_shares`."""


class LossRule(StrEnum):
    """What a year's tax loss is worth."""

    REFUNDED = "refunded"
    """Its tax at once: the owner has other income."""
    CARRIED_FORWARD = "carried_forward"
    """Nothing until the project itself earns: it reduces later income."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DepreciationClass:
    """A part of the cost that is depreciated one way.

    Attributes
    ----------
    kind : DepreciationKind
        How.
    life_years : int
        Over how many years; 3, 5, 7, 10, 15 or 20 for MACRS. Not given with `yearly_shares`.
    share : float
        Share of the depreciable cost. [-]
    earns_credit : bool
        Whether this part earns the investment tax credit, and loses basis for it.
    yearly_shares : tuple of float
        What each year deducts of a `custom` part, the first year of operation first. [-]
    bonus_share : float
        Share of the basis left by the credit that federal income deducts in the first year; the rest follows the
        schedule, its first year too. [-]
    state_bonus_share : float
        The same of the state's income; 0 where the state does not follow the federal bonus. [-]
    """

    kind: DepreciationKind
    share: float
    life_years: int = 0
    earns_credit: bool = False
    yearly_shares: tuple[float, ...] = ()
    bonus_share: float = 0.0
    state_bonus_share: float = 0.0

    def __post_init__(self) -> None:
        """Refuse lives and shares that are none."""
        for name in ("share", "bonus_share", "state_bonus_share"):
            refuse_outside(name, getattr(self, name), 0.0, 1.0, "-", _WHERE)
        if self.kind is DepreciationKind.CUSTOM:
            self._refuse_no_schedule()
            return
        refuse_outside("life_years", self.life_years, 1, 100, "year", _WHERE)
        if self.yearly_shares:
            message = f"{_WHERE} yearly_shares belong to kind = 'custom', not to {self.kind.value!r}; drop one of them"
            raise UsageError(message)
        if self.kind is DepreciationKind.MACRS and self.life_years not in {3, 5, 7, 10, 15, 20}:
            message = f"{_WHERE} life_years = {self.life_years} is no MACRS class: take 3, 5, 7, 10, 15 or 20"
            raise UsageError(message)

    def _refuse_no_schedule(self) -> None:
        for each in self.yearly_shares:
            refuse_outside("yearly_shares", each, 0.0, 1.0, "-", _WHERE)
        total = sum(self.yearly_shares)
        if not self.yearly_shares or total > 1.0 + 1e-9 or self.life_years:
            message = (
                f"{_WHERE} kind = 'custom' takes yearly_shares that add up to 1 at most and no life_years; they add up "
                f"to {total:g}, life_years = {self.life_years}; write yearly_shares = [0.5, 0.3, 0.2]"
            )
            raise UsageError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxTerms:
    """What the state takes and gives.

    Attributes
    ----------
    federal_rate, state_rate : float
        Rates on income; the state's tax is deducted from the federal income. [-]
    federal_rates, state_rates : tuple of float
        Such a rate of each year in place of one for all, the first year of operation first; the last one holds for all
        years after. [-]
    depreciation : tuple of DepreciationClass
        Parts of the cost; what their shares leave of 1 is never depreciated.
    credit_share : float
        Investment tax credit, a share of the parts that earn it, paid in the first year. [-]
    credit_max : float or None
        What that share gives at most; None: no limit. [currency]
    credit_amount : float
        A fixed credit besides, for the parts that earn it. [currency]
    credit_basis_reduction : float
        Share of the credit by which those parts lose basis. [-]
    state_credit_basis_reduction : float or None
        The same of the basis that the state's income deducts; None: as the federal one. [-]
    loss_rule : LossRule
        What a loss is worth.
    augmentation_life_years : int
        Augmentation is depreciated in a straight line over so many years; 0: it is expensed when paid.
    deducts_rest_at_end : bool
        What is not deducted yet when the project ends is deducted in its last year, as of a thing that is retired; SAM
        lets it be lost.
    """

    federal_rate: float = 0.0
    state_rate: float = 0.0
    depreciation: tuple[DepreciationClass, ...] = ()
    credit_share: float = 0.0
    credit_max: float | None = None
    credit_amount: float = 0.0
    credit_basis_reduction: float = 0.5
    state_credit_basis_reduction: float | None = None
    loss_rule: LossRule = LossRule.CARRIED_FORWARD
    augmentation_life_years: int = 0
    deducts_rest_at_end: bool = True
    federal_rates: tuple[float, ...] = ()
    state_rates: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Refuse rates beyond the whole, and more parts than there is cost."""
        for name in ("federal_rate", "state_rate", "credit_share", "credit_basis_reduction"):
            refuse_outside(name, getattr(self, name), 0.0, 1.0, "-", _WHERE)
        if self.state_credit_basis_reduction is not None:
            refuse_outside("state_credit_basis_reduction", self.state_credit_basis_reduction, 0.0, 1.0, "-", _WHERE)
        refuse_outside("credit_amount", self.credit_amount, 0.0, _ANY_COST, "currency", _WHERE)
        refuse_outside("credit_max", self.credit_max or 0.0, 0.0, _ANY_COST, "currency", _WHERE)
        refuse_outside("augmentation_life_years", self.augmentation_life_years, 0, 100, "year", _WHERE)
        for name, rate in (("federal_rates", self.federal_rate), ("state_rates", self.state_rate)):
            self._refuse_two_rates(name, rate)
        total = sum(each.share for each in self.depreciation)
        if total > 1.0 + 1e-9:
            message = f"{_WHERE} the shares of depreciation add up to {total:g}, above 1; lower them"
            raise UsageError(message)

    def _refuse_two_rates(self, name: str, rate: float) -> None:
        by_year: tuple[float, ...] = getattr(self, name)
        for each in by_year:
            refuse_outside(name, each, 0.0, 1.0, "-", _WHERE)
        if by_year and rate:
            message = f"{_WHERE} {name} and {name[:-1]} = {rate:g} say the same tax twice; drop one of them"
            raise UsageError(message)

    @property
    def credit_earning_share(self) -> float:
        """Share of the cost that earns the credit. [-]"""
        return sum(each.share for each in self.depreciation if each.earns_credit)

    @property
    def effective_rate(self) -> float:
        """Tax on one more unit of income of the first year, the state's tax being deductible. [-]"""
        state = self.state_rates[0] if self.state_rates else self.state_rate
        federal = self.federal_rates[0] if self.federal_rates else self.federal_rate
        return state + federal * (1.0 - state)
