"""A study that trades, end to end: money follows the drawn years and the life, and the risk asks it again."""

import numpy as np
import pytest

from battuta.adapters.compute.local import LocalCompute
from battuta.studies.life_study import life_study
from battuta.twin.study_flows import sales_and_purchases
from unit.studies.trading_case import inputs, result, study


def test_a_battery_that_trades_earns_and_foresight_earns_more():
    made = result()
    best, blind, rest = made.strategies
    margins = [each.flows.revenue - each.flows.charging_cost for each in (best, blind, rest)]
    assert np.all(margins[0] > margins[2])
    assert margins[0].mean() / 0.88 > margins[1].mean() > 0.0  # these prices repeat: yesterday's capture 98 %
    assert best.finance.npv.mean() > rest.finance.npv.mean()
    assert best.summary.full_cycles > 200.0


def test_a_year_that_is_drawn_brings_its_own_margin():
    made = result()
    number = made.years.traded.number
    margin = (
        made.strategies[0].flows.revenue - made.strategies[0].flows.charging_cost
    ) / made.years.traded.spread_factor
    assert margin[number == 1].mean() > 1.6 * margin[number == 0].mean()


def test_the_case_of_lower_prices_lowers_the_margin_of_trading():
    made = result()
    stress = {each.case.name: each.exceedance.npv for each in made.risk.strategies["best"].stress}
    assert np.all(stress["prices 30 % lower"] < stress["as studied"])
    scaled = made.years.traded.scaled(0.7)
    assert np.allclose(scaled.spread_factor, 0.7 * made.years.traded.spread_factor)


def test_money_scales_with_the_energy_that_is_left():
    made = result()
    best = made.strategies[0]
    sales, _ = sales_and_purchases(best.lives, made.years, best.traded)
    of_new = np.array([each.discharged_mwh for each in best.traded.years])
    moved = best.lives.discharged_mwh / of_new[np.arange(4) % 2]
    assert np.all(moved[:, -1] < 1.0)
    assert np.all(sales > 0.0)
    assert best.flows.revenue == pytest.approx(sales)


def test_the_answer_hangs_on_seed_and_not_on_threads():
    asked = study(n_lives=6, n_years=2)
    one, two = (life_study(asked, inputs(asked), LocalCompute(n), with_risk=False) for n in (1, 2))
    assert np.array_equal(one.strategies[0].finance.npv, two.strategies[0].finance.npv)
