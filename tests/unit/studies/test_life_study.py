"""A study answered: what it says of lives, warranty and money, and that it hangs on nothing else than it says."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.adapters.compute.local import LocalCompute
from battuta.domain.ageing_table import AgeingTable
from battuta.domain.augmentation import AugmentationPlan
from battuta.domain.errors import UsageError
from battuta.domain.revenue_contract import ContractKind, RevenueContract
from battuta.domain.study import Strategy
from battuta.physics.ageing.user_table import user_tables
from battuta.studies.life_study import life_study
from battuta.twin.exceedance import exceeded
from battuta.twin.study_sensitivity import PROBABILITIES
from unit.studies.life_case import answered, inputs, small_result, study
from unit.twin.insurance_case import failure, policy


def test_a_table_of_the_user_speaks_as_one_of_the_models():
    asked = study(n_lives=20, n_years=10, laws=("naumann_lfp", "maker"))
    table = AgeingTable(name="maker", years=(5.0, 10.0), soh_capacity=(0.95, 0.91))
    given = replace(inputs(asked), laws=user_tables([table]))
    result = life_study(asked, given, LocalCompute(1), with_risk=False)
    lives = result.of("rest").lives
    assert lives.law == ("naumann_lfp", "maker")
    assert np.median(lives.soh_capacity[lives.law_of_life == 1, -1]) == pytest.approx(0.91, abs=0.01)
    assert np.all(lives.soh_resistance[lives.law_of_life == 1, -1] > 1.0)  # lent
    assert "given by the user, not verified" in result.cards["maker"].fitted_on


def test_a_battery_that_works_ages_more_than_one_that_rests_and_all_lose():
    result = small_result()
    works, rests = result.of("base").lives, result.of("rest").lives
    assert works.soh_capacity.shape == (40, 6)
    assert np.all(works.soh_capacity[:, -1] < rests.soh_capacity[:, -1])
    assert np.all(np.diff(rests.soh_capacity, axis=1) < 0.0)
    assert np.all(rests.full_cycles < 0.2)
    assert result.of("base").summary.full_cycles == pytest.approx(works.full_cycles[:, 0].mean(), rel=0.01)


def test_models_share_the_lives_by_weight_and_disagree():
    lives = small_result().of("base").lives
    assert lives.law == ("naumann_lfp", "lfp_250ah")
    assert abs(int((lives.law_of_life == 0).sum()) - 20) <= 1
    first, second = (np.median(lives.soh_capacity[lives.law_of_life == each, -1]) for each in (0, 1))
    assert abs(first - second) > 0.01


def test_strategies_are_held_under_the_same_years_and_money_follows_the_lives():
    result = small_result()
    works, rests = result.of("base"), result.of("rest")
    energy = works.lives.discharged_mwh * result.years.energy_price_per_mwh * result.years.availability
    sold = works.flows.revenue - energy
    price = result.years.capacity_price_per_mw_h * result.years.availability * works.duty.sold_kw / 1e3 * 8766.0
    assert np.all(sold <= price * (1.0 + 1e-12))
    assert np.all(sold > 0.9 * price)
    assert np.allclose(rests.flows.revenue, rests.lives.discharged_mwh * 70.0, rtol=0.2, atol=1.0)
    assert np.all(works.finance.npv > rests.finance.npv)


def test_a_warranty_is_judged_and_what_is_made_up_is_said():
    result = small_result()
    base = result.of("base")
    assert base.warranty is not None
    assert {each.name for each in base.warranty.clauses} >= {"soh_capacity", "full_cycles_per_year"}
    said = " ".join((*result.remarks, *base.remarks))
    for words in ("SYNTHETIC", "assumed", "optimiser", "extrapolates"):
        assert words in said


def test_the_answer_hangs_on_seed_and_not_on_threads():
    asked = study(n_lives=12, n_years=2, laws=("naumann_lfp",))
    one, two = answered(asked, 1), answered(asked, 2)
    for first, second in zip(one.strategies, two.strategies, strict=True):
        assert np.array_equal(first.lives.soh_capacity, second.lives.soh_capacity)
        assert np.array_equal(first.finance.equity_flow, second.finance.equity_flow)
    other = answered(study(n_lives=12, n_years=2, laws=("naumann_lfp",), seed=9))
    assert not np.array_equal(one.strategies[0].lives.soh_capacity, other.strategies[0].lives.soh_capacity)
    assert one.study_hash == two.study_hash != other.study_hash
    assert any("one ageing model speaks" in each for each in one.remarks)


def test_more_lives_begin_with_the_same_lives():
    few, many = (answered(study(n_lives=n, n_years=2, laws=("naumann_lfp",))) for n in (6, 12))
    assert np.allclose(
        few.strategies[0].lives.soh_capacity, many.strategies[0].lives.soh_capacity[:6], atol=2e-4
    )  # tables reach as far as their lives


def test_a_model_that_is_not_there_is_named():
    asked = study(laws=("nobodys",))
    with pytest.raises(UsageError, match="nobodys"):
        life_study(asked, inputs(asked), LocalCompute(1))


def test_it_says_what_it_does():
    asked, said = study(n_lives=2, n_years=1, laws=("naumann_lfp",)), []
    life_study(asked, inputs(asked), LocalCompute(1), said.append)
    assert said == [
        "walking the battery through 2 duties",
        "living 2 times 1 years: base, rest",
        "counting the money",
    ]


def test_strings_that_come_are_seen_in_lives_money_and_warranty():
    asked = study(n_lives=8, n_years=5, laws=("naumann_lfp",))
    plan = AugmentationPlan(cost_per_kwh=120.0, planned_years=(2,), soh_energy_target=1.05)
    plain = answered(asked).of("base")
    result = life_study(replace(asked, augmentation=plan), inputs(asked), LocalCompute(1), with_risk=False)
    base = result.of("base")
    assert base.augmented is not None
    assert np.all(base.augmented.times == 1.0)
    assert np.array_equal(base.flows.augmentation, base.augmented.cost)
    assert np.all(base.flows.augmentation[:, 1] > 0.0)
    assert np.all(base.lives.soh_energy[:, 3] > plain.lives.soh_energy[:, 3])
    assert np.allclose(base.lives.soh_energy[:, :3], plain.lives.soh_energy[:, :3], rtol=1e-3)  # exponents are drawn
    assert base.augmented.first_strings.soh_capacity[:, -1].mean() > plain.lives.soh_capacity[:, -1].mean()
    assert np.all(base.finance.npv < plain.finance.npv)
    assert result.risk is None
    assert result.study_hash != answered(asked).study_hash


def test_contracts_part_the_revenue():
    asked = study(n_lives=8, n_years=3, laws=("naumann_lfp",))
    rent = RevenueContract(name="rent", kind=ContractKind.TOLLING, share=0.5, payment_per_mw_year=6e4, n_years=2)
    free, rented = answered(asked), answered(replace(asked, contracts=(rent,)))
    one, other = free.of("base"), rented.of("base")
    assert np.allclose(other.tranches.contracted[:, :2], 0.5 * asked.battery.power_kw / 1e3 * 6e4, rtol=0.02)
    assert not other.tranches.contracted[:, 2].any()
    assert np.allclose(other.tranches.merchant[:, :2], 0.5 * one.flows.revenue[:, :2])
    assert np.allclose(other.flows.revenue, other.tranches.revenue)
    assert rented.study.contracts == (rent,)


def test_a_spent_day_earns_nothing_more():
    asked = study(n_lives=4, n_years=2, laws=("naumann_lfp",))
    given = inputs(asked)
    capped = replace(asked.strategies[0].duty, full_cycles_per_day_max=0.1)
    other = replace(asked, strategies=(Strategy(name="base", duty=capped), asked.strategies[1]))
    one = life_study(asked, given, LocalCompute(1), with_risk=False).of("base")
    two = life_study(other, given, LocalCompute(1), with_risk=False).of("base")
    assert one.followed_share == 1.0
    assert 0.1 < two.followed_share < 0.9
    energy = [each.flows.revenue - each.lives.discharged_mwh * 70.0 for each in (one, two)]
    assert np.all(energy[1][:, 0] < energy[0][:, 0])
    assert any("until midnight UTC, and that time is not paid" in each for each in two.remarks)


def test_the_study_is_asked_again_under_other_assumptions():
    result = small_result()
    assert result.risk is not None
    risk = result.risk.strategies["base"]
    base = result.of("base")
    assert np.array_equal(risk.exceedance.npv, exceeded(base.finance.npv, PROBABILITIES))
    assert set(result.risk.strategies) == {"base", "rest"}
    ageing = next(each for each in risk.tornado_npv if each.factor.name == "ageing rate")
    assert ageing.at_low >= ageing.at_high
    assert np.isfinite(risk.break_even_capacity_price_per_mw_h).all()
    assert np.isnan(result.risk.strategies["rest"].break_even_capacity_price_per_mw_h).all()


def test_failures_and_a_policy_cost_money_and_leave_the_lives_alone():
    asked = study(n_lives=12, n_years=2, laws=("naumann_lfp",))
    before = answered(asked)
    battery = replace(asked.battery, containers=4, converters=2)
    failing = replace(
        asked, battery=battery, availability=replace(asked.availability, failure=(failure(repair_cost=5e4),))
    )
    after = answered(failing)
    base, worse = before.of("base"), after.of("base")
    assert np.array_equal(base.lives.soh_capacity, worse.lives.soh_capacity)
    assert np.array_equal(worse.flows.variable_cost, after.losses.cost)
    assert after.losses.cost.any()
    assert worse.flows.revenue == pytest.approx(base.flows.revenue * (1.0 - after.losses.lost_share))
    insured = answered(replace(failing, insurance=policy(premium_per_year=1e4)), n_threads=2)
    dearer = insured.of("base")
    assert np.all(dearer.flows.variable_cost >= worse.flows.variable_cost + 1e4)
    assert np.all(dearer.finance.npv < worse.finance.npv)
    assert np.array_equal(insured.losses.failures.events, after.losses.failures.events)
    assert insured.risk.strategies["base"].stress[0].exceedance.npv[0] == pytest.approx(np.median(dearer.finance.npv))
    assert before.losses is None
