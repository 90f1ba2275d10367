"""Panels: nothing by night, less when hot, never above the inverter."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.domain.time import NS_PER_HOUR, to_ns
from battuta.world.photovoltaics import Photovoltaics
from battuta.world.weather import Spell, SpellKind, Weather

YEAR_NS = to_ns(datetime(2025, 1, 1, tzinfo=UTC)) + np.arange(8760) * NS_PER_HOUR


def test_a_year_of_panels():
    weather = Weather(1, latitude_deg=50.0)
    pv_kw = Photovoltaics(weather, 100.0).pv_kw(YEAR_NS)
    assert (pv_kw[weather.solar_height(YEAR_NS) <= 0.0] == 0.0).all()
    assert pv_kw.min() >= 0.0
    assert pv_kw.max() <= 90.0
    assert 850.0 < pv_kw.sum() / 100.0 < 1250.0


def test_the_inverter_cuts():
    pv_kw = Photovoltaics(Weather(1), 100.0, power_kw_max=50.0).pv_kw(YEAR_NS)
    assert pv_kw.max() == 50.0


def test_heat_takes_its_share():
    noon_ns = np.array([to_ns(datetime(2025, 7, 2, 12, tzinfo=UTC))])
    wave = Spell(kind=SpellKind.HEAT, first_day=date(2025, 7, 1), n_days=3, temperature_c=45.0)
    weather = Weather(1, longitude_deg=0.0, spells=(wave,))
    irradiance_w_per_m2 = weather.irradiance_w_per_m2(noon_ns)
    hot = Photovoltaics(weather, 100.0, power_kw_max=100.0)
    panel_c = hot.panel_temperature_c(noon_ns, irradiance_w_per_m2)
    assert panel_c[0] > weather.ambient_temperature_c(noon_ns)[0] + 5.0
    without_loss = Photovoltaics(weather, 100.0, power_kw_max=100.0, loss_per_k=0.0).pv_kw(noon_ns)
    expected_kw = without_loss * (1.0 - 0.0038 * (panel_c - 25.0))
    np.testing.assert_allclose(hot.pv_kw(noon_ns), expected_kw, rtol=1e-12)
    assert hot.pv_kw(noon_ns)[0] < 0.95 * without_loss[0]


def test_panels_below_nothing():
    with pytest.raises(InvalidQuantityError):
        Photovoltaics(Weather(1), -1.0)
