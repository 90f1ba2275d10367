"""The kernel that gives lives up one by one, against the same in plain Python."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from battuta.twin.debt_every_year_kernels import keep_one_by_one


def kept_plainly(earned, factors, n_given_up):
    """Look at every life that is lowest in some year; the first of the best goes."""
    worth = earned * factors
    kept = list(range(len(earned)))
    for _ in range(n_given_up):
        gain = {}
        for year in range(earned.shape[1]):
            order = sorted(kept, key=lambda life: (earned[life, year], life))
            low, above = order[0], order[1]
            gain[low] = gain.get(low, 0.0) + worth[above, year] - worth[low, year]
        kept.remove(max(gain, key=gain.__getitem__))
    return [each in kept for each in range(len(earned))]


@given(
    seed=st.integers(0, 2**32 - 1),
    n_lives=st.integers(2, 30),
    n_years=st.integers(1, 8),
    ties=st.booleans(),
    data=st.data(),
)
def test_kernel_gives_up_the_same_lives(seed, n_lives, n_years, ties, data):
    n_given_up = data.draw(st.integers(0, n_lives - 1))
    draws = np.random.default_rng(seed)
    shape = (n_lives, n_years)
    earned = draws.integers(0, 4, shape).astype(float) if ties else draws.normal(100.0, 30.0, shape)
    factors = 1.07 ** -np.arange(1.0, n_years + 1.0)
    upwards = np.ascontiguousarray(np.argsort(earned, axis=0, kind="stable").T)
    kept = keep_one_by_one(upwards, np.ascontiguousarray((earned * factors).T), n_given_up)
    assert kept.tolist() == kept_plainly(earned, factors, n_given_up)
