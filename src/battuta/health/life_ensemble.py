"""Several small models of cycle life under one roof: their mean, its interval, and how foreign a cell is.

Forty cells cannot tell which regression is right, and the ranking of models changes from one published test to the
next. So models of different make are averaged, in the logarithm of life, and each group of cells is left out once to
see what the average is worth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import DataError, StaleDataError, UsageError
from battuta.health.life_regression import FittedRegression, Regression
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.numerics.conformal import jackknife_plus, n_min_for

Blocks = dict[str, FloatArray]
"""Features by name of their block, each of shape (n_cells, n_features)."""
CELLS_MIN = 12
_BEYOND_SHARE = 1.0
_BEYOND_LONGEST, _BEYOND_SHORTEST = 0.5, 1.0
"""How far in the logarithm a life may be told beyond the longest and the shortest that was learned."""
_NEIGHBOURS = 3
_USUAL_SHARE = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One model of the average.

    Attributes
    ----------
    blocks : tuple of str
        Blocks of features that it looks at; each counts as much as another, however many features it has.
    fit : callable
        The regression.
    """

    blocks: tuple[str, ...]
    fit: Regression


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LifeForecast:
    """What is told of cells.

    Attributes
    ----------
    life_cycles : ndarray, shape (n_cells,)
        Cycles to end of life: in all, or from now on, as the model says. [cycles]
    low_cycles, high_cycles : ndarray, shape (n_cells,)
        Interval of the coverage asked for, [cycles]
    distance : ndarray, shape (n_cells,)
        Distance from the cells learned, over what is usual among them. Beyond 1 a cell is foreign and its interval is
        wider by this factor. [-]
    """

    life_cycles: FloatArray
    low_cycles: FloatArray
    high_cycles: FloatArray
    distance: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """Brings features to one scale and stops them one range beyond what was seen."""

    low: FloatArray
    high: FloatArray
    centre: FloatArray
    spread: FloatArray

    @classmethod
    def of(cls, features: FloatArray) -> Scale:
        """Learn the scale of features, shape (n_cells, n_features)."""
        lowest, highest = features.min(axis=0), features.max(axis=0)
        beyond = _BEYOND_SHARE * (highest - lowest)
        spread = features.std(axis=0)
        return cls(lowest - beyond, highest + beyond, features.mean(axis=0), np.where(spread > 0.0, spread, 1.0))

    def stopped(self, features: FloatArray) -> FloatArray:
        """Features on the scale, stopped."""
        return self.open(np.clip(features, self.low, self.high))

    def open(self, features: FloatArray) -> FloatArray:
        """Features on the scale, as far out as they are."""
        return (features - self.centre) / self.spread


@dataclass(frozen=True, slots=True, eq=False)
class _Average:
    """Members fitted on some cells."""

    members: tuple[Member, ...]
    scales: dict[str, Scale]
    fitted: tuple[FittedRegression, ...]
    log_low: float
    log_high: float

    @classmethod
    def of(cls, members: tuple[Member, ...], blocks: Blocks, log_life: FloatArray) -> _Average:
        scales = {name: Scale.of(features) for name, features in blocks.items()}
        fitted = tuple(each.fit(_joined(each, scales, blocks), log_life) for each in members)
        low, high = float(log_life.min()) - _BEYOND_SHORTEST, float(log_life.max()) + _BEYOND_LONGEST
        return cls(members, scales, fitted, low, high)

    def predict(self, blocks: Blocks) -> FloatArray:
        """Logarithm of life, shape (n_members, n_cells)."""
        each = [
            fitted.predict(_joined(member, self.scales, blocks))
            for member, fitted in zip(self.members, self.fitted, strict=True)
        ]
        return np.clip(np.array(each), self.log_low, self.log_high)


class LifeEnsemble:
    """Average of regressions of the logarithm of life, with a jackknife+ interval over groups of cells.

    Parameters
    ----------
    members : tuple of Member
        The models.
    """

    def __init__(self, members: tuple[Member, ...]) -> None:
        self.members = members
        self._whole: _Average | None = None
        self._parts: list[tuple[IntArray, _Average]] = []
        self._log_life = np.empty(0)
        self._left_out = np.empty((0, 0))
        self._near: Callable[[Blocks], FloatArray] | None = None

    def fit(self, blocks: Blocks, life_cycles: FloatArray, group: IntArray | None = None) -> None:
        """Learn.

        Parameters
        ----------
        blocks : dict of ndarray, shape (n_cells, n_features)
            Features.
        life_cycles : ndarray, shape (n_cells,)
            Life of each cell. [cycles]
        group : ndarray, shape (n_cells,), optional
            Cells of one group are left out together; without it, one by one.

        Raises
        ------
        DataError, StaleDataError
            If a life is not above zero, a feature not finite, or cells or groups are too few.
        """
        group = np.arange(life_cycles.size) if group is None else np.asarray(group, dtype=np.int64)
        _check(blocks, life_cycles, group)
        self._log_life = np.log(life_cycles)
        self._whole = _Average.of(self.members, blocks, self._log_life)
        self._near = _nearness(blocks)
        self._parts, self._left_out = [], np.empty((len(self.members), life_cycles.size))
        for each in np.unique(group):
            out, kept = np.flatnonzero(group == each), group != each
            part = _Average.of(self.members, {k: v[kept] for k, v in blocks.items()}, self._log_life[kept])
            self._left_out[:, out] = part.predict({k: v[out] for k, v in blocks.items()})
            self._parts.append((out, part))

    def left_out_cycles(self, member: int | None = None) -> FloatArray:
        """What is told of each cell learned by the model that did not see it, shape (n_cells,). [cycles].

        Parameters
        ----------
        member : int, optional
            One of the members alone.
        """
        told = self._left_out.mean(axis=0) if member is None else self._left_out[member]
        return np.exp(told)

    def predict(self, blocks: Blocks, coverage: float = 0.9) -> LifeForecast:
        """Tell the life of cells.

        Parameters
        ----------
        blocks : dict of ndarray, shape (n_cells, n_features)
            Features.
        coverage : float
            Share of cells that the intervals shall hold. [-]

        Returns
        -------
        LifeForecast
            Life in all.

        Raises
        ------
        UsageError
            If it was not fitted.
        StaleDataError
            If too few cells were learned for the coverage.
        """
        if self._whole is None or self._near is None:
            message = "fit comes before predict"
            raise UsageError(message)
        if self._log_life.size < n_min_for(coverage):
            message = f"{self._log_life.size} cells cannot carry coverage {coverage:g}; give {n_min_for(coverage)}"
            raise StaleDataError(message)
        told = self._whole.predict(blocks).mean(axis=0)
        voices = np.empty((self._log_life.size, told.size))
        for out, part in self._parts:
            voices[out] = part.predict(blocks).mean(axis=0)
        distance = self._near(blocks)
        errors = self._log_life - self._left_out.mean(axis=0)
        low, high = jackknife_plus(voices, errors, coverage, np.maximum(distance, 1.0))
        bounds = np.minimum(low, told), np.maximum(high, told)
        return LifeForecast(
            life_cycles=np.exp(told), low_cycles=np.exp(bounds[0]), high_cycles=np.exp(bounds[1]), distance=distance
        )


def _joined(member: Member, scales: dict[str, Scale], blocks: Blocks) -> FloatArray:
    """Features of a member's blocks side by side; a wide block weighs no more than a narrow one."""
    widest = max(blocks[name].shape[1] for name in member.blocks)
    return np.hstack(
        [scales[name].stopped(blocks[name]) * np.sqrt(widest / blocks[name].shape[1]) for name in member.blocks]
    )


def _nearness(learned: Blocks) -> Callable[[Blocks], FloatArray]:
    """Distance to the nearest of the cells learned, 1 where nine in ten of themselves lie."""
    scales = {name: Scale.of(features) for name, features in learned.items()}

    def place(blocks: Blocks) -> FloatArray:
        return np.hstack([scale.open(blocks[name]) / np.sqrt(scale.centre.size) for name, scale in scales.items()])

    seen = place(learned)

    def raw(places: FloatArray, skip: int) -> FloatArray:
        apart = np.linalg.norm(places[:, None] - seen, axis=2)
        return np.sort(apart, axis=1)[:, skip : skip + _NEIGHBOURS].mean(axis=1)

    usual = float(np.quantile(raw(seen, 1), _USUAL_SHARE)) or 1.0
    return lambda blocks: raw(place(blocks), 0) / usual


def _check(blocks: Blocks, life_cycles: FloatArray, group: IntArray) -> None:
    n_cells = life_cycles.size
    if n_cells < CELLS_MIN or np.unique(group).size < 3:
        message = f"{n_cells} cells in {np.unique(group).size} groups are too few; give {CELLS_MIN} cells, 3 groups"
        raise StaleDataError(message)
    if not np.all(np.isfinite(life_cycles) & (life_cycles > 0.0)):
        place = int(np.flatnonzero(~(np.isfinite(life_cycles) & (life_cycles > 0.0)))[0])
        message = f"life_cycles[{place}] = {life_cycles[place]:g}; give lives above 0, leave out cells still alive"
        raise DataError(message)
    for name, features in blocks.items():
        if features.shape[0] != n_cells or group.shape != (n_cells,):
            message = f"{name} tells of {features.shape[0]} cells, life_cycles of {n_cells}, group of {group.size}"
            raise DataError(message)
        if not np.isfinite(features).all():
            place = int(np.flatnonzero(~np.isfinite(features).all(axis=1))[0])
            message = f"feature block {name} of cell {place} is not finite; mend its record or leave the cell out"
            raise DataError(message)
