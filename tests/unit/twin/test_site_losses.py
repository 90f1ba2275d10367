"""What failures and incidents do to the money of a study."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.errors import UsageError
from battuta.domain.finance_plan import FinancePlan
from battuta.domain.outlook import Availability, MarketOutlook
from battuta.domain.studied_battery import SteadyClimate
from battuta.domain.study import AgeingChoice, Storage, Strategy, Study
from battuta.twin.outlook import drawn_years
from battuta.twin.site_losses import site_losses
from unit.twin.insurance_case import BATTERY, failure, policy


def study(**changes):
    asked = Study(
        name="one",
        battery=BATTERY,
        climate=SteadyClimate(mean_c=10.0),
        strategies=(Strategy(name="rest", duty=Storage()),),
        ageing=AgeingChoice(weights={"naumann_lfp": 1.0}),
        market=MarketOutlook(capacity_price_per_mw_h=10.0, energy_price_per_mwh=50.0),
        finance=FinancePlan(
            currency="EUR", n_years=5, installed_cost=4e6, inflation=0.02, real_discount_rate=0.05, insurance_share=0.01
        ),
        n_lives=50,
        seed=4,
    )
    return replace(asked, **changes)


def years(asked):
    return drawn_years(asked.market, asked.availability, seed=4, first_life=0, n_lives=50, n_years=5)


def test_a_study_that_names_neither_has_none():
    assert site_losses(study()) is None


def test_failures_take_time_and_cost_repairs():
    asked = study(availability=Availability(failure=(failure(repair_cost=1000.0),)))
    found = site_losses(asked)
    before = years(asked)
    after = found.without_outages(before)
    assert after.availability == pytest.approx(before.availability * (1.0 - found.lost_share))
    assert np.array_equal(after.energy_price_per_mwh, before.energy_price_per_mwh)
    assert np.array_equal(found.cost, found.failures.cost)
    assert found.insurer is None


def test_premium_is_counted_once():
    by_share = site_losses(study(insurance=policy()))
    assert by_share.insurer.premium_per_year == pytest.approx(0.01 * 4e6)
    assert by_share.insurer.value_per_container == pytest.approx(1e6)
    assert np.array_equal(by_share.cost, by_share.incidents.cost)
    plan = replace(study().finance, insurance_share=0.0)
    stated = site_losses(study(finance=plan, insurance=policy(premium_per_year=3e4, value_per_container=5e5)))
    assert stated.premium == pytest.approx(3e4 * 1.02 ** np.arange(5.0))
    assert stated.insurer.value_per_container == 5e5
    assert stated.cost == pytest.approx(stated.premium + stated.incidents.cost)
    with pytest.raises(UsageError, match="stated twice"):
        study(insurance=policy(premium_per_year=3e4))


def test_containers_are_counted_and_not_guessed():
    with pytest.raises(UsageError, match="containers = "):
        study(battery=replace(BATTERY, containers=None), insurance=policy())
    with pytest.raises(UsageError, match="converters = "):
        study(battery=replace(BATTERY, converters=None), availability=Availability(failure=(failure(),)))
    with pytest.raises(UsageError, match="equal rows"):
        study(insurance=policy(layout="grid", rows=3))
