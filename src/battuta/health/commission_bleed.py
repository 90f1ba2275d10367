"""The order of channels before first power: the channel that falls while a cell is bled is that of the cell."""

from __future__ import annotations

import numpy as np

from battuta.domain.health import FaultClass
from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_S
from battuta.health.commission import CommissionItem, Place
from battuta.health.commission_pulses import REST_A, median_known
from battuta.numerics.arrays import BoolArray, FloatArray

_NEEDED = (
    "needs a bleed test at rest: bleed_ah with each cell bled alone for some rows; temperatures do not tell the order"
)
_BLED_ROWS_MIN, _BESIDE_ROWS = 2, 3
"""Least rows for which a cell is bled alone, and rows before, at either end and after it that are compared. [-]"""
_GAP_S_MAX = 120.0
"""Rows further apart than this are not compared: cells relax in between. [s]"""
_BLEED_V = 2e-4
"""Least answer of a channel. [V]"""
_CLEAR_TIMES = 6.0
"""How far an answer stands out from what other channels did in the same rows. [-]"""
_TESTED_SHARE_MIN = 0.5
"""Share of the cells bled alone, and of these that answer, below which balancing was at work, and no test. [-]"""


def order_item(block: Block) -> CommissionItem:
    """Say whether each channel carries its cell.

    A channel answers where it falls as its cell begins to be bled and rises as that ends, at rest, and stands out from
    all others in both; voltages that drift, as those of a battery in use do, do one of the two alone.

    Parameters
    ----------
    block : Block
        The record of a string.

    Returns
    -------
    CommissionItem
        Not tested where it holds no bleed test; what a balancer does of its own is none.
    """
    place = Place(where=block.string_id, name="channel_order", fault=FaultClass.CHANNEL_ORDER)
    if block.bleed_ah is None:
        return place.not_tested(_NEEDED)
    answers = _answers(block, np.nan_to_num(block.bleed_ah) > 0.0)
    told = {cell: channel for cell, answer in answers.items() if (channel := _channel(answer)) is not None}
    wrong = [cell for cell, channel in told.items() if channel != cell]
    n_cells, n_bled = block.n_cells, len(answers)
    if not answers:
        return place.not_tested(f"no cell was bled alone at rest; {_NEEDED}")
    if n_bled < _TESTED_SHARE_MIN * n_cells or len(told) < _TESTED_SHARE_MIN * n_bled:
        return place.not_tested(
            f"{n_bled} of {n_cells} cells were bled alone at rest, and {len(told)} answered: balancing, and no test of "
            f"the order; {_NEEDED}"
        )
    figures = {"n_tested": float(len(told)), "n_wrong": float(len(wrong))}
    if wrong:
        reason = f"{len(wrong)} of {len(told)} bled cells answer on another channel"
        return place.tested(passed=False, reason=reason, figures=figures, cells=wrong)
    if len(told) < n_cells:
        return place.not_tested(
            f"{len(told)} of {n_cells} cells were bled and answered, on their own channel; {_NEEDED}"
        )
    return place.tested(passed=True, reason=f"all {len(told)} cells answer on their own channel", figures=figures)


def _answers(block: Block, bled: BoolArray) -> dict[int, FloatArray]:
    """How far each channel falls and rises again as a cell is bled alone, the lesser of both, shape (n_cells,). [V]"""
    usable = (np.abs(block.current_a) < REST_A) & (bled.sum(axis=1) <= 1)
    whose = np.where(usable & bled.any(axis=1), np.argmax(bled, axis=1), -1)
    far = np.diff(block.time_ns) > _GAP_S_MAX * NS_PER_S
    starts = np.flatnonzero(np.concatenate([[True], (np.diff(whose) != 0) | far]))
    stops = np.append(starts[1:], block.n_times)
    found: dict[int, list[FloatArray]] = {}
    for first, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        cell = int(whose[first])
        if cell < 0 or stop - first < _BLED_ROWS_MIN or not 0 < first < stop < block.n_times:
            continue
        before, after = slice(max(first - _BESIDE_ROWS, 0), first), slice(stop, stop + _BESIDE_ROWS)
        around = slice(before.start, min(after.stop, block.n_times))
        if not usable[around].all() or far[around.start : around.stop - 1].any():
            continue
        voltage_v = block.voltage_v
        fall_v = median_known(voltage_v[before]) - median_known(voltage_v[first : min(first + _BESIDE_ROWS, stop)])
        rise_v = median_known(voltage_v[after]) - median_known(voltage_v[max(stop - _BESIDE_ROWS, first) : stop])
        found.setdefault(cell, []).append(np.minimum(fall_v, rise_v))
    return {cell: median_known(np.array(found[cell])) for cell in sorted(found)}


def _channel(answer_v: FloatArray) -> int | None:
    """Channel that answers beyond doubt; None where none does."""
    known = np.isfinite(answer_v)
    if known.sum() < 3:
        return None
    own_v = np.where(known, answer_v - np.median(answer_v[known]), -np.inf)
    channel = int(np.argmax(own_v))
    others_v = np.maximum(np.delete(own_v, channel), 0.0)
    noise_v = float(np.sqrt(np.mean(others_v**2)))
    return channel if own_v[channel] >= max(_BLEED_V, _CLEAR_TIMES * noise_v) else None
