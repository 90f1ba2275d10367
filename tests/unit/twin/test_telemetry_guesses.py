"""Guesses are drawn as the lives of a study are, and a second round makes up for how it was drawn."""

from __future__ import annotations

import numpy as np
import pytest

from battuta.physics.ageing.ageing_law import ageing_law
from battuta.physics.ageing.rate_prior import rate_prior
from battuta.twin.telemetry_guesses import WIDE_SHARE, GuessForm, first_guesses, next_guesses

LAWS = (ageing_law("naumann_lfp"), ageing_law("sony_lfp_3ah"))
FORM = GuessForm(
    laws=LAWS, weights={"naumann_lfp": 1.0, "sony_lfp_3ah": 3.0}, cell_deviation_share=0.05, learns_sites=True,
    learns_units=True, has_resistance=False,
)  # fmt: skip


def test_first_guesses_spread_as_the_study_says() -> None:
    found = first_guesses(FORM, 40_000, np.random.default_rng(1))
    draws = found.draws(FORM)
    assert found.is_wide.mean() == pytest.approx(WIDE_SHARE, abs=0.01)
    assert np.bincount(found.law_of_guess).tolist() == pytest.approx([10_000, 30_000], rel=0.01)
    narrow = (found.law_of_guess == 0) & ~found.is_wide
    wanted = np.hypot(rate_prior(LAWS[0]).log_sd, 0.05)
    np.testing.assert_allclose(np.log(draws.rate[narrow][:, :4]).std(axis=0), wanted, rtol=0.1)
    wide = (found.law_of_guess == 0) & found.is_wide
    assert np.log(draws.rate[wide][:, 0]).std() == pytest.approx(0.71, rel=0.05)
    assert np.log(draws.rate[wide][:, 2]).std() == pytest.approx(wanted[2], rel=0.1)  # resistance was not measured
    assert draws.exponent_shift is not None
    assert draws.exponent_shift[wide][:, 0].std() == pytest.approx(0.12, rel=0.05)


def test_the_spread_of_single_racks_and_sites_stays_as_it_is() -> None:
    form = GuessForm(
        laws=LAWS, weights=FORM.weights, cell_deviation_share=0.05, learns_sites=False, learns_units=False,
        has_resistance=True,
    )  # fmt: skip
    found = first_guesses(form, 100, np.random.default_rng(1))
    assert not found.unit_spread(form).any()
    np.testing.assert_array_equal(found.site_spread(form), 0.05)


def test_a_second_round_gives_the_same_expectations() -> None:
    rng = np.random.default_rng(2)

    def weighed(guesses):
        away = (guesses.own_factor(FORM) - 0.1) / 0.02
        weight = np.exp(guesses.log_lead - 0.5 * away**2)
        return weight / weight.sum()

    first = first_guesses(FORM, 200_000, rng)
    weight = weighed(first)
    second = next_guesses(FORM, first.at(np.arange(20_000)), weight[:20_000] / weight[:20_000].sum(), rng)
    again = weighed(second)
    assert 1.0 / np.square(again).sum() > 3.0 * 20_000 / 200_000 / np.square(weight).sum()
    for values in (lambda each: each.own_factor(FORM), lambda each: each.is_wide, lambda each: each.law_of_guess == 0):
        assert again @ values(second) == pytest.approx(weight @ values(first), abs=0.02)


def test_a_kind_that_is_ruled_out_is_drawn_as_before() -> None:
    first = first_guesses(FORM, 2000, np.random.default_rng(3))
    weight = np.where(first.law_of_guess == 0, 1e-300, 1.0)
    second = next_guesses(FORM, first, weight / weight.sum(), np.random.default_rng(4))
    assert np.isfinite(second.log_lead).all()
    assert 0.02 < np.mean(second.law_of_guess == 0) < 0.1
