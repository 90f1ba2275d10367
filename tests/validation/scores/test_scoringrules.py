"""Scores of quantiles, intervals and paths against those of the scoringrules library."""

import numpy as np
import pytest
import scoringrules as reference
from scipy import stats

from battuta.numerics import scores
from battuta.numerics.path_scores import crps_ensemble, joint_crps, variogram_score

LEVELS = np.arange(1, 100) / 100


def dataset(seed, n_levels=99, n_times=60):
    rng = np.random.default_rng(seed)
    return rng.normal(size=n_times), np.sort(rng.normal(size=(n_times, n_levels)), axis=1)


@pytest.mark.parametrize("seed", range(5))
def test_quantiles_and_intervals(seed):
    came, quantiles = dataset(seed)
    losses = scores.pinball_losses(came, LEVELS, quantiles)
    np.testing.assert_allclose(losses, reference.quantile_score(came[:, None], quantiles, LEVELS), atol=1e-14)
    theirs = reference.crps_quantile(came, quantiles, LEVELS, backend="numpy")
    assert scores.crps_from_quantiles(came, LEVELS, quantiles) == pytest.approx(theirs.mean(), rel=1e-12)
    lower, upper = quantiles[:, 4], quantiles[:, 94]
    theirs = reference.interval_score(came, lower, upper, 0.1, backend="numpy")
    assert scores.winkler(lower, upper, came, 0.9) == pytest.approx(theirs.mean(), rel=1e-12)


@pytest.mark.parametrize(("n_paths", "n_times"), [(200, 24), (30, 96), (1, 3)])
def test_paths(n_paths, n_times):
    rng = np.random.default_rng(n_paths)
    paths, came = np.cumsum(rng.normal(size=(n_paths, n_times)), axis=1), rng.normal(size=n_times)
    theirs = reference.crps_ensemble(came, paths, m_axis=0, estimator="nrg", backend="numpy")
    np.testing.assert_allclose(crps_ensemble(paths, came), theirs, rtol=1e-10, atol=1e-12)
    theirs = reference.es_ensemble(came, paths, estimator="nrg", backend="numpy")
    assert joint_crps(paths, came) == pytest.approx(float(theirs), rel=1e-10)
    for order in (0.5, 1.0):
        theirs = reference.vs_ensemble(came, paths, p=order, estimator="nrg", backend="numpy")
        assert variogram_score(paths, came, order) == pytest.approx(float(theirs), rel=1e-10)


@pytest.mark.parametrize(
    ("distribution", "exact"),
    [
        (stats.norm(40.0, 10.0), lambda came: reference.crps_normal(came, 40.0, 10.0)),
        (stats.laplace(40.0, 10.0), lambda came: reference.crps_laplace(came, 40.0, 10.0)),
        (stats.gamma(2.0, scale=20.0), lambda came: reference.crps_gamma(came, 2.0, scale=20.0)),
    ],
)
def test_twice_the_mean_pinball_loss_becomes_the_crps_of_the_distribution(distribution, exact):
    came = distribution.rvs(400, random_state=7)
    expected = float(np.mean(exact(came)))
    gaps = []
    for n_levels in (9, 99, 999, 9999):
        levels = np.arange(1, n_levels + 1) / (n_levels + 1)
        quantiles = np.tile(distribution.ppf(levels), (came.size, 1))
        gaps.append(abs(scores.crps_from_quantiles(came, levels, quantiles) / expected - 1.0))
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[1] < 0.015
    assert gaps[3] < 2e-4
