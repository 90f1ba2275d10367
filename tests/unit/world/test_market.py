"""The synthetic market: deterministic, right on the wall clock, and like a market in its statistics."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.domain.time import NS_PER_HOUR, delivery_days, from_ns
from battuta.world.market import MarketCharacter, market_days

HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)
YEAR = date(2025, 1, 1)


@pytest.fixture(scope="module")
def years():
    return {seed: market_days(seed, YEAR, 364, zone="UTC").price_per_mwh for seed in (1, 2, 3)}


def share_captured_by_yesterday(price_per_mwh, efficiency=0.85**0.5):
    """Money of yesterday's best plan at today's prices over today's best: 1 MW, 2 MWh, empty to empty."""
    days = price_per_mwh.reshape(-1, 24)
    n_days, n_levels = days.shape[0], 27
    level_mwh = 2.0 / (n_levels - 1)
    moves = np.arange(n_levels)[None, :] - np.arange(n_levels)[:, None]
    stored_mwh = moves * level_mwh
    delivered_mwh = np.where(stored_mwh > 0, -stored_mwh / efficiency, -stored_mwh * efficiency)
    allowed = np.abs(delivered_mwh) <= 1.0 + 1e-9
    value = np.where(np.arange(n_levels) == 0, 0.0, -np.inf) * np.ones((n_days, 1))
    choices = []
    for hour in range(23, -1, -1):
        gain = np.where(allowed, delivered_mwh, np.nan) * days[:, hour, None, None]
        worth = np.where(np.isnan(gain), -np.inf, gain) + value[:, None, :]
        choices.append(worth.argmax(axis=2))
        value = worth.max(axis=2)
    level = np.zeros(n_days, dtype=int)
    plan_mwh = np.empty_like(days)
    for hour, choice in enumerate(reversed(choices)):
        following = choice[np.arange(n_days), level]
        plan_mwh[:, hour] = delivered_mwh[level, following]
        level = following
    return (plan_mwh[:-1] * days[1:]).sum() / value[1:, 0].sum()


def test_one_summer_day():
    days = market_days(1, date(2026, 7, 1), 1)
    assert days.price_per_mwh.shape == (24,)
    assert from_ns(int(days.time_ns[0])) == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert days.solar_mw[0] == 0.0
    assert days.solar_mw[13] > 1000.0
    assert (days.load_mw > 4000.0).all()


@pytest.mark.parametrize(
    ("day", "n_hours"), [(date(2026, 3, 29), 23), (date(2026, 3, 30), 24), (date(2026, 10, 25), 25)]
)
@pytest.mark.parametrize(("step", "n_per_hour"), [(HOUR, 1), (QUARTER, 4)])
def test_days_are_as_long_as_the_wall_clock_says(day, n_hours, step, n_per_hour):
    days = market_days(1, day, 1, step=step)
    assert days.time_ns.size == n_hours * n_per_hour
    assert delivery_days(days.time_ns, "Europe/Berlin").dates == (day,)
    assert np.unique(np.diff(days.time_ns)).tolist() == [NS_PER_HOUR // n_per_hour]


def test_the_evening_peak_keeps_its_wall_clock_when_the_clock_changes():
    days = market_days(5, date(2026, 3, 1), 60)
    hour_utc = (days.time_ns // NS_PER_HOUR) % 24
    winter, summer = days.load_mw[: 20 * 24], days.load_mw[-20 * 24 :]
    peak = [
        hour_utc[part][np.isin(hour_utc[part], range(14, 23))][
            load[np.isin(hour_utc[part], range(14, 23))].reshape(-1, 9).mean(axis=0).argmax()
        ]
        for part, load in ((slice(0, 480), winter), (slice(-480, None), summer))
    ]
    assert peak[0] - peak[1] == 1


@settings(max_examples=15)
@given(
    seed=st.integers(0, 2**64 - 1),
    shift=st.integers(0, 40),
    n_days=st.integers(1, 10),
    step=st.sampled_from([HOUR, QUARTER]),
)
def test_any_window_shows_the_same_market(seed, shift, n_days, step):
    whole = market_days(seed, date(2026, 3, 20), shift + n_days + 2, step=step)
    part = market_days(seed, date(2026, 3, 20) + timedelta(days=shift), n_days, step=step)
    first = int(np.searchsorted(whole.time_ns, part.time_ns[0]))
    for name in ("time_ns", "price_per_mwh", "load_mw", "solar_mw", "wind_mw"):
        expected = getattr(whole, name)[first : first + part.time_ns.size]
        assert getattr(part, name).tobytes() == expected.tobytes(), name


def test_same_seed_same_bytes_other_seed_or_zone_another_market():
    price = {
        key: market_days(seed, YEAR, 3, zone=zone).price_per_mwh.tobytes()
        for key, seed, zone in (("a", 1, "UTC"), ("b", 1, "UTC"), ("c", 2, "UTC"), ("d", 1, "Europe/London"))
    }
    assert price["a"] == price["b"]
    assert price["a"] != price["c"]
    assert price["a"] != price["d"]


def test_an_hour_is_the_mean_of_its_quarters():
    hours = market_days(4, date(2026, 10, 24), 3).price_per_mwh
    quarters = market_days(4, date(2026, 10, 24), 3, step=QUARTER).price_per_mwh
    np.testing.assert_allclose(hours, quarters.reshape(-1, 4).mean(axis=1), atol=0.011)


def test_statistics_are_those_of_a_market(years):
    for price in years.values():
        days = price.reshape(-1, 24)
        assert 50.0 < price.mean() < 100.0
        assert 45.0 < np.ptp(days, axis=1).mean() < 100.0
        assert 0.01 < (price < 0.0).mean() < 0.07
        assert np.corrcoef(price[:-1], price[1:])[0, 1] > 0.9
        assert 0.6 < np.corrcoef(price[:-24], price[24:])[0, 1] < 0.9
        assert price.max() > 200.0


def test_yesterdays_shape_captures_about_two_thirds(years):
    for price in years.values():
        assert 0.65 < share_captured_by_yesterday(price) < 0.77


def test_real_prices_are_captured_as_published(data_dir):
    import gzip

    # the yardstick itself is held against the published share of a real year: 66.0 %
    with gzip.open(data_dir / "trading" / "epf_DE.csv.gz", "rt") as lines:
        next(lines)
        price = np.array([float(line.split(",")[1]) for line in lines])
    assert share_captured_by_yesterday(price[-728 * 24 :]) == pytest.approx(0.66, abs=0.01)


def test_negative_prices_come_with_the_sun_of_weekends(years):
    price = np.concatenate([each.reshape(-1, 24) for each in years.values()])
    day = np.tile(np.arange(364), len(years))
    is_summer = (day > 90) & (day < 270)
    is_weekend = (day + YEAR.weekday()) % 7 >= 5
    negative = (price < 0.0).mean(axis=1)
    assert negative[is_summer & is_weekend].mean() > 2.0 * negative[is_summer & ~is_weekend].mean()
    noon, night = (price[is_summer][:, hours] < 0.0 for hours in (slice(10, 14), slice(0, 4)))
    assert noon.mean() > 5.0 * night.mean()


def test_spikes_come_on_winter_evenings():
    price = market_days(8, YEAR, 364, zone="UTC", character=MarketCharacter(spike_share=1.0)).price_per_mwh
    calm = market_days(8, YEAR, 364, zone="UTC", character=MarketCharacter(spike_share=0.0)).price_per_mwh
    added = (price - calm).reshape(-1, 24)
    assert added[:60, 17:20].mean() > 30.0
    assert added[150:240].max() < 5.0
    assert added[:60, 3:10].max() < 1.0


def test_the_zone_has_the_size_that_was_asked_for():
    load_mw = market_days(1, YEAR, 364, character=MarketCharacter(load_mw_mean=50_000.0)).load_mw
    assert load_mw.mean() == pytest.approx(50_000.0, rel=0.03)


def test_price_limits_hold():
    limits = MarketCharacter(price_per_mwh_min=0.0, price_per_mwh_max=50.0)
    price = market_days(1, YEAR, 30, character=limits).price_per_mwh
    assert price.min() >= 0.0
    assert price.max() == 50.0


def test_prices_are_in_cents():
    price = market_days(1, YEAR, 30).price_per_mwh
    np.testing.assert_array_equal(price, np.round(price, 2))
    assert not np.signbit(price[price == 0.0]).any()


def test_what_does_not_exist_is_refused():
    with pytest.raises(UsageError, match="15 minutes or one hour"):
        market_days(1, YEAR, 1, step=timedelta(minutes=5))
    with pytest.raises(UsageError, match="Europe/Nowhere"):
        market_days(1, YEAR, 1, zone="Europe/Nowhere")
    for seed, start, n_days, name in (
        (1, YEAR, 0, "n_days = 0"),
        (-1, YEAR, 1, "seed = -1"),
        (1, date.min, 1, "year = 1 "),
    ):
        with pytest.raises(InvalidQuantityError, match=name):
            market_days(seed, start, n_days)
