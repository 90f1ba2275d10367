"""Rates of dated flows: made from their roots, close, touching and many, and none where there is none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battuta.numerics.sampling import generator
from battuta.twin.dated_rates import log_growth_roots


def flows_of(rates, *factors):
    """Yearly flows worth nothing at these rates: the product of (1 + r) v - 1, and of factors without a root."""
    flow = np.array([1e6])
    for rate in rates:
        flow = np.convolve(flow, [-1.0, 1.0 + rate])
    for each in factors:
        flow = np.convolve(flow, each)
    return flow


def found(flow, step=1.0):
    return np.expm1(log_growth_roots(flow, step * np.arange(flow.size)))


@pytest.mark.parametrize("apart", [1e-2, 1e-3, 1e-4, 1e-5, 1e-6])
def test_two_rates_close_together_are_both_found(apart):
    rates = [0.1, 0.1 + apart]
    assert found(flows_of(rates)) == pytest.approx(rates, abs=0.01 * apart)
    with_others = [-0.5, 0.1, 0.1 + 10.0 * apart, 0.4]
    assert found(flows_of(with_others)) == pytest.approx(with_others, abs=0.01 * apart)


def test_a_rate_that_is_touched_is_found_once():
    for double in (0.07, 0.08, 0.1, 0.25):
        assert found(flows_of([double, double])) == pytest.approx([double], abs=1e-7)
    assert found(flows_of([0.08, 0.08, 0.2])) == pytest.approx([0.08, 0.2], abs=1e-7)
    assert found(flows_of([0.1, 0.1, 0.3, 0.3])) == pytest.approx([0.1, 0.3], abs=1e-6)
    assert found(flows_of([0.05, 0.05, 0.05])) == pytest.approx([0.05], abs=1e-4)  # the cube root of rounding


@pytest.mark.parametrize("lift", [1e-3, 1e-6, 1e-9, 1e-12])
def test_a_flow_that_almost_touches_has_none(lift):
    flow = flows_of([0.1, 0.1])
    flow[0] += np.sign(flow[-1]) * lift * abs(flow[0])
    assert found(flow).size == 0
    flow[0] -= 2.0 * np.sign(flow[-1]) * lift * abs(flow[0])
    assert found(flow).size == 2


def test_factors_without_a_root_add_none():
    positive = np.array([1.0, -0.8, 1.0])
    flow = flows_of([0.03, 0.04, 0.5], positive, [2.0, 1.0], positive)
    assert found(flow) == pytest.approx([0.03, 0.04, 0.5], rel=1e-9)


@given(
    rates=st.lists(st.integers(-40, 60), min_size=1, max_size=6, unique=True), step=st.sampled_from([0.25, 1.0, 2.0])
)
def test_all_rates_of_a_made_flow_come_back(rates, step):
    wanted = np.sort(0.02 * np.array(rates, dtype=np.float64))
    grown = found(flows_of(wanted), step) + 1.0
    assert grown.size == wanted.size
    assert grown**step - 1.0 == pytest.approx(wanted, abs=1e-6)


def test_flows_of_one_day_are_added_and_order_does_not_count():
    flow, years = np.array([60.0, -40.0, 60.0, -60.0]), np.array([2.0, 0.0, 1.0, 0.0])
    assert np.expm1(log_growth_roots(flow, years)) == pytest.approx([0.130662386])
    assert log_growth_roots(np.array([5.0, -5.0]), np.zeros(2)).size == 0
    assert log_growth_roots(np.array([5.0, 5.0]), np.arange(2.0)).size == 0
    assert log_growth_roots(np.zeros(0), np.zeros(0)).size == 0


def test_monthly_flows_of_sixty_years_do_not_overflow():
    draw = generator(5, "test.dated")
    flow = draw.normal(1.0, 3.0, 720)
    flow[0] = -100.0
    years = np.arange(720) / 12.0
    roots = log_growth_roots(flow, years)
    assert roots.size % 2 == (flow[0] * flow[-1] < 0.0)
    scale = np.abs(flow) @ np.exp(-np.outer(years, roots))
    assert np.abs(flow @ np.exp(-np.outer(years, roots))) / scale == pytest.approx(0.0, abs=1e-12)
