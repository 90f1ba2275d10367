"""What strategies share is drawn once: the same for the same study, whoever does the work."""

from dataclasses import replace

import numpy as np

from battuta.adapters.compute.local import LocalCompute
from battuta.studies.asked_study import asked_study, days_of_lives, drawn_lives
from unit.studies.life_case import inputs, study


def test_the_same_study_draws_the_same_and_another_seed_does_not():
    asked = study(n_lives=20, n_years=3)
    first, again, other = (
        asked_study(each, inputs(each), LocalCompute(n), with_risk=False)
        for each, n in ((asked, 1), (asked, 2), (study(n_lives=20, n_years=3, seed=asked.seed + 1), 1))
    )
    assert np.array_equal(first.draws.rate, again.draws.rate)
    assert not np.array_equal(first.draws.rate, other.draws.rate)
    assert first.telemetry is None
    assert first.draws is first.before


def test_without_a_factor_of_the_battery_rates_are_what_models_are_unsure_of():
    asked = study(n_lives=200, n_years=3)
    laws = asked_study(asked, inputs(asked), LocalCompute(1), with_risk=False).laws
    with_own, without = drawn_lives(asked, laws, 0.5), drawn_lives(asked, laws, 0.0)
    ratio = np.log(with_own.rate / without.rate)
    assert np.allclose(ratio, ratio[:, :1])  # one factor on all rates of a battery
    assert 0.4 < ratio[:, 0].std() < 0.6


def test_days_go_through_years_of_duty_in_turn():
    days = days_of_lives(study(n_lives=2, n_years=4), 2)
    assert days.n_years == 4
    assert [int(days.table_day[each]) for each in days.year_start[:-1]] == [0, 365, 0, 365]


def test_resistance_when_new_is_drawn_by_seed_and_life_alone():
    asked = study(n_lives=400, n_years=3)
    laws = asked_study(asked, inputs(asked), LocalCompute(1), with_risk=False).laws
    assert drawn_lives(asked, laws, 0.05).soh_resistance_new is None
    unsure = replace(asked, battery=replace(asked.battery, resistance_deviation_share=0.3))
    drawn, fewer, other = (
        drawn_lives(each, laws, 0.05).soh_resistance_new
        for each in (unsure, replace(unsure, n_lives=100), replace(unsure, seed=unsure.seed + 1))
    )
    assert drawn is not None
    assert abs(np.log(drawn).std() - 0.3) < 0.03
    assert abs(np.log(drawn).mean()) < 0.05
    assert np.array_equal(drawn[:100], fewer)
    assert not np.array_equal(drawn, other)
    assert np.array_equal(drawn_lives(unsure, laws, 0.05).rate, drawn_lives(asked, laws, 0.05).rate)
