"""What a cell's record says cycle by cycle: its capacity, and any measures that the charger took."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import DataError, InvalidQuantityError, StaleDataError
from battuta.health.life_ensemble import Blocks
from battuta.numerics.arrays import FloatArray

CYCLES_MIN = 60
_AROUND = 9
_EARLY = slice(2, 12)
_LATEST = 10
_SHARES_OF_LOSS = (0.25, 0.5, 0.75, 0.9)
_RATE_FLOOR = 1e-6
_LEFT_FLOOR = 3e-3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CycleHistory:
    """One cell from its first cycle on.

    Attributes
    ----------
    capacity_ah : ndarray, shape (n_cycles,)
        Capacity in each cycle. [Ah]
    measures : ndarray, shape (n_cycles, n_features)
        What else was taken in each cycle, for example moments of voltage and current of its charge, in any unit.

    Raises
    ------
    DataError, InvalidQuantityError, StaleDataError
        If it is too short, lengths differ, or a value is missing or not above zero.
    """

    capacity_ah: FloatArray
    measures: FloatArray

    def __post_init__(self) -> None:
        """Refuse what cannot be used."""
        n_cycles = self.capacity_ah.size
        if self.measures.ndim != 2 or self.measures.shape[0] != n_cycles:
            message = f"capacity_ah tells of {n_cycles} cycles, measures have the shape {self.measures.shape}"
            raise DataError(message)
        if n_cycles < CYCLES_MIN:
            message = f"the record has {n_cycles} cycles; give {CYCLES_MIN} or more, from the first"
            raise StaleDataError(message)
        missing = np.flatnonzero(~(np.isfinite(self.capacity_ah) & np.isfinite(self.measures).all(axis=1)))
        if missing.size:
            message = f"cycle {missing[0]} is not finite, as are {missing.size - 1} others; leave such cycles out"
            raise DataError(message)
        if float(self.capacity_ah.min()) <= 0.0:
            raise InvalidQuantityError(
                "capacity_ah", float(self.capacity_ah.min()), 0.0, float("inf"), "Ah", above_low=True
            )

    @property
    def n_cycles(self) -> int:
        """Number of cycles seen."""
        return self.capacity_ah.size

    def until(self, n_cycles: int) -> CycleHistory:
        """The first cycles of it."""
        if not 0 < n_cycles <= self.n_cycles:
            raise InvalidQuantityError("n_cycles", n_cycles, 1, self.n_cycles, "cycles")
        return CycleHistory(capacity_ah=self.capacity_ah[:n_cycles], measures=self.measures[:n_cycles])


def early_features(histories: list[CycleHistory]) -> Blocks:
    """What the first cycles of cells say, all of them equally many.

    Parameters
    ----------
    histories : list of CycleHistory
        Cells, cut to the same number of cycles.

    Returns
    -------
    dict of ndarray, shape (n_cells, n_features)
        ``level``: medians of capacity and measures in cycles 2 to 11. ``change``: how far the last ten are from them.
        ``fade``: the cubic through the capacity. ``slope``: slopes of straight lines through all after the tenth.
    """
    level: list[FloatArray] = []
    change: list[FloatArray] = []
    fade: list[FloatArray] = []
    slope: list[FloatArray] = []
    for each in histories:
        both = np.column_stack([each.measures, each.capacity_ah])
        early, latest = np.median(both[_EARLY], axis=0), np.median(both[-_LATEST:], axis=0)
        at = np.linspace(-1.0, 1.0, each.n_cycles)
        level.append(early)
        change.append(latest - early)
        cubic = np.vander(at[5:], 4, increasing=True)
        fade.append(np.asarray(np.linalg.lstsq(cubic, each.capacity_ah[5:], rcond=None)[0], dtype=np.float64))
        slope.append(_slopes(both[_LATEST:]))
    return {
        "level": np.array(level),
        "change": np.array(change),
        "fade": np.array(fade),
        "slope": np.array(slope),
    }


def lost_share(history: CycleHistory, end_of_life_ah: float) -> FloatArray:
    """Share of the way from the capacity at the start to that at the end of life, after each cycle.

    Parameters
    ----------
    history : CycleHistory
        A cell.
    end_of_life_ah : float
        Capacity at which its life ends. [Ah]

    Returns
    -------
    ndarray, shape (n_cycles,)
        0 at the start, 1 at the end of life; from medians of the nine cycles before. [-]
    """
    start = float(np.median(history.capacity_ah[_EARLY]))
    if start <= end_of_life_ah:
        raise InvalidQuantityError("end_of_life_ah", end_of_life_ah, 0.0, start, "Ah", where="capacity at the start")
    return (start - _running_median(history.capacity_ah)) / (start - end_of_life_ah)


def _slopes(values: FloatArray) -> FloatArray:
    """Slope of the straight line through each column against its rows, shape (n_columns,)."""
    at = np.arange(values.shape[0], dtype=np.float64) - 0.5 * (values.shape[0] - 1)
    return (at @ values) / float(at @ at)


def _running_median(values: FloatArray) -> FloatArray:
    """Median of each value and the eight before it, the first ones of fewer."""
    padded = np.concatenate([np.full(_AROUND - 1, values[0]), values])
    return np.median(np.lib.stride_tricks.sliding_window_view(padded, _AROUND), axis=1)


def state_features(history: CycleHistory, at_cycles: list[int], end_of_life_ah: float) -> tuple[FloatArray, FloatArray]:
    """What a record says after some numbers of cycles, of nothing that came later.

    Parameters
    ----------
    history : CycleHistory
        A cell.
    at_cycles : list of int
        Numbers of cycles.
    end_of_life_ah : float
        Capacity at which its life ends. [Ah]

    Returns
    -------
    tuple of ndarray, shape (n_times, n_features)
        Of the capacity: age, start, now, what is left over the rate of the last quarter, that rate, and how early
        shares of the loss had been reached. Of the measures: now, since the start, since half of the age.
    """
    lost = np.maximum.accumulate(lost_share(history, end_of_life_ah))
    fade: list[FloatArray] = []
    other: list[FloatArray] = []
    for n_cycles in at_cycles:
        seen, measures = history.capacity_ah[:n_cycles], history.measures[:n_cycles]
        start, now = float(np.median(seen[_EARLY])), float(np.median(seen[-_LATEST:]))
        window = max(n_cycles // 4, 20)
        rate = max(-float(_slopes(seen[-window:, None])[0]), _RATE_FLOOR)
        left = max(now - end_of_life_ah, _LEFT_FLOOR)
        reached = [float(np.count_nonzero(lost[:n_cycles] < share * lost[n_cycles - 1])) for share in _SHARES_OF_LOSS]
        now_left = [np.log(n_cycles), start, now, np.log(left / rate), np.log(rate)]
        fade.append(np.concatenate([now_left, np.log(np.maximum(reached, 5.0) / n_cycles)]))
        latest, middle = np.median(measures[-_LATEST:], axis=0), n_cycles // 2
        first, halfway = np.median(measures[_EARLY], axis=0), np.median(measures[middle - 5 : middle + 5], axis=0)
        other.append(np.concatenate([latest, latest - first, latest - halfway]))
    return np.array(fade), np.array(other)
