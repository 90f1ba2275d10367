"""Ways of using a string under several models: same strings, the pooled interval, and what models disagree about."""

import numpy as np
import pytest

from battuta.adapters.compute.local import LocalCompute
from battuta.domain.errors import DataError, InvalidQuantityError, UsageError
from battuta.health.ageing_arms import ARMS, Heterogeneity, StringDuty
from battuta.health.ageing_arms_days import day_stress
from battuta.health.ageing_arms_lives import string_years
from battuta.physics.ageing.ageing_law import ageing_law
from battuta.studies.serial_compute import SerialCompute
from battuta.studies.uniform_ageing import UniformAgeingAsked, uniform_ageing

DUTY = StringDuty(step_days=30.0)
ASKED = UniformAgeingAsked(
    arms=("passive", "low_window", "active"), duty=DUTY, weights={"naumann_lfp": 1.0, "lfp_250ah": 3.0}, n_strings=30
)


@pytest.fixture(scope="module")
def found():
    return uniform_ageing(ASKED, SerialCompute())


def test_the_answer_does_not_depend_on_how_the_work_is_shared(found) -> None:
    again = uniform_ageing(ASKED, LocalCompute(2))
    np.testing.assert_array_equal(again.life_years, found.life_years)
    np.testing.assert_array_equal(again.delivered_share, found.delivered_share)
    assert found.life_years.shape == (3, 2, 30)


def test_rates_are_drawn_around_those_of_the_model(found) -> None:
    """Half of the strings live longer than with the model's own rates, and rates spread more than modules do."""
    stress = day_stress(ageing_law("lfp_250ah"), DUTY, 25.0, 25.0)
    plainly = np.array(
        [
            string_years(ARMS["passive"], Heterogeneity(), DUTY, stress, seed=1000 + k, n_years=20).life_years
            for k in range(30)
        ]
    )
    drawn = found.life_years[0, 1]
    assert 8 <= np.count_nonzero(drawn > plainly) <= 22
    assert drawn.std() > 2.0 * plainly.std()


def test_each_string_has_the_modules_of_its_number(found) -> None:
    """What freeing the rest from the weakest gains hangs on the modules more than on the rates that all share."""
    stress = day_stress(ageing_law("naumann_lfp"), DUTY, 25.0, 25.0)
    lives = [
        [
            string_years(ARMS[name], Heterogeneity(), DUTY, stress, seed=1000 + k, n_years=20).life_years
            for k in range(30)
        ]
        for name in ("passive", "active")
    ]
    plainly = np.array(lives[1]) / np.array(lives[0])
    assert np.corrcoef(plainly, found.life_years[2, 0] / found.life_years[0, 0])[0, 1] > 0.9


def test_the_interval_over_all_models_holds_that_of_each(found) -> None:
    each = [found.gain("active", law=law) for law in found.laws]
    pooled = found.gain("active")
    assert min(gain.low for gain in each) <= pooled.low <= pooled.mean <= pooled.high <= max(gain.high for gain in each)
    assert pooled.mean == pytest.approx(0.25 * each[0].mean + 0.75 * each[1].mean)
    assert found.mean("active") == pytest.approx(
        0.25 * found.life_years[2, 0].mean() + 0.75 * found.life_years[2, 1].mean()
    )
    more = found.life_years[2, 0] / found.life_years[0, 0] - 1.0
    assert each[0].error == pytest.approx(more.std(ddof=1) / 30**0.5)
    assert each[0].low == pytest.approx(np.quantile(more, 0.1, method="inverted_cdf"))
    assert 0.0 < found.gain("active", of="delivered").mean < pooled.mean


def test_orders_that_differ_are_named(found) -> None:
    assert found.disputed() == ()
    assert found.order() == ("active", "low_window", "passive")
    assert found.better_share("active", "passive", "lfp_250ah") == 1.0
    turned = found.life_years.copy()
    turned[1, 0] += 50.0
    other = type(found)(asked=ASKED, laws=found.laws, life_years=turned, delivered_share=found.delivered_share)
    assert other.disputed() == (("low_window", "active"),)
    assert other.order("naumann_lfp")[0] == "low_window"
    assert other.outlived_share("low_window", "naumann_lfp") == 1.0
    assert other.outlived_share("active", "naumann_lfp") == 0.0


def test_what_was_not_run_is_refused(found) -> None:
    with pytest.raises(UsageError, match="no arm named 'swap' was run"):
        found.gain("swap")
    with pytest.raises(UsageError, match="no ageing model named 'sony_lfp_3ah' was asked"):
        found.mean("active", "sony_lfp_3ah")
    dead = found.life_years.copy()
    dead[0, 1, 4] = 0.0
    other = type(found)(asked=ASKED, laws=found.laws, life_years=dead, delivered_share=found.delivered_share)
    with pytest.raises(DataError, match="1 strings of 'passive' never delivered enough"):
        other.gain("active")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"arms": ("passive", "perpetual")}, "no way of using a string is named 'perpetual'"),
        ({"arms": ("active",)}, "arms must hold 'passive'"),
        ({"arms": ("passive", "active", "active")}, "each name once"),
        ({"weights": {}}, "one ageing model or more"),
    ],
)
def test_what_cannot_be_compared_is_refused(given, why) -> None:
    with pytest.raises(UsageError, match=why):
        UniformAgeingAsked(**given)


@pytest.mark.parametrize("given", [{"n_strings": 0}, {"n_years": 41}, {"weights": {"naumann_lfp": 0.0}}])
def test_figures_outside_their_range_are_refused(given) -> None:
    with pytest.raises(InvalidQuantityError):
        UniformAgeingAsked(**given)
    with pytest.raises(UsageError, match="no ageing model is named"):
        uniform_ageing(UniformAgeingAsked(weights={"mine": 1.0}, n_strings=1), SerialCompute())
