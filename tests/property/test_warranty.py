"""More loss never helps a warranty, more use never helps its conditions, and how telemetry is cut is no matter."""

from datetime import date
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from battuta.adapters.files.warranty_file import named_warranty
from battuta.domain.warranty import Warranty
from battuta.domain.warranty_terms import LiquidatedDamages, SohBand, SohGuarantee, UseLimits
from battuta.twin.warranty import ClauseKind, judge
from battuta.twin.warranty_log import WarrantyLog
from battuta.twin.warranty_years import midnight_ns

CONTRACT = Warranty(
    name="toy",
    source="nobody",
    is_assumed=True,
    years=5,
    currency="EUR",
    soh=SohGuarantee(
        bands=(
            SohBand(full_cycles_per_year_max=365.0, floor=((1.0, 0.93), (5.0, 0.8))),
            SohBand(full_cycles_per_year_min=365.0, full_cycles_per_year_max=600.0, floor=((1.0, 0.9), (5.0, 0.7))),
        ),
        tolerance=0.01,
    ),
    use=UseLimits(full_cycles_per_year_max=600.0, full_cycles_max=2500.0),
    damages=LiquidatedDamages(capacity_per_mwh=1000.0, cap_per_year=5000.0, cap=12000.0),
)
seeds = st.integers(0, 2**32 - 1)


def lives(seed, n_lives=8, n_years=6):
    rng = np.random.default_rng(seed)
    soh = 1.0 - np.cumsum(rng.uniform(0.0, 0.06, (n_lives, n_years + 1)), axis=1)
    return soh, rng.uniform(0.0, 650.0, (n_lives, n_years)), rng


@settings(deadline=None, max_examples=60)
@given(seed=seeds)
def test_more_loss_never_lowers_a_breach_or_what_is_paid(seed):
    soh, cycles, rng = lives(seed)
    worse = soh - np.cumsum(rng.uniform(0.0, 0.02, soh.shape), axis=1)
    before = judge(CONTRACT, soh, cycles, cycles, installed_mwh=100.0)
    after = judge(CONTRACT, np.maximum(worse, 0.0), cycles, cycles, installed_mwh=100.0)
    assert after.breach_probability >= before.breach_probability
    floor, lower = before.clause("soh_capacity"), after.clause("soh_capacity")
    assert lower.breach_probability >= floor.breach_probability
    assert (np.isnan(floor.margin) | (lower.margin <= floor.margin)).all()
    assert (np.isnan(floor.first_breach_year) | (lower.first_breach_year <= floor.first_breach_year)).all()
    assert (np.cumsum(after.damages, axis=1) >= np.cumsum(before.damages, axis=1) - 1e-9).all()


@settings(deadline=None, max_examples=60)
@given(seed=seeds, more=st.floats(1.0, 2.0))
def test_more_use_never_mends_a_condition(seed, more):
    soh, cycles, _ = lives(seed)
    before = judge(CONTRACT, soh, cycles, cycles, installed_mwh=100.0)
    after = judge(CONTRACT, soh, more * cycles, more * cycles, installed_mwh=100.0)
    assert after.breach_probability_of(ClauseKind.CONDITION) >= before.breach_probability_of(ClauseKind.CONDITION)
    for one, two in zip(before.clauses, after.clauses, strict=True):
        if one.kind is ClauseKind.CONDITION:
            assert (two.margin <= one.margin + 1e-9).all()


@settings(deadline=None, max_examples=60)
@given(seed=seeds)
def test_a_breach_is_a_negative_margin_and_damages_keep_their_caps(seed):
    soh, cycles, _ = lives(seed)
    outcome = judge(CONTRACT, soh, cycles, cycles, installed_mwh=100.0)
    for each in outcome.clauses:
        np.testing.assert_array_equal(each.margin < 0.0, ~np.isnan(each.first_breach_year))
        assert each.breach_probability == np.mean(each.margin < 0.0)
    assert (outcome.damages >= 0.0).all()
    assert (outcome.damages <= 5000.0 + 1e-9).all()
    assert (outcome.damages.sum(axis=1) <= 12000.0 + 1e-9).all()
    assert (outcome.damages[:, 5:] == 0.0).all()


def telemetry(seed, n=600):
    rng = np.random.default_rng(seed)
    step_s = rng.choice([0, 1, 60, 300, 600, 86400], n, p=[0.03, 0.3, 0.3, 0.2, 0.16, 0.01])
    time_ns = midnight_ns(date(2027, 12, 31)) + np.cumsum(step_s) * 10**9
    time_ns[rng.random(n) < 0.02] -= 500 * 10**9  # late
    columns = [rng.random(n), rng.normal(25.0, 15.0, n), rng.normal(0.0, 800.0, n)]
    for values in columns:
        values[rng.random(n) < 0.01] = np.nan
    return time_ns, *columns


@settings(deadline=None, max_examples=60)
@given(seed=seeds, cuts=st.lists(st.integers(0, 600), max_size=8))
def test_any_cut_of_the_telemetry_gives_the_same_log(seed, cuts):
    warranty, columns = named_warranty("assumed_314ah"), telemetry(seed)
    whole = WarrantyLog(warranty, date(2027, 12, 31), installed_mwh=1.0)
    whole.feed(*columns)
    parts = WarrantyLog(warranty, date(2027, 12, 31), installed_mwh=1.0)
    edges = [0, *sorted(cuts), 600]
    for begin, end in pairwise(edges):
        parts.feed(*(each[begin:end] for each in columns))
    mine, other = whole.arrays(), parts.arrays()
    for name, values in mine.items():
        np.testing.assert_array_equal(values, other[name], err_msg=name)
