"""The conductor: one decision an image, alarms, awards in time, and a clock that is not trusted after a step."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.command import Mandate, Owner, Proposal, Reason, Reservation
from battuta.domain.health import Derating
from battuta.domain.image import N_SIGNALS, N_SOURCES, Signal, SiteImage
from battuta.services.conductor import (
    CLOCK_HOLD_S,
    Alarm,
    ChillersAsked,
    ConductorState,
    DeratingsSet,
    Dispatched,
    ImageFrozen,
    ProposalsPosted,
    ReservationsAwarded,
    ShavingPlanned,
    SiteReset,
    WishesPosted,
    step,
)
from battuta.site.limits import SafeState, SiteLimits, limit_table

START_NS = 1_800_000_000 * 10**9
LATER_NS = START_NS + 10**15


class Conducted:
    """A conductor of two sites and its clocks."""

    def __init__(self, **site) -> None:
        usual = {"power_kw": 100.0, "apparent_power_kva": 110.0, "energy_kwh": 200.0}
        mandate = Mandate(charge_kw_max=100.0, discharge_kw_max=100.0)
        self.state = ConductorState.at_rest(limit_table([SiteLimits(**(usual | site))] * 2, [mandate] * 2, START_NS))
        self.now_ns, self.steady_ns = START_NS, 10**9

    def tell(self, event) -> None:
        self.state, effects = step(self.state, event)
        assert effects == ()

    def wish(self, kw: float, owner: Owner = Owner.MARKET, expires_ns: int = LATER_NS) -> None:
        self.tell(WishesPosted(owner=owner, expires_ns=expires_ns, preferred_kw=np.full(2, kw)))

    def look(self, *, elapsed_s: float = 1.0, clock_step_s: float = 0.0, **said) -> tuple[Dispatched, list[Alarm]]:
        self.steady_ns += round(elapsed_s * 1e9)
        self.now_ns += round((elapsed_s + clock_step_s) * 1e9)
        values = np.zeros((N_SIGNALS, 2))
        values[Signal.SOC], values[Signal.CELL_VOLTAGE_V_MIN], values[Signal.CELL_TEMPERATURE_C_MAX] = 0.5, 3.3, 25.0
        values[[Signal.CHARGE_POWER_KW_MAX, Signal.DISCHARGE_POWER_KW_MAX]] = 100.0
        values[Signal.CELL_TEMPERATURE_C_MIN] = 25.0
        for name, value in said.items():
            values[Signal[name.upper()], 0] = value
        image = SiteImage(time_ns=self.now_ns, values=values, age_s=np.zeros((N_SOURCES, 2)))
        self.state, (dispatched, *alarms) = step(self.state, ImageFrozen(image=image, steady_ns=self.steady_ns))
        assert isinstance(dispatched, Dispatched)
        return dispatched, alarms

    def base_kw(self, **options) -> list[float]:
        return self.look(**options)[0].dispatch.base_kw.tolist()


def test_without_wishes_sites_rest_and_nobody_is_told() -> None:
    dispatched, alarms = Conducted().look()
    assert dispatched.dispatch.base_kw.tolist() == [0.0, 0.0]
    assert dispatched.dispatch.time_ns == START_NS + 10**9
    assert dispatched.stopped.tolist() == [False, False]
    assert alarms == []


def test_wishes_and_proposals_are_followed_until_they_expire() -> None:
    conducted = Conducted()
    conducted.wish(20.0, expires_ns=START_NS + 3 * 10**9)
    proposal = Proposal(site=1, owner=Owner.PEAK_SHAVING, low_kw=30.0, expires_ns=LATER_NS)
    conducted.tell(ProposalsPosted(proposals=(proposal,)))
    assert conducted.base_kw() == [20.0, 30.0]
    assert conducted.base_kw() == [20.0, 30.0]
    assert conducted.base_kw() == [0.0, 30.0]


def test_an_award_counts_from_its_start_to_its_end() -> None:
    conducted = Conducted()
    award = Reservation(
        site=0,
        product="x",
        up_kw=30.0,
        down_kw=10.0,
        energy_up_kwh=0.0,
        energy_down_kwh=0.0,
        start_ns=START_NS + 2 * 10**9,
        end_ns=START_NS + 4 * 10**9,
    )
    conducted.wish(100.0)
    conducted.tell(ReservationsAwarded(reservations=(award,)))
    assert [conducted.base_kw()[0] for _ in range(4)] == [100.0, 70.0, 70.0, 100.0]
    conducted.tell(ReservationsAwarded(reservations=()))
    assert conducted.base_kw() == [100.0, 100.0]


def test_a_list_of_awards_takes_the_place_of_the_one_before() -> None:
    conducted = Conducted()
    award = Reservation(
        site=1,
        product="x",
        up_kw=30.0,
        down_kw=0.0,
        energy_up_kwh=0.0,
        energy_down_kwh=0.0,
        start_ns=0,
        end_ns=LATER_NS,
    )
    conducted.wish(100.0)
    conducted.tell(ReservationsAwarded(reservations=(award,)))
    assert conducted.base_kw() == [100.0, 70.0]
    conducted.tell(ReservationsAwarded(reservations=()))
    assert conducted.base_kw() == [100.0, 100.0]


def test_gas_stops_its_site_calls_out_once_and_lets_it_run_after_a_reset() -> None:
    conducted = Conducted()
    dispatched, alarms = conducted.look(gas=1.0)
    assert dispatched.stopped.tolist() == [True, False]
    assert alarms == [Alarm(site=0, cause="GAS", calls_out=True)]
    dispatched, alarms = conducted.look()
    assert (dispatched.stopped.tolist(), alarms) == ([True, False], [])
    conducted.tell(SiteReset(site=0))
    assert conducted.look()[0].stopped.tolist() == [False, False]


def test_a_decision_that_was_handed_out_does_not_change_any_more() -> None:
    conducted = Conducted()
    conducted.wish(20.0)
    first, _ = conducted.look()
    conducted.wish(-50.0)
    conducted.look(smoke=1.0)
    assert first.dispatch.base_kw.tolist() == [20.0, 20.0]
    assert first.stopped.tolist() == [False, False]


@pytest.mark.parametrize("clock_step_s", [0.6, -0.6, 3600.0, -3600.0])
def test_a_clock_step_voids_what_was_asked_for_half_a_minute(clock_step_s) -> None:
    conducted = Conducted(safe_state=SafeState(clock_power_kw=5.0, ramp_duration_s=1.0))
    conducted.wish(50.0)
    conducted.look()
    dispatched, alarms = conducted.look(clock_step_s=clock_step_s)
    assert alarms == [Alarm(site=-1, cause=f"CLOCK_STEP {clock_step_s:+.3f} s", calls_out=False)]
    assert dispatched.dispatch.base_kw.tolist() == [5.0, 5.0]
    assert [Reason(int(each)) for each in dispatched.dispatch.reason] == [Reason.CLOCK_STEP] * 2
    conducted.wish(50.0)
    for _ in range(int(CLOCK_HOLD_S) - 1):
        dispatched, alarms = conducted.look()
        assert (dispatched.dispatch.base_kw.tolist(), alarms) == ([5.0, 5.0], [])
    assert conducted.base_kw() == [50.0, 50.0]


def test_what_was_asked_before_a_clock_step_never_counts_again() -> None:
    conducted = Conducted()
    conducted.wish(50.0)
    conducted.look()
    conducted.look(clock_step_s=1.0)
    for _ in range(40):
        dispatched, _ = conducted.look()
    assert dispatched.dispatch.base_kw.tolist() == [0.0, 0.0]
    assert [Owner(int(each)) for each in dispatched.dispatch.owner] == [Owner.REST] * 2
    conducted.wish(50.0)
    assert conducted.base_kw() == [50.0, 50.0]


@pytest.mark.parametrize("clock_step_s", [0.4, -0.4, 0.5])
def test_a_clock_that_is_set_a_little_is_trusted(clock_step_s) -> None:
    conducted = Conducted()
    conducted.wish(50.0)
    conducted.look()
    dispatched, alarms = conducted.look(clock_step_s=clock_step_s)
    assert (dispatched.dispatch.base_kw.tolist(), alarms) == ([50.0, 50.0], [])


def test_a_lost_instrument_names_its_own_safe_state_while_the_clock_is_lost_too() -> None:
    conducted = Conducted(safe_state=SafeState(clock_power_kw=5.0, battery_power_kw=-7.0, ramp_duration_s=1.0))
    conducted.look()
    dispatched, _ = conducted.look(clock_step_s=9.0, soc=np.nan)
    assert dispatched.dispatch.base_kw.tolist() == [-7.0, 5.0]
    reasons = [Reason(int(each)) for each in dispatched.dispatch.reason]
    assert reasons == [Reason.STALE_TELEMETRY, Reason.CLOCK_STEP]


def test_a_site_that_loses_an_instrument_is_told_once_and_once_when_it_is_back() -> None:
    conducted = Conducted()
    told = [[(each.site, each.cause) for each in conducted.look(soc=soc)[1]] for soc in (0.5, np.nan, np.nan, 0.5, 0.5)]
    assert told == [[], [(0, "STALE_TELEMETRY")], [], [(0, "TELEMETRY_BACK")], []]


def test_a_pause_is_one_step_of_the_ramps_and_no_clock_step() -> None:
    conducted = Conducted(mode_ramp_kw_per_s=2.0)
    conducted.look()
    conducted.wish(50.0)
    dispatched, alarms = conducted.look(elapsed_s=3600.0)
    assert (dispatched.dispatch.base_kw.tolist(), alarms) == ([10.0, 10.0], [])


def test_an_award_is_looked_up_again_after_a_clock_step_back() -> None:
    conducted = Conducted()
    award = Reservation(
        site=0,
        product="x",
        up_kw=30.0,
        down_kw=0.0,
        energy_up_kwh=0.0,
        energy_down_kwh=0.0,
        start_ns=0,
        end_ns=START_NS + 5 * 10**9,
    )
    conducted.tell(ReservationsAwarded(reservations=(award,)))
    for _ in range(8):
        conducted.look()
    conducted.look(clock_step_s=-3600.0)
    for _ in range(40):
        conducted.look()
    conducted.wish(100.0)
    assert conducted.base_kw() == [70.0, 100.0]


def test_a_mandate_that_runs_out_in_a_run_is_told_and_allows_no_power() -> None:
    conducted = Conducted()
    site = SiteLimits(power_kw=100.0, apparent_power_kva=110.0, energy_kwh=200.0)
    ends = Mandate(charge_kw_max=100.0, discharge_kw_max=100.0, not_after_ns=START_NS + 3 * 10**9)
    lasts = Mandate(charge_kw_max=100.0, discharge_kw_max=100.0)
    conducted.state = ConductorState.at_rest(limit_table([site] * 2, [ends, lasts], START_NS))
    conducted.wish(20.0)
    assert conducted.look()[1] == []
    assert conducted.base_kw() == [20.0, 20.0]
    dispatched, alarms = conducted.look()
    assert dispatched.dispatch.base_kw.tolist() == [0.0, 20.0]
    assert Reason.MANDATE in Reason(int(dispatched.dispatch.reason[0]))
    assert alarms == [Alarm(site=0, cause="MANDATE_EXPIRED", calls_out=False)]
    assert conducted.look()[1] == []


def test_a_fire_panel_that_falls_silent_is_told_once_and_when_it_is_back() -> None:
    conducted = Conducted()
    assert conducted.look(gas=np.nan)[1] == [Alarm(site=0, cause="PANEL_SILENT", calls_out=False)]
    assert conducted.look(smoke=np.nan)[1] == []
    dispatched, alarms = conducted.look()
    assert alarms == [Alarm(site=0, cause="PANEL_BACK", calls_out=False)]
    assert not dispatched.stopped.any()


def test_a_coolant_temperature_asked_stays_asked() -> None:
    conducted = Conducted()
    assert np.isnan(conducted.look()[0].dispatch.chiller_setpoint_c).all()
    conducted.tell(ChillersAsked(setpoint_c=np.array([17.0, np.nan])))
    for _ in range(3):
        asked_c = conducted.look()[0].dispatch.chiller_setpoint_c
        assert asked_c[0] == 17.0
        assert np.isnan(asked_c[1])


def test_a_plan_of_peak_shaving_narrows_what_the_market_wants() -> None:
    conducted = Conducted()
    conducted.wish(-50.0)
    conducted.look()
    zero = np.zeros(2)
    conducted.tell(
        ShavingPlanned(
            start_ns=START_NS,
            end_ns=START_NS + 900 * 10**9,
            limit_kw=np.array([60.0, np.inf]),
            floor_soc_start=zero,
            floor_soc_end=zero,
            peak_kw=zero,
        )
    )
    dispatched, _ = conducted.look(load_kw=40.0, meter_power_kw=-90.0)
    assert dispatched.dispatch.base_kw[0] > -25.0
    assert dispatched.dispatch.base_kw[1] == -50.0
    assert Reason.PEAK_SHAVING in Reason(int(dispatched.dispatch.reason[0]))


def test_missing_reserved_energy_comes_back_whatever_the_market_wants() -> None:
    conducted = Conducted()
    conducted.wish(0.0)
    award = Reservation(
        site=0, product="x", up_kw=20.0, down_kw=20.0, energy_up_kwh=120.0, energy_down_kwh=0.0, recovery_kw=5.0,
        start_ns=0, end_ns=LATER_NS,
    )  # fmt: skip
    conducted.tell(ReservationsAwarded(reservations=(award,)))
    dispatched, _ = conducted.look()
    assert dispatched.dispatch.base_kw.tolist() == [-5.0, 0.0]
    assert Reason.RECOVERY in Reason(int(dispatched.dispatch.reason[0]))
    assert conducted.base_kw(soc=0.8) == [0.0, 0.0]


def shaving_plan(limit_kw: float, floor: float) -> ShavingPlanned:
    one = np.ones(2)
    return ShavingPlanned(
        start_ns=START_NS, end_ns=START_NS + 900 * 10**9, limit_kw=limit_kw * one, floor_soc_start=floor * one,
        floor_soc_end=floor * one, peak_kw=0.0 * one,
    )  # fmt: skip


def test_nobody_charges_blindly_a_battery_whose_state_is_not_known() -> None:
    conducted = Conducted(safe_state=SafeState(ramp_duration_s=10.0))
    conducted.tell(shaving_plan(80.0, floor=0.9))
    assert conducted.base_kw()[0] == pytest.approx(-80.0, abs=0.1), "the floor asks for charge up to the limit"
    powers_kw = [conducted.base_kw(soc=np.nan)[0] for _ in range(12)]
    assert powers_kw[-1] == 0.0
    assert np.all(np.diff(powers_kw) >= 0.0)


def test_a_silent_meter_leads_to_its_safe_power_whoever_wants_else() -> None:
    conducted = Conducted(safe_state=SafeState(meter_power_kw=25.0, ramp_duration_s=1.0))
    conducted.tell(shaving_plan(80.0, floor=0.9))
    conducted.look()
    assert [conducted.base_kw(meter_power_kw=np.nan)[0] for _ in range(3)][-1] == 25.0


def test_a_clock_that_steps_does_not_lift_what_the_battery_says() -> None:
    conducted = Conducted()
    conducted.wish(100.0)
    conducted.look()
    assert conducted.base_kw(clock_step_s=5.0, discharge_power_kw_max=0.0)[0] == 0.0
    assert conducted.base_kw(discharge_power_kw_max=0.0)[0] == 0.0


def test_an_order_of_the_system_operator_outlives_a_step_of_the_clock() -> None:
    conducted = Conducted()
    conducted.wish(100.0)
    order = Proposal(site=0, owner=Owner.SYSTEM_OPERATOR, low_kw=0.0, high_kw=0.0, expires_ns=START_NS + 60 * 10**9)
    conducted.tell(ProposalsPosted(proposals=(order,)))
    assert conducted.base_kw() == [0.0, 100.0]
    conducted.look(clock_step_s=40 * 86_400.0)
    for _ in range(31):
        conducted.look()
    conducted.wish(100.0, expires_ns=LATER_NS + 10**18)
    assert conducted.base_kw()[0] == 0.0
    for _ in range(27):
        conducted.look()
    assert conducted.base_kw()[0] == 100.0, "its minute is over, by the clock that nobody sets"


def test_a_site_that_was_stopped_comes_back_from_nothing_and_by_the_ramp_of_its_mode() -> None:
    conducted = Conducted(mode_ramp_kw_per_s=10.0)
    conducted.wish(100.0)
    for _ in range(12):
        conducted.look()
    dispatched, _ = conducted.look(gas=1.0)
    assert dispatched.dispatch.base_kw.tolist() == [0.0, 100.0]
    assert Reason.FAST_LANE in Reason(int(dispatched.dispatch.reason[0]))
    conducted.tell(SiteReset(site=0))
    assert [conducted.base_kw()[0] for _ in range(3)] == [10.0, 20.0, 30.0]


def test_cells_that_nobody_sees_are_told_and_not_charged() -> None:
    conducted = Conducted()
    conducted.wish(-50.0)
    unseen = dict.fromkeys(("cell_temperature_c_min", "cell_temperature_c_max", "cell_voltage_v_min"), np.nan)
    dispatched, alarms = conducted.look(**unseen)
    assert dispatched.dispatch.base_kw.tolist() == [0.0, -50.0]
    assert alarms == [Alarm(site=0, cause="CELLS_UNSEEN", calls_out=False)]
    assert conducted.look()[1] == [Alarm(site=0, cause="CELLS_SEEN", calls_out=False)]


def test_power_reserved_below_never_forces_a_cold_battery_to_discharge() -> None:
    conducted = Conducted()
    award = Reservation(
        site=0, product="x", up_kw=20.0, down_kw=20.0, energy_up_kwh=0.0, energy_down_kwh=0.0, start_ns=0,
        end_ns=LATER_NS,
    )  # fmt: skip
    conducted.tell(ReservationsAwarded(reservations=(award,)))
    dispatched, _ = conducted.look(cell_temperature_c_min=-1.0)
    assert dispatched.dispatch.base_kw[0] == 0.0
    assert dispatched.dispatch.bounds_kw[2:, 0].tolist() == [20.0, 0.0]
    assert Reason.CONFLICT in Reason(int(dispatched.dispatch.reason[0]))


LEFT = Derating(
    string_id="site-0", power_share_max=0.4, soc_min=0.2, soc_max=0.8, temperature_c_max=45.0, reason="a leak"
)


def test_a_derating_holds_from_the_next_image_on_and_goes_only_when_it_is_taken_back() -> None:
    sites = Conducted(soc_min=0.05, soc_max=0.95)
    sites.wish(80.0)
    assert sites.base_kw() == [80.0, 80.0]
    sites.tell(DeratingsSet(deratings=(LEFT, None)))
    dispatched, _ = sites.look()
    assert dispatched.dispatch.base_kw.tolist() == [40.0, 80.0]
    assert Reason.DERATING in Reason(int(dispatched.dispatch.reason[0]))
    assert Reason.DERATING not in Reason(int(dispatched.dispatch.reason[1]))
    assert dispatched.dispatch.bounds_kw[:2, 0].tolist() == [-40.0, 40.0], "the guard may use no more either"
    sites.tell(DeratingsSet(deratings=(None, None)))
    assert sites.base_kw() == [80.0, 80.0]


@pytest.mark.parametrize(
    ("said", "wish_kw", "base_kw"),
    [
        ({"soc": 0.85}, -80.0, 0.0),
        ({"soc": 0.85}, 80.0, 40.0),
        ({"soc": 0.15}, 80.0, 0.0),
        ({"soc": 0.15}, -80.0, -40.0),
        ({"cell_temperature_c_max": 43.0}, 80.0, 40.0),
        ({"cell_temperature_c_max": 44.0}, 80.0, 20.0),
        ({"cell_temperature_c_max": 46.0}, -80.0, 0.0),
        ({"cell_temperature_c_max": np.nan}, 80.0, 0.0),
    ],
)
def test_a_derated_window_and_temperature_are_kept(said, wish_kw, base_kw) -> None:
    sites = Conducted(soc_min=0.05, soc_max=0.95)
    sites.tell(DeratingsSet(deratings=(LEFT, None)))
    sites.wish(wish_kw)
    dispatched, _ = sites.look(**said)
    assert dispatched.dispatch.base_kw[0] == pytest.approx(base_kw)
    assert Reason.DERATING in Reason(int(dispatched.dispatch.reason[0]))


def test_a_mandate_that_runs_out_does_not_lift_a_derating() -> None:
    sites = Conducted()
    sites.tell(DeratingsSet(deratings=(None, LEFT)))
    sites.state = replace(sites.state, mandates_until_ns=sites.now_ns)
    sites.wish(80.0)
    assert sites.base_kw() == [80.0, 40.0]
