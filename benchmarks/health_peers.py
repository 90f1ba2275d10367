"""What others publish: an isolation forest over features of the cells, and a band around the resistance of a string.

Both are written from their papers, in NumPy, so that the benchmark needs no further package; both take a day of a
string and score its cells as the plain rules do (`health_rules`).

References
----------
.. [1] F. T. Liu, K. M. Ting, Z.-H. Zhou, "Isolation forest", IEEE International Conference on Data Mining (2008).
.. [2] J. Schaeffer et al., "Gaussian process-based online health monitoring and fault analysis of lithium-ion battery
   systems from field data", Cell Reports Physical Science 5 (2024) 102258.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import numpy as np
from health_rules import REST_A, BmsAlarms, DayView, LastingDays, PlainCusum, Rule, VoltageZScore
from numpy.random import Generator
from scipy.special import ndtr

from battuta.domain.time import NS_PER_S
from battuta.numerics.arrays import FloatArray, IntArray

EULER = 0.5772156649
N_TREES, SAMPLE = 100, 256
"""Trees and samples of each: the paper's own choice, which it finds enough for any of its data."""
WINDOW_DAYS, REFIT_DAYS = 14, 7
"""Days whose cells a forest is grown on, and after which it is grown anew."""
DEVIATION_SHARE = 0.02
"""What a day's share of resistance is unsure by, beside the noise of the channels. [-]"""
VELOCITY_PER_ROOT_DAY = 1e-3
"""How fast the speed of a cell's resistance wanders. [1/day per root day]"""
READING_V = 0.001
"""Noise of a reading, steps included, as it is assumed. [V]"""
EXCITED_A2 = 2e4
"""Summed square of current steps that a day needs to say something of resistance. [A^2]"""


@dataclass(frozen=True, kw_only=True, eq=False)
class IsolationForest:
    """Trees that split at random until a sample stands alone: the fewer splits that takes, the stranger it is.

    Attributes
    ----------
    feature : ndarray, shape (n_trees, n_nodes)
        Which feature a node looks at; node k has the children 2 k + 1 and 2 k + 2.
    split : ndarray, shape (n_trees, n_nodes)
        Left is below; infinite in a leaf, so that all of it goes left, where nothing changes any more.
    leaf_depth : ndarray, shape (n_trees, n_nodes)
        Depth of the leaf that the node lies in, and what its samples would need on average to stand alone. [-]
    usual : float
        Average path length of an unsuccessful search in a tree of that many samples. [-]
    """

    feature: IntArray
    split: FloatArray
    leaf_depth: FloatArray
    usual: float

    def scores(self, samples: FloatArray) -> FloatArray:
        """Anomaly of samples of shape (n, n_features), shape (n,): near 1 strange, well below 0.5 usual. [-]"""
        trees = np.arange(self.feature.shape[0])[:, None]
        node = np.zeros((trees.size, samples.shape[0]), dtype=np.int64)
        rows = np.arange(samples.shape[0])[None, :]
        for _ in range(depth_max(self.feature.shape[1])):
            right = samples[rows, self.feature[trees, node]] >= self.split[trees, node]
            node = 2 * node + 1 + right
        return 2.0 ** (-self.leaf_depth[trees, node].mean(axis=0) / self.usual)


def depth_max(n_nodes: int) -> int:
    """Levels below the root of a full tree of so many nodes."""
    return (n_nodes + 1).bit_length() - 2


def average_path(n_samples: FloatArray) -> FloatArray:
    """Average path length of an unsuccessful search in a binary search tree, c(n) of the paper. [-]"""
    n = np.maximum(n_samples, 2.0)
    usual = 2.0 * (np.log(n - 1.0) + EULER) - 2.0 * (n - 1.0) / n
    return np.where(n_samples > 2.0, usual, np.where(n_samples == 2.0, 1.0, 0.0))


def grow_forest(samples: FloatArray, rng: Generator, n_trees: int = N_TREES, n_each: int = SAMPLE) -> IsolationForest:
    """Grow all trees of a forest at once, level by level.

    Parameters
    ----------
    samples : ndarray, shape (n, n_features)
        What is usual, strangers among it.
    rng : Generator
        Source of chance.
    n_trees, n_each : int
        Trees, and samples drawn for each without putting back. [-]
    """
    n_each = min(n_each, samples.shape[0])
    levels = max(math.ceil(math.log2(n_each)), 1)
    n_nodes = 2 ** (levels + 1) - 1
    drawn = np.argsort(rng.random((n_trees, samples.shape[0])), axis=1)[:, :n_each]
    feature = rng.integers(0, samples.shape[1], (n_trees, n_nodes))
    split, leaf_depth = np.full((n_trees, n_nodes), np.inf), np.zeros((n_trees, n_nodes))
    trees, node = np.arange(n_trees)[:, None], np.zeros((n_trees, n_each), dtype=np.int64)
    open_leaf = np.ones((n_trees, n_nodes), dtype=np.bool_)
    for level in range(levels + 1):
        first, stop = 2**level - 1, 2 ** (level + 1) - 1
        count = np.zeros((n_trees, n_nodes))
        np.add.at(count, (trees, node), 1.0)
        here = slice(first, stop)
        leaf_depth[:, here] = level + average_path(count[:, here])
        if level:
            above = (np.arange(first, stop) - 1) // 2
            closed = ~open_leaf[:, above]
            leaf_depth[:, here] = np.where(closed, leaf_depth[:, above], leaf_depth[:, here])
            open_leaf[:, here] = ~closed
        if level == levels:
            break
        value = samples[drawn, feature[trees, node]]
        low, high = np.full((n_trees, n_nodes), np.inf), np.full((n_trees, n_nodes), -np.inf)
        np.minimum.at(low, (trees, node), value)
        np.maximum.at(high, (trees, node), value)
        splits = open_leaf[:, here] & (count[:, here] > 1.0) & (high[:, here] > low[:, here])
        open_leaf[:, here] = splits
        part = rng.random((n_trees, stop - first))
        with np.errstate(invalid="ignore"):
            at = low[:, here] + part * (high[:, here] - low[:, here])
        split[:, here] = np.where(splits, at, np.inf)
        node = 2 * node + 1 + (value >= split[trees, node])
    return IsolationForest(
        feature=feature, split=split, leaf_depth=leaf_depth, usual=float(average_path(np.array(float(n_each))))
    )


class IsolationOfCells:
    """An isolation forest over six features of each cell and day; a score has to last three days."""

    name = "isolation_forest"

    def __init__(self, n_cells: int) -> None:
        self._rng = np.random.default_rng(n_cells)
        self._features = np.zeros((6, n_cells))
        self._levels: deque[FloatArray] = deque(maxlen=8)
        self._window: deque[FloatArray] = deque(maxlen=WINDOW_DAYS)
        self._forest: IsolationForest | None = None
        self._n_days = 0
        self._lasting = LastingDays()

    def take(self, view: DayView) -> FloatArray:
        """Score the cells."""
        features = self._features
        for row, state in enumerate((view.rest, view.charge, view.discharge)):
            level = view.mean_apart_v(state)
            if level is not None:
                features[row] = level - np.median(level)
        features[3] = view.apart_v.std(axis=0)
        away_a = view.current_a - view.current_a.mean()
        if float(away_a @ away_a) > EXCITED_A2:
            features[4] = away_a @ view.apart_v / float(away_a @ away_a)
        self._levels.append(features[0].copy())
        features[5] = self._levels[-1] - self._levels[0]
        self._window.append(features.copy())
        self._n_days += 1
        if len(self._window) < WINDOW_DAYS:
            return np.full(features.shape[1], -np.inf)
        if self._forest is None or self._n_days % REFIT_DAYS == 0:
            self._forest = grow_forest(np.concatenate(self._window, axis=1).T, self._rng)
        return self._lasting.least(self._forest.scores(features.T))


class ResistanceBand:
    """Probability that a cell's resistance lies outside of a band around that of the others of its string.

    The resistance of each cell, over that of its string on the same day, so that the operating point falls out of it,
    is a Gaussian process in time whose kernel is a Wiener velocity, as in the paper; as a filter of two states it is
    exact. The score is the widest band of which at least one cell lies outside with a probability of one half, by the
    weakest link, 1 - prod(1 - p), given to the cell that is the most likely; so a limit is the width of a band.
    """

    name = "resistance_band"

    def __init__(self, n_cells: int) -> None:
        self._state = np.zeros((2, n_cells))
        self._covariance = np.diag([0.1**2, 1e-3**2])
        self._day: int | None = None
        self._n_days = 0

    def take(self, view: DayView) -> FloatArray:
        """Score the cell that is the most likely."""
        none = np.full(self._state.shape[1], -np.inf)
        measured = resistance_shares(view)
        if measured is None:
            return none
        day = int(view.block.time_ns[0] // (86_400 * NS_PER_S))
        self._predict(1.0 if self._day is None else float(day - self._day))
        self._day = day
        self._update(*measured)
        self._n_days += 1
        if self._n_days < WINDOW_DAYS:
            return none
        share = self._state[0]
        n = share.size
        away = share - (share.sum() - share) / (n - 1)
        deviation = math.sqrt(self._covariance[0, 0] * n / (n - 1))
        none[int(np.argmax(np.abs(away)))] = widest_band(away, deviation)
        return none

    def _predict(self, days: float) -> None:
        move = np.array([[1.0, days], [0.0, 1.0]])
        wander = np.array([[days**3 / 3.0, days**2 / 2.0], [days**2 / 2.0, days]]) * VELOCITY_PER_ROOT_DAY**2
        self._state = move @ self._state
        self._covariance = move @ self._covariance @ move.T + wander

    def _update(self, share: FloatArray, variance: float) -> None:
        gain = self._covariance[:, 0] / (self._covariance[0, 0] + variance)
        self._state += gain[:, None] * (share - self._state[0])
        self._covariance -= np.outer(gain, self._covariance[0])


def resistance_shares(view: DayView) -> tuple[FloatArray, float] | None:
    """How much more resistance each cell showed than its string when the current stepped, and how unsure that is. [-]

    Returns
    -------
    share : ndarray, shape (n_cells,)
        Over the resistance of the string. [-]
    variance : float
        Of each. [-]
    """
    steady = np.diff(view.block.time_ns) <= 120 * NS_PER_S
    step_a = np.where(steady & np.isfinite(np.diff(view.block.current_a)), np.diff(view.current_a), 0.0)
    step_a[np.abs(step_a) < REST_A] = 0.0
    excited = float(step_a @ step_a)
    if excited < EXCITED_A2:
        return None
    string_ohm = -float(step_a @ np.diff(view.middle_v)) / excited
    if string_ohm <= 0.0:
        return None
    share = -(step_a @ np.diff(view.apart_v, axis=0)) / excited / string_ohm
    return share, 2.0 * READING_V**2 / excited / string_ohm**2 + DEVIATION_SHARE**2


def outside_band(away: FloatArray, deviation: float, band: float) -> FloatArray:
    """Probability that each lies outside of a band of half this width around the others, shape (n_cells,). [-]"""
    return ndtr((away - band) / deviation) + ndtr((-away - band) / deviation)


def weakest_link(probability: FloatArray) -> float:
    """Probability that at least one of a chain is faulty, 1 - prod(1 - p). [-]"""
    return 1.0 - float(np.prod(1.0 - probability))


def widest_band(away: FloatArray, deviation: float) -> float:
    """Half width of the widest band that some cell lies outside of with a probability of one half. [-]"""
    low, high = 0.0, float(np.max(np.abs(away))) + 10.0 * deviation
    for _ in range(30):
        middle = 0.5 * (low + high)
        if weakest_link(outside_band(away, deviation, middle)) >= 0.5:
            low = middle
        else:
            high = middle
    return low


RULES: tuple[type[Rule], ...] = (BmsAlarms, VoltageZScore, PlainCusum, IsolationOfCells, ResistanceBand)
