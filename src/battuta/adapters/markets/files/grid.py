"""Rows to a regular grid: order, repeated rows, step and gaps; nothing is filled, a hole stays a hole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from battuta.adapters.markets.files.inspection import Inspection, counted
from battuta.domain.errors import DataError
from battuta.domain.imports import FindingKind
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

N_STEP_CHANGE = 24
"""So many equal intervals in a row of another length are a change of step, not gaps. [-]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """Rows of a file in time order.

    Attributes
    ----------
    time_us : ndarray, shape (n_rows,)
        Instants. [us]
    rows : ndarray, shape (n_rows,)
        Row numbers of the file.
    values : mapping of str to ndarray, each shape (n_rows,)
        Columns by name. [unit of the column]
    is_benchmark : bool
        True when the instants are labels of the clock ``local_24h``.
    """

    time_us: IntArray
    rows: IntArray
    values: Mapping[str, FloatArray]
    is_benchmark: bool = False

    def at(self, index: int, shift_us: int = 0) -> str:
        """Say the time of a row, moved by some microseconds."""
        moment = np.datetime64(int(self.time_us[index]) + shift_us, "us").astype("datetime64[m]")
        return f"{moment}{'' if self.is_benchmark else 'Z'}"

    def moved(self, shift_us: int) -> Rows:
        """Return the rows at times moved by some microseconds."""
        return replace(self, time_us=self.time_us + shift_us)

    def take(self, which: IntArray | BoolArray) -> Rows:
        """Return some rows, by index or by flag."""
        return Rows(
            time_us=self.time_us[which],
            rows=self.rows[which],
            values={name: column[which] for name, column in self.values.items()},
            is_benchmark=self.is_benchmark,
        )


def in_time_order(table: Rows, inspection: Inspection) -> Rows:
    """Sort the rows and drop identical repetitions, each only where it is allowed.

    Parameters
    ----------
    table : Rows
        Rows in file order.
    inspection : Inspection
        Takes the findings.

    Returns
    -------
    Rows
        Rows with rising instants.
    """
    is_backward = np.diff(table.time_us) < 0
    if is_backward.any():
        at = int(np.flatnonzero(is_backward)[0]) + 1
        n_backward = int(is_backward.sum())
        runs_back = n_backward == is_backward.size
        inspection.refuse(
            FindingKind.UNSORTED,
            "the newest row comes first" if runs_back else f"{table.at(at)} comes after a later time",
            "sort the rows by time",
            row=int(table.rows[at]),
            column="time",
            count=n_backward,
        )
        table = table.take(np.argsort(table.time_us, kind="stable"))
    is_repeated = np.concatenate(([False], np.diff(table.time_us) == 0))
    if not is_repeated.any():
        return table
    _name_repetitions(table, is_repeated, inspection)
    return table.take(~is_repeated)


def _name_repetitions(table: Rows, is_repeated: BoolArray, inspection: Inspection) -> None:
    kept = np.maximum.accumulate(np.where(is_repeated, 0, np.arange(is_repeated.size)))
    is_same = np.ones(is_repeated.size, dtype=np.bool_)
    for column in table.values.values():
        is_same &= (column == column[kept]) | (np.isnan(column) & np.isnan(column[kept]))

    def say(start: int, stop: int) -> str:
        span = f"{table.at(start)} (first in row {table.rows[kept[start]]})"
        return (
            f"repeats {span}"
            if stop - start == 1
            else f"{counted(stop - start, 'row')} repeat earlier ones from {span} on"
        )

    inspection.refuse_runs(
        FindingKind.DUPLICATE, is_repeated & is_same, table.rows, say, "remove the second row", column="time"
    )
    inspection.refuse_runs(
        FindingKind.CONFLICTING_DUPLICATE,
        is_repeated & ~is_same,
        table.rows,
        lambda start, stop: f"{say(start, stop)}, with other values",
        "find out which one is right and remove the other",
        column="time",
    )


def step_of(table: Rows, step: timedelta | None, source: str) -> int:
    """Length of an interval: that of the source, else the most frequent distance between rows.

    Parameters
    ----------
    table : Rows
        Rows with rising instants.
    step : timedelta or None
        What the source promises.
    source : str
        The file, as the user named it.

    Returns
    -------
    int
        Length. [us]

    Raises
    ------
    DataError
        If the file has one row and its source promises no step.
    """
    if step is not None:
        return step // timedelta(microseconds=1)
    distance_us = np.diff(table.time_us)
    if not distance_us.size:
        message = f"{source} holds a single interval, so its length is not known; give at least two rows"
        raise DataError(message)
    if (distance_us == distance_us[0]).all():
        return int(distance_us[0])
    lengths_us, n_times = np.unique(distance_us, return_counts=True)
    return int(lengths_us[np.argmax(n_times)])


def on_grid(table: Rows, step_us: int, inspection: Inspection) -> IntArray | None:
    """Place each row on the grid and name rows off it, changes of step and gaps.

    Parameters
    ----------
    table : Rows
        Rows with rising instants.
    step_us : int
        Length of an interval. [us]
    inspection : Inspection
        Takes the findings.

    Returns
    -------
    ndarray, shape (n_rows,), or None
        Index of each row on the grid that begins at the first row; None where rows are off the grid.
    """
    distance_us = np.diff(table.time_us)
    if (distance_us == step_us).all():
        return np.arange(table.time_us.size)
    if _name_step_changes(table, distance_us, step_us, inspection):
        return None
    phase_us = table.time_us % step_us
    phases_us, n_times = np.unique(phase_us, return_counts=True)
    is_off = phase_us != phases_us[np.argmax(n_times)]
    if is_off.any():
        inspection.refuse_runs(
            FindingKind.IRREGULAR_STEP,
            is_off,
            table.rows,
            lambda start, _: f"{table.at(start)} is off the grid of {_span(step_us)} that the other rows make",
            "remove or correct the rows",
            column="time",
        )
        return None
    _name_gaps(table, distance_us, step_us, inspection)
    return (table.time_us - table.time_us[0]) // step_us


def _name_step_changes(table: Rows, distance_us: IntArray, step_us: int, inspection: Inspection) -> bool:
    cuts = np.flatnonzero(np.diff(distance_us) != 0) + 1
    starts = np.concatenate(([0], cuts))
    lengths = np.diff(np.concatenate((starts, [distance_us.size])))
    changes = starts[(lengths >= N_STEP_CHANGE) & (distance_us[starts] != step_us)]
    for start in map(int, changes[:N_STEP_CHANGE]):
        length = int(lengths[np.searchsorted(starts, start)])
        at = start or length % distance_us.size
        before_us = distance_us[at - 1] if at else step_us
        inspection.refuse(
            FindingKind.IRREGULAR_STEP,
            f"from {table.at(at)} on rows are {_span(distance_us[at])} apart, not {_span(before_us)}",
            "split the file where the step changes",
            row=int(table.rows[at]),
            column="time",
            count=length,
        )
    return bool(changes.size)


def _name_gaps(table: Rows, distance_us: IntArray, step_us: int, inspection: Inspection) -> None:
    after = np.flatnonzero(distance_us > step_us) + 1

    def say(at: int) -> str:
        first, last = table.at(at - 1, step_us), table.at(at, -step_us)
        n_missing = int(distance_us[at - 1]) // step_us - 1
        span = first if n_missing == 1 else f"{first} to {last}"
        return f"no row for {counted(n_missing, 'interval')} before this one: {span}"

    inspection.refuse_each(
        FindingKind.GAP, after, distance_us[after - 1] // step_us - 1, table.rows, say, "fetch the rows", column="time"
    )


def _span(length_us: int | np.int64) -> str:
    return f"{length_us / 60e6:g} min"
