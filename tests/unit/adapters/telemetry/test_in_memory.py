"""Blocks in memory are looked through as files are, and stay as they were."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.adapters.telemetry.in_memory import BlocksInMemory
from battuta.domain.errors import DataError, UsageError
from battuta.ports.telemetry import TelemetryFlaw
from unit.adapters.telemetry.strings import DAY_NS, START_NS, make_block


def read(*blocks, name="S1", **more):
    return list(BlocksInMemory(blocks, **more).read(name))


def test_days_come_in_order_and_a_long_block_is_cut() -> None:
    late, long = make_block(day=3), make_block(n_times=1500)
    found = read(late, long)
    assert [each.block.n_times for each in found] == [1440, 60, 60]
    assert [int(each.block.time_ns[0]) for each in found] == [START_NS + DAY_NS * day for day in (0, 1, 3)]
    assert np.array_equal(found[0].block.voltage_v, long.voltage_v[:1440])
    assert not any(each.count(TelemetryFlaw.LATE_ROW) for each in found)


@pytest.mark.parametrize(("factor", "unit"), [(1e3, "mV"), (1e-3, "kV")])
def test_voltages_in_another_unit_are_refused(factor, unit) -> None:
    block = make_block()
    with pytest.raises(
        DataError, match=f"blocks in memory: half of the voltages of string S1 .* as cells read in {unit}"
    ):
        read(replace(block, voltage_v=factor * block.voltage_v))


def test_what_no_sensor_can_have_measured_is_missing_and_the_block_stays() -> None:
    block = make_block()
    block.current_a[5], block.temperature_c[:] = 5e4, block.temperature_c + 273.15
    whole = block.voltage_v.copy()
    whole[3, 1] = 65.535
    (found,) = read(replace(block, voltage_v=whole))
    assert found.count(TelemetryFlaw.OUT_OF_RANGE) == 1 + block.temperature_c.size + 1
    assert np.isnan(found.block.current_a[5])
    assert np.isnan(found.block.temperature_c).all()
    assert np.isnan(found.block.voltage_v[3, 1])
    assert whole[3, 1] == 65.535
    assert block.current_a[5] == 5e4


def test_whole_numbers_are_taken_as_numbers() -> None:
    block = replace(make_block(), voltage_v=np.full((60, 4), 3), bleed_ah=None)
    block.voltage_v[2, 1] = 0
    (found,) = read(block)
    assert found.block.voltage_v.dtype == np.float64
    assert np.isnan(found.block.voltage_v[2, 1])


def test_rows_that_two_blocks_share_count_once() -> None:
    block = make_block()
    (found,) = read(block, block.rows(slice(20, 30)))
    assert found.block.n_times == 60
    assert found.count(TelemetryFlaw.DUPLICATE) == 10


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        ([], "not a single row; give blocks"),
        ([make_block(n_times=0)], "not a single row"),
        ([make_block(n_cells=0, bleed=False)], "string S1 has no cells; give voltage_v a column for each"),
    ],
)
def test_nothing_is_no_telemetry(blocks, said) -> None:
    with pytest.raises(DataError, match=said):
        BlocksInMemory(blocks)


def test_another_string_or_fleet_is_named() -> None:
    with pytest.raises(UsageError, match="no string 'S2'; there are S1"):
        read(make_block(), name="S2")
    with pytest.raises(DataError, match="kept of strings S9, and blocks in memory has S1"):
        read(make_block(), seen_ns={"S9": 0})
