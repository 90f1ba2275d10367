"""Figures of failures and incidents of a study: read by its report and its annex alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.failures import FailureClass
from battuta.numerics.arrays import FloatArray
from battuta.studies.life_study_result import LifeStudyResult
from battuta.twin.failures import DAYS_PER_YEAR, share_lost
from battuta.twin.yearly_flows import YearlyFlows

_SHARES = (0.5, 0.1, 0.01)


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureFigures:
    """One class of failure, means of all lives and years.

    Attributes
    ----------
    failure : FailureClass
        What was asked.
    n_units : int
        How many units may fail. [-]
    share_lost : float
        Share of the power that one event takes. [-]
    events_per_year : float
        Events of the site. [1/a]
    lost_share : float
        Share of the power that the class alone takes. [-]
    repair_cost : float
        Repairs of a year, nominal. [currency/a]
    """

    failure: FailureClass
    n_units: int
    share_lost: float
    events_per_year: float
    lost_share: float
    repair_cost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AvailabilityFigures:
    """How much of the time the battery is there.

    Attributes
    ----------
    year, life : tuple of float
        P50, P90 and P99 of a year, and of the mean of a life: what half, nine tenths and 99 % have at least. [-]
    mean : float
        Of all. [-]
    cost : tuple of float
        P50, P90 and P99 of repairs, premium and what is not insured in all years of a life: what is not exceeded in as
        many lives; nominal. [currency]
    """

    year: tuple[float, ...]
    life: tuple[float, ...]
    mean: float
    cost: tuple[float, ...]


def failure_figures(result: LifeStudyResult) -> tuple[FailureFigures, ...]:
    """Figures of each class of failure; none where the study names none."""
    drawn = None if result.losses is None else result.losses.failures
    if drawn is None:
        return ()
    battery = result.study.battery
    return tuple(
        FailureFigures(
            failure=each,
            n_units=battery.n_units(each.unit),
            share_lost=share_lost(each, battery),
            events_per_year=float(drawn.events[k].mean()),
            lost_share=float(drawn.lost_share_of_class[k].mean()),
            repair_cost=float(drawn.repair_cost[k].mean()),
        )
        for k, each in enumerate(drawn.classes)
    )


def availability_figures(result: LifeStudyResult) -> AvailabilityFigures:
    """Figures of the availability as drawn, with what failures and incidents take."""
    there, losses = result.years.availability, result.losses
    cost: FloatArray = np.zeros(there.shape) if losses is None else losses.cost
    return AvailabilityFigures(
        year=tuple(float(np.quantile(there, each)) for each in _SHARES),
        life=tuple(float(np.quantile(there.mean(axis=1), each)) for each in _SHARES),
        mean=float(there.mean()),
        cost=tuple(float(np.quantile(cost.sum(axis=1), 1.0 - each)) for each in _SHARES),
    )


def earned_per_day(flows: YearlyFlows, result: LifeStudyResult) -> float:
    """Revenue less charging of a day on which the battery is there, mean of all lives and years. [currency/d]"""
    net = float((flows.revenue - flows.charging_cost).sum())
    return net / (float(result.years.availability.sum()) * DAYS_PER_YEAR)
