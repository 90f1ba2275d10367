"""Scores are proper and keep their symmetries; levels of quantiles go there and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from battuta.numerics import scores
from battuta.numerics.path_scores import crps_ensemble, joint_crps, variogram_score
from battuta.numerics.quantile_function import pit, quantiles_at

LEVELS = np.arange(1, 100) / 100
NUMBERS = st.floats(-500.0, 3000.0, allow_subnormal=False)


def days(n_times):
    return arrays(np.float64, (n_times,), elements=NUMBERS)


def rows(n_rows, n_levels):
    return arrays(np.float64, (n_rows, n_levels), elements=NUMBERS).map(lambda each: np.sort(each, axis=1))


@given(days(24), days(24), st.floats(0.1, 10.0))
def test_scores_scale_with_the_unit_and_smape_does_not(came, said, unit):
    assert scores.mae(unit * came, unit * said) == pytest.approx(unit * scores.mae(came, said), abs=1e-9)
    assert scores.rmse(came, said) >= scores.mae(came, said) - 1e-9
    assert 0.0 <= scores.smape(came, said) <= 2.0 + 1e-12
    assert scores.smape(said, came) == scores.smape(came, said)


@given(days(6), rows(6, 99))
def test_twice_the_pinball_loss_of_a_median_is_its_error(came, quantiles):
    medians = quantiles[:, 49]
    assert 2.0 * scores.pinball(came, np.array([0.5]), medians[:, None]) == pytest.approx(scores.mae(came, medians))
    assert scores.crps_from_quantiles(came, LEVELS, np.tile(came[:, None], 99)) == 0.0
    assert scores.crps_from_quantiles(came, LEVELS, quantiles) >= 0.0


@given(NUMBERS, arrays(np.float64, 9, elements=st.floats(0.01, 500.0)), st.floats(0.001, 0.999))
def test_the_level_of_a_quantile_is_its_level(start, gaps, level):
    levels, quantiles = np.arange(1, 10) / 10, start + np.cumsum(gaps)[None]
    assert pit(quantiles_at(levels, quantiles, np.array([level]))[0], levels, quantiles) == pytest.approx(level)


@given(rows(3, 9), arrays(np.float64, 20, elements=st.floats(1e-6, 1.0 - 1e-6)))
def test_quantiles_ascend_with_their_level(quantiles, at):
    assert np.all(np.diff(quantiles_at(np.arange(1, 10) / 10, quantiles, np.sort(at)), axis=1) >= -1e-9)


@given(arrays(np.float64, (5, 4), elements=NUMBERS), days(4), NUMBERS)
def test_path_scores_know_no_level_and_are_never_negative(paths, came, shift):
    for score in (joint_crps, variogram_score):
        assert score(paths, came) >= -1e-7
        assert score(paths + shift, came + shift) == pytest.approx(score(paths, came), rel=1e-4, abs=1e-3)
    assert joint_crps(paths[:, :1], came[:1]) == pytest.approx(crps_ensemble(paths, came)[0], abs=1e-9)
