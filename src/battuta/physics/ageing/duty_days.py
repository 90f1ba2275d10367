"""What a cell went through, cut in days: the one form in which every ageing model is asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.numerics.rainflow import Cycles, rainflow

DAY_S = 86_400.0
RESTING_C_RATE = 1e-2  # 1/h; below it NREL's models hold a cell to be in storage
MOVING_C_RATE = 1e-3  # 1/h; below it a cell stands still: its mean rate is that of the steps in which it moves


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DutyDays:
    """What a cell went through, cut in days.

    Attributes
    ----------
    soc : ndarray, shape (n_days, n_steps)
        State of charge at the end of each step, of the capacity the cell has by then. [-]
    temperature_c : ndarray, shape (n_days, n_steps)
        Cell temperature. [degC]
    c_rate : ndarray, shape (n_days, n_steps)
        Current over the new capacity, discharge positive. [1/h]
    step_s : float
        Length of a step. [s]
    full_cycles : ndarray, shape (n_days,)
        Equivalent full cycles: charge moved over twice the new capacity. [-]
    cycle_day : ndarray, shape (n_cycles,)
        Day in which a rainflow cycle closes; what stays open at the end closes in the last day.
    cycle_depth, cycle_mean_soc : ndarray, shape (n_cycles,)
        Range and mean of the state of charge. [-]
    cycle_count : ndarray, shape (n_cycles,)
        1 for a full cycle, 0.5 for a half one. [-]
    cycle_c_rate : ndarray, shape (n_cycles,)
        Mean magnitude of the rate while it moves; of a full cycle the mean of its two halves. [1/h]
    """

    soc: FloatArray
    temperature_c: FloatArray
    c_rate: FloatArray
    step_s: float
    full_cycles: FloatArray
    cycle_day: IntArray
    cycle_depth: FloatArray
    cycle_mean_soc: FloatArray
    cycle_count: FloatArray
    cycle_c_rate: FloatArray

    @property
    def n_days(self) -> int:
        """Number of days."""
        return self.soc.shape[0]

    def cycle_full_cycles(self) -> FloatArray:
        """Equivalent full cycles of each rainflow cycle, of the new capacity like `full_cycles`, shape (n_cycles,)."""
        swung = self.cycle_depth * self.cycle_count
        total = float(swung.sum())
        return swung * (float(self.full_cycles.sum()) / total) if total > 0.0 else swung

    def daily_depth(self) -> FloatArray:
        """Range of the state of charge in each day, the end of the day before included, shape (n_days,). [-]"""
        before = np.concatenate((self.soc[:1, 0], self.soc[:-1, -1]))
        return np.maximum(self.soc.max(axis=1), before) - np.minimum(self.soc.min(axis=1), before)

    def daily_c_rate(self) -> FloatArray:
        """Mean magnitude of the rate in each day, rests included, shape (n_days,). [1/h]"""
        moved = np.abs(self.c_rate)
        return np.where(moved < RESTING_C_RATE, 0.0, moved).mean(axis=1)

    def sum_by_day(self, of_cycle: FloatArray) -> FloatArray:
        """Sum over the cycles that close in each day, shape (n_days,)."""
        total = np.zeros(self.n_days)
        np.add.at(total, self.cycle_day, of_cycle)
        return total


def duty_days(soc: FloatArray, temperature_c: FloatArray, c_rate: FloatArray, step_s: float) -> DutyDays:
    """Cut a profile of whole days into days and count its cycles.

    Parameters
    ----------
    soc : ndarray, shape (n_times,)
        State of charge at the end of each step. [-]
    temperature_c : ndarray, shape (n_times,)
        Cell temperature. [degC]
    c_rate : ndarray, shape (n_times,)
        Current in each step over the new capacity, discharge positive. [1/h]
    step_s : float
        Length of a step; a day must hold a whole number of them. [s]

    Returns
    -------
    DutyDays
        The days.

    Raises
    ------
    DataError
        If the profiles differ in length, are not whole days, or have gaps: a gap is mended where the data come from.
    InvalidQuantityError
        If a state of charge or the step is outside its range.

    Examples
    --------
    >>> soc = np.concatenate((np.linspace(0.9, 0.1, 13)[1:], np.linspace(0.1, 0.9, 13)[1:]))
    >>> days = duty_days(soc, np.full(24, 25.0), np.repeat([0.8 / 12, -0.8 / 12], 12), 3600.0)
    >>> round(float(days.full_cycles[0]), 6)
    0.8
    """
    given = {"soc": soc, "temperature_c": temperature_c, "c_rate": c_rate}
    held = {name: np.ascontiguousarray(values, dtype=np.float64) for name, values in given.items()}
    n_steps = _steps_per_day(held, step_s)
    low, high = float(held["soc"].min()), float(held["soc"].max())
    if low < 0.0 or high > 1.0:
        raise InvalidQuantityError("soc", low if low < 0.0 else high, 0.0, 1.0, "-", where="duty_days")
    moved = np.abs(held["c_rate"])
    cycles = rainflow(held["soc"])
    shape = (held["soc"].size // n_steps, n_steps)
    return DutyDays(
        soc=held["soc"].reshape(shape),
        temperature_c=held["temperature_c"].reshape(shape),
        c_rate=held["c_rate"].reshape(shape),
        step_s=step_s,
        full_cycles=moved.reshape(shape).sum(axis=1) * (step_s / 3600.0 / 2.0),
        cycle_day=cycles.span[:, 2] // n_steps,
        cycle_depth=cycles.depth,
        cycle_mean_soc=cycles.mean,
        cycle_count=cycles.count,
        cycle_c_rate=_mean_rate(cycles, moved),
    )


def _steps_per_day(held: dict[str, FloatArray], step_s: float) -> int:
    """Steps in a day, after looking whether the profiles are whole days without gaps."""
    if not 0.0 < step_s <= DAY_S:
        raise InvalidQuantityError("step_s", step_s, 0.0, DAY_S, "s", where="duty_days", above_low=True)
    n_steps = round(DAY_S / step_s)
    if abs(n_steps * step_s - DAY_S) > 1e-6:
        message = f"duty_days: a day does not hold a whole number of steps of {step_s:g} s; resample to e.g. 60 s"
        raise DataError(message)
    n_times = held["soc"].size
    for name, values in held.items():
        if values.ndim != 1 or values.size != n_times:
            message = f"duty_days: {name} has shape {values.shape}, soc has {n_times} values; give one value a step"
            raise DataError(message)
        missing = int(np.count_nonzero(~np.isfinite(values)))
        if missing:
            first = int(np.argmax(~np.isfinite(values)))
            message = (
                f"duty_days: {missing} values of {name} are missing, the first in step {first} (day "
                f"{first // n_steps + 1}); mend the gap where the data come from"
            )
            raise DataError(message)
    if n_times == 0 or n_times % n_steps:
        message = f"duty_days: {n_times} steps are not whole days of {n_steps} steps; cut or complete the last day"
        raise DataError(message)
    return n_steps


def _mean_rate(cycles: Cycles, moved: FloatArray) -> FloatArray:
    """Mean rate of each cycle while it moves, shape (n_cycles,): branch out and, of a full cycle, branch back."""
    moves = moved > MOVING_C_RATE
    charge = np.concatenate(([0.0], np.cumsum(np.where(moves, moved, 0.0))))
    steps = np.concatenate(([0], np.cumsum(moves)))
    begins, turns, closes = (cycles.span[:, column] + 1 for column in range(3))

    def between(first: IntArray, last: IntArray) -> FloatArray:
        return np.maximum(charge[last] - charge[first], 0.0) / np.maximum(steps[last] - steps[first], 1)

    out, back = between(begins, turns), between(turns, closes)
    return np.where(cycles.count == 1.0, 0.5 * (out + back), out)
