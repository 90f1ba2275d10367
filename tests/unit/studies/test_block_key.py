"""The key of a block changes with all that its members are shown or asked, and with nothing else."""

from dataclasses import replace
from datetime import date, time
from types import MappingProxyType

import numpy as np
import pytest

from battuta.adapters.markets.simulated import simulated_prices
from battuta.domain.holidays import PublicHolidays
from battuta.domain.prices import History
from battuta.domain.publication import LocalTimeRule
from battuta.forecast.day_table import DayTable
from battuta.forecast.price_model import PriceModel
from battuta.studies.block_key import block_key

SERIES = simulated_prices(3, date(2026, 1, 1), 60)
MODEL = PriceModel(families=("lear", "kernel"))
BLOCK = (20, 22, 30)
NAME = next(iter(SERIES.columns))


def key(series=SERIES, model=MODEL, block=BLOCK, trust=None):
    return block_key(DayTable(History(series), trust), model, *block)


def with_column(**changes):
    columns = dict(SERIES.columns) | {NAME: replace(SERIES.columns[NAME], **changes)}
    return replace(SERIES, columns=MappingProxyType(columns))


def moved(values, day, *, by=1e-9):
    changed = values.copy()
    changed[SERIES.days().steps(day)] += by
    return changed


def test_the_same_is_the_same_whatever_comes_after():
    assert key() == key()
    assert key(replace(SERIES, price_per_mwh=moved(SERIES.price_per_mwh, 29))) == key(), "known after the last gate"
    assert key(SERIES.slice(slice(0, SERIES.days().steps(35).start))) == key()


@pytest.mark.parametrize("day", [0, 19, 25, 28])
def test_a_price_that_any_gate_shows_changes_it(day):
    assert key(replace(SERIES, price_per_mwh=moved(SERIES.price_per_mwh, day))) != key()


def test_a_column_its_name_its_place_and_its_rule_change_it():
    values = SERIES.columns[NAME].values
    assert key(with_column(values=moved(values, 29))) != key(), "it is published before the gate of the day itself"
    assert key(with_column(rule=LocalTimeRule(day_offset=-1, at=time(13)))) != key()
    renamed = {f"{name}_2": column for name, column in SERIES.columns.items()}
    turned = dict(reversed(SERIES.columns.items()))
    for columns in (renamed, turned, {}):
        assert key(replace(SERIES, columns=MappingProxyType(columns))) != key()


def test_prices_that_come_later_change_it():
    assert key(replace(SERIES, rule=LocalTimeRule(day_offset=0, at=time(13)))) != key()


def test_what_is_not_trusted_changes_it_from_the_gate_on_at_which_it_is_not():
    def trust(known):
        if known.day < 24:
            return known
        price = known.price_per_mwh.copy()
        price[10] = np.nan
        return replace(known, price_per_mwh=price)

    assert key(trust=trust) != key()
    assert key(trust=trust, block=(20, 22, 24)) == key(block=(20, 22, 24))


def test_who_is_asked_and_for_which_days_changes_it():
    assert key(model=PriceModel(families=("lear",))) != key()
    for block in ((19, 22, 30), (20, 21, 30), (20, 22, 31)):
        assert key(block=block) != key()


def test_holidays_change_it_where_they_fall_among_the_days_shown():
    here = frozenset({date(2026, 1, 26)})
    later = PublicHolidays(place="here", first_year=2026, last_year=2026, days=here | {date(2026, 2, 27)})
    named = PublicHolidays(place="here", first_year=2026, last_year=2026, days=here)
    assert key(replace(SERIES, holidays=named)) != key(replace(SERIES, holidays=None))
    assert key(replace(SERIES, holidays=later)) == key(replace(SERIES, holidays=named))
