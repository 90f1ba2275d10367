"""How cloudy it will be over a site, from how cloudy it was, what is usual at that hour, and a weather forecast."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.forecast.site_profile import DayGrid, FadingMeans, smoothed
from battuta.forecast.site_pv_envelope import Envelope
from battuta.forecast.site_regression import absolute_fit
from battuta.forecast.site_series import SiteSeries
from battuta.forecast.sky import ClearSky
from battuta.numerics.arrays import FloatArray, IntArray

N_OWN = 9
N_TERMS = N_OWN + 3
N_CLASSES = 6
SHARE_MAX = 1.3
"""Most that is expected of clear-sky power: light from the edges of clouds comes on top."""
_PRIOR_WEIGHT, _USUAL_SHARE = 0.15, 0.2
_WINDOWS_H = (24.0, 6.0, 1.0)
_SLOT_HALF_LIFE_DAYS, _SLOW_HALF_LIFE_DAYS = 10.0, 12.0
LEARN_DAYS = 200
_AGE_HALF_LIFE_DAYS = 25.0
_NOON_SHARE_MIN = 0.01
_RIDGE = 3e-3
_LOW_SUN, _FLOOR = 0.2, 0.03
_DULL, _BRIGHT = 0.35, 0.65
PRIOR: FloatArray = np.array([0.1, 0.2, 0.2, 0.1, 0.1, 0.0, 0.0, 0.1, 0.2, 0.0, 0.0, 0.0])
"""Weights of the terms in want of evidence."""


@dataclass(frozen=True, slots=True, eq=False)
class Clearness:
    """How much of the clear-sky power came, as it stood before each instant.

    Attributes
    ----------
    recent : ndarray, shape (n_times + 1, 5)
        Share of the last days, day, six hours and hour, and of the last interval's change; row i looks at intervals
        before number i. [-]
    slot : ndarray, shape (n_days, n_slots)
        Usual share at each time of day after each day. [-]
    same : ndarray, shape (n_days, n_slots)
        Share at that time of the last day on which it was measured. [-]
    """

    recent: FloatArray
    slot: FloatArray
    same: FloatArray


def clearness(series: SiteSeries, clear_kw: FloatArray, grid: DayGrid, highest_kw: float) -> Clearness:
    """Shares of clear-sky power that were delivered, over windows of many lengths.

    Parameters
    ----------
    series : SiteSeries
        PV power.
    clear_kw : ndarray, shape (n_times,)
        Power under a cloudless sky. [kW]
    grid : DayGrid
        The intervals by day and slot.
    highest_kw : float
        Highest clear-sky power of the year. [kW]

    Returns
    -------
    Clearness
        Each window leans on the longer one where the sun was low in it.
    """
    known = np.isfinite(series.values_kw)
    came, could = np.where(known, series.values_kw, 0.0), np.where(known, clear_kw, 0.0)
    n_slots = grid.last_index.shape[1]
    usual_kw = max(_USUAL_SHARE * highest_kw, 1e-9)
    at = np.arange(came.size + 1)
    slow = _fading_share(came, could, _SLOW_HALF_LIFE_DAYS * n_slots, usual_kw)
    total_came, total_could = (np.concatenate([[0.0], np.cumsum(each)]) for each in (came, could))
    columns, share = [slow], slow
    for window_h in _WINDOWS_H:
        n_window = max(round(window_h / 24.0 * n_slots), 1)
        start = np.maximum(at - n_window, 0)
        prior = _PRIOR_WEIGHT * usual_kw * n_window
        share = (total_came - total_came[start] + prior * share) / (total_could - total_could[start] + prior)
        columns.append(share)
    before = np.maximum(at - 1, 0)
    last = (total_came - total_came[before] + 0.3 * usual_kw * share) / (
        total_could - total_could[before] + 0.3 * usual_kw
    )
    columns.append(last - share)
    laid = [grid.laid(np.where(known, each, np.nan)) for each in (came, could)]
    walks = [FadingMeans((0.0, _SLOT_HALF_LIFE_DAYS), 1, n_slots).walk(each, _zeros(grid))[:, :, 0] for each in laid]
    last_came, last_could = (smoothed(np.nan_to_num(each[:, 0]), 1) for each in walks)
    slot_came, slot_could = (np.nan_to_num(each[:, 1]) for each in walks)
    day_share, floor = slow[grid.last_index[:, -1] + 1][:, None], 0.02 * usual_kw
    usual = (slot_came + floor * day_share) / (slot_could + floor)
    same = (last_came + 3.0 * floor * usual) / (last_could + 3.0 * floor)
    return Clearness(np.column_stack(columns), usual, same)


def weather_terms(sky: ClearSky, radiation_w_per_m2: FloatArray, cloud_cover: FloatArray) -> FloatArray:
    """Shares of clear-sky light that a weather forecast lets through, 0 where it says nothing, shape (n_times, 3).

    Parameters
    ----------
    sky : ClearSky
        The sky of the intervals.
    radiation_w_per_m2 : ndarray, shape (n_times,)
        Global radiation on level ground, NaN where unknown. [W/m2]
    cloud_cover : ndarray, shape (n_times,)
        Share of the sky under cloud, NaN where unknown. [-]
    """
    share = np.clip(radiation_w_per_m2 / np.maximum(sky.ghi_w_per_m2, 20.0), 0.0, 1.3)
    return np.column_stack([share, share * share, 1.0 - 0.75 * cloud_cover**3.4])


def own_terms(past: Clearness, start: IntArray, row: IntArray, slot: IntArray, sun: FloatArray) -> FloatArray:
    """Terms of intervals, as shares of clear-sky power, shape (n_times, n_own).

    Parameters
    ----------
    past : Clearness
        What came before.
    start : ndarray, shape (n_times,)
        Number of the interval before which the forecast was made.
    row, slot : ndarray, shape (n_times,)
        Day after which the usual share is looked at, and slot of the interval.
    sun : ndarray, shape (n_times,)
        Clear-sky power over the highest of it. [-]
    """
    recent = past.recent[start]
    at = np.clip(row, 0, past.slot.shape[0] - 1), slot
    return np.column_stack([np.ones(start.size), recent, 1.0 - sun, past.slot[at], past.same[at]])


@dataclass(frozen=True, slots=True, eq=False)
class PvPast:
    """The past of a site's panels, laid out for learning.

    Attributes
    ----------
    series : SiteSeries
        PV power.
    envelope : Envelope
        The panels.
    sky : ClearSky
        The sky of the intervals.
    weather : ndarray, shape (n_times, 3)
        What the weather forecast let through, NaN where it said nothing. [-]
    """

    series: SiteSeries
    envelope: Envelope
    sky: ClearSky
    weather: FloatArray
    grid: DayGrid
    clear_kw: FloatArray
    clearness: Clearness

    @classmethod
    def of(cls, series: SiteSeries, envelope: Envelope, sky: ClearSky, weather: FloatArray) -> PvPast:
        """Lay out the past."""
        grid, clear_kw = DayGrid.of(series), envelope.clear_kw(sky)
        return cls(
            series, envelope, sky, weather, grid, clear_kw, clearness(series, clear_kw, grid, float(clear_kw.max()))
        )

    @property
    def n_slots(self) -> int:
        """Slots of a day."""
        return int(self.grid.last_index.shape[1])

    @property
    def weight(self) -> FloatArray:
        """How much each interval counts, none by night and in the first days, shape (n_times,). [-]

        Errors of a day are measured by what a clear sky would bring at its noon, or in autumn the long past days of
        summer would tell how much to trust yesterday.
        """
        noon_kw = np.zeros(int(self.grid.day[-1]) + 1)
        np.maximum.at(noon_kw, self.grid.day, self.clear_kw)
        low = np.maximum(noon_kw / max(float(noon_kw.max()), 1e-9), _NOON_SHARE_MIN)
        age_days = self.grid.day[-1] - self.grid.day
        use = (self.clear_kw > 0.0) & (self.grid.day >= 2) & (age_days < LEARN_DAYS)
        return np.where(use, 0.5 ** (age_days / _AGE_HALF_LIFE_DAYS) / low[self.grid.day], 0.0)

    def terms(self, lead: int) -> FloatArray:
        """Own terms at a lead, NaN where they were not known by then, shape (n_times, n_own). [-]"""
        ago = 1 if lead <= self.n_slots else 2
        at = np.arange(self.clear_kw.size)
        row = self.grid.day - ago
        sun = self.clear_kw / max(float(self.clear_kw.max()), 1e-9)
        terms = own_terms(self.clearness, np.maximum(at - lead + 1, 0), row, self.grid.slot, sun)
        ended = self.grid.last_index[np.maximum(row, 0), self.grid.slot]
        terms[(row < 0) | (ended > at - lead)] = np.nan
        return terms


def learn(past: PvPast, nodes: IntArray, *, with_weather: bool) -> FloatArray:
    """Weights of the terms at each lead, shape (n_nodes, n_terms). [-]

    Parameters
    ----------
    past : PvPast
        The past of the panels.
    nodes : ndarray, shape (n_nodes,)
        Leads. [steps]
    with_weather : bool
        Whether the weather forecast is to be used.
    """
    weights = np.zeros((nodes.size, N_TERMS))
    weight, lit = past.weight, past.weight > 0.0
    n_terms = N_TERMS if with_weather else N_OWN
    for row, lead in enumerate(nodes.tolist()):
        terms = past.terms(lead)[lit]
        if with_weather:
            terms = np.column_stack([terms, past.weather[lit]])
        weights[row, :n_terms] = absolute_fit(
            terms * past.clear_kw[lit, None], past.series.values_kw[lit], weight[lit], _RIDGE, PRIOR[:n_terms]
        )
    return weights


def errors(past: PvPast, weights: FloatArray, nodes: IntArray, *, with_weather: bool) -> tuple[FloatArray, IntArray]:
    """What was missed at each lead over its usual size, and the class of each forecast.

    Parameters
    ----------
    past : PvPast
        The past of the panels.
    weights : ndarray, shape (n_nodes, n_terms)
        Weights of the terms at each lead. [-]
    nodes : ndarray, shape (n_nodes,)
        Leads. [steps]
    with_weather : bool
        Whether the weather forecast is used.

    Returns
    -------
    missed : ndarray, shape (n_nodes, n_times)
        Errors, NaN by night and where nothing was known. [-]
    number : ndarray, shape (n_nodes, n_times)
        Classes.
    """
    highest_kw = float(past.clear_kw.max())
    lit, size_kw = past.clear_kw > 0.0, usual_error_kw(past.clear_kw, highest_kw)
    missed = np.full((nodes.size, lit.size), np.nan)
    number = np.zeros(missed.shape, dtype=np.int64)
    for row, lead in enumerate(nodes.tolist()):
        terms = past.terms(lead)[lit]
        if with_weather:
            terms = np.column_stack([terms, past.weather[lit]])
        share = terms @ weights[row, : terms.shape[1]]
        middle_kw = np.clip(np.nan_to_num(share), 0.0, SHARE_MAX) * past.clear_kw[lit]
        came_kw = np.where(np.isfinite(share), past.series.values_kw[lit], np.nan)
        missed[row, lit] = (came_kw - middle_kw) / size_kw[lit]
        number[row, lit] = classes(middle_kw, past.clear_kw[lit], highest_kw)
    return missed, number


def usual_error_kw(clear_kw: FloatArray, highest_kw: float) -> FloatArray:
    """What errors are measured by: the clear-sky power, and a little where the sun is low, shape (n_times,). [kW]"""
    return np.maximum(clear_kw, _FLOOR * highest_kw)


def classes(middle_kw: FloatArray, clear_kw: FloatArray, highest_kw: float) -> IntArray:
    """Class of a forecast: dull, mixed or bright, under a low or a high sun.

    Examples
    --------
    >>> classes(np.array([1.0, 9.0]), np.array([10.0, 10.0]), 10.0).tolist()
    [3, 5]
    """
    share = middle_kw / np.maximum(clear_kw, 1e-9)
    high = clear_kw > _LOW_SUN * highest_kw
    return (share > _DULL).astype(np.int64) + (share > _BRIGHT) + 3 * high


def _fading_share(came: FloatArray, could: FloatArray, half_life_steps: float, usual_kw: float) -> FloatArray:
    """Share of clear-sky power over the past, old intervals fading; 1 before there is any, shape (n_times + 1,)."""
    keep = 0.5 ** (1.0 / half_life_steps)
    prior = usual_kw * half_life_steps * 0.02
    had, possible = 0.5 * prior, prior
    shares = [0.5]
    for kw, kw_max in zip(came.tolist(), could.tolist(), strict=True):
        had, possible = keep * had + kw, keep * possible + kw_max
        shares.append(had / possible)
    return np.array(shares)


def _zeros(grid: DayGrid) -> IntArray:
    n_days = int(grid.last_index.shape[0])
    return np.zeros((n_days,), dtype=np.int64)
