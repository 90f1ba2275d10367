"""Findings narrow the limits of their site, never another's, and never widen what people allow."""

import math

import numpy as np
import pytest

from battuta.domain.command import Mandate
from battuta.domain.errors import UsageError
from battuta.domain.health import Derating
from battuta.site.derated_limits import derated, soc_window
from battuta.site.limits import Limit, SiteLimits, limit_table

SITE = SiteLimits(power_kw=100.0, apparent_power_kva=110.0, energy_kwh=200.0, soc_min=0.05, soc_max=0.95)
LIMITS = limit_table([SITE] * 2, [Mandate(charge_kw_max=30.0, discharge_kw_max=100.0)] * 2, 0)
HALF = Derating(
    string_id="site-1", power_share_max=0.5, soc_min=0.02, soc_max=0.8, temperature_c_max=45.0, reason="leak"
)


def test_one_site_is_narrowed_and_the_other_is_left() -> None:
    narrowed = derated(LIMITS, (None, HALF))
    np.testing.assert_array_equal(narrowed.rows[:, 0], LIMITS.rows[:, 0])
    column = narrowed.rows[:, 1]
    assert column[Limit.POWER_KW] == 100.0, "the rating stays what it is"
    assert (column[Limit.DERATED_POWER_KW_MAX], column[Limit.DERATED_TEMPERATURE_C_MAX]) == (50.0, 45.0)
    assert (column[Limit.MANDATE_CHARGE_KW_MAX], column[Limit.MANDATE_DISCHARGE_KW_MAX]) == (30.0, 50.0)
    assert (column[Limit.SOC_MIN], column[Limit.SOC_MAX]) == (0.05, 0.8), "a window is narrowed, never widened"


def test_without_findings_the_table_is_the_same_and_allows_all() -> None:
    assert derated(LIMITS, (None, None)) is LIMITS
    assert math.isinf(LIMITS[Limit.DERATED_POWER_KW_MAX][0])


def test_each_site_needs_one() -> None:
    with pytest.raises(UsageError, match="1 deratings for 2 sites"):
        derated(LIMITS, (HALF,))


def window(soc_min, soc_max):
    return Derating(
        string_id="site-1", power_share_max=0.5, soc_min=soc_min, soc_max=soc_max, temperature_c_max=45.0, reason="leak"
    )


def test_a_leak_in_a_reserve_held_full_is_let_down_to_what_it_may_hold() -> None:
    standby = Mandate(charge_kw_max=100.0, discharge_kw_max=100.0, soc_min=0.85, soc_max=0.95)
    column = derated(limit_table([SITE], [standby], 0), (window(0.1, 0.8),)).rows[:, 0]
    assert column[Limit.SOC_MIN] < column[Limit.SOC_MAX] == 0.8
    assert column[Limit.SOC_MIN] == pytest.approx(0.7), "as wide as it was, below what the string may hold"


@pytest.mark.parametrize("soc_min", np.linspace(0.0, 0.9, 7))
@pytest.mark.parametrize("width", [0.05, 0.1, 0.5])
@pytest.mark.parametrize("left", [(0.0, 0.3), (0.1, 0.8), (0.25, 0.9), (0.6, 1.0), (0.4, 0.4)])
def test_a_window_is_never_the_wrong_way_round_and_lies_in_the_derating(soc_min, width, left) -> None:
    low, high = soc_window(soc_min, min(soc_min + width, 1.0), window(*left))
    assert left[0] <= low <= high <= left[1]
    assert low < high or left[0] == left[1], "there is something to work with"
