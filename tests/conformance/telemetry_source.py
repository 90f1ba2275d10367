"""What each reader of telemetry must pass, whatever file is behind it."""

from collections.abc import Callable

import numpy as np
import pytest

from battuta.domain.errors import UsageError
from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_DAY
from battuta.ports.telemetry import BlockImport, TelemetrySource

Truth = dict[str, list[Block]]
Check = Callable[[TelemetrySource, Truth], None]


def strings_are_sorted_and_complete(source: TelemetrySource, truth: Truth) -> None:
    assert source.strings() == tuple(sorted(truth))
    assert source.refused == ()


def blocks_are_days_in_order(source: TelemetrySource, truth: Truth) -> None:
    for name in source.strings():
        last_ns = -1
        for seen in source.read(name):
            assert isinstance(seen, BlockImport)
            assert seen.block.string_id == name
            assert seen.block.time_ns.dtype == np.int64
            assert seen.block.time_ns[0] > last_ns
            assert seen.block.time_ns[0] // NS_PER_DAY == seen.block.time_ns[-1] // NS_PER_DAY
            last_ns = int(seen.block.time_ns[-1])


def values_signs_and_units_are_ours(source: TelemetrySource, truth: Truth) -> None:
    for name, blocks in truth.items():
        for seen, block in zip(source.read(name), blocks, strict=True):
            np.testing.assert_array_equal(seen.block.time_ns, block.time_ns)
            for quantity in ("current_a", "voltage_v", "temperature_c"):
                values = getattr(seen.block, quantity)
                assert values.dtype == np.float64
                np.testing.assert_allclose(values, getattr(block, quantity), rtol=1e-6, equal_nan=True)


def missing_is_nan_and_counted(source: TelemetrySource, truth: Truth) -> None:
    n_missing = sum(int(np.isnan(block.voltage_v).sum()) for blocks in truth.values() for block in blocks)
    assert n_missing
    seen = [finding for name in truth for each in source.read(name) for finding in each.findings]
    holes = [finding for finding in seen if finding.channel.startswith("voltage_v[")]
    assert sum(finding.count for finding in holes) == n_missing
    assert all(finding.first_ns for finding in holes)


def it_reads_the_same_again(source: TelemetrySource, truth: Truth) -> None:
    for name in truth:
        first, second = list(source.read(name)), list(source.read(name))
        assert [each.findings for each in first] == [each.findings for each in second]
        for one, other in zip(first, second, strict=True):
            assert one.block.voltage_v.tobytes() == other.block.voltage_v.tobytes()


def one_string_does_not_wait_for_another(source: TelemetrySource, truth: Truth) -> None:
    readers = {name: source.read(name) for name in truth}
    for name in reversed(source.strings()):
        assert next(iter(readers[name])).block.string_id == name


def a_string_that_is_not_there_is_refused(source: TelemetrySource, truth: Truth) -> None:
    with pytest.raises(UsageError, match="no such string"):
        next(iter(source.read("no such string")))


CHECKS: tuple[Check, ...] = (
    strings_are_sorted_and_complete,
    blocks_are_days_in_order,
    values_signs_and_units_are_ours,
    missing_is_nan_and_counted,
    it_reads_the_same_again,
    one_string_does_not_wait_for_another,
    a_string_that_is_not_there_is_refused,
)
