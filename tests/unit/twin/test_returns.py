"""Present values and rates of return: those of numpy-financial 1.0, several roots, and flows that have none."""

import json
from pathlib import Path

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.numerics.sampling import generator
from battuta.twin.returns import discount_factors, irr, npv, xirr

PUBLISHED = json.loads((Path(__file__).parent / "published_returns_synthetic.json").read_text(encoding="utf-8"))


def test_rates_are_those_of_numpy_financial() -> None:
    flows = np.array(PUBLISHED["flows"])
    np.testing.assert_allclose(irr(flows).rate, PUBLISHED["irr"], rtol=0, atol=1e-12)


def test_present_values_are_those_of_numpy_financial() -> None:
    flows = np.array(PUBLISHED["flows"])
    np.testing.assert_allclose(npv(flows, 0.08), PUBLISHED["npv_at_8_percent"], rtol=1e-12)


def test_a_rate_makes_the_flow_worth_nothing() -> None:
    flows = generator(3, "test.flows").normal(9.0, 4.0, (500, 26))
    flows[:, 0] = -100.0
    found = irr(flows)
    assert found.count.min() >= 1
    for column in range(found.all.shape[1]):
        has = found.count > column
        moderate = has & (found.all[:, column] > -0.2)
        np.testing.assert_allclose(npv(flows[moderate], found.all[moderate, column]), 0.0, atol=1e-9)


def test_several_rates_are_all_reported() -> None:
    found = irr(np.array([[-100.0, 230.0, -132.0], [-100.0, 60.0, 60.0], [-1.0, 2.0, -2.0]]))
    np.testing.assert_array_equal(found.count, [2, 1, 0])
    np.testing.assert_allclose(found.all[0], [0.1, 0.2], rtol=1e-12)
    assert np.isnan(found.rate[2])


def flow_of(*rates):
    """A flow that is worth nothing at these rates and at no other."""
    flow = np.array([1.0])
    for rate in rates:
        flow = np.convolve(flow, [1.0, -1.0 - rate])
    return flow


@pytest.mark.parametrize(
    ("rates", "told"),
    [
        ([0.1, 0.1], [0.1]),
        ([0.1, 0.1, 0.3, 0.3], [0.1, 0.3]),
        ([0.1, 0.1, 0.1], [0.1]),
        ([0.0, 0.0, 0.1], [0.0, 0.1]),
        ([-0.1, -0.1, 0.2], [-0.1, 0.2]),
        ([0.1, 0.100001], [0.1, 0.100001]),
    ],
)
def test_a_rate_that_a_flow_only_touches_is_found_once(rates, told) -> None:
    found = irr(np.stack([flow_of(*rates), 2.0 * flow_of(*rates)]))
    np.testing.assert_array_equal(found.count, len(told))
    np.testing.assert_allclose(found.all, [told, told], rtol=0, atol=1e-6 if len(rates) > len(told) else 1e-9)


@pytest.mark.parametrize(("off_the_axis", "told"), [(1e-9, [0.1, 0.3]), (1e-8, [0.1, 0.3]), (1e-6, [0.3])])
def test_a_pair_beside_the_axis_is_one_rate_or_none(off_the_axis, told) -> None:
    found = irr(np.convolve([1.0, -1.3], [1.0, -2.2, 1.21 + off_the_axis**2]))
    np.testing.assert_allclose(found.all[0], told, atol=1e-6)


def test_touched_rates_of_long_flows() -> None:
    draw = generator(5, "test.touched")
    for rate in draw.uniform(-0.3, 0.6, 20):
        found = irr(np.convolve(flow_of(rate, rate), draw.uniform(0.5, 1.0, 24)))
        assert found.count[0] == 1
        assert found.rate[0] == pytest.approx(rate, abs=1e-6)


def test_a_total_loss_has_no_rate() -> None:
    found = irr(np.array([-100.0, 0.0, 0.0]))
    assert found.count[0] == 0
    assert np.isnan(found.rate[0])


def test_a_gap_is_refused() -> None:
    with pytest.raises(DataError, match="flow 0 is nan in year 1"):
        irr(np.array([-100.0, np.nan, 60.0]))


def test_money_scales_out() -> None:
    flows = np.array([-100.0, 30.0, 40.0, 50.0])
    np.testing.assert_allclose(irr(1e9 * flows).rate, irr(flows).rate, rtol=1e-14)


def test_monthly_flows_of_thirty_years() -> None:
    flows = np.full(361, 1.0)
    flows[0] = -150.0
    rate = irr(flows).rate[0]
    assert npv(flows, rate) == pytest.approx(0.0, abs=1e-9)


def test_dated_flows_are_those_of_the_spreadsheet() -> None:
    dates = np.array(["2008-01-01", "2008-03-01", "2008-10-30", "2009-02-15", "2009-04-01"], dtype="datetime64[D]")
    flows = np.array([-10000.0, 2750.0, 4250.0, 3250.0, 2750.0])
    assert xirr(flows, dates).rate[0] == pytest.approx(0.373362535, abs=5e-9)  # the example of Excel's own help
    shuffled = np.array([3, 0, 4, 2, 1])
    assert xirr(flows[shuffled], dates[shuffled]).rate[0] == pytest.approx(0.373362535, abs=5e-9)


def test_dated_flows_with_two_rates_or_none() -> None:
    dates = np.array(["2026-01-01", "2027-01-01", "2028-01-01"], dtype="datetime64[D]")
    two = xirr(np.array([-100.0, 230.0, -132.0]), dates)
    np.testing.assert_allclose(two.all, [[0.1, 0.2]], rtol=1e-10)
    none = xirr(np.array([100.0, 1.0, 1.0]), dates)
    assert none.count[0] == 0
    assert np.isnan(none.rate[0])
    assert xirr(np.zeros(3), dates).count[0] == 0


def test_each_dated_flow_needs_its_date() -> None:
    with pytest.raises(DataError, match="2 flows, 1 dates"):
        xirr(np.array([1.0, -2.0]), np.array(["2026-01-01"], dtype="datetime64[D]"))


def test_factors_of_several_rates() -> None:
    np.testing.assert_allclose(discount_factors(np.array([0.0, 1.0]), 3), [[1.0, 1.0, 1.0], [1.0, 0.5, 0.25]])
