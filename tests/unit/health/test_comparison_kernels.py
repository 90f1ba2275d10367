"""The loops that compare cells against plain NumPy."""

import numpy as np

from battuta.health.comparison_kernels import MAD, leave_common, middle, score_cells

RNG = np.random.default_rng(8)


def test_the_middle_is_the_median() -> None:
    for n in (1, 2, 7, 8):
        values = RNG.normal(size=n)
        assert middle(values) == np.median(values)


def test_scores_are_distances_in_usual_distances() -> None:
    values = RNG.normal(size=31)
    distance = values - np.median(values)
    np.testing.assert_allclose(score_cells(values, 1e-9), distance / (MAD * np.median(np.abs(distance))), rtol=1e-12)
    np.testing.assert_allclose(score_cells(values, 1e3), distance / 1e3, rtol=1e-12)


def test_what_is_shared_is_taken_off_as_by_numpy() -> None:
    values, kinds = RNG.normal(size=60), RNG.normal(size=(3, 60))
    kinds[2] = 7.0
    centred = kinds - np.median(kinds, axis=1, keepdims=True)
    usual = MAD * np.median(np.abs(centred), axis=1, keepdims=True)
    x = np.vstack([np.ones(60), np.clip(centred / np.where(usual > 0.0, usual, 1.0), -4.0, 4.0)])
    left = values - np.median(values)
    for _ in range(3):
        size = 3.0 * MAD * np.median(np.abs(left))
        clipped = np.clip(left, -size, size)
        left = left - np.linalg.solve(x @ x.T + 1e-3 * 60 * np.eye(4), x @ clipped) @ x
    np.testing.assert_allclose(leave_common(values, kinds), left, rtol=1e-9)
