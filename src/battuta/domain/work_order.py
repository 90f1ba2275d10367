"""What somebody has to do at a battery because of a finding, until when, and what waiting for it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from battuta.domain.errors import DataError
from battuta.domain.health import Derating, FaultClass, FindingLevel

HOURS_PER_DAY = 24.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeratingCost:
    """What a derating costs: a plan of the same prices with it and without it.

    Attributes
    ----------
    amount : float
        Money of the plan without less that of the plan with it; a plan may also gain by chance. [currency]
    currency : str
        ISO 4217 code.
    start_ns : int
        Begin of the plan's horizon. [ns]
    horizon_h : float
        Its length. [h]
    """

    amount: float
    currency: str
    start_ns: int
    horizon_h: float

    @property
    def per_day(self) -> float:
        """The same carried on to a day of 24 hours: extrapolated, not planned. [currency/day]"""
        return self.amount * HOURS_PER_DAY / self.horizon_h


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkOrder:
    """Work at one cell or string, opened once for what was found there.

    Attributes
    ----------
    order_id : str
        String, cell, class, and how often this was opened before.
    string_id : str
        The string.
    cell : int or None
        Number of the cell from 0; None for the string as a whole.
    fault : FaultClass
        What is wrong.
    level : FindingLevel
        How soon somebody has to do something; it rises, never falls.
    since_ns, opened_ns, told_ns, due_ns : int
        When it began, when it was opened, when it was told last, and until when somebody should have been there. [ns]
    probability : float
        How likely the fault is there. [-]
    evidence : mapping of str to float
        What was measured, the unit last in each name.
    days_to_limit : tuple of float or None
        Days until the string meets its limit: early, middle, late (10, 50, 90 %). [d]
    derating : Derating or None
        What it leaves of the string until it is closed; None where all may be used.
    cost : DeratingCost or None
        What that costs; None before it was planned with.
    closed_ns : int or None
        When somebody closed it. [ns]
    closed_by, note : str
        Who, and what was done.
    """

    order_id: str
    string_id: str
    cell: int | None
    fault: FaultClass
    level: FindingLevel
    since_ns: int
    opened_ns: int
    told_ns: int
    due_ns: int
    probability: float
    evidence: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    days_to_limit: tuple[float, float, float] | None = None
    derating: Derating | None = None
    cost: DeratingCost | None = None
    closed_ns: int | None = None
    closed_by: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        """Check its times and that somebody stands for its end."""
        if not self.since_ns <= self.opened_ns <= min(self.told_ns, self.due_ns):
            message = f"work order {self.order_id} begins, is opened, told and due out of order"
            raise DataError(message)
        if self.closed_ns is not None and (self.closed_ns < self.opened_ns or not self.closed_by):
            message = f"work order {self.order_id} is closed by nobody, or before it was opened; say who closed it"
            raise DataError(message)

    @property
    def is_open(self) -> bool:
        """Whether the work is still to be done."""
        return self.closed_ns is None
