"""A meter that repeats itself, or that is far from nominal."""

import numpy as np
import pytest

from battuta.site.frozen_kernels import mask_frozen


def masked(frequency_hz, memory=None, tick_s=0.05, limit_s=3.0, nominal_hz=50.0):
    frequency_hz = np.atleast_2d(np.asarray(frequency_hz, dtype=np.float64))
    out_hz, n_sites = np.empty(frequency_hz.shape), frequency_hz.shape[0]
    memory = np.zeros((2, n_sites)) if memory is None else memory
    mask_frozen(frequency_hz, np.full(n_sites, nominal_hz), tick_s, limit_s, memory, out_hz)
    return out_hz


def twin(frequency_hz, tick_s, limit_s):
    """Length of the run of equal values that each tick ends."""
    out_hz = frequency_hz.copy()
    for i, row in enumerate(frequency_hz):
        for t in range(row.size):
            before = row[:t][::-1]
            run = int(np.argmax(np.append(before != row[t], True)))
            if run * tick_s > limit_s + 1e-9:
                out_hz[i, t] = np.nan
    return out_hz


def test_what_moves_is_measured() -> None:
    moving_hz = 50.0 + 0.001 * (np.arange(200) % 2)
    np.testing.assert_array_equal(masked(moving_hz)[0], moving_hz)


def test_what_stands_still_for_longer_than_the_limit_is_missing_until_it_moves() -> None:
    still_hz = np.full(100, 49.9)
    out_hz = masked(np.append(still_hz, 49.901))[0]
    first = int(np.flatnonzero(np.isnan(out_hz))[0])
    assert first * 0.05 == pytest.approx(3.0, abs=0.051)
    assert np.isnan(out_hz[first:-1]).all()
    assert out_hz[-1] == 49.901


def test_missing_stays_missing_and_does_not_count_as_standing_still() -> None:
    out_hz = masked(np.full(200, np.nan))[0]
    assert np.isnan(out_hz).all()
    assert masked(np.append(np.full(200, np.nan), 50.0))[0, -1] == 50.0


def test_sites_do_not_see_each_other() -> None:
    random = np.random.default_rng(3)
    frequency_hz = 50.0 + 0.001 * random.integers(0, 2, (5, 400))
    frequency_hz[2, 100:300] = 49.95
    frequency_hz[4] = 50.02
    np.testing.assert_array_equal(masked(frequency_hz, tick_s=0.0625), twin(frequency_hz, 0.0625, 3.0))


def test_one_call_and_many_calls_give_the_same_bytes() -> None:
    frequency_hz = np.full((1, 160), 49.95)
    memory = np.zeros((2, 1))
    pieces = [masked(frequency_hz[:, k : k + 20], memory) for k in range(0, 160, 20)]
    assert np.hstack(pieces).tobytes() == masked(frequency_hz).tobytes()


@pytest.mark.parametrize("far_hz", [0.0, 44.99, 55.01, 60.0])
def test_what_is_far_from_nominal_is_no_frequency_unless_nothing_depends_on_it(far_hz) -> None:
    moving_hz = np.array([50.0, far_hz, 50.1, 45.01, 54.99])
    np.testing.assert_array_equal(masked(moving_hz)[0], [50.0, np.nan, 50.1, 45.01, 54.99])
    np.testing.assert_array_equal(masked(moving_hz, nominal_hz=0.0)[0], moving_hz)
