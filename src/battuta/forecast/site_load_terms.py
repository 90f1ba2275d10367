"""Terms of a load forecast: what days of that kind brought, how it spreads, and the weather it was brought under."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np

from battuta.forecast.site_profile import FadingMeans, smoothed
from battuta.forecast.week import weekdays
from battuta.numerics.arrays import FloatArray, IntArray

HALF_LIVES_DAYS = (0.0, 1.5, 8.0, 25.0)
N_MEANS = len(HALF_LIVES_DAYS) + 2
N_TERMS = N_MEANS + 4
PRIOR: FloatArray = np.array([0.1, 0.2, 0.2, 0.1, 0.2, 0.2, 0.0, 0.0, 0.0, 0.0])
"""Weights of the terms in want of evidence."""
_USUAL = 2
_WEEKLY_HALF_LIFE_DAYS = 3.0
_SPREAD_HALF_LIFE_DAYS = 10.0
_HEATING_BELOW_C, _COOLING_ABOVE_C = 15.0, 20.0
_SPREAD_FLOOR = 0.15
_N_BESIDE = 3


def degrees_k(temperature_c: FloatArray) -> FloatArray:
    """How much colder than 15 degC and warmer than 20 degC it is, shape (2, ...). [K]

    Examples
    --------
    >>> degrees_k(np.array([5.0, 18.0, 30.0])).tolist()
    [[10.0, 0.0, 0.0], [0.0, 0.0, 10.0]]
    """
    return np.stack([
        np.maximum(_HEATING_BELOW_C - temperature_c, 0.0), np.maximum(temperature_c - _COOLING_ABOVE_C, 0.0)
    ])  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class WalkedMeans:
    """What was usual after each of some days in a row.

    Attributes
    ----------
    first_day : int
        Local date of row 0, in days since 1970-01-01.
    load_kw : ndarray, shape (n_days, n_half_lives, n_kinds, n_slots)
        Means of load by kind of day. [kW]
    weekly_kw : ndarray, shape (n_days, 7, n_slots)
        Means of load by day of the week. [kW]
    spread_kw : ndarray, shape (n_days, n_kinds, n_slots)
        Usual distance from the usual load. [kW]
    degrees_k : ndarray, shape (n_days, 2, n_kinds, n_slots)
        Means of heating and cooling degrees. [K]
    """

    first_day: int
    load_kw: FloatArray
    weekly_kw: FloatArray
    spread_kw: FloatArray
    degrees_k: FloatArray

    def row(self, day: IntArray) -> IntArray:
        """Row of each day, the last one where it is still to come."""
        return np.clip(day - self.first_day, 0, self.load_kw.shape[0] - 1)

    def tail(self, n_days: int) -> WalkedMeans:
        """Return the last days of it."""
        n_left = max(self.load_kw.shape[0] - n_days, 0)
        return WalkedMeans(
            self.first_day + n_left, self.load_kw[n_left:].copy(), self.weekly_kw[n_left:].copy(),
            self.spread_kw[n_left:].copy(), self.degrees_k[n_left:].copy(),
        )  # fmt: skip

    def joined(self, later: WalkedMeans) -> WalkedMeans:
        """Return it with the days that follow."""
        return WalkedMeans(
            self.first_day, np.concatenate([self.load_kw, later.load_kw]),
            np.concatenate([self.weekly_kw, later.weekly_kw]), np.concatenate([self.spread_kw, later.spread_kw]),
            np.concatenate([self.degrees_k, later.degrees_k]),
        )  # fmt: skip


class LoadMeans:
    """Means of a site by kind of day, moved on day by day.

    Parameters
    ----------
    kind_of_weekday : ndarray, shape (7,)
        Kind of each day of the week.
    free_days : collection of date
        Holidays and closures.
    n_slots : int
        Slots of a day.
    """

    def __init__(self, kind_of_weekday: IntArray, free_days: Collection[date], n_slots: int) -> None:
        self.kind_of_weekday, self.free_days = kind_of_weekday, free_days
        n_kinds = int(kind_of_weekday.max()) + 1
        self._load = FadingMeans(HALF_LIVES_DAYS, n_kinds, n_slots)
        self._weekly = FadingMeans((_WEEKLY_HALF_LIFE_DAYS,), 7, n_slots)
        self._spread = FadingMeans((_SPREAD_HALF_LIFE_DAYS,), n_kinds, n_slots)
        self._heating = FadingMeans(HALF_LIVES_DAYS[_USUAL : _USUAL + 1], n_kinds, n_slots)
        self._cooling = FadingMeans(HALF_LIVES_DAYS[_USUAL : _USUAL + 1], n_kinds, n_slots)

    def copy(self) -> LoadMeans:
        """Return the same means, to be moved on alone."""
        twin = LoadMeans(self.kind_of_weekday, self.free_days, 1)
        twin._load, twin._weekly, twin._spread = self._load.copy(), self._weekly.copy(), self._spread.copy()
        twin._heating, twin._cooling = self._heating.copy(), self._cooling.copy()
        return twin

    def walk(self, first_day: int, load_kw: FloatArray, temperature_c: FloatArray) -> WalkedMeans:
        """Take days one after the other.

        Parameters
        ----------
        first_day : int
            Local date of the first, in days since 1970-01-01.
        load_kw : ndarray, shape (n_days, n_slots)
            Load, NaN where missing. [kW]
        temperature_c : ndarray, shape (n_days, n_slots)
            Temperature, NaN where unknown. [degC]

        Returns
        -------
        WalkedMeans
            What was usual after each.
        """
        weekday = weekdays(first_day + np.arange(load_kw.shape[0], dtype=np.int64), self.free_days)
        kind = self.kind_of_weekday[weekday]
        before = self._load.means()[_USUAL]
        load = self._load.walk(load_kw, kind)
        usual = np.concatenate([before[None], load[:-1, _USUAL]])[np.arange(kind.size), kind]
        spread = self._spread.walk(np.abs(load_kw - usual), kind)[:, 0]
        heating, cooling = degrees_k(temperature_c)
        degrees = np.stack([self._heating.walk(heating, kind)[:, 0], self._cooling.walk(cooling, kind)[:, 0]], axis=1)
        return WalkedMeans(first_day, load, self._weekly.walk(load_kw, weekday)[:, 0], spread, degrees)

    def terms(
        self, walked: WalkedMeans, day: IntArray, slot: IntArray, source: IntArray, temperature_c: FloatArray
    ) -> FloatArray:
        """Terms of intervals, from what was usual after a day before each.

        Parameters
        ----------
        walked : WalkedMeans
            What was usual after each day.
        day, slot : ndarray, shape (n_times,)
            Local date, in days since 1970-01-01, and slot of each interval.
        source : ndarray, shape (n_times,)
            Date after which to look.
        temperature_c : ndarray, shape (n_times,)
            Temperature expected, NaN where unknown. [degC]

        Returns
        -------
        ndarray, shape (n_times, n_terms)
            Means of load [kW], then heating and cooling beyond the usual on working and on other days [K]; a kind of
            day that was never seen looks like the mean of the others.
        """
        weekday = weekdays(day, self.free_days)
        kind, row = self.kind_of_weekday[weekday], walked.row(source)
        usual_kw = smoothed(walked.load_kw[:, _USUAL], 2)
        terms = np.zeros((day.size, N_TERMS))
        terms[:, : N_MEANS - 2] = walked.load_kw[row, :, kind, slot]
        terms[:, N_MEANS - 2] = usual_kw[row, kind, slot]
        terms[:, N_MEANS - 1] = walked.weekly_kw[row, weekday, slot]
        unseen = ~np.isfinite(terms[:, _USUAL])
        if unseen.any():
            terms[unseen, : N_MEANS - 1] = _mean_of(walked.load_kw[row[unseen], _USUAL, :, slot[unseen]])[:, None]
        fresh = ~np.isfinite(terms[:, N_MEANS - 1])
        terms[fresh, N_MEANS - 1] = terms[fresh, _USUAL]
        beyond = degrees_k(temperature_c) - walked.degrees_k[row, :, kind, slot].T
        works = kind == self.kind_of_weekday[1]
        for place, each in enumerate((*np.where(works, beyond, 0.0), *np.where(works, 0.0, beyond))):
            terms[:, N_MEANS + place] = each
        return terms

    def spread_kw(self, walked: WalkedMeans, day: IntArray, slot: IntArray, source: IntArray) -> FloatArray:
        """Usual distance of load from what is usual, never 0, shape (n_times,). [kW]

        Parameters
        ----------
        walked : WalkedMeans
            What was usual after each day.
        day, slot : ndarray, shape (n_times,)
            Local date, in days since 1970-01-01, and slot of each interval.
        source : ndarray, shape (n_times,)
            Date after which to look.
        """
        kind, row = self.kind_of_weekday[weekdays(day, self.free_days)], walked.row(source)
        smooth = smoothed(walked.spread_kw, _N_BESIDE)
        overall = _mean_of(_mean_of(smooth))
        floor = _SPREAD_FLOOR * np.nan_to_num(overall, nan=0.0) + 1e-9
        level = _mean_of(walked.load_kw[:, _USUAL].reshape(walked.load_kw.shape[0], -1))
        spread = smooth[row, kind, slot]
        spread = np.where(np.isfinite(spread), spread, np.nan_to_num(0.2 * level[row], nan=1.0))
        return np.maximum(spread, np.maximum(floor[row], 1e-3 * np.nan_to_num(level[row], nan=1.0)))


def _mean_of(values: FloatArray) -> FloatArray:
    """Mean over the last axis of what is known, NaN where nothing is."""
    known = np.isfinite(values)
    count = known.sum(axis=-1)
    total = np.where(known, values, 0.0).sum(axis=-1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
