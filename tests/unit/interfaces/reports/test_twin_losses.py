"""Figures of failures and availability."""

import numpy as np
import pytest

from battuta.interfaces.reports.twin_losses import availability_figures, earned_per_day, failure_figures
from unit.interfaces.reports.losses_case import whole_result
from unit.interfaces.reports.twin_case import result


def test_a_class_has_its_means():
    made = whole_result()
    converter, fuse = failure_figures(made)
    drawn = made.losses.failures
    assert (converter.n_units, converter.share_lost) == (2, 0.5)
    assert converter.events_per_year == pytest.approx(drawn.events[0].mean())
    assert converter.repair_cost == pytest.approx(drawn.repair_cost[0].mean())
    assert converter.lost_share > fuse.lost_share > 0.0
    assert failure_figures(result()) == ()


def test_availability_is_worse_the_surer_and_cost_is_more():
    found = availability_figures(whole_result())
    for values in (found.year, found.life):
        assert values[0] > values[1] > values[2]
    assert found.cost[0] < found.cost[1] < found.cost[2]
    assert found.year[2] < found.life[2]
    assert found.mean == pytest.approx(whole_result().years.availability.mean())
    assert availability_figures(result()).cost == (0.0, 0.0, 0.0)
    assert not np.isnan(found.year).any()


def test_a_day_earns_what_is_sold_less_what_is_charged_while_it_is_there():
    made = whole_result()
    flows = made.strategies[0].flows
    net = (flows.revenue - flows.charging_cost).mean()
    assert earned_per_day(flows, made) == pytest.approx(net / made.years.availability.mean() / 365.25)
