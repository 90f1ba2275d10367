"""An order says what to do until when, what is held back meanwhile, and what that costs."""

from dataclasses import replace

from battuta.domain.health import Derating, FaultClass, FindingLevel
from battuta.domain.work_order import DeratingCost, WorkOrder
from battuta.interfaces.cli.work_order_words import order_words

DAY_NS = 86_400 * 10**9
LEFT = Derating(
    string_id="site-1", power_share_max=0.5, soc_min=0.1, soc_max=0.8, temperature_c_max=40.0, reason="a leak"
)
ORDER = WorkOrder(
    order_id="site-1/cell-7/micro_short/1", string_id="site-1", cell=7, fault=FaultClass.MICRO_SHORT,
    level=FindingLevel.ACT, since_ns=0, opened_ns=0, told_ns=0, due_ns=7 * DAY_NS, probability=0.25,
)  # fmt: skip


def test_an_order_without_a_derating_is_one_line() -> None:
    assert order_words(ORDER) == ["act: site-1/cell-7/micro_short/1, opened 1970-01-01, due 1970-01-08"]
    closed = replace(ORDER, closed_ns=DAY_NS, closed_by="J. Doe")
    assert order_words(closed)[0].endswith("opened 1970-01-01, closed 1970-01-02 by J. Doe")


def test_what_is_held_back_is_said_with_its_cost() -> None:
    cost = DeratingCost(amount=1.5, currency="EUR", start_ns=DAY_NS, horizon_h=12.0)
    held, priced = (
        order_words(replace(ORDER, derating=LEFT))[1],
        order_words(replace(ORDER, derating=LEFT, cost=cost))[1],
    )
    assert held == "  held back to 50 % of the power, 10 to 80 % charge, up to 40 degC: a leak"
    assert priced == f"{held}; costs the plan of 1970-01-02 1.50 EUR in 12 h, extrapolated 3.00 EUR a day"
    over = replace(ORDER, derating=LEFT, closed_ns=DAY_NS, closed_by="J. Doe")
    assert order_words(over)[1].startswith("  was held back to 50 %")
