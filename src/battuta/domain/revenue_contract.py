"""Who pays for a battery besides the market: a toller who rents it, or a floor under what the market pays."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from battuta.domain.errors import InvalidQuantityError, UsageError


class ContractKind(StrEnum):
    """What a contract promises."""

    TOLLING = "tolling"
    """A fixed rent: the toller takes the market's revenue and pays for charging."""
    FLOOR = "floor"
    """The market's margin is topped up to the floor; above it, the counterparty takes a share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevenueContract:
    """A contract over a part of the battery for some years.

    Attributes
    ----------
    name : str
        What the report calls it.
    kind : ContractKind
        What it promises.
    share : float
        Share of the battery's power that is under it. [-]
    payment_per_mw_year : float
        Rent or floor for each MW under contract, in the contract's first year. [currency/(MW year)]
    first_year, n_years : int
        First year of operation under it, counted from 1, and number of years.
    growth_per_year : float
        Growth of the payment. [-]
    availability_guaranteed : float
        Availability from which the payment is whole; below it, it falls in proportion. [-]
    kept_share : float
        What the owner keeps of a margin above the floor. [-]
    """

    name: str
    kind: ContractKind
    share: float
    payment_per_mw_year: float
    n_years: int
    first_year: int = 1
    growth_per_year: float = 0.0
    availability_guaranteed: float = 0.97
    kept_share: float = 1.0

    def __post_init__(self) -> None:
        """Refuse contracts over more than there is, and one that no report can name."""
        if not self.name.strip():
            message = "[[contract]] has no name; say what the report calls it"
            raise UsageError(message)
        for name, low, high, unit in (
            ("share", 0.0, 1.0, "-"),
            ("payment_per_mw_year", 0.0, 1e9, "currency/(MW year)"),
            ("first_year", 1, 100, "year"),
            ("n_years", 1, 100, "year"),
            ("growth_per_year", -0.5, 0.5, "-"),
            ("availability_guaranteed", 0.01, 1.0, "-"),
            ("kept_share", 0.0, 1.0, "-"),
        ):
            value = getattr(self, name)
            if not low <= value <= high:
                raise InvalidQuantityError(name, value, low, high, unit, where=f"contract {self.name!r}")

    def runs_in(self, year: int) -> bool:
        """Whether it runs in a year of operation, counted from 1."""
        return self.first_year <= year < self.first_year + self.n_years


def refuse_overlap(contracts: tuple[RevenueContract, ...], n_years: int) -> None:
    """Refuse contracts that together cover more than the battery in some year.

    Parameters
    ----------
    contracts : tuple of RevenueContract
        All contracts of the battery.
    n_years : int
        Years of operation.

    Raises
    ------
    UsageError
        If they do, with the year and the contracts.
    """
    for year in range(1, n_years + 1):
        running = [each for each in contracts if each.runs_in(year)]
        total = sum(each.share for each in running)
        if total > 1.0 + 1e-9:
            names = ", ".join(repr(each.name) for each in running)
            message = f"in year {year} the contracts {names} cover {total:g} of the battery; lower their shares"
            raise UsageError(message)
