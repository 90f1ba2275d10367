"""With little history the similar day speaks for the models, and says so."""

from datetime import date

import numpy as np
import pytest

from battuta.adapters.markets.simulated import simulated_prices
from battuta.domain.errors import UsageError
from battuta.domain.prices import History
from battuta.forecast.day_table import DayTable
from battuta.forecast.member import run_block
from battuta.forecast.naive import similar_day_rows
from battuta.forecast.price_model import PriceModel, by_family
from battuta.studies.short_history import ShortHistoryModel, StandIn, model_for, stood_in


def test_the_stand_in_speaks_until_somebody_else_does():
    table = DayTable(History(simulated_prices(3, date(2026, 1, 1), 45)))
    model = model_for(20, ("lear",))
    rows = run_block(table, model.members, 30, 30, 45)
    for row in rows:
        spoke = [stood_in(name) for name in row.values]
        assert spoke == ([True] if row.day < 42 else [False] * 4)
    np.testing.assert_array_equal(by_family(rows[0].values)["lear"], similar_day_rows(table.at_gate(30)))


def test_enough_history_needs_no_stand_in():
    assert type(model_for(42)) is PriceModel
    assert type(model_for(41)) is ShortHistoryModel
    assert model_for(41).name == model_for(42).name
    assert not any(stood_in(each.name) for each in model_for(42).members())
    assert isinstance(model_for(41).members()[-1], StandIn)


def test_a_family_that_does_not_exist_is_named():
    with pytest.raises(UsageError, match="'magic' is not known"):
        model_for(20, ("magic",))
