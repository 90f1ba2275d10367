"""Moments at which a string rests where voltage tells charge, and the charge that each cell gave in between."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from battuta.domain.telemetry import Block
from battuta.health.cell_capacity import CapacityMisfit, add_charge
from battuta.health.cell_filter import CellEstimates
from battuta.health.cell_filter_tables import CellLaw
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

REST_RATE = 0.05
"""Largest current of a rest, over capacity. [1/h]"""
REST_S = 1200.0
"""How long a string has to rest. [s]"""
MEAN_S = 600.0
"""Over how long before an anchor voltages are averaged. [s]"""
SOC_DEVIATION_MAX = 0.02
"""Largest standard deviation at which voltage tells charge. [-]"""
SOC_FALL_MIN = 0.3
"""Smallest change of soc between two anchors that says something of a capacity. [-]"""
GAIN_SHARE = 0.005
"""Error of the counted charge as a share of it. [-]"""
_SPAN = 2.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AnchorState:
    """The last anchor of each cell and the charge since.

    Attributes
    ----------
    is_anchored : ndarray of bool, shape (n_cells,)
        Whether the cell has an anchor.
    soc, soc_deviation : ndarray, shape (n_cells,)
        State of charge at the anchor and its standard deviation; 0 and 1 without one. [-]
    charge_ah : ndarray, shape (n_cells,)
        Charge taken out since, what was bled included. [Ah]
    hours : ndarray, shape (n_cells,)
        Time since. [h]
    time_ns, current_a : ndarray, shape (1,) or (0,)
        Time [ns] and current [A] of the last row; empty before the first.
    """

    is_anchored: BoolArray
    soc: FloatArray
    soc_deviation: FloatArray
    charge_ah: FloatArray
    hours: FloatArray
    time_ns: IntArray
    current_a: FloatArray


def no_anchors(n_cells: int) -> AnchorState:
    """Return the state before the first row."""
    return AnchorState(
        is_anchored=np.zeros(n_cells, dtype=np.bool_),
        soc=np.zeros(n_cells),
        soc_deviation=np.ones(n_cells),
        charge_ah=np.zeros(n_cells),
        hours=np.zeros(n_cells),
        time_ns=np.zeros(0, dtype=np.int64),
        current_a=np.zeros(0),
    )


def anchor_rows(law: CellLaw, block: Block) -> IntArray:
    """Rows of a block at which its string has rested long enough where voltage tells charge, one to a rest.

    Parameters
    ----------
    law : CellLaw
        Kind of the cells.
    block : Block
        Telemetry.

    Returns
    -------
    ndarray of int, shape (n_anchors,)
        The last row of each such rest; ask the filter for its estimates at these.
    """
    is_rest = np.abs(block.current_a) < REST_RATE * law.capacity_ah
    is_read = np.isfinite(block.voltage_v)
    typical_v = np.array(
        [np.median(row[read]) if read.any() else 0.0 for row, read in zip(block.voltage_v, is_read, strict=True)]
    )
    is_told = (typical_v > 0.0) & (told_soc(law, typical_v)[1] <= SOC_DEVIATION_MAX)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], is_rest.astype(np.int64), [0]))))
    rows: list[int] = []
    for first, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        rested_s = 1e-9 * (block.time_ns[first:end] - block.time_ns[first])
        fit = np.flatnonzero((rested_s >= REST_S) & is_told[first:end])
        if fit.size:
            rows.append(first + int(fit[-1]))
    return np.array(rows, dtype=np.int64)


def told_soc(law: CellLaw, rest_v: FloatArray) -> tuple[FloatArray, FloatArray]:
    """State of charge that a voltage at rest tells, and how well.

    The curve is read at two standard deviations of the voltage below and above, not by its slope: a steep step between
    two plateaus tells nothing where an error of a few millivolts leads out of it.

    Parameters
    ----------
    law : CellLaw
        Kind of the cells.
    rest_v : ndarray
        Voltage at rest, free of hysteresis; NaN is missing. [V]

    Returns
    -------
    soc, soc_deviation : ndarray
        State of charge and its standard deviation; 0 and infinity where the voltage is missing. [-]
    """
    off_v = _SPAN * float(np.hypot(law.model_v, law.noise_v))
    filled_v = np.nan_to_num(rest_v)
    width = law.soc_of(filled_v + off_v) - law.soc_of(filled_v - off_v)
    soc_deviation = np.hypot(width / (2.0 * _SPAN), law.model_soc)
    return law.soc_of(filled_v), np.where(np.isfinite(rest_v), soc_deviation, np.inf)


def follow_anchors(
    law: CellLaw, state: AnchorState, seen: CapacityMisfit, block: Block, rows: IntArray, estimates: CellEstimates
) -> tuple[AnchorState, CapacityMisfit]:
    """Count the charge of a block and add to the capacities what lies between two anchors.

    Parameters
    ----------
    law : CellLaw
        Kind of the cells.
    state, seen : AnchorState, CapacityMisfit
        Where both stood before the block; neither is changed.
    block : Block
        Telemetry.
    rows : ndarray of int, shape (n_anchors,)
        As `anchor_rows` gives them.
    estimates : CellEstimates
        The filter's estimates at these rows and at the last of the block, in this order.

    Returns
    -------
    state, seen : AnchorState, CapacityMisfit
        Where both stand after the block.
    """
    begin = 0
    for number, row in enumerate([*rows.tolist(), block.n_times - 1]):
        state = _counted(law, state, block.rows(slice(begin, row + 1)), float(estimates.offset_a[number]))
        begin = row + 1
        if number < rows.size:
            state, seen = _anchored(law, state, seen, block, row, estimates, number)
    return state, seen


def _counted(law: CellLaw, state: AnchorState, part: Block, offset_a: float) -> AnchorState:
    """Count the charge of some rows; where the current is not known no charge is, and the anchors end."""
    if part.n_times == 0:
        return state
    hours = np.diff(np.concatenate((state.time_ns, part.time_ns))) / 3.6e12
    current_a = np.concatenate((state.current_a, part.current_a))
    mean_a = 0.5 * (current_a[1:] + current_a[:-1]) - offset_a
    is_known = bool(np.isfinite(mean_a).all() and (3600.0 * hours <= law.gap_s).all())
    now = no_anchors(state.soc.size) if not is_known else state
    bled_ah = np.zeros(state.soc.size) if part.bleed_ah is None else part.bleed_ah.sum(axis=0)
    return replace(
        now,
        charge_ah=now.charge_ah + (float((mean_a * hours).sum()) + bled_ah if is_known else 0.0),
        hours=now.hours + float(hours.sum()),
        time_ns=part.time_ns[-1:],
        current_a=part.current_a[-1:],
    )


def _anchored(
    law: CellLaw,
    state: AnchorState,
    seen: CapacityMisfit,
    block: Block,
    row: int,
    estimates: CellEstimates,
    number: int,
) -> tuple[AnchorState, CapacityMisfit]:
    """Read each cell's charge at an anchor from its voltage, and close the pair with the anchor before."""
    since_ns = int(block.time_ns[row]) - round(1e9 * MEAN_S)
    rest = slice(int(np.searchsorted(block.time_ns, since_ns)), row + 1)
    current_a = float(np.mean(block.current_a[rest])) - float(estimates.offset_a[number])
    drop_v = estimates.relaxation_v[number] + current_a * estimates.resistance_ohm[number]
    rest_v = block.voltage_v[rest].mean(axis=0) + drop_v - float(estimates.hysteresis_v[number])
    soc, soc_deviation = told_soc(law, rest_v)
    is_told = soc_deviation <= SOC_DEVIATION_MAX
    soc_fall = state.soc - soc
    is_pair = state.is_anchored & is_told & (np.abs(soc_fall) >= SOC_FALL_MIN)
    if is_pair.any():
        counted_ah = np.hypot(GAIN_SHARE * state.charge_ah, estimates.offset_deviation_a[number] * state.hours)
        seen = add_charge(
            seen,
            soc_fall=soc_fall,
            soc_fall_deviation=np.hypot(state.soc_deviation, np.where(is_told, soc_deviation, 1.0)),
            charge_ah=state.charge_ah,
            charge_deviation_ah=counted_ah,
            days=float(np.median(state.hours[is_pair])) / 24.0,
            cells=is_pair,
        )
    fresh = replace(
        state,
        is_anchored=state.is_anchored | is_told,
        soc=np.where(is_told, soc, state.soc),
        soc_deviation=np.where(is_told, soc_deviation, state.soc_deviation),
        charge_ah=np.where(is_told, 0.0, state.charge_ah),
        hours=np.where(is_told, 0.0, state.hours),
    )
    return fresh, seen
