"""Classes of failure: what breaks, how often, how much stands still, how long, and what the repair costs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from battuta.domain.errors import InvalidQuantityError, UsageError


class FailingUnit(StrEnum):
    """What fails as one, and how much of the power goes with it."""

    SITE = "site"
    """All of it: grid connection, transformer, controls."""
    CONTAINER = "container"
    """One of ``[battery] containers``."""
    CONVERTER = "converter"
    """One of ``[battery] converters``."""
    STRING = "string"
    """One of ``[battery] strings``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureClass:
    """Failures of one kind; each event takes a share of the power until it is repaired.

    Attributes
    ----------
    name : str
        What the report calls it.
    unit : FailingUnit
        What fails as one: site, container, converter or string.
    rate_per_year : float
        Failures of one unit a year, mean of the years of the study: ASSUMED without a source. [1/a]
    repair_days : float
        Median time from failure to repair. [d]
    source : str
        Where rate and repair come from; empty: ASSUMED.
    share_of_power_lost : float or None
        What one event takes; None: one over the number of units. [-]
    repair_deviation : float
        Standard deviation of the logarithm of the time to repair. [-]
    repair_cost : float
        Cost of one repair, in money of the first year; grows with inflation. [currency]
    shape : float
        Below 1 failures are those of youth, above 1 of age: the expected number until t is that of all years times
        (t / years)^shape. 1: as many in each year. [-]
    """

    name: str
    unit: FailingUnit
    rate_per_year: float
    repair_days: float
    source: str = ""
    share_of_power_lost: float | None = None
    repair_deviation: float = 0.5
    repair_cost: float = 0.0
    shape: float = 1.0

    def __post_init__(self) -> None:
        """Refuse failures that cannot be drawn."""
        where = f"[[availability.failure]] {self.name!r}"
        if not self.name.strip():
            message = "[[availability.failure]] has no name; say what the report calls it"
            raise UsageError(message)
        lost = self.share_of_power_lost
        for name, value, low, high, unit in (
            ("rate_per_year", self.rate_per_year, 0.0, 100.0, "1/a"),
            ("repair_days", self.repair_days, 1e-3, 3650.0, "d"),
            ("share_of_power_lost", 0.0 if lost is None else lost, 0.0, 1.0, "-"),
            ("repair_deviation", self.repair_deviation, 0.0, 2.0, "-"),
            ("repair_cost", self.repair_cost, 0.0, 1e12, "currency"),
            ("shape", self.shape, 0.2, 5.0, "-"),
        ):
            if not low <= value <= high:
                raise InvalidQuantityError(name, value, low, high, unit, where=where)

    @property
    def is_assumed(self) -> bool:
        """Whether nobody says where its figures come from."""
        return not self.source.strip()


def refuse_twice(names: list[str], where: str) -> None:
    """Refuse two classes of one name: their draws would be the same.

    Raises
    ------
    UsageError
        If a name is given twice.
    """
    for name in names:
        if names.count(name) > 1:
            message = f"two {where} are called {name!r}; give each a name of its own"
            raise UsageError(message)
