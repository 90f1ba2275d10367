"""Work orders as they are kept: bit for bit in a journal, and as a file that people and other software read."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeAlias, cast

from battuta.adapters.journal.reader import SegmentJournalReader
from battuta.app.result_file import write_result
from battuta.domain.errors import BattutaError, DataError
from battuta.domain.health import Derating, FaultClass, FindingLevel
from battuta.domain.time import from_ns
from battuta.domain.work_order import DeratingCost, WorkOrder
from battuta.ports.journal import JournalEvent

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None

FILE = "work_orders.json"
EVENTS = frozenset({"work_order.opened", "work_order.raised", "work_order.priced", "work_order.closed"})
_UNREADABLE = (LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)


def order_text(order: WorkOrder) -> str:
    """Write an order as JSON that `order_of` reads back without a difference."""
    left, cost = order.derating, order.cost
    kept: dict[str, Json] = {
        "order_id": order.order_id,
        "string_id": order.string_id,
        "cell": order.cell,
        "fault": order.fault.value,
        "level": int(order.level),
        "since_ns": order.since_ns,
        "opened_ns": order.opened_ns,
        "told_ns": order.told_ns,
        "due_ns": order.due_ns,
        "probability": order.probability,
        "evidence": dict(order.evidence),
        "days_to_limit": None if order.days_to_limit is None else list(order.days_to_limit),
        "derating": None if left is None else {
            "string_id": left.string_id,
            "power_share_max": left.power_share_max,
            "soc_min": left.soc_min,
            "soc_max": left.soc_max,
            "temperature_c_max": left.temperature_c_max,
            "reason": left.reason,
        },
        "cost": None if cost is None else {
            "amount": cost.amount,
            "currency": cost.currency,
            "start_ns": cost.start_ns,
            "horizon_h": cost.horizon_h,
        },
        "closed_ns": order.closed_ns,
        "closed_by": order.closed_by,
        "note": order.note,
    }  # fmt: skip
    return json.dumps(kept)


def order_of(text: str) -> WorkOrder:
    """Read an order that `order_text` wrote.

    Raises
    ------
    DataError
        If it is something else.
    """
    try:
        found = json.loads(text)
        left, cost, limit = found["derating"], found["cost"], found["days_to_limit"]
        return WorkOrder(
            order_id=str(found["order_id"]),
            string_id=str(found["string_id"]),
            cell=None if found["cell"] is None else int(found["cell"]),
            fault=FaultClass(found["fault"]),
            level=FindingLevel(found["level"]),
            since_ns=int(found["since_ns"]),
            opened_ns=int(found["opened_ns"]),
            told_ns=int(found["told_ns"]),
            due_ns=int(found["due_ns"]),
            probability=float(found["probability"]),
            evidence={str(name): float(value) for name, value in found["evidence"].items()},
            days_to_limit=None if limit is None else (float(limit[0]), float(limit[1]), float(limit[2])),
            derating=None if left is None else Derating(**left),
            cost=None if cost is None else DeratingCost(**cost),
            closed_ns=None if found["closed_ns"] is None else int(found["closed_ns"]),
            closed_by=str(found["closed_by"]),
            note=str(found["note"]),
        )
    except BattutaError:
        raise
    except _UNREADABLE as error:
        what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        message = f"a work order cannot be read ({what}); take the journal from a copy"
        raise DataError(message) from error


def kept_orders(journal: Path) -> tuple[WorkOrder, ...]:
    """Read all work orders of a journal as they stand at its end, oldest first.

    Parameters
    ----------
    journal : Path
        The journal, or the folder of the run that holds it.

    Returns
    -------
    tuple of WorkOrder
        Open ones and closed ones; what `battuta.services.work_orders.WorkBook.of` begins with.

    Raises
    ------
    DataError
        If there is no journal, it is damaged, or an order in it cannot be read.
    """
    inner = journal / "journal"
    orders: dict[str, WorkOrder] = {}
    for entry in SegmentJournalReader(inner if inner.is_dir() else journal):
        if isinstance(entry, JournalEvent) and entry.name in EVENTS:
            order = order_of(str(entry.fields["order"]))
            orders[order.order_id] = order
    return tuple(orders.values())


def order_json(order: WorkOrder) -> dict[str, Json]:
    """Write an order for people and other software: times as ISO 8601, what does not apply left out."""
    left, cost = order.derating, order.cost
    return {
        "id": order.order_id,
        "string": order.string_id,
        "cell": order.cell,
        "kind": order.fault.value,
        "level": order.level.name.lower(),
        "since": from_ns(order.since_ns).isoformat(),
        "opened": from_ns(order.opened_ns).isoformat(),
        "told": from_ns(order.told_ns).isoformat(),
        "due": from_ns(order.due_ns).isoformat(),
        "probability": order.probability,
        "evidence": dict(order.evidence),
        **({} if order.days_to_limit is None else {"days_to_limit": list(order.days_to_limit)}),
        **({} if left is None else {"derating": derating_json(left)}),
        **({} if cost is None else {"cost": cost_json(cost)}),
        **({} if order.closed_ns is None else _closed_json(order, order.closed_ns)),
    }


def derating_json(left: Derating) -> dict[str, Json]:
    """Write a derating; a temperature that does not matter is left out."""
    told: dict[str, Json] = {"power_share_max": left.power_share_max, "soc_min": left.soc_min, "soc_max": left.soc_max}
    if math.isfinite(left.temperature_c_max):
        told["temperature_c_max"] = left.temperature_c_max
    return {**told, "reason": left.reason}


def cost_json(cost: DeratingCost) -> dict[str, Json]:
    """Write what a derating costs, over the plan's horizon and extrapolated to a day."""
    return {
        "amount": cost.amount,
        "currency": cost.currency,
        "start": from_ns(cost.start_ns).isoformat(),
        "horizon_hours": cost.horizon_h,
        "extrapolated_per_day": cost.per_day,
    }


def write_orders(folder: Path, orders: Iterable[WorkOrder]) -> Path:
    """Write `work_orders.json` into the folder of a run, whole or not at all; returns where it is."""
    path = folder / FILE
    told: Mapping[str, list[dict[str, Json]]] = {"work_orders": [order_json(each) for each in orders]}
    write_result(path, json.dumps(told, indent=2).encode())
    return path


def _closed_json(order: WorkOrder, closed_ns: int) -> dict[str, Json]:
    note = {"note": cast("Json", order.note)} if order.note else {}
    return {"closed": from_ns(closed_ns).isoformat(), "closed_by": order.closed_by, **note}
