"""Orders survive in the journal bit for bit, and stand in a file as people read them."""

import json
import math
from dataclasses import replace

import pytest

from battuta.app.kept_work_orders import kept_orders, order_json, order_of, order_text, write_orders
from battuta.app.living_journal import LivingJournal
from battuta.domain.errors import DataError
from battuta.domain.health import Derating, FaultClass, FindingLevel
from battuta.domain.work_order import DeratingCost, WorkOrder

LEFT = Derating(
    string_id="site-1", power_share_max=0.1 + 0.2, soc_min=0.1, soc_max=0.8, temperature_c_max=math.inf, reason="a leak"
)
ORDER = WorkOrder(
    order_id="site-1/cell-7/micro_short/1", string_id="site-1", cell=7, fault=FaultClass.MICRO_SHORT,
    level=FindingLevel.ACT, since_ns=0, opened_ns=10**9, told_ns=10**9, due_ns=7 * 86_400 * 10**9, probability=0.25,
    evidence={"charge_lost_per_day": 0.0041}, days_to_limit=(3.0, 9.5, 40.0), derating=LEFT,
    cost=DeratingCost(amount=2.5, currency="EUR", start_ns=0, horizon_h=25.0),
)  # fmt: skip
PLAIN = WorkOrder(
    order_id="site-0/string/water/1", string_id="site-0", cell=None, fault=FaultClass.WATER, level=FindingLevel.WATCH,
    since_ns=0, opened_ns=0, told_ns=0, due_ns=1, probability=1.0,
)  # fmt: skip


@pytest.mark.parametrize("order", [ORDER, PLAIN, replace(ORDER, closed_ns=10**10, closed_by="J. Doe", note="new cell")])
def test_what_was_kept_is_read_back(order) -> None:
    assert order_of(order_text(order)) == order


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{}", "'derating' is missing"),
        ("nope", "Expecting value"),
        (order_text(ORDER).replace('"micro_short"', '"rust"'), "'rust' is not a valid FaultClass"),
        (order_text(ORDER).replace('"amount": 2.5, ', ""), "amount"),
    ],
)
def test_what_is_no_order_is_refused(text, told) -> None:
    with pytest.raises(DataError, match=f"a work order cannot be read .*{told}"):
        order_of(text)


def test_orders_stand_in_the_journal_as_they_stood_last(tmp_path, make_settings) -> None:
    journal = LivingJournal(tmp_path / "journal", make_settings())
    closed = replace(ORDER, closed_ns=10**10, closed_by="J. Doe")
    for what, order in (("opened", ORDER), ("opened", PLAIN), ("closed", closed)):
        journal.event(10**10, f"work_order.{what}", {"order": order_text(order)})
    journal.close()
    assert kept_orders(tmp_path) == kept_orders(tmp_path / "journal") == (closed, PLAIN)


def test_people_read_times_money_and_only_what_applies(tmp_path) -> None:
    told = order_json(ORDER)
    assert (told["id"], told["level"], told["opened"]) == (ORDER.order_id, "act", "1970-01-01T00:00:01+00:00")
    assert told["derating"] == {
        "power_share_max": LEFT.power_share_max,
        "soc_min": 0.1,
        "soc_max": 0.8,
        "reason": "a leak",
    }
    assert told["cost"]["extrapolated_per_day"] == pytest.approx(2.4)
    assert not {"derating", "cost", "closed", "days_to_limit"} & set(order_json(PLAIN))
    path = write_orders(tmp_path, (ORDER, replace(PLAIN, closed_ns=1, closed_by="J. Doe", note="dry")))
    first, second = json.loads(path.read_text())["work_orders"]
    assert first == told
    assert (second["closed"], second["closed_by"], second["note"]) == ("1970-01-01T00:00:00+00:00", "J. Doe", "dry")
