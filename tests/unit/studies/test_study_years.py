"""Years of a study: market years where something is traded, and expectations in place of trends."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.market_history import ExpectedYear
from battuta.studies.study_years import study_years
from unit.studies.trading_case import inputs, study


def test_market_years_are_drawn_where_something_is_traded():
    asked = study()
    years = study_years(asked, inputs(asked))
    assert years.traded is not None
    assert years.traded.number.shape == (24, 4)
    assert set(np.unique(years.traded.number)) == {0, 1}
    trend = 1.01 ** np.arange(4)
    assert years.traded.level_factor / trend == pytest.approx(years.energy_price_per_mwh / 70.0 / trend)
    rest = replace(asked, strategies=asked.strategies[2:])
    still = study_years(rest, inputs(rest))
    assert still.traded is None
    assert np.array_equal(still.energy_price_per_mwh, years.energy_price_per_mwh)


def test_expectations_move_the_flat_price_and_those_of_trading():
    asked = study()
    flat = replace(asked, market=replace(asked.market, energy_trend_per_year=0.0, spread_trend_per_year=0.0))
    own = tuple(ExpectedYear(year=2027 + k, energy_price_factor=2.0, spread_factor=0.5) for k in range(4))
    plain, moved = study_years(flat, inputs(flat)), study_years(flat, inputs(flat, own))
    assert moved.energy_price_per_mwh == pytest.approx(2.0 * plain.energy_price_per_mwh)
    assert moved.traded.level_factor == pytest.approx(2.0 * plain.traded.level_factor)
    assert moved.traded.spread_factor == pytest.approx(0.5 * plain.traded.spread_factor)
