"""The fleet as a whole: same seed, same bytes, however it is sliced; faults change nothing before their start."""

from dataclasses import replace
from datetime import UTC, datetime
from time import perf_counter, thread_time

import numpy as np
import pytest

from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.world.foreign.events import EventKind
from battuta.world.foreign.faults import ForeignFault, ForeignFaultKind
from battuta.world.foreign.foreign_fleet import FleetPlan, StringLife

K = ForeignFaultKind
PLAN = FleetPlan(seed=5, n_strings=4, n_cells=32)
FIELDS = ("time_ns", "current_a", "voltage_v", "temperature_c", "bleed_ah")


def joined(blocks):
    return [np.concatenate([getattr(block, name) for block in blocks]) for name in FIELDS]


def same(one, other):
    return all(np.array_equal(a, b, equal_nan=True) for a, b in zip(joined(one), joined(other), strict=True))


def with_fault(kind, size, start_day=4, **more):
    fault = ForeignFault(kind=kind, string=1, cell=9, start_day=start_day, size=size, **more)
    return replace(PLAN, faults=(fault,))


def test_the_same_seed_gives_the_same_bytes_however_it_is_sliced() -> None:
    plan = replace(PLAN, faults=(ForeignFault(kind=K.STUCK_VALUE, string=1, cell=2, start_day=3, size=0.0),))
    whole, parts, again = StringLife(plan, 1), StringLife(plan, 1), StringLife(plan, 1)
    one = [whole.block(12)]
    assert same(one, [parts.block(n) for n in (1, 4, 2, 5)])
    assert same(one, [again.block(12)])
    np.testing.assert_array_equal(whole.truth.soc, parts.truth.soc)
    assert whole.events == parts.events


def test_seeds_and_strings_share_nothing() -> None:
    lives = [StringLife(PLAN, 0), StringLife(PLAN, 1), StringLife(replace(PLAN, seed=6), 0)]
    blocks = [life.block(2) for life in lives]
    for i, one in enumerate(lives):
        for k in range(i + 1, 3):
            assert abs(np.corrcoef(one.truth.soc_offset, lives[k].truth.soc_offset)[0, 1]) < 0.6
            n = min(blocks[i].n_times, blocks[k].n_times)
            noise = [np.nan_to_num(np.diff(blocks[j].voltage_v[:n, 3] - np.median(blocks[j].voltage_v[:n], axis=1)))
                     for j in (i, k)]  # fmt: skip
            assert abs(np.corrcoef(*noise)[0, 1]) < 0.1
    alone = StringLife(replace(PLAN, n_strings=1), 0).block(2)
    assert same([alone], [blocks[0]])


SIZES = {
    K.LEAK: 10.0, K.RESISTANCE_RISE: 0.5, K.LOOSE_CONTACT: 5e-4, K.CAPACITY_FADE: 0.1, K.CAPACITY_KNEE: 0.1,
    K.VOLTAGE_OFFSET: 0.01, K.TEMPERATURE_OFFSET: 5.0, K.CURRENT_OFFSET: 3.0, K.CURRENT_GAIN: 0.05,
    K.SWAPPED_CHANNELS: 1.0, K.STUCK_VALUE: 0.0, K.COOLING_LOSS: 0.9,
}  # fmt: skip


@pytest.mark.parametrize("kind", K)
def test_a_fault_changes_nothing_before_its_start_and_no_other_string(kind) -> None:
    plan = replace(with_fault(kind, SIZES[kind]), has_events=False)
    sound = StringLife(replace(plan, faults=()), 1)
    ill = StringLife(plan, 1)
    assert same([sound.block(4)], [ill.block(4)])
    later = [each.block(4) for each in (sound, ill)]
    assert not same(later[:1], later[1:]) or kind is K.COOLING_LOSS  # whose chiller may not have run yet
    assert same([StringLife(plan, 0).block(2)], [StringLife(PLAN, 0).block(2)]) or plan.has_events != PLAN.has_events


def test_a_leak_empties_its_cell_and_no_other() -> None:
    sound, ill = (
        StringLife(replace(PLAN, has_events=False), 1),
        StringLife(replace(with_fault(K.LEAK, 30.0), has_events=False), 1),
    )
    sound.block(10), ill.block(10)
    away = ill.truth.soc_offset - sound.truth.soc_offset
    assert away[9] == pytest.approx(-6 * 0.0084, rel=0.15)
    assert np.abs(np.delete(away, 9)).max() < 0.003
    assert ill.truth.leak_a[9] == pytest.approx(0.11, rel=0.05)


def test_cooling_loss_warms_a_working_string() -> None:
    plan = FleetPlan(seed=5, n_strings=8, n_cells=32, start=datetime(2025, 7, 1, tzinfo=UTC), has_events=False)
    fault = ForeignFault(kind=K.COOLING_LOSS, string=0, start_day=0, size=1.0)
    warm, hot = StringLife(plan, 0), StringLife(replace(plan, faults=(fault,)), 0)
    warm.block(6), hot.block(6)
    assert hot.truth.temperature_c.mean() > warm.truth.temperature_c.mean()


def test_a_loose_contact_shows_with_both_signs() -> None:
    plan = replace(with_fault(K.LOOSE_CONTACT, 1e-3, start_day=0, active_share=1.0), has_events=False)
    sound, ill = (StringLife(each, 1).block(3) for each in (replace(plan, faults=()), plan))
    n = min(sound.n_times, ill.n_times)
    assert np.array_equal(sound.time_ns[:n], ill.time_ns[:n])
    amps = sound.current_a[:n]
    busy = (np.abs(amps) > 20.0) & (np.abs(ill.current_a[:n] - amps) < 0.5)
    ohms = (ill.voltage_v[:n] - sound.voltage_v[:n])[busy] / amps[busy][:, None]
    assert np.nanmedian(ohms, axis=0)[[9, 10, 11]] == pytest.approx([-1e-3, 6e-4, 0.0], abs=5e-5)


def test_the_log_is_sane_over_a_season() -> None:
    life = StringLife(replace(PLAN, resolution_v=0.005, logs_bleed=False), 2)
    block = life.block(60)
    assert block.bleed_ah is None
    assert block.string_id == "foreign-5-00002"
    assert 2.0 < np.nanmin(block.voltage_v) < np.nanmax(block.voltage_v) < 3.8
    np.testing.assert_allclose(
        np.nan_to_num(block.voltage_v) * 200, np.rint(np.nan_to_num(block.voltage_v) * 200), atol=1e-9
    )
    assert 0.0 < np.isnan(block.voltage_v).mean() < 1e-4
    assert 0.9 < block.n_times / (60 * 1440) < 1.0
    assert -0.02 < life.truth.soc.min() < life.truth.soc.max() < 1.02
    assert 5.0 < block.temperature_c.min() < block.temperature_c.max() < 50.0


def test_events_happen() -> None:
    """Over some strings and a year: modules are replaced, channels zeroed, duties changed, none where a fault sits."""
    happened, replaced = set(), None
    for string in range(12):
        life = StringLife(FleetPlan(seed=7, n_strings=12, n_cells=16), string)
        for _ in range(12):
            before = life.truth
            n_before = len(life.events)
            life.block(30)
            assert all(event.day < life.day for event in life.events)
            fresh = [each for each in life.events[n_before:] if each.kind is EventKind.REPLACEMENT]
            if fresh and replaced is None:
                replaced = (life.truth.resistance_factor - before.resistance_factor)[: fresh[0].n_cells]
        happened |= {event.kind for event in life.events}
        mended = FleetPlan(
            seed=7, n_strings=12, n_cells=16,
            faults=(ForeignFault(kind=K.LEAK, string=string, cell=8, start_day=500, size=100.0),),
        )  # fmt: skip
        kept = StringLife(mended, string)
        kept.block(1)
        assert EventKind.REPLACEMENT not in {event.kind for event in kept._events}
    assert happened == set(EventKind)
    assert replaced is not None
    assert np.abs(replaced).mean() > 0.02


def test_a_string_that_drifts_apart_is_balanced() -> None:
    life = StringLife(replace(PLAN, n_cells=48), 0)
    life._state.packs[0, :24] -= 0.1
    life.block(16)
    campaigns = [event for event in life.events if event.kind is EventKind.CAMPAIGN]
    assert [event.day for event in campaigns] == [0]
    bled_ah = life.truth.bled_ah
    assert bled_ah[24:].mean() > 3.0 > bled_ah[:24].mean()


def test_finer_steps_tell_the_same_story() -> None:
    coarse, fine = (StringLife(replace(PLAN, step_s=step, has_events=False), 3) for step in (60, 20))
    one, other = coarse.block(3), fine.block(3)
    assert other.n_times == pytest.approx(3 * one.n_times, rel=0.01)
    np.testing.assert_allclose(coarse.truth.soc, fine.truth.soc, atol=0.03)


@pytest.mark.parametrize(
    ("more", "error", "words"),
    [
        ({"n_strings": 0}, InvalidQuantityError, "n_strings"),
        ({"resolution_v": 1.0}, InvalidQuantityError, "resolution_v"),
        ({"step_s": 45}, UsageError, "45 s"),
        ({"start": datetime(2025, 1, 1, 6, tzinfo=UTC)}, UsageError, "midnight"),
        ({"faults": (ForeignFault(kind=K.LEAK, string=4, cell=0, start_day=0, size=1.0),)}, UsageError, "4 strings"),
        ({"faults": (ForeignFault(kind=K.LEAK, string=0, cell=32, start_day=0, size=1.0),)}, UsageError, "32 cells"),
    ],
)
def test_what_cannot_be_simulated_is_refused(more, error, words) -> None:
    with pytest.raises(error, match=words):
        replace(PLAN, **more)


def test_a_string_that_is_not_there_and_no_days_are_refused() -> None:
    with pytest.raises(UsageError, match="no string 4"):
        StringLife(PLAN, 4)
    with pytest.raises(InvalidQuantityError, match="n_days"):
        StringLife(PLAN, 0).block(0)


def test_it_is_fast() -> None:
    """A fleet of 300,000 cell-years has to fit into an hour: even a shared core makes millions of cells a second."""
    life = StringLife(FleetPlan(seed=1, n_strings=1), 0)
    life.block(1)
    best = 0.0
    for _ in range(5):
        start, wall = thread_time(), perf_counter()
        life.block(1)
        best = max(best, 240 * 1440 / max(thread_time() - start, 1e-9))
        assert perf_counter() >= wall
    assert best > 10e6
