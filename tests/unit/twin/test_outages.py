"""Outages that overlap: held against a clock that is looked at ten thousand times a year."""

import numpy as np
import pytest

from battuta.twin.outages import Outages, lost_shares


def outages(life, start, end, share):
    return Outages(
        life=np.asarray(life), start_year=np.asarray(start), end_year=np.asarray(end), share=np.asarray(share)
    )


def test_overlaps_add_up_to_all_and_no_more():
    asked = outages([0, 0, 0], [0.0, 0.25, 0.25], [0.5, 0.5, 0.75], [0.5, 0.3, 0.4])
    lost = lost_shares([asked], n_lives=1, n_years=1)
    assert lost[0, 0] == pytest.approx(0.25 * 0.5 + 0.25 * 1.0 + 0.25 * 0.4)


def test_outages_reach_into_the_next_year_and_end_with_the_study():
    lost = lost_shares([outages([1], [0.75], [9.0], [0.2])], n_lives=2, n_years=3)
    assert lost == pytest.approx(np.array([[0.0, 0.0, 0.0], [0.05, 0.2, 0.2]]))
    assert not lost_shares([outages(np.zeros(0, dtype=np.int64), [], [], [])], n_lives=2, n_years=3).any()
    assert not lost_shares([], n_lives=2, n_years=3).any()


def test_the_sweep_is_what_a_clock_sees():
    rng = np.random.default_rng(8)
    n_lives, n_years, n = 3, 4, 60
    life, start = rng.integers(n_lives, size=n), rng.uniform(0.0, n_years, n)
    end, share = start + rng.exponential(0.3, n), rng.uniform(0.05, 0.6, n)
    lost = lost_shares([outages(life, start, end, share)], n_lives=n_lives, n_years=n_years)
    clock = (np.arange(n_years * 10_000) + 0.5) / 10_000
    parts = [outages(life[k::2], start[k::2], end[k::2], share[k::2]) for k in (0, 1)]
    assert lost_shares(parts, n_lives=n_lives, n_years=n_years) == pytest.approx(lost)
    for each in range(n_lives):
        own = life == each
        out = ((clock >= start[own, None]) & (clock < end[own, None])).T @ share[own]
        seen = np.minimum(out, 1.0).reshape(n_years, -1).mean(axis=1)
        assert lost[each] == pytest.approx(seen, abs=1e-3)
