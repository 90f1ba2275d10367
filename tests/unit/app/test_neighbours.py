"""Neighbours beside prices: yesterday's spread on the slots of today, known before the gate, and what is refused."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pytest

from battuta.adapters.compute.local import LocalCompute
from battuta.app.neighbours import with_import_shares, with_neighbours
from battuta.domain.errors import ClockError, CurrencyError, DataError, InvalidQuantityError, UsageError
from battuta.domain.prices import Column, History, PriceSeries
from battuta.domain.publication import AFTER_DAY_AHEAD_GATE, AFTER_INTERVAL, BEFORE_DAY_AHEAD_GATE, LocalTimeRule
from battuta.domain.time import NS_PER_HOUR, ClockKind, duration_ns, local_instant_ns, to_ns
from battuta.forecast.day_table import DayTable
from battuta.forecast.price_model import PriceModel
from battuta.studies.forecast_evaluation import evaluate_forecasts

ZONE = "Europe/Berlin"
WINTER = date(2026, 1, 5)
SPREAD = "spread_ch_per_mwh"


def prices(values=None, first=WINTER, n_days=3, step=timedelta(hours=1), **changes):
    start_ns, stop_ns = (
        local_instant_ns(first + timedelta(days=k), time(0), changes.get("zone", ZONE)) for k in (0, n_days)
    )
    time_ns = np.arange(start_ns, stop_ns, duration_ns(step))
    settings = {
        "time_ns": time_ns,
        "price_per_mwh": np.arange(float(time_ns.size)) if values is None else np.asarray(values, dtype=float),
        "step": step,
        "currency": "EUR",
        "zone": ZONE,
        "source": "test",
    }
    return PriceSeries(**(settings | changes))


def test_yesterdays_spread_lies_on_today():
    own = prices()
    other = prices(2.0 * np.arange(72.0), source="Swissix")
    joined = with_neighbours(own, {"ch": other})
    spread = joined.columns[SPREAD]
    assert np.isnan(spread.values[:24]).all()
    np.testing.assert_array_equal(spread.values[24:], np.arange(48.0))
    assert (spread.unit, spread.rule) == ("EUR/MWh", LocalTimeRule(day_offset=-2, at=time(12, 57)))
    assert joined.source == "test; neighbours: ch: Swissix"
    assert joined.price_per_mwh is own.price_per_mwh


def test_a_spread_keeps_its_sign_and_other_columns_stay():
    load = Column(values=np.ones(72), unit="MW", rule=BEFORE_DAY_AHEAD_GATE)
    own = prices(np.full(72, 50.0), columns={"load_forecast_mw": load})
    joined = with_neighbours(own, {"ch": prices(np.full(72, 20.0)), "be": prices(np.full(72, 70.0))})
    assert list(joined.columns) == ["load_forecast_mw", SPREAD, "spread_be_per_mwh"]
    assert set(joined.columns[SPREAD].values[24:]) == {-30.0}
    assert set(joined.columns["spread_be_per_mwh"].values[24:]) == {20.0}


def test_the_day_to_forecast_needs_no_price_of_its_own():
    values = np.arange(72.0)
    values[48:] = np.nan
    joined = with_neighbours(prices(values), {"ch": prices(np.full(48, 100.0), n_days=2)})
    np.testing.assert_array_equal(joined.columns[SPREAD].values[48:], 100.0 - np.arange(24.0, 48.0))
    known = DayTable(History(joined)).at_gate(2)
    assert known.columns[SPREAD].shape == (3, 24)
    assert known.price_per_mwh.shape == (2, 24)


def test_nothing_is_filled():
    own = prices(np.where(np.arange(72) == 5, np.nan, 10.0))
    other = prices(np.where(np.arange(24) == 7, np.nan, 30.0), n_days=1)
    spread = with_neighbours(own, {"ch": other}).columns[SPREAD].values
    assert np.flatnonzero(np.isfinite(spread[24:48])).tolist() == [k for k in range(24) if k not in {5, 7}]
    assert np.isnan(spread[48:]).all()


def test_clock_changes_are_met_by_the_wall_clock():
    spring = date(2026, 3, 28)
    own = prices(np.zeros(71), first=spring)
    spread = with_neighbours(own, {"ch": prices(first=spring)}).columns[SPREAD].values
    on_spring, after = spread[24:47], spread[47:]
    assert on_spring[:4].tolist() == [0.0, 1.0, 3.0, 4.0]  # 02:00 is not there
    assert after[:5].tolist() == [24.0, 25.0, 25.5, 26.0, 27.0]  # the skipped hour has its neighbours' mean
    autumn = date(2026, 10, 24)
    own = prices(np.zeros(73), first=autumn)
    spread = with_neighbours(own, {"ch": prices(first=autumn)}).columns[SPREAD].values
    assert spread[24:29].tolist() == [0.0, 1.0, 2.0, 2.0, 3.0]
    assert spread[49:53].tolist() == [24.0, 25.0, 26.5, 28.0]


def test_quarters_of_an_hour_meet_quarters():
    quarter = timedelta(minutes=15)
    joined = with_neighbours(prices(np.zeros(288), step=quarter), {"ch": prices(step=quarter)})
    np.testing.assert_array_equal(joined.columns[SPREAD].values[96:], np.arange(192.0))
    with pytest.raises(DataError, match=r"prices of ch have intervals of 1:00:00, the own of 0:15:00"):
        with_neighbours(prices(step=quarter), {"ch": prices()})


def test_what_comes_after_the_gate_changes_nothing_before():
    rng = np.random.default_rng(3)
    own, other = rng.normal(50.0, 10.0, 240), rng.normal(60.0, 10.0, 240)
    day = 6
    at_gate = [with_neighbours(prices(own, n_days=10), {"ch": prices(other, n_days=10)})]
    own[24 * day :], other[24 * day :] = 0.0, 999.0  # what clears after the gate of that day
    at_gate.append(with_neighbours(prices(own, n_days=10), {"ch": prices(other, n_days=10)}))
    before, after = (DayTable(History(each)).at_gate(day).columns[SPREAD] for each in at_gate)
    assert before.shape == (day + 1, 24)
    assert before.tobytes() == after.tobytes()
    gate_ns = local_instant_ns(WINTER + timedelta(days=day - 1), time(12), ZONE)
    n_known = History(at_gate[0]).view(gate_ns).n_known(SPREAD)
    assert n_known == 24 * (day + 1)


def test_benchmark_zones_are_joined_with_each_other_and_never_with_real_time():
    def zone_24h(**changes):
        return prices(np.arange(72.0), zone="local_24h", clock=ClockKind.LOCAL_24H, **changes)

    start_ns = to_ns(datetime(2026, 3, 28, tzinfo=UTC))
    own = replace(zone_24h(), time_ns=start_ns + NS_PER_HOUR * np.arange(72))
    spread = with_neighbours(own, {"ch": replace(own, price_per_mwh=np.zeros(72))}).columns[SPREAD].values
    np.testing.assert_array_equal(spread[24:], -np.arange(48.0))  # a day of 24 h like any other
    for pair in ((zone_24h(), prices()), (prices(), zone_24h())):
        with pytest.raises(ClockError, match=r"prices of ch have the clock .* cannot be joined"):
            with_neighbours(pair[0], {"ch": pair[1]})


def test_zones_whose_days_begin_together_meet_and_others_do_not():
    joined = with_neighbours(prices(), {"ch": replace(prices(), zone="Europe/Zurich")})
    assert SPREAD in joined.columns
    with pytest.raises(ClockError, match=r"begin by the clock of Europe/Helsinki.*Europe/Berlin"):
        with_neighbours(prices(), {"fi": replace(prices(), zone="Europe/Helsinki")})


def test_what_does_not_fit_is_refused():
    own = prices()
    with pytest.raises(CurrencyError, match="prices of gb are in GBP, the own in EUR; state a conversion"):
        with_neighbours(own, {"gb": prices(currency="GBP")})
    with pytest.raises(DataError, match=r"2026-02-01.*no interval is in both"):
        with_neighbours(own, {"ch": prices(first=date(2026, 2, 2))})
    with pytest.raises(UsageError, match="small letters"):
        with_neighbours(own, {"DE-LU": prices()})
    with pytest.raises(UsageError, match="there is a column spread_ch_per_mwh already"):
        with_neighbours(with_neighbours(own, {"ch": prices()}), {"ch": prices()})
    with pytest.raises(UsageError, match="invented prices explain none"):
        with_neighbours(own, {"ch": prices(is_synthetic=True)})
    with pytest.raises(DataError, match=r"prices of ch are known at end of interval.*after the gate"):
        with_neighbours(own, {"ch": prices(rule=AFTER_INTERVAL)})
    with pytest.raises(DataError, match=r"known at D 12:01 local"):
        with_neighbours(prices(rule=LocalTimeRule(day_offset=0, at=time(12, 1))), {"ch": prices()})


def border(scheduled, capacity, rule=AFTER_DAY_AHEAD_GATE):
    both = {"scheduled_import_ch_mw": (scheduled, rule), "import_capacity_ch_mw": (capacity, BEFORE_DAY_AHEAD_GATE)}
    columns = {name: Column(values=np.full(72, value), unit="MW", rule=known) for name, (value, known) in both.items()}
    return prices(columns=columns)


def test_yesterdays_use_of_a_border_lies_on_today_and_its_capacity_is_left_as_it_is():
    given = border(300.0, 1200.0)
    joined = with_import_shares(given)
    share = joined.columns["import_share_ch"]
    assert np.isnan(share.values[:24]).all()
    assert set(share.values[24:]) == {0.25}
    assert (share.unit, share.rule) == ("-", LocalTimeRule(day_offset=-2, at=time(18)))
    assert joined.columns["import_capacity_ch_mw"] is given.columns["import_capacity_ch_mw"]
    assert DayTable(History(joined)).at_gate(2).columns["import_share_ch"].shape == (3, 24)


def test_a_border_without_its_capacity_or_published_too_late_is_refused():
    with pytest.raises(UsageError, match=r"no pair of columns .* the series has none beside the price"):
        with_import_shares(prices())
    with pytest.raises(DataError, match="imports from ch are known at end of interval"):
        with_import_shares(border(300.0, 1200.0, AFTER_INTERVAL))
    with pytest.raises(InvalidQuantityError, match="scheduled_import_mw = -300"):
        with_import_shares(border(-300.0, 1200.0))
    with pytest.raises(UsageError, match="there is a column import_share_ch already"):
        with_import_shares(with_import_shares(border(300.0, 1200.0)))


@pytest.mark.parametrize("family", ["lear", "kernel"])
def test_a_model_forecasts_better_where_yesterdays_spread_is_the_cause(family):
    rng = np.random.default_rng(7)
    n_days = 200
    gap = np.repeat(rng.normal(0.0, 20.0, n_days), 24) + rng.normal(0.0, 2.0, 24 * n_days)
    hour = 50.0 + 10.0 * np.sin(np.arange(24 * n_days) * 2.0 * np.pi / 24.0)
    own = hour + np.concatenate([np.zeros(24), gap[:-24]]) + rng.normal(0.0, 1.0, 24 * n_days)
    alone = prices(own, n_days=n_days, zone="UTC")
    beside = with_neighbours(alone, {"ch": prices(own + gap, n_days=n_days, zone="UTC")})
    errors = [
        np.abs(each.price_per_mwh - each.point).mean()
        for each in (
            evaluate_forecasts(series, 21, PriceModel(families=(family,)), LocalCompute(1), warm_up_days=28)
            for series in (alone, beside)
        )
    ]
    assert errors[1] < 0.5 * errors[0]
