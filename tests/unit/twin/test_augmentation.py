"""Sites with strings of several ages: nothing changes without new strings, sums are sums, nobody gets younger."""

import datetime as dt
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from battuta.adapters.compute.local import LocalCompute
from battuta.domain.augmentation import AugmentationKind, AugmentationPlan
from battuta.domain.errors import DataError
from battuta.twin.augmentation import SiteStrings, augmented_lives, cohort_rates, cohorts_of
from battuta.twin.augmentation_tables import load_tables, loads_of
from battuta.twin.lives_days import life_days
from battuta.twin.lives_shared import live, scattered_draws
from battuta.twin.near_tables import near_tables
from battuta.twin.study_flows import served_share
from tests.unit.twin.pack_case import PACK, duty, laws

N_LIVES, N_YEARS = 12, 8
STRINGS = SiteStrings(strings=48, energy_mwh=5.0)
DUTY, DAYS = duty(n_days=12, power_kw=500.0), life_days(dt.date(2027, 1, 1), N_YEARS, [12])
DRAWS = scattered_draws(laws(), N_LIVES, 5, 0.2)
PLAN = AugmentationPlan(
    cost_per_kwh=100.0, soh_energy_floor=0.9, soh_energy_target=1.0, cost_trend_per_year=-0.1, fixed_cost=7000.0
)


@cache
def tables():
    base = near_tables(PACK, [DUTY], laws(), DRAWS, DAYS)
    return base, load_tables(base, PACK, [DUTY], laws(), loads_of(PLAN, base))


def lived(plan, spread=None, lives_per_piece=125):
    rate = cohort_rates(plan, DRAWS, DRAWS, 0.05, 5, cohorts_of(plan, N_YEARS))
    return augmented_lives(
        tables()[1], plan, STRINGS, laws(), DRAWS.law_of_life, rate, DAYS, spread=spread,
        lives_per_piece=lives_per_piece,
    )  # fmt: skip


@cache
def added():
    return lived(PLAN)


def test_without_new_strings_the_lives_are_those_of_the_site_alone():
    base, _ = tables()
    alone = live(base, laws(), DRAWS, DAYS, days_per_step=1)
    found = lived(replace(PLAN, soh_energy_floor=0.1))
    for name in ("soh_capacity", "soh_resistance", "soh_energy", "discharged_mwh", "charged_mwh", "full_cycles"):
        for part in (found.site, found.first_strings):
            np.testing.assert_allclose(getattr(part, name), getattr(alone, name), rtol=3e-5, err_msg=name)
    np.testing.assert_allclose(found.site.loss_by_cause, alone.loss_by_cause, atol=3e-5)
    np.testing.assert_allclose(found.served_share, served_share(base, alone), rtol=3e-5)
    assert not found.cost.any()
    assert not found.times.any()


def test_bent_exponents_are_those_of_the_site_alone():
    base, loads = tables()
    plan, shift = replace(PLAN, soh_energy_floor=0.1), np.random.default_rng(4).normal(0.0, 0.05, DRAWS.rate.shape)
    rate = cohort_rates(plan, DRAWS, DRAWS, 0.05, 5, cohorts_of(plan, N_YEARS))
    found = augmented_lives(loads, plan, STRINGS, laws(), DRAWS.law_of_life, rate, DAYS, exponent_shift=shift)
    alone = live(base, laws(), replace(DRAWS, exponent_shift=shift), DAYS, days_per_step=1)
    straight = lived(plan)
    np.testing.assert_allclose(found.first_strings.soh_capacity, alone.soh_capacity, rtol=3e-5)
    assert np.abs(found.site.soh_capacity - straight.site.soh_capacity).max() > 1e-3


def test_each_life_is_given_strings_when_it_needs_them_itself():
    found = added()
    assert set(found.times) >= {0.0, 1.0}
    came = found.added_share > 0.0
    assert np.all(found.site.soh_energy[:, 1:][came] < PLAN.soh_energy_floor)
    low = found.site.soh_energy[:, 1:-1] < PLAN.soh_energy_floor
    assert np.array_equal(low, came[:, :-1])
    assert not came[:, -1].any()
    np.testing.assert_allclose(found.added_share * 48, np.round(found.added_share * 48), atol=1e-9)


def test_sums_are_sums_and_old_strings_never_get_younger():
    found = added()
    size, health = found.strings_share, found.cohort_soh_capacity
    np.testing.assert_allclose(found.site.soh_capacity[:, 1:], (size * health[:, 1:]).sum(axis=2), rtol=1e-12)
    np.testing.assert_allclose(
        found.site.soh_capacity[:, 1:] + found.site.loss_by_cause[:, 1:].sum(axis=2), size.sum(axis=2), rtol=1e-9
    )
    np.testing.assert_allclose(
        found.installed_mwh, 5.0 * (1.0 + np.cumsum(found.added_share, axis=1) - found.added_share)
    )
    assert np.all(np.diff(health, axis=1) <= 0.0)
    assert np.array_equal(found.first_strings.soh_capacity, health[..., 0])


def test_new_strings_take_power_off_the_old_ones_and_all_do_the_same_work():
    base, _ = tables()
    alone, found = live(base, laws(), DRAWS, DAYS), added()
    helped = found.times > 0.0
    assert np.all(found.first_strings.soh_capacity[helped, -1] > alone.soh_capacity[helped, -1])
    assert np.all(found.first_strings.full_cycles[helped, -1] < alone.full_cycles[helped, -1])
    np.testing.assert_allclose(found.site.discharged_mwh, alone.discharged_mwh, rtol=0.03)


def test_what_comes_is_paid_by_its_year():
    found = added()
    year = np.arange(N_YEARS)
    expected = 100.0 * 0.9**year * 5000.0 * found.added_share + 7000.0 * (found.added_share > 0.0)
    np.testing.assert_allclose(found.cost, expected, rtol=1e-12)
    assert found.cost.any()


def test_replaced_strings_are_paid_out_and_the_site_does_not_grow():
    plan = replace(PLAN, kind=AugmentationKind.REPLACE, soh_energy_target=0.97, removal_cost_per_kwh=20.0, fixed_cost=0)
    found = lived(plan)
    np.testing.assert_allclose(found.installed_mwh, 5.0, rtol=1e-12)
    np.testing.assert_allclose(found.removed_share, found.added_share, atol=1e-12)
    np.testing.assert_allclose(found.cost, 120.0 * 0.9 ** np.arange(N_YEARS) * 5000.0 * found.added_share, rtol=1e-9)
    assert found.times.max() >= 1.0


def test_pieces_and_threads_do_not_matter():
    one, other = added(), lived(PLAN, LocalCompute(2), lives_per_piece=2)
    assert np.array_equal(one.site.soh_energy, other.site.soh_energy)
    assert np.array_equal(one.cost, other.cost)


def test_rates_of_the_first_strings_are_kept_and_those_of_new_ones_their_own():
    plan = replace(PLAN, ageing_factor=0.8)
    rate = cohort_rates(plan, DRAWS, DRAWS, 0.05, 5, 4)
    assert np.array_equal(rate[:, 0], DRAWS.rate)
    ratio = rate[:, 1:] / DRAWS.rate[:, None]
    assert np.allclose(ratio, ratio[..., :1])
    assert np.allclose(np.exp(np.log(ratio).mean()), 0.8, rtol=0.05)
    assert np.array_equal(cohort_rates(plan, DRAWS, DRAWS, 0.05, 5, 3), rate[:, :3])
    assert (cohorts_of(plan, 3), cohorts_of(plan, 20)) == (3, 5)


def test_a_planned_year_that_never_comes_is_refused():
    with pytest.raises(DataError, match="year 9, the study has 8"):
        lived(replace(PLAN, planned_years=(2, 9)))
