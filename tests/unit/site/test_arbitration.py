"""Arbitration: who wins, what is kept free, where a site goes that lost an instrument."""

import numpy as np
import pytest

from battuta.domain.command import Mandate, Owner, Proposal, Reason, Reservation
from battuta.domain.image import N_SIGNALS, N_SOURCES, Signal, SiteImage, Source
from battuta.site.arbitration import arbitrate
from battuta.site.dispatch import ArbitrationState
from battuta.site.limits import Limit, SafeState, SiteLimits, limit_table
from battuta.site.proposals import ProposalBoard
from battuta.site.reservations import reserve_table

LATER = 10**12


def image_of(n_sites: int = 1, **values) -> SiteImage:
    rows = np.zeros((N_SIGNALS, n_sites))
    usual = {"soc": 0.5, "charge_power_kw_max": 100.0, "discharge_power_kw_max": 100.0, "cell_temperature_c_min": 25.0}
    for name, value in {**usual, **values}.items():
        rows[Signal[name.upper()]] = value
    return SiteImage(time_ns=1_000, values=rows, age_s=np.zeros((N_SOURCES, n_sites)))


def limits_of(n_sites: int = 1, **values):
    site = {"power_kw": 100.0, "apparent_power_kva": 110.0, "energy_kwh": 200.0, **values}
    mandate = Mandate(charge_kw_max=100.0, discharge_kw_max=100.0)
    return limit_table([SiteLimits(**site)] * n_sites, [mandate] * n_sites, 0)


def decide(image, limits, proposals=(), reservations=(), state=None, **options):
    board = ProposalBoard.empty(image.n_sites)
    board.post(proposals)
    reserves = reserve_table(reservations, image.n_sites, image.time_ns)
    return arbitrate(image, limits, board, reserves, state or ArbitrationState.at_rest(image.n_sites), **options)


def wish(owner: Owner, kw: float, **more) -> Proposal:
    return Proposal(site=0, owner=owner, preferred_kw=kw, expires_ns=LATER, **more)


def reservation(up_kw: float, down_kw: float, energy_kwh: float = 0.0) -> Reservation:
    return Reservation(
        site=0,
        product="x",
        up_kw=up_kw,
        down_kw=down_kw,
        energy_up_kwh=energy_kwh,
        energy_down_kwh=energy_kwh,
        start_ns=0,
        end_ns=LATER,
    )


def test_nobody_asks_so_the_site_rests() -> None:
    dispatch = decide(image_of(), limits_of())
    assert dispatch.base_kw.tolist() == [0.0]
    assert Owner(dispatch.owner[0]) is Owner.REST


def test_the_market_gets_what_it_asks() -> None:
    dispatch = decide(image_of(), limits_of(), [wish(Owner.MARKET, 60.0)])
    assert dispatch.base_kw[0] == pytest.approx(60.0)
    assert Reason(int(dispatch.reason[0])) == Reason.MARKET


def test_an_expired_proposal_is_no_opinion() -> None:
    old = Proposal(site=0, owner=Owner.MARKET, preferred_kw=60.0, low_kw=50.0, expires_ns=1_000)
    assert decide(image_of(), limits_of(), [old]).base_kw[0] == 0.0


def test_an_interval_of_a_stronger_owner_clamps_the_wish_of_a_weaker() -> None:
    shave = Proposal(site=0, owner=Owner.PEAK_SHAVING, low_kw=20.0, expires_ns=LATER)
    dispatch = decide(image_of(), limits_of(), [wish(Owner.MARKET, -60.0), shave])
    assert dispatch.base_kw[0] == 20.0
    assert Reason.PEAK_SHAVING in Reason(int(dispatch.reason[0]))


def test_a_contradiction_is_won_by_the_stronger_and_named() -> None:
    operator = Proposal(site=0, owner=Owner.SYSTEM_OPERATOR, low_kw=-10.0, high_kw=10.0, expires_ns=LATER)
    shave = Proposal(site=0, owner=Owner.PEAK_SHAVING, low_kw=50.0, expires_ns=LATER)
    dispatch = decide(image_of(), limits_of(), [operator, shave])
    assert dispatch.base_kw[0] == 10.0
    assert Reason.CONFLICT in Reason(int(dispatch.reason[0]))


def test_a_system_operator_is_followed_exactly_and_at_once() -> None:
    state = ArbitrationState.at_rest(1)
    limits = limits_of(mode_ramp_kw_per_s=1.0)
    decide(image_of(), limits, [wish(Owner.MARKET, 60.0)], state=state)
    dispatch = decide(image_of(), limits, [wish(Owner.SYSTEM_OPERATOR, -37.25)], state=state)
    assert dispatch.base_kw[0] == -37.25


def test_a_new_owner_starts_from_where_the_site_is() -> None:
    state = ArbitrationState.at_rest(1)
    limits = limits_of(mode_ramp_kw_per_s=5.0)
    for _ in range(50):
        decide(image_of(), limits, [wish(Owner.MARKET, 60.0)], state=state)
    bases = [decide(image_of(), limits, [wish(Owner.SELF_CONSUMPTION, 0.0)], state=state).base_kw[0] for _ in range(13)]
    assert bases[0] == pytest.approx(55.0)
    assert np.all(np.diff(bases) >= -5.0 - 1e-9)
    assert bases[-1] == pytest.approx(0.0)


def test_reserved_power_stays_free() -> None:
    dispatch = decide(image_of(), limits_of(), [wish(Owner.MARKET, 90.0)], [reservation(30.0, 20.0)])
    assert dispatch.base_kw[0] == pytest.approx(70.0)
    assert Reason.RESERVATION in Reason(int(dispatch.reason[0]))
    assert dispatch.bounds_kw[:, 0].tolist() == [-100.0, 100.0, 30.0, 20.0]


def test_reserved_energy_stays_in_the_battery() -> None:
    # 20 kWh at the connection need 20 / 0.95 kWh of 200: below soc 0.105 nothing may be sold
    image = image_of(soc=0.1)
    dispatch = decide(image, limits_of(), [wish(Owner.MARKET, 50.0)], [reservation(30.0, 30.0, 20.0)])
    assert dispatch.base_kw[0] == 0.0
    assert decide(image, limits_of(), [wish(Owner.MARKET, 50.0)]).base_kw[0] == 50.0


def test_more_reserved_than_there_is_ends_in_the_middle_and_is_named() -> None:
    dispatch = decide(image_of(), limits_of(), [], [reservation(150.0, 90.0)])
    assert Reason.CONFLICT in Reason(int(dispatch.reason[0]))
    assert dispatch.base_kw[0] + dispatch.bounds_kw[2, 0] <= 100.0
    assert dispatch.base_kw[0] - dispatch.bounds_kw[3, 0] >= -100.0


@pytest.mark.parametrize(
    ("values", "site", "expected_kw", "reason"),
    [
        ({"discharge_power_kw_max": 40.0}, {}, 40.0, Reason.BATTERY_LIMIT),
        ({"soc": 0.0001}, {}, 0.0001 * 200.0 * 60.0 * 0.95, Reason.SOC_WINDOW),
        ({}, {"export_power_kw_max": 30.0}, 30.0, Reason.CONNECTION),
        ({"load_kw": 25.0, "auxiliary_power_kw": 5.0}, {"export_power_kw_max": 30.0}, 60.0, Reason.CONNECTION),
        ({"pv_kw": 20.0}, {"export_power_kw_max": 30.0}, 10.0, Reason.CONNECTION),
        ({}, {"power_kw": 80.0, "apparent_power_kva": 80.0}, 80.0, Reason.RATED_POWER),
    ],
)
def test_limits_clamp_and_say_so(values, site, expected_kw, reason) -> None:
    dispatch = decide(image_of(**values), limits_of(**site), [wish(Owner.MARKET, 100.0)])
    assert dispatch.base_kw[0] == pytest.approx(expected_kw)
    assert reason in Reason(int(dispatch.reason[0]))


def test_a_connection_limit_can_force_discharge() -> None:
    dispatch = decide(image_of(load_kw=90.0), limits_of(import_power_kw_max=50.0), [wish(Owner.MARKET, -50.0)])
    assert dispatch.base_kw[0] == pytest.approx(40.0)


def test_a_mandate_that_ran_out_allows_nothing() -> None:
    mandate = Mandate(charge_kw_max=100.0, discharge_kw_max=100.0, not_after_ns=5)
    limits = limit_table([SiteLimits(power_kw=100.0, apparent_power_kva=100.0, energy_kwh=200.0)], [mandate], 6)
    dispatch = decide(image_of(), limits, [wish(Owner.MARKET, 50.0)])
    assert dispatch.base_kw[0] == 0.0
    assert Reason.MANDATE in Reason(int(dispatch.reason[0]))


@pytest.mark.parametrize(
    ("source", "safe", "expected_kw"),
    [
        (Source.METER, SafeState(meter_power_kw=30.0, ramp_duration_s=10.0), 30.0),
        (Source.BATTERY, SafeState(battery_power_kw=-5.0, ramp_duration_s=10.0), -5.0),
        (Source.CONVERTER, SafeState(ramp_duration_s=10.0), 0.0),
    ],
)
def test_a_silent_instrument_ends_in_the_safe_state_of_its_cause_by_a_ramp(source, safe, expected_kw) -> None:
    state = ArbitrationState.at_rest(1)
    limits = limits_of(safe_state=safe)
    decide(image_of(), limits, [wish(Owner.MARKET, 80.0)], state=state)
    image = image_of()
    image.age_s[source] = 5.1
    bases, armed_kw = [], []
    for _ in range(12):
        dispatch = decide(image, limits, [wish(Owner.MARKET, 80.0)], [reservation(10.0, 10.0)], state=state)
        bases.append(dispatch.base_kw[0])
        armed_kw.append(dispatch.bounds_kw[2, 0])
    assert np.all(np.abs(np.diff([80.0, *bases])) <= limits.rows[Limit.SAFE_RAMP_KW_PER_S, 0] + 1e-9)
    assert bases[-1] == pytest.approx(expected_kw)
    assert Reason(int(dispatch.reason[0])) == Reason.STALE_TELEMETRY
    assert dispatch.bounds_kw[2:, 0].tolist() == [0.0, 0.0]
    assert armed_kw[0] == pytest.approx(9.0, abs=0.31)
    assert np.all(np.diff([10.0, *armed_kw]) >= -1.31), "the response goes by a ramp, too"
    back = decide(image_of(), limits, [wish(Owner.MARKET, 80.0)], [reservation(10.0, 10.0)], state=state)
    assert 0.0 < back.bounds_kw[2, 0] <= 1.3 + 1e-9


@pytest.mark.parametrize(("coldest_c", "charge_kw"), [(25.0, 80.0), (10.0, 80.0), (5.0, 50.0), (0.0, 0.0), (-9.0, 0.0)])
def test_cold_cells_are_charged_less_and_frozen_ones_not_at_all(coldest_c, charge_kw) -> None:
    dispatch = decide(image_of(cell_temperature_c_min=coldest_c), limits_of(), [wish(Owner.MARKET, -80.0)])
    assert dispatch.base_kw[0] == pytest.approx(-charge_kw)
    assert (Reason.COLD_CHARGE in Reason(int(dispatch.reason[0]))) == (charge_kw < 80.0)
    discharge = decide(image_of(cell_temperature_c_min=coldest_c), limits_of(), [wish(Owner.MARKET, 80.0)])
    assert discharge.base_kw[0] == 80.0


def test_a_battery_that_refuses_charge_because_it_is_cold_is_said_to_be_cold() -> None:
    image = image_of(cell_temperature_c_min=2.0, charge_power_kw_max=5.0)
    reason = Reason(int(decide(image, limits_of(), [wish(Owner.MARKET, -80.0)]).reason[0]))
    assert Reason.COLD_CHARGE in reason
    assert Reason.BATTERY_LIMIT not in reason


def test_the_transformer_is_paid_for_at_the_connection() -> None:
    site = {"transformer_kva": 100.0, "transformer_no_load_loss_pu": 0.01, "transformer_load_loss_pu": 0.02}
    limits = limits_of(export_power_kw_max=50.0, import_power_kw_max=50.0, **site)
    up, down = (decide(image_of(), limits, [wish(Owner.MARKET, kw)]).base_kw[0] for kw in (100.0, -100.0))
    for kw, at_point_kw in ((up, 50.0), (down, -50.0)):
        assert kw - 1.0 - 0.02 * kw**2 / 100.0 == pytest.approx(at_point_kw)


def test_reactive_power_comes_before_active_power() -> None:
    limits = limits_of(apparent_power_kva=100.0)
    dispatch = decide(image_of(), limits, [wish(Owner.MARKET, 100.0)], reactive_kvar=np.array([-60.0]))
    assert dispatch.reactive_kvar.tolist() == [-60.0]
    assert dispatch.base_kw[0] == pytest.approx(80.0)
    assert Reason.APPARENT_POWER in Reason(int(dispatch.reason[0]))
    assert decide(image_of(), limits, reactive_kvar=np.array([170.0])).reactive_kvar.tolist() == [100.0]


def test_a_missing_value_is_as_bad_as_an_old_one() -> None:
    image = image_of(soc=np.nan)
    assert Reason(int(decide(image, limits_of(), [wish(Owner.MARKET, 80.0)]).reason[0])) == Reason.STALE_TELEMETRY


def test_a_lost_clock_voids_timed_commands() -> None:
    limits = limits_of(safe_state=SafeState(clock_power_kw=7.0, ramp_duration_s=1.0))
    dispatch = decide(image_of(), limits, [wish(Owner.MARKET, 80.0)], is_clock_lost=True)
    assert dispatch.base_kw[0] == 7.0


def test_sites_do_not_see_each_other() -> None:
    image = image_of(3, soc=np.array([0.0, 0.5, 1.0]))
    board = [Proposal(site=k, owner=Owner.MARKET, preferred_kw=50.0, expires_ns=LATER) for k in range(3)]
    alone = [decide(image_of(soc=soc), limits_of(), [wish(Owner.MARKET, 50.0)]).base_kw[0] for soc in (0.0, 0.5, 1.0)]
    assert decide(image, limits_of(3), board).base_kw.tolist() == alone
