"""The assignment is the cheapest of all that crews and stock allow: held against trying them all."""

from itertools import product

import numpy as np
import pytest

from battuta.health.maintenance_choice import VisitChoice, cheapest


def drawn(seed: int) -> VisitChoice:
    rng = np.random.default_rng(seed)
    n_modules, n_visits = int(rng.integers(1, 6)), int(rng.integers(1, 5))
    return VisitChoice(
        cost=rng.uniform(100.0, 3000.0, (n_modules, n_visits + 1)),
        fixed=rng.uniform(0.0, 2500.0, n_visits),
        n_modules_max=rng.integers(0, 5, n_visits),
        needs_stock=np.sort(rng.random(n_visits) < 0.5)[::-1],
        n_stock=int(rng.integers(0, 4)),
    )


@pytest.mark.parametrize("seed", range(60))
def test_none_of_all_assignments_is_cheaper(seed) -> None:
    choice = drawn(seed)
    n_modules, n_columns = choice.cost.shape
    every = (np.array(each) for each in product(range(n_columns), repeat=n_modules))
    least = min(choice.cost_of(each) for each in every if choice.is_possible(each))
    found = cheapest(choice)
    assert choice.is_possible(found)
    assert choice.cost_of(found) == pytest.approx(least, abs=1e-6)


def test_modules_share_a_visit_that_none_would_pay_alone() -> None:
    cost = np.array([[100.0, 200.0]] * 3)
    choice = VisitChoice(
        cost=cost, fixed=np.array([250.0]), n_modules_max=np.array([9]), needs_stock=np.array([False]), n_stock=0
    )
    assert cheapest(choice).tolist() == [0, 0, 0]
    alone = VisitChoice(
        cost=cost[:2], fixed=np.array([250.0]), n_modules_max=np.array([9]), needs_stock=np.array([False]), n_stock=0
    )
    assert cheapest(alone).tolist() == [1, 1]


def test_two_hundred_modules_keep_crews_and_stock() -> None:
    rng = np.random.default_rng(5)
    choice = VisitChoice(
        cost=np.column_stack((rng.uniform(500.0, 900.0, (200, 12)), np.full(200, 2000.0))),
        fixed=np.full(12, 800.0),
        n_modules_max=np.full(12, 10),
        needs_stock=np.arange(12) < 3,
        n_stock=7,
    )
    found = cheapest(choice)
    assert choice.is_possible(found)
    assert (found < 12).sum() == 97  # nine visits of ten, and the stock


def test_nothing_to_do_is_no_work() -> None:
    empty = VisitChoice(
        cost=np.zeros((0, 2)), fixed=np.ones(1), n_modules_max=np.ones(1, int), needs_stock=np.zeros(1, bool), n_stock=0
    )
    assert cheapest(empty).shape == (0,)
    assert empty.cost_of(cheapest(empty)) == 0.0
