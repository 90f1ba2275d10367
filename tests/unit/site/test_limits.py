"""Limits as arrays: the tighter of site and mandate, and numbers that are none are refused."""

import math

import numpy as np
import pytest

from battuta.domain.command import Mandate
from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.site.limits import N_LOSSES, Limit, Loss, SafeState, SiteLimits, limit_table

SITE = {"power_kw": 100.0, "apparent_power_kva": 110.0, "energy_kwh": 200.0}


def mandate(**values) -> Mandate:
    return Mandate(**({"charge_kw_max": 80.0, "discharge_kw_max": 90.0} | values))


def test_one_column_per_site_one_row_per_limit() -> None:
    table = limit_table([SiteLimits(**SITE), SiteLimits(**(SITE | {"power_kw": 50.0}))], [mandate()] * 2, 0)
    assert table.rows.shape == (len(Limit), 2)
    assert table.safe_power_kw.shape == (N_LOSSES, 2)
    assert table.n_sites == 2
    assert table[Limit.POWER_KW].tolist() == [100.0, 50.0]
    assert table[Limit.MANDATE_CHARGE_KW_MAX].tolist() == [80.0, 80.0]
    assert table[Limit.MANDATE_DISCHARGE_KW_MAX].tolist() == [90.0, 90.0]
    assert table.rows.flags.c_contiguous
    assert table.safe_power_kw.flags.c_contiguous


def test_the_window_is_that_of_both() -> None:
    site = SiteLimits(**SITE, soc_min=0.1, soc_max=0.9)
    table = limit_table([site], [mandate(soc_min=0.2, soc_max=0.95)], 0)
    assert (table[Limit.SOC_MIN][0], table[Limit.SOC_MAX][0]) == (0.2, 0.9)
    table = limit_table([site], [mandate(soc_min=0.0, soc_max=0.8)], 0)
    assert (table[Limit.SOC_MIN][0], table[Limit.SOC_MAX][0]) == (0.1, 0.8)


def test_each_loss_has_its_own_safe_power() -> None:
    safe = SafeState(
        meter_power_kw=1.0, battery_power_kw=2.0, converter_power_kw=3.0, link_power_kw=4.0, clock_power_kw=5.0
    )
    table = limit_table([SiteLimits(**SITE, safe_state=safe)], [mandate()], 0)
    assert [table.safe_power_kw[loss, 0] for loss in Loss] == [1.0, 2.0, 3.0, 4.0, 5.0]


@pytest.mark.parametrize("safe_kw", [0.0, 30.0, -100.0])
def test_the_ramp_arrives_in_time_from_either_rated_power(safe_kw) -> None:
    safe = SafeState(link_power_kw=safe_kw, ramp_duration_s=60.0)
    ramp = limit_table([SiteLimits(**SITE, safe_state=safe)], [mandate()], 0)[Limit.SAFE_RAMP_KW_PER_S][0]
    assert max(abs(100.0 - safe_kw), abs(-100.0 - safe_kw)) / ramp <= 60.0 + 1e-9


def test_a_mandate_that_ran_out_allows_no_power() -> None:
    for now_ns, charge_kw in ((4, 80.0), (5, 0.0)):
        table = limit_table([SiteLimits(**SITE)], [mandate(not_after_ns=5)], now_ns)
        assert table[Limit.MANDATE_CHARGE_KW_MAX][0] == charge_kw


@pytest.mark.parametrize(
    "values",
    [
        {"power_kw": 0.0},
        {"power_kw": math.nan},
        {"energy_kwh": -1.0},
        {"mode_ramp_kw_per_s": 0.0},
        {"soc_min": 0.9, "soc_max": 0.9},
        {"soc_max": 1.1},
        {"efficiency_charge": 0.0},
        {"efficiency_discharge": 1.01},
        {"import_power_kw_max": math.nan},
        {"export_power_kw_max": -1.0},
    ],
)
def test_impossible_ratings_are_refused(values) -> None:
    with pytest.raises(InvalidQuantityError, match=next(iter(values)).removesuffix("_max")):
        SiteLimits(**(SITE | values))


@pytest.mark.parametrize("apparent_kva", [99.0, math.nan])
def test_apparent_power_below_active_power_is_refused(apparent_kva) -> None:
    with pytest.raises(UsageError, match="apparent_power_kva"):
        SiteLimits(**(SITE | {"apparent_power_kva": apparent_kva}))


@pytest.mark.parametrize("values", [{"ramp_duration_s": 61.0}, {"ramp_duration_s": 0.0}, {"link_power_kw": math.nan}])
def test_a_safe_state_that_never_arrives_is_refused(values) -> None:
    with pytest.raises(InvalidQuantityError, match="safe state"):
        SafeState(**values)


@pytest.mark.parametrize("kw", [-1.0, math.nan])
def test_a_mandate_of_no_number_is_refused(kw) -> None:
    with pytest.raises(InvalidQuantityError, match="mandate"):
        limit_table([SiteLimits(**SITE)], [mandate(charge_kw_max=kw)], 0)


def test_mandates_and_sites_come_in_pairs() -> None:
    with pytest.raises(UsageError, match="1 sites and 2 mandates"):
        limit_table([SiteLimits(**SITE)], [mandate()] * 2, 0)
    with pytest.raises(UsageError, match="0 sites"):
        limit_table([], [], 0)


def test_a_mandate_that_leaves_no_window_is_refused_by_name() -> None:
    sites = [SiteLimits(**SITE), SiteLimits(**SITE, soc_max=0.3)]
    with pytest.raises(UsageError, match="site 1: mandate and limits leave no window"):
        limit_table(sites, [mandate(soc_min=0.3)] * 2, 0)


def test_infinite_limits_stay_infinite() -> None:
    assert np.isinf(limit_table([SiteLimits(**SITE)], [mandate()], 0)[Limit.IMPORT_POWER_KW_MAX][0])
