"""LEAR finds what drives a planted market, day by day, and for each slot of its own."""

from datetime import date, timedelta

import numpy as np
import pytest

from battuta.domain.errors import StaleDataError
from battuta.forecast.day_table import KnownDays
from battuta.forecast.lear import Lear

N_DAYS = 150


def planted(n_slots=24, seed=0):
    rng = np.random.default_rng(seed)
    load = 100.0 + 10.0 * rng.normal(size=(N_DAYS + 1, n_slots))
    price = np.empty((N_DAYS + 1, n_slots))
    price[0] = 50.0
    for day in range(1, N_DAYS + 1):
        price[day] = 20.0 + 0.5 * price[day - 1] + 0.8 * (load[day] - 100.0) + rng.normal(size=n_slots)
    dates = tuple(date(2026, 1, 1) + timedelta(days=k) for k in range(N_DAYS + 1))
    known = KnownDays(day=N_DAYS, dates=dates, price_per_mwh=price[:-1], columns={"load": load})
    return known, price[-1]


def test_it_finds_the_law_of_the_market():
    known, truth = planted()
    lear = Lear(140)
    error = np.abs(lear.predict(known) - truth).mean()
    assert error < 2.0 < 0.4 * np.abs(known.price_per_mwh[-1] - truth).mean()
    assert lear.name == "lear_140d"


def test_a_short_window_with_more_regressors_than_days_still_forecasts():
    known, truth = planted()
    assert np.abs(Lear(56).predict(known) - truth).mean() < 5.0


def test_quarter_hours_have_a_forecast_each():
    known, _ = planted(96)
    assert Lear(100).predict(known).shape == (96,)


def test_a_day_with_a_gap_is_not_learned_from():
    known, _ = planted()
    price = known.price_per_mwh.copy()
    price[60] += 1e5
    spoiled = KnownDays(day=N_DAYS, dates=known.dates, price_per_mwh=price, columns=known.columns)
    price_with_gap = price.copy()
    price_with_gap[60] = np.nan
    holed = KnownDays(day=N_DAYS, dates=known.dates, price_per_mwh=price_with_gap, columns=known.columns)
    clean, bad, mended = (Lear(140).predict(each) for each in (known, spoiled, holed))
    drift = np.abs(mended - clean).mean()
    assert drift < 0.5
    assert np.abs(bad - clean).mean() > 2.0 * drift


def test_days_that_all_have_gaps_are_refused():
    known, _ = planted()
    holed = known.price_per_mwh.copy()
    holed[:, 0] = np.nan
    with pytest.raises(StaleDataError, match="latest whole day is 151 days old"):
        Lear(56).predict(KnownDays(day=N_DAYS, dates=known.dates, price_per_mwh=holed, columns=known.columns))


def test_it_says_what_it_leaned_on():
    known, _ = planted()
    shares = Lear(140).leaned_on(known)
    assert abs(sum(shares.values()) - 1.0) < 1e-12
    assert next(iter(shares)) == "load"
    assert list(shares.values()) == sorted(shares.values(), reverse=True)
    assert shares["load"] + shares["price, 1 d before"] > 0.5


@pytest.mark.parametrize("is_bent", [False, True])
def test_an_input_that_never_moved_and_now_does_cannot_carry_the_forecast_away(is_bent):
    known, _ = planted()
    still = 1e-15 * np.random.default_rng(3).normal(size=(N_DAYS + 1, 24))
    still[-1] = 5.0
    moved = KnownDays(
        day=N_DAYS,
        dates=known.dates,
        price_per_mwh=known.price_per_mwh,
        columns={**known.columns, "spread_fr_per_mwh": still},
    )
    highest, lowest = known.price_per_mwh.max(), known.price_per_mwh.min()
    said = Lear(84, is_bent=is_bent).predict(moved)
    assert said.max() < highest + 4.0 * (highest - lowest)
    assert said.min() > lowest - 4.0 * (highest - lowest)
