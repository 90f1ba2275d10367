"""A hash changes with everything that was looked at, and with nothing else."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import numpy as np

from battuta.adapters.markets.simulated import simulated_prices
from battuta.domain.holidays import PublicHolidays
from battuta.domain.prices import PRICE, History
from battuta.domain.publication import AFTER_DAY_AHEAD_GATE
from battuta.forecast.day_table import DayTable
from battuta.forecast.watched_inputs import WatchedInputs, WatchedYear
from battuta.studies.input_hash import input_hashes

SERIES = simulated_prices(2, date(2026, 1, 1), 20)
NOTHING = WatchedInputs(years=(), notes={})


def hashes(series=SERIES, watched=NOTHING, settings="model", first=10, stop=20):
    return input_hashes(DayTable(History(series)), watched, first, stop, settings)


def changed_from(series, **settings):
    """First day whose hash differs."""
    differs = [one != two for one, two in zip(hashes(), hashes(series, **settings), strict=True)]
    first = differs.index(True) if any(differs) else None
    assert first is None or all(differs[first:])
    return None if first is None else first + 10


def with_price(day, delta):
    price = SERIES.price_per_mwh.copy()
    price[day * 24] += delta
    return replace(SERIES, price_per_mwh=price)


def with_column(name, day, **changes):
    column = SERIES.columns[name]
    values = column.values.copy()
    values[day * 24] += 1.0
    return replace(
        SERIES, columns=MappingProxyType({**SERIES.columns, name: replace(column, values=values, **changes)})
    )


def test_each_gate_has_its_own():
    assert len(set(hashes())) == 10
    assert hashes() == hashes(stop=20)
    assert hashes(stop=15) == hashes()[:5]


def test_a_price_counts_from_the_gate_at_which_it_is_known():
    assert changed_from(with_price(14, 0.0)) is None
    assert changed_from(with_price(14, 1e-9)) == 15
    assert changed_from(with_price(3, 1.0)) == 10


def test_a_column_counts_for_its_own_day_if_it_is_published_before_the_gate():
    assert changed_from(with_column("load_forecast_mw", 14)) == 14


def test_a_column_that_is_published_late_counts_a_day_later():
    late = replace(SERIES.columns["load_forecast_mw"], rule=AFTER_DAY_AHEAD_GATE)
    base = replace(SERIES, columns=MappingProxyType({**SERIES.columns, "load_forecast_mw": late}))
    changed = with_column("load_forecast_mw", 14, rule=AFTER_DAY_AHEAD_GATE)
    differs = [one != two for one, two in zip(hashes(base), hashes(changed), strict=True)]
    assert differs == [False] * 5 + [True] * 5


def test_what_is_not_trusted_and_how_it_is_made_count_too():
    found_on = np.full(21, np.iinfo(np.int64).max)
    found_on[12] = 16
    watched = WatchedInputs(years=(WatchedYear(learned=0, found_on={PRICE: found_on}),), notes={})
    never = np.full(21, np.iinfo(np.int64).max)
    clean = WatchedInputs(years=(WatchedYear(learned=0, found_on={PRICE: never}),), notes={})
    differs = [one != two for one, two in zip(hashes(watched=clean), hashes(watched=watched), strict=True)]
    assert differs == [False] * 6 + [True] * 4
    assert changed_from(SERIES, settings="another model") == 10


def test_a_holiday_counts_from_the_gate_of_its_own_day():
    named = PublicHolidays(place="here", first_year=2026, last_year=2026, days=frozenset({date(2026, 1, 15)}))
    base, free = replace(SERIES, holidays=None), replace(SERIES, holidays=named)
    differs = [one != two for one, two in zip(hashes(base), hashes(free), strict=True)]
    assert differs == [False] * 4 + [True] * 6
