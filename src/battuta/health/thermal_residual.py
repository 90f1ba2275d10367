"""How much warmer each temperature sensor is than its string's own past, the same heat and the same outdoors given.

What all sensors share is outdoors and cooling; how a place differs from it is learned over four weeks: a distance, a
share of the heat of the current through the two thermal nodes of the string, and a share of the common mode. A day's
residual is what that does not explain.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from battuta.health.string_kernels import middle_of_string
from battuta.health.string_resistance import factor_at
from battuta.health.temperature_checks import HIGH_C, LOW_C
from battuta.health.thermal_residual_fit import (
    BIN_S,
    N_BINS,
    USUAL_S,
    DayBins,
    ThermalNodes,
    fit_nodes,
    lagged_heat,
    outdoors,
    without,
)
from battuta.health.thermal_residual_kernels import mean_sensors
from battuta.numerics.arrays import FloatArray, IntArray

PAST_DAYS, PAST_DAYS_MIN, LATELY_DAYS = 28, 5, 3
"""Days that are learned from, and how many there have to be; the last three before a day are not among them, so that
what has just begun is not taken for usual."""
FIT_DAYS = (5, 10, 20, 28)
"""After so many days, and then after each four weeks, the nodes are found anew."""
BINS_MIN = 36
"""A quarter of a day has to be known. [-]"""
GAP_BINS, SETTLING_BINS = 3, 24
"""A current unknown for longer than this leaves the warmth of cells unknown for four hours after it. [-]"""
_PRIOR = np.array([5.0, 10.0, 10.0, 0.2])
"""How far places may differ: distance [K], through either lag [K h^2], share of the common mode. [-]"""
_LASTING_BINS = 12.0
"""Noise of places lasts two hours. [-]"""
_SENSOR_K = 0.05
"""Deviation of a mean of ten minutes, at least. [K]"""
_HEAT_K = 0.2
"""Root mean square of the warmth by heat at which it is told. [K]"""
_MIDDLE_CLIP_K = 1.0
_REFERENCE_C = 25.0
_WARM_SHARE = 0.25
_SENSORS_MIN = 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ThermalDay:
    """What a day said of the sensors of a string; NaN where the past is too short, or too little is known.

    Attributes
    ----------
    day : int
        Days since 1970-01-01, UTC.
    residual_k, residual_deviation_k : ndarray, shape (n_sensors,)
        Mean of the day beyond what the past says, and its standard deviation. [K]
    warm_residual_k : ndarray, shape (n_sensors,)
        The same over the quarter of the day in which the cells are warmest from their own heat. [K]
    n_bins : ndarray of int, shape (n_sensors,)
        Stretches of ten minutes that it rests on. [-]
    n_days_past : int
        Days that were learned from. [-]
    heat_share, heat_share_deviation : float
        Warmth of the string that goes with its heat, over what its past says, and its standard deviation. [-]
    nodes : ThermalNodes or None
        Two nodes of the string; None before they are known.
    """

    day: int
    residual_k: FloatArray
    residual_deviation_k: FloatArray
    warm_residual_k: FloatArray
    n_bins: IntArray
    n_days_past: int
    heat_share: float
    heat_share_deviation: float
    nodes: ThermalNodes | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Moments:
    """What a day adds to the regression of each sensor; first axis n_sensors."""

    normal: FloatArray
    said: FloatArray
    squared: FloatArray
    count: FloatArray


class ThermalResiduals:
    """Learns how the places of a string warm, and tells by how much a day differs.

    Parameters
    ----------
    n_sensors : int
        Sensors, in the order of the cells.
    """

    def __init__(self, n_sensors: int) -> None:
        self.n_sensors = n_sensors
        self.nodes: ThermalNodes | None = None
        self._past: deque[DayBins] = deque(maxlen=PAST_DAYS + LATELY_DAYS)
        self._moments: deque[_Moments] = deque(maxlen=PAST_DAYS + LATELY_DAYS)
        self._told_k: deque[FloatArray] = deque(maxlen=PAST_DAYS)
        self._stored = (np.nan, np.nan)
        self._n_taken = 0
        self._since_gap = SETTLING_BINS

    def take(self, day: int, time_s: FloatArray, rate_c: FloatArray, temperature_c: FloatArray) -> ThermalDay:
        """Take a day and say by how much it differs from the days before.

        Parameters
        ----------
        day : int
            Days since 1970-01-01, UTC, later than the last.
        time_s, rate_c : ndarray, shape (n_times,)
            Since the beginning of the day [s]; current over capacity, NaN where missing. [1/h]
        temperature_c : ndarray, shape (n_times, n_sensors)
            Temperatures, NaN where missing. [degC]

        Returns
        -------
        ThermalDay
            What it said.
        """
        bins = _binned(day, time_s, rate_c, temperature_c)
        due = self._n_taken in FIT_DAYS or (self._n_taken > 0 and self._n_taken % PAST_DAYS == 0)
        if due:
            self._fit()
        is_next = not self._past or day == self._past[-1].day + 1
        if not is_next:
            self._since_gap = 0
        x, is_settled = self._regressors(bins)
        said = self._told(bins, x, is_settled)
        self._past.append(bins)
        self._moments.append(_moments(bins, x, is_settled))
        self._n_taken += 1
        return said

    @property
    def _n_learned(self) -> int:
        """Days that are learned from."""
        return max(len(self._past) - LATELY_DAYS, 0)

    def _fit(self) -> None:
        """Find the nodes in the past, and lay out the past by them."""
        self.nodes = fit_nodes(list(self._past)) or self.nodes
        self._stored, self._since_gap = (np.nan, np.nan), SETTLING_BINS
        again, last_day = list(self._past), None
        self._moments.clear()
        for each in again:
            if last_day is not None and each.day != last_day + 1:
                self._since_gap = 0
            x, is_settled = self._regressors(each)
            self._moments.append(_moments(each, x, is_settled))
            last_day = each.day

    def _regressors(self, bins: DayBins) -> tuple[FloatArray, FloatArray]:
        """Regressors of a day, shape (4, 144), and 1 where the warmth of the cells is known, shape (144,)."""
        fast_s, slow_s = USUAL_S if self.nodes is None else (self.nodes.fast_s, self.nodes.slow_s)
        if np.isnan(self._stored[0]):
            known = bins.heat[np.isfinite(bins.heat)]
            usual = float(known.mean()) if known.size else 0.0
            self._stored = (usual, usual)
        lagged, self._stored = lagged_heat(bins.heat, fast_s, slow_s, self._stored)
        is_settled = np.zeros(N_BINS)
        unknown = 0
        for b, is_known in enumerate(np.isfinite(bins.heat).tolist()):
            unknown = 0 if is_known else unknown + 1
            self._since_gap = 0 if unknown > GAP_BINS else self._since_gap + 1
            is_settled[b] = float(self._since_gap >= SETTLING_BINS)
        common_k = np.where(np.isfinite(bins.middle_c), bins.middle_c - _REFERENCE_C, 0.0)
        return np.stack([np.ones(N_BINS), lagged[0], lagged[1], common_k]), is_settled

    def _told(self, bins: DayBins, x: FloatArray, is_settled: FloatArray) -> ThermalDay:
        weight = np.where(np.isfinite(bins.away_k), is_settled[:, None], 0.0)
        count = weight.sum(axis=0)
        is_told = (count >= BINS_MIN) & (self._n_learned >= PAST_DAYS_MIN)
        unknown = np.full(self.n_sensors, np.nan)
        residual_k, deviation_k, warm_k = unknown, unknown, unknown
        if is_told.any():
            theta, covariance = self._learned()
            left_k = np.where(weight > 0.0, np.nan_to_num(bins.away_k) - x.T @ theta.T, 0.0)
            residual_k = _apart(np.where(is_told, left_k.sum(axis=0) / np.maximum(count, 1.0), np.nan))
            mean_x = (weight.T @ x.T) / np.maximum(count, 1.0)[:, None]
            theory = np.einsum("ki,kij,kj->k", mean_x, covariance, mean_x)
            theory += _SENSOR_K**2 * _LASTING_BINS / np.maximum(count, 1.0)
            deviation_k = np.where(is_told, np.sqrt(np.maximum(theory, self._scatter_k() ** 2)), np.nan)
            warm = weight * (x[1] >= np.quantile(x[1], 1.0 - _WARM_SHARE))[:, None]
            n_warm = warm.sum(axis=0)
            is_warm = is_told & (n_warm > 0.0)
            warm_k = _apart(np.where(is_warm, (warm * left_k).sum(axis=0) / np.maximum(n_warm, 1.0), np.nan))
            self._told_k.append(residual_k)
        heat_share, heat_share_deviation = self._heat_share(bins, x)
        return ThermalDay(
            day=bins.day,
            residual_k=residual_k,
            residual_deviation_k=deviation_k,
            warm_residual_k=warm_k,
            n_bins=np.where(is_told, count, 0.0).astype(np.int64),
            n_days_past=self._n_learned,
            heat_share=heat_share,
            heat_share_deviation=heat_share_deviation,
            nodes=self.nodes,
        )

    def _learned(self) -> tuple[FloatArray, FloatArray]:
        """What the past says of each place, shape (n_sensors, 4), and how surely, shape (n_sensors, 4, 4)."""
        learned = list(self._moments)[: self._n_learned]
        normal = np.sum([each.normal for each in learned], axis=0)
        said = np.sum([each.said for each in learned], axis=0)
        squared = np.sum([each.squared for each in learned], axis=0)
        count = np.sum([each.count for each in learned], axis=0)
        prior = np.diag(_SENSOR_K**2 / _PRIOR**2)
        inverse = _inverses(normal + prior)
        theta = np.einsum("kij,kj->ki", inverse, said)
        variance = np.maximum(squared - np.einsum("ki,ki->k", theta, said), 0.0) / np.maximum(count, 1.0)
        variance = np.maximum(variance, _SENSOR_K**2)
        return theta, inverse * (variance * _LASTING_BINS)[:, None, None]

    def _scatter_k(self) -> FloatArray:
        """Usual size of the residuals of the days before, 0 before there are enough, shape (n_sensors,). [K]"""
        if len(self._told_k) < PAST_DAYS_MIN:
            return np.zeros(self.n_sensors)
        told_k = np.abs(np.stack(self._told_k))
        known = np.isfinite(told_k)
        ordered = np.sort(np.where(known, told_k, np.inf), axis=0)
        middle = ordered[np.maximum(known.sum(axis=0) - 1, 0) // 2, np.arange(self.n_sensors)]
        return np.where(np.isfinite(middle), 1.4826 * middle, 0.0)

    def _heat_share(self, bins: DayBins, x: FloatArray) -> tuple[float, float]:
        """Warmth that goes with heat, over what the past says, and its deviation. [-]"""
        if self.nodes is None:
            return np.nan, np.nan
        basis = outdoors(bins.middle_c)
        expected_k = without(basis, self.nodes.fast_k * x[1] + self.nodes.slow_k * x[2], bins.middle_c)
        squared = float(expected_k @ expected_k)
        if expected_k.size < BINS_MIN or squared / expected_k.size < _HEAT_K**2:
            return np.nan, np.nan
        seen_k = without(basis, bins.middle_c)
        share = float(expected_k @ seen_k) / squared
        left = float(np.mean((seen_k - share * expected_k) ** 2))
        return share, float(np.sqrt(max(left, _SENSOR_K**2) * _LASTING_BINS / squared))


def _apart(residual_k: FloatArray) -> FloatArray:
    """Without what most sensors share: one that is far off drags the middle of all, by a thirtieth among thirty."""
    known_k = residual_k[np.isfinite(residual_k)]
    return residual_k - float(np.median(known_k)) if known_k.size >= _SENSORS_MIN else residual_k


def _binned(day: int, time_s: FloatArray, rate_c: FloatArray, temperature_c: FloatArray) -> DayBins:
    n_sensors = temperature_c.shape[1]
    mean_c, heat, middle_c = np.empty((N_BINS, n_sensors)), np.empty(N_BINS), np.empty(N_BINS)
    mean_sensors(time_s, rate_c, temperature_c, BIN_S, LOW_C, HIGH_C, mean_c, heat)
    middle_of_string(mean_c, _MIDDLE_CLIP_K, middle_c)
    factor = factor_at(np.where(np.isfinite(middle_c), middle_c, _REFERENCE_C))
    return DayBins(day=day, heat=heat * factor, middle_c=middle_c, away_k=mean_c - middle_c[:, None])


def _inverses(matrices: FloatArray) -> FloatArray:
    """Inverse of each matrix, shape (n_sensors, 4, 4)."""
    return np.asarray(np.linalg.inv(matrices), dtype=np.float64)


def _moments(bins: DayBins, x: FloatArray, is_settled: FloatArray) -> _Moments:
    weight = np.where(np.isfinite(bins.away_k), is_settled[:, None], 0.0)
    away_k = np.nan_to_num(bins.away_k) * weight
    n_numbers = x.shape[0]
    products = (x[:, None] * x[None]).reshape(n_numbers * n_numbers, -1)
    return _Moments(
        normal=(products @ weight).T.reshape(-1, n_numbers, n_numbers),
        said=(x @ away_k).T,
        squared=np.sum(away_k**2, axis=0),
        count=weight.sum(axis=0),
    )
