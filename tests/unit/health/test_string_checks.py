"""What the checks tell of a string of a foreign fleet with a fault of the string planted, and of a healthy one."""

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.domain.health import FaultClass
from battuta.domain.telemetry import Block
from battuta.health.string_checks import StringChecks
from battuta.health.string_filter import StringFilter
from battuta.physics.cell_parameters import cell_parameters
from battuta.world.foreign.faults import ForeignFault, ForeignFaultKind
from battuta.world.foreign.foreign_fleet import FleetPlan, StringLife

N_CELLS, N_DAYS, START = 48, 34, 26
K = ForeignFaultKind


def told(*faults, seed=305):
    life = StringLife(FleetPlan(seed=seed, n_strings=1, n_cells=N_CELLS, faults=faults, has_events=False), 0)
    daily = StringFilter(cell_parameters("lfp_314ah"), N_CELLS)
    checks, found = StringChecks(life.string_id, N_CELLS, 314.0), []
    for _ in range(N_DAYS):
        block = life.block(1)
        found += checks.take(block, daily.take(block))
    return found


def planted(kind, size, cell=20):
    return ForeignFault(kind=kind, string=0, cell=cell, start_day=START, size=size)


@pytest.mark.parametrize("seed", [305, 306, 307])
def test_healthy_strings_are_left_in_peace(seed):
    assert told(seed=seed) == []


def test_a_sensor_that_jumps_is_told_with_its_place():
    found = told(planted(K.TEMPERATURE_OFFSET, 4.0))
    assert {(each.fault, each.evidence["sensor"]) for each in found} == {(FaultClass.TEMPERATURE_SENSOR, 2.0)}
    assert all(each.evidence["first_cell"] <= 20 <= each.evidence["last_cell"] for each in found)


def test_an_offset_of_the_current_is_told():
    found = told(planted(K.CURRENT_OFFSET, 2.0))
    assert {(each.fault, each.cell) for each in found} == {(FaultClass.CURRENT_SENSOR, None)}


def test_channels_that_are_exchanged_are_told():
    found = told(planted(K.SWAPPED_CHANNELS, 9.0))
    assert {(each.fault, each.cell) for each in found} == {
        (FaultClass.SWAPPED_CHANNELS, 20),
        (FaultClass.SWAPPED_CHANNELS, 29),
    }


def some_rows(n_times=100, string_id="S", n_cells=N_CELLS, day=20_000):
    return Block(
        string_id=string_id,
        time_ns=day * 86_400_000_000_000 + np.arange(n_times, dtype=np.int64) * 60_000_000_000,
        current_a=np.zeros(n_times),
        voltage_v=np.full((n_times, n_cells), 3.3),
        temperature_c=np.full((n_times, 6), 25.0),
    )


def test_another_string_or_a_day_twice_is_refused_and_a_short_day_says_nothing():
    checks = StringChecks("S", N_CELLS, 314.0)
    assert checks.take(some_rows(n_times=5), None) == []
    assert checks.take(some_rows(), None) == []
    with pytest.raises(DataError, match="begin other checks"):
        checks.take(some_rows(string_id="T", day=20_001), None)
    with pytest.raises(DataError, match="cut the rows at midnight"):
        checks.take(some_rows(), None)
    with pytest.raises(DataError, match="cut the rows at midnight"):
        checks.take(some_rows(n_times=2000, day=20_001), None)


def test_missing_readings_and_a_string_without_sensors_are_borne():
    checks = StringChecks("S", N_CELLS, 314.0)
    block = some_rows()
    block.temperature_c[:] = np.nan
    block.current_a[:] = np.nan
    block.voltage_v[:, 3] = np.nan
    assert checks.take(block, None) == []
