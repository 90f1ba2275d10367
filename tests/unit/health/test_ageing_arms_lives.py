"""Strings by any law: Naumann's gives what the published figures were made with; what does not fit is refused."""

import numpy as np
import pytest

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.health.ageing_arms import ARMS, Heterogeneity, StringDuty, string_life
from battuta.health.ageing_arms_days import day_stress
from battuta.health.ageing_arms_lives import string_years
from battuta.physics.ageing.ageing_law import ageing_law, ageing_law_names

DUTY = StringDuty(step_days=10.0)
STRESS = {name: day_stress(ageing_law(name), DUTY, 23.0, 27.0) for name in ageing_law_names()}


def years(name, law="naumann_lfp", heterogeneity=None, duty=DUTY, seed=1000, **more):
    return string_years(ARMS[name], heterogeneity or Heterogeneity(), duty, STRESS[law], seed=seed, n_years=20, **more)


@pytest.mark.parametrize("name", ARMS)
def test_by_naumanns_law_a_string_lives_as_in_the_published_figures(name) -> None:
    places = Heterogeneity(gradient_k=4.0)
    own, by_law = string_life(ARMS[name], places, DUTY, seed=1000), years(name, heterogeneity=places)
    assert by_law.life_years == pytest.approx(own.life_years, rel=2e-3)
    assert by_law.capacity_share_low == pytest.approx(own.capacity_share_low, abs=2e-3)
    assert by_law.capacity_share_high == pytest.approx(own.capacity_share_high, abs=2e-3)
    np.testing.assert_allclose(by_law.swapped_years, own.swapped_years, atol=0.05)


@pytest.mark.parametrize("law", ageing_law_names())
def test_freeing_the_rest_from_the_weakest_lengthens_life_under_every_law(law) -> None:
    passive, active = years("passive", law), years("active", law)
    assert active.life_years > 1.1 * passive.life_years
    assert active.delivered.sum() > passive.delivered.sum()
    assert years("passive", law, rate=1.2 * np.ones(len(STRESS[law].terms))).life_years < passive.life_years


def test_losses_of_converters_are_shares_of_what_is_delivered() -> None:
    assert years("converters_even").loss_share == pytest.approx(2.0 * DUTY.converter_loss_share(), rel=0.1)
    assert years("passive").loss_share == 0.0


def test_a_higher_exponent_lengthens_no_early_life_but_shortens_a_long_one() -> None:
    """The loss at 885 days of the passive day is kept: a life that ends later ends sooner, and the other way round."""
    up, down = (years("passive", "lfp_250ah", exponent_shift=np.full(2, shift)).life_years for shift in (0.06, -0.06))
    assert up < years("passive", "lfp_250ah").life_years < down
    worn = {"rate": np.full(2, 3.0)}
    ends = [years("passive", exponent_shift=np.full(2, shift), **worn).life_years for shift in (0.06, 0.0, -0.06)]
    assert ends[0] > ends[1] > ends[2]
    assert ends[0] < 885.0 / 365.25


def test_shorter_steps_change_little() -> None:
    for law in ageing_law_names():
        fine, coarse = (
            string_years(ARMS["steered"], Heterogeneity(), StringDuty(step_days=days), STRESS[law], seed=2, n_years=20)
            for days in (3.0, 10.0)
        )
        assert coarse.life_years == pytest.approx(fine.life_years, rel=0.004)
        assert coarse.delivered.sum() == pytest.approx(fine.delivered.sum(), rel=0.002)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(DataError, match=r"rate of shape \(3,\): naumann_lfp needs 2"):
        years("passive", rate=np.ones(3))
    with pytest.raises(DataError, match="exponent_shift"):
        years("passive", exponent_shift=np.array([np.nan, 0.0]))
    with pytest.raises(InvalidQuantityError, match="rate"):
        years("passive", rate=np.array([-1.0, 1.0]))
    with pytest.raises(InvalidQuantityError, match="temperature_c"):
        years("passive", heterogeneity=Heterogeneity(gradient_k=20.0))
