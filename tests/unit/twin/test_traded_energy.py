"""Traded energy: priced step by step when new, and by the drawn years afterwards."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battuta.domain.errors import DataError
from battuta.physics.life_pack import ChargeKeeping
from battuta.physics.life_pack_walk import PackDuty, walk_pack
from battuta.twin.market_years import MarketYears
from battuta.twin.outlook import DrawnYears
from battuta.twin.traded_energy import TradedEnergy, TradedYear, traded_money, traded_year
from unit.twin.pack_case import PACK
from unit.twin.test_study_flows import lives

QUIET = replace(
    PACK,
    keeping=ChargeKeeping(),
    climate=replace(PACK.climate, controls_kw=0.0, running_kw=0.0, cooling_kw_max=0.0, heating_kw_max=0.0),
)
HOUR = np.arange(48 * 60) // 60 % 24
ASKED = np.where(HOUR == 3, -1000.0, np.where(HOUR == 19, 800.0, 0.0))
PRICE = np.where(HOUR == 3, -20.0, np.where(HOUR == 19, 100.0, 40.0))
GOOD = TradedYear(
    discharged_mwh=100.0, charged_mwh=120.0, sale_per_mwh=90.0, purchase_per_mwh=10.0, mean_per_mwh=50.0,
    auxiliary_mwh=8.0, auxiliary_per_mwh=55.0,
)  # fmt: skip
POOR = TradedYear(
    discharged_mwh=50.0, charged_mwh=60.0, sale_per_mwh=60.0, purchase_per_mwh=30.0, mean_per_mwh=45.0,
    auxiliary_mwh=6.0, auxiliary_per_mwh=40.0,
)  # fmt: skip


def walked(pack):
    return walk_pack(pack, PackDuty(power_kw=ASKED, ambient_c=np.full(HOUR.size, 20.0), step_s=60.0))


def drawn(number, level=1.0, spread=1.0):
    number = np.array(number)
    one = np.ones(number.shape)
    years = MarketYears(number=number, level_factor=level * one, spread_factor=spread * one)
    return DrawnYears(capacity_price_per_mw_h=one, energy_price_per_mwh=one, availability=one, traded=years)


def test_each_step_has_its_price_negative_ones_too():
    found = traded_year(walked(QUIET), PRICE)
    assert found.sale_per_mwh == pytest.approx(100.0)
    assert found.purchase_per_mwh == pytest.approx(-20.0)
    assert found.mean_per_mwh == pytest.approx(float(PRICE.mean()))
    assert (found.discharged_mwh, found.charged_mwh) == pytest.approx((1.6, 2.0))
    assert found.margin == pytest.approx(200.0)


def test_auxiliaries_are_bought_at_the_mean_price_of_their_day():
    busy = traded_year(walked(replace(QUIET, climate=replace(QUIET.climate, controls_kw=10.0))), PRICE)
    quiet = traded_year(walked(QUIET), PRICE)
    # 10 kW for 48 h: 0.02 MWh less are sold at 100, 0.46 are drawn at the mean price
    expected = quiet.margin - 0.02 * 100.0 - 0.46 * float(PRICE.mean())
    assert busy.margin == pytest.approx(expected, abs=1e-6)
    assert busy.charged_mwh == pytest.approx(2.0 + 0.01 * 46)
    assert busy.discharged_mwh == pytest.approx(1.6 - 0.02)
    assert busy.auxiliary_mwh == pytest.approx(0.48)
    assert busy.auxiliary_cost == pytest.approx(quiet.margin - busy.margin, abs=1e-6)
    assert quiet.auxiliary_cost == pytest.approx(0.0, abs=1e-9)


def test_of_auxiliaries_nothing_is_forgiven():
    busy = traded_year(walked(replace(QUIET, climate=replace(QUIET.climate, controls_kw=10.0))), PRICE)
    quiet = traded_year(walked(QUIET), PRICE)
    assert busy.margin_earned(0.75) == pytest.approx(0.75 * quiet.margin - busy.auxiliary_cost, abs=1e-6)
    assert quiet.margin_earned(0.75) == pytest.approx(150.0)


def test_prices_of_other_steps_are_refused():
    with pytest.raises(DataError, match="2 prices for 2880 steps"):
        traded_year(walked(QUIET), np.ones(2))


def test_a_drawn_year_brings_its_prices_and_its_energy():
    sales, bought = traded_money(TradedEnergy(years=(GOOD, POOR), capture_share=1.0), *_aged([[1, 0]]))
    # 80 of the 100 MWh of the good year are moved in the first year, which is paid by the poor one, and so on
    assert sales == pytest.approx(np.array([[0.8 * 50.0 * 60.0, 0.9 * 100.0 * 90.0]]))
    assert bought == pytest.approx(np.array([[0.8 * 60.0 * 30.0, 0.9 * 120.0 * 10.0]]))


def _aged(number, **factors):
    aged = replace(lives(), discharged_mwh=np.array([[80.0, 45.0]]), charged_mwh=np.array([[96.0, 54.0]]))
    return aged, drawn(number, **factors)


def test_level_moves_the_mean_and_spread_what_lies_around_it():
    traded = TradedEnergy(years=(GOOD,), capture_share=1.0)
    new = replace(lives(), discharged_mwh=np.array([[100.0, 100.0]]), charged_mwh=np.array([[120.0, 120.0]]))
    sales, bought = traded_money(traded, new, drawn([[0, 0]], level=2.0, spread=0.5))
    assert sales == pytest.approx(np.full((1, 2), 100.0 * (100.0 + 20.0)))
    assert bought == pytest.approx(np.full((1, 2), 120.0 * (100.0 - 20.0)))


@given(capture=st.floats(0.0, 1.0), spread=st.floats(0.0, 3.0), level=st.floats(0.0, 3.0))
def test_capture_takes_its_share_before_auxiliaries_and_leaves_charging_alone(capture, spread, level):
    aged, years = _aged([[0, 1]], level=level, spread=spread)
    whole = traded_money(TradedEnergy(years=(GOOD, POOR), capture_share=1.0), aged, years)
    part = traded_money(TradedEnergy(years=(GOOD, POOR), capture_share=capture), aged, years)
    margin = whole[0] - whole[1]
    paid = np.array([[8.0 * (50.0 * level + 5.0 * spread), 6.0 * (45.0 * level - 5.0 * spread)]])
    earned = np.where(margin + paid > 0.0, capture * (margin + paid), margin + paid) - paid
    assert np.array_equal(whole[1], part[1])
    assert part[0] - part[1] == pytest.approx(earned, abs=1e-6)


def test_money_needs_years_that_were_drawn():
    years = replace(drawn([[0, 0]]), traded=None)
    with pytest.raises(DataError, match="no years of a market were drawn"):
        traded_money(TradedEnergy(years=(GOOD,), capture_share=1.0), lives(), years)
