"""What missing capacity costs a project, held against sums that are done by hand."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.twin.wear_price_value import YearWorth, advance_cost, lives_less, mean_year, year_worth
from unit.twin.wear_price_case import MWH_PER_YEAR, plan, proportional_tables, sold, square_root_lives


def test_capacity_of_a_year_is_worth_its_discounted_energy_and_revenue_its_discount():
    lives = square_root_lives(0.2, 5)
    worth = year_worth(plan(5, rate=0.1), lives, proportional_tables(), sold(40.0))
    discount = 1.1 ** -np.arange(1, 6)
    assert worth.of_soh_capacity == pytest.approx(np.tile(40.0 * MWH_PER_YEAR * discount, (4, 1)), rel=1e-9)
    assert worth.of_revenue == pytest.approx(discount, rel=1e-9)


def test_less_capacity_takes_energy_by_the_slope_of_the_tables():
    lives, tables = square_root_lives(0.2, 3), proportional_tables()
    fewer = lives_less(lives, tables)
    assert lives.discharged_mwh - fewer.discharged_mwh == pytest.approx(np.full((4, 3), 0.01 * MWH_PER_YEAR))
    assert lives.charged_mwh - fewer.charged_mwh == pytest.approx(np.full((4, 3), 0.01 * MWH_PER_YEAR / 0.9))
    assert lives.soh_capacity - fewer.soh_capacity == pytest.approx(np.full((4, 4), 0.01))
    one = replace(tables, soh_capacity=np.array([1.0]), flows=tables.flows[-1:])
    with pytest.raises(DataError, match="one node of capacity"):
        lives_less(lives, one)


def test_years_of_duty_that_differ_take_energy_each_in_the_year_in_which_it_is_lived():
    lives, tables = square_root_lives(0.2, 3), proportional_tables()
    two = replace(tables, flows=np.concatenate((tables.flows, 3.0 * tables.flows), axis=2))
    took = (lives.discharged_mwh - lives_less(lives, two).discharged_mwh)[0] / (0.01 * MWH_PER_YEAR)
    assert took == pytest.approx([1.0, 3.0, 1.0])


def test_a_mean_year_counts_each_year_of_duty_as_often_as_it_is_lived():
    days = np.concatenate((np.full((365, 2), 1.0), np.full((365, 2), 4.0)))
    assert mean_year(days, 3) == pytest.approx(np.full((365, 2), 2.0))
    assert mean_year(days, 1) == pytest.approx(np.ones((365, 2)))
    assert mean_year(days[:40], 3) is not None
    assert mean_year(days[:40], 3).shape == (40, 2)


def test_what_is_lost_later_is_told_in_money_of_the_year_of_use():
    worth = YearWorth(of_soh_capacity=np.full((2, 3), 100.0), of_revenue=np.array([1.0, 0.5, 0.25]))
    lost = np.array([[0.0, 0.1, 0.2, 0.3], [0.0, 9.0, 9.0, 9.0]])
    assert advance_cost(worth, lost, np.array([0])) == pytest.approx([25.0, 30.0, 20.0])


def test_a_project_that_revenue_does_not_help_has_no_price():
    taxed = replace(plan(2), tax=replace(plan(2).tax, federal_rate=1.0))
    with pytest.raises(DataError, match="more revenue in year 1 does not raise"):
        year_worth(taxed, square_root_lives(0.2, 2), proportional_tables(), sold(40.0))
