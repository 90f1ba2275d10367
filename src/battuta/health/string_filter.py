"""The string difference filter: in what each cell differs from the other cells of its string, day by day.

Cells of a string share one current, so what a difference does to a voltage is the same for all of them: one matrix of
regressors and one covariance serve the whole string. A difference of charge shows where the voltage at rest is steep,
one of resistance where current flows, and an offset of the channel always. The difference of charge is measured anew
each day, the others are carried on; what the balancer took is known and taken off.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_DAY
from battuta.health.string_curve import CurveDay, StringCurve
from battuta.health.string_kernels import (
    MIDDLE_CLIP_V,
    N_MOMENTS,
    N_STATES,
    add_up,
    drop_split_rows,
    inform_cell,
    middle_of_string,
    regress_cells,
    square_rows,
)
from battuta.health.string_resistance import StringResistance, resistance_factor
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.physics.cell_parameters import CellParameters

_CLIP_V = 0.03
_CORRELATED_S = 1800.0
_PRIOR = np.array([0.03, 0.006, 3e-5, 5e-5, 2e-3])
_PER_DAY = np.array([1e-3, 1e-4, 3e-7, 5e-7, 8e-5])
N_PLACES_TOLD, N_SHELVES = 20, 30
"""Parts of the range in each of which a cell may differ from its string by a little more or less charge: places between
the ends, and depths of both ends, under load and at rest."""
_FOOT_STEPS_V, _HEAD_STEPS_V = (0.12, 0.25), (0.1,)
_SHIFT, _SHIFT_PER_DAY = 0.003, 2e-5
_SHIFT_OF_DAY, _SHIFT_OF_DAY_HEAD = 0.002, 0.004
"""By how much: usually, more with each day, and on a single day, as the slope may deceive. [-]"""
_ROWS_MIN, _LOADED_MIN, _SEEN_MIN, _WHOLE_SHARE = 60, 20, 0.3, 0.98
_NOISE_V, _DROP_DOUBT, _SLOPE_DOUBT = 0.002, 0.02, 0.0015
_DAY_OFFSET_V = 7e-4
_OF_DAY = np.where(np.arange(N_SHELVES) >= N_SHELVES - 4, _SHIFT_OF_DAY_HEAD, _SHIFT_OF_DAY)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StringDay:
    """What a day said of the cells of a string.

    Attributes
    ----------
    string_id : str
        The string.
    day : int
        Days since 1970-01-01, UTC.
    states : ndarray, shape (5, n_cells)
        Difference from the middle of the string: state of charge [-], capacity as a share [-], fast and slow resistance
        at 25 degC [ohm], offset of the channel [V].
    variance : ndarray, shape (5,)
        How unsure each is, the same for all cells. [its unit squared]
    bled : ndarray, shape (n_cells,)
        Charge that the balancer has taken out of each since the beginning, over capacity. [-]
    surprise : ndarray, shape (n_cells,)
        Mean square of what the states did not explain, over what was to be expected. [-]
    unrest_share : ndarray, shape (n_cells,)
        The same of rows under load where the voltage is flat, less what an offset and a resistance of the day would
        explain; NaN on a day without such rows. [-]
    clipped_share : ndarray, shape (n_cells,)
        Share of the rows that lay farther off than counts. [-]
    seen_share : ndarray, shape (n_cells,)
        Share of the rows in which the channel said anything. [-]
    range_v : ndarray, shape (n_cells,)
        Highest less lowest voltage of the channel. [V]
    n_rows : int
        Rows that counted.
    """

    string_id: str
    day: int
    states: FloatArray
    variance: FloatArray
    bled: FloatArray
    surprise: FloatArray
    unrest_share: FloatArray
    clipped_share: FloatArray
    seen_share: FloatArray
    range_v: FloatArray
    n_rows: int


@dataclass(slots=True)
class StringState:
    """All that a filter carries from day to day; plain arrays, so that it survives a restart.

    Attributes
    ----------
    states : ndarray, shape (5, n_cells)
        Differences; see `StringDay`.
    covariance : ndarray, shape (35, 35)
        Of the differences and shifts, shared by all cells.
    bled : ndarray, shape (n_cells,)
        Charge that the balancer has taken out, over capacity. [-]
    shifts : ndarray, shape (30, n_cells)
        What the charge of a cell differs by in each part of the range. [-]
    day : int
        Day of the last update; -1 before the first.
    usual_surprise : float
        What the cells of the string lie off by on a usual day. [-]
    """

    states: FloatArray
    covariance: FloatArray
    bled: FloatArray
    shifts: FloatArray
    day: int = -1
    usual_surprise: float = 0.0


class StringFilter:
    """Follows one string.

    Parameters
    ----------
    parameters : CellParameters
        Kind of cell: what a steep voltage and a usual resistance are.
    n_cells : int
        Cells in series.
    capacity_ah : float or None
        Capacity of a cell; that of the kind if left out. [Ah]

    Attributes
    ----------
    middle_v : ndarray, shape (n_times,)
        Middle of the string on the last day. [V]
    """

    def __init__(self, parameters: CellParameters, n_cells: int, capacity_ah: float | None = None) -> None:
        self._capacity_ah = parameters.capacity_ah if capacity_ah is None else capacity_ah
        self._resistance = StringResistance.of_kind(parameters, self._capacity_ah)
        self.curve = StringCurve(parameters, self._capacity_ah, self._resistance)
        share = parameters.capacity_ah / self._capacity_ah
        scale = np.concatenate([[1.0, 1.0, share, share, 1.0], np.ones(N_SHELVES)])
        self._per_day = (np.concatenate([_PER_DAY, np.full(N_SHELVES, _SHIFT_PER_DAY)]) * scale) ** 2
        prior = np.concatenate([_PRIOR, np.full(N_SHELVES, _SHIFT)]) * scale
        self.middle_v = np.empty(0)
        self.state = StringState(
            states=np.zeros((N_STATES, n_cells)),
            covariance=np.diag(prior**2),
            bled=np.zeros(n_cells),
            shifts=np.zeros((N_SHELVES, n_cells)),
        )

    def take(self, block: Block) -> StringDay | None:
        """Take the rows of one UTC day.

        Parameters
        ----------
        block : Block
            All rows of a day that is later than the last.

        Returns
        -------
        StringDay or None
            What the day said; None if it has fewer than 60 rows that count.
        """
        state, n_cells = self.state, block.n_cells
        first_day = int(block.time_ns[0] // NS_PER_DAY)
        elapsed = 1 if state.day < 0 else first_day - state.day
        state.day = first_day
        state.covariance += np.diag(self._per_day * max(elapsed, 1))
        bleed = np.zeros(n_cells) if block.bleed_ah is None else add_up(block.bleed_ah) / self._capacity_ah
        state.bled = state.bled + bleed
        state.states[0] -= bleed - np.median(bleed)
        middle_v = np.empty(block.n_times)
        middle_of_string(block.voltage_v, MIDDLE_CLIP_V, middle_v)
        self.middle_v = middle_v
        factor = resistance_factor(block.temperature_c)
        where = self.curve.take(block.time_ns / 1e9, block.current_a, middle_v, factor)
        x, weight = self._regressors(block, middle_v, factor, where)
        drop_split_rows(block.voltage_v, middle_v, where.rest_v, where.end, self.curve.plateau_v, weight)
        n_rows = int(np.count_nonzero(weight))
        if n_rows < _ROWS_MIN:
            return None
        shelf = shelves(where, self.curve.plateau_v)
        moments, by_shelf = np.empty((N_MOMENTS, n_cells)), np.empty((N_SHELVES, n_cells))
        counts = np.empty((2, n_cells), dtype=np.int64)
        regress_cells(
            block.voltage_v, middle_v, x, weight, shelf, where.end, where.rest_v, where.charge,
            self.curve.plateau_v, state.states, state.shifts, _CLIP_V, moments, by_shelf, counts,
        )  # fmt: skip
        surprise = moments[N_STATES] / np.maximum(counts[0], 1)
        belief = self._belief(float(np.median(surprise)))
        before = np.linalg.inv(state.covariance)
        squares = np.empty((N_SHELVES, N_STATES, N_STATES))
        square_rows(x, weight, shelf, squares)
        information, said = told_by_day(squares, moments[:N_STATES], by_shelf)
        covariance: FloatArray = np.linalg.inv(before + belief * information).astype(np.float64)
        seen_share = counts[0] / n_rows
        gained = belief * (covariance @ said)
        for cell in np.flatnonzero((seen_share < _WHOLE_SHARE) & (seen_share > _SEEN_MIN)):
            inform_cell(
                block.voltage_v, int(cell), middle_v, x, weight, shelf, where.end, where.rest_v, where.charge,
                self.curve.plateau_v, state.states, state.shifts, squares,
            )  # fmt: skip
            column = slice(cell, cell + 1)
            own, told = told_by_day(squares, moments[:N_STATES, column], by_shelf[:, column])
            gained[:, column] = belief * np.linalg.solve(before + belief * own, told)
        gained = np.where(seen_share > _SEEN_MIN, gained, 0.0)
        gained -= np.median(gained, axis=1, keepdims=True)
        state.states += gained[:N_STATES]
        state.shifts += gained[N_STATES:]
        state.states -= np.median(state.states, axis=1, keepdims=True)
        state.covariance = 0.5 * (covariance + covariance.T)
        return StringDay(
            string_id=block.string_id,
            day=first_day,
            states=state.states.copy(),
            variance=np.diag(covariance).copy(),
            bled=state.bled.copy(),
            surprise=surprise,
            unrest_share=_unexplained(moments, x, np.where((where.end == 0) & (x[:, 0] == 0.0), weight, 0.0)),
            clipped_share=counts[1] / np.maximum(counts[0], 1),
            seen_share=seen_share,
            range_v=np.maximum(moments[7] - moments[6], 0.0),
            n_rows=n_rows,
        )

    def _belief(self, surprise: float) -> float:
        """How much a day counts: less where all cells lie off what was expected, as on a curve laid wrongly. [-]"""
        state = self.state
        usual = state.usual_surprise if state.usual_surprise > 0.0 else max(surprise, 1e-6)
        state.usual_surprise = usual + 0.1 * (min(surprise, 3.0 * usual) - usual)
        return min(1.0, 2.0 * usual / max(surprise, 1e-9)) ** 2

    def _regressors(
        self, block: Block, middle_v: FloatArray, factor: FloatArray, where: CurveDay
    ) -> tuple[FloatArray, FloatArray]:
        """What each difference does to a voltage in each row, and what a row weighs."""
        time_s, current_a = (block.time_ns - block.time_ns[0]) / 1e9, block.current_a
        is_there = np.isfinite(where.slope_v) & np.isfinite(middle_v) & np.isfinite(current_a)
        slope_v, current_a = np.where(is_there, where.slope_v, 0.0), np.where(is_there, current_a, 0.0)
        drop_v = self._resistance.drop_v(current_a, where.slow_a, factor)
        skew_v = np.abs(np.diff(current_a, prepend=current_a[0])) * self._resistance.fast_ohm * factor
        variance = _NOISE_V**2 + skew_v**2 + (_DROP_DOUBT * drop_v) ** 2 + (_SLOPE_DOUBT * slope_v) ** 2
        dt_s = np.minimum(np.diff(time_s, prepend=time_s[0] - 60.0), _CORRELATED_S)
        weight = np.where(is_there, dt_s / (_CORRELATED_S * variance), 0.0)
        x = np.column_stack(
            [slope_v, -slope_v * (where.place - 0.5), -current_a * factor, -where.slow_a * factor, np.ones(time_s.size)]
        )
        x[weight == 0.0] = 0.0
        return x, weight


def _unexplained(moments: FloatArray, x: FloatArray, weight: FloatArray) -> FloatArray:
    """What neither an offset nor a resistance of the day explains under load, a row, shape (n_cells,). [-]"""
    n_loaded = int(np.count_nonzero(weight))
    square = np.array([[weight.sum(), weight @ x[:, 2]], [weight @ x[:, 2], weight @ x[:, 2] ** 2]])
    if n_loaded < _LOADED_MIN or np.linalg.det(square) <= 1e-6 * square[0, 0] * square[1, 1]:
        return np.full_like(moments[8], np.nan)
    said = moments[9:11]
    told: FloatArray = np.linalg.solve(square, said).astype(np.float64)
    return (moments[8] - np.sum(said * told, axis=0)) / n_loaded


def shelves(where: CurveDay, plateau_v: float) -> IntArray:
    """Part of the range that each row lies in: places between the ends, then foot and head by depth, load and rest.

    Parameters
    ----------
    where : CurveDay
        Where the rows lie.
    plateau_v : float
        Middle of the plateau. [V]

    Returns
    -------
    ndarray, shape (n_times,)
        Numbers from 0 to 29. [-]
    """
    between = np.clip(where.place * N_PLACES_TOLD, 0, N_PLACES_TOLD - 1).astype(np.int64)
    depth_v = where.rest_v - plateau_v
    n_foot, n_head = len(_FOOT_STEPS_V) + 1, len(_HEAD_STEPS_V) + 1
    foot = N_PLACES_TOLD + 2 * np.searchsorted(_FOOT_STEPS_V, -depth_v) + where.end - 1
    head = N_PLACES_TOLD + 2 * n_foot + 2 * np.searchsorted(_HEAD_STEPS_V, depth_v) + where.end - 1
    assert N_PLACES_TOLD + 2 * (n_foot + n_head) == N_SHELVES
    return np.where(where.end > 0, np.where(depth_v < 0.0, foot, head), between)


def told_by_day(squares: FloatArray, moments: FloatArray, by_shelf: FloatArray) -> tuple[FloatArray, FloatArray]:
    """What a day tells of the states and of the shifts, given what it may deceive by.

    In each part of the range the slope may deceive for a day, and each channel may be offset for a day, as hysteresis
    and the warmth of a place do: thousands of rows at rest would else tell a difference of charge on the plateau to a
    hundredth of a millivolt.

    Parameters
    ----------
    squares : ndarray, shape (30, 5, 5)
        Weighted products of the regressors, by part of the range.
    moments, by_shelf : ndarray, shape (5, n_cells) and (30, n_cells)
        Weighted innovations times regressors; of the first of them, the part of each part of the range.

    Returns
    -------
    ndarray, shape (35, 35), and ndarray, shape (35, n_cells)
        Information, and what was said.
    """
    n = N_STATES + N_SHELVES
    information, said = np.zeros((n, n)), np.empty((n, moments.shape[1]))
    share = squares[:, 0] / (squares[:, 0, :1] + 1.0 / _OF_DAY[:, None] ** 2)
    left = squares - share[:, :, None] * squares[:, None, 0]
    information[:N_STATES, :N_STATES] = left.sum(axis=0)
    information[N_STATES:, :N_STATES] = left[:, 0]
    information[:N_STATES, N_STATES:] = left[:, 0].T
    information[N_STATES:, N_STATES:] = np.diag(left[:, 0, 0])
    said[:N_STATES] = moments - share.T @ by_shelf
    said[N_STATES:] = (1.0 - share[:, :1]) * by_shelf
    offset = information[:, N_STATES - 1].copy()
    share = offset / (offset[N_STATES - 1] + 1.0 / _DAY_OFFSET_V**2)
    return information - np.outer(share, offset), said - np.outer(share, said[N_STATES - 1])
