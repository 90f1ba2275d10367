"""A test issues each day at its gate, whatever the market, and a day is the same alone as among others."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from battuta.adapters.compute.local import LocalCompute
from battuta.adapters.vintages.blocks import FolderBlocks
from battuta.domain.errors import StaleDataError, UsageError
from battuta.domain.prices import Column, History, PriceSeries
from battuta.domain.publication import BEFORE_DAY_AHEAD_GATE
from battuta.domain.time import NS_PER_HOUR, to_ns
from battuta.forecast import boosted_trees
from battuta.forecast.day_table import DayTable
from battuta.forecast.naive import similar_day_rows
from battuta.forecast.price_forecaster import PriceForecaster
from battuta.forecast.price_model import PriceModel
from battuta.studies import forecast_evaluation
from battuta.studies.forecast_evaluation import HISTORY_DAYS_MIN, evaluate_forecasts, member_rows, scored_days

N_DAYS = 150
ALL = PriceModel()
KERNEL = PriceModel(families=("kernel",))
COMPUTE = LocalCompute(1)


@pytest.fixture(autouse=True)
def _few_trees(monkeypatch):
    monkeypatch.setattr(boosted_trees, "_TREES", 20)


def market(n_days=N_DAYS, end=datetime(2026, 4, 10, 22, tzinfo=UTC), steps_per_hour=1):
    """Local days in Berlin that end as told; the load drives the price."""
    n_times = n_days * 24 * steps_per_hour
    rng = np.random.default_rng(3)
    hour, day = np.arange(n_times) / steps_per_hour % 24, np.arange(n_times) // (24 * steps_per_hour)
    load = 100.0 + 20.0 * np.sin(hour * np.pi / 12) + 8.0 * rng.normal(size=n_days)[day] + rng.normal(size=n_times)
    wind = 30.0 + 15.0 * rng.normal(size=n_days)[day] + rng.normal(size=n_times)
    columns = {"load_forecast_mw": load, "wind_forecast_mw": wind}
    series = PriceSeries(
        time_ns=to_ns(end) + np.arange(-n_times, 0) * (NS_PER_HOUR // steps_per_hour),
        price_per_mwh=0.8 * (load - wind) + rng.normal(size=n_times),
        step=timedelta(hours=1) / steps_per_hour,
        currency="EUR",
        zone="Europe/Berlin",
        columns={name: Column(values=each, unit="MW", rule=BEFORE_DAY_AHEAD_GATE) for name, each in columns.items()},
        is_synthetic=True,
    )
    spare = int(series.days().start_index[0])
    return series.slice(slice(spare, None))


SERIES = market()


def with_column(values, series=SERIES):
    columns = {**series.columns, "wind_forecast_mw": replace(series.columns["wind_forecast_mw"], values=values)}
    return replace(series, columns=columns)


def evaluated(series, test_days=2, model=ALL, warm_up_days=3, **kwargs):
    return evaluate_forecasts(series, test_days, model, COMPUTE, warm_up_days=warm_up_days, **kwargs)


def test_what_is_issued_stands_beside_what_came():
    steps = []
    result = evaluated(SERIES, test_days=4, progress=lambda *done: steps.append(done))
    assert result.dates[-1] == date(2026, 4, 10)
    assert [result.days[-1] - day for day in result.days] == [3, 2, 1, 0]
    table = DayTable(History(SERIES))
    np.testing.assert_array_equal(result.price_per_mwh, table.prices_per_mwh(result.days[0], result.days[-1] + 1))
    np.testing.assert_array_equal(result.weekly, table.prices_per_mwh(result.days[0] - 7, result.days[-1] - 6))
    np.testing.assert_array_equal(result.naive[2], similar_day_rows(table.at_gate(result.days[2])))
    assert result.point.shape == (4, 24)
    assert result.quantiles.shape == (4, 24, 99)
    assert result.levels[[0, -1]].tolist() == [0.01, 0.99]
    assert result.errors_before.shape == (3, 24)
    assert sorted(result.members) == sorted(member.name for member in ALL.members())
    assert result.model == ALL.name
    assert steps[-1] == ("calibrating", steps[-1][2], steps[-1][2])
    error = np.abs(result.point - result.price_per_mwh).mean()
    assert error < 4.0 < 0.5 * np.abs(result.naive - result.price_per_mwh).mean()


def test_errors_before_are_those_of_the_days_before():
    longer, shorter = evaluated(SERIES, test_days=5, warm_up_days=0), evaluated(SERIES, test_days=2, warm_up_days=3)
    assert longer.errors_before.shape == (0, 24)
    expected = (longer.price_per_mwh - longer.point)[:3]
    np.testing.assert_array_equal(shorter.errors_before, expected)
    np.testing.assert_array_equal(shorter.point, longer.point[3:])
    np.testing.assert_array_equal(shorter.quantiles, longer.quantiles[3:])


def test_a_day_alone_is_what_it_is_among_others():
    table = DayTable(History(SERIES))
    stop = len(table.dates)
    among = member_rows(table, stop - 45, stop, ALL, COMPUTE, None)
    assert [row.day for row in among] == list(range(stop - 45, stop))
    for row in among[::11]:
        (alone,) = member_rows(table, row.day, row.day + 1, ALL, COMPUTE, None)
        assert sorted(alone.values) == sorted(row.values)
        for name, values in alone.values.items():
            np.testing.assert_array_equal(values, row.values[name], err_msg=f"{name} on {table.dates[row.day]}")


class Interrupted(LocalCompute):
    """Is stopped from the keyboard after some pieces of work."""

    def __init__(self, n_pieces):
        super().__init__(1)
        self.n_pieces = n_pieces

    def map(self, work, pieces, done=None):
        super().map(work, pieces[: self.n_pieces], done)
        if len(pieces) > self.n_pieces:
            raise KeyboardInterrupt
        return super().map(work, pieces, done)


def assert_same_evaluation(one, two):
    for name in ("point", "quantiles", "errors_before"):
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes(), name
    assert one.notes == two.notes
    assert list(one.members) == list(two.members)
    for name in two.members:
        assert one.members[name].tobytes() == two.members[name].tobytes(), name


def test_an_interrupted_test_goes_on_where_it_stopped_and_says_the_same(tmp_path):
    told = []
    asked = {"test_days": 30, "warm_up_days": 60}
    alone = evaluated(SERIES, **asked)
    with pytest.raises(KeyboardInterrupt):
        evaluate_forecasts(SERIES, 30, ALL, Interrupted(2), warm_up_days=60, kept=FolderBlocks(tmp_path, "1"))
    assert len(list(tmp_path.iterdir())) == 2
    store = FolderBlocks(tmp_path, "1")
    again = evaluated(SERIES, **asked, kept=store, progress=lambda *done: told.append(done))
    assert_same_evaluation(again, alone)
    assert told[0] == ("calibrated before", store.n_days_found, 90)
    assert 28 < store.n_days_found < 57
    whole = FolderBlocks(tmp_path, "1")
    assert_same_evaluation(evaluated(SERIES, **asked, kept=whole), alone)
    assert whole.n_days_found == 90
    damaged = sorted(tmp_path.iterdir())[1]
    damaged.write_bytes(damaged.read_bytes()[:-5])
    mended = FolderBlocks(tmp_path, "1")
    assert_same_evaluation(evaluated(SERIES, **asked, kept=mended), alone)
    assert mended.findings[0].startswith(f"{damaged} is damaged")
    assert mended.n_days_found < 90


def test_what_was_kept_of_other_prices_is_not_used(tmp_path):
    evaluated(SERIES, kept=FolderBlocks(tmp_path, "1"))
    moved = SERIES.price_per_mwh.copy()
    moved[SERIES.days().steps(100)] += 1e-9
    store = FolderBlocks(tmp_path, "1")
    evaluated(replace(SERIES, price_per_mwh=moved), kept=store)
    assert store.n_days_found == 0


@pytest.mark.parametrize(
    ("n_days", "absent"), [(60, "without trees"), (45, "without trees"), (100, None), (95, None), (91, None)]
)
def test_a_young_market_is_forecast_by_those_who_can(n_days, absent):
    result = evaluated(market(n_days), test_days=1, warm_up_days=364)
    assert np.isfinite(result.point).all()
    assert any("without" in note for note in result.notes[0]) == (absent is not None)
    if absent is not None:
        assert any(absent in note for note in result.notes[0])
    assert result.errors_before.shape[0] < n_days - HISTORY_DAYS_MIN


@pytest.mark.parametrize("n_days", [15, 20])
def test_in_a_market_too_young_for_all_the_similar_day_stands_in(n_days):
    result = evaluated(market(n_days), test_days=1)
    np.testing.assert_array_equal(result.point, result.naive)


def test_a_hole_in_the_prices_is_bridged_by_the_similar_day():
    series = market(90)
    start = int(series.days().start_index[60])
    series.price_per_mwh[start : start + 5 * 24] = np.nan
    result = evaluated(series, test_days=30, model=KERNEL)
    assert np.isfinite(result.point).all()


def test_clock_changes_are_tested_like_other_days():
    for end, n_steps in ((datetime(2026, 3, 31, 22, tzinfo=UTC), 23), (datetime(2025, 10, 28, 23, tzinfo=UTC), 25)):
        series = market(end=end)
        result = evaluated(series, test_days=4, model=KERNEL)
        odd = [day for day in result.days if np.diff(series.days().start_index)[day] == n_steps]
        assert len(odd) == 1
        assert np.isfinite(result.point).all()
        assert np.abs(result.point - result.price_per_mwh).max() < 30.0


@pytest.mark.parametrize("sort", ["below zero", "five times as high from yesterday on", "with gaps"])
def test_strange_prices_are_lived_with(sort):
    price = SERIES.price_per_mwh.copy()
    if sort == "below zero":
        price -= 300.0
    elif sort == "with gaps":
        price[-24 * 40 :: 37] = np.nan
    else:
        price[-48:] *= 5.0
    result = evaluated(replace(SERIES, price_per_mwh=price))
    assert np.isfinite(result.point).all()
    assert np.isfinite(result.quantiles).all()
    assert np.all(np.diff(result.quantiles, axis=2) >= 0.0)


def test_a_series_that_is_missing_on_the_last_day_is_named():
    wind = SERIES.columns["wind_forecast_mw"].values.copy()
    wind[-20:-17] = np.nan
    result = evaluated(with_column(wind))
    assert np.isfinite(result.point).all()
    assert [any("wind_forecast_mw" in note for note in notes) for notes in result.notes] == [False, True]


def test_the_inputs_of_a_young_market_are_watched_too():
    wind = SERIES.columns["wind_forecast_mw"].values.copy()
    wind[-24:] = 0.0
    for warm_up_days in (3, 364):
        result = evaluated(with_column(wind), model=KERNEL, warm_up_days=warm_up_days)
        assert [any("[zeros]" in note for note in notes) for notes in result.notes] == [False, True], warm_up_days


class Listening(PriceForecaster):
    """Notes what it is asked, and how many days of prices are known by then."""

    heard = ()

    def learn(self, known):
        Listening.heard += (("learn", known.day, len(known.price_per_mwh)),)
        super().learn(known)

    def predict(self, row, known):
        Listening.heard += (("predict", row.day, len(known.price_per_mwh)),)
        return super().predict(row, known)


def test_width_and_weights_learn_at_each_gate_before_they_are_asked(monkeypatch):
    monkeypatch.setattr(forecast_evaluation, "PriceForecaster", Listening)
    monkeypatch.setattr(Listening, "heard", ())
    result = evaluated(SERIES, model=KERNEL)
    days = range(result.days[0] - 3, result.days[-1] + 1)
    assert Listening.heard == tuple((what, day, day) for day in days for what in ("learn", "predict"))


def test_a_series_that_never_changes_says_nothing():
    with_flat, without = with_column(np.full(SERIES.n_times, 7.0)), replace(SERIES, columns={"l": _load()})
    np.testing.assert_array_equal(evaluated(with_flat, model=KERNEL).point, evaluated(without, model=KERNEL).point)


def _load():
    return SERIES.columns["load_forecast_mw"]


def test_quarter_hours_are_forecast_each():
    result = evaluated(market(70, steps_per_hour=4), test_days=1, warm_up_days=1)
    assert result.point.shape == (1, 96)
    assert result.quantiles.shape == (1, 96, 99)


def test_days_that_wait_for_their_prices_are_not_scored():
    price = SERIES.price_per_mwh.copy()
    price[-24:] = np.nan
    assert evaluated(replace(SERIES, price_per_mwh=price), model=KERNEL).dates[-1] == date(2026, 4, 9)


def test_the_length_of_a_test_is_checked():
    table = DayTable(History(SERIES))
    n_days = len(table.dates)
    with pytest.raises(UsageError, match="test_days = 0"):
        scored_days(table, 0)
    with pytest.raises(StaleDataError, match=f"ask for at most {n_days - HISTORY_DAYS_MIN}"):
        scored_days(table, n_days - HISTORY_DAYS_MIN + 1)
    assert scored_days(table, n_days - HISTORY_DAYS_MIN) == (HISTORY_DAYS_MIN, n_days)
    for n_there, n_more in ((10, 5), (HISTORY_DAYS_MIN, 1)):
        short = DayTable(History(SERIES.slice(slice(0, int(SERIES.days().start_index[n_there])))))
        with pytest.raises(StaleDataError, match=f"cover {n_there} days; give {n_more} more of"):
            scored_days(short, 1)
