"""Rests at which voltage tells charge, and the capacities between them (synthetic cells without other errors)."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.telemetry import Block
from battuta.health.cell_anchors import anchor_rows, follow_anchors, no_anchors, told_soc
from battuta.health.cell_capacity import start_capacity, told_capacity_ah
from battuta.health.cell_filter import CellEstimates
from battuta.health.cell_filter_tables import cell_law
from battuta.physics.cell_parameters import cell_parameters

LAW = cell_law(cell_parameters("lfp_314ah"))
CAPACITY_AH = np.array([314.0, 300.0, 280.0])
HOUR = 360


def day(current_a, soc=0.99):
    """Telemetry of cells that are nothing but their curve."""
    taken_ah = np.concatenate(([0.0], np.cumsum(0.5 * (current_a[1:] + current_a[:-1])) / HOUR))
    soc = soc - taken_ah[:, None] / CAPACITY_AH
    return Block(
        string_id="curve",
        time_ns=(np.arange(current_a.size) + 1) * 10_000_000_000,
        current_a=current_a,
        voltage_v=LAW.open_circuit_v(soc),
        temperature_c=np.full((current_a.size, 1), 25.0),
    ), soc


def emptied():
    """An hour of rest when full, eight of discharge, two of rest below 20 %."""
    return day(np.concatenate((np.zeros(HOUR), np.full(8 * HOUR, 29.0), np.zeros(2 * HOUR))))


def estimates(n_reports):
    zero, cells = np.zeros(n_reports), np.zeros((n_reports, 3))
    return CellEstimates(
        time_ns=np.zeros(n_reports, np.int64), soc=cells, soc_deviation=cells, relaxation_v=cells,
        resistance_ohm=cells, resistance_deviation_ohm=cells, consistency=cells, hysteresis_v=zero, offset_a=zero,
        offset_deviation_a=zero + 0.05,
    )  # fmt: skip


def follow(block, rows=None):
    rows = anchor_rows(LAW, block) if rows is None else rows
    return follow_anchors(LAW, no_anchors(3), start_capacity(3, 314.0, 0.1), block, rows, estimates(rows.size + 1))


def test_one_anchor_to_a_rest_where_the_curve_is_steep() -> None:
    block, _ = emptied()
    assert anchor_rows(LAW, block).tolist() == [HOUR - 1, block.n_times - 1]
    plateau, _ = day(np.zeros(HOUR), soc=0.5)
    assert anchor_rows(LAW, plateau).size == 0
    short, _ = day(np.concatenate((np.full(10, 100.0), np.zeros(100))), soc=0.12)
    assert anchor_rows(LAW, short).size == 0


def test_a_step_between_plateaus_tells_only_where_an_error_stays_in_it() -> None:
    soc, soc_deviation = told_soc(LAW, LAW.open_circuit_v(np.array([0.10, 0.5, 0.69, 0.715, 0.99])))
    np.testing.assert_allclose(soc, [0.10, 0.5, 0.69, 0.715, 0.99], atol=1e-9)
    assert (soc_deviation <= 0.02).tolist() == [True, False, True, False, True]
    assert told_soc(LAW, np.array([np.nan]))[1][0] == np.inf


def test_two_anchors_tell_capacities() -> None:
    block, soc = emptied()
    state, seen = follow(block)
    capacity_ah, deviation_ah = told_capacity_ah(seen)
    np.testing.assert_allclose(state.soc, soc[-1], atol=1e-6)
    np.testing.assert_allclose(state.charge_ah, 0.0)
    assert (np.abs(capacity_ah - CAPACITY_AH) < 0.01 * CAPACITY_AH).all()
    assert (deviation_ah < 0.03 * CAPACITY_AH).all()


def test_slices_count_the_same_charge() -> None:
    block, _ = emptied()
    cut = 5 * HOUR
    rows = anchor_rows(LAW, block)
    state, seen = follow(block.rows(slice(0, cut)), rows[:1])
    state, seen = follow_anchors(LAW, state, seen, block.rows(slice(cut, None)), rows[1:] - cut, estimates(2))
    np.testing.assert_allclose(told_capacity_ah(seen)[0], told_capacity_ah(follow(block)[1])[0], rtol=1e-9)


def test_bled_charge_belongs_to_the_charge() -> None:
    block, _ = emptied()
    bleed_ah = np.zeros(block.voltage_v.shape)
    bleed_ah[2 * HOUR, 1] = 10.0
    more = told_capacity_ah(follow(replace(block, bleed_ah=bleed_ah))[1])[0] - told_capacity_ah(follow(block)[1])[0]
    np.testing.assert_allclose(more[[0, 2]], 0.0, atol=1e-9)
    assert 10.0 < more[1] < 14.0


@pytest.mark.parametrize("is_gap", [True, False])
def test_an_unknown_current_ends_the_anchors(is_gap) -> None:
    block, _ = emptied()
    time_ns, current_a = block.time_ns.copy(), block.current_a.copy()
    if is_gap:
        time_ns[3 * HOUR :] += 3_600_000_000_000
    else:
        current_a[3 * HOUR] = np.nan
    _, seen = follow(replace(block, time_ns=time_ns, current_a=current_a))
    np.testing.assert_allclose(told_capacity_ah(seen)[0], 314.0)
