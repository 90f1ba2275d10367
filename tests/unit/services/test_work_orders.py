"""Orders are opened once, tighten at once, and only people lift what they hold back."""

import pytest

from battuta.domain.errors import DataError, UsageError
from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.domain.time import NS_PER_DAY
from battuta.domain.work_order import DeratingCost
from battuta.health.derating import WholeString
from battuta.services.work_orders import (
    DeratingPriced,
    DeratingsChanged,
    FindingsTold,
    OrderChanged,
    OrderDone,
    WorkBook,
    step,
)

STRINGS = tuple(WholeString(string_id=f"site-{k}", soc_min=0.05, soc_max=0.95, resistance_ohm=5e-4) for k in range(3))
COST = DeratingCost(amount=4.0, currency="EUR", start_ns=0, horizon_h=24.0)


def leak(level: FindingLevel, *, string_id: str = "site-1", cell: int = 7, lost: float = 0.002, limit=None) -> Finding:
    return Finding(
        string_id=string_id, cell=cell, fault=FaultClass.MICRO_SHORT, level=level, since_ns=0, found_ns=0,
        probability=0.5, evidence={"charge_lost_per_day": lost}, days_to_limit=limit,
    )  # fmt: skip


def told(book: WorkBook, *findings: Finding, day: int = 1):
    return step(book, FindingsTold(findings=findings, now_ns=day * NS_PER_DAY))


def test_a_finding_opens_one_order_and_derates_its_string_alone() -> None:
    book, effects = told(WorkBook.of(STRINGS), leak(FindingLevel.ACT))
    changed, deratings = effects
    assert isinstance(changed, OrderChanged)
    assert (changed.what, changed.order.order_id) == ("opened", "site-1/cell-7/micro_short/1")
    assert changed.order.due_ns == 8 * NS_PER_DAY
    assert isinstance(deratings, DeratingsChanged)
    assert [each is None for each in deratings.deratings] == [True, False, True]
    assert deratings.deratings == book.deratings
    again, effects = told(book, leak(FindingLevel.ACT), day=2)
    assert effects == ()
    assert again.orders == book.orders


def test_a_rising_level_raises_the_order_and_tightens_at_once() -> None:
    book, (opened,) = told(WorkBook.of(STRINGS), leak(FindingLevel.WATCH))
    assert opened.order.derating is None
    assert opened.order.due_ns == 181 * NS_PER_DAY
    book, (raised, deratings) = told(book, leak(FindingLevel.ACT), day=3)
    assert (raised.what, raised.order.order_id) == ("raised", opened.order.order_id)
    assert (raised.order.opened_ns, raised.order.due_ns) == (NS_PER_DAY, 10 * NS_PER_DAY)
    assert deratings.deratings[1].power_share_max == 0.5


def test_what_sounds_better_gives_nothing_back_and_what_sounds_worse_takes_more() -> None:
    book, _ = told(WorkBook.of(STRINGS), leak(FindingLevel.ACT, lost=0.005))
    left = book.deratings[1]
    book, effects = told(book, leak(FindingLevel.WATCH, lost=0.0001), day=2)
    assert effects == ()
    assert book.deratings[1] == left
    assert book.open_orders[0].level is FindingLevel.ACT
    book, (raised, _) = told(book, leak(FindingLevel.ACT, lost=0.01), day=2)
    assert raised.what == "raised"
    assert book.deratings[1].soc_min > left.soc_min


def test_only_a_person_lifts_a_derating_and_what_comes_back_is_a_new_order() -> None:
    book, _ = told(WorkBook.of(STRINGS), leak(FindingLevel.ACT), leak(FindingLevel.ACT, cell=9, lost=0.009))
    first, second = (each.order_id for each in book.open_orders)
    tight = book.deratings[1]
    with pytest.raises(DataError, match="closed by nobody"):
        step(book, OrderDone(order_id=second, now_ns=2 * NS_PER_DAY, by=""))
    book, (closed, looser) = step(book, OrderDone(order_id=second, now_ns=2 * NS_PER_DAY, by="J. Doe", note="new cell"))
    assert (closed.what, closed.order.closed_by, closed.order.note) == ("closed", "J. Doe", "new cell")
    assert looser.deratings[1].soc_min < tight.soc_min
    book, (_, whole) = step(book, OrderDone(order_id=first, now_ns=2 * NS_PER_DAY, by="J. Doe"))
    assert whole.deratings == (None, None, None)
    with pytest.raises(UsageError, match=r"there is no open work order .*; open are none"):
        step(book, OrderDone(order_id=first, now_ns=3 * NS_PER_DAY, by="J. Doe"))
    book, (opened, _) = told(book, leak(FindingLevel.ACT), day=4)
    assert opened.order.order_id == "site-1/cell-7/micro_short/2"
    assert len(book.orders) == 3, "closed orders stay on record"


def test_a_near_limit_is_due_before_it() -> None:
    _, (opened, *_) = told(WorkBook.of(STRINGS), leak(FindingLevel.PLAN, limit=(3.0, 8.0, 20.0)))
    assert opened.order.due_ns == 4 * NS_PER_DAY
    assert opened.order.derating.power_share_max == 0.5


def test_two_words_at_once_on_one_cell_are_kept_in_their_order() -> None:
    book, effects = told(WorkBook.of(STRINGS), leak(FindingLevel.WATCH), leak(FindingLevel.ACT))
    assert [each.what for each in effects[:2]] == ["opened", "raised"]
    assert len(book.orders) == 1


def test_a_clock_that_was_set_back_closes_no_order_before_it_was_opened() -> None:
    book, (opened, _) = told(WorkBook.of(STRINGS), leak(FindingLevel.ACT), day=5)
    _, (closed, _) = step(book, OrderDone(order_id=opened.order.order_id, now_ns=3 * NS_PER_DAY, by="J. Doe"))
    assert closed.order.closed_ns == 5 * NS_PER_DAY


def test_a_cost_is_noted_and_changes_nothing_else() -> None:
    book, (opened, _) = told(WorkBook.of(STRINGS), leak(FindingLevel.ACT))
    book, (priced,) = step(book, DeratingPriced(order_id=opened.order.order_id, cost=COST))
    assert (priced.what, priced.order.cost) == ("priced", COST)
    with pytest.raises(UsageError, match="no open work order 'x'; open are site-1/cell-7"):
        step(book, DeratingPriced(order_id="x", cost=COST))


def test_a_book_begins_with_the_orders_of_before() -> None:
    book, _ = told(WorkBook.of(STRINGS), leak(FindingLevel.ACT))
    assert WorkBook.of(STRINGS, tuple(book.orders.values())).deratings == book.deratings


def test_a_finding_of_a_string_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match="string site-9, which is not watched; there are site-0, site-1, site-2"):
        told(WorkBook.of(STRINGS), leak(FindingLevel.ACT, string_id="site-9"))
