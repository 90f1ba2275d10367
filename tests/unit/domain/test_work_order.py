"""A work order keeps its times in order, and is closed by somebody."""

from dataclasses import replace

import pytest

from battuta.domain.errors import DataError
from battuta.domain.health import FaultClass, FindingLevel
from battuta.domain.work_order import DeratingCost, WorkOrder

ORDER = WorkOrder(
    order_id="a/cell-7/micro_short/1", string_id="a", cell=7, fault=FaultClass.MICRO_SHORT, level=FindingLevel.ACT,
    since_ns=1, opened_ns=5, told_ns=6, due_ns=9, probability=0.5,
)  # fmt: skip


def test_an_order_is_open_until_somebody_closes_it() -> None:
    assert ORDER.is_open
    assert not replace(ORDER, closed_ns=8, closed_by="J. Doe").is_open


@pytest.mark.parametrize("wrong", [{"opened_ns": 7}, {"due_ns": 4}, {"since_ns": 6}])
def test_times_out_of_order_are_refused(wrong) -> None:
    with pytest.raises(DataError, match="out of order"):
        replace(ORDER, **wrong)


@pytest.mark.parametrize("wrong", [{"closed_ns": 8}, {"closed_ns": 4, "closed_by": "J. Doe"}])
def test_nobody_closes_it_by_themselves_or_before_it_was_opened(wrong) -> None:
    with pytest.raises(DataError, match="closed by nobody, or before it was opened"):
        replace(ORDER, **wrong)


def test_a_cost_is_carried_on_to_a_day() -> None:
    assert DeratingCost(amount=6.0, currency="EUR", start_ns=0, horizon_h=23.0).per_day == pytest.approx(6.0 * 24 / 23)
