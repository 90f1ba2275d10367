"""Faults in the living system: each ends in its documented safe state, is told and kept, and moves no other site.

Three small sites in lock step. Site 0 answers frequency, all follow the market; a fault is planted in one of them, and
the same world without it is the measure for the others. A journal of each is decided again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest

from battuta.adapters.devices.simulated.in_process import SimulatedSites
from battuta.adapters.journal.reader import SegmentJournalReader
from battuta.app.living import LivingSystem
from battuta.app.living_journal import LivingJournal, LivingSettings
from battuta.app.replay import replay
from battuta.domain.command import Mandate, Owner, Reason, Reservation
from battuta.domain.image import Signal, Source
from battuta.ports.journal import JournalEvent
from battuta.site.limits import SafeState, SiteLimits

SEED = 11
START_NS = 1_767_225_600 * 10**9
FAULT_S, END_S, TOTAL_S = 40, 130, 180
MARKET_KW = np.array([5.0, 6.0, -4.0])
SAFE = SafeState(
    meter_power_kw=2.0, battery_power_kw=-1.0, converter_power_kw=0.5, clock_power_kw=1.5, ramp_duration_s=10.0
)


def settings_of(seed: int) -> LivingSettings:
    site = SiteLimits(power_kw=10.0, apparent_power_kva=11.0, energy_kwh=20.5, mode_ramp_kw_per_s=1.0, safe_state=SAFE)
    return LivingSettings(
        seed=seed,
        start_ns=START_NS,
        ticks_per_s=20,
        ticks_per_block=20,
        sites=(site,) * 3,
        mandates=(Mandate(charge_kw_max=10.0, discharge_kw_max=10.0),) * 3,
        products=("ce_fcr", "", ""),
        products_on="2026-01-01",
    )


@dataclass
class Life:
    """What is kept of a run: setpoints, bases and reasons of each second."""

    sites: SimulatedSites
    system: LivingSystem
    offset_ns: int = 0
    counts: list = field(default_factory=list)
    base_kw: list = field(default_factory=list)
    reason: list = field(default_factory=list)
    guard_reason: list = field(default_factory=list)

    def second(self) -> None:
        steady_ns = self.sites.time_ns
        now_ns = steady_ns + self.offset_ns
        if len(self.counts) % 20 == 0:
            self.system.wish(now_ns, Owner.MARKET, now_ns + 25 * 10**9, MARKET_KW)
        values, measured_ns = self.sites.read()
        moment = self.system.look(values, measured_ns + self.offset_ns, now_ns, steady_ns)
        written = self.system.answer(self.sites.frequency_hz(), now_ns, steady_ns)
        self.sites.advance(written.block.power_kw, written.reactive_kvar, written.stopped)
        self.counts.append(written.block.counts)
        self.base_kw.append(moment.dispatch.base_kw)
        self.reason.append(moment.dispatch.reason)
        self.guard_reason.append(written.block.reason)

    def setpoint_kw(self, site: int) -> np.ndarray:
        return np.array(self.counts)[:, site] * 0.01


def live(folder=None, plant: Callable[[Life], None] | None = None, mend: Callable[[Life], None] | None = None) -> Life:
    settings = settings_of(SEED)
    journal = LivingJournal(folder, settings)
    life = Life(SimulatedSites(SEED, 3, START_NS, n_cells=20, power_kw=10.0), LivingSystem(settings, journal))
    award = Reservation(
        site=0,
        product="ce_fcr",
        up_kw=2.0,
        down_kw=2.0,
        energy_up_kwh=0.5,
        energy_down_kwh=0.5,
        start_ns=START_NS - 10**15,
        end_ns=START_NS + 10**15,
    )
    life.system.award(START_NS, (award,))
    for second in range(TOTAL_S):
        if second == FAULT_S and plant is not None:
            plant(life)
        if second == END_S and mend is not None:
            mend(life)
        life.second()
    journal.close()
    return life


@pytest.fixture(scope="module")
def well() -> Life:
    return live()


def expect_others_unmoved(life: Life, well: Life, site: int) -> None:
    for other in {0, 1, 2} - {site}:
        assert life.setpoint_kw(other).tobytes() == well.setpoint_kw(other).tobytes(), f"seed {SEED}: site {other}"
    ours, theirs = life.sites.plants.truth(), well.sites.plants.truth()
    others = sorted({0, 1, 2} - {site})
    np.testing.assert_array_equal(ours[:, others], theirs[:, others], err_msg=f"seed {SEED}")


def expect_true_journal(folder) -> None:
    result = replay(folder)
    assert (result.differences, result.first_difference_ns) == (0, -1), f"seed {SEED}"
    assert (result.seconds_replayed, result.setpoints) == (TOTAL_S, TOTAL_S * 3 * 20)
    assert result.findings == ()


def kept_reasons(folder, kind: str, site: int) -> list[Reason]:
    return [Reason(int(each)) for each in SegmentJournalReader(folder).stack(kind).arrays["reason"][:, site]]


def kept_alarms(folder) -> list[tuple[int, str]]:
    entries = [each for each in SegmentJournalReader(folder) if isinstance(each, JournalEvent)]
    return [(int(each.fields["site"]), str(each.fields["cause"])) for each in entries if each.name == "alarm.raised"]


def test_without_a_fault_the_market_is_followed_and_the_journal_is_true(well, tmp_path) -> None:
    life = live(tmp_path)
    assert life.setpoint_kw(0).tobytes() == well.setpoint_kw(0).tobytes(), f"seed {SEED}"
    np.testing.assert_allclose(life.base_kw[FAULT_S], MARKET_KW)
    assert life.system.alarms == []
    response_kw = life.setpoint_kw(0)[FAULT_S:] - MARKET_KW[0]
    assert 0.0 < np.abs(response_kw).max() <= 2.0 + 0.011
    assert np.all(life.setpoint_kw(1)[FAULT_S:] == 6.0)
    expect_true_journal(tmp_path)


def silence(source: Source, site: int, is_silent: bool) -> Callable[[Life], None]:
    def plant(life: Life) -> None:
        life.sites.instruments.silent[source, site] = is_silent

    return plant


def no_number(signal: Signal, site: int, is_missing: bool) -> Callable[[Life], None]:
    def plant(life: Life) -> None:
        life.sites.instruments.says_nan[signal, site] = is_missing

    return plant


@pytest.mark.parametrize("site", [0, 1])
@pytest.mark.parametrize(
    ("fault", "what", "safe_kw", "delay_s"),
    [
        (silence, Source.METER, SAFE.meter_power_kw, 5),
        (silence, Source.BATTERY, SAFE.battery_power_kw, 5),
        (silence, Source.CONVERTER, SAFE.converter_power_kw, 5),
        (no_number, Signal.METER_POWER_KW, SAFE.meter_power_kw, -1),
        (no_number, Signal.SOC, SAFE.battery_power_kw, -1),
        (no_number, Signal.CONVERTER_POWER_KW, SAFE.converter_power_kw, -1),
    ],
)
def test_a_lost_instrument_ends_in_the_safe_state_of_its_kind(
    well, tmp_path, site, fault, what, safe_kw, delay_s
) -> None:
    life = live(tmp_path, fault(what, site, True), fault(what, site, False))
    base_kw = np.array(life.base_kw)[:, site]
    is_told = np.array([Reason.STALE_TELEMETRY in Reason(int(each[site])) for each in life.reason])
    first = FAULT_S + delay_s + (0 if delay_s > 0 else 1)
    assert np.flatnonzero(is_told).tolist() == list(range(first, END_S)), f"seed {SEED}"
    assert np.all(base_kw[first + 12 : END_S] == safe_kw), f"seed {SEED}"
    ramp_kw = (10.0 + max(abs(each) for each in SAFE.powers_kw)) / SAFE.ramp_duration_s
    assert np.abs(np.diff(base_kw[FAULT_S:END_S])).max() <= ramp_kw + 1e-9
    assert np.all(life.setpoint_kw(site)[first + 12 : END_S] == safe_kw)
    assert base_kw[-1] == pytest.approx(MARKET_KW[site])
    assert kept_reasons(tmp_path, "dispatch", site) == [Reason(int(each[site])) for each in life.reason]
    told = [((time_ns - START_NS) // 10**9, alarm.site, alarm.cause) for time_ns, alarm in life.system.alarms]
    assert told == [(first, site, "STALE_TELEMETRY"), (END_S, site, "TELEMETRY_BACK")], f"seed {SEED}"
    assert kept_alarms(tmp_path) == [(site, "STALE_TELEMETRY"), (site, "TELEMETRY_BACK")]
    expect_others_unmoved(life, well, site)
    expect_true_journal(tmp_path)


@pytest.mark.parametrize("what", [Source.CHILLER, Source.PANEL])
def test_an_instrument_that_no_decision_needs_moves_nothing(well, what) -> None:
    life = live(None, silence(what, 0, True), silence(what, 0, False))
    assert np.array(life.counts).tobytes() == np.array(well.counts).tobytes()


def frozen(site: int, is_frozen: bool) -> Callable[[Life], None]:
    def plant(life: Life) -> None:
        life.sites.instruments.frozen_frequency[site] = is_frozen

    return plant


@pytest.mark.parametrize(
    "fault", [frozen(0, True), no_number(Signal.FREQUENCY_HZ, 0, True)], ids=["frozen", "no number"]
)
def test_a_lost_frequency_ends_without_response_and_keeps_the_base(well, tmp_path, fault) -> None:
    def mend(life: Life) -> None:
        frozen(0, False)(life)
        no_number(Signal.FREQUENCY_HZ, 0, False)(life)

    life = live(tmp_path, fault, mend)
    is_told = [Reason.FREQUENCY_LOST in Reason(int(each[0])) for each in life.guard_reason]
    assert all(is_told[FAULT_S + 4 : END_S]), f"seed {SEED}"
    assert not any(is_told[:FAULT_S])
    assert not any(is_told[END_S + 1 :])
    assert np.all(life.setpoint_kw(0)[FAULT_S + 20 : END_S] == MARKET_KW[0]), f"seed {SEED}"
    assert np.any(life.setpoint_kw(0)[END_S + 1 :] != MARKET_KW[0])
    assert kept_reasons(tmp_path, "setpoint", 0) == [Reason(int(each[0])) for each in life.guard_reason]
    expect_others_unmoved(life, well, 0)
    expect_true_journal(tmp_path)


@pytest.mark.parametrize("step_s", [0.7, -0.7, 3600.0, -3600.0])
def test_a_clock_step_voids_what_was_asked_and_owners_bring_it_back(tmp_path, step_s) -> None:
    def plant(life: Life) -> None:
        life.offset_ns += round(step_s * 1e9)

    life = live(tmp_path, plant)
    base_kw = np.array(life.base_kw)
    is_told = [[Reason.CLOCK_STEP in Reason(int(each)) for each in now] for now in life.reason]
    assert np.array(is_told).all(axis=1).nonzero()[0].tolist() == list(range(FAULT_S, FAULT_S + 30)), f"seed {SEED}"
    assert np.all(base_kw[FAULT_S + 15 : FAULT_S + 30] == SAFE.clock_power_kw), f"seed {SEED}"
    np.testing.assert_allclose(base_kw[FAULT_S + 50], MARKET_KW)
    assert [alarm.cause for _, alarm in life.system.alarms] == [f"CLOCK_STEP {step_s:+.3f} s"]
    assert kept_alarms(tmp_path) == [(-1, f"CLOCK_STEP {step_s:+.3f} s")]
    expect_true_journal(tmp_path)


@pytest.mark.parametrize(("name", "cause"), [("gas", "GAS"), ("smoke", "SMOKE")])
def test_gas_and_smoke_stop_their_site_within_the_second_for_good(well, tmp_path, name, cause) -> None:
    def plant(life: Life) -> None:
        getattr(life.sites.plants, name)[1] = 1.0

    def mend(life: Life) -> None:
        getattr(life.sites.plants, name)[1] = 0.0

    life = live(tmp_path, plant, mend)
    assert np.all(life.setpoint_kw(1)[:FAULT_S][12:] == 6.0)
    assert not life.setpoint_kw(1)[FAULT_S:].any(), f"seed {SEED}"
    assert all(Reason.FAST_LANE in Reason(int(each[1])) for each in life.guard_reason[FAULT_S:])
    assert life.sites.plants.opened.tolist() == [False, True, False]
    assert [(alarm.site, alarm.cause, alarm.calls_out) for _, alarm in life.system.alarms] == [(1, cause, True)]
    assert kept_alarms(tmp_path) == [(1, cause)]
    expect_others_unmoved(life, well, 1)
    expect_true_journal(tmp_path)
