"""A run whose sites are made of modules: shared, derated by one, kept, and decided again to the last count."""

import json

import numpy as np
import pytest

from battuta.adapters.journal.reader import SegmentJournalReader
from battuta.adapters.journal.segments import SegmentJournal
from battuta.app.living_deratings import string_id_of, string_ids_of
from battuta.app.living_modules import sharer_of
from battuta.app.living_request import RunRequest
from battuta.app.living_result import finish
from battuta.app.living_run import LivingRun
from battuta.app.lockstep import LockstepSites
from battuta.app.replay import replay
from battuta.domain.errors import DataError, UsageError
from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.ports.journal import JournalEvent
from battuta.services import module_sharer


def run_of(tmp_path, ten_days, small_site, **values) -> LivingRun:
    usual = {"n_sites": 2, "seed": 5, "duration_s": 86_400, "response": "", "n_modules": 4, "has_foresight": False}
    return LivingRun(RunRequest(**(usual | values)), ten_days, small_site, tmp_path)


def joint(run: LivingRun, string_id: str) -> Finding:
    return Finding(
        string_id=string_id, cell=2, fault=FaultClass.LOOSE_CONTACT, level=FindingLevel.ACT, since_ns=run.now_ns,
        found_ns=run.now_ns, probability=0.9, evidence={"resistance_ohm": 2e-3, "others_median": 0.0},
    )  # fmt: skip


def live(sites: LockstepSites, seconds: int):
    return [sites.second() for _ in range(seconds)]


def test_a_bad_module_carries_less_the_site_keeps_its_promise_and_it_replays(tmp_path, ten_days, small_site) -> None:
    orders = tuple(
        f"site={site},power={power}"
        for site in range(2)
        for power in ("9,start=1min,end=10min", "-5,start=10min,end=20min")
    )
    run = run_of(tmp_path, ten_days, small_site, orders=orders)
    sites = LockstepSites(run)
    live(sites, 60)
    run.hear([joint(run, string_id_of(1, 2))])
    left = run.deratings.left[1]
    share = run.deratings.book.deratings[2 + 4 + 2].power_share_max
    assert run.deratings.left[0] is None
    assert left.power_share_max == pytest.approx((3.0 + share) / 4.0)
    assert left.reason.startswith("module 2 of 4: loose contact of cell 2")
    live(sites, 1100)
    result = finish(run)
    told = result.modules
    bad = told.energy_share[1]
    assert told.energy_share.sum(axis=1) == pytest.approx(1.0)
    np.testing.assert_allclose(told.energy_share[0], 0.25, atol=0.005)
    assert bad[2] < 0.2 < bad[[0, 1, 3]].min()
    assert told.weight[1, 2] < 1.0 < told.weight[1, 0]
    assert told.power_share_max[1].tolist() == [1.0, 1.0, pytest.approx(share), 1.0]
    assert (told.short_s, told.missing_kwh) == (0.0, 0.0)
    asked = run.system.block.power_kw.mean(axis=1)
    assert sites.devices.plants.power_kw == pytest.approx(asked, abs=0.02)
    current_a = np.abs(sites.devices.plants.string_current_a()[4:])
    assert current_a[2] < 0.95 * current_a[[0, 1, 3]].min(), "its cells carry what it was asked for"
    assert asked[1] == -5.0, "the others took over what the bad one may not"
    assert told.costs[0].order_id == run.deratings.orders[0].order_id
    assert 0.0 < told.costs[0].cost.amount < told.costs[0].amount_unshared
    proven = replay(run.folder)
    assert (proven.differences, proven.findings) == (0, ())
    assert replay(run.folder).root == proven.root


def test_closing_its_order_gives_the_module_back(tmp_path, ten_days, small_site) -> None:
    run = run_of(tmp_path, ten_days, small_site)
    sites = LockstepSites(run)
    live(sites, 3)
    run.hear([joint(run, string_id_of(0, 0)), joint(run, "site-1")])
    assert run.deratings.left[1].power_share_max < 0.5, "a finding of a site as a whole holds back all of it"
    assert run.modules.told(()).weight[1].tolist() == [1.0] * 4
    run.close_work_order(run.deratings.orders[0].order_id, "J. Doe", "module exchanged")
    assert run.deratings.left[0] is None
    terms = run.modules._state.terms
    assert np.ptp(terms.weight) == 0.0
    assert (terms.power_share_max == 1.0).all()
    live(sites, 3)
    run.finish()
    assert replay(run.folder).is_proven


def test_what_modules_cannot_carry_is_counted_and_not_delivered(tmp_path, ten_days, small_site) -> None:
    run = run_of(tmp_path, ten_days, small_site, has_journal=False)
    seen = np.empty((4, 2, 4))
    seen[0], seen[1], seen[2:] = 0.5, 25.0, 1.0
    asked_kw = run.modules.share(run.now_ns, seen, np.full((2, 20), 6.0))
    assert asked_kw.tolist() == [[1.0] * 4] * 2
    told = run.modules.told(())
    assert (told.short_s, told.missing_kwh) == (2.0, pytest.approx(4.0 / 3600.0))
    run.finish()


def test_a_module_power_that_is_not_what_was_kept_is_found(tmp_path, ten_days, small_site, monkeypatch) -> None:
    true_step, calls = module_sharer.step, []

    def altered(state, event):
        state, effects = true_step(state, event)
        calls.append(effects)
        if len(calls) == 7:
            effects[0].counts[1, 3] += 1
        return state, effects

    run = run_of(tmp_path, ten_days, small_site)
    with monkeypatch.context() as patched:
        patched.setattr(module_sharer, "step", altered)
        live(LockstepSites(run), 20)
    run.finish()
    assert replay(run.folder).differences == 1


def copied(folder, into, keep) -> None:
    """Write a journal again, entry by entry, as `keep` changes it; None leaves one out."""
    reader = SegmentJournalReader(folder / "journal")
    again = SegmentJournal(into, reader.kinds, reader.header)
    for entry in reader:
        kept = keep(entry)
        if isinstance(kept, JournalEvent):
            again.event(kept.time_ns, kept.name, kept.fields)
        elif kept is not None:
            again.append_row(kept.kind, kept.time_ns, tuple(kept.arrays.values()))
    again.close()


def test_a_journal_without_module_powers_proves_nothing_of_them(tmp_path, ten_days, small_site) -> None:
    run = run_of(tmp_path, ten_days, small_site)
    live(LockstepSites(run), 5)
    run.hear([joint(run, string_id_of(1, 2))])
    run.finish()
    copied(run.folder, tmp_path / "a", lambda entry: None if getattr(entry, "kind", "") == "modules" else entry)
    found = replay(tmp_path / "a")
    assert found.findings == (
        "no power of a module was there to be compared: nothing is proven of how they were shared",
    )
    copied(run.folder, tmp_path / "b", lambda entry: None if getattr(entry, "kind", "") == "setpoint" else entry)
    with pytest.raises(DataError, match="no setpoint came before it"):
        replay(tmp_path / "b")

    def foreign(entry):
        if isinstance(entry, JournalEvent) and entry.name == "modules.set":
            terms = json.loads(entry.fields["terms"]) | {"weight": [[1.0]]}
            return JournalEvent(time_ns=entry.time_ns, name=entry.name, fields={"terms": json.dumps(terms)})
        return entry

    copied(run.folder, tmp_path / "c", foreign)
    with pytest.raises(DataError, match=r"weight has the shape \(1, 1\), not \(2, 4\)"):
        replay(tmp_path / "c")


def test_cells_that_cannot_be_shared_evenly_are_refused_before_anything_is_kept(tmp_path, ten_days, small_site) -> None:
    with pytest.raises(UsageError, match=r"20 cells .* over 3 modules; choose one of 1, 2, 4, 5, 10"):
        run_of(tmp_path, ten_days, small_site, n_modules=3)
    with pytest.raises(UsageError, match="modules = 0 must lie between 1 and 1000"):
        run_of(tmp_path, ten_days, small_site, n_modules=0)
    assert not list(tmp_path.iterdir())


def test_each_module_is_watched_as_a_string(tmp_path, ten_days, small_site) -> None:
    run = run_of(tmp_path, ten_days, small_site, has_journal=False)
    sites = LockstepSites(run)
    live(sites, 61)
    assert [each.string_id for each in sites.diagnosis._scans] == string_ids_of(2, 4)
    assert sites.diagnosis._millivolts.shape == (8, 1440, 5)
    run.finish()


def test_the_sharer_begins_even_within_the_window_of_the_site(make_settings) -> None:
    from dataclasses import replace

    state = sharer_of(replace(make_settings(soc_min=0.1), n_modules=5))
    assert np.ptp(state.terms.weight) == 0.0
    assert (state.terms.soc_min == 0.1).all()
    assert state.sharings[0].table[0].tolist() == [2.0] * 5
    assert state.capacity_kwh[0].tolist() == pytest.approx([4.1] * 5)
