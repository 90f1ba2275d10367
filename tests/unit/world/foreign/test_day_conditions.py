"""Each fault changes what it should on its cell, and nothing else."""

from dataclasses import fields

import numpy as np
import pytest

from battuta.world.foreign.day_conditions import day_conditions, open_joints
from battuta.world.foreign.faults import ForeignFault, ForeignFaultKind
from battuta.world.foreign.string_draws import draw_cells, draw_string

DRAWS = draw_cells(1, 0, 32, 4, draw_string(1, 0, 32, 60.0, 0.001))
K = ForeignFaultKind


def on(day, kind=None, size=0.0, cell=7, **more):
    faults = [] if kind is None else [ForeignFault(kind=kind, string=0, cell=cell, start_day=10, size=size, **more)]
    return day_conditions(DRAWS, 0, faults, day)


def changed(kind, size, cell=7, day=30, **more):
    sound, ill = on(day), on(day, kind, size, cell, **more)
    found = {}
    for field in fields(sound):
        before, after = np.atleast_1d(getattr(sound, field.name)), np.atleast_1d(getattr(ill, field.name))
        if np.any(before != after):
            found[field.name] = {int(c): float(after[c] - before[c]) for c in np.flatnonzero(before != after)}
    return found


def test_each_fault_changes_its_cell_alone() -> None:
    assert changed(K.LEAK, 30.0) == {"leak_s": {7: pytest.approx(1.0 / 30.0)}}
    assert list(changed(K.RESISTANCE_RISE, 0.5)["resistance_factor"]) == [7]
    assert list(changed(K.CAPACITY_KNEE, 0.2)) == ["capacity_ah", "resistance_factor"]
    assert changed(K.VOLTAGE_OFFSET, -0.004) == {"offset_v": {7: pytest.approx(-0.004)}}
    assert changed(K.COOLING_LOSS, 0.8) == {"cooled": {0: pytest.approx(-0.8)}}
    for kind, size in ((K.CURRENT_OFFSET, 1.0), (K.STUCK_VALUE, 0.0), (K.SWAPPED_CHANNELS, 1.0)):
        assert changed(kind, size) == {}


@pytest.mark.parametrize(("cell", "neighbour"), [(7, 8), (31, 30)])
def test_a_loose_joint_is_read_with_the_other_sign_next_to_it(cell, neighbour) -> None:
    found = changed(K.LOOSE_CONTACT, 1e-3, cell, active_share=0.4)
    assert found["contact_ohm"] == {cell: pytest.approx(1e-3), neighbour: pytest.approx(-6e-4)}
    assert found["contact_share"] == {0: pytest.approx(0.4)}


@pytest.mark.parametrize("kind", K)
def test_nothing_changes_before_the_start(kind) -> None:
    assert changed(kind, 1.0 if kind is K.SWAPPED_CHANNELS else 0.06 if kind is K.LEAK else 0.005, day=9) == {}


def test_joints_open_in_spells_for_their_share_of_the_time() -> None:
    minutes = np.concatenate([open_joints(1, 0, day, 0.3) for day in range(200)])
    assert set(minutes) == {0.0, 1.0}
    assert minutes.mean() == pytest.approx(0.3, abs=0.04)
    assert np.abs(np.diff(minutes)).mean() < 0.02
