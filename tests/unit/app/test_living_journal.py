"""What a living run keeps can be read back bit for bit."""

import json

import numpy as np
import pytest

from battuta.adapters.journal.reader import SegmentJournalReader
from battuta.app.living_journal import (
    MISSING_MHZ,
    LivingJournal,
    chillers_of,
    dispatch_arrays,
    frequency_counts,
    frequency_of,
    record_kinds,
    shaving_of,
    wishes_of,
)
from battuta.domain.command import Owner, Reservation
from battuta.domain.errors import StorageError
from battuta.domain.image import MISSING_COUNT, N_SIGNALS, N_SOURCES
from battuta.ports.journal import JournalEvent, Record
from battuta.services.conductor_events import ChillersAsked, ShavingPlanned, WishesPosted
from battuta.site.dispatch import Dispatch
from battuta.site.guard import GuardBlock


def test_frequency_is_kept_in_mhz_and_missing_stays_missing() -> None:
    frequency_hz = np.array([[49.987, np.nan], [np.inf, 50.0]])
    counts = frequency_counts(frequency_hz)
    assert counts.tolist() == [[49_987, MISSING_MHZ], [MISSING_MHZ, 50_000]]
    np.testing.assert_array_equal(frequency_of(counts), [[49.987, np.nan], [np.nan, 50.0]])


def test_a_frequency_that_no_count_holds_is_missing() -> None:
    frequency_hz = np.array([1e9, -1e9, 2_147_483.647, -2_147_483.647, 2_147_483.648])
    counts = frequency_counts(frequency_hz)
    assert counts.tolist() == [MISSING_MHZ, MISSING_MHZ, 2**31 - 1, 1 - 2**31, MISSING_MHZ]


def test_no_more_than_a_minute_waits_for_its_chunk(tmp_path, make_settings) -> None:
    journal = LivingJournal(tmp_path, make_settings())
    for second in range(200):
        journal.event(second * 10**9, "x", {})
        lost_ns = second * 10**9 - max((each.time_ns for each in SegmentJournalReader(tmp_path)), default=0)
        assert lost_ns <= 60 * 10**9
    journal.close()


def test_a_disk_that_refuses_is_told_and_what_waits_may_be_tried_again(tmp_path, make_settings) -> None:
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    journal = LivingJournal(tmp_path, make_settings())
    n_bytes = (tmp_path / "segment-000001.log").stat().st_size
    journal.event(0, "x", {})
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, limits[1]))
        for act in (lambda: journal.event(60 * 10**9, "x", {}), journal.close):
            with pytest.raises(StorageError, match=r"segment-000001\.log cannot be written: .*--runs-dir"):
                act()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert journal.close() == SegmentJournalReader(tmp_path).root
    assert [each.time_ns for each in SegmentJournalReader(tmp_path)] == [0]


def wishes_through(folder, settings, posted: WishesPosted) -> WishesPosted:
    journal = LivingJournal(folder, settings)
    journal.wishes(7, posted)
    journal.close()
    (record,) = [each for each in SegmentJournalReader(folder) if isinstance(each, Record)]
    assert (record.kind, record.time_ns) == ("wishes", 7)
    return wishes_of(record.arrays)


def test_wishes_are_kept_to_the_bit(tmp_path, make_settings) -> None:
    preferred_kw = np.array([0.1, np.nan, -1e-300])
    low_kw, high_kw = np.array([-np.inf, 1.0 / 3.0, 0.0]), np.array([np.inf, 2.0, 5.0])
    posted = WishesPosted(
        owner=Owner.COOLING, expires_ns=2**62, low_kw=low_kw, high_kw=high_kw, preferred_kw=preferred_kw
    )
    again = wishes_through(tmp_path, make_settings(), posted)
    assert (again.owner, again.expires_ns) == (Owner.COOLING, 2**62)
    assert again.low_kw.tobytes() == low_kw.tobytes()
    assert again.high_kw.tobytes() == high_kw.tobytes()
    assert again.preferred_kw.tobytes() == preferred_kw.tobytes()


def test_what_an_owner_does_not_say_is_kept_as_no_opinion(tmp_path, make_settings) -> None:
    again = wishes_through(tmp_path, make_settings(), WishesPosted(owner=Owner.MARKET, expires_ns=1))
    assert np.isneginf(again.low_kw).all()
    assert np.isposinf(again.high_kw).all()
    assert np.isnan(again.preferred_kw).all()


def test_everything_is_kept_in_its_order(tmp_path, make_settings) -> None:
    journal = LivingJournal(tmp_path, make_settings())
    award = Reservation(
        site=1,
        product="ce_fcr",
        up_kw=1.0,
        down_kw=2.0,
        energy_up_kwh=3.0,
        energy_down_kwh=4.0,
        start_ns=5,
        end_ns=2**62,
        award="a",
    )
    journal.reservations(1, (award,))
    image, ages = np.full((N_SIGNALS, 3), 7, dtype=np.int32), np.full((N_SOURCES, 3), 8, dtype=np.int32)
    journal.image(2, image, ages, 99)
    whole = np.array([1, 2, 3])
    decided = Dispatch(
        time_ns=2,
        base_kw=np.array([1.0, -2.346, 3.0]),
        bounds_kw=np.zeros((4, 3)),
        reactive_kvar=np.array([0.5, 0.0, -0.5]),
        chiller_setpoint_c=np.array([np.nan, 17.0, 23.4]),
        owner=whole,
        reason=np.array([1 << 23, 0, 5]),
    )
    journal.dispatch(decided)
    ticks = np.arange(60, dtype=np.int32).reshape(3, 20)
    journal.setpoint(ticks, GuardBlock(start_ns=3, tick_s=0.05, counts=ticks + 1, reason=whole), 7)
    journal.event(4, "alarm.raised", {"site": 1})
    root = journal.close()
    reader = SegmentJournalReader(tmp_path)
    entries = list(reader)
    names = [each.name if isinstance(each, JournalEvent) else each.kind for each in entries]
    assert names == ["reservations.awarded", "image", "dispatch", "setpoint", "alarm.raised"]
    assert [each.time_ns for each in entries] == [1, 2, 2, 3, 4]
    assert Reservation(**json.loads(str(entries[0].fields["reservations"]))[0]) == award
    assert entries[1].arrays["counts"].tolist() == image.tolist()
    assert entries[1].arrays["age_counts"].tolist() == ages.tolist()
    assert int(entries[1].arrays["steady_ns"]) == 99
    for kept, expected in zip(entries[2].arrays.values(), dispatch_arrays(decided), strict=True):
        assert kept.tolist() == expected.tolist()
    assert entries[2].arrays["base_counts"].tolist() == [100, -235, 300]
    assert entries[2].arrays["reason"].tolist() == [1 << 23, 0, 5]
    assert entries[2].arrays["chiller_counts"].tolist() == [MISSING_COUNT, 170, 234]
    assert entries[3].arrays["setpoint_counts"].tolist() == (ticks + 1).tolist()
    assert root == reader.root != ""


def test_what_cooling_and_peak_shaving_want_comes_back_bit_for_bit(tmp_path, make_settings) -> None:
    journal = LivingJournal(tmp_path, make_settings())
    asked_c, odd = np.array([17.05, np.nan, 1.0 / 3.0]), np.array([np.inf, 1.0 / 7.0, 0.0])
    planned = ShavingPlanned(
        start_ns=900, end_ns=1_800, limit_kw=odd, floor_soc_start=odd / 2, floor_soc_end=odd / 3, peak_kw=odd / 5
    )
    journal.chillers(1, ChillersAsked(setpoint_c=asked_c))
    journal.shaving(2, planned)
    journal.close()
    chillers, shaving = SegmentJournalReader(tmp_path)
    assert chillers_of(chillers.arrays).setpoint_c.tobytes() == asked_c.tobytes()
    again = shaving_of(shaving.arrays)
    assert (again.start_ns, again.end_ns) == (900, 1_800)
    for name in ("limit_kw", "floor_soc_start", "floor_soc_end", "peak_kw"):
        assert getattr(again, name).tobytes() == getattr(planned, name).tobytes()


def test_without_a_folder_nothing_is_kept(make_settings) -> None:
    journal = LivingJournal(None, make_settings())
    journal.event(1, "x", {})
    journal.reservations(1, ())
    journal.wishes(1, WishesPosted(owner=Owner.MARKET, expires_ns=1))
    assert journal.close() == ""


def test_each_kind_of_record_has_the_shapes_of_the_run() -> None:
    shapes = {kind.name: {field.name: field.shape for field in kind.fields} for kind in record_kinds(4, 5)}
    assert shapes["image"]["counts"] == (N_SIGNALS, 4)
    assert shapes["setpoint"]["setpoint_counts"] == (4, 5)
    assert shapes["dispatch"]["base_counts"] == (4,)
