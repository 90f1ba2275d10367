"""The market that weather drives: its causes are where they were planted, any window shows the same days."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.domain.time import NS_PER_HOUR
from battuta.world.market import MarketCharacter
from battuta.world.weather import Spell, SpellKind
from battuta.world.weather_market import RUN_HOURS, ZoneWeather, weather_market_days, weather_runs

WAVE = Spell(kind=SpellKind.HEAT, first_day=date(2026, 7, 7), n_days=3, temperature_c=37.0)
COLD = Spell(kind=SpellKind.COLD, first_day=date(2026, 1, 13), n_days=3, temperature_c=-18.0)


def days_of(start, spells):
    return weather_market_days(1, start, 7, zone="UTC", spells=spells)


def test_one_day():
    days = weather_market_days(1, date(2026, 7, 1), 1)
    assert days.price_per_mwh.shape == (24,)
    assert days.solar_mw[0] == 0.0
    assert days.solar_mw[12] > 1000.0
    assert (days.load_mw > 4000.0).all()


@pytest.mark.parametrize(("spell", "start"), [(WAVE, date(2026, 7, 5)), (COLD, date(2026, 1, 11))])
def test_heat_and_cold_make_load_and_load_makes_the_price(spell, start):
    calm, hit = days_of(start, ()), days_of(start, (spell,))
    within = slice(2 * 24, 5 * 24)
    assert hit.load_mw[within].mean() > calm.load_mw[within].mean() + 500.0
    assert hit.price_per_mwh[within].mean() > calm.price_per_mwh[within].mean() + 5.0
    np.testing.assert_array_equal(hit.price_per_mwh[:24], calm.price_per_mwh[:24])


def test_mild_air_makes_no_load():
    """Between 15 and 22 degC the load is habit and noise, whatever the temperature."""
    days = weather_market_days(1, date(2026, 1, 1), 364, zone="UTC")
    mild = (days.temperature_c > 15.5) & (days.temperature_c < 21.5) & (np.arange(364 * 24) // 24 % 7 == 5)
    noon = mild & (np.arange(364 * 24) % 24 == 4)
    assert noon.sum() > 8
    slope = np.polyfit(days.temperature_c[noon], days.load_mw[noon], 1)[0]
    cold = (days.temperature_c < 10.0) & (np.arange(364 * 24) % 24 == 4)
    assert abs(slope) < 40.0
    assert np.polyfit(days.temperature_c[cold], days.load_mw[cold], 1)[0] < -60.0


def test_sun_and_wind_press_the_price():
    days = weather_market_days(2, date(2026, 1, 1), 364, zone="UTC")
    assert np.corrcoef(days.wind_mw, days.price_per_mwh)[0, 1] < -0.35
    noon = np.arange(364 * 24) % 24 == 12
    assert np.corrcoef(days.solar_mw[noon], days.price_per_mwh[noon])[0, 1] < -0.35


def test_the_supply_curve_is_convex():
    days = weather_market_days(3, date(2026, 1, 1), 364, zone="UTC")
    residual = days.load_mw - days.solar_mw - days.wind_mw
    low, middle, high = (np.quantile(residual, q) for q in (0.5, 0.8, 0.99))
    price = [days.price_per_mwh[np.abs(residual - at) < 250.0].mean() for at in (low, middle, high)]
    assert (price[2] - price[1]) / (high - middle) > 1.3 * (price[1] - price[0]) / (middle - low)


@settings(max_examples=10)
@given(seed=st.integers(0, 2**64 - 1), first=st.integers(0, 9), n_days=st.integers(1, 4))
def test_any_window_of_days_is_the_same_market(seed, first, n_days):
    start = date(2026, 3, 24)  # the clocks change within
    whole, runs = weather_market_days(seed, start, 14), weather_runs(seed, start, 14)
    part = weather_market_days(seed, start + timedelta(days=first), n_days)
    part_runs = weather_runs(seed, start + timedelta(days=first), n_days)
    inside = np.isin(whole.time_ns, part.time_ns)
    assert whole.price_per_mwh[inside].tobytes() == part.price_per_mwh.tobytes()
    inside = np.isin(runs.time_ns, part_runs.time_ns)
    assert runs.known_at_ns[inside].tobytes() == part_runs.known_at_ns.tobytes()
    assert runs.temperature_c[inside].tobytes() == part_runs.temperature_c.tobytes()
    assert runs.radiation_w_per_m2[inside].tobytes() == part_runs.radiation_w_per_m2.tobytes()


def test_quarters_make_the_hour():
    hours = weather_market_days(1, date(2026, 7, 1), 2)
    quarters = weather_market_days(1, date(2026, 7, 1), 2, step=timedelta(minutes=15))
    np.testing.assert_allclose(quarters.price_per_mwh.reshape(-1, 4).mean(axis=1), hours.price_per_mwh, atol=0.011)


def test_forecasts_are_wrong_as_forecasts_are():
    runs = weather_runs(5, date(2026, 1, 1), 364, zone="UTC")
    weather = ZoneWeather(5, MarketCharacter())
    error_c = runs.temperature_c - weather.temperature_c(runs.time_ns)
    lead = (runs.time_ns - runs.known_at_ns) // NS_PER_HOUR + 5
    spread_c = [float(error_c[lead == ahead].std()) for ahead in (1, 24, 48)]
    assert 0.3 < spread_c[0] < 0.8
    assert 0.9 < spread_c[1] < 1.5
    assert 1.5 < spread_c[2] < 2.3
    assert abs(error_c.mean()) < 0.2
    assert not runs.radiation_w_per_m2[weather.radiation_w_per_m2(runs.time_ns + NS_PER_HOUR // 2) == 0.0].max() > 60.0
    assert (np.diff(runs.time_ns) >= 0).all()
    hour_of_run = (runs.known_at_ns // NS_PER_HOUR - 5) % 24
    assert set(hour_of_run) == set(RUN_HOURS)


def test_what_cannot_be_is_refused():
    with pytest.raises(UsageError, match="15 minutes or one hour"):
        weather_market_days(1, date(2026, 1, 1), 1, step=timedelta(minutes=30))
    with pytest.raises(InvalidQuantityError, match="n_days = 0"):
        weather_runs(1, date(2026, 1, 1), 0)
    with pytest.raises(InvalidQuantityError, match="start year"):
        weather_market_days(1, date(1900, 1, 1), 1)
