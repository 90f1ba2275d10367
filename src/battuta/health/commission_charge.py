"""How far cells lie apart in charge before first power, where their voltages at rest tell that beyond doubt."""

from __future__ import annotations

import numpy as np

from battuta.domain.health import FaultClass
from battuta.domain.telemetry import Block
from battuta.health.commission import CommissionItem, CommissionPlan, Place
from battuta.health.commission_pulses import DEAD_V, Pulses, left_out_words
from battuta.numerics.arrays import BoolArray, FloatArray
from battuta.physics.cell_parameters import CellParameters

_REST_S_MIN = 600.0
_SLOPE_V_MIN = 0.1
"""Slope of the voltage below which a millivolt is more than a hundredth of charge. [V]"""
_CHANNEL_V = 0.003
"""What a channel may read wrongly, and a cell may still relax by, beside the others of its string. [V]"""
_BRANCH_V = 0.010
"""By how much all voltages of a string may lie off the curve of the kind: hysteresis, rest that is short. [V]"""


def charge_item(
    block: Block, pulses: Pulses, plan: CommissionPlan, cell: CellParameters, pairs: BoolArray
) -> CommissionItem:
    """Say how far cells lie apart in charge.

    Parameters
    ----------
    block : Block
        The record of a string.
    pulses : Pulses
        Its rest.
    plan : CommissionPlan
        Limits.
    cell : CellParameters
        Kind of cell, for the state of charge from a voltage at rest.
    pairs : ndarray, shape (n_cells,)
        Cells that are left out, as their sense wires are doubtful.

    Returns
    -------
    CommissionItem
        Passed or failed only where the verdict stands whatever channels and hysteresis hide.
    """
    place = Place(where=block.string_id, name="soc_spread", fault=FaultClass.CAPACITY_OUTLIER)
    if pulses.rest_v is None or pulses.rest_s < _REST_S_MIN:
        return place.not_tested(
            f"needs a rest of {_REST_S_MIN / 60.0:.0f} minutes; the longest is {pulses.rest_s:.0f} s"
        )
    grid, ocv_v = np.linspace(0.0, 1.0, cell.ocv_v.size), np.maximum.accumulate(cell.ocv_v)
    known = np.isfinite(pulses.rest_v) & ~pairs & (pulses.rest_v > DEAD_V)
    if not known.any():
        return place.not_tested("no cell has a usable voltage at rest")
    soc = np.interp(pulses.rest_v, ocv_v, grid)
    middle = float(np.median(soc[known]))
    slope_v = float(np.interp(middle + 0.02, grid, ocv_v) - np.interp(middle - 0.02, grid, ocv_v)) / 0.04
    mend = "rest the string below 20 % or at full charge"
    if slope_v < _SLOPE_V_MIN:
        return place.not_tested(
            f"on the plateau, at {100.0 * middle:.0f} % of charge, a millivolt is {0.1 / max(slope_v, 1e-3):.1f} % of "
            f"charge: {mend}"
        )
    least, most = _bounds(pulses.rest_v[known], ocv_v, grid)
    if least <= plan.soc_spread_max < most:
        return place.not_tested(
            f"voltages at rest {1e3 * float(np.ptp(pulses.rest_v[known])):.0f} mV apart beside a plateau are "
            f"{100.0 * least:.0f} to {100.0 * most:.0f} % of charge, with what channels and hysteresis hide: {mend}"
        )
    spread = float(np.ptp(soc[known]))
    passed = most <= plan.soc_spread_max
    wrong = np.flatnonzero(known & (np.abs(soc - middle) > 0.5 * plan.soc_spread_max)).tolist()
    reason = f"cells lie {100.0 * spread:.1f} % of charge apart{left_out_words(pairs)}"
    figures = {"soc_median": middle, "soc_spread": spread}
    return place.tested(passed=passed, reason=reason, figures=figures, cells=[] if passed else wrong)


def _bounds(rest_v: FloatArray, ocv_v: FloatArray, grid: FloatArray) -> tuple[float, float]:
    """Least and most that cells can lie apart. [-]"""
    low_v, high_v = float(rest_v.min()), float(rest_v.max())
    least, most = 1.0, 0.0
    for branch_v in (-_BRANCH_V, 0.0, _BRANCH_V):
        near = np.interp([low_v + _CHANNEL_V + branch_v, high_v - _CHANNEL_V + branch_v], ocv_v, grid)
        far = np.interp([low_v - _CHANNEL_V + branch_v, high_v + _CHANNEL_V + branch_v], ocv_v, grid)
        least, most = min(least, max(float(near[1] - near[0]), 0.0)), max(most, float(far[1] - far[0]))
    return least, most
