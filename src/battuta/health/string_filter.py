"""The string difference filter: in what each cell differs from the other cells of its string, day by day.

Cells of a string share one current, so what a difference does to a voltage is the same for all of them: one matrix of
regressors and one covariance serve the whole string. A difference of charge shows where the voltage at rest is steep,
one of resistance where current flows, and an offset of the channel always. The difference of charge is measured anew
each day, the others are carried on; what the balancer took is known and taken off.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_DAY
from battuta.health.string_kernels import (
    N_MOMENTS,
    N_STATES,
    N_TRACK,
    add_up,
    follow_string,
    known_slope,
    middle_of_string,
    regress_cells,
    walked_slope,
)
from battuta.numerics.arrays import FloatArray
from battuta.physics.cell_parameters import CellParameters

_CLIP_V = 0.03
_MIDDLE_CLIP_V = 0.02
_CORRELATED_S = 1800.0
_SLOPE_REACH = 0.01
_ACTIVATION_K = 3007.0
"""25 kJ/mol over the gas constant. [K]"""
_PRIOR = np.array([0.03, 0.03, 3e-5, 5e-5, 2e-3])
_PER_DAY = np.array([0.01, 2e-4, 3e-7, 5e-7, 3e-5])
_ROWS_MIN = 60
_WALK_REACH = 0.0075
_WALKED_DOUBT, _LATELY_DOUBT, _UNKNOWN_DOUBT = 0.0015, 0.004, 0.01
"""Charge over capacity by which a slope may deceive: walked now, walked lately, and the usual one of the kind. [-]"""
_UNKNOWN_V = 0.003
_DAY_OFFSET_V = 7e-4
_SLOPE_V_MAX = 2.5
"""Steeper than this, a cell that is a hundredth ahead is beyond what a straight line can say. [V per charge]"""
_STALE_S = 43_200.0
_PLACES = 800
"""Places of a quarter of a hundredth of the capacity; they come round after two capacities."""
DIFFERENCES = ("soc", "capacity_share", "fast_ohm", "slow_ohm", "offset_v")


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
    covariance : ndarray, shape (5, 5)
        Of the differences, shared by all cells.
    bled : ndarray, shape (n_cells,)
        Charge that the balancer has taken out, over capacity. [-]
    track : ndarray, shape (5,)
        Where the string stands.
    moved : float
        Charge moved out so far over capacity, modulo 2. [-]
    slope_v, slope_seen_s : ndarray, shape (800,)
        Slope of the string's own voltage by place, and when it was walked. [V], [s]
    day : int
        Day of the last update; -1 before the first.
    """

    states: FloatArray
    covariance: FloatArray
    bled: FloatArray
    track: FloatArray = field(default_factory=lambda: np.full(N_TRACK, np.nan))
    moved: float = 0.0
    slope_v: FloatArray = field(default_factory=lambda: np.zeros(_PLACES))
    slope_seen_s: FloatArray = field(default_factory=lambda: np.full(_PLACES, -np.inf))
    day: int = -1


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
    """

    def __init__(self, parameters: CellParameters, n_cells: int, capacity_ah: float | None = None) -> None:
        self._capacity_ah = parameters.capacity_ah if capacity_ah is None else capacity_ah
        share = parameters.capacity_ah / self._capacity_ah
        self._ocv_v = parameters.ocv_v
        self._slope_v = _slope(parameters.ocv_v)
        middle = int(np.argmin(np.abs(parameters.temperature_c - 25.0)))
        series = parameters.resistance_ohm.mean(axis=0)[middle]
        (fast_ohm, slow_ohm), (_, slow_s) = parameters.relaxation.T[0], parameters.relaxation.T[1]
        self._resistance_ohm = (series + fast_ohm) * share
        self._middle_ohm = float(self._resistance_ohm[self._resistance_ohm.size // 2]) + float(slow_ohm) * share
        self._slow_ohm, self._slow_s = float(slow_ohm) * share, float(slow_s)
        scale = np.array([1.0, 1.0, share, share, 1.0])
        self._per_day = (_PER_DAY * scale) ** 2
        self.state = StringState(
            states=np.zeros((N_STATES, n_cells)), covariance=np.diag((_PRIOR * scale) ** 2), bled=np.zeros(n_cells)
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
        middle_of_string(block.voltage_v, _MIDDLE_CLIP_V, middle_v)
        x, weight = self._regressors(block, middle_v)
        n_rows = int(np.count_nonzero(weight))
        if n_rows < _ROWS_MIN:
            return None
        moments, counts = np.empty((N_MOMENTS, n_cells)), np.empty((2, n_cells), dtype=np.int64)
        regress_cells(block.voltage_v, middle_v, x, weight, state.states, _CLIP_V, moments, counts)
        information, said = _without_day_offset((x * weight[:, None]).T @ x, moments[:N_STATES])
        covariance: FloatArray = np.linalg.inv(np.linalg.inv(state.covariance) + information).astype(np.float64)
        seen_share = counts[0] / n_rows
        gained = covariance @ said
        state.states += np.where(seen_share > 0.5, gained, 0.0)
        state.states -= np.median(state.states, axis=1, keepdims=True)
        state.covariance = covariance
        return StringDay(
            string_id=block.string_id,
            day=first_day,
            states=state.states.copy(),
            variance=np.diag(covariance).copy(),
            bled=state.bled.copy(),
            surprise=moments[N_STATES] / np.maximum(counts[0], 1),
            clipped_share=counts[1] / np.maximum(counts[0], 1),
            seen_share=seen_share,
            range_v=np.maximum(moments[7] - moments[6], 0.0),
            n_rows=n_rows,
        )

    def _regressors(self, block: Block, middle_v: FloatArray) -> tuple[FloatArray, FloatArray]:
        """What each difference does to a voltage in each row, and what a row weighs."""
        time_s = (block.time_ns - block.time_ns[0]) / 1e9
        base_s = float(block.time_ns[0]) / 1e9
        factor = _resistance_factor(block.temperature_c)
        soc, slope, slow_a, variance = (np.empty(block.n_times) for _ in range(4))
        follow_string(
            time_s + base_s, block.current_a, middle_v, factor, self._ocv_v, self._slope_v, self._resistance_ohm,
            self._capacity_ah, self._slow_s, self._slow_ohm, self.state.track, soc, slope, slow_a, variance,
        )  # fmt: skip
        walked = np.empty(block.n_times)
        walked_slope(block.current_a, time_s, middle_v, self._capacity_ah, self._middle_ohm, _WALK_REACH, walked)
        moved = self._moved(block.current_a, time_s)
        is_known = np.empty(block.n_times)
        known_slope(
            walked, moved, time_s + base_s, self.state.slope_v, self.state.slope_seen_s, _STALE_S, slope, is_known
        )
        doubt = np.where(np.isfinite(walked), _WALKED_DOUBT, np.where(is_known > 0.0, _LATELY_DOUBT, _UNKNOWN_DOUBT))
        variance += np.where(is_known > 0.0, 0.0, _UNKNOWN_V**2)
        variance[slope > _SLOPE_V_MAX] = np.nan
        variance += (doubt * slope) ** 2
        dt_s = np.minimum(np.diff(time_s, prepend=time_s[0] - 60.0), _CORRELATED_S)
        weight = np.where(np.isfinite(variance), dt_s / (_CORRELATED_S * np.where(variance > 0.0, variance, 1.0)), 0.0)
        x = np.column_stack(
            [slope, -slope * (soc - 0.5), -block.current_a * factor, -slow_a * factor, np.ones(block.n_times)]
        )
        x[weight == 0.0] = 0.0
        return x, weight

    def _moved(self, current_a: FloatArray, time_s: FloatArray) -> FloatArray:
        """Charge that was moved out by each row, over capacity, carried on from day to day; gaps move nothing."""
        known = np.where(np.isfinite(current_a), current_a, 0.0)
        dt_s = np.minimum(np.diff(time_s, prepend=time_s[0]), 600.0)
        middle = 0.5 * (known + np.roll(known, 1))
        moved = self.state.moved + np.cumsum(middle * dt_s) / (3600.0 * self._capacity_ah)
        self.state.moved = float(moved[-1] % 2.0)
        return moved


def _without_day_offset(information: FloatArray, moments: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Allow each cell an offset that lasts a day: what hysteresis and warmth of its place do, which no state explains.

    Thousands of rows at rest would else tell a difference of charge on the plateau to a hundredth of a millivolt.
    """
    column = information[:, -1]
    share = column / (column[-1] + 1.0 / _DAY_OFFSET_V**2)
    return information - np.outer(share, column), moments - np.outer(share, moments[-1])


def _slope(ocv_v: FloatArray) -> FloatArray:
    """Slope of the voltage at rest over two hundredths of charge: raw slopes of tables are noise. [V per charge]"""
    grid = np.linspace(0.0, 1.0, ocv_v.size)
    high, low = np.minimum(grid + _SLOPE_REACH, 1.0), np.maximum(grid - _SLOPE_REACH, 0.0)
    return (np.interp(high, grid, ocv_v) - np.interp(low, grid, ocv_v)) / (high - low)


def _resistance_factor(temperature_c: FloatArray) -> FloatArray:
    """Resistance over that at 25 degC, by the mean of the sensors; 1 where none says anything, shape (n_times,). [-]"""
    n_there = np.isfinite(temperature_c).sum(axis=1)
    mean_c = np.where(n_there > 0, np.nansum(temperature_c, axis=1) / np.maximum(n_there, 1), 25.0)
    return np.exp(_ACTIVATION_K * (1.0 / (mean_c + 273.15) - 1.0 / 298.15))
