"""Replay: a journal decides itself again without a difference, and a difference is found where there is one."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.adapters.journal.segments import SegmentJournal
from battuta.app import living_journal
from battuta.app.living_journal import dispatch_arrays, record_kinds
from battuta.app.replay import replay
from battuta.domain.command import Owner, Proposal, Reason
from battuta.domain.errors import DataError
from battuta.ports.journal import FieldShape, RecordKind
from battuta.services import guard as guard_service
from battuta.services.conductor_events import Alarm, ChillersAsked, ShavingPlanned


def test_two_hours_of_three_sites_replay_without_a_difference(tmp_path, small_life) -> None:
    life = small_life(tmp_path)
    life.live(7_200)
    root = life.journal.close()
    told = []
    result = replay(tmp_path, told.append)
    assert (result.differences, result.first_difference_ns) == (0, -1)
    assert (result.sites, result.seconds_replayed, result.setpoints) == (3, 7_200, 7_200 * 60)
    assert result.records == 3 * 7_200 + 24 + 1
    assert result.root == root
    assert result.findings == ()
    assert told == [3_600, 7_200]


def test_one_count_of_one_tick_is_found_with_its_time(tmp_path, small_life, monkeypatch) -> None:
    true_guard, calls = guard_service.guard, []

    def altered(*inputs, **options):
        block = true_guard(*inputs, **options)
        calls.append(block.start_ns)
        if len(calls) == 30:
            block.counts[1, 7] += 1
        return block

    life = small_life(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(guard_service, "guard", altered)
        life.live(60)
    life.journal.close()
    result = replay(tmp_path)
    assert (result.differences, result.first_difference_ns) == (1, calls[29])


def test_one_reason_is_found(tmp_path, small_life, monkeypatch) -> None:
    true_guard = guard_service.guard

    def altered(*inputs, **options):
        block = true_guard(*inputs, **options)
        return replace(block, reason=block.reason ^ np.array([0, 4, 0]))

    life = small_life(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(guard_service, "guard", altered)
        life.live(5)
    life.journal.close()
    assert replay(tmp_path).differences == 5


@pytest.mark.parametrize("place", range(5))
def test_a_decision_that_is_not_what_was_kept_is_found_by_itself(tmp_path, small_life, monkeypatch, place) -> None:
    def altered(decided):
        arrays = dispatch_arrays(decided)
        arrays[place][2] += 1
        return arrays

    life = small_life(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(living_journal, "dispatch_arrays", altered)
        life.live(4)
    life.journal.close()
    assert replay(tmp_path).differences == 4


@pytest.mark.parametrize("limits", [{"mode_ramp_kw_per_s": 0.5}, {"soc_max": 0.4}, {"import_power_kw_max": 1.0}])
def test_a_journal_of_other_limits_than_it_says_differs(tmp_path, small_life, make_settings, limits) -> None:
    life = small_life(tmp_path, written_as=make_settings(**limits))
    life.live(120)
    life.journal.close()
    result = replay(tmp_path)
    assert result.differences > 0
    assert result.first_difference_ns >= life.settings.start_ns


def test_the_folder_of_a_run_is_as_good_as_that_of_its_journal(tmp_path, small_life) -> None:
    life = small_life(tmp_path / "journal")
    life.live(3)
    life.journal.close()
    assert replay(tmp_path) == replay(tmp_path / "journal")
    assert replay(tmp_path).seconds_replayed == 3


def test_an_operator_s_reset_is_replayed(tmp_path, small_life) -> None:
    life = small_life(tmp_path)
    life.sites.plants.gas[1] = 1.0
    life.live(2)
    assert life.system.alarms[-1][1].cause == "GAS"
    life.sites.plants.gas[1] = 0.0
    life.system.reset(life.sites.time_ns, 1)
    life.live(20)
    assert life.system.block.counts[1].any()
    life.journal.close()
    assert replay(tmp_path).differences == 0


def test_what_an_operator_wants_of_a_site_is_followed_and_replayed(tmp_path, small_life) -> None:
    life = small_life(tmp_path)
    life.live(2)
    now_ns = life.sites.time_ns
    wanted = Proposal(site=1, owner=Owner.SYSTEM_OPERATOR, preferred_kw=-3.21, expires_ns=now_ns + 10 * 10**9)
    life.system.propose(now_ns, (wanted,))
    assert life.live(3).dispatch.base_kw[1] == -3.21
    life.journal.close()
    assert replay(tmp_path).differences == 0


def test_plans_and_coolant_are_replayed(tmp_path, small_life) -> None:
    life = small_life(tmp_path)
    life.live(2)
    now_ns, zero = life.sites.time_ns, np.zeros(3)
    plan = ShavingPlanned(
        start_ns=now_ns, end_ns=now_ns + 900 * 10**9, limit_kw=np.array([1.0, np.inf, 5.0]), floor_soc_start=zero + 0.6,
        floor_soc_end=zero + 0.7, peak_kw=zero,
    )  # fmt: skip
    life.system.post(now_ns, plan)
    life.system.post(now_ns, ChillersAsked(setpoint_c=np.array([17.0, np.nan, 19.0])))
    moment = life.live(30)
    assert Reason.PEAK_SHAVING in Reason(int(moment.dispatch.reason[0]))
    assert moment.dispatch.chiller_setpoint_c[2] == 19.0
    life.journal.close()
    assert replay(tmp_path).differences == 0


@pytest.mark.parametrize("alteration", ["other", "left out"])
def test_an_alarm_that_was_not_raised_so_is_found(tmp_path, small_life, monkeypatch, alteration) -> None:
    life = small_life(tmp_path)
    true_event = life.journal.event

    def altered(time_ns, name, fields):
        if name == "alarm.raised" and alteration == "other":
            true_event(time_ns, name, {**fields, "site": 2})

    life.sites.plants.gas[1] = 1.0
    monkeypatch.setattr(life.journal, "event", altered)
    life.live(3)
    life.journal.close()
    assert replay(tmp_path).differences == 1


def test_an_alarm_of_a_device_is_not_the_conductor_s_to_repeat(tmp_path, small_life) -> None:
    life = small_life(tmp_path)
    life.live(2)
    life.system.tell(life.sites.time_ns, Alarm(site=0, cause="DEVICE_LOST", calls_out=False))
    life.live(2)
    life.journal.close()
    assert replay(tmp_path).differences == 0


def test_no_journal_and_a_strange_one_are_refused(tmp_path, make_settings) -> None:
    with pytest.raises(DataError, match="no journal"):
        replay(tmp_path)
    other = tmp_path / "other"
    kinds = (RecordKind(name="x", fields=(FieldShape(name="y", dtype="int8"),)),)
    SegmentJournal(other, kinds, {"what": "something else"}).close()
    with pytest.raises(DataError, match="does not describe a living run"):
        replay(other)
    newer = tmp_path / "newer"
    journal = SegmentJournal(newer, (*record_kinds(3, 20), *kinds), make_settings().header())
    journal.append_row("x", 1, (np.asarray(1, dtype=np.int8),))
    journal.close()
    with pytest.raises(DataError, match="kind 'x', which this version does not know"):
        replay(newer)
