"""Scores of paths by hand, what they reward, and what they refuse."""

import numpy as np
import pytest

from battuta.numerics.path_scores import crps_ensemble, joint_crps, variogram_score


def day(seed, n_paths=400, n_times=24):
    """Paths whose hours hang together, and one more drawn like them."""
    steps = np.random.default_rng(seed).normal(size=(n_paths + 1, n_times))
    paths = np.cumsum(steps, axis=1)
    return paths[1:], paths[0]


def test_one_path_scores_its_distance():
    path, came = np.array([[3.0, 0.0]]), np.array([0.0, 4.0])
    assert joint_crps(path, came) == 5.0
    assert crps_ensemble(path, came).tolist() == [3.0, 4.0]
    assert variogram_score(path, came, 1.0) == 2.0 * (3.0 - 4.0) ** 2


def test_two_paths_by_hand():
    paths, came = np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([0.0, 0.0])
    assert joint_crps(paths, came) == 2.5 - 0.5 * 2.5
    np.testing.assert_allclose(crps_ensemble(paths, came), [1.5 - 0.75, 2.0 - 1.0])
    assert variogram_score(paths, came, 2.0) == pytest.approx(2.0 * 0.5**2)


def test_order_of_paths_does_not_matter():
    paths, came = day(1)
    assert joint_crps(paths[::-1], came) == pytest.approx(joint_crps(paths, came), rel=1e-12)
    np.testing.assert_allclose(crps_ensemble(paths[::-1], came), crps_ensemble(paths, came), rtol=1e-10)


def test_hours_that_are_shuffled_apart_score_worse_though_each_hour_is_the_same():
    joint, apart, hours = [], [], []
    for seed in range(40):
        paths, came = day(seed)
        shuffled = np.random.default_rng(seed).permuted(paths, axis=0)
        joint.append((joint_crps(paths, came), variogram_score(paths, came)))
        apart.append((joint_crps(shuffled, came), variogram_score(shuffled, came)))
        hours.append(np.abs(crps_ensemble(paths, came) - crps_ensemble(shuffled, came)).max())
    assert max(hours) < 1e-12
    assert np.all(np.mean(apart, axis=0) > 1.01 * np.mean(joint, axis=0))


def test_unknown_times_are_left_out():
    paths, came = day(2)
    came[3] = came[20] = np.nan
    known = ~np.isnan(came)
    assert joint_crps(paths, came) == joint_crps(paths[:, known], came[known])
    assert variogram_score(paths, came) == variogram_score(paths[:, known], came[known])
    assert np.flatnonzero(np.isnan(crps_ensemble(paths, came))).tolist() == [3, 20]


def test_what_cannot_be_scored_is_refused():
    paths, came = day(3)
    with pytest.raises(ValueError, match=r"paths have the shape \(24, 400\)"):
        joint_crps(paths.T, came)
    with pytest.raises(ValueError, match="0 of 24 values are known, at least 1"):
        joint_crps(paths, came * np.nan)
    with pytest.raises(ValueError, match="at least 2 are needed"):
        variogram_score(paths[:, :1], came[:1])
    with pytest.raises(ValueError, match="order = 0"):
        variogram_score(paths, came, 0.0)
    with pytest.raises(ValueError, match="1 infinite"):
        joint_crps(paths, np.where(np.arange(24) == 1, np.inf, came))
    paths[7, 5] = np.nan
    with pytest.raises(ValueError, match="path 7 is not finite at time 5"):
        crps_ensemble(paths, came)
