"""What it costs to exchange each module on each visit, or never: work, failures before, standstill, false alarms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from battuta.health.maintenance_risk import FailureRisk
from battuta.health.maintenance_settings import DAYS_PER_YEAR, MaintenanceSettings
from battuta.health.maintenance_visits import Visit
from battuta.numerics.arrays import BoolArray, FloatArray


class Reserve(StrEnum):
    """Whether a module lies ready for a failure that nobody planned."""

    NONE = "none"
    """No: each failure waits for delivery."""
    KEPT = "kept"
    """One of the stock is kept back."""
    ORDERED = "ordered"
    """One more is ordered today."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VisitCosts:
    """Expected present costs of each module; columns are visits, the last is never.

    Attributes
    ----------
    exchange : ndarray, shape (n_modules, n_visits + 1)
        Module and standstill of the planned exchange, less what a sound one is still worth. [currency]
    failure : ndarray, shape (n_modules, n_visits + 1)
        Call-out, module, damage and standstill of a failure before that. [currency]
    waiting : ndarray, shape (n_modules, n_visits + 1)
        Energy held back until then. [currency]
    fixed : ndarray, shape (n_visits,)
        Of each visit, if anything is done on it. [currency]
    reserve : float
        Of the spare that is kept ready. [currency]
    """

    exchange: FloatArray
    failure: FloatArray
    waiting: FloatArray
    fixed: FloatArray
    reserve: float

    @property
    def total(self) -> FloatArray:
        """Sum of the three, shape (n_modules, n_visits + 1). [currency]"""
        return self.exchange + self.failure + self.waiting


def down_days(reserve: Reserve, settings: MaintenanceSettings) -> FloatArray:
    """How long a string stands still after a failure on each day.

    Parameters
    ----------
    reserve : Reserve
        What lies ready.
    settings : MaintenanceSettings
        Lead time, time to respond, horizon.

    Returns
    -------
    ndarray, shape (n_days,)
        Standstill. [d]

    Examples
    --------
    >>> settings = MaintenanceSettings(lead_days=3, response_days=1, horizon_days=5)
    >>> down_days(Reserve.ORDERED, settings)
    array([3., 2., 1., 1., 1.])
    >>> down_days(Reserve.NONE, settings)[0], down_days(Reserve.KEPT, settings)[0]
    (np.float64(3.0), np.float64(1.0))
    """
    day = np.arange(float(settings.horizon_days))
    waits = {
        Reserve.NONE: np.full_like(day, settings.lead_days),
        Reserve.KEPT: np.zeros_like(day),
        Reserve.ORDERED: settings.lead_days - day,
    }
    return np.maximum(waits[reserve], settings.response_days)


def visit_costs(
    risk: FailureRisk,
    is_derated: BoolArray,
    visits: Sequence[Visit],
    settings: MaintenanceSettings,
    reserve: Reserve = Reserve.NONE,
    damage_cost: FloatArray | None = None,
) -> VisitCosts:
    """Expected present cost of each module on each visit.

    Parameters
    ----------
    risk : FailureRisk
        When modules fail.
    is_derated : ndarray of bool, shape (n_modules,)
        True where the string is held back until the exchange.
    visits : sequence of Visit
        Days that can be chosen.
    settings : MaintenanceSettings
        Costs.
    reserve : Reserve
        What lies ready for failures.
    damage_cost : ndarray, shape (n_modules,), or None
        What a failure of each spoils besides; that of the settings if left out. [currency]

    Returns
    -------
    VisitCosts
        Costs; the last column is never.
    """
    n_days = settings.horizon_days
    middle = settings.discount(np.arange(0.5, n_days))
    at = np.array([*(visit.day for visit in visits), n_days])
    energy = settings.energy_value_per_day
    spoiled = np.full(risk.real.shape, settings.damage_cost) if damage_cost is None else damage_cost
    once = settings.call_out_cost + settings.module_cost + spoiled[:, None]
    failed = middle * (once + settings.lost_share_failed * energy * down_days(reserve, settings))
    held_back = np.where(is_derated, settings.lost_share_suspect * energy, 0.0)[:, None]
    gone = _until(risk.failing)
    alive = 1.0 - gone[:, at]
    exchanged = alive * (settings.module_cost + settings.module_h / 24.0 * energy)
    exchanged -= (1.0 - risk.real[:, None]) * settings.salvage
    exchanged[:, -1] = 0.0
    keeping = settings.module_cost * settings.spare_share_per_year * float(middle.sum()) / DAYS_PER_YEAR
    return VisitCosts(
        exchange=settings.discount(at) * exchanged,
        failure=_until(risk.failing * failed)[:, at],
        waiting=(held_back * _until((1.0 - 0.5 * (gone[:, 1:] + gone[:, :-1])) * middle))[:, at],
        fixed=np.array([visit.cost for visit in visits]) * settings.discount(at[:-1]),
        reserve=keeping if reserve is Reserve.ORDERED else 0.0,
    )


def _until(each_day: FloatArray) -> FloatArray:
    """Sums of all days before each, shape (n_modules, n_days + 1)."""
    return np.concatenate((np.zeros((each_day.shape[0], 1)), np.cumsum(each_day, axis=1)), axis=1)
