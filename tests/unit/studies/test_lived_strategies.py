"""Strategies walked and lived side by side are what each would be alone."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.adapters.compute.local import LocalCompute
from battuta.domain.augmentation import AugmentationPlan
from battuta.studies.asked_study import asked_study
from battuta.studies.lived_strategies import all_lived, walked_strategy
from battuta.twin.study_sensitivity_cases import StudyCase, ageing_factors
from unit.studies.life_case import inputs, study


def lived(asked, *, with_risk=False):
    shared = asked_study(asked, inputs(asked), LocalCompute(1), with_risk=with_risk)
    told = []
    sites = [walked_strategy(shared, each) for each in asked.strategies]
    return all_lived(shared, sites, told.append), told


def test_strategies_come_in_the_order_of_the_study_and_are_told():
    asked = study(n_lives=10, n_years=2)
    found, told = lived(asked)
    assert [tabled.site.strategy.name for tabled, _, _ in found] == [each.name for each in asked.strategies]
    assert told == [f"living 10 times 2 years: {', '.join(each.name for each in asked.strategies)}"]
    assert all(unmeasured is None for _, _, unmeasured in found)
    assert all(tabled.loads is None and not tabled.later for tabled, _, _ in found)


def test_faster_ageing_is_lived_only_where_it_is_asked_for():
    asked = study(n_lives=10, n_years=2)
    (_, plain, _), *_ = lived(asked)[0]
    (_, risky, _), *_ = lived(asked, with_risk=True)[0]
    faster = risky.lived(max(ageing_factors(asked.finance)))
    assert np.all(faster.lives.soh_capacity[:, -1] < risky.lived(1.0).lives.soh_capacity[:, -1])
    assert np.array_equal(plain.lived(1.0).lives.soh_capacity, risky.lived(1.0).lives.soh_capacity)
    with pytest.raises(KeyError):
        plain.lived(max(ageing_factors(asked.finance)))
    assert np.array_equal(plain.flows_of(StudyCase()).revenue, risky.flows_of(StudyCase()).revenue)


def drawn_beside_plain(**given):
    """First strategy of a study lived with resistances that are drawn, and with those of the card."""
    asked = study(n_lives=12, n_years=2, **given)
    unsure = replace(asked, battery=replace(asked.battery, resistance_deviation_share=0.3))
    return [lived(each)[0][0][1].lived(1.0) for each in (unsure, asked)]


def test_lives_that_begin_with_more_resistance_lose_more_and_age_warmer():
    drawn, plain = (each.lives for each in drawn_beside_plain())
    new = drawn.soh_resistance[:, 0]
    assert new.min() < 0.9
    assert new.max() > 1.1
    assert np.array_equal(plain.soh_resistance[:, 0], np.ones(12))
    efficiency = (drawn.discharged_mwh / drawn.charged_mwh)[:, 0] - (plain.discharged_mwh / plain.charged_mwh)[:, 0]
    assert np.all((efficiency < 0.0) == (new > 1.0))
    warmer = (1.0 - drawn.soh_capacity[:, 1]) / (1.0 - plain.soh_capacity[:, 1])  # same rates, another temperature
    is_naumann = drawn.law_of_life == 0
    assert np.corrcoef(np.log(new[is_naumann]), np.log(warmer[is_naumann]))[0, 1] > 0.9


def test_new_strings_have_the_resistance_that_was_drawn_for_their_site():
    plan = AugmentationPlan(cost_per_kwh=120.0, planned_years=(1,), soh_energy_target=1.0)
    drawn, plain = (each.augmented for each in drawn_beside_plain(augmentation=plan))
    assert drawn is not None
    assert plain is not None
    new = drawn.first_strings.soh_resistance[:, 0]
    assert new.std() > 0.1
    came = drawn.added_share[:, 0] > 0.0
    assert came.any()
    assert np.allclose(drawn.cohort_soh_resistance[came, 1, 1] / new[came], 1.0, atol=0.02)
    assert np.allclose(plain.first_strings.soh_resistance[:, 0], 1.0)
