"""Replay: a journal decides itself again without a difference, and a difference is found where there is one."""

import math
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from battuta.adapters.journal.reader import SegmentJournalReader
from battuta.adapters.journal.segments import SegmentJournal
from battuta.app import living_journal
from battuta.app.living_journal import dispatch_arrays, record_kinds
from battuta.app.replay import replay
from battuta.domain.command import Owner, Proposal, Reason
from battuta.domain.errors import DataError
from battuta.domain.health import Derating
from battuta.ports.journal import FieldShape, JournalEvent, RecordKind
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
    with pytest.raises(DataError, match=r"journal's x of 1970-01-01T00:00:00.* does not know records of that kind"):
        replay(newer)


def test_a_run_that_decided_nothing_proves_nothing(tmp_path, small_life) -> None:
    small_life(tmp_path).journal.close()
    result = replay(tmp_path)
    assert (result.decisions, result.setpoints, result.differences, result.is_proven) == (0, 0, 0, False)
    assert result.findings == ("0 decisions and 0 setpoints were there to be compared: this proves nothing",)


def test_a_run_without_its_end_is_compared_yet_not_proven(tmp_path, small_life) -> None:
    life = small_life(tmp_path)
    life.live(70)
    result = replay(tmp_path)
    assert (result.decisions, result.differences, result.is_proven) == (60, 0, False)
    assert "no closing mark" in result.findings[0]
    life.journal.close()
    assert (replay(tmp_path).decisions, replay(tmp_path).is_proven) == (70, True)


def test_a_decision_that_was_not_kept_is_a_finding(tmp_path, small_life, monkeypatch) -> None:
    life = small_life(tmp_path)
    life.live(2)
    with monkeypatch.context() as patched:
        patched.setattr(life.journal, "dispatch", lambda _: None)
        life.live(2)
    life.live(1)
    life.journal.close()
    result = replay(tmp_path)
    assert (result.decisions, result.differences, result.is_proven) == (3, 0, False)
    assert result.findings == ("no decision was kept on 2 of 5 images, the first of 2026-01-01T00:00:02+00:00",)


def test_a_run_stopped_between_image_and_decision_is_whole(tmp_path, small_life, monkeypatch) -> None:
    life = small_life(tmp_path)
    life.live(3)

    def interrupted(_) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(life.journal, "dispatch", interrupted)
    with pytest.raises(KeyboardInterrupt):
        life.live(1)
    life.journal.close()
    assert replay(tmp_path).is_proven


def test_the_root_told_is_that_of_what_was_replayed(tmp_path, small_life, monkeypatch) -> None:
    """A run that ends while its journal is replayed is not taken for whole."""
    life = small_life(tmp_path)
    life.live(130)
    root = life.journal._journal.root
    true_iter = SegmentJournalReader.__iter__

    def ending(reader):
        yield from true_iter(reader)
        life.journal.close()

    monkeypatch.setattr(SegmentJournalReader, "__iter__", ending)
    result = replay(tmp_path)
    assert (result.decisions, result.root) == (120, root)
    assert "no closing mark" in result.findings[0]


ALIVE = """
import runpy, sys
from pathlib import Path
life = runpy.run_path(sys.argv[1])["SmallLife"](Path(sys.argv[2]))
life.live(330)
print("lived", flush=True)
sys.stdin.read()
"""


def test_a_killed_process_loses_no_more_than_a_minute(tmp_path) -> None:
    conftest = Path(__file__).with_name("conftest.py")
    words = [sys.executable, "-c", ALIVE, str(conftest), str(tmp_path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "lived\n"
        process.send_signal(signal.SIGKILL)
    result = replay(tmp_path)
    assert 270 <= result.seconds_replayed < 330
    assert result.differences == 0
    assert not result.is_proven


def rewritten(folder, alter, header=None):
    """Write a journal again, soundly chained, with other entries."""
    reader = SegmentJournalReader(folder)
    other = folder / "other"
    journal = SegmentJournal(other, reader.kinds, header or reader.header)
    for entry in alter(list(reader)):
        if isinstance(entry, JournalEvent):
            journal.event(entry.time_ns, entry.name, entry.fields)
        else:
            journal.append(entry.kind, entry.time_ns, **entry.arrays)
    journal.close()
    return other


@pytest.mark.parametrize(
    ("kind", "arrays", "told"),
    [
        ("wishes", {"owner": 77}, "77 is not a valid Owner"),
        ("shaving", {"interval_ns": [2, 1]}, "it holds from 2 to 1 ns"),
        ("image", {"steady_ns": -5}, "steady_ns = -5 ns is no time of a run"),
        ("setpoint", {"steady_ns": 2**63 - 1}, "is no time of a run"),
    ],
)
def test_a_record_that_cannot_have_been_is_named(tmp_path, small_life, kind, arrays, told) -> None:
    life = small_life(tmp_path)
    life.live(2)
    zero = np.zeros(3)
    plan = ShavingPlanned(
        start_ns=1, end_ns=2, limit_kw=zero, floor_soc_start=zero, floor_soc_end=zero, peak_kw=zero
    )  # fmt: skip
    life.system.post(life.sites.time_ns, plan)
    life.journal.close()

    def alter(entries):
        others = {name: np.asarray(value, dtype=np.int64) for name, value in arrays.items()}
        for entry in entries:
            hit = not isinstance(entry, JournalEvent) and entry.kind == kind
            yield replace(entry, arrays={**entry.arrays, **others}) if hit else entry

    with pytest.raises(DataError, match=rf"journal's {kind} of 2026-01-01T00:00:0.*{told}.*version of Battuta"):
        replay(rewritten(tmp_path, alter))


def test_an_event_that_cannot_have_been_is_named(tmp_path, small_life) -> None:
    small_life(tmp_path).journal.close()

    def alter(entries):
        yield JournalEvent(time_ns=1_767_225_600 * 10**9, name="site.reset", fields={"site": 99})

    with pytest.raises(DataError, match=r"journal's site.reset of 2026-01-01T00:00:00.*site = 99 is none of 0 to 2"):
        replay(rewritten(tmp_path, alter))


def test_a_decision_without_an_image_is_named(tmp_path, small_life) -> None:
    life = small_life(tmp_path)
    life.live(1)
    life.journal.close()
    with pytest.raises(DataError, match=r"journal's dispatch of .* no image came before it"):
        replay(rewritten(tmp_path, lambda entries: entries[3:]))


def test_records_of_another_shape_are_refused(tmp_path, small_life, make_settings) -> None:
    small_life(tmp_path).journal.close()
    header = replace(make_settings(), ticks_per_block=5).header()
    with pytest.raises(DataError, match=r"records of kind 'setpoint' are .*int32\[3, 20\].*known are .*int32\[3, 5\]"):
        replay(rewritten(tmp_path, list, header))


def test_a_derating_in_a_run_is_replayed_and_a_journal_without_it_differs(tmp_path, small_life) -> None:
    left = Derating(
        string_id="site-1", power_share_max=0.1, soc_min=0.0, soc_max=1.0, temperature_c_max=math.inf, reason="a leak"
    )
    bases_kw = {}
    for name in ("kept", "lost"):
        life = small_life(tmp_path / name)
        life.live(20)
        if name == "lost":
            life.journal.deratings = lambda *_: None
        life.system.derate(life.sites.time_ns, (None, left, None))
        life.system.wish(life.sites.time_ns, Owner.SYSTEM_OPERATOR, life.sites.time_ns + 10**10, np.full(3, 6.0))
        bases_kw[name] = life.live(5).dispatch.base_kw.tolist()
        life.journal.close()
    assert bases_kw["kept"] == bases_kw["lost"] == [6.0, 1.0, 6.0]
    assert replay(tmp_path / "kept").is_proven
    assert replay(tmp_path / "lost").differences > 0
