"""A string is watched through other cells and a restart, and left alone where its current has the other sign."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.domain.telemetry import Block
from battuta.health.scan_state import save_state
from battuta.physics.cell_parameters import cell_parameters
from battuta.ports.telemetry import TelemetryFinding, TelemetryFlaw
from battuta.studies.string_watch import OtherCellsError, ScanSettings, StringWatch, restored_watch
from battuta.world.foreign.foreign_fleet import FleetPlan, StringLife

SETTINGS = ScanSettings(parameters=cell_parameters("lfp_314ah"))
WRONG = TelemetryFinding(
    flaw=TelemetryFlaw.WRONG_SIGN, string_id="A", channel="current_a", first_ns=0, count=900, detail="it rises"
)


@pytest.fixture(scope="module")
def days() -> list[Block]:
    life = StringLife(FleetPlan(seed=6, n_strings=1, n_cells=16, has_events=False), 0)
    return [life.block(1) for _ in range(6)]


def test_other_cells_begin_anew_and_all_is_counted(days):
    watch = StringWatch(string_id=days[0].string_id)
    for day in days[:2]:
        watch.take(day, (), SETTINGS)
    fewer = [replace(day, voltage_v=day.voltage_v[:, :12], bleed_ah=None) for day in days[2:5]]
    for day in fewer:
        watch.take(day, (), SETTINGS)
    watch.close()
    assert (watch.n_cells, watch.n_days) == (16, 5)
    assert watch.n_samples == 16 * sum(d.n_times for d in days[:2]) + 12 * sum(d.n_times for d in fewer)


def part(day, at):
    return day.rows(slice(60 * at, 60 * at + 60))


def test_three_days_of_the_other_sign_end_it(days):
    watch = StringWatch(string_id=days[0].string_id)
    for day, flaws in zip(days[:5], [(WRONG,), (), (WRONG,), (), ()], strict=True):
        watch.take(day, flaws, SETTINGS)
    with pytest.raises(DataError, match="has the other sign: on 3 days, the last 2025-01-06, it rises"):
        watch.take(days[5], (WRONG,), SETTINGS)


def test_two_days_of_the_other_sign_are_forgotten_after_many_without(days):
    watch = StringWatch(string_id=days[0].string_id)
    for at in range(18):
        watch.take(part(days[0], at), (WRONG,) if at in {0, 1, 17} else (), SETTINGS)
    assert watch.wrong_sign_blocks == 1


def test_days_that_were_seen_tell_nothing_of_the_sign(days):
    watch = StringWatch(string_id=days[0].string_id)
    watch.take(days[0], (), SETTINGS)
    for _ in range(4):
        watch.take(days[0], (WRONG,), SETTINGS)
    assert watch.n_left_out == 4 * days[0].n_times


def test_another_kind_of_cell_or_another_thing_is_refused(days):
    watch = StringWatch(string_id=days[0].string_id)
    watch.take(days[0].rows(slice(0, 500)), (), SETTINGS)
    saved = watch.save()
    assert np.array_equal(restored_watch(saved, SETTINGS).scan.filter.state.states, watch.scan.filter.state.states)
    with pytest.raises(DataError, match="another kind of cell, capacity or limits"):
        restored_watch(saved, replace(SETTINGS, capacity_ah=280.0))
    with pytest.raises(DataError, match="a list was saved"):
        restored_watch(save_state([1]), SETTINGS)


def test_cells_that_were_never_seen_are_named_and_a_restart_remembers(days):
    watch = StringWatch(string_id=days[0].string_id)
    for at, day in enumerate(days[:3]):
        silent = day.voltage_v.copy()
        silent[:, [2, 5] if at == 0 else [2, 7]] = np.nan
        silent[100:, 9] = np.nan  # in too few rows
        watch.take(replace(day, voltage_v=silent), (), SETTINGS)
    watch = restored_watch(watch.save(), SETTINGS)
    watch.close()
    assert watch.unseen == (2, 9)
    assert watch.seen_days.tolist() == [0 if cell in {2, 9} else {5: 2, 7: 1}.get(cell, 3) for cell in range(16)]


def test_other_cells_after_a_restart_are_refused_unless_they_were_seen_before(days):
    watch = StringWatch(string_id=days[0].string_id)
    watch.take(days[1], (), SETTINGS)
    fewer = [replace(day, voltage_v=day.voltage_v[:, :12], bleed_ah=None) for day in days]
    watch.require_own(fewer[0])
    watch.require_own(days[2])
    with pytest.raises(OtherCellsError, match="kept of 16 cells, and the record has 12 on"):
        watch.require_own(fewer[2])
