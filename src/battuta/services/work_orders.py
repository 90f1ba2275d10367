"""Work orders: opened once for each finding, raised when it gets worse, and closed by people alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeAlias

from battuta.domain.errors import UsageError
from battuta.domain.health import Derating, Finding, FindingLevel
from battuta.domain.time import NS_PER_DAY
from battuta.domain.work_order import DeratingCost, WorkOrder
from battuta.health.derating import WholeString, derating_of, strictest, urgent_level
from battuta.health.derating_settings import DeratingSettings

DUE_DAYS: Mapping[FindingLevel, float] = MappingProxyType(
    {FindingLevel.WATCH: 180.0, FindingLevel.PLAN: 90.0, FindingLevel.ACT: 7.0}
)
"""Until when somebody should have been there, an assumption; sooner where the limit may be met sooner. [d]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkBook:
    """All work orders of some strings, and what they leave of each.

    Attributes
    ----------
    strings : tuple of WholeString
        The strings when nothing is wrong with them.
    orders : mapping of str to WorkOrder
        By their ids, oldest first; closed ones stay.
    deratings : tuple of (Derating or None)
        What open orders leave of each string, in the order of `strings`.
    settings : DeratingSettings
        The policy.
    """

    strings: tuple[WholeString, ...]
    orders: Mapping[str, WorkOrder]
    deratings: tuple[Derating | None, ...]
    settings: DeratingSettings

    @classmethod
    def of(
        cls,
        strings: tuple[WholeString, ...],
        orders: tuple[WorkOrder, ...] = (),
        settings: DeratingSettings | None = None,
    ) -> WorkBook:
        """Begin with the orders of before, none if left out."""
        by_id = {each.order_id: each for each in orders}
        return cls(
            strings=strings,
            orders=MappingProxyType(by_id),
            deratings=_left(strings, by_id),
            settings=settings or DeratingSettings(),
        )

    @property
    def open_orders(self) -> tuple[WorkOrder, ...]:
        """Those that are still to be done, oldest first."""
        return tuple(each for each in self.orders.values() if each.is_open)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsTold:
    """A detector told what it found, whichever it is."""

    findings: tuple[Finding, ...]
    now_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeratingPriced:
    """A plan was made with and without what an order leaves."""

    order_id: str
    cost: DeratingCost


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDone:
    """Somebody was there, and says that the string may be used again."""

    order_id: str
    now_ns: int
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChanged:
    """An order is to be kept as it stands now: it was `opened`, `raised`, `priced` or `closed`."""

    order: WorkOrder
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeratingsChanged:
    """What is left of each string is not what it was, in the order of the strings."""

    deratings: tuple[Derating | None, ...]


WorkEvent: TypeAlias = FindingsTold | DeratingPriced | OrderDone
WorkEffect: TypeAlias = OrderChanged | DeratingsChanged


def step(book: WorkBook, event: WorkEvent) -> tuple[WorkBook, tuple[WorkEffect, ...]]:
    """Take one event.

    Parameters
    ----------
    book : WorkBook
        All orders.
    event : WorkEvent
        What happened.

    Returns
    -------
    tuple of (WorkBook, tuple of WorkEffect)
        All orders now, and what has to be kept and told.

    Raises
    ------
    UsageError
        If a finding is about a string that is not there, or an order to close or price is not open.
    """
    match event:
        case FindingsTold():
            orders, changed = dict(book.orders), list[OrderChanged]()
            for each in event.findings:
                taken = _taken(book, orders, each, event.now_ns)
                if taken is not None:
                    orders[taken.order.order_id] = taken.order
                    changed.append(taken)
        case DeratingPriced():
            order = replace(_open_order(book, event.order_id), cost=event.cost)
            orders, changed = {**book.orders, order.order_id: order}, [OrderChanged(order=order, what="priced")]
        case OrderDone():
            order = _open_order(book, event.order_id)
            closed_ns = max(event.now_ns, order.opened_ns)  # a clock may have been set back in between
            order = replace(order, closed_ns=closed_ns, closed_by=event.by, note=event.note)
            orders, changed = {**book.orders, order.order_id: order}, [OrderChanged(order=order, what="closed")]
    deratings = _left(book.strings, orders)
    told = () if deratings == book.deratings else (DeratingsChanged(deratings=deratings),)
    return replace(book, orders=MappingProxyType(orders), deratings=deratings), (*changed, *told)


def _taken(book: WorkBook, orders: Mapping[str, WorkOrder], finding: Finding, now_ns: int) -> OrderChanged | None:
    """Open an order for a finding, or raise the one that is open for it; None where that says as much already."""
    whole = next((each for each in book.strings if each.string_id == finding.string_id), None)
    if whole is None:
        known = ", ".join(each.string_id for each in book.strings[:8])
        message = f"a finding is about string {finding.string_id}, which is not watched; there are {known}"
        raise UsageError(message)
    left = derating_of([finding], whole, book.settings)
    alike = [each for each in orders.values() if _is_about(each, finding)]
    before = next((each for each in alike if each.is_open), None)
    due_ns = now_ns + round(_due_days(finding, book.settings) * NS_PER_DAY)
    if before is None:
        where = "string" if finding.cell is None else f"cell-{finding.cell}"
        opened = WorkOrder(
            order_id=f"{finding.string_id}/{where}/{finding.fault.value}/{len(alike) + 1}",
            string_id=finding.string_id,
            cell=finding.cell,
            fault=finding.fault,
            level=finding.level,
            since_ns=min(finding.since_ns, now_ns),
            opened_ns=now_ns,
            told_ns=now_ns,
            due_ns=due_ns,
            probability=finding.probability,
            evidence=finding.evidence,
            days_to_limit=finding.days_to_limit,
            derating=left,
        )
        return OrderChanged(order=opened, what="opened")
    tightened = _tightened(before.derating, left)
    if finding.level <= before.level and tightened == before.derating and due_ns >= before.due_ns:
        return None
    raised = replace(
        before,
        level=max(before.level, finding.level),
        told_ns=max(now_ns, before.opened_ns),
        due_ns=max(min(before.due_ns, due_ns), before.opened_ns),
        probability=finding.probability,
        evidence=finding.evidence,
        days_to_limit=finding.days_to_limit,
        derating=tightened,
    )
    return OrderChanged(order=raised, what="raised")


def _is_about(order: WorkOrder, finding: Finding) -> bool:
    return (order.string_id, order.cell, order.fault) == (finding.string_id, finding.cell, finding.fault)


def _due_days(finding: Finding, settings: DeratingSettings) -> float:
    days = DUE_DAYS[urgent_level(finding, settings)]
    return days if finding.days_to_limit is None else min(days, max(finding.days_to_limit[0], 0.0))


def _tightened(before: Derating | None, now: Derating | None) -> Derating | None:
    """What both leave: a finding that sounds better than before gives nothing back."""
    if before is None or now is None:
        return now or before
    tight = replace(strictest((before, now)), reason=now.reason)
    return before if replace(tight, reason=before.reason) == before else tight


def _left(strings: tuple[WholeString, ...], orders: Mapping[str, WorkOrder]) -> tuple[Derating | None, ...]:
    by_string: dict[str, list[Derating]] = {}
    for each in orders.values():
        if each.is_open and each.derating is not None:
            by_string.setdefault(each.string_id, []).append(each.derating)
    return tuple(strictest(by_string[each.string_id]) if each.string_id in by_string else None for each in strings)


def _open_order(book: WorkBook, order_id: str) -> WorkOrder:
    order = book.orders.get(order_id)
    if order is None or not order.is_open:
        open_ids = ", ".join(each.order_id for each in book.open_orders) or "none"
        message = f"there is no open work order {order_id!r}; open are {open_ids}"
        raise UsageError(message)
    return order
