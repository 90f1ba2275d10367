"""The owners of a run: who was asked for speaks, who was not is not there."""

import math

import numpy as np

from battuta.app.living_request import RunRequest
from battuta.app.living_setup import cabinet_of, living_site
from battuta.app.site_owners import SiteOwners
from battuta.domain.command import Reservation
from battuta.domain.image import N_SIGNALS, N_SOURCES, Signal, SiteImage
from battuta.services.conductor_events import ChillersAsked, ShavingPlanned

START_NS = 1_767_225_600 * 10**9


def owners_of(**values) -> SiteOwners:
    site = living_site()
    return SiteOwners(RunRequest(n_sites=2, **values), site, cabinet_of(site))


def image_at(second: int) -> SiteImage:
    values = np.zeros((N_SIGNALS, 2))
    usual = {
        Signal.SOC: 0.5, Signal.LOAD_KW: 30.0, Signal.METER_POWER_KW: -30.0, Signal.CHILLER_SETPOINT_C: 25.0,
        Signal.CELL_TEMPERATURE_C_MEAN: 36.0, Signal.CELL_TEMPERATURE_C_MAX: 38.0, Signal.COOLANT_TEMPERATURE_C: 30.0,
        Signal.AMBIENT_TEMPERATURE_C: 35.0,
    }  # fmt: skip
    for signal, value in usual.items():
        values[signal] = value
    return SiteImage(time_ns=START_NS + second * 10**9, values=values, age_s=np.zeros((N_SOURCES, 2)))


def test_nobody_asked_for_is_nobody_there() -> None:
    owners = owners_of(has_foresight=False)
    assert owners.shaver is None
    assert owners.cooler is None
    assert owners(image_at(0)) == []


def test_a_demand_limit_is_planned_at_each_billed_interval() -> None:
    owners = owners_of(demand_limit_kw=120.0, has_foresight=False)
    plans = [each for second in range(1_900) for each in owners(image_at(second))]
    assert all(isinstance(each, ShavingPlanned) for each in plans)
    assert [(each.start_ns - START_NS) // 10**9 for each in plans] == [0, 900, 1_800]
    assert plans[0].limit_kw.tolist() == [120.0, 120.0]


def test_what_awards_keep_free_is_not_there_for_peaks() -> None:
    site = living_site()
    award = Reservation(
        site=0, product="ce_fcr", up_kw=20.0, down_kw=10.0, energy_up_kwh=5.0, energy_down_kwh=5.0, start_ns=START_NS,
        end_ns=START_NS + 10**15,
    )  # fmt: skip
    request = RunRequest(n_sites=2, demand_limit_kw=120.0)
    sites = SiteOwners(request, site, cabinet_of(site), (), (award,), START_NS).shaver.sites
    assert sites.discharge_kw_max.tolist() == [80.0, 100.0]
    assert sites.charge_kw_max.tolist() == [90.0, 100.0]
    assert sites.soc_min[0] > sites.soc_min[1] == 0.05
    assert sites.soc_max[0] < sites.soc_max[1] == 0.95


def test_foresight_asks_chillers_within_a_few_minutes() -> None:
    owners = owners_of()
    owners.plan(START_NS, 900.0, np.full((96, 2), 80.0))
    asked = [each for second in range(200) for each in owners(image_at(second)) if isinstance(each, ChillersAsked)]
    assert asked
    assert np.isfinite(asked[0].setpoint_c).all()


def test_local_time_follows_the_zone_of_the_site() -> None:
    owners = owners_of(demand_limit_kw=120.0)
    summer_ns = 1_782_864_000 * 10**9
    assert owners._zone_offset_s(START_NS).tolist() == [3_600, 3_600]
    assert owners._zone_offset_s(summer_ns).tolist() == [7_200, 7_200]
    assert owners._zone_offset_s(START_NS).tolist() == [3_600, 3_600]
    assert math.isfinite(float(owners._offset_until_ns))
