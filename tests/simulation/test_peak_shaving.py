"""A week of planted loads, second by second, with a market that wants the battery."""

import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from battuta.domain.image import N_SIGNALS, N_SOURCES, Signal, SiteImage
from battuta.domain.time import NS_PER_S
from battuta.services.peak_shaver import ImageSeen, ShaverState, step
from battuta.site.peak_shaving import HOLD_SHARE, LANDING_S
from battuta.site.peak_shaving_kernels import shave

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
DAYS, SITES = 4, 2


@pytest.fixture(scope="module")
def bench():
    sys.path.insert(0, str(BENCHMARKS))
    yield import_module("site_peak")
    sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def planted(bench):
    return bench.plant(SITES, DAYS)


def test_a_limit_with_some_room_is_held_and_would_be_broken_without(bench, planted) -> None:
    limit_kw = 1.05 * np.array([bench.least_by_minute(planted, site) for site in range(SITES)])
    demand = replace(bench.new_period(limit_kw), is_raised=np.ones(SITES, dtype=bool))
    mean_kw, _, _ = bench.simulate(planted, demand, DAYS)
    assert (mean_kw.max(axis=0) <= limit_kw).all()
    assert (planted.quarter_kw.max(axis=0) > limit_kw).all()


def test_a_limit_is_held_from_nothing_but_what_the_meter_said(bench, planted) -> None:
    limit_kw = 1.05 * np.array([bench.least_by_minute(planted, site) for site in range(SITES)])
    demand = replace(bench.new_period(limit_kw), is_raised=np.ones(SITES, dtype=bool))
    mean_kw, _, _ = bench.simulate(planted, demand, DAYS, bench.OwnHistory)
    assert (mean_kw.max(axis=0) <= limit_kw).all()
    assert (planted.quarter_kw.max(axis=0) > limit_kw).all()


def test_the_service_holds_a_working_day_second_by_second(bench, planted) -> None:
    """From 6 to 16 UTC of the first day: the battery follows the plans, the meter shows what came of it."""
    limit_kw = 1.05 * np.array([bench.least_by_minute(planted, site) for site in range(SITES)])
    sites = bench.batteries(SITES)
    state = ShaverState.at_rest(sites, limit_kw, history=bench.OwnHistory(planted, limit_kw).history)
    spent = replace(state.demand, is_raised=np.ones(SITES, dtype=bool))  # the limit is to be held as it is
    state = replace(state, demand=spent, month=np.full(SITES, np.datetime64("2026-03").astype(int)))
    soc, power_kw, import_kwh = np.full(SITES, 0.9), np.zeros(SITES), np.zeros(SITES)
    low_kw, high_kw, wish_kw = np.empty(SITES), np.empty(SITES), np.empty(SITES)
    zone_offset_s, plans = np.full(SITES, 3600), []
    for second in range(6 * 3600 - 1, 16 * 3600):
        net_kw = planted.second_kw[0][second]
        soc = soc - np.where(power_kw > 0.0, power_kw / bench.EFFICIENCY, power_kw * bench.EFFICIENCY) / 3600 / 600.0
        values = np.full((N_SIGNALS, SITES), np.nan)
        values[Signal.LOAD_KW], values[Signal.PV_KW] = net_kw - bench.AUXILIARY_KW, 0.0
        values[Signal.AUXILIARY_POWER_KW], values[Signal.SOC] = bench.AUXILIARY_KW, soc
        values[Signal.CONVERTER_POWER_KW], values[Signal.METER_POWER_KW] = power_kw, power_kw - net_kw
        now_ns = (bench.FIRST_DAY * 86_400 + second + 1) * NS_PER_S
        image = SiteImage(time_ns=now_ns, values=values, age_s=np.zeros((N_SOURCES, SITES)))
        import_kwh += (net_kw - power_kw) / 3600.0
        state, planned = step(state, ImageSeen(image=image, zone_offset_s=zone_offset_s))
        if planned:
            plans += planned
            import_kwh[:] = 0.0
        plan, elapsed_s = plans[-1], (now_ns - plans[-1].start_ns) / NS_PER_S
        shave(
            net_kw, soc, elapsed_s, 900.0, import_kwh, HOLD_SHARE * plan.limit_kw, plan.floor_soc_start,
            plan.floor_soc_end, sites.energy_kwh, sites.charge_kw_max, sites.discharge_kw_max,
            sites.efficiency_charge, sites.efficiency_discharge, plan.peak_kw, LANDING_S, low_kw, high_kw, wish_kw,
        )  # fmt: skip
        power_kw = np.clip(np.where(np.isnan(wish_kw), 0.0, wish_kw), low_kw, high_kw)
        power_kw[(soc <= 0.05) & (power_kw > 0.0) | (soc >= 0.95) & (power_kw < 0.0)] = 0.0
    assert len(plans) == 41
    assert (state.limit_kw == limit_kw).all()
    assert (state.billed_kw <= limit_kw).all()
    assert (state.without_kw > limit_kw).any()
    quarters = slice(24, 64)
    np.testing.assert_allclose(state.without_kw, planted.quarter_kw[quarters].max(axis=0), rtol=1e-3)


def test_a_hopeless_limit_is_raised_once_and_the_peak_still_falls(bench, planted) -> None:
    mean_kw, _, demand = bench.simulate(planted, bench.new_period(np.full(SITES, 250.0)), DAYS)
    assert demand.is_raised.all()
    assert (demand.limit_kw > 250.0).all()
    assert (mean_kw.max(axis=0) < planted.quarter_kw.max(axis=0)).any()
