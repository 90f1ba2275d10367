"""Hours and money by what held the battery."""

import math

import pytest

from battuta.domain.market import Binding
from battuta.interfaces.reports.reasons_figure import binding_totals, reasons_figure
from battuta.interfaces.reports.step_record import strategy_record


def test_totals_add_up(result):
    record = strategy_record(result, "similar_day")
    totals = binding_totals(record)
    assert [(total.binding, total.duration_h) for total in totals] == [
        (Binding.MARGIN, 40.0),
        (Binding.RATED_POWER, 8.0),
    ]
    assert sum(total.net for total in totals) == pytest.approx(result.results["similar_day"].net)
    assert totals[1].at_stake == 8 * 12.5


def test_what_nobody_planned_has_no_stake(result):
    assert all(math.isnan(total.at_stake) for total in binding_totals(strategy_record(result, "fixed_time")))


def test_longest_stands_on_top(result):
    hours, net = reasons_figure(strategy_record(result, "similar_day")).data
    assert list(hours.x) == [8.0, 40.0]
    assert hours.y == net.y
    assert list(hours.text) == ["8.0", "40.0"]


def test_an_idle_battery_can_be_drawn(result):
    assert len(reasons_figure(strategy_record(result, "idle")).data) == 2
