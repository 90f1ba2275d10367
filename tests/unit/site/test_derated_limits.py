"""Findings narrow the limits of their site, never another's, and never widen what people allow."""

import math

import numpy as np
import pytest

from battuta.domain.command import Mandate
from battuta.domain.errors import UsageError
from battuta.domain.health import Derating
from battuta.site.derated_limits import derated
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
