"""With little history the similar day speaks for the models, and says so."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from battuta.adapters.markets.simulated import simulated_prices
from battuta.domain.errors import StaleDataError
from battuta.domain.prices import History
from battuta.forecast.day_table import DayTable
from battuta.forecast.member import MemberRow, run_block
from battuta.forecast.naive import similar_day_rows
from battuta.forecast.price_model import PriceModel
from battuta.studies.forecast_evaluation import evaluate_forecasts
from battuta.studies.forecast_issue import issue_forecast
from battuta.studies.serial_compute import SerialCompute
from battuta.studies.short_history import first_voice, from_first_voice, speaks, spoken, stood_in

LEAR = PriceModel(families=("lear",))
PRICES = simulated_prices(3, date(2026, 1, 1), 45)
TABLE = DayTable(History(PRICES))


@pytest.fixture(scope="module")
def rows():
    return run_block(TABLE, LEAR.members, 30, 30, 45)


def test_the_similar_day_stands_in_until_somebody_speaks(rows):
    assert first_voice(LEAR) == 42
    assert [speaks(row, LEAR) for row in rows] == [row.day >= 42 for row in rows]
    for row in rows:
        heard = spoken(row, TABLE, LEAR)
        assert [stood_in(name) for name in heard.values] == ([True] if row.day < 42 else [False] * len(row.values))
    np.testing.assert_array_equal(
        spoken(rows[0], TABLE, LEAR).values["lear_similar_day"], similar_day_rows(TABLE.at_gate(30))
    )


def test_one_that_stands_in_is_no_voice(rows):
    heard = spoken(rows[0], TABLE, LEAR)
    assert not speaks(heard, LEAR)
    assert spoken(heard, TABLE, LEAR).values.keys() == heard.values.keys()


def test_a_warm_up_begins_where_somebody_speaks(rows):
    assert [row.day for row in from_first_voice(rows, LEAR, 1)] == [42, 43, 44]
    assert [row.day for row in from_first_voice(rows, LEAR, 2)] == [42, 43, 44]


def test_where_nobody_speaks_before_the_days_asked_for_the_whole_warm_up_stays(rows):
    assert from_first_voice(rows, LEAR, 3) == rows
    assert from_first_voice(rows[:5], LEAR, 2) == rows[:5]


def test_no_whole_day_leaves_nobody():
    with pytest.raises(StaleDataError):
        spoken(MemberRow(day=0, values={}), TABLE, LEAR)


@pytest.mark.parametrize("n_days", [30, 42, 44])
def test_an_issue_is_that_of_a_test_at_any_age_of_a_market(n_days):
    compute = SerialCompute()
    whole = PRICES.slice(slice(0, 24 * (n_days + 1)))
    price_per_mwh = whole.price_per_mwh.copy()
    price_per_mwh[24 * n_days :] = np.nan
    issued = issue_forecast(replace(whole, price_per_mwh=price_per_mwh), LEAR.families, compute)
    tested = evaluate_forecasts(whole, 1, LEAR, compute)
    np.testing.assert_array_equal(issued.forecast.point, tested.point[0])
    np.testing.assert_array_equal(issued.forecast.quantiles.values, tested.quantiles[0])
    assert ("similar day stands in" in " ".join(issued.forecast.notes)) == (n_days < 42)
