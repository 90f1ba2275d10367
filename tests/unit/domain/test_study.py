"""A study refuses what cannot be, and says where."""

from dataclasses import replace

import pytest

from battuta.domain.ageing_choice import AgeingChoice
from battuta.domain.augmentation import AugmentationPlan
from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.domain.finance_plan import FinancePlan
from battuta.domain.outlook import MarketOutlook
from battuta.domain.revenue_contract import ContractKind, RevenueContract
from battuta.domain.studied_battery import SteadyClimate, StudiedBattery
from battuta.domain.study import ChangeWhen, FrequencyRegulation, Storage, Strategy, StrategyChange, Study
from battuta.domain.warranty import Warranty

STUDY = Study(
    name="one",
    battery=StudiedBattery(
        cell="lfp_314ah", converter="bonfiglioli_field", cells_in_series=416, strings=12, power_kw=2500.0
    ),
    climate=SteadyClimate(mean_c=15.0),
    strategies=(Strategy(name="rest", duty=Storage()),),
    ageing=AgeingChoice(weights={"naumann_lfp": 1.0}),
    market=MarketOutlook(capacity_price_per_mw_h=10.0, energy_price_per_mwh=50.0),
    finance=FinancePlan(currency="EUR", n_years=20, installed_cost=1e6, inflation=0.02, real_discount_rate=0.05),
)


def test_its_years_are_those_of_its_money():
    assert STUDY.n_years == 20


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"strategies": ()}, UsageError, "names no strategy"),
        ({"strategies": (Strategy(name="a", duty=Storage()),) * 2}, UsageError, "two strategies are called 'a'"),
        ({"n_lives": 0}, InvalidQuantityError, "n_lives"),
        ({"seed": -1}, InvalidQuantityError, "seed"),
        ({"first_year": 20}, InvalidQuantityError, "first_year"),
        ({"finance": replace(STUDY.finance, n_years=80)}, InvalidQuantityError, "n_years"),
    ],
)
def test_a_study_of_nothing_is_refused(given, error, words):
    with pytest.raises(error, match=words):
        replace(STUDY, **given)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: FrequencyRegulation(power_share=1.5), "power_share"),
        (lambda: AgeingChoice(weights={"a": 0.0}), "weights.a"),
        (lambda: AgeingChoice(weights={"a": 1.0}, cell_deviation_share=2.0), "cell_deviation_share"),
    ],
)
def test_shares_that_are_none_are_refused_by_name(make, words):
    with pytest.raises(InvalidQuantityError, match=words):
        make()


def test_a_warranty_of_another_currency_is_refused():
    warranty = Warranty(name="w", source="nobody", is_assumed=True, years=3, currency="USD")
    with pytest.raises(UsageError, match=r"pays in USD and \[finance\] counts in EUR"):
        replace(STUDY, warranty=warranty)


def test_an_ensemble_of_nothing_is_refused():
    with pytest.raises(UsageError, match="names no model"):
        AgeingChoice(weights={})


def changed(*when):
    changes = tuple(StrategyChange(when=ChangeWhen(**each), duty=Storage()) for each in when)
    return Strategy(name="tired", duty=FrequencyRegulation(), changes=changes)


def test_a_strategy_changes_in_the_order_in_which_health_falls():
    tired = changed({"soh_capacity_below": 0.8}, {"soh_capacity_below": 0.7, "from_year": 12})
    assert [each.name for each in tired.stages] == ["tired", "tired, change 1", "tired, change 2"]
    assert [type(each.duty).__name__ for each in tired.stages] == ["FrequencyRegulation", "Storage", "Storage"]


@pytest.mark.parametrize(
    ("when", "error", "says"),
    [
        ([{}], UsageError, "never comes"),
        ([{"soh_capacity_below": 80.0}], InvalidQuantityError, "soh_capacity_below = 80"),
        ([{"from_year": 0}], InvalidQuantityError, "from_year"),
        ([{"soh_capacity_below": 0.7}, {"soh_capacity_below": 0.8}], UsageError, "change 2 is due at soh_capacity 0.8"),
        ([{"from_year": 7}, {"from_year": 5}], UsageError, "change 2 is due in year 5, before change 1 in year 7"),
    ],
)
def test_changes_that_never_come_or_come_out_of_order_are_refused(when, error, says):
    with pytest.raises(error, match=says):
        changed(*when)


def test_changes_and_new_strings_are_not_lived_together():
    with pytest.raises(UsageError, match="changes with its health, and"):
        replace(
            STUDY,
            strategies=(changed({"from_year": 2}),),
            augmentation=AugmentationPlan(cost_per_kwh=100.0, planned_years=(2,)),
        )


def test_changes_and_contracts_for_what_was_done_before_are_refused():
    rent = RevenueContract(name="rent", kind=ContractKind.TOLLING, share=0.5, payment_per_mw_year=6e4, n_years=2)
    with pytest.raises(UsageError, match=r"\[\[contract\]\] pays for what it did before"):
        replace(STUDY, strategies=(changed({"from_year": 2}),), contracts=(rent,))


@pytest.mark.parametrize("soc", [-0.01, 1.01, 1e308, float("nan")])
def test_a_charge_that_no_battery_has_is_refused(soc):
    with pytest.raises(InvalidQuantityError, match=r"\[\[strategy\]\]: soc = "):
        Storage(soc=soc)
