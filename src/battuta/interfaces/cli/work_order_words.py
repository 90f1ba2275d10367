"""A work order in words: what to do until when, what is held back until then, and what that costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from battuta.interfaces.cli.health_words import day_text

if TYPE_CHECKING:
    from battuta.domain.work_order import WorkOrder


def order_words(order: WorkOrder) -> list[str]:
    """Say an order in one line, and in a second one what it holds back.

    Parameters
    ----------
    order : WorkOrder
        The order.

    Returns
    -------
    list of str
        One or two lines.
    """
    from battuta.app.living_deratings import derating_words

    state = f"due {day_text(order.due_ns)}"
    if order.closed_ns is not None:
        state = f"closed {day_text(order.closed_ns)} by {order.closed_by}"
    lines = [f"{order.level.name.lower()}: {order.order_id}, opened {day_text(order.opened_ns)}, {state}"]
    if order.derating is None:
        return lines
    held = "held back" if order.is_open else "was held back"
    lines.append(f"  {held} to {derating_words(order.derating)}{_cost_words(order)}")
    return lines


def _cost_words(order: WorkOrder) -> str:
    """Say what a plan loses by it; a day is extrapolated unless the plan was of one."""
    cost = order.cost
    if cost is None:
        return ""
    told = f"; costs the plan of {day_text(cost.start_ns)} {cost.amount:,.2f} {cost.currency} in {cost.horizon_h:g} h"
    return f"{told}, extrapolated {cost.per_day:,.2f} {cost.currency} a day"
