"""A recorder beside a scan keeps what a report shows, and changes nothing."""

from dataclasses import replace

import numpy as np

from battuta.adapters.compute.local import LocalCompute
from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_DAY
from battuta.health.scan_record import MAP_CELLS_MAX, MAP_DAYS_MAX, TRACKS, StringRecorder
from battuta.health.string_filter import StringDay
from battuta.physics.cell_parameters import cell_parameters
from battuta.studies.fleet_scan import scan_fleet
from unit.health.recorded_lives import LEAKING, N_CELLS, N_DAYS, Fleet, scanned


def said(day: int, charge: np.ndarray, bled: np.ndarray | None = None) -> StringDay:
    n_cells = charge.size
    states = np.zeros((5, n_cells))
    states[0] = charge
    ones = np.ones(n_cells)
    return StringDay(
        string_id="a",
        day=day,
        states=states,
        variance=np.array([4.0, 1.0, 9.0, 16.0, 1.0]),
        bled=np.zeros(n_cells) if bled is None else bled,
        surprise=ones,
        unrest_share=ones,
        clipped_share=0.0 * ones,
        seen_share=np.where(np.arange(n_cells) == 1, 0.1, 1.0),
        range_v=ones,
        n_rows=100,
    )


def row(day: int, n_cells: int) -> Block:
    return Block(
        string_id="a",
        time_ns=np.array([day * NS_PER_DAY]),
        current_a=np.zeros(1),
        voltage_v=np.full((1, n_cells), 3.3),
        temperature_c=np.full((1, 3), 25.0),
    )


def test_a_leaking_cell_is_kept_with_its_tracks_and_its_clearest_day() -> None:
    quiet, leaking = scanned().strings
    assert quiet.record is not None
    assert quiet.record.tracks == {}
    assert quiet.record.voltages == {}
    record = leaking.record
    assert record is not None
    assert list(record.tracks) == [LEAKING]
    charge = record.tracks[LEAKING][TRACKS.index("charge")]
    assert charge.size == N_DAYS == record.days.size
    assert charge[-1] < record.band[0, 0, -1] < record.band[0, 1, -1] < record.band[0, 2, -1]
    clearest = record.voltages[LEAKING]
    assert clearest.time_ns[0] >= leaking.findings[0].found_ns - NS_PER_DAY
    assert clearest.apart_v > 0.001


def test_maps_hold_every_cell_and_day_of_a_short_record() -> None:
    record = scanned().strings[1].record
    assert record is not None
    assert {name: each.shape for name, each in record.maps.items()} == {
        "charge": (N_CELLS, N_DAYS),
        "resistance_ohm": (N_CELLS, N_DAYS),
    }
    np.testing.assert_allclose(record.maps["charge"][LEAKING], record.tracks[LEAKING][0])
    assert record.modules.shape == (2,)
    assert record.modules[0] == min(record.modules)


def test_nobody_asked_and_nothing_is_kept_and_findings_are_the_same() -> None:
    plain = scan_fleet(Fleet(), cell_parameters("lfp_314ah"), LocalCompute())
    assert [each.record for each in plain.strings] == [None, None]
    assert plain.findings == scanned().findings


def test_what_the_balancer_took_is_given_back() -> None:
    recorder = StringRecorder(string_id="a")
    bled = np.array([0.0, 0.0, 0.02])
    recorder.look(row(20_000, 3), said(20_000, np.array([0.0, 0.0, -0.02]), bled), [])
    record = recorder.close([])
    assert record is not None
    np.testing.assert_allclose(record.maps["charge"][:, 0], 0.0, atol=1e-9)
    np.testing.assert_allclose(record.doubt[:, 0], [2.0, 5.0, 1.0, 1.0])
    assert record.silent == (1,)
    assert (record.n_rows, record.n_sensors, record.has_bleed) == (1, 3, False)


def test_a_long_record_of_many_cells_keeps_the_value_farthest_from_the_middle() -> None:
    n_days, n_cells = 2 * MAP_DAYS_MAX + 1, 2 * MAP_CELLS_MAX
    recorder = StringRecorder(string_id="a")
    for day in range(n_days):
        charge = np.full(n_cells, 0.01)
        charge[11] = -0.5 if day == 7 else 0.01
        recorder.look(row(day, n_cells) if not day else None, said(day, charge), [])
    record = recorder.close([])
    assert record is not None
    shown = record.maps["charge"]
    assert shown.shape[0] <= MAP_CELLS_MAX
    assert shown.shape[1] <= MAP_DAYS_MAX
    assert shown[5, 2] == -0.5
    assert np.count_nonzero(shown < 0.0) == 1


def test_days_that_said_nothing_are_missing_in_a_map_and_other_cells_begin_anew() -> None:
    recorder = StringRecorder(string_id="a")
    recorder.look(row(100, 2), said(100, np.zeros(2)), [])
    recorder.look(None, said(103, np.zeros(4)), [])
    record = recorder.close([])
    assert record is not None
    assert record.n_cells == 4
    np.testing.assert_array_equal(
        np.isnan(record.maps["charge"]), [[False, True, True, False]] * 2 + [[True, True, True, False]] * 2
    )


def test_a_string_without_rows_has_no_record() -> None:
    assert StringRecorder(string_id="a").close([]) is None


def test_findings_of_an_earlier_run_look_for_no_day_until_it_is_seen_again() -> None:
    finding = replace(scanned().strings[1].findings[0], string_id="a", cell=2)
    recorder = StringRecorder(string_id="a", is_resumed=True, n_told=1)
    recorder.look(row(20_000, 3), said(20_000, np.zeros(3)), [finding])
    record = recorder.close([finding])
    assert record is not None
    assert record.is_resumed
    assert list(record.voltages) == [2]
    assert record.tests == {}
