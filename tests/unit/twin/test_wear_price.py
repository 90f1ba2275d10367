"""A wear table of a project: equal to the closed price where that holds, and refused where there is none."""

import numpy as np
import pytest

from battuta.domain.errors import UsageError
from battuta.physics.ageing.ageing_law import ageing_law
from battuta.physics.ageing.duty_days import duty_days
from battuta.physics.ageing.naumann import naumann, wear_price_per_mwh
from battuta.twin.wear_price import WearPriceSource, optimiser_laws, wear_price_table
from battuta.twin.wear_price_value import YearWorth, year_worth
from unit.twin.wear_price_case import cycling_year, plan, proportional_tables, sold, square_root_lives

SERIES = ("soc", "temperature_c", "c_rate")
SOURCE = WearPriceSource(study="toy", strategy="base", study_hash="0123456789", currency="EUR", energy_mwh=1.0)
REPLACEMENT, DEPTH, C_RATE = 100_000.0, 0.8, 0.25


def end_of_life_years(loss):
    """Years until a cycle a day has taken that much, by cycles alone."""
    stress = naumann().cycle_capacity_share(depth=DEPTH, c_rate=C_RATE, full_cycles=1.0)
    return (loss / stress) ** 2 / (365.0 * DEPTH)


@pytest.mark.parametrize(("depth", "c_rate"), [(0.8, 0.25), (0.4, 0.25), (1.0, 0.5), (0.2, 1.0)])
def test_where_what_is_lost_is_a_replacement_it_is_the_closed_price(depth, c_rate):
    """A battery that is replaced at the end of its life loses that share of the cost that its course is moved on."""
    law, loss, n_years = ageing_law("naumann_lfp"), 0.2, 10
    lives = square_root_lives(loss, n_years)
    yearly = np.diff(lives.loss_by_cause[:, :, 1], axis=1)
    of_soh_capacity = np.zeros_like(yearly)
    of_soh_capacity[:, -1] = 2.0 * REPLACEMENT / end_of_life_years(loss) / yearly[:, -1]  # half of it in its own year
    worth = YearWorth(of_soh_capacity=of_soh_capacity, of_revenue=np.ones(n_years))
    table = wear_price_table(SOURCE, [law], lives, cycling_year(DEPTH, C_RATE), worth)
    at = (n_years - 1, int(np.argmin(abs(table.c_rate - c_rate))), int(np.argmin(abs(table.depth - depth))))
    cycle_cost = table.cycle_cost_per_mwh[at]
    closed = wear_price_per_mwh(
        naumann(), depth=depth, c_rate=c_rate, replacement_cost=REPLACEMENT, energy_kwh=1000.0, end_of_life_loss=loss
    )
    assert cycle_cost / depth == pytest.approx(closed, rel=1e-6)


def test_an_old_battery_s_use_costs_less_and_dearer_energy_makes_it_cost_more():
    law, lives, duty = ageing_law("naumann_lfp"), square_root_lives(0.25, 10), cycling_year()
    cheap, dear = (
        wear_price_table(SOURCE, [law], lives, duty, year_worth(plan(10), lives, proportional_tables(), sold(price)))
        for price in (40.0, 80.0)
    )
    assert np.all(np.diff(cheap.cycle_cost_per_mwh[:, :, -1], axis=0) < 0.0)
    assert dear.cycle_cost_per_mwh == pytest.approx(2.0 * cheap.cycle_cost_per_mwh, rel=1e-9)
    assert dear.rest_cost_per_mwh_h[0, :, 5] == pytest.approx(np.sort(dear.rest_cost_per_mwh_h[0, :, 5]))
    young, old = (
        cheap.wear(
            energy_kwh=1000.0, soc_min=0.1, soc_max=0.9, efficiency_discharge=0.95, c_rate=0.5, year_of_life=year
        )
        for year in (1, 9)
    )
    assert young.depth is not None
    assert old.depth is not None
    assert young.depth.price_per_mwh[-1] > 2.0 * old.depth.price_per_mwh[-1] > 0.0


def test_a_law_that_is_not_for_an_optimiser_has_no_say():
    laws, duty = [ageing_law("naumann_lfp"), ageing_law("lfp_250ah")], cycling_year()
    lives = square_root_lives(0.25, 4, laws=("naumann_lfp", "lfp_250ah"))
    worth = year_worth(plan(4), lives, proportional_tables(), sold(40.0))
    table = wear_price_table(SOURCE, laws, lives, duty, worth, np.full(4, 0.5))
    assert dict(table.law_shares) == {"naumann_lfp": 1.0}
    assert any("lfp_250ah is left out" in each for each in table.remarks)
    assert table.throughput_price_per_mwh.tolist() == [0.5] * 4
    with pytest.raises(UsageError, match="no wear price by lfp_250ah: none of them may be given to an optimiser"):
        optimiser_laws(laws[1:], duty)


def test_a_duty_that_no_model_was_tested_for_is_refused():
    year = cycling_year()
    frozen = duty_days(year.soc.ravel(), np.full(year.soc.size, -15.0), year.c_rate.ravel(), 60.0)
    with pytest.raises(UsageError, match="most of the duty lies outside what any ageing model was fitted on"):
        optimiser_laws([ageing_law("naumann_lfp"), ageing_law("sony_lfp_3ah")], frozen)


def test_a_battery_that_rests_or_whose_capacity_is_worth_nothing_has_no_price():
    law, lives = ageing_law("naumann_lfp"), square_root_lives(0.25, 4)
    nothing = YearWorth(of_soh_capacity=np.zeros((4, 4)), of_revenue=np.ones(4))
    with pytest.raises(UsageError, match="less capacity loses no value, so wear would be free"):
        wear_price_table(SOURCE, [law], lives, cycling_year(), nothing)
    still = duty_days(np.full(8760, 0.5), np.full(8760, 25.0), np.zeros(8760), 3600.0)
    with pytest.raises(UsageError, match="the first cycle of a square-root law has no finite price"):
        wear_price_table(SOURCE, [law], lives, still, nothing)


def test_what_would_gain_by_wear_is_held_at_nothing_and_said():
    law, lives = ageing_law("naumann_lfp"), square_root_lives(0.25, 2)
    worth = YearWorth(of_soh_capacity=np.tile([1000.0, -100.0], (4, 1)), of_revenue=np.ones(2))
    table = wear_price_table(SOURCE, [law], lives, cycling_year(), worth)
    assert np.all(table.cycle_cost_per_mwh[0, :, 1:] > 0.0)
    assert not table.cycle_cost_per_mwh[1].any()
    assert any("held at 0" in each for each in table.remarks)


def test_a_duty_whose_years_differ_is_priced_by_their_mean_as_they_are_lived():
    law, lives = ageing_law("naumann_lfp"), square_root_lives(0.25, 10)
    worth = year_worth(plan(10), lives, proportional_tables(), sold(40.0))
    deep, shallow = cycling_year(0.8), cycling_year(0.2)
    series = (np.concatenate((getattr(deep, name), getattr(shallow, name))).ravel() for name in SERIES)
    costs = [
        wear_price_table(SOURCE, [law], lives, each, worth).cycle_cost_per_mwh
        for each in (deep, shallow, duty_days(*series, 60.0))
    ]
    first, second, both = (1.0 / each[:, :, -1] for each in costs)  # what a square root takes by a use falls with use
    assert both == pytest.approx(0.5 * (first + second), rel=1e-3)
    assert np.all(second < 0.5 * first)
