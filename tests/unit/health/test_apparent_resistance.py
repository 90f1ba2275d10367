"""Resistance by the jumps of a log: what it tells, what it does not, and what a current read early does to it."""

import numpy as np
import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.domain.telemetry import Block
from battuta.health.apparent_resistance import apparent_resistance
from battuta.health.string_resistance import factor_at

OHM = 4e-4 * np.array([1.0, 1.02, 0.97, 1.0, 1.3, 0.99, 1.01, 1.0])


def day(*, early=(), temperature_c=25.0, jumps=12, noise_v=3e-4):
    rng = np.random.default_rng(5)
    current_a = 80.0 * ((np.arange(1440) // (1440 // (jumps + 1))) % 2)
    voltage_v = 3.3 - np.outer(current_a, OHM) * factor_at(np.array([temperature_c]))
    voltage_v = np.round(voltage_v + noise_v * rng.normal(size=voltage_v.shape), 3)
    read_a = current_a.copy()
    for row in early:
        read_a[row] = current_a[row + 1]
    return Block(
        string_id="a",
        time_ns=np.arange(1440) * 60_000_000_000,
        current_a=read_a,
        voltage_v=voltage_v,
        temperature_c=np.full((1440, 2), temperature_c),
    )


def test_each_cell_is_told_at_25_degrees_with_what_it_rests_on():
    told = apparent_resistance(day(temperature_c=12.0), 314.0)
    np.testing.assert_allclose(told.resistance_ohm, OHM, rtol=0.03)
    np.testing.assert_allclose(told.share, OHM / OHM.mean(), rtol=0.02)
    assert told.n_jumps.tolist() == [12] * 8 or told.n_jumps.tolist() == [13] * 8
    assert told.step_s == 60.0
    assert (told.resistance_deviation_ohm > 0.03 * OHM).all()
    assert abs(told.temperature_c - 12.0) < 1e-9


def test_a_current_that_is_read_early_moves_no_cell_and_hardly_the_string():
    whole = apparent_resistance(day(), 314.0)
    jump = int(np.flatnonzero(np.diff(day().current_a))[3])
    early = apparent_resistance(day(early=[jump]), 314.0)
    np.testing.assert_allclose(early.share, whole.share, atol=0.01)
    assert early.string_resistance_ohm == pytest.approx(whole.string_resistance_ohm, rel=0.02)


def test_little_is_told_by_nothing():
    for block in (day(jumps=2), day().rows(slice(0, 1)), day().rows(slice(0, 0))):
        told = apparent_resistance(block, 314.0)
        assert np.isnan(told.resistance_ohm).all()
        assert np.isnan(told.share_deviation).all()
        assert told.n_jumps.tolist() == [0] * 8


def test_without_temperature_shares_are_told_and_resistances_are_not():
    block = day()
    unread = Block(
        string_id="a", time_ns=block.time_ns, current_a=block.current_a, voltage_v=block.voltage_v,
        temperature_c=np.empty((1440, 0)),
    )  # fmt: skip
    told = apparent_resistance(unread, 314.0)
    assert np.isnan(told.resistance_ohm).all()
    np.testing.assert_allclose(told.share, OHM / OHM.mean(), rtol=0.02)


def test_rows_across_a_gap_are_no_neighbours():
    block = day(jumps=5)
    keep = np.ones(1440, dtype=bool)
    keep[np.flatnonzero(np.diff(block.current_a)) + 1] = False
    gapped = Block(
        string_id="a", time_ns=block.time_ns[keep], current_a=block.current_a[keep], voltage_v=block.voltage_v[keep],
        temperature_c=block.temperature_c[keep],
    )  # fmt: skip
    assert apparent_resistance(gapped, 314.0).n_jumps.tolist() == [0] * 8


def test_a_steep_voltage_makes_unsure():
    calm = apparent_resistance(day(), 314.0)
    block = day()
    steep_v = block.voltage_v + np.outer(np.linspace(0.0, 14.4, 1440), np.linspace(0.8, 1.2, 8))
    steep = Block(
        string_id="a", time_ns=block.time_ns, current_a=block.current_a, voltage_v=steep_v,
        temperature_c=block.temperature_c,
    )  # fmt: skip
    told = apparent_resistance(steep, 314.0)
    assert (told.share_deviation > 1.2 * calm.share_deviation).all()
    assert (np.abs(told.share - OHM / OHM.mean()) < 4.0 * told.share_deviation).all()


def test_a_capacity_of_nothing_is_refused():
    with pytest.raises(InvalidQuantityError, match="capacity_ah"):
        apparent_resistance(day(), 0.0)
