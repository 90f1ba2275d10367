"""Simple rules do what they say, reserves are weighed, and modules are ordered in time."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from battuta.health.maintenance_cost import Reserve
from battuta.health.maintenance_desk import Desk
from battuta.health.maintenance_suspects import suspects_of
from battuta.health.maintenance_visits import visits_of
from unit.health.maintenance_cases import PLAIN, TODAY, finding, window


def desk(cells=(0, 10, 20), windows=(30, 90), crew_h=100.0, days=(40.0, 80.0, 160.0), **changes) -> Desk:
    settings = replace(PLAIN, **changes)
    suspects = suspects_of([finding(each, days=days) for each in cells], settings, TODAY)
    visits = visits_of(tuple(window(each, crew_h) for each in windows), settings, TODAY)
    return Desk(risk=suspects.risk, is_derated=np.zeros(len(cells), dtype=bool), visits=visits, settings=settings)


def test_rules_do_what_they_say() -> None:
    rules = desk().rules()
    assert rules["do_nothing"].chosen.tolist() == [3, 3, 3]
    assert rules["at_once"].chosen.tolist() == [0, 0, 0]
    assert rules["next_window"].chosen.tolist() == [1, 1, 1]
    assert rules["at_once"].cost == pytest.approx(800.0 + 3 * 1000.0)


def test_rules_wait_for_crews_and_modules() -> None:
    short = desk(crew_h=4.0).rules()["next_window"]
    assert short.chosen.tolist() == [1, 1, 2]
    assert desk(lead_days=60).rules()["next_window"].chosen.tolist() == [3, 3, 3]
    assert desk(lead_days=60, n_spares=2).rules()["at_once"].chosen.tolist() == [0, 0, 2]


@pytest.mark.parametrize("seed", range(5))
def test_the_best_is_no_dearer_than_any_rule(seed) -> None:
    rng = np.random.default_rng(seed)
    table = desk(
        cells=range(0, 60, 10), crew_h=6.0, days=tuple(np.sort(rng.uniform(5.0, 400.0, 3))),
        n_spares=int(rng.integers(3)), lead_days=int(rng.integers(80)), energy_mwh_per_day=0.3, salvage=800.0,
    )  # fmt: skip
    best = table.best()
    assert table.choice(best.reserve).is_possible(best.chosen)
    assert best.cost <= min(rule.cost for rule in table.rules().values()) + 1e-6


def test_a_reserve_is_kept_where_standing_still_is_dear() -> None:
    dear = {"energy_mwh_per_day": 5.0, "energy_value_per_mwh": 100.0, "lead_days": 60}
    assert desk(windows=(90,), **dear).best().reserve is Reserve.ORDERED
    assert desk(windows=(90,), n_spares=2, **dear).best().reserve is Reserve.KEPT
    assert desk(windows=(90,), lead_days=60).best().reserve is Reserve.NONE


def test_what_is_kept_back_is_not_planned_with() -> None:
    dear = {"energy_mwh_per_day": 50.0, "energy_value_per_mwh": 100.0, "lead_days": 60, "windows": (20,)}
    kept = desk(n_spares=1, **dear).choice(Reserve.KEPT)
    assert (kept.n_stock, kept.needs_stock.tolist()) == (0, [True, True, False])
    assert desk(n_spares=1, **dear).choice(Reserve.NONE).n_stock == 1


def test_modules_are_ordered_so_that_they_are_there() -> None:
    table = desk(lead_days=20, n_spares=1)
    assert table.visits[2].is_planned
    plan = table.priced(np.array([2, 2, 2]), Reserve.NONE)
    (order,) = table.orders(plan, TODAY)
    assert (order.by, order.n_modules) == (TODAY + timedelta(days=10), 2)
    kept = table.orders(table.priced(plan.chosen, Reserve.ORDERED), TODAY)
    assert (kept[0].by, kept[0].n_modules, kept[0].use) == (TODAY, 1, "reserve")


def test_waiting_is_worth_something_where_failures_are_far() -> None:
    far = desk(days=(400.0, 500.0, 600.0), windows=(30, 300), discount_share_per_year=0.2)
    assert far.value_of_waiting(far.best()) > 100.0
    near = desk(days=(40.0, 60.0, 80.0), windows=(30, 300))
    assert near.value_of_waiting(near.best()) == pytest.approx(0.0, abs=1e-6)
    assert desk(lead_days=200).value_of_waiting(desk(lead_days=200).best()) == 0.0


def test_costs_add_up() -> None:
    table = desk()
    best = table.best()
    assert best.cost == pytest.approx(table.choice(best.reserve).cost_of(best.chosen) + best.costs["reserve"])
