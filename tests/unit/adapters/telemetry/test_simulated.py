"""Invented strings come as a source does: named, day by day, the same again."""

import numpy as np
import pytest

from battuta.adapters.telemetry.simulated import SimulatedTelemetry
from battuta.domain.errors import UsageError


def test_strings_come_day_by_day_and_again() -> None:
    source = SimulatedTelemetry(1, 2, 16, 3, faults=("leak,string=1,cell=3,size=5,start=1",))
    assert source.strings() == ("synthetic-000", "synthetic-001")
    once, again = (list(source.read("synthetic-001")) for _ in range(2))
    assert len(once) == 3
    assert {each.block.string_id for each in once} == {"synthetic-001"}
    np.testing.assert_array_equal(once[2].block.voltage_v, again[2].block.voltage_v)
    healthy = list(SimulatedTelemetry(1, 2, 16, 3).read("synthetic-001"))
    assert not np.array_equal(healthy[2].block.voltage_v, once[2].block.voltage_v)
    np.testing.assert_array_equal(healthy[0].block.voltage_v, once[0].block.voltage_v)


def test_a_string_that_is_not_there_is_named() -> None:
    with pytest.raises(UsageError, match="there is no string S9; there are synthetic-000"):
        next(SimulatedTelemetry(1, 1, 16, 1).read("S9"))
