"""Learns a site's load from its past: weights of its means, how long an error lasts, and how far off all that was."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

import numpy as np

from battuta.forecast.site_load_terms import N_MEANS, PRIOR, LoadMeans
from battuta.forecast.site_profile import DayGrid, learned_kinds
from battuta.forecast.site_regression import absolute_fit
from battuta.forecast.site_series import SiteSeries
from battuta.forecast.week import weekdays
from battuta.numerics.arrays import FloatArray, IntArray

WINDOWS_DAYS = (1.0 / 96.0, 1.0 / 24.0, 1.0 / 6.0, 1.0, 7.0)
"""Over how long the errors are averaged that are carried on. [d]"""
N_CARRIED = len(WINDOWS_DAYS) + 2
ERROR_MAX = 6.0
"""Errors are carried on as if no larger than that many times their usual size."""
CARRY_DAYS = 180
_AGE_HALF_LIFE_DAYS = 120.0
_RIDGE = 1e-3
_CARRY_RIDGE = 3e-3


@dataclass(frozen=True, slots=True, eq=False)
class LoadWeights:
    """Weights of the terms a day and two days ahead, with and without temperature, and of errors carried on.

    Attributes
    ----------
    daily : ndarray, shape (2, n_terms)
        Weights where the temperature is known.
    without : ndarray, shape (2, n_means)
        Weights where it is not.
    widening : float
        How much larger errors are without temperature. [-]
    carried : ndarray, shape (n_nodes, n_carried)
        Shares of recent errors expected at each lead. [-]
    """

    daily: FloatArray
    without: FloatArray
    widening: float
    carried: FloatArray

    def daily_kw(self, terms: FloatArray, ahead: int) -> FloatArray:
        """Load that the terms make expect, before recent errors, shape (n_times,). [kW]

        Parameters
        ----------
        terms : ndarray, shape (n_times, n_terms)
            Terms of each interval; those of temperature NaN where it is unknown.
        ahead : int
            0 for up to a day ahead, 1 for more.
        """
        plain_kw: FloatArray = terms[:, :N_MEANS] @ self.without[ahead]
        known = np.all(np.isfinite(terms[:, N_MEANS:]), axis=1)
        with_kw: FloatArray = np.nan_to_num(terms) @ self.daily[ahead]
        return np.where(known, with_kw, plain_kw) + 0.0 * plain_kw


class LoadPast:
    """The past of a site, laid out for learning.

    Parameters
    ----------
    series : SiteSeries
        Load, doubtful values taken out.
    temperature_c : ndarray, shape (n_times,)
        Temperature, NaN where unknown. [degC]
    free_days : collection of date
        Holidays and closures.
    """

    def __init__(self, series: SiteSeries, temperature_c: FloatArray, free_days: Collection[date]) -> None:
        self.series, self.grid = series, DayGrid.of(series)
        laid_kw, laid_c = self.grid.laid(series.values_kw), self.grid.laid(temperature_c)
        all_days = self.grid.first_day + np.arange(laid_kw.shape[0], dtype=np.int64)
        # The last day may only have begun.
        self.kinds_name, kinds = learned_kinds(laid_kw[:-1], weekdays(all_days[:-1], free_days))
        self.means = LoadMeans(kinds, free_days, laid_kw.shape[1])
        self.walked = self.means.walk(self.grid.first_day, laid_kw[:-1], laid_c[:-1])
        day, slot = self.grid.first_day + self.grid.day, self.grid.slot
        self.terms = tuple(self.means.terms(self.walked, day, slot, day - ago, temperature_c) for ago in (1, 2))
        self.has_temperature = bool(np.any(np.nan_to_num(self.terms[0][:, N_MEANS:])))
        for ago, terms in zip((1, 2), self.terms, strict=True):
            terms[self.grid.day < ago + 1] = np.nan
        self.spread_kw = self.means.spread_kw(self.walked, day, slot, day - 2)
        self.weight = 0.5 ** ((self.grid.day[-1] - self.grid.day) / _AGE_HALF_LIFE_DAYS)

    @property
    def n_slots(self) -> int:
        """Slots of a day."""
        return int(self.grid.last_index.shape[1])

    def is_causal(self, lead: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Whether the day that the terms look back on had come to that slot when an interval was forecast."""
        ago = 1 if lead <= self.n_slots else 2
        ended = self.grid.last_index[np.maximum(self.grid.day - ago, 0), self.grid.slot]
        return (self.grid.day >= ago) & (ended <= np.arange(self.grid.day.size) - lead)

    def standard(self, weights: LoadWeights, ahead: int) -> FloatArray:
        """Errors of the daily terms over their usual size, shape (n_times,). [-]"""
        return (self.series.values_kw - weights.daily_kw(self.terms[ahead], ahead)) / self.spread_kw

    def carried(self, weights: LoadWeights) -> Callable[[int], FloatArray]:
        """Errors that were known when each interval was forecast at a lead, shape (n_times, n_carried). [-]"""
        standard = self.standard(weights, 0)
        daily_kw = [weights.daily_kw(self.terms[ahead], ahead) for ahead in (0, 1)]
        recent = recent_means(standard, self.n_slots)
        level_kw = latest(self.series.values_kw)
        laid = np.clip(np.nan_to_num(self.grid.laid(standard)), -ERROR_MAX, ERROR_MAX)
        same_slot = [laid[np.maximum(self.grid.day - ago, 0), self.grid.slot] for ago in (1, 2)]

        def at(lead: int) -> FloatArray:
            start = np.maximum(np.arange(standard.size) - lead + 1, 0)
            ahead = int(lead > self.n_slots)
            beyond = level_beyond(level_kw[start], daily_kw[ahead], self.spread_kw)
            return np.column_stack([recent[start], same_slot[ahead], beyond])

        return at

    def errors(self, weights: LoadWeights, nodes: IntArray) -> FloatArray:
        """What was missed at each lead, over its usual size, shape (n_nodes, n_times). [-]"""
        standard = tuple(self.standard(weights, ahead) for ahead in (0, 1))
        missed, carried = np.empty((nodes.size, standard[0].size)), self.carried(weights)
        for row, lead in enumerate(nodes.tolist()):
            ahead = int(lead > self.n_slots)
            missed[row] = standard[ahead] - carried(lead) @ weights.carried[row]
            missed[row, ~self.is_causal(lead)] = np.nan
        return missed


def latest(load_kw: FloatArray) -> FloatArray:
    """Last load measured before each instant, NaN before the first, shape (n_times + 1,). [kW]

    Examples
    --------
    >>> latest(np.array([5.0, np.nan]))
    array([nan,  5.,  5.])
    """
    place = np.maximum.accumulate(np.where(np.isfinite(load_kw), np.arange(load_kw.size), -1))
    return np.concatenate([[np.nan], np.where(place >= 0, load_kw[place], np.nan)])


def level_beyond(level_kw: FloatArray, daily_kw: FloatArray, spread_kw: FloatArray) -> FloatArray:
    """How far the last load lies from what is expected later, over the usual error: for sites that stay as they are.

    Parameters
    ----------
    level_kw : ndarray, shape (n_times,)
        Load measured last. [kW]
    daily_kw : ndarray, shape (n_times,)
        Load that the daily terms expect. [kW]
    spread_kw : ndarray, shape (n_times,)
        Usual error. [kW]

    Returns
    -------
    ndarray, shape (n_times,)
        The distance, 0 where it is unknown. [-]
    """
    return np.nan_to_num((level_kw - daily_kw) / spread_kw)


def recent_means(standard: FloatArray, n_slots: int) -> FloatArray:
    """Mean error of the last quarter-hour, hour, four hours, day and week before each instant, 0 where none is known.

    Parameters
    ----------
    standard : ndarray, shape (n_times,)
        Errors over their usual size, NaN where unknown. [-]
    n_slots : int
        Slots of a day.

    Returns
    -------
    ndarray, shape (n_times + 1, n_windows)
        Row i looks at intervals before number i. [-]
    """
    known = np.isfinite(standard)
    total = np.concatenate([[0.0], np.cumsum(np.clip(np.where(known, standard, 0.0), -ERROR_MAX, ERROR_MAX))])
    count = np.concatenate([[0], np.cumsum(known)])
    at = np.arange(standard.size + 1)
    means = np.empty((at.size, len(WINDOWS_DAYS)))
    for column, days in enumerate(WINDOWS_DAYS):
        start = np.maximum(at - max(round(days * n_slots), 1), 0)
        means[:, column] = (total - total[start]) / np.maximum(count - count[start], 1)
    return means


def learn(past: LoadPast, nodes: IntArray) -> LoadWeights:
    """Weights that would have missed by least.

    Parameters
    ----------
    past : LoadPast
        The past of a site.
    nodes : ndarray, shape (n_nodes,)
        Leads at which shares of recent errors are learned. [steps]

    Returns
    -------
    LoadWeights
        The weights.
    """
    load_kw, weight = past.series.values_kw, past.weight
    daily = np.stack([absolute_fit(terms, load_kw, weight, _RIDGE, PRIOR) for terms in past.terms])
    means = [terms[:, :N_MEANS] for terms in past.terms]
    without = daily[:, :N_MEANS]
    if past.has_temperature:
        without = np.stack([absolute_fit(each, load_kw, weight, _RIDGE, PRIOR[:N_MEANS]) for each in means])
    weights = LoadWeights(daily, without, 1.0, np.zeros((nodes.size, N_CARRIED)))
    standard = tuple(past.standard(weights, ahead) for ahead in (0, 1))
    carried, recent = past.carried(weights), past.grid.day > past.grid.day[-1] - CARRY_DAYS
    for row, lead in enumerate(nodes.tolist()):
        target = standard[int(lead > past.n_slots)][recent]
        of_use = (past.weight * past.spread_kw * past.is_causal(lead))[recent]
        weights.carried[row] = absolute_fit(carried(lead)[recent], target, of_use, _CARRY_RIDGE)
    return LoadWeights(daily, without, _widening(past, weights), weights.carried)


def _widening(past: LoadPast, weights: LoadWeights) -> float:
    """How much larger errors are without temperature, at least a tenth where it tells anything."""
    known = np.all(np.isfinite(past.terms[0]), axis=1) & np.isfinite(past.series.values_kw)
    if not known.any() or not past.has_temperature:
        return 1.0
    load_kw, terms = past.series.values_kw[known], past.terms[0][known]
    with_c = float(np.abs(load_kw - terms @ weights.daily[0]).mean())
    without_c = float(np.abs(load_kw - terms[:, :N_MEANS] @ weights.without[0]).mean())
    return max(without_c / max(with_c, 1e-9), 1.1)
