"""Streams of the world: any window is a window of the same bytes, one more site changes nothing before it."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from battuta.domain.time import NS_PER_S
from battuta.world.grid_character import GREAT_BRITAIN_LIKE, GridEvent
from battuta.world.grid_frequency import GridFrequency
from battuta.world.heterogeneity import cell_population
from battuta.world.mean_reversion import mean_reverting
from battuta.world.photovoltaics import Photovoltaics
from battuta.world.plant import Plants
from battuta.world.plant_parameters import PlantCharacter
from battuta.world.planted_faults import FaultKind, random_faults
from battuta.world.sensors import CELL_VOLTAGE, S_PER_YEAR, Sensors
from battuta.world.site_load import SiteLoad
from battuta.world.weather import Weather

seeds = st.integers(0, 2**64 - 1)
seconds = st.integers(-(10**6), 3 * 10**9)


@settings(max_examples=20)
@given(seed=seeds, start_s=seconds, before_s=seconds, rate_hz=st.integers(1, 50))
def test_frequency_does_not_know_what_was_asked_before(seed, start_s, before_s, rate_hz):
    event = GridEvent(at_s=start_s + 1.3, lost_power_mw=900.0)
    asked = GridFrequency(seed, character=GREAT_BRITAIN_LIKE, planted=(event,))
    asked.samples(before_s, 3, 1)
    whole = asked.samples(start_s - 5, 12, rate_hz)
    fresh = GridFrequency(seed, character=GREAT_BRITAIN_LIKE, planted=(event,)).samples(start_s, 4, rate_hz)
    assert whole[5:9].tobytes() == fresh.tobytes()
    assert np.isfinite(whole).all()


@settings(max_examples=15)
@given(seed=seeds, site=st.integers(0, 2**20), start_s=seconds, data=st.data())
def test_weather_and_load_at_an_instant_do_not_depend_on_the_window(seed, site, start_s, data):
    window = (start_s + np.arange(0, 2 * 86_400, 977)) * NS_PER_S
    picks = np.array(data.draw(st.lists(st.integers(0, window.size - 1), min_size=1, max_size=5)))
    weather, load = Weather(seed, site), SiteLoad(seed, site)
    panels = Photovoltaics(weather, 100.0)
    for read in (
        weather.ambient_temperature_c,
        weather.irradiance_w_per_m2,
        weather.wind_speed_m_per_s,
        weather.humidity_fraction,
        panels.pv_kw,
        load.load_kw,
    ):
        whole = read(window)
        assert whole[picks].tobytes() == read(window[picks]).tobytes()
        assert np.isfinite(whole).all()
    assert load.load_kw(window).min() >= 0.0
    assert panels.pv_kw(window).min() >= 0.0


@given(seed=seeds, memory_days=st.floats(0.01, 5.0), n_per_day=st.sampled_from([1, 24, 96]), start_s=seconds)
@settings(max_examples=25)
def test_noise_is_continuous_and_the_same_in_any_order(seed, memory_days, n_per_day, start_s):
    instants = (start_s + np.arange(0, 86_400, 4_999)) * NS_PER_S
    forward = mean_reverting(seed, "x", instants, memory_days=memory_days, n_per_day=n_per_day)
    backward = mean_reverting(seed, "x", instants[::-1].copy(), memory_days=memory_days, n_per_day=n_per_day)
    assert forward.tobytes() == backward[::-1].tobytes()


@given(seed=seeds, site=st.integers(0, 1000), n_few=st.integers(1, 20), n_more=st.integers(0, 30))
@settings(max_examples=25)
def test_one_more_cell_changes_none_before_it(seed, site, n_few, n_more):
    few, many = cell_population(seed, site, n_few), cell_population(seed, site, n_few + n_more)
    for name in ("capacity_factor", "resistance_factor", "self_discharge_per_day", "coolant_position"):
        assert getattr(few, name).tobytes() == getattr(many, name)[:n_few].tobytes()


@given(seed=seeds, first_row=st.integers(0, 2**40), skipped=st.integers(0, 9))
@settings(max_examples=25)
def test_readings_of_a_second_are_its_own(seed, first_row, skipped):
    true = np.linspace(3.0, 3.6, 40).reshape(10, 4)
    sensors = Sensors(seed, "voltage", CELL_VOLTAGE, n_cells=4)
    assert sensors.read(true, first_row)[skipped:].tobytes() == (
        sensors.read(true[skipped:].copy(), first_row + skipped).tobytes()
    )


@given(seed=st.integers(0, 2**32), n_sites=st.integers(1, 3), power_kw=st.floats(-4.0, 4.0))
@settings(max_examples=10, deadline=None)
def test_one_more_site_moves_no_plant_before_it_nor_its_faults(seed, n_sites, power_kw):
    images = []
    for n in (n_sites, n_sites + 1):
        faults = random_faults(seed, n, 4, 40.0, dict.fromkeys(FaultKind, S_PER_YEAR / 40.0))
        plants = Plants(seed, n, 1_767_225_600, PlantCharacter(n_cells=4, power_kw=5.0), faults=faults)
        for _ in range(40):
            plants.advance(np.full((n, 20), power_kw), np.zeros(n), np.full(n, np.nan))
        images.append(plants.truth()[:, :n_sites])
    assert images[0].tobytes() == images[1].tobytes()
