"""A cell that is plainly dead is told on its first day; healthy ones are not, however far apart when empty."""

import numpy as np
import pytest

from battuta.domain.health import FaultClass, FindingLevel
from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_DAY
from battuta.health.plain_voltage import PlainVoltage

N_CELLS = 12


def day_of(voltage_v, *, day=20_000, current_a=0.0):
    n = voltage_v.shape[0]
    return Block(
        string_id="S",
        time_ns=day * NS_PER_DAY + np.arange(n) * 60_000_000_000,
        current_a=np.full(n, current_a),
        voltage_v=voltage_v,
        temperature_c=np.full((n, 1), 25.0),
    )


def told(voltage_v, *, middle=3.3, watch=None, **kept):
    block = day_of(voltage_v, **kept)
    return (watch or PlainVoltage("S", N_CELLS, 314.0)).take(block, np.full(block.n_times, middle))


def test_a_dead_cell_is_told_at_once_and_once():
    voltage_v = np.full((240, N_CELLS), 3.3)
    voltage_v[:, 4] = 0.8
    watch = PlainVoltage("S", N_CELLS, 314.0)
    (found,) = told(voltage_v, watch=watch)
    assert (found.cell, found.fault, found.level) == (4, FaultClass.MICRO_SHORT, FindingLevel.ACT)
    assert found.evidence["below_v"] == pytest.approx(2.5)
    assert found.evidence["below_hours"] == pytest.approx(4.0)
    assert told(voltage_v, watch=watch, day=20_001) == []
    assert told(np.full((240, N_CELLS), 3.3), watch=watch, day=20_002) == []
    assert len(told(voltage_v, watch=watch, day=20_003)) == 1, "it was well for a day, and is told anew"


@pytest.mark.parametrize(
    ("below_v", "minutes", "middle", "current_a", "speaks"),
    [
        (0.12, 61, 3.3, 0.0, True),
        (0.09, 240, 3.3, 0.0, False),
        (0.12, 50, 3.3, 0.0, False),
        (0.12, 240, 3.22, 0.0, False),
        (0.12, 240, 3.40, 0.0, False),
        (0.12, 240, 3.3, 120.0, False),
        (0.32, 240, 3.3, 120.0, True),
        (-0.30, 240, 3.3, 0.0, False),
    ],
)
def test_what_counts_is_far_below_for_an_hour_while_the_string_is_on_its_plateau(
    below_v, minutes, middle, current_a, speaks
):
    voltage_v = np.full((240, N_CELLS), middle)
    voltage_v[:minutes, 7] -= below_v
    assert bool(told(voltage_v, middle=middle, current_a=current_a)) is speaks


def test_missing_values_are_no_low_ones():
    voltage_v = np.full((240, N_CELLS), 3.3)
    voltage_v[:, 2] = np.nan
    assert told(voltage_v) == []
    assert told(np.empty((0, N_CELLS))) == []
