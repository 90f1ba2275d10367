"""Trees find a bend that no straight line has, at whatever level the market stands."""

from datetime import date, timedelta

import numpy as np
import pytest

from battuta.domain.errors import StaleDataError, UsageError
from battuta.forecast import boosted_trees
from battuta.forecast.boosted_trees import BoostedTrees
from battuta.forecast.day_table import KnownDays
from battuta.forecast.lear import Lear

N_DAYS = 160
N_TESTED = 6


def planted(n_slots=24, n_days=N_DAYS, seed=0):
    """Prices are high where the load is far from its mean, to either side."""
    rng = np.random.default_rng(seed)
    load = 100.0 + 10.0 * rng.normal(size=(n_days + 1, n_slots))
    return 30.0 + 0.2 * np.square(load - 100.0) + rng.normal(size=load.shape), {"load_forecast_mw": load}


PRICE, COLUMNS = planted()


def known(day=N_DAYS, price=PRICE, columns=COLUMNS):
    dates = tuple(date(2026, 1, 1) + timedelta(days=k) for k in range(day + 1))
    return KnownDays(
        day=day,
        dates=dates,
        price_per_mwh=price[:day],
        columns={name: each[: day + 1] for name, each in columns.items()},
    )


def said(member=None, **kwargs):
    member = member or BoostedTrees()
    member.fit(known(**kwargs))
    return member.predict(known(**kwargs))


def changed(rows, place, value):
    other = rows.copy()
    other[place] = value
    return other


def test_they_find_a_bend_that_lines_miss():
    member = BoostedTrees()
    member.fit(known(N_DAYS - N_TESTED))
    bent, straight = [], []
    for day in range(N_DAYS - N_TESTED, N_DAYS):
        member.update(known(day))
        bent.append(np.abs(member.predict(known(day)) - PRICE[day]).mean())
        straight.append(np.abs(Lear(150).predict(known(day)) - PRICE[day]).mean())
    assert np.mean(bent) < 8.0 < 0.6 * np.mean(straight)
    assert member.name == "trees"


def test_the_currency_does_not_matter():
    np.testing.assert_allclose(said(price=5.0 * PRICE), 5.0 * said(), atol=1e-6)


def test_two_fits_on_the_same_days_are_the_same_bit_for_bit():
    np.testing.assert_array_equal(said(), said())


def test_a_series_that_goes_missing_or_returns_grows_new_trees():
    other = {**COLUMNS, "wind_forecast_mw": 50.0 + 9.0 * np.random.default_rng(1).normal(size=(N_DAYS + 1, 24))}
    holed = {**other, "wind_forecast_mw": changed(other["wind_forecast_mw"], (N_DAYS - 1, 2), np.nan)}
    member = BoostedTrees()
    member.fit(known(N_DAYS - 2, columns=holed))
    for day in (N_DAYS - 1, N_DAYS):
        member.update(known(day, columns=holed))
        expected = said(day=day, columns=COLUMNS if day < N_DAYS else holed)
        np.testing.assert_array_equal(member.predict(known(day, columns=holed)), expected)


def test_between_fits_the_trees_stay_and_the_inputs_move():
    member = BoostedTrees()
    member.fit(known(N_DAYS - 1))
    grown = member._model
    member.update(known())
    assert member._model is grown
    assert np.abs(member.predict(known()) - said()).max() > 0.0


def test_days_with_gaps_are_not_learned_from():
    spoiled = changed(PRICE, (60, slice(None)), 1e5)
    holed = changed(PRICE, (60, slice(None)), np.nan)
    error = {name: np.abs(said(price=price) - PRICE[N_DAYS]).mean() for name, price in (("h", holed), ("s", spoiled))}
    assert error["h"] < 8.0
    assert error["s"] > error["h"]


def test_finer_slots_have_a_shorter_window_of_as_many_rows(monkeypatch):
    price, columns = planted(96, 130)
    monkeypatch.setattr(boosted_trees, "_SLOTS_MAX", 96 * 60)
    here = known(130, price, columns)
    long, short = BoostedTrees(), BoostedTrees(window_days=60)
    np.testing.assert_array_equal(said(long, day=130, price=price, columns=columns).shape, (96,))
    short.fit(here)
    np.testing.assert_array_equal(long.predict(here), short.predict(here))
    assert long._first(here) == 70


def test_who_was_not_fitted_says_so():
    with pytest.raises(UsageError, match="fit comes before predict"):
        BoostedTrees().predict(known())


def test_history_without_one_whole_day_is_refused():
    with pytest.raises(StaleDataError, match="no day of the 132"):
        BoostedTrees().fit(known(price=changed(PRICE, (slice(None), 0), np.nan)))
