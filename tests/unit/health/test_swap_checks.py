"""Channels that exchange their cells are named as a pair; cells that change by themselves are not."""

import numpy as np
import pytest

from battuta.domain.health import FaultClass, FindingLevel
from battuta.domain.telemetry import Block
from battuta.health.swap_checks import Signature, SwapChecks, bled_crosswise, exchanged, on_plateau, signature, usual

N_CELLS = 60
SPREAD = np.array([[9e-4], [3e-5], [4e-3], [5e-3]])
NOISE = np.array([[2e-4], [4e-6], [7e-4], [1.5e-3]])


def told(change=None, n_days=40, seed=1):
    rng = np.random.default_rng(seed)
    standing, found, checks = SPREAD * rng.normal(size=(4, N_CELLS)), [], SwapChecks("S", N_CELLS)
    standing[:, 7], standing[:, 31] = SPREAD[:, 0], -SPREAD[:, 0]
    for day in range(n_days):
        values = standing.copy()
        if change is not None:
            change(day, values)
        found += checks.take(Signature(day=day, values=values + NOISE * rng.normal(size=values.shape)))
    return found


def swap(day, values):
    if day >= 20:
        values[:, [7, 31]] = values[:, [31, 7]]


@pytest.mark.parametrize("seed", range(5))
def test_healthy_strings_are_left_in_peace(seed):
    assert told(seed=seed) == []


def test_an_exchange_is_told_of_both_channels_the_next_day():
    found = told(swap)
    assert {(each.cell, each.evidence["other_cell"]) for each in found} == {(7, 31.0), (31, 7.0)}
    assert {each.fault for each in found} == {FaultClass.SWAPPED_CHANNELS}
    assert max(each.level for each in found) == FindingLevel.ACT
    assert found[0].found_ns // 86_400_000_000_000 - 1 == 21
    assert found[0].since_ns // 86_400_000_000_000 == 20


def leak(day, values):
    values[[0, 2, 3], 7] -= 4.0 * SPREAD[[0, 2, 3], 0] * max(day - 20, 0) / 10.0


def rise(day, values):
    values[1, 31] += 2e-4 if day >= 20 else 0.0


def exchange_module(day, values):
    if day >= 20:
        values[:, 20:36] = SPREAD * np.random.default_rng(9).normal(size=(4, 16))


@pytest.mark.parametrize("change", [leak, rise, exchange_module])
def test_cells_that_change_by_themselves_are_no_exchange(change):
    assert told(change) == []


def test_days_spent_beside_the_plateau_do_not_move_what_is_usual():
    rng = np.random.default_rng(1)
    days = [SPREAD * rng.normal(size=(4, N_CELLS)) for _ in range(10)]
    days[3][0] *= 3.0
    assert np.flatnonzero(~on_plateau(days)).tolist() == [3]
    assert usual(days, 3)[1] == pytest.approx(np.median([each[1] for each in days], axis=0))


def test_days_without_resistances_are_passed_over():
    def now_and_then(day, values):
        swap(day, values)
        if day % 3:
            values[1] = np.nan

    found = told(now_and_then)
    assert {each.cell for each in found} == {7, 31}
    assert found[0].found_ns // 86_400_000_000_000 - 1 == 24


def test_the_likelihood_of_a_pair_is_that_of_plain_sums():
    rng = np.random.default_rng(4)
    before = SPREAD * rng.normal(size=(4, N_CELLS))
    now = before + NOISE * rng.normal(size=before.shape)
    now[:, [3, 50]] = now[:, [50, 3]]
    before[:, 3] += 2.0 * SPREAD[:, 0]
    now[:, 50] += 2.0 * SPREAD[:, 0]
    (pair,) = exchanged(before, now)
    moved = now - before - np.median(now - before, axis=1, keepdims=True)
    noise = 1.4826 * np.median(np.abs(moved), axis=1)
    b = before / noise[:, None]
    a = b + moved / noise[:, None]
    assert pair.cells == (3, 50)
    assert pair.likelihood == pytest.approx(-np.sum((a[:, 3] - a[:, 50]) * (b[:, 3] - b[:, 50])))


def day_of_cells(resistance_ohm, offset_v):
    rng = np.random.default_rng(6)
    current_a = np.where((np.arange(1440) // 120) % 2 == 0, 100.0, -80.0)
    voltage_v = 3.3 + offset_v - current_a[:, None] * (4e-4 + resistance_ohm) + 5e-4 * rng.normal(size=(1440, N_CELLS))
    return Block(
        string_id="S",
        time_ns=np.arange(1440, dtype=np.int64) * 60_000_000_000,
        current_a=current_a,
        voltage_v=voltage_v,
        temperature_c=np.full((1440, 4), 25.0),
    )


def test_a_day_tells_resistance_and_offset_of_each_cell():
    rng = np.random.default_rng(8)
    resistance_ohm, offset_v = 3e-5 * rng.normal(size=N_CELLS), 1e-3 * rng.normal(size=N_CELLS)
    block = day_of_cells(resistance_ohm, offset_v)
    seen = signature(block, block.current_a)
    np.testing.assert_allclose(
        seen.values[1] - np.mean(seen.values[1]), resistance_ohm - resistance_ohm.mean(), atol=2e-6
    )
    np.testing.assert_allclose(seen.values[0] - np.mean(seen.values[0]), offset_v - offset_v.mean(), atol=2e-4)
    assert np.isnan(seen.values[2:]).all()


def test_a_pair_that_is_bled_crosswise_is_found():
    rng = np.random.default_rng(7)
    height_v = 0.01 * rng.normal(size=N_CELLS)
    height_v[[7, 31]] = 0.02, -0.02
    voltage_v = 3.42 + height_v + 5e-4 * rng.normal(size=(300, N_CELLS))
    bleed_ah = np.zeros_like(voltage_v)
    bleed_ah[1:] = np.where(voltage_v[:-1] > 3.42, 1e-3, 0.0)
    assert bled_crosswise(voltage_v, bleed_ah) == []
    voltage_v[:, [7, 31]] = voltage_v[:, [31, 7]]
    (pair,) = bled_crosswise(voltage_v, bleed_ah)
    assert pair.cells == (7, 31)
