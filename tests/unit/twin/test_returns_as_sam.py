"""SAM's rate lies within its own tolerance of the root, and is none where SAM has none."""

import numpy as np
import pytest

from battuta.numerics.sampling import generator
from battuta.twin.returns import irr, npv
from battuta.twin.returns_as_sam import irr_as_sam


def test_its_rate_leaves_a_millionth_of_the_largest_year() -> None:
    flows = generator(8, "test.flows").normal(9.0, 3.0, (100, 26))
    flows[:, 0] = -100.0
    exact = irr(flows).rate
    for flow, root in zip(flows, exact, strict=True):
        rate = irr_as_sam(flow)
        assert rate == pytest.approx(root, abs=1e-6)
        assert abs(npv(flow, rate)) < 1e-6 * np.abs(flow).max()


def test_some_of_its_rates_are_not_the_root() -> None:
    flow = np.array([-100.0, *[9.0] * 20])
    assert 1e-12 < abs(irr_as_sam(flow) - irr(flow).rate[0]) < 1e-6


@pytest.mark.parametrize("flow", [[100.0, -60.0, -60.0], [-1.0, -1.0, -1.0], [0.0, 0.0, 0.0]])
def test_it_has_none_where_sam_has_none(flow) -> None:
    assert np.isnan(irr_as_sam(np.array(flow)))
