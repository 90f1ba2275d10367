"""A model is a choice of families; each copes with young, broken and strange markets."""

from datetime import date, timedelta

import numpy as np
import pytest

from battuta.domain.errors import UsageError
from battuta.forecast import boosted_trees
from battuta.forecast.day_table import KnownDays
from battuta.forecast.price_model import PriceModel, by_family

N_DAYS = 130
ALL = PriceModel()
MEMBERS = sorted(member.name for member in ALL.members())


@pytest.fixture(autouse=True)
def _few_trees(monkeypatch):
    monkeypatch.setattr(boosted_trees, "_TREES", 40)


def planted():
    rng = np.random.default_rng(0)
    load = 100.0 + 20.0 * np.sin(np.arange(24) * np.pi / 12) + 8.0 * rng.normal(size=(N_DAYS + 1, 1))
    load = load + rng.normal(size=load.shape)
    wind = np.abs(30.0 + 20.0 * rng.normal(size=(N_DAYS + 1, 1)) + 3.0 * rng.normal(size=load.shape))
    return 0.7 * (load - wind) + rng.normal(size=load.shape), {"load_forecast_mw": load, "wind_forecast_mw": wind}


PRICE, COLUMNS = planted()


def error(name, price=PRICE, columns=COLUMNS):
    """Mean absolute error of a member on the last day, its finite forecast checked on the way."""
    (member,) = (each for each in ALL.members() if each.name == name)
    dates = tuple(date(2026, 1, 1) + timedelta(days=k) for k in range(N_DAYS + 1))
    known = KnownDays(day=N_DAYS, dates=dates, price_per_mwh=price[:N_DAYS], columns=columns)
    member.fit(known)
    said = member.predict(known)
    assert said.shape == (24,)
    assert np.isfinite(said).all()
    return np.abs(said - price[N_DAYS]).mean()


def changed(place, value, name="wind_forecast_mw"):
    values = COLUMNS[name].copy()
    values[place] = value
    return {**COLUMNS, name: values}


def test_families_have_their_members():
    assert {name.split("_")[0] for name in MEMBERS} == {"lear", "bent", "kernel", "trees"}
    assert [member.name for member in PriceModel(families=("kernel",)).members()] == ["kernel"]
    assert PriceModel().name == "linear+kernel+trees"
    linear = [member.name for member in PriceModel(families=("linear",)).members()]
    assert linear == [member.name for member in PriceModel(families=("bent", "lear", "linear")).members()]
    first, second = ALL.members(), ALL.members()
    assert not {id(each) for each in first} & {id(each) for each in second}


@pytest.mark.parametrize(
    ("families", "what"), [(("lear", "arima"), "'arima' is not known"), ((), "no family is named")]
)
def test_a_family_that_is_not_there_is_refused_with_those_that_are(families, what):
    with pytest.raises(UsageError, match=f"{what}; choose from lear, bent, linear, kernel, trees"):
        PriceModel(families=families)


def test_a_family_speaks_with_the_mean_of_its_members():
    said = {"lear_56d": np.full(2, 1.0), "trees": np.full(2, 7.0), "lear_84d": np.full(2, 4.0)}
    found = by_family(said)
    assert {name: values.tolist() for name, values in found.items()} == {"lear": [2.5, 2.5], "trees": [7.0, 7.0]}
    assert by_family({}) == {}


def test_the_linear_family_is_the_mean_of_both_kinds_and_speaks_only_with_both():
    said = {"lear_56d": np.full(2, 1.0), "lear_84d": np.full(2, 3.0), "bent_56d": np.full(2, 6.0)}
    assert by_family(said)["linear"].tolist() == [4.0, 4.0]
    assert "linear" not in by_family({"lear_56d": np.full(2, 1.0)})


@pytest.mark.parametrize("name", MEMBERS)
def test_each_member_finds_the_law_of_a_market(name):
    usual_change = np.abs(np.diff(PRICE, axis=0)).mean()
    assert error(name) < 4.5 < 0.3 * usual_change


@pytest.mark.parametrize("name", MEMBERS)
@pytest.mark.parametrize("sort", ["below zero", "five times as high", "flat", "flat but for a rounding"])
def test_prices_of_any_kind_are_forecast(name, sort):
    price = {
        "below zero": PRICE - 500.0,
        "five times as high": PRICE * np.where(np.arange(N_DAYS + 1) < N_DAYS - 3, 1.0, 5.0)[:, None],
        "flat": np.full_like(PRICE, 0.1),
        "flat but for a rounding": 0.1 + 1e-16 * PRICE,
    }[sort]
    limit = {"below zero": 5.0, "five times as high": 5.0 * np.abs(PRICE).max()}.get(sort, 1e-9)
    assert error(name, price=price) < limit


@pytest.mark.parametrize("name", MEMBERS)
@pytest.mark.parametrize(
    ("columns", "why"),
    [
        (changed((N_DAYS, 3), np.nan), "not there today"),
        (changed(slice(N_DAYS - 6, N_DAYS - 1), np.nan), "not there this week"),
        (changed(slice(N_DAYS - 40, None), 0.0), "calm for weeks"),
        (changed(slice(None), 7.0), "never changes"),
        (changed(slice(None), np.nan), "never there"),
        ({}, "none"),
    ],
)
def test_series_of_any_kind_are_lived_with(name, columns, why):
    assert error(name, columns=columns) < 60.0, why


@pytest.mark.parametrize("name", MEMBERS)
@pytest.mark.parametrize("n_whole", [1, 2, 3, 4, 5, 8])
def test_few_whole_days_are_learned_from(name, n_whole):
    price = PRICE.copy()
    price[: N_DAYS - n_whole, 5] = np.nan
    assert error(name, price=price) < 60.0
