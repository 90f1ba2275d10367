"""What a year of duty is like for a new battery: how its states are spread, how it cycles, what it loses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.duty_days import DutyDays
from battuta.physics.life_pack_walk import PackDays

SHARES = np.linspace(0.0, 1.0, 101)
"""Shares of the year at which `DutySummary` says how its states are spread."""
DEPTH_EDGES = np.array([0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
"""Edges between the depths by which cycles are counted. [-]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DutySummary:
    """A year of duty of a new battery.

    Attributes
    ----------
    soc, c_rate, temperature_c : ndarray, shape (101,)
        Value below which each hundredth of the year lies; of the rate discharge is positive. [-], [1/h], [degC]
    cycle_count : ndarray, shape (13,)
        Rainflow cycles of the year by depth, between `DEPTH_EDGES`. [-]
    cycle_share : ndarray, shape (13,)
        Share of the throughput that cycles of each depth move. [-]
    full_cycles : float
        Equivalent full cycles of the year. [-]
    full_cycles_per_day_max : float
        The same of its fullest day. [-]
    discharged_mwh, charged_mwh, auxiliary_mwh : float
        Delivered and drawn at the interconnection point, and used by auxiliaries. [MWh]
    shortfall_share : float
        Energy asked and not met over energy asked. [-]
    round_trip_efficiency : float
        Delivered over drawn at the interconnection point, auxiliaries included, the change of the store left out. [-]
    """

    soc: FloatArray
    c_rate: FloatArray
    temperature_c: FloatArray
    cycle_count: FloatArray
    cycle_share: FloatArray
    full_cycles: float
    full_cycles_per_day_max: float
    discharged_mwh: float
    charged_mwh: float
    auxiliary_mwh: float
    shortfall_share: float
    round_trip_efficiency: float


def duty_summary(walked: PackDays, cycles: DutyDays, asked_mwh: float) -> DutySummary:
    """Sum up a year.

    Parameters
    ----------
    walked : PackDays
        The year of a new battery.
    cycles : DutyDays
        Its days and counted cycles.
    asked_mwh : float
        Energy asked of it, both ways, magnitudes added. [MWh]

    Returns
    -------
    DutySummary
        The year in figures.
    """
    discharged, charged = float(walked.discharged_kwh.sum()) / 1e3, float(walked.charged_kwh.sum()) / 1e3
    moved = cycles.cycle_depth * cycles.cycle_count
    count, _ = np.histogram(cycles.cycle_depth, DEPTH_EDGES, weights=cycles.cycle_count)
    share, _ = np.histogram(cycles.cycle_depth, DEPTH_EDGES, weights=moved)
    missed = float(walked.shortfall_kwh.sum()) / 1e3
    return DutySummary(
        soc=np.quantile(walked.soc, SHARES),
        c_rate=np.quantile(walked.c_rate, SHARES),
        temperature_c=np.quantile(walked.temperature_c, SHARES),
        cycle_count=count.astype(np.float64),
        cycle_share=share / max(float(moved.sum()), 1e-12),
        full_cycles=float(walked.full_cycles.sum()),
        full_cycles_per_day_max=float(walked.full_cycles.max()),
        discharged_mwh=discharged,
        charged_mwh=charged,
        auxiliary_mwh=float(walked.auxiliary_kwh.sum()) / 1e3,
        shortfall_share=missed / asked_mwh if asked_mwh > 0.0 else 0.0,
        round_trip_efficiency=discharged / charged if charged > 0.0 else float("nan"),
    )
