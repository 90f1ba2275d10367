"""The kernel looks at the references that its plain twin looks at, and comes to the same likeness."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battuta.forecast.clock_kernels import N_NEAREST, nearest_likeness

N_DAYS, N_MOVES, N_SLOTS = 120, 5, 20


def twin(references, is_there, year_first, year_stop, newest, recent_max, shape):
    year_ago = [day for day in range(year_first, min(year_stop, newest)) if is_there[day]]
    recent = [day for day in range(year_stop, newest) if is_there[day]][-recent_max:]
    rows = year_ago + recent
    if len(rows) < N_NEAREST:
        return len(rows), None
    return len(rows), np.sort(references[rows] @ shape, axis=0)[-N_NEAREST:].mean(axis=0)


@given(st.integers(0, 2**32 - 1), st.integers(0, 50), st.integers(0, 30), st.integers(0, N_DAYS), st.floats(0.2, 1.0))
def test_it_agrees_with_its_twin(seed, year_first, year_days, newest, share):
    rng = np.random.default_rng(seed)
    references, shape = rng.normal(size=(N_DAYS, N_MOVES, N_SLOTS)), rng.normal(size=N_SLOTS)
    where = (rng.random(N_DAYS) < share, year_first, year_first + year_days, newest, 35)
    likeness = np.empty(N_MOVES)
    n_seen = nearest_likeness(references, *where, shape, likeness)
    n_expected, expected = twin(references, *where, shape)
    assert n_seen == n_expected
    if expected is not None:
        assert likeness == pytest.approx(expected)


def test_only_the_latest_count_beside_those_of_a_year_ago():
    references = np.zeros((N_DAYS, 1, 2))
    references[:, 0, 0] = np.arange(N_DAYS)
    likeness = np.empty(1)
    everywhere = np.ones(N_DAYS, dtype=np.bool_)
    assert nearest_likeness(references, everywhere, 10, 20, 100, 35, np.array([1.0, 0.0]), likeness) == 45
    assert likeness[0] == 98.0
    assert nearest_likeness(references, everywhere, 90, 90, 80, 35, np.array([1.0, 0.0]), likeness) == 0
