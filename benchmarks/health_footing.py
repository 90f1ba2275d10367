"""Every rule and we on the same footing: the same strings, limits chosen elsewhere, the same way of counting."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from figures import Figure
from health_lives import Life, cell_years_of, delay_days
from health_operator import false_cells, rates

from battuta.domain.health import FindingLevel
from battuta.numerics.arrays import FloatArray, IntArray

FALSE_PER_CELL_YEAR_GENEROUS = 0.01
"""False alarms per cell and year that the generous limit of a rule may give: 1000 per 100 MWh."""
IN_DAYS = 30
"""Days in which a constant leak has to be named."""
LIMITS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "bms": (0.5, 0.5),
        "z_score": (47.2, 8.84),
        "cusum": (3240.0, 877.0),
        "isolation_forest": (0.824, 0.748),
        "resistance_band": (0.981, 0.216),
    }
)
"""Strict and generous limit of each rule, by `chosen_limits` on the 24 strings and 300 days of the fleet of seed 0."""
FOOTINGS = ("strict", "generous")


def chosen_limits(healthy: Sequence[Life]) -> dict[str, tuple[float, float]]:
    """Choose the limits of rules by the highest score of each healthy cell.

    Returns
    -------
    dict of str to tuple of float
        Strict, which no healthy cell went above, and generous, which as many did as may.
    """
    n_may = int(FALSE_PER_CELL_YEAR_GENEROUS * cell_years_of(healthy))
    limits: dict[str, tuple[float, float]] = {}
    for name in healthy[0].scores:
        if name == "bms":
            limits[name] = LIMITS[name]
            continue
        peaks = np.sort(np.concatenate([life.scores[name].max(axis=0) for life in healthy]))[::-1]
        limits[name] = (float(peaks[0]), float(peaks[min(n_may, peaks.size - 1)]))
    return limits


def risen_days(scores: FloatArray, limit: float) -> IntArray:
    """Days on which the scores of a cell, shape (n_days,), rose above a limit.

    Examples
    --------
    >>> risen_days(np.array([0.0, 2.0, 3.0, 0.0, 2.0]), 1.0).tolist()
    [1, 4]
    """
    above = scores > limit
    return np.flatnonzero(above & ~np.concatenate(([False], above[:-1])))


def rule_delay_days(life: Life, name: str, limit: float) -> float:
    """Days from the beginning of the fault to the alarm for its cell, infinite if there is none, as `delay_days`."""
    fault = life.fault
    if fault is None:
        return math.inf
    days = risen_days(life.scores[name][:, fault.cell], limit) + 1 - fault.start_day
    return float(min(days[days > 0], default=math.inf))


def side_by_side(
    healthy: Sequence[Life], faulty: Sequence[Life], limits: Mapping[str, tuple[float, float]]
) -> list[Figure]:
    """False alarms and what is found: each rule by both of its limits, and we by both of our levels."""
    cell_years = cell_years_of(healthy)
    figures: list[Figure] = []
    for level in (FindingLevel.WATCH, FindingLevel.ACT):
        delays = [delay_days(life, level) for life in faulty]
        figures += footing(f"battuta_{level.name.lower()}", false_cells(healthy, level), cell_years, faulty, delays)
    for name in healthy[0].scores:
        for footing_name, limit in zip(FOOTINGS, limits[name], strict=True):
            false = sum(int((life.scores[name].max(axis=0) > limit).sum()) for life in healthy)
            delays = [rule_delay_days(life, name, limit) for life in faulty]
            full_name = name if name == "bms" else f"{name}_{footing_name}"
            figures += footing(full_name, false, cell_years, faulty, delays)
            if name == "bms":
                break
    return figures


def footing(
    name: str, n_false: int, cell_years: float, faulty: Sequence[Life], delays: Sequence[float]
) -> list[Figure]:
    """Figures of one way of watching."""
    by_kind: dict[str, list[float]] = {}
    for life, delay in zip(faulty, delays, strict=True):
        if life.planted is not None:
            by_kind.setdefault(life.planted.name, []).append(delay)
    leaks = by_kind.get("leak_100_ohm", [])
    rises = by_kind.get("resistance_20_percent", [])
    return [
        Figure(name=f"{name}_false_per_100_mwh_year", value=rates(n_false, cell_years)[0], unit="1/year"),
        Figure(
            name=f"{name}_leak_100_ohm_in_{IN_DAYS}_d",
            value=float(np.mean([each <= IN_DAYS for each in leaks])) if leaks else "not run",
            unit="-",
        ),
        Figure(
            name=f"{name}_resistance_20_percent_found",
            value=float(np.mean(np.isfinite(rises))) if rises else "not run",
            unit="-",
        ),
        Figure(name=f"{name}_found_share", value=float(np.mean(np.isfinite(delays))) if delays else 0.0, unit="-"),
    ]
