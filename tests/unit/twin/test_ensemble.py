"""Draws of an ensemble: by weight, by prior, the same for a life whoever else is drawn."""

import numpy as np
import pytest

from battuta.domain.errors import UsageError
from battuta.physics.ageing.ageing_law import ageing_law
from battuta.twin.ensemble import ensemble_draws, law_of_lives

LAWS = [ageing_law("naumann_lfp"), ageing_law("sony_lfp_3ah")]
WEIGHTS = {"naumann_lfp": 1.0, "sony_lfp_3ah": 3.0}


def drawn(n_lives=4000, first_life=0, cell=0.1, term=0.0):
    return ensemble_draws(
        LAWS,
        WEIGHTS,
        cell_deviation_share=cell,
        term_deviation_share={"naumann_lfp": np.full(4, term)},
        seed=3,
        n_lives=n_lives,
        first_life=first_life,
    )


def test_any_first_lives_share_by_weight():
    for n_lives in (8, 40, 400):
        assert abs(int((law_of_lives([1.0, 3.0], 0, n_lives) == 0).sum()) - n_lives / 4) <= 2
    assert np.array_equal(law_of_lives([1.0, 3.0], 0, 20)[5:], law_of_lives([1.0, 3.0], 5, 15))


def test_a_battery_has_a_factor_of_its_own_and_terms_have_theirs():
    both = drawn(term=0.2)
    logs = np.log(both.rate)
    first, second = logs[both.law_of_life == 0], logs[both.law_of_life == 1]
    assert second[:, 0].std() == pytest.approx(0.1, rel=0.05)
    assert np.allclose(second, second[:, :1])
    assert first[:, 0].std() == pytest.approx(np.hypot(0.1, 0.2), rel=0.1)
    assert np.corrcoef(first[:, 0], first[:, 1])[0, 1] == pytest.approx(0.2, abs=0.08)


def test_a_life_is_the_same_whoever_else_is_drawn():
    assert np.array_equal(drawn(20, term=0.2).rate[7:9], drawn(2, first_life=7, term=0.2).rate)


def test_a_model_without_a_weight_is_named():
    with pytest.raises(UsageError, match="sony_lfp_3ah has no weight"):
        ensemble_draws(LAWS, {"naumann_lfp": 1.0}, cell_deviation_share=0.0, term_deviation_share={}, seed=1, n_lives=1)


def test_exponents_are_shifted_by_their_own_spread_and_only_where_there_is_one():
    assert drawn().exponent_shift is None
    bent = ensemble_draws(
        LAWS,
        WEIGHTS,
        cell_deviation_share=0.0,
        term_deviation_share={},
        exponent_deviation={"naumann_lfp": np.array([0.05, 0.0, 0.0, 0.0])},
        seed=3,
        n_lives=4000,
    )
    assert bent.exponent_shift is not None
    assert bent.exponent_shift[bent.law_of_life == 0, 0].std() == pytest.approx(0.05, rel=0.1)
    assert not bent.exponent_shift[bent.law_of_life == 1].any()
    assert not bent.exponent_shift[:, 1:].any()
    assert np.all(bent.rate == 1.0)


def test_terms_of_one_curve_share_a_draw():
    shared = ensemble_draws(
        LAWS,
        WEIGHTS,
        cell_deviation_share=0.0,
        term_deviation_share={each.name: np.full(len(each.terms), 0.2) for each in LAWS},
        draw_of_term={"naumann_lfp": np.array([0, 0, 2, 3])},
        seed=3,
        n_lives=50,
    )
    first = shared.rate[shared.law_of_life == 0]
    assert np.array_equal(first[:, 0], first[:, 1])
    assert not np.any(first[:, 1] == first[:, 2])
    second = shared.rate[shared.law_of_life == 1]
    assert not np.any(second[:, 0] == second[:, 1])
