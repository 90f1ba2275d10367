"""Limits become arrays; memory grows without changing what is counted."""

import numpy as np

from battuta.domain.warranty import Warranty
from battuta.domain.warranty_terms import UseLimits, Window, WindowQuantity
from battuta.twin import warranty_log_kernels as kernels
from battuta.twin.warranty_log_state import QUANTITY_CODES, RING_FIRST, log_terms, new_state, take_in

SECOND_NS = 10**9
WARRANTY = Warranty(
    name="toy",
    source="nobody",
    is_assumed=True,
    years=1,
    currency="EUR",
    use=UseLimits(full_cycles_max=10.0),
    windows=(Window(name="mean", quantity=WindowQuantity.SOC, low=0.2, high=0.8, average_minutes=10.0),),
)
TERMS = log_terms(WARRANTY, np.array([0, 365 * kernels.DAY_NS]), np.array([8760.0]))


def test_every_quantity_has_a_code_of_its_own():
    assert sorted(QUANTITY_CODES.values()) == list(range(len(WindowQuantity)))


def test_limits_as_arrays():
    assert TERMS.limit.tolist() == [np.inf, np.inf, 10.0, np.inf, np.inf, 0.0]
    assert TERMS.gap_ns == 900 * SECOND_NS
    assert TERMS.average_ns.tolist() == [600 * SECOND_NS]


def test_dense_records_make_the_memory_grow_and_sparse_ones_do_not():
    n = 2000
    rng = np.random.default_rng(5)
    soc, flat = rng.random(n), np.zeros(n)
    dense = take_in(new_state(TERMS, 0), TERMS, np.arange(1, n + 1) * SECOND_NS, soc, flat, flat)
    assert dense.ring_span_ns.shape[1] == 1024
    means = np.convolve(soc, np.full(600, 1.0 / 600.0), "valid")
    np.testing.assert_allclose(dense.nearest[0], np.minimum(means - 0.2, 0.8 - means).min(), rtol=1e-12)
    sparse = take_in(new_state(TERMS, 0), TERMS, np.arange(1, n + 1) * 60 * SECOND_NS, soc, flat, flat)
    assert sparse.ring_span_ns.shape[1] == RING_FIRST
    means = np.convolve(soc, np.full(10, 0.1), "valid")
    np.testing.assert_allclose(sparse.nearest[0], np.minimum(means - 0.2, 0.8 - means).min(), rtol=1e-12)


def test_a_warranty_without_windows_is_kept_too():
    plain = Warranty(name="toy", source="nobody", is_assumed=True, years=1, currency="EUR")
    terms = log_terms(plain, TERMS.year_edge_ns, TERMS.year_hours)
    flat = np.zeros(3)
    state = take_in(new_state(terms, 0), terms, np.arange(1, 4) * 600 * SECOND_NS, flat, flat, flat + 2.0)
    assert state.worst[kernels.CYCLES_ALL] == 0.5


def test_the_order_of_records_survives_the_growth():
    """Minutes first, so that the oldest record no longer stands in the first place, then seconds."""
    step_s = np.concatenate((np.full(90, 60), np.full(300, 1)))
    soc, flat = np.random.default_rng(6).random(step_s.size), np.zeros(step_s.size)
    state = take_in(new_state(TERMS, 0), TERMS, np.cumsum(step_s) * SECOND_NS, soc, flat, flat)
    held = slice(90 - 5, None)  # five minutes and 300 seconds
    assert state.ring_span_ns.shape[1] > RING_FIRST
    assert state.ring_place[0, 1:].tolist() == [305, 600 * SECOND_NS]
    np.testing.assert_allclose(state.ring_sum[0], (soc * step_s)[held].sum() / 3600.0, rtol=1e-12)
