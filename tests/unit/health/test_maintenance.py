"""From findings to visits: the plain case, no case, and how the plan bends when inputs do."""

from dataclasses import replace

import pytest

from battuta.domain.errors import DataError
from battuta.domain.health import FaultClass
from battuta.health.maintenance import plan_maintenance
from unit.health.maintenance_cases import PLAIN, TODAY, finding, window

FOUND = [
    finding(0, days=(20.0, 30.0, 60.0), probability=0.95),
    finding(10, days=(300.0, 400.0, 600.0), probability=0.95),
    finding(20, days=(20.0, 30.0, 60.0), probability=0.02),
]


def test_the_urgent_goes_first_the_slow_later_the_doubtful_never() -> None:
    plan = plan_maintenance(
        FOUND, [window(14), window(200)], replace(PLAIN, discount_share_per_year=0.5, visit_cost=50.0), TODAY
    )
    chosen = {each.module: plan.visit_of(row) for row, each in enumerate(plan.suspects.modules)}
    assert (chosen[0].day, chosen[1].day, chosen[2]) == (14, 200, None)
    assert set(plan.rules) == {"do_nothing", "at_once", "next_window"}
    assert plan.best.cost <= min(each.cost for each in plan.rules.values())
    assert [order.n_modules for order in plan.orders] == [1, 1]


def test_no_suspect_is_no_visit() -> None:
    plan = plan_maintenance([finding(0, fault=FaultClass.STUCK_VALUE)], [window(14)], PLAIN, TODAY)
    assert (plan.best.cost, plan.orders, len(plan.suspects.left_out)) == (0.0, (), 1)
    assert plan.value_of_waiting == 0.0


def test_a_plan_that_is_kept_is_never_cheaper_than_the_best() -> None:
    plan = plan_maintenance(FOUND, [window(14), window(200)], PLAIN, TODAY)
    assert [(each.name, each.factor) for each in plan.sensitivities][:2] == [
        ("false_alarms", 0.5),
        ("false_alarms", 2.0),
    ]
    assert len(plan.sensitivities) == 6
    for each in plan.sensitivities:
        assert each.kept_cost >= each.best_cost - 1e-6
        assert each.n_moved > 0 or each.kept_cost == pytest.approx(each.best_cost)


def test_more_false_alarms_make_fewer_exchanges_worth_it() -> None:
    doubtful = [finding(cell, probability=0.7) for cell in range(0, 50, 10)]
    plan = plan_maintenance(doubtful, [window(10)], PLAIN, TODAY)
    never = len(plan.visits)
    assert (plan.best.chosen < never).all()
    doubled = next(each for each in plan.sensitivities if (each.name, each.factor) == ("false_alarms", 2.0))
    assert doubled.n_moved > 0


def test_dearer_call_outs_cost_more() -> None:
    plan = plan_maintenance(FOUND, [window(14)], PLAIN, TODAY)
    cheap, dear = (each for each in plan.sensitivities if each.name == "call_out_cost")
    assert cheap.best_cost < plan.best.cost < dear.best_cost


def test_a_window_that_was_is_refused() -> None:
    with pytest.raises(DataError, match="outside"):
        plan_maintenance(FOUND, [window(-3)], PLAIN, TODAY)


@pytest.mark.parametrize(("days", "age_days"), [((0.0, 0.0, 0.0), 3.0), ((5.0, 20.0, 45.0), 50.0)])
def test_a_short_whose_limit_is_passed_is_exchanged_at_the_next_chance(days, age_days) -> None:
    plan = plan_maintenance([finding(7, days=days, probability=0.95, age_days=age_days)], [window(14)], PLAIN, TODAY)
    visit = plan.visit_of(0)
    assert visit is not None, "a limit that lies behind is no all-clear"
    assert visit.day <= 14


def test_a_short_spoils_more_than_a_joint() -> None:
    dear = replace(PLAIN, damage_cost_short=20_000.0)
    costs = {
        fault: plan_maintenance([finding(7, fault=fault)], [window(14)], dear, TODAY).rules["do_nothing"].costs
        for fault in (FaultClass.MICRO_SHORT, FaultClass.RESISTANCE_RISE)
    }
    more = costs[FaultClass.MICRO_SHORT]["failures"] - costs[FaultClass.RESISTANCE_RISE]["failures"]
    assert more == pytest.approx(0.8 * 19_500.0, rel=0.02)
