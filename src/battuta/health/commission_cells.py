"""Cells before first power: polarity, order, sense wires, temperature sensors, and how much alike they are."""

from __future__ import annotations

import numpy as np

from battuta.domain.health import FaultClass
from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_S
from battuta.health.commission import CommissionItem, CommissionPlan, Place
from battuta.health.commission_bleed import order_item
from battuta.health.commission_charge import charge_item
from battuta.health.commission_pulses import DEAD_V, Pulses, left_out_words, median_known, pulses_of
from battuta.numerics.arrays import BoolArray, FloatArray
from battuta.physics.cell_parameters import CellParameters

_PULSE = "needs rest, a charge pulse and a discharge pulse of at least 5 A, rows at most two minutes apart"
_REST = "needs a rest of at least five rows"
_OPPOSITE = 0.4
"""Share of their errors that two neighbours may have in common and still count as opposite. [-]"""
_SENSE_SHARE = 0.3


def cell_items(block: Block, plan: CommissionPlan, cell: CellParameters) -> list[CommissionItem]:
    """Scan the cells of a string.

    Parameters
    ----------
    block : Block
        Its record.
    plan : CommissionPlan
        Plate and limits.
    cell : CellParameters
        Kind of cell, for the state of charge from a voltage at rest.

    Returns
    -------
    list of CommissionItem
        An item each, whether it could be tested or not.
    """
    pulses = pulses_of(block)
    pairs = sense_pairs(pulses, plan)
    return [
        _count(block, plan),
        _polarity(block, pulses),
        _current_sign(block, pulses),
        order_item(block),
        _sense(block, pulses, pairs),
        _sensors(block, pulses, plan),
        _resistance(block, pulses, plan, pairs),
        charge_item(block, pulses, plan, cell, pairs),
        _capacity(block, plan),
    ]


def _count(block: Block, plan: CommissionPlan) -> CommissionItem:
    place = Place(where=block.string_id, name="cell_count", fault=FaultClass.SENSE_WIRE)
    if plan.n_cells is None:
        return place.not_tested("state n_cells in the layout")
    silent = np.flatnonzero(~np.any(np.isfinite(block.voltage_v), axis=0))
    passed = block.n_cells == plan.n_cells and not silent.size
    reason = f"{block.n_cells} of {plan.n_cells} cells are logged, {silent.size} of them silent"
    figures = {"n_cells": float(block.n_cells), "n_silent": float(silent.size)}
    return place.tested(passed=passed, reason=reason, figures=figures, cells=silent.tolist())


def _polarity(block: Block, pulses: Pulses) -> CommissionItem:
    place = Place(where=block.string_id, name="cell_polarity", fault=FaultClass.POLARITY)
    if pulses.rest_v is None:
        return place.not_tested(_REST)
    wrong = np.flatnonzero(pulses.rest_v < DEAD_V)
    known = pulses.rest_v[np.isfinite(pulses.rest_v)]
    if not known.size:
        return place.not_tested("no cell has a voltage at rest")
    reason = f"cells are read between {known.min():.3f} and {known.max():.3f} V"
    figures = {"voltage_v_min": float(known.min()), "voltage_v_max": float(known.max())}
    return place.tested(passed=not wrong.size, reason=reason, figures=figures, cells=wrong.tolist())


def _current_sign(block: Block, pulses: Pulses) -> CommissionItem:
    place = Place(where=block.string_id, name="current_sign", fault=FaultClass.POLARITY)
    if pulses.resistance_ohm is None or not pulses.n_up or not pulses.n_down:
        return place.not_tested(_PULSE)
    known = pulses.resistance_ohm[np.isfinite(pulses.resistance_ohm)]
    if not known.size:
        return place.not_tested("no cell has a voltage on both sides of an edge")
    middle = float(np.median(known))
    word = "fall" if middle > 0.0 else "rise"
    reason = f"cells {word} by {1e3 * abs(middle):.3f} mohm times the current when it is read as discharge"
    return place.tested(passed=middle > 0.0, reason=reason, figures={"resistance_ohm": middle})


def sense_pairs(pulses: Pulses, plan: CommissionPlan) -> BoolArray:
    """Cells whose error and that of a neighbour are opposite, as where the wire between them is open or shared.

    Parameters
    ----------
    pulses : Pulses
        Rest and answers.
    plan : CommissionPlan
        From which error on.

    Returns
    -------
    ndarray, shape (n_cells,)
        Whether each belongs to such a pair.
    """
    sources: list[tuple[FloatArray, float]] = []
    if pulses.rest_v is not None:
        sources.append((pulses.rest_v, plan.sense_v))
    if pulses.resistance_ohm is not None and np.isfinite(pulses.resistance_ohm).any():
        middle = float(np.nanmedian(pulses.resistance_ohm))
        sources.append((pulses.resistance_ohm, _SENSE_SHARE * abs(middle)))
    n_cells = max((values.size for values, _ in sources), default=0)
    paired = np.zeros(n_cells, dtype=np.bool_)
    for values, least in sources:
        error = values - float(np.nanmedian(values))
        one, next_one = error[:-1], error[1:]
        # The sum of two errors is smaller than either only where they are opposite.
        opposite = np.abs(one + next_one) < _OPPOSITE * np.maximum(np.abs(one), np.abs(next_one))
        opposite &= (np.abs(one) > least) & (np.abs(next_one) > least)
        paired[:-1] |= opposite
        paired[1:] |= opposite
    return paired


def _sense(block: Block, pulses: Pulses, pairs: BoolArray) -> CommissionItem:
    place = Place(where=block.string_id, name="sense_wires", fault=FaultClass.SENSE_WIRE)
    if pulses.rest_v is None or pulses.resistance_ohm is None:
        return place.not_tested(_PULSE)
    silent = ~np.isfinite(pulses.rest_v)
    wrong = np.flatnonzero(pairs | silent)
    reason = f"{int(pairs.sum())} cells have a neighbour with the opposite error, {int(silent.sum())} are silent"
    figures = {"n_opposite": float(pairs.sum()), "n_silent": float(silent.sum())}
    return place.tested(passed=not wrong.size, reason=reason, figures=figures, cells=wrong.tolist())


def _sensors(block: Block, pulses: Pulses, plan: CommissionPlan) -> CommissionItem:
    place = Place(where=block.string_id, name="temperature_sensors", fault=FaultClass.TEMPERATURE_SENSOR)
    if plan.n_sensors is None:
        return place.not_tested("state n_sensors in the layout")
    n_sensors = int(block.temperature_c.shape[1])
    rows = pulses.rest if pulses.rest.any() else np.ones(block.n_times, dtype=np.bool_)
    own = median_known(block.temperature_c[rows]) if n_sensors else np.empty(0)
    known = own[np.isfinite(own)]
    middle = float(np.median(known)) if known.size else float("nan")
    wrong = np.flatnonzero(~np.isfinite(own) | (np.abs(own - middle) > plan.sensor_k_max))
    passed = n_sensors == plan.n_sensors and not wrong.size
    reason = (
        f"{n_sensors} of {plan.n_sensors} sensors are logged, {int(np.sum(~np.isfinite(own)))} silent, "
        f"{int(np.sum(np.abs(own - middle) > plan.sensor_k_max))} more than {plan.sensor_k_max:g} K off the middle"
    )
    figures = {"n_sensors": float(n_sensors), "temperature_c_median": middle}
    return place.tested(passed=passed, reason=reason, figures=figures, cells=wrong.tolist())


def _resistance(block: Block, pulses: Pulses, plan: CommissionPlan, pairs: BoolArray) -> CommissionItem:
    place = Place(where=block.string_id, name="resistance_spread", fault=FaultClass.RESISTANCE_RISE)
    if pulses.resistance_ohm is None or not pulses.n_up or not pulses.n_down:
        return place.not_tested(_PULSE)
    known = np.isfinite(pulses.resistance_ohm) & ~pairs
    middle = float(np.median(pulses.resistance_ohm[known])) if known.any() else float("nan")
    if not middle > 0.0:
        return place.not_tested("the current has the wrong sign, or no cell answers: mend that first")
    share = pulses.resistance_ohm / middle - 1.0
    wrong = np.flatnonzero(known & (np.abs(share) > plan.resistance_share_off_max))
    worst = float(np.max(np.abs(share[known])))
    reason = (
        f"the farthest cell is {100.0 * worst:.0f} % off the middle of {1e3 * middle:.3f} mohm{left_out_words(pairs)}"
    )
    figures = {"resistance_ohm_median": middle, "resistance_share_worst": worst}
    return place.tested(passed=not wrong.size, reason=reason, figures=figures, cells=wrong.tolist())


def _capacity(block: Block, plan: CommissionPlan) -> CommissionItem:
    place = Place(where=block.string_id, name="capacity", fault=FaultClass.CAPACITY_OUTLIER)
    if plan.capacity_ah is None or plan.full_v is None or plan.empty_v is None:
        return place.not_tested("state capacity_ah, full_v and empty_v in the layout")
    needed = "needs a discharge from full to empty (or a charge from empty to full) in the record"
    with np.errstate(invalid="ignore"):
        full = np.flatnonzero(np.any(block.voltage_v >= plan.full_v, axis=1))
        empty = np.flatnonzero(np.any((block.voltage_v <= plan.empty_v) & (block.voltage_v > DEAD_V), axis=1))
    if not full.size or not empty.size:
        return place.not_tested(needed)
    if empty[0] > full[0]:
        first, last = int(full[full < empty[0]][-1]), int(empty[0])
    else:
        first, last = int(empty[empty < full[0]][-1]), int(full[0])
    hours = np.diff(block.time_ns[first : last + 1]) / (3600.0 * NS_PER_S)
    current = block.current_a[first:last]
    if not np.isfinite(current).all() or float(np.max(hours)) > 0.1:
        return place.not_tested(f"{needed}, without gaps of more than six minutes")
    charge_ah = abs(float(current @ hours))
    share = charge_ah / plan.capacity_ah
    reason = f"{charge_ah:.1f} Ah between full and empty, {100.0 * share:.1f} % of the plate"
    figures = {"charge_ah": charge_ah, "capacity_share": share}
    return place.tested(passed=share >= plan.capacity_share_min, reason=reason, figures=figures)
