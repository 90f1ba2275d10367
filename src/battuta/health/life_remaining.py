"""How many cycles remain to a cell in use, from those that stood where it stands and went on to their end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import DataError, StaleDataError, UsageError
from battuta.health.life_ensemble import CELLS_MIN, LifeForecast, Scale
from battuta.health.life_history import CycleHistory, lost_share, state_features
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.numerics.conformal import jackknife_plus, n_min_for

_OFFSETS = (-0.04, -0.02, 0.0, 0.02, 0.04)
"""Where around the same share of loss each learned cell is looked at; the middle one gives its error."""
_FIRST, _LAST, _STEP = 100, 20, 10
_PENALTY = 0.03
_MEASURES_WEIGHT = 0.2
_STOP = 3.0
_NEIGHBOURS = 3
_USUAL_SHARE = 0.9


@dataclass(frozen=True, slots=True, eq=False)
class _Life:
    """A whole life, looked at every ten cycles."""

    lost: FloatArray
    log_left: FloatArray
    fade: FloatArray
    measures: FloatArray

    def near(self, lost: float) -> IntArray:
        """Places where its loss was closest to that of each offset, shape (5,)."""
        return np.array([int(np.argmin(np.abs(self.lost - lost - offset))) for offset in _OFFSETS])


@dataclass(frozen=True, slots=True, eq=False)
class _Peers:
    """What the learned cells looked like around one share of loss: rows of cells by offsets."""

    fade: FloatArray
    measures: FloatArray
    log_left: FloatArray
    cell: IntArray
    is_middle: BoolArray


class RemainingLife:
    """Cycles to the end of life of a cell in use; fitted on whole lives of one's own.

    For each cell asked for, all learned cells are looked at where they had lost the same share of their way to the end
    of life, and a ridge regression on them tells the logarithm of what remains. It sees the age in cycles, never the
    share of life. Model card:

    - **Chosen on** groups 1 to 7 of the HUST cells, leaving groups out; no fitted numbers are shipped.
    - **Sensitive to** the capacity that ends life, which has to be the same for all.
    - **Limits**: at least 12 lives that reached their end; ages of 100 cycles or more. Features stop three deviations
      from the mean of the learned cells.

    Parameters
    ----------
    end_of_life_ah : float
        Capacity at which life ends. [Ah]

    References
    ----------
    .. [1] F. Wang et al., "Physics-informed neural network for lithium-ion battery degradation stable modeling and
       prognosis", Nature Communications 15 (2024) 4332: the sixteen measures of the charge.
    .. [2] R. F. Barber et al., Ann. Statist. 49 (2021): the interval.
    """

    def __init__(self, end_of_life_ah: float) -> None:
        self.end_of_life_ah = end_of_life_ah
        self._lives: list[_Life] = []
        self._group: IntArray = np.empty(0, dtype=np.int64)

    def fit(self, lives: list[CycleHistory], group: IntArray | None = None) -> None:
        """Learn whole lives.

        Parameters
        ----------
        lives : list of CycleHistory
            Cells from their first cycle to the last before the end of life.
        group : ndarray, shape (n_cells,), optional
            Cells to be left out together for the interval; without it, one by one.

        Raises
        ------
        DataError, StaleDataError
            If lives are too few or too short, or groups are fewer than three.
        """
        if len(lives) < CELLS_MIN:
            message = f"{len(lives)} whole lives are too few; give at least {CELLS_MIN}"
            raise StaleDataError(message)
        group = np.arange(len(lives)) if group is None else np.asarray(group, dtype=np.int64)
        if group.size != len(lives) or np.unique(group).size < 3:
            message = f"group names {np.unique(group).size} groups of {group.size} cells, {len(lives)} are given; >= 3"
            raise DataError(message)
        self._lives, self._group = [self._life(each, place) for place, each in enumerate(lives)], group

    def predict(self, histories: list[CycleHistory], coverage: float = 0.9) -> LifeForecast:
        """Tell what remains to cells.

        Parameters
        ----------
        histories : list of CycleHistory
            Cells from their first cycle to now.
        coverage : float
            Share of cells that the intervals shall hold. [-]

        Returns
        -------
        LifeForecast
            Cycles from now on. [cycles]

        Raises
        ------
        UsageError
            If it was not fitted.
        StaleDataError
            If a record is shorter than 100 cycles, or too few lives were learned for the coverage.
        """
        if not self._lives:
            message = "fit comes before predict"
            raise UsageError(message)
        if len(self._lives) < n_min_for(coverage):
            message = f"{len(self._lives)} lives cannot carry coverage {coverage:g}; give {n_min_for(coverage)}"
            raise StaleDataError(message)
        told = np.array([self._told(each, place, coverage) for place, each in enumerate(histories)]).reshape(-1, 4)
        life, low, high = np.exp(told[:, :3]).T
        return LifeForecast(life_cycles=life, low_cycles=low, high_cycles=high, distance=told[:, 3])

    def _life(self, history: CycleHistory, place: int) -> _Life:
        if history.n_cycles <= _FIRST + _LAST:
            message = f"life {place} has {history.n_cycles} cycles; give lives longer than {_FIRST + _LAST}"
            raise StaleDataError(message)
        at = np.arange(_FIRST, history.n_cycles - _LAST, _STEP)
        fade, measures = state_features(history, [int(each) for each in at], self.end_of_life_ah)
        lost = lost_share(history, self.end_of_life_ah)[at - 1]
        return _Life(lost, np.log(history.n_cycles - at), fade, measures)

    def _told(self, history: CycleHistory, place: int, coverage: float) -> tuple[float, float, float, float]:
        """Logarithms of what remains, of its bounds, and the distance."""
        if history.n_cycles < _FIRST:
            message = f"cell {place} has {history.n_cycles} cycles; give {_FIRST} or more"
            raise StaleDataError(message)
        fade, measures = state_features(history, [history.n_cycles], self.end_of_life_ah)
        peers = self._peers(float(lost_share(history, self.end_of_life_ah)[-1]))
        told = float(_ridge(peers, np.ones(peers.cell.size, dtype=np.bool_), fade, measures)[0])
        middle = peers.is_middle
        voices, errors = np.empty((len(self._lives), 1)), np.empty(len(self._lives))
        for each in np.unique(self._group):
            out = self._group[peers.cell] == each
            asked = out & middle
            both = _ridge(
                peers,
                ~out,
                np.vstack([fade, peers.fade[asked]]),
                np.vstack([measures, peers.measures[asked]]),
            )
            voices[peers.cell[asked], 0] = both[0]
            errors[peers.cell[asked]] = peers.log_left[asked] - both[1:]
        distance = _distance(peers.fade[middle], fade)
        low, high = jackknife_plus(voices, errors, coverage, np.array([max(distance, 1.0)]))
        return told, min(float(low[0]), told), max(float(high[0]), told), distance

    def _peers(self, lost: float) -> _Peers:
        places = [life.near(lost) for life in self._lives]
        pairs = list(zip(self._lives, places, strict=True))
        return _Peers(
            fade=np.vstack([life.fade[at] for life, at in pairs]),
            measures=np.vstack([life.measures[at] for life, at in pairs]),
            log_left=np.concatenate([life.log_left[at] for life, at in pairs]),
            cell=np.repeat(np.arange(len(self._lives)), len(_OFFSETS)),
            is_middle=np.tile(np.equal(_OFFSETS, 0.0), len(self._lives)),
        )


def _ridge(peers: _Peers, learned: BoolArray, fade: FloatArray, measures: FloatArray) -> FloatArray:
    """Logarithm of what remains to each row, from the learned rows of the peers."""
    scales = Scale.of(peers.fade[learned]), Scale.of(peers.measures[learned])

    def placed(first: FloatArray, second: FloatArray) -> FloatArray:
        both = np.hstack([scales[0].open(first), scales[1].open(second)])
        weight = np.full(both.shape[1], _MEASURES_WEIGHT)
        weight[: first.shape[1]] = 1.0
        return np.clip(both, -_STOP, _STOP) * weight

    seen, target = placed(peers.fade[learned], peers.measures[learned]), peers.log_left[learned]
    penalty = _PENALTY * target.size * np.eye(seen.shape[1])
    weight = np.asarray(np.linalg.solve(seen.T @ seen + penalty, seen.T @ (target - target.mean())), dtype=np.float64)
    return float(target.mean()) + placed(fade, measures) @ weight


def _distance(seen: FloatArray, asked: FloatArray) -> float:
    """Distance of one row to the nearest of those seen, 1 where nine in ten of themselves lie."""
    scale = Scale.of(seen)
    places, place = scale.open(seen), scale.open(asked)
    apart = np.sort(np.linalg.norm(places[:, None] - places, axis=2), axis=1)[:, 1 : 1 + _NEIGHBOURS].mean(axis=1)
    own = float(np.sort(np.linalg.norm(places - place, axis=1))[:_NEIGHBOURS].mean())
    return own / (float(np.quantile(apart, _USUAL_SHARE)) or 1.0)
