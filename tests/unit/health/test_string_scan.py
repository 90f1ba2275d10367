"""However the rows come, the days are the same."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.domain.health import FaultClass, FindingLevel
from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_DAY
from battuta.health.decision_settings import DRIFT_WINDOWS_DAYS, DecisionSettings, Threshold
from battuta.health.string_scan import StringScan, joined
from battuta.physics.cell_parameters import cell_parameters
from battuta.world.foreign.faults import ForeignFault, ForeignFaultKind
from battuta.world.foreign.foreign_fleet import FleetPlan, StringLife

PARAMETERS = cell_parameters("lfp_314ah")
PLAN = FleetPlan(seed=3, n_strings=1, n_cells=32)


def record(n_days=8) -> Block:
    return StringLife(PLAN, 0).block(n_days)


def states_of(pieces, n_cells=32):
    scan = StringScan(PARAMETERS, pieces[0].string_id, n_cells)
    for piece in pieces:
        scan.take(piece)
    scan.close()
    return scan.filter.state, scan.n_days


def test_any_cut_gives_the_same_bytes():
    whole = record()
    (one, n_days), (many, n_days_cut) = (
        states_of([whole]),
        states_of([whole.rows(slice(at, at + 700)) for at in range(0, whole.n_times, 700)]),
    )
    assert n_days == n_days_cut >= 4
    assert one.states.tobytes() == many.states.tobytes()
    assert one.covariance.tobytes() == many.covariance.tobytes()
    assert one.bled.tobytes() == many.bled.tobytes()


def test_another_string_other_cells_and_older_rows_are_refused():
    whole = record(2)
    scan = StringScan(PARAMETERS, "another", 32)
    with pytest.raises(DataError, match="begin another watch"):
        scan.take(whole)
    scan = StringScan(PARAMETERS, whole.string_id, 31)
    with pytest.raises(DataError, match="31 cells is watched"):
        scan.take(whole)
    scan = StringScan(PARAMETERS, whole.string_id, 32)
    scan.take(whole)
    with pytest.raises(DataError, match="not later"):
        scan.take(whole.rows(slice(whole.n_times - 5, whole.n_times)))


def test_blocks_are_joined_and_silence_of_the_balancer_is_nothing_bled():
    whole = record(1)
    first = Block(
        string_id=whole.string_id, time_ns=whole.time_ns[:10], current_a=whole.current_a[:10],
        voltage_v=whole.voltage_v[:10], temperature_c=whole.temperature_c[:10],
    )  # fmt: skip
    both = joined([first, whole.rows(slice(10, 20))])
    assert both.n_times == 20
    assert both.bleed_ah is not None
    assert np.all(both.bleed_ah[:10] == 0.0)
    assert joined([first]).bleed_ah is None


def broken_off(whole, at, *, settings=None, parameters=PARAMETERS):
    """The same rows, with a restart before a row."""
    scan = StringScan(parameters, whole.string_id, whole.n_cells)
    found = scan.take(whole.rows(slice(0, at)))
    saved = scan.save()
    scan = StringScan(parameters, whole.string_id, whole.n_cells, settings=settings)
    scan.restore(saved)
    found += scan.take(whole.rows(slice(at, whole.n_times)))
    return scan, found + scan.close()


LEAK = ForeignFault(kind=ForeignFaultKind.LEAK, string=0, cell=20, start_day=25, size=80.0)


@pytest.fixture(scope="module")
def leaking() -> Block:
    return StringLife(FleetPlan(seed=305, n_strings=1, n_cells=48, faults=(LEAK,), has_events=False), 0).block(38)


@pytest.mark.parametrize("at", [1, 700, 29 * 1440 + 300, 37 * 1440])
def test_a_restart_at_any_row_changes_not_a_bit(leaking, at):
    scan = StringScan(PARAMETERS, leaking.string_id, 48)
    found = scan.take(leaking) + scan.close()
    restarted, found_again = broken_off(leaking, at)
    assert found, "the leak has to be found for this to say anything"
    assert found == found_again
    one, other = scan.save(), restarted.save()
    assert {name: each.tobytes() for name, each in one.items()} == {name: x.tobytes() for name, x in other.items()}


def test_a_saved_state_is_plain_arrays_of_a_file(leaking, tmp_path):
    scan = StringScan(PARAMETERS, leaking.string_id, 48)
    scan.take(leaking.rows(slice(0, 5000)))
    np.savez(tmp_path / "state.npz", **scan.save())
    with np.load(tmp_path / "state.npz", allow_pickle=False) as file:
        again = StringScan(PARAMETERS, leaking.string_id, 48)
        again.restore(dict(file))
    assert again.filter.state.states.tobytes() == scan.filter.state.states.tobytes()
    assert again.last_ns == scan.last_ns


def test_a_state_of_other_settings_or_another_string_is_refused(leaking):
    scan = StringScan(PARAMETERS, leaking.string_id, 48)
    saved = scan.save()
    limit = Threshold(watch=10.0, act=15.0, effect=1e-3, act_effect=2e-3)
    stricter = replace(DecisionSettings(), drift=(limit,) * len(DRIFT_WINDOWS_DAYS))
    for other, said in (
        (StringScan(PARAMETERS, leaking.string_id, 48, settings=stricter), "another kind of cell, capacity or limits"),
        (StringScan(PARAMETERS, leaking.string_id, 48, 280.0), "another kind of cell, capacity or limits"),
        (StringScan(PARAMETERS, "another", 48), "not of string another with 48 cells"),
        (StringScan(PARAMETERS, leaking.string_id, 47), "not of string"),
    ):
        with pytest.raises(DataError, match=said):
            other.restore(saved)


def test_a_day_whose_last_row_is_there_needs_no_later_one():
    whole = record(6)
    last = int(np.searchsorted(whole.time_ns, (whole.time_ns[0] // NS_PER_DAY + 5) * NS_PER_DAY))
    open_ended, full = (StringScan(PARAMETERS, whole.string_id, 32) for _ in range(2))
    open_ended.take(whole.rows(slice(0, last - 5)))
    open_ended.close_full()
    n_days = open_ended.n_days
    full.take(whole.rows(slice(0, last)))
    full.close_full()
    assert full.n_days == n_days + 1
    assert full.close_full() == []
    with pytest.raises(DataError, match="not later"):
        full.take(whole.rows(slice(last - 1, last)))


def findings_of(*faults, n_days=40, n_cells=48, seed=305):
    life = StringLife(FleetPlan(seed=seed, n_strings=1, n_cells=n_cells, faults=faults, has_events=False), 0)
    scan = StringScan(PARAMETERS, life.string_id, n_cells)
    return [finding for _ in range(n_days) for finding in scan.take(life.block(1))] + scan.close(), scan


def planted(kind, size, cell=20, start_day=26):
    return ForeignFault(kind=kind, string=0, cell=cell, start_day=start_day, size=size)


def test_exchanged_channels_are_told_and_their_cells_begin_anew():
    found, scan = findings_of(planted(ForeignFaultKind.SWAPPED_CHANNELS, 9.0))
    swapped = [each for each in found if each.fault is FaultClass.SWAPPED_CHANNELS]
    assert {each.cell for each in swapped} == {20, 29}
    told_ns = min(each.found_ns for each in swapped)
    later = [each for each in found if each.found_ns > told_ns and each.fault is not FaultClass.SWAPPED_CHANNELS]
    assert not [each for each in later if each.cell in {20, 29}]
    assert not scan.is_shorted


def test_a_sensor_of_the_string_is_told_beside_the_cells():
    found, _ = findings_of(planted(ForeignFaultKind.CURRENT_OFFSET, 2.0))
    assert {(each.fault, each.cell) for each in found} == {(FaultClass.CURRENT_SENSOR, None)}


def test_what_a_current_sensor_seems_to_count_is_doubted_beside_a_short():
    found, scan = findings_of(LEAK, planted(ForeignFaultKind.CURRENT_OFFSET, 2.0, start_day=36), n_days=42)
    assert (FaultClass.MICRO_SHORT, FindingLevel.ACT) in {(each.fault, each.level) for each in found}
    assert scan.is_shorted
    told = [each for each in found if each.fault is FaultClass.CURRENT_SENSOR]
    assert told, "a sensor that is wrong is not passed over in silence"
    assert {(each.level, each.evidence["short_told"]) for each in told} == {(FindingLevel.WATCH, 1.0)}


def test_a_month_after_a_short_was_told_the_current_sensor_is_believed_again():
    found, scan = findings_of(LEAK, planted(ForeignFaultKind.CURRENT_OFFSET, 2.0, start_day=72), n_days=78)
    acts = [each.found_ns for each in found if (each.fault, each.level) == (FaultClass.MICRO_SHORT, FindingLevel.ACT)]
    told = [each for each in found if each.fault is FaultClass.CURRENT_SENSOR and each.found_ns > 72 * NS_PER_DAY]
    assert told[-1].found_ns - max(acts) > 30 * NS_PER_DAY
    assert not scan.is_shorted
    assert told[-1].level is FindingLevel.ACT
    assert "short_told" not in told[-1].evidence
