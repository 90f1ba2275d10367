"""What a project loses by capacity that is gone, year by year: finite differences of its net present value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.twin.lives import Lives
from battuta.twin.project_finance import project_finance
from battuta.twin.stress_tables import StressTables
from battuta.twin.study_flows import served_share
from battuta.twin.yearly_flows import YearlyFlows

if TYPE_CHECKING:
    from battuta.domain.finance_plan import FinancePlan

FlowsOf: TypeAlias = Callable[[Lives, FloatArray], YearlyFlows]
"""What lives bring, from their energies and the share of what is asked that they serve."""
LOST_SHARE = 0.01
"""Capacity that is taken away to see what it is worth. [-]"""
_REVENUE_SHARE = 0.01
_YEAR_D = 365
"""Days of a year of duty, as studies have them. [d]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class YearWorth:
    """What a year is worth to a project.

    Attributes
    ----------
    of_soh_capacity : ndarray, shape (n_lives, n_years)
        Net present value lost per share of capacity that is missing in that year alone. [currency]
    of_revenue : ndarray, shape (n_years,)
        Net present value gained per unit of revenue in that year, mean of the lives: discounted, taxed, lent on. [-]
    """

    of_soh_capacity: FloatArray
    of_revenue: FloatArray


def year_worth(plan: FinancePlan, lives: Lives, tables: StressTables, flows_of: FlowsOf) -> YearWorth:
    """Take a little capacity from all lives, and give them a little revenue, one year after the other.

    Nothing is walked anew: energies and what is served follow the tables, and the project is financed again.

    Parameters
    ----------
    plan : FinancePlan
        How the project is paid for.
    lives : Lives
        Lives of the study.
    tables : StressTables
        What their duty does by state of health.
    flows_of : callable
        What lives bring.

    Returns
    -------
    YearWorth
        The worth of each year.

    Raises
    ------
    DataError
        If more revenue is worth nothing in some year: then no loss can be told in its money.
    """
    kept = flows_of(lives, served_share(tables, lives))
    fewer = lives_less(lives, tables)
    less = flows_of(fewer, served_share(tables, fewer))
    before = project_finance(plan, kept).npv
    n_years = kept.revenue.shape[1]
    of_soh_capacity, of_revenue = np.empty(kept.revenue.shape), np.empty(n_years)
    extra = max(_REVENUE_SHARE * float(np.abs(kept.revenue).mean()), 1.0)
    for year in range(n_years):
        of_soh_capacity[:, year] = (before - project_finance(plan, _one_year(kept, less, year)).npv) / LOST_SHARE
        more = kept.revenue.copy()
        more[:, year] += extra
        of_revenue[year] = float(np.mean(project_finance(plan, replace(kept, revenue=more)).npv - before)) / extra
    if not np.all(of_revenue > 0.0):
        year = int(np.argmin(of_revenue)) + 1
        message = (
            f"more revenue in year {year} does not raise the net present value: a wear price has no money to be in"
        )
        raise DataError(message)
    return YearWorth(of_soh_capacity=of_soh_capacity, of_revenue=of_revenue)


def advance_cost(worth: YearWorth, lost: FloatArray, own: IntArray) -> FloatArray:
    """Cost of being a year further along the course of one cause, by the year of life in which that happens.

    Parameters
    ----------
    worth : YearWorth
        What capacity and revenue are worth.
    lost : ndarray, shape (n_lives, n_years + 1)
        Capacity lost by the cause. [-]
    own : ndarray of int, shape (n_own,)
        Lives over which the mean is taken.

    Returns
    -------
    ndarray, shape (n_years,)
        Cost in money of that year, half of it counted of the year itself, all of the later ones. [currency/a]

    Examples
    --------
    >>> worth = YearWorth(of_soh_capacity=np.full((1, 2), 1000.0), of_revenue=np.array([1.0, 0.5]))
    >>> advance_cost(worth, np.array([[0.0, 0.02, 0.03]]), np.array([0]))
    array([20., 10.])
    """
    by_year = (worth.of_soh_capacity * np.diff(lost, axis=1))[own].mean(axis=0)
    from_year = np.cumsum(by_year[::-1])[::-1] - 0.5 * by_year
    return from_year / worth.of_revenue


def lives_less(lives: Lives, tables: StressTables) -> Lives:
    """Lives with `LOST_SHARE` less capacity in all years, their energies by the slope of the tables."""
    if tables.soh_capacity.size < 2:
        message = "stress tables of one node of capacity do not say what less capacity does; walk at least two"
        raise DataError(message)
    of_day = tables.flows[:, :, : tables.n_days, :2]
    n_duties = duty_years(tables.n_days)
    yearly = of_day.reshape(*of_day.shape[:2], n_duties, -1, 2).sum(axis=3)
    slope = np.diff(yearly, axis=0) / np.diff(tables.soh_capacity)[:, np.newaxis, np.newaxis, np.newaxis]
    middle = 0.5 * (lives.soh_capacity[:, 1:] + lives.soh_capacity[:, :-1])
    at = np.clip(np.searchsorted(tables.soh_capacity, middle, side="right") - 1, 0, tables.soh_capacity.size - 2)
    resistance = 0.5 * (lives.soh_resistance[:, 1:] + lives.soh_resistance[:, :-1])
    nodes = tables.soh_resistance
    low = np.clip(np.searchsorted(nodes, resistance, side="right") - 1, 0, max(nodes.size - 2, 0))
    high = np.minimum(low + 1, nodes.size - 1)
    share = np.clip((resistance - nodes[low]) / np.where(high > low, nodes[high] - nodes[low], 1.0), 0.0, 1.0)
    turn = np.array([year % n_duties for year in range(middle.shape[1])], dtype=np.int64)
    duty = np.tile(turn, (middle.shape[0], 1))  # years of duty are lived in turn
    left, right = slope[at, low, duty], slope[at, high, duty]
    change = LOST_SHARE * ((1.0 - share[..., np.newaxis]) * left + share[..., np.newaxis] * right)
    return replace(
        lives,
        soh_capacity=np.maximum(lives.soh_capacity - LOST_SHARE, 0.0),
        discharged_mwh=np.maximum(lives.discharged_mwh - change[..., 0], 0.0),
        charged_mwh=np.maximum(lives.charged_mwh - change[..., 1], 0.0),
    )


def duty_years(n_days: int) -> int:
    """Years of duty that follow one another in days; 1 where they are no whole years of 365 days."""
    return n_days // _YEAR_D if n_days % _YEAR_D == 0 else 1


def mean_year(days: FloatArray, n_years: int) -> FloatArray:
    """Mean year of duties that a life goes through in turn, each by how often it comes.

    Parameters
    ----------
    days : ndarray, shape (n_days, ...)
        What each day of the years of duty does, one year after the other.
    n_years : int
        Years of life. [a]

    Returns
    -------
    ndarray, shape (n_days / n_duties, ...)
        A year as a life has them in the mean.

    Examples
    --------
    >>> mean_year(np.repeat([1.0, 4.0], 365), 3)[[0, 364]]
    array([2., 2.])
    """
    n_duties = duty_years(days.shape[0])
    if n_duties == 1:
        return days
    comes = np.bincount(np.arange(n_years) % n_duties, minlength=n_duties)
    return np.average(days.reshape(n_duties, -1, *days.shape[1:]), axis=0, weights=comes)


def _one_year(kept: YearlyFlows, less: YearlyFlows, year: int) -> YearlyFlows:
    """Flows in which one year alone is that of less capacity."""

    def mixed(whole: FloatArray, other: FloatArray) -> FloatArray:
        changed = whole.copy()
        changed[:, year] = other[:, year]
        return changed

    return YearlyFlows(
        revenue=mixed(kept.revenue, less.revenue),
        charging_cost=mixed(kept.charging_cost, less.charging_cost),
        variable_cost=mixed(kept.variable_cost, less.variable_cost),
        augmentation=mixed(kept.augmentation, less.augmentation),
        discharged_mwh=mixed(kept.discharged_mwh, less.discharged_mwh),
    )
