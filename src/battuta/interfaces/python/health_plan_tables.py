"""A maintenance plan as a table, one row for each suspect module."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

import polars as pl

from battuta.health.maintenance import MaintenancePlan

_SOON_DAYS = 365
_SCHEMA = {
    "string": pl.String,
    "module": pl.Int64,
    "cells": pl.String,
    "probability": pl.Float64,
    "fails_within_year": pl.Float64,
    "fails_within_horizon": pl.Float64,
    "visit": pl.String,
    "cost": pl.Float64,
    "cost_never": pl.Float64,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleRow:
    """A suspect module and what becomes of it.

    Attributes
    ----------
    string_id : str
        Its string.
    module : int
        Its number, from 0.
    cells : tuple of int
        Cells with findings.
    probability : float
        That one of them is real. [-]
    fails_within_year, fails_within_horizon : float
        Chance that it fails, if it is left. [-]
    visit : str or None
        Day on which it is exchanged, None for never.
    cost : float
        Expected present cost of that, its visit not counted. [currency]
    cost_never : float
        The same were it left. [currency]
    """

    string_id: str
    module: int
    cells: tuple[int, ...]
    probability: float
    fails_within_year: float
    fails_within_horizon: float
    visit: str | None
    cost: float
    cost_never: float


def module_rows(plan: MaintenancePlan) -> Iterator[ModuleRow]:
    """Say for each suspect module what becomes of it, the earliest visit first.

    Parameters
    ----------
    plan : MaintenancePlan
        The plan.

    Yields
    ------
    ModuleRow
        A module.
    """
    total = plan.costs.total
    risk = plan.suspects.risk
    soon = 1.0 - risk.alive(min(_SOON_DAYS, plan.settings.horizon_days))
    ever = 1.0 - risk.alive(plan.settings.horizon_days)
    for row in sorted(range(len(plan.suspects.modules)), key=lambda each: int(plan.best.chosen[each])):
        suspect, visit = plan.suspects.modules[row], plan.visit_of(row)
        yield ModuleRow(
            string_id=suspect.string_id,
            module=suspect.module,
            cells=tuple(each.cell for each in suspect.findings if each.cell is not None),
            probability=float(risk.real[row]),
            fails_within_year=float(soon[row]),
            fails_within_horizon=float(ever[row]),
            visit=None if visit is None else visit.on.isoformat(),
            cost=float(total[row, plan.best.chosen[row]]),
            cost_never=float(total[row, -1]),
        )


def modules_frame(plan: MaintenancePlan) -> pl.DataFrame:
    """Lay the modules of a plan out as a table.

    Parameters
    ----------
    plan : MaintenancePlan
        The plan.

    Returns
    -------
    polars.DataFrame
        Columns ``string, module, cells, probability, fails_within_year, fails_within_horizon, visit, cost`` and
        ``cost_never``; the visit is null for never.
    """
    rows = [
        {**asdict(each), "string": each.string_id, "cells": ", ".join(map(str, each.cells))}
        for each in module_rows(plan)
    ]
    frame = pl.DataFrame(rows, schema=_SCHEMA)
    return frame.with_columns(pl.col("visit").str.to_date("%Y-%m-%d"))
