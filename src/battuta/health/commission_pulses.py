"""A short record taken apart: rest, and the edges of pulses at which each cell answers with its resistance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_S
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

REST_A = 1.0
"""Less current than this is rest. [A]"""
DEAD_V = 0.5
"""A cell that is read below this is none, or is not connected. [V]"""
_EDGE_A = 5.0
_EDGE_S_MAX = 120.0
"""Rows further apart than this are no edge: cells relax in between. [s]"""
_REST_ROWS_MIN = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pulses:
    """What a record says of each cell.

    Attributes
    ----------
    rest : ndarray, shape (n_times,)
        Rows at rest.
    rest_v : ndarray, shape (n_cells,), or None
        Voltage at the end of the longest rest; None where there is none of five rows. [V]
    rest_s : float
        How long that was. [s]
    resistance_ohm : ndarray, shape (n_cells,), or None
        Voltage that answers the edges, per ampere; negative where it answers the wrong way, None without edges. [ohm]
    n_up, n_down : int
        Edges towards discharge and towards charge. [-]
    current_a_max : float
        Largest current of the record, either way. [A]
    """

    rest: BoolArray
    rest_v: FloatArray | None
    rest_s: float
    resistance_ohm: FloatArray | None
    n_up: int
    n_down: int
    current_a_max: float


def pulses_of(block: Block) -> Pulses:
    """Take a record apart.

    Parameters
    ----------
    block : Block
        The record of a string.

    Returns
    -------
    Pulses
        Rest and answers.
    """
    current = block.current_a
    rest = np.abs(current) < REST_A
    first, stop = _longest(rest)
    n_rest = stop - first
    rest_s = 0.0 if not n_rest else (int(block.time_ns[stop - 1]) - int(block.time_ns[first])) / NS_PER_S
    rest_v = None if n_rest < _REST_ROWS_MIN else median_known(block.voltage_v[max(first, stop - 10) : stop])
    step_a = np.diff(current)
    gap_s = np.diff(block.time_ns) / NS_PER_S
    edges = np.flatnonzero((np.abs(step_a) > _EDGE_A) & (gap_s <= _EDGE_S_MAX))
    known = np.abs(current[np.isfinite(current)])
    return Pulses(
        rest=rest,
        rest_v=rest_v,
        rest_s=rest_s,
        resistance_ohm=_answers(block, edges, step_a) if edges.size else None,
        n_up=int(np.sum(step_a[edges] > 0.0)),
        n_down=int(np.sum(step_a[edges] < 0.0)),
        current_a_max=float(np.max(known, initial=0.0)),
    )


def median_known(values: FloatArray) -> FloatArray:
    """Median of the known values of each column, NaN where none is known, shape (n_columns,)."""
    found = np.full(values.shape[1], np.nan)
    for column in range(values.shape[1]):
        known = values[np.isfinite(values[:, column]), column]
        if known.size:
            found[column] = np.median(known)
    return found


def left_out_words(pairs: BoolArray) -> str:
    """Say which cells an item could not judge, as their sense wires are doubtful.

    Examples
    --------
    >>> left_out_words(np.array([True, True, False])), left_out_words(np.array([False]))
    ('; 2 cells at a doubtful sense wire not judged', '')
    """
    return f"; {int(pairs.sum())} cells at a doubtful sense wire not judged" if pairs.any() else ""


def _longest(rest: BoolArray) -> tuple[int, int]:
    """First row of the longest rest, and the row after its last."""
    padded = np.concatenate([[False], rest, [False]]).astype(np.int8)
    firsts, stops = np.flatnonzero(np.diff(padded) == 1), np.flatnonzero(np.diff(padded) == -1)
    if not firsts.size:
        return 0, 0
    at = int(np.argmax(stops - firsts))
    return int(firsts[at]), int(stops[at])


def _answers(block: Block, edges: IntArray, step_a: FloatArray) -> FloatArray:
    """Least squares of the answers over all edges; a discharge lowers the voltage of a cell that is wired right."""
    answer_v = block.voltage_v[edges + 1] - block.voltage_v[edges]
    weight = np.where(np.isfinite(answer_v), step_a[edges, None], 0.0)
    squares = np.sum(weight**2, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(squares > 0.0, -np.sum(weight * np.nan_to_num(answer_v), axis=0) / squares, np.nan)
