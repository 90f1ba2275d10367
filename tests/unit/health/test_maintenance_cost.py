"""Costs by hand: an exchange, a failure before it, standstill, a false alarm, what waits."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.health.maintenance_cost import Reserve, visit_costs
from battuta.health.maintenance_risk import FailureRisk
from battuta.health.maintenance_visits import visits_of
from unit.health.maintenance_cases import PLAIN, TODAY, window

VISITS = visits_of((window(100),), PLAIN, TODAY)  # a call-out today, a window in 100 days


def risk(share: float, day: int = 50) -> FailureRisk:
    """One module that fails on one day, or never."""
    failing = np.zeros((1, PLAIN.horizon_days))
    failing[0, day] = share
    return FailureRisk(real=np.array([share]), failing=failing)


def costs(share: float, *, is_derated: bool = False, reserve: Reserve = Reserve.NONE, **changes):
    return visit_costs(risk(share), np.array([is_derated]), VISITS, replace(PLAIN, **changes), reserve)


def test_a_failure_before_the_window_costs_call_out_module_and_damage() -> None:
    found = costs(1.0)
    np.testing.assert_allclose(found.total[0], [1000.0, 2300.0, 2300.0])
    np.testing.assert_allclose(found.fixed, [800.0, 300.0])


def test_half_a_chance_is_half_of_each() -> None:
    found = costs(0.5, salvage=600.0)
    np.testing.assert_allclose(found.failure[0], [0.0, 1150.0, 1150.0])
    np.testing.assert_allclose(found.exchange[0], [1000.0 - 300.0, 500.0 - 300.0, 0.0])


@pytest.mark.parametrize(("reserve", "days"), [(Reserve.NONE, 60.0), (Reserve.KEPT, 3.0), (Reserve.ORDERED, 10.0)])
def test_a_string_stands_still_until_a_module_is_there(reserve, days) -> None:
    energy = {"energy_mwh_per_day": 0.5, "energy_value_per_mwh": 80.0, "lead_days": 60, "response_days": 3}
    with_energy = costs(1.0, reserve=reserve, **energy)
    assert with_energy.failure[0, 2] == pytest.approx(2300.0 + 40.0 * days)
    assert with_energy.exchange[0, 0] == pytest.approx(1000.0 + 40.0 * 2.0 / 24.0)
    half = costs(1.0, reserve=reserve, lost_share_failed=0.5, **energy)
    assert half.failure[0, 2] == pytest.approx(2300.0 + 20.0 * days)


def test_what_waits_derated_loses_energy_until_it_fails_or_is_exchanged() -> None:
    energy = {"energy_mwh_per_day": 0.5, "energy_value_per_mwh": 80.0, "lost_share_suspect": 0.25}
    np.testing.assert_allclose(costs(1.0, is_derated=True, **energy).waiting[0], [0.0, 505.0, 505.0])
    np.testing.assert_allclose(costs(0.0, is_derated=True, **energy).waiting[0], [0.0, 1000.0, 10_000.0])
    np.testing.assert_allclose(costs(1.0, **energy).waiting, 0.0)


def test_a_spare_in_reserve_costs_interest_and_room() -> None:
    assert costs(0.0, reserve=Reserve.ORDERED, spare_share_per_year=0.1).reserve == pytest.approx(100.0 * 1000 / 365.25)
    assert costs(0.0, reserve=Reserve.KEPT).reserve == 0.0


def test_later_money_counts_less() -> None:
    found = costs(1.0, discount_share_per_year=0.1)
    assert found.failure[0, 2] == pytest.approx(2300.0 * 1.1 ** (-50.5 / 365.25))
    assert found.fixed[1] == pytest.approx(300.0 * 1.1 ** (-100 / 365.25))
