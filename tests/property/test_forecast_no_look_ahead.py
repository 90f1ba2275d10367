"""No part of a price forecast moves by a bit when values change that nobody knew at its gate."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battuta.adapters.compute.local import LocalCompute
from battuta.domain.prices import PRICE, Column, History, PriceSeries
from battuta.domain.publication import AFTER_DAY_AHEAD_GATE, AFTER_INTERVAL, BEFORE_DAY_AHEAD_GATE, CLOSE_OF_DAY
from battuta.domain.time import NS_PER_HOUR, to_ns
from battuta.forecast import boosted_trees
from battuta.forecast.day_table import DayTable
from battuta.forecast.price_model import PriceModel
from battuta.studies.forecast_evaluation import evaluate_forecasts

N_DAYS = 112  # from before Christmas to after the change of clocks
N_HOURS = N_DAYS * 24 - 1
MODEL = PriceModel()
MEMBERS = sorted(member.name for member in MODEL.members())
DAYS = st.integers(100, N_DAYS - 1)
SEEDS = st.integers(0, 2**32 - 1)


@pytest.fixture(autouse=True, scope="module")
def _few_trees():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(boosted_trees, "_TREES", 20)
        yield


def market():
    rng = np.random.default_rng(5)
    hour, day = np.arange(N_HOURS) % 24, np.arange(N_HOURS) // 24
    load = 100.0 + 20.0 * np.sin(hour * np.pi / 12) + 8.0 * rng.normal(size=N_DAYS)[day] + rng.normal(size=N_HOURS)
    wind = 30.0 + 15.0 * rng.normal(size=N_DAYS)[day] + 3.0 * rng.normal(size=N_HOURS)
    gas = (25.0 + np.cumsum(rng.normal(size=N_DAYS)))[day]
    columns = {
        "load_forecast_mw": (load, BEFORE_DAY_AHEAD_GATE),
        "renewables_forecast_mw": (wind, BEFORE_DAY_AHEAD_GATE),
        "wind_late_mw": (wind + rng.normal(size=N_HOURS), AFTER_DAY_AHEAD_GATE),
        "gas_eur": (gas, CLOSE_OF_DAY),
        "metered_mw": (load + rng.normal(size=N_HOURS), AFTER_INTERVAL),
    }
    return PriceSeries(
        time_ns=to_ns(datetime(2025, 12, 14, 23, tzinfo=UTC)) + np.arange(N_HOURS) * NS_PER_HOUR,
        price_per_mwh=gas + 0.01 * np.maximum(load - wind, 0.0) ** 2 - 30.0 + 2.0 * rng.normal(size=N_HOURS),
        step=timedelta(hours=1),
        currency="EUR",
        zone="Europe/Berlin",
        columns={name: Column(values=values, unit="MW", rule=rule) for name, (values, rule) in columns.items()},
        is_synthetic=True,
    )


SERIES = market()
TABLE = DayTable(History(SERIES))


def blinded(series, day, seed):
    """Put chance and gaps in place of everything that is not known at the gate of a day."""
    rng = np.random.default_rng(seed)

    def scrambled(name):
        values = series.values(name)
        is_hidden = series.known_at_ns(name) > TABLE.gate_ns(day)
        other = rng.normal(values.mean(), 5.0 * values.std(), N_HOURS)
        other[rng.random(N_HOURS) < 0.2] = np.nan
        return np.where(is_hidden, other, values), int(is_hidden.sum())

    price_per_mwh, n_hidden = scrambled(PRICE)
    assert n_hidden >= N_HOURS - series.days().start_index[day]
    columns = {name: replace(column, values=scrambled(name)[0]) for name, column in series.columns.items()}
    return replace(series, price_per_mwh=price_per_mwh, columns=columns)


def said_by(name, series, day):
    """What a member says of a day, fitted some days before it."""
    (member,) = (each for each in MODEL.members() if each.name == name)
    table = DayTable(History(series))
    member.fit(table.at_gate(day - 3))
    for each in range(day - 2, day + 1):
        member.update(table.at_gate(each))
    return [member.predict(table.at_gate(day))]


def issued(series, day):
    """All that an evaluation says of the days up to one, the fit of width and weights before it included."""
    evaluation = evaluate_forecasts(series, N_DAYS - 98, MODEL, LocalCompute(1), warm_up_days=7)
    tested = evaluation.days.index(day) + 1
    of_days = (evaluation.point, evaluation.quantiles, evaluation.naive, *evaluation.members.values())
    return [*(each[:tested] for each in of_days), np.array(evaluation.notes[:tested], dtype=object)]


def assert_blind(say, day, seed, series=SERIES):
    for seen, blind in zip(say(series, day), say(blinded(series, day, seed), day), strict=True):
        np.testing.assert_array_equal(blind, seen)


def test_the_market_crosses_a_change_of_clocks():
    assert sorted(set(np.diff(SERIES.days().start_index))) == [23, 24]
    assert len(TABLE.dates) == N_DAYS


@pytest.mark.parametrize("name", MEMBERS)
@settings(max_examples=5)
@given(day=DAYS, seed=SEEDS)
def test_no_member_sees_what_comes(name, day, seed):
    assert_blind(lambda series, at: said_by(name, series, at), day, seed)


@pytest.mark.parametrize("name", MEMBERS)
def test_no_member_sees_prices_that_are_measured_as_they_come(name):
    late = replace(SERIES, rule=AFTER_INTERVAL)
    assert DayTable(History(late)).at_gate(106).price_per_mwh.shape[0] == 105
    assert_blind(lambda series, at: said_by(name, series, at), 106, 1, late)


@pytest.mark.slow
@settings(max_examples=2)
@given(day=DAYS, seed=SEEDS)
def test_no_evaluation_sees_what_comes(day, seed):
    assert_blind(issued, day, seed)


def leaking(what):
    """A day table that shows at the gate what it must not: a late series of the day itself, or its prices."""
    honest = DayTable.at_gate

    def at_gate(self, day):
        known = honest(self, day)
        if what == "price":
            told = np.vstack([known.price_per_mwh[:-1], self.prices_per_mwh(day, day + 1)])
            return replace(known, price_per_mwh=np.where(np.isnan(told), 0.0, told))
        late = np.nan_to_num(self._columns["wind_late_mw"][: day + 1])
        return replace(known, columns={**known.columns, "wind_late_mw": late})

    return at_gate


@pytest.mark.parametrize("what", ["price", "late series"])
@pytest.mark.parametrize("name", MEMBERS)
def test_a_leak_is_seen_in_each_member(name, what, monkeypatch):
    monkeypatch.setattr(DayTable, "at_gate", leaking(what))
    with pytest.raises(AssertionError, match="not equal"):
        assert_blind(lambda series, at: said_by(name, series, at), 106, 1)


@pytest.mark.parametrize("what", ["price", "late series"])
def test_a_leak_is_seen_in_an_evaluation(what, monkeypatch):
    monkeypatch.setattr(DayTable, "at_gate", leaking(what))
    with pytest.raises(AssertionError, match="not equal"):
        assert_blind(issued, 106, 1)
