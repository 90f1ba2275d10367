"""What sites do of their own: each function posts what it wants on the board, and nothing where it is not asked."""

import numpy as np
import pytest

from battuta.domain.command import Mandate, Owner
from battuta.domain.image import N_SIGNALS, N_SOURCES, Signal, SiteImage, Source
from battuta.physics.grid_connection import ReactiveLaw, ReactiveMode, volt_var_law
from battuta.site.limits import SiteLimits, limit_table
from battuta.site.own_functions import OwnFunctions, propose
from battuta.site.proposals import HIGH, LOW, PREFERRED, ProposalBoard
from battuta.site.reservations import Reserve

NONE = ReactiveLaw(mode=ReactiveMode.FIXED_Q)
START_NS = 1_800_000_000 * 10**9


class Two:
    """Two sites of 100 kW and 200 kWh and their functions."""

    def __init__(self, laws=(NONE, NONE), follows_load=(False, False)) -> None:
        site = SiteLimits(power_kw=100.0, apparent_power_kva=110.0, energy_kwh=200.0, soc_min=0.05, soc_max=0.95)
        mandate = Mandate(charge_kw_max=100.0, discharge_kw_max=100.0)
        self.limits = limit_table([site] * 2, [mandate] * 2, 0)
        self.functions = OwnFunctions.set_to(laws, follows_load)
        self.board = ProposalBoard.empty(2)
        self.reserves = np.zeros((len(Reserve), 2))
        self.second = 0

    def look(self, pause_s: float = 1.0, meter_age_s: float = 0.0, **said) -> np.ndarray:
        values = np.zeros((N_SIGNALS, 2))
        usual = {"soc": 0.5, "charge_power_kw_max": 100.0, "discharge_power_kw_max": 100.0, "meter_voltage_pu": 1.0}
        for name, value in (usual | said).items():
            values[Signal[name.upper()]] = value
        image = SiteImage(time_ns=START_NS + self.second * 10**9, values=values, age_s=np.zeros((N_SOURCES, 2)))
        image.age_s[Source.METER] = meter_age_s
        self.second += 1
        return propose(image, self.limits, self.reserves, self.functions, self.board, 1.0, pause_s)

    def wanted(self, owner: Owner, what: int) -> list[float]:
        return self.board.wanted_kw[what, owner].tolist()

    def has_opinion(self, owner: Owner) -> list[bool]:
        return (self.board.expires_ns[owner] > START_NS + (self.second - 1) * 10**9).tolist()


def test_nobody_asked_means_nothing_wanted_and_no_reactive_power() -> None:
    two = Two()
    assert two.look(load_kw=50.0, meter_power_kw=-50.0).tolist() == [0.0, 0.0]
    assert not two.board.expires_ns.any()


def test_a_site_that_follows_its_load_brings_its_meter_to_zero() -> None:
    two = Two(follows_load=(True, False))
    two.look(load_kw=50.0, pv_kw=80.0, auxiliary_power_kw=2.0)
    assert two.wanted(Owner.SELF_CONSUMPTION, PREFERRED)[0] == pytest.approx(-28.0)
    assert two.has_opinion(Owner.SELF_CONSUMPTION) == [True, False]


def plan(two: Two, limit_kw, start_s: float = 0.0) -> None:
    start_ns = START_NS + round(start_s * 1e9)
    floor = np.full(2, 0.1)
    rows = (np.array(limit_kw), floor, floor, np.full(2, 100.0))
    two.functions.plan_shaving(start_ns, start_ns + 900 * 10**9, rows)


def test_a_demand_limit_is_held_by_its_site_alone() -> None:
    two = Two()
    plan(two, [60.0, np.inf])
    two.look(load_kw=100.0, meter_power_kw=-100.0)
    assert two.wanted(Owner.PEAK_SHAVING, LOW)[0] == pytest.approx(100.0 - 60.0 * 0.999)
    assert two.has_opinion(Owner.PEAK_SHAVING) == [True, False]


def test_what_was_imported_in_the_interval_counts() -> None:
    two = Two()
    plan(two, [60.0, np.inf])
    for _ in range(451):
        two.look(load_kw=100.0, meter_power_kw=-100.0)
    assert two.functions.import_kwh[0] == pytest.approx(100.0 * 450 / 3600.0)
    two.look(load_kw=100.0, meter_power_kw=-100.0)
    left_kwh, remaining_h = 60.0 * 0.999 * 0.25 - 100.0 * 451 / 3600.0, 449 / 3600.0
    assert two.wanted(Owner.PEAK_SHAVING, LOW)[0] == pytest.approx(100.0 - left_kwh / remaining_h)


def test_a_plan_that_is_over_is_no_opinion_and_a_new_one_counts_anew() -> None:
    two = Two()
    plan(two, [60.0, 60.0])
    two.look(load_kw=100.0, meter_power_kw=-100.0)
    two.second = 899
    two.look(load_kw=100.0, meter_power_kw=-100.0)
    assert two.has_opinion(Owner.PEAK_SHAVING) == [True, True]
    two.second = 902
    two.look(load_kw=100.0, meter_power_kw=-100.0)
    assert two.has_opinion(Owner.PEAK_SHAVING) == [False, False]
    two.second = 900
    plan(two, [60.0, 60.0], start_s=900.0)
    two.look(load_kw=100.0, meter_power_kw=-100.0)
    assert two.functions.import_kwh.tolist() == [0.0, 0.0]


def test_what_nobody_saw_of_an_interval_counts_as_the_load_or_as_much_as_is_allowed() -> None:
    for load_kw, unseen_kw in ((100.0, 100.0), (20.0, 60.0)):
        two = Two()
        two.second = 300
        plan(two, [60.0, np.inf])
        two.look(load_kw=load_kw, meter_power_kw=-load_kw)
        assert two.functions.import_kwh[0] == pytest.approx((299 * unseen_kw + load_kw) / 3600.0)
        two.look(load_kw=load_kw, meter_power_kw=np.nan)
        assert two.functions.import_kwh[0] == pytest.approx((300 * unseen_kw + load_kw) / 3600.0)
        two.second += 99
        two.look(load_kw=load_kw, meter_power_kw=-load_kw, pause_s=100.0)
        assert two.functions.import_kwh[0] == pytest.approx((399 * unseen_kw + 2.0 * load_kw) / 3600.0)
        assert two.has_opinion(Owner.PEAK_SHAVING) == [True, False]


def test_what_is_exported_pays_nothing_back_of_what_was_imported() -> None:
    two = Two()
    plan(two, [60.0, np.inf])
    for meter_kw in (0.0, -36.0, 36.0):
        two.look(meter_power_kw=meter_kw)
    assert two.functions.import_kwh[0] == pytest.approx(0.01)


def test_a_meter_that_is_silent_lets_reactive_power_fade() -> None:
    two = Two(laws=(volt_var_law("ieee_1547_b_like"), NONE))
    for _ in range(60):
        seen_kvar = two.look(meter_voltage_pu=1.06)[0]
    for _ in range(60):
        faded_kvar = two.look(meter_voltage_pu=1.06, meter_age_s=6.0)[0]
    assert 0.2 * seen_kvar < faded_kvar < 0.0


def test_a_plan_made_again_for_the_same_interval_keeps_what_was_imported() -> None:
    two = Two()
    plan(two, [60.0, 60.0])
    for _ in range(10):
        two.look(meter_power_kw=-36.0)
    plan(two, [70.0, 70.0])
    assert two.functions.import_kwh[0] == pytest.approx(0.09)


def test_missing_energy_forces_at_least_the_power_of_the_rule() -> None:
    two = Two()
    two.reserves[[Reserve.ENERGY_UP_KWH, Reserve.RECOVERY_KW], 0] = 100.0, 5.0
    two.look(soc=0.4)
    assert two.wanted(Owner.RECOVERY, HIGH)[0] == -5.0
    assert two.wanted(Owner.RECOVERY, LOW)[0] == -np.inf
    assert two.has_opinion(Owner.RECOVERY) == [True, False]
    two.reserves[:] = 0.0
    two.look(soc=0.4)
    assert two.has_opinion(Owner.RECOVERY) == [False, False]


def test_a_high_voltage_is_answered_by_absorption_and_a_dead_line_by_nothing() -> None:
    two = Two(laws=(volt_var_law("ieee_1547_b_like"), NONE))
    for _ in range(60):
        reactive_kvar = two.look(meter_voltage_pu=1.06)
    assert -110.0 * 0.44 < reactive_kvar[0] < -0.1 * 110.0
    assert reactive_kvar[1] == 0.0
    assert two.look(meter_voltage_pu=np.nan)[0] == pytest.approx(reactive_kvar[0])
    assert two.look(meter_voltage_pu=0.0)[0] == 0.0


def test_a_fixed_power_factor_follows_the_power() -> None:
    factor = ReactiveLaw(mode=ReactiveMode.FIXED_FACTOR, power_factor=-0.8)
    two = Two(laws=(factor, NONE))
    assert two.look(converter_power_kw=80.0)[0] == pytest.approx(-60.0)
    assert two.look(converter_power_kw=np.nan)[0] == 0.0
