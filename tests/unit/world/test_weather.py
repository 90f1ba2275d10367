"""Weather: seasons, days and spread of a place of that latitude, spells to the degree, regions in common."""

from datetime import UTC, date, datetime

import numpy as np
import polars as pl
import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.domain.time import NS_PER_HOUR, NS_PER_S, to_ns
from battuta.world.weather import Spell, SpellKind, Weather

YEAR_NS = to_ns(datetime(2025, 1, 1, tzinfo=UTC)) + np.arange(8760) * NS_PER_HOUR
JULY_NS = to_ns(datetime(2025, 7, 1, tzinfo=UTC))


def test_a_year_in_the_middle_of_europe():
    weather = Weather(1, latitude_deg=50.0, longitude_deg=10.0)
    ambient_c = weather.ambient_temperature_c(YEAR_NS)
    months = ambient_c[:8736].reshape(-1, 28 * 24).mean(axis=1)
    assert 9.0 < ambient_c.mean() < 12.5
    assert months[6] - months[0] > 12.0
    assert -20.0 < ambient_c.min() < -3.0
    assert 27.0 < ambient_c.max() < 38.0
    days = ambient_c.reshape(-1, 24)
    assert 5.0 < (days.max(axis=1) - days.min(axis=1)).mean() < 12.0
    yearly_kwh_per_m2 = weather.irradiance_w_per_m2(YEAR_NS).sum() / 1000.0
    assert 950.0 < yearly_kwh_per_m2 < 1300.0


def test_miami_is_like_miami(data_dir):
    recorded_c = pl.read_csv(data_dir / "twin" / "climate" / "hourly_temperature_miami.csv")["T_degC"].to_numpy()
    own_c = Weather(2, latitude_deg=25.8, longitude_deg=-80.2).ambient_temperature_c(YEAR_NS)
    assert abs(own_c.mean() - recorded_c.mean()) < 2.5
    assert abs(own_c.std() - recorded_c.std()) < 1.5


def test_the_south_has_its_summer_in_january():
    ambient_c = Weather(1, latitude_deg=-33.0, longitude_deg=151.0).ambient_temperature_c(YEAR_NS)
    assert ambient_c[: 31 * 24].mean() > ambient_c[181 * 24 : 212 * 24].mean() + 6.0


def test_a_heat_wave_reaches_what_it_says():
    day = date(2025, 7, 10)
    wave = Spell(kind=SpellKind.HEAT, first_day=day, n_days=3, temperature_c=45.0)
    hours = np.arange(0, 9 * 24 * 4) * NS_PER_HOUR // 4 + to_ns(datetime(2025, 7, 7, tzinfo=UTC))
    usual = Weather(1, longitude_deg=0.0)
    hot = Weather(1, longitude_deg=0.0, spells=(wave,))
    ambient_c = hot.ambient_temperature_c(hours).reshape(9, -1)
    np.testing.assert_allclose(ambient_c[3:6].max(axis=1), 45.0, atol=1e-9)
    np.testing.assert_allclose(ambient_c[3:6].min(axis=1), 31.0, atol=1e-9)
    usual_c = usual.ambient_temperature_c(hours).reshape(9, -1)
    np.testing.assert_array_equal(ambient_c[[0, 1, 7, 8]], usual_c[[0, 1, 7, 8]])
    assert hot.irradiance_w_per_m2(hours).reshape(9, -1)[4].max() > 800.0
    steps_c = np.abs(np.diff(ambient_c.ravel()))
    assert steps_c.max() < 2.5


def test_a_cold_spell_reaches_what_it_says():
    spell = Spell(kind=SpellKind.COLD, first_day=date(2025, 1, 20), n_days=2, temperature_c=-20.0)
    hours = to_ns(datetime(2025, 1, 20, tzinfo=UTC)) + np.arange(48) * NS_PER_HOUR
    ambient_c = Weather(1, longitude_deg=0.0, spells=(spell,)).ambient_temperature_c(hours)
    assert ambient_c.min() == pytest.approx(-20.0)
    assert ambient_c.max() <= -13.0 + 1e-9


def test_the_sun():
    weather = Weather(1, latitude_deg=50.0, longitude_deg=0.0)
    june_ns = to_ns(datetime(2025, 6, 21, 12, tzinfo=UTC))
    height = weather.solar_height(june_ns + np.array([-12, 0]) * NS_PER_HOUR)
    assert np.degrees(np.arcsin(height)) == pytest.approx([-16.56, 63.44], abs=0.1)
    irradiance_w_per_m2 = weather.irradiance_w_per_m2(YEAR_NS)
    assert (irradiance_w_per_m2[weather.solar_height(YEAR_NS) <= 0.0] == 0.0).all()
    assert irradiance_w_per_m2.min() >= 0.0
    assert 700.0 < irradiance_w_per_m2.max() < 1000.0


def test_shares_and_wind_stay_in_range():
    weather = Weather(3)
    for share in (weather.cloud_fraction(YEAR_NS), weather.humidity_fraction(YEAR_NS)):
        assert 0.0 <= share.min() < share.mean() < share.max() <= 1.0
    wind = weather.wind_speed_m_per_s(YEAR_NS)
    assert wind.min() >= 0.0
    assert 3.0 < wind.mean() < 5.0


def test_sites_of_a_region_share_their_weather():
    first, second, abroad = (
        Weather(1, site, region=region).ambient_temperature_c(YEAR_NS) for site, region in ((0, 0), (1, 0), (1, 1))
    )
    assert 0.2 < (first - second).std() < 2.5
    assert (abroad - second).std() > 2.0 * (first - second).std()


def test_clouds_pass_within_minutes():
    noon_ns = JULY_NS + 11 * NS_PER_HOUR + np.arange(3600) * NS_PER_S
    spreads = [Weather(seed, longitude_deg=10.0).irradiance_w_per_m2(noon_ns).std() for seed in range(8)]
    assert max(spreads) > 20.0


def test_a_place_off_the_globe():
    with pytest.raises(InvalidQuantityError, match="latitude_deg"):
        Weather(1, latitude_deg=91.0)
