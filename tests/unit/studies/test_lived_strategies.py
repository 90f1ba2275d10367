"""Strategies walked and lived side by side are what each would be alone."""

import numpy as np
import pytest

from battuta.adapters.compute.local import LocalCompute
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
