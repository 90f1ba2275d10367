"""Closer never burns less, more never costs less, and a deductible never lets an insurer pay more."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from battuta.domain.insurance import Layout, Propagation
from battuta.twin.incident_losses import insurer_answer
from battuta.twin.incident_spread import hits_in_grid, hits_in_row
from battuta.twin.outages import Outages, lost_shares
from unit.twin.insurance_case import policy

shares = st.floats(0.0, 1.0)


def answer(n_containers, seed=1, **changes):
    asked = policy(**changes)
    return insurer_answer(
        asked, n_containers=n_containers, value_per_container=1e6, premium_per_year=0.0, seed=seed
    ).spacings


def table(near, far):
    low, high = sorted((near, far))
    return (Propagation(spacing_m=0.0, probability=high), Propagation(spacing_m=10.0, probability=low))


@settings(deadline=None, max_examples=60)
@given(n=st.integers(1, 30), p=shares)
def test_a_row_is_a_distribution_and_more_containers_are_hit_no_less(n, p):
    hit = hits_in_row(n, p)
    assert abs(hit.sum() - 1.0) < 1e-12
    assert np.all(hit >= 0.0)
    more = hits_in_row(n + 1, p)
    assert more @ np.arange(1, n + 2) >= hit @ np.arange(1, n + 1) - 1e-12


@settings(deadline=None, max_examples=25)
@given(rows=st.integers(2, 4), columns=st.integers(2, 4), p=shares, q=shares, seed=st.integers(0, 99))
def test_likelier_propagation_never_takes_less_of_a_grid(rows, columns, p, q, seed):
    low, high = (hits_in_grid(rows, columns, each, seed=seed, n_draws=300) for each in sorted((p, q)))
    assert np.all(np.cumsum(high) <= np.cumsum(low) + 1e-12)


@settings(deadline=None, max_examples=25)
@given(near=shares, far=shares, spacing_m=st.floats(0.0, 9.0), wider_m=st.floats(0.0, 1.0), is_grid=st.booleans())
def test_closer_containers_never_lower_a_loss(near, far, spacing_m, wider_m, is_grid):
    grid = {"layout": Layout.GRID, "rows": 2} if is_grid else {}
    wide = spacing_m + wider_m
    found = answer(6, propagation=table(near, far), spacing_m=spacing_m, spacing_m_compared=(wide,), **grid)
    close, apart = found[0], found[-1]
    for name in ("damage", "interruption", "together", "paid"):
        one, other = getattr(close.whole, name), getattr(apart.whole, name)
        assert one.expected >= other.expected * (1.0 - 1e-9)
        assert one.maximum == other.maximum
    for name in ("p99", "p996"):  # to the steps of the grid
        assert getattr(close.whole.damage, name) >= getattr(apart.whole.damage, name) * 0.99 - 1.0


@settings(deadline=None, max_examples=25)
@given(n=st.integers(1, 12), p=shares)
def test_more_containers_never_lower_the_expected_damage(n, p):
    few, many = (answer(each, propagation=table(p, p), spacing_m_compared=())[0].whole.damage for each in (n, n + 1))
    assert many.expected >= few.expected
    assert many.maximum >= few.maximum


@settings(deadline=None, max_examples=25)
@given(deductible=st.floats(0.0, 2e6), more=st.floats(0.0, 1e6), waiting=st.floats(0.0, 400.0))
def test_a_deductible_and_waiting_never_let_the_insurer_pay_more(deductible, more, waiting):
    base = answer(4, deductible=deductible, waiting_days=waiting)[0].whole
    higher = answer(4, deductible=deductible + more, waiting_days=waiting)[0].whole
    longer = answer(4, deductible=deductible, waiting_days=waiting + 10.0)[0].whole
    assert higher.paid.expected <= base.paid.expected + 1e-9
    assert longer.paid.expected <= base.paid.expected + 1e-9
    assert higher.together == base.together


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(0, 40))
def test_one_outage_more_never_gives_power_back(seed, n):
    rng = np.random.default_rng(seed)
    life, start = rng.integers(3, size=n + 1), rng.uniform(0.0, 5.0, n + 1)
    end, share = start + rng.exponential(1.0, n + 1), rng.uniform(0.0, 1.0, n + 1)
    without, with_it = (
        lost_shares(
            [Outages(life=life[:k], start_year=start[:k], end_year=end[:k], share=share[:k])], n_lives=3, n_years=5
        )
        for k in (n, n + 1)
    )
    assert np.all(with_it >= without - 1e-9)
    assert np.all(with_it <= 1.0)
