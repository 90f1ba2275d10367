"""Shares of a duty outside a model's box."""

import numpy as np
import pytest

from battuta.physics.ageing.ageing_law import ageing_law
from battuta.physics.ageing.duty_days import duty_days
from battuta.twin.outside_box import outside_shares

HOURS = 24 * 10
DUTY = duty_days(
    np.where(np.arange(HOURS) % 24 < 12, 0.9, 0.1),
    np.where(np.arange(HOURS) < HOURS / 2, 25.0, 5.0),
    np.where(np.arange(HOURS) % 24 == 0, -0.8, np.where(np.arange(HOURS) % 24 == 12, 0.8, 0.0)),
    3600.0,
)


def by_side(name, **given):
    return {each.side.name: each for each in outside_shares(ageing_law(name), DUTY, **given)}


def test_half_the_time_is_too_cold_and_a_charge_too_fast():
    found = by_side("lfp_250ah", slower_is_outside=True)
    assert found["temperature_c"].share == pytest.approx(0.5)
    assert found["temperature_c"].of_what == "the time"
    assert found["charge_c_rate"].share == pytest.approx(1.0 / 24.0)
    assert found["depth"].share == pytest.approx(0.0, abs=1e-9)


def test_slower_than_the_tests_counts_only_where_it_is_asked():
    slow = duty_days(DUTY.soc.ravel(), DUTY.temperature_c.ravel(), 0.1 * DUTY.c_rate.ravel(), 3600.0)
    shares = [
        next(each.share for each in outside_shares(ageing_law("naumann_lfp"), slow, slower_is_outside=flag)
             if each.side.name == "c_rate")
        for flag in (True, False)
    ]  # fmt: skip
    assert shares == [pytest.approx(1.0), 0.0]
