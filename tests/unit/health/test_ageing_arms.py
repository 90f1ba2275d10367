"""Lives of strings by arm: what has to hold whatever was drawn."""

import numpy as np
import pytest

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.health.ageing_arms import ARMS, Heterogeneity, StringDuty, string_life
from battuta.physics.pcs import NottonPcs

DUTY = StringDuty(step_days=30.0)


def life(name, heterogeneity=None, duty=DUTY, seed=3):
    return string_life(ARMS[name], heterogeneity or Heterogeneity(), duty, seed=seed)


def test_the_weakest_ends_a_string_and_balancers_free_the_rest() -> None:
    passive, active = life("passive"), life("active")
    assert active.life_years > 1.2 * passive.life_years
    assert passive.capacity_share_low < 0.81
    assert active.capacity_share_low < 0.8 < active.capacity_share_high


def test_more_unequal_modules_end_a_passive_string_sooner() -> None:
    lives = [life("passive", Heterogeneity(rate_cv=cv)).life_years for cv in (0.0, 0.05, 0.1, 0.2)]
    assert (np.diff(lives) < 0.0).all()


def test_converters_lose_what_they_are_said_to_lose() -> None:
    assert DUTY.converter_loss_share() == pytest.approx(0.5 * (0.002 + 0.01 * 0.16) / 0.2)
    even = life("converters_even")
    assert even.loss_share == pytest.approx(2.0 * DUTY.converter_loss_share(), rel=0.05)
    assert even.life_years < life("active").life_years
    assert life("passive").loss_share == 0.0


def test_heat_of_converters_costs_life() -> None:
    warm = StringDuty(step_days=30.0, converter_warming_k=2.0)
    assert life("steered", duty=warm).life_years < life("steered").life_years
    assert life("active", duty=warm) == life("active")


def test_steering_leaves_modules_more_alike_than_even_use() -> None:
    wide = Heterogeneity(rate_cv=0.15, known_cv=0.0)
    spans = [life(name, wide) for name in ("steered_low", "converters_even_low")]
    steered, even = (each.capacity_share_high - each.capacity_share_low for each in spans)
    assert steered < 0.9 * even


def test_a_string_that_is_not_emptied_has_room_to_steer() -> None:
    unequal = Heterogeneity(rate_cv=0.2, known_cv=0.0)
    easy = StringDuty(step_days=30.0, energy_share=0.4)
    steered, even = (life(name, unequal, easy).life_years for name in ("steered_low", "converters_even_low"))
    assert steered > 1.01 * even


def test_a_seed_draws_the_same_modules_for_all_arms_and_spreads() -> None:
    narrow, wide = Heterogeneity(rate_cv=0.01), Heterogeneity(rate_cv=0.1)
    first, second = narrow.drawn(5, 2), wide.drawn(5, 0)
    assert np.argsort(first[0][0]).tolist() == np.argsort(second[0][0]).tolist()
    np.testing.assert_array_equal(first[0][2], second[0][2])
    assert first[1].shape == (3, 2)
    many = Heterogeneity(rate_cv=0.2, n_modules=20_000).drawn(1, 0)[0]
    assert many[0].mean() == pytest.approx(1.0, abs=0.01)
    assert many[0].std() == pytest.approx(0.2, abs=0.01)
    assert life("swap") == life("swap")


def test_places_lie_evenly_around_the_mean() -> None:
    away_k = Heterogeneity(gradient_k=8.0, n_modules=4).drawn(1, 0)[2]
    assert away_k.tolist() == [-3.0, -1.0, 1.0, 3.0]


def test_shorter_steps_change_little() -> None:
    for name in ("passive", "active", "steered", "swap"):
        fine, coarse = (life(name, duty=StringDuty(step_days=days)).life_years for days in (2.0, 10.0))
        assert coarse == pytest.approx(fine, rel=0.004)


def test_what_cannot_be_is_refused() -> None:
    weak = NottonPcs(
        rated_power_kw=0.2,
        no_load_discharge_pu=0.0,
        quadratic_discharge_pu=0.0,
        no_load_charge_pu=0.0,
        quadratic_charge_pu=0.0,
    )
    with pytest.raises(InvalidQuantityError, match="rated_power_kw"):
        StringDuty(converter=weak)
    for bad in ({"energy_share": 0.9}, {"rest_high_h": 20.0}, {"move_h": 0.0}, {"step_days": 0.0}):
        with pytest.raises(InvalidQuantityError):
            StringDuty(**bad)
    with pytest.raises(InvalidQuantityError, match="rate_cv"):
        Heterogeneity(rate_cv=-0.1)
    with pytest.raises(DataError, match="one module or more; got 0"):
        Heterogeneity(n_modules=0)
