"""A study gives a wear table in the money of its plan, or says why it has none."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.adapters.compute.local import LocalCompute
from battuta.domain.augmentation import AugmentationPlan
from battuta.domain.errors import UsageError
from battuta.domain.revenue_contract import ContractKind, RevenueContract
from battuta.domain.warranty_terms import UseLimits
from battuta.studies.trading_duty import DutyOfYear, TradingDuty
from battuta.studies.wear_study import wear_study
from unit.studies.life_case import small_result
from unit.studies.wear_case import small_trading_result

ONE = LocalCompute(1)


def test_a_battery_that_trades_has_a_wear_price_of_the_size_of_its_spread():
    result = small_trading_result()
    table = wear_study(result, ONE, spread_per_mwh=60.0)
    assert (table.currency, table.study_hash, table.strategy) == ("EUR", result.study_hash, "trade")
    assert dict(table.law_shares) == {"naumann_lfp": 1.0}
    full = table.cycle_cost_per_mwh[:, :, -1]
    assert np.all(full > 0.0)
    assert np.all(full < 60.0)
    assert np.all(np.diff(full[0]) > 0.0)  # faster is dearer
    assert np.all(np.diff(table.rest_cost_per_mwh_h[0, :, 5]) > 0.0)  # warmer is dearer
    assert np.all(table.rest_cost_per_mwh_h[:, :, -1] > table.rest_cost_per_mwh_h[:, :, 5])  # full is dearer than half
    twice = wear_study(result, ONE, spread_per_mwh=120.0)
    assert np.all(twice.cycle_cost_per_mwh[:, :, -1] > 1.5 * full)


def test_the_warranty_is_priced_where_throughput_breaks_it():
    result = small_trading_result()
    warranty = result.study.warranty
    assert warranty is not None
    cycles = float(result.of("trade").lives.full_cycles[:, 0].mean())
    near = replace(
        warranty,
        soh=replace(warranty.soh, bands=(replace(warranty.soh.bands[0], floor=((1.0, 0.99), (3.0, 0.98))),)),
        use=UseLimits(full_cycles_per_year_max=1.02 * cycles),
        windows=(),
        damages=replace(warranty.damages, capacity_per_mwh=100_000.0),
    )
    table = wear_study(replace(result, study=replace(result.study, warranty=near)), ONE, spread_per_mwh=60.0)
    assert table.throughput_price_per_mwh[0] > 0.0
    assert any("is assumed" in each for each in table.remarks)
    none = wear_study(replace(result, study=replace(result.study, warranty=None)), ONE, spread_per_mwh=60.0)
    assert any("throughput has no budget" in each for each in none.remarks)


def test_the_price_of_a_project_that_loses_money_comes_with_a_warning():
    result = small_trading_result()
    outcome = result.of("trade")
    for npv, is_warned in ((-5e5, True), (5e5, False)):
        finance = replace(outcome.finance, npv=np.full_like(outcome.finance.npv, npv))
        made = replace(result, strategies=(replace(outcome, finance=finance),))
        said = [each for each in wear_study(made, ONE, spread_per_mwh=60.0).remarks if "loses money" in each]
        assert len(said) == is_warned
        assert all("-500,000 EUR at P50" in each for each in said)


def test_a_study_that_has_no_price_says_why():
    trades, rests = small_trading_result(), small_result()
    with pytest.raises(UsageError, match="less capacity loses no value, so wear would be free"):
        wear_study(trades, ONE)
    with pytest.raises(UsageError, match=r"no strategy 'arbitrage'; there is trade"):
        wear_study(trades, ONE, strategy="arbitrage")
    with pytest.raises(UsageError, match="has no finite price"):
        wear_study(rests, ONE, strategy="rest")


def test_what_is_rented_out_loses_the_rent_of_what_it_no_longer_serves():
    result = small_trading_result()
    costs = []
    for payment in (80_000.0, 160_000.0):
        rent = RevenueContract(
            name="toller", kind=ContractKind.TOLLING, share=1.0, payment_per_mw_year=payment, n_years=3
        )
        costs.append(
            wear_study(replace(result, study=replace(result.study, contracts=(rent,))), ONE).cycle_cost_per_mwh[
                :, :, -1
            ]
        )
    assert np.all(costs[0] > 0.0)
    assert np.all(costs[1] > 1.5 * costs[0])


def test_strings_of_several_ages_have_no_one_price():
    result = small_trading_result()
    study = replace(result.study, augmentation=AugmentationPlan(cost_per_kwh=120.0, soh_energy_floor=0.8))
    with pytest.raises(UsageError, match="strings are of several ages"):
        wear_study(replace(result, study=study), ONE, spread_per_mwh=60.0)


def test_flows_of_ones_own_are_priced():
    result = small_trading_result()

    def flows_of(lives, served):
        flows = result.of("trade").flows
        return replace(flows, revenue=50.0 * lives.discharged_mwh * served, charging_cost=0.0 * flows.charging_cost)

    table = wear_study(result, ONE, flows_of=flows_of)
    assert np.all(table.cycle_cost_per_mwh[:, :, -1] > 0.0)


def test_all_years_of_a_duty_are_priced_not_the_first_alone():
    result = small_trading_result()
    outcome = result.of("trade")
    busy = outcome.duty.power_kw

    def priced(*years):
        known = {"price_per_mwh": np.full(busy.size, 50.0), "margin": 1.0, "best_margin": 1.0}
        duties = tuple(DutyOfYear(year=2020 + at, power_kw=each, **known) for at, each in enumerate(years))
        traded = TradingDuty(years=duties, strategy="a SYNTHETIC one", capture_share=1.0, is_perfect_foresight=False)
        own = replace(outcome, duty=replace(outcome.duty, power_kw=years[0], traded=traded))
        return wear_study(replace(result, strategies=(own,)), ONE, spread_per_mwh=60.0).cycle_cost_per_mwh[:, :, -1]

    always, both = priced(busy), priced(busy, 0.3 * busy)
    assert np.all(both[1] < 0.9 * always[1])  # the calm year sells less, so that less is lost in it
    assert np.all(both[2] > 1.2 * always[2])  # a use takes more of a life that is used less
