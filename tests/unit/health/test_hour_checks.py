"""A joint that steps and a channel that freezes are told in hours, by cell; what healthy strings do is not."""

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.domain.health import FaultClass, FindingLevel
from battuta.domain.telemetry import Block
from battuta.health.hour_checks import HourChecks, HourSettings
from battuta.world.foreign.foreign_fleet import FleetPlan, StringLife

HOUR_NS = 3_600 * 10**9
N_CELLS = 24


def hour(number: int, *, resistance_ohm=None, frozen: int | None = None, idle: bool = False) -> Block:
    """An hour of a string that alternates between charge and discharge, cells alike but for 1 mV of noise."""
    random = np.random.default_rng(number)
    current_a = np.zeros(60) if idle else np.where(np.arange(60) // 10 % 2 == 0, 80.0, -60.0)
    cells_ohm = np.full(N_CELLS, 4e-4) if resistance_ohm is None else resistance_ohm
    voltage_v = 3.3 - current_a[:, None] * cells_ohm + random.normal(0.0, 1e-3, (60, N_CELLS))
    if frozen is not None:
        voltage_v[:, frozen] = 3.3
    return Block(
        string_id="a", time_ns=(60 * number + np.arange(60)) * 60 * 10**9, current_a=current_a, voltage_v=voltage_v,
        temperature_c=np.full((60, 1), 25.0),
    )  # fmt: skip


def stepped(rise_ohm: float, cell: int = 5) -> np.ndarray:
    return 4e-4 + np.where(np.arange(N_CELLS) == cell, rise_ohm, 0.0)


def test_a_joint_that_steps_is_told_in_the_second_hour_once_and_with_its_size() -> None:
    watch, told = HourChecks("a", N_CELLS), {}
    for number in range(10):
        found = watch.take(hour(number, resistance_ohm=stepped(1e-3 if number >= 5 else 0.0)))
        if found:
            told[number] = found
    assert list(told) == [6]
    ((finding,),) = told.values()
    assert (finding.cell, finding.fault, finding.level) == (5, FaultClass.LOOSE_CONTACT, FindingLevel.ACT)
    assert finding.evidence["resistance_ohm"] == pytest.approx(1e-3, rel=0.1)
    assert finding.since_ns == 5 * HOUR_NS


def test_a_channel_that_freezes_while_its_string_moves_is_told() -> None:
    watch = HourChecks("a", N_CELLS)
    assert watch.take(hour(0, frozen=3)) == []
    (finding,) = watch.take(hour(1, frozen=3))
    assert (finding.cell, finding.fault) == (3, FaultClass.STUCK_VALUE)
    assert finding.evidence["range_v"] == 0.0
    again = [number for number in range(2, 50) if watch.take(hour(number, frozen=3))]
    assert again == [23, 47], "what lasts is told again each day, for an order that was closed too early"


def test_nothing_is_said_of_a_string_at_rest_of_small_steps_and_of_what_was_always_so() -> None:
    for silent in (
        [hour(k, frozen=3, idle=True) for k in range(6)],
        [hour(k, resistance_ohm=stepped(1e-4 if k >= 3 else 0.0)) for k in range(9)],
        [hour(k, resistance_ohm=stepped(1e-3)) for k in range(9)],
    ):
        watch = HourChecks("a", N_CELLS)
        for block in silent:
            block.voltage_v[:] = np.where(block.current_a[:, None] == 0.0, 3.3, block.voltage_v)
            assert watch.take(block) == []


def test_rest_waits_for_changes_of_current_and_one_on_the_hour_counts() -> None:
    for excitation_a, told_in in ((10.0, 4), (100.0, 6)):
        watch = HourChecks("a", N_CELLS, HourSettings(excitation_a=excitation_a))
        for number in range(3):
            watch.take(hour(number))
        told = [k for k in range(3, 8) if watch.take(hour(k, resistance_ohm=stepped(1e-3), idle=k in (4, 5)))]
        assert told == [told_in], "the string goes from 60 A to rest as hour 4 begins"


def test_missing_values_are_no_fault() -> None:
    watch = HourChecks("a", N_CELLS)
    for number in range(6):
        block = hour(number)
        block.voltage_v[7:31, 4] = np.nan
        block.voltage_v[40] = np.nan
        block.current_a[50] = np.nan
        assert watch.take(block) == []


def test_a_cell_that_was_read_badly_before_is_no_worse_when_it_is_read_well() -> None:
    watch = HourChecks("a", N_CELLS)
    for number in range(8):
        block = hour(number)
        if number < 3:
            block.voltage_v[np.arange(60) % 10 != 5, 4] = np.nan
        if number == 1:
            block.voltage_v[:, 9] = np.nan
        assert watch.take(block) == []
    (finding,) = [each for k in (8, 9) for each in watch.take(hour(k, resistance_ohm=stepped(1e-3, 4)))]
    assert finding.cell == 4


def test_healthy_strings_of_a_foreign_fleet_are_left_alone() -> None:
    life = StringLife(FleetPlan(seed=11, n_strings=1, n_cells=48, faults=(), has_events=False, logs_bleed=False), 0)
    watch = HourChecks(life.block(1).string_id, 48)
    for _ in range(5):
        day = life.block(1)
        hours = day.time_ns // HOUR_NS
        for each in np.unique(hours):
            at = np.flatnonzero(hours == each)
            assert watch.take(day.rows(slice(int(at[0]), int(at[-1]) + 1))) == []


def test_another_string_is_refused() -> None:
    with pytest.raises(DataError, match="string b with 24 cells is watched; this is string a with 24"):
        HourChecks("b", N_CELLS).take(hour(0))
    assert HourSettings().probability == pytest.approx(0.0196, abs=1e-4)
