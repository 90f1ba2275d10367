"""Simulated sites in this process: seconds pass when they are told to."""

import numpy as np
import pytest

from battuta.adapters.devices.simulated.in_process import SimulatedSites, past_demand, planted
from battuta.domain.errors import UsageError
from battuta.domain.image import Signal, Source
from battuta.world.planted_faults import SITE_WIDE, SIZE_MAX, FaultKind, PlantedFault, random_faults

START_NS = 1_767_225_600 * 10**9
NO_STOP = np.zeros(2, dtype=np.bool_)


def sites_of(n_sites: int = 2, **values) -> SimulatedSites:
    return SimulatedSites(1, n_sites, START_NS, n_cells=20, power_kw=10.0, **values)


def advance(sites: SimulatedSites, power_kw: float, opened=NO_STOP, seconds: int = 1) -> np.ndarray:
    for _ in range(seconds):
        delivered_kw = sites.advance(np.full((2, 20), power_kw), np.zeros(2), np.array(opened))
    return delivered_kw


def test_time_passes_by_seconds() -> None:
    sites = sites_of()
    assert (sites.time_ns, sites.n_sites, sites.n_cells, sites.nominal_hz) == (START_NS, 2, 40, 50.0)
    assert advance(sites, 1.0, seconds=3).shape == (2, 20)
    assert sites.time_ns == START_NS + 3 * 10**9
    assert (sites.read()[1] == sites.time_ns).all()
    assert sites.frequency_hz().shape == (2, 20)


def test_reading_does_not_move_the_world() -> None:
    sites, other = sites_of(), sites_of()
    for _ in range(5):
        sites.read(), sites.frequency_hz()
    advance(sites, 3.0), advance(other, 3.0)
    assert sites.read()[0].tobytes() == other.read()[0].tobytes()


def test_it_starts_where_it_is_told_to() -> None:
    assert np.all(np.abs(sites_of(soc_start=0.8).read()[0][Signal.SOC] - 0.8) < 0.005)


def test_power_that_is_asked_flows() -> None:
    sites = sites_of()
    advance(sites, 4.0, seconds=3)
    np.testing.assert_allclose(sites.read()[0][Signal.CONVERTER_POWER_KW], 4.0, atol=0.15)


def test_strings_stay_open_while_somebody_asks_and_close_when_nobody_does() -> None:
    sites = sites_of()
    advance(sites, 4.0, (True, False), seconds=3)
    power_kw = sites.read()[0][Signal.CONVERTER_POWER_KW]
    assert abs(power_kw[0]) < 0.2
    assert abs(power_kw[1] - 4.0) < 0.2
    advance(sites, 4.0, seconds=2)
    assert abs(sites.read()[0][Signal.CONVERTER_POWER_KW][0] - 4.0) < 0.2


def test_a_chiller_hears_once_and_a_silent_one_not() -> None:
    sites = sites_of()
    before_c = sites.read()[0][Signal.CHILLER_SETPOINT_C]
    sites.instruments.silent[Source.CHILLER, 1] = True
    sites.ask_chillers(np.array([17.0, 17.0]))
    advance(sites, 0.0)
    assert sites.plants.truth()[Signal.CHILLER_SETPOINT_C].tolist() == [17.0, before_c[1]]
    sites.ask_chillers(np.array([np.inf, np.nan]))
    advance(sites, 0.0)
    assert sites.plants.truth()[Signal.CHILLER_SETPOINT_C].tolist() == [17.0, before_c[1]]


def test_chillers_that_are_asked_one_after_the_other_in_a_second_all_hear() -> None:
    sites = sites_of()
    sites.ask_chillers(np.array([17.0, np.nan]))
    sites.ask_chillers(np.array([np.nan, 19.0]))
    advance(sites, 0.0)
    assert sites.plants.truth()[Signal.CHILLER_SETPOINT_C].tolist() == [17.0, 19.0]


def test_the_past_of_the_meters_is_what_a_run_of_that_time_would_measure() -> None:
    n_sites, noon_ns = 4, (START_NS // (86_400 * 10**9) * 86_400 + 43_200) * 10**9
    past = list(past_demand(1, n_sites, noon_ns + 900 * 10**9, 1))
    assert len(past) == 96
    start_s, mean_kw, highest_kw = past[-1]
    assert start_s * 10**9 == noon_ns
    sites = SimulatedSites(1, n_sites, noon_ns, n_cells=4)
    surroundings = sites.plants.surroundings
    row = surroundings.at(start_s)
    lived_kw = (surroundings.load_kw - surroundings.pv_kw)[row : row + 900]
    np.testing.assert_allclose(mean_kw, lived_kw.mean(axis=0), rtol=0.02, atol=0.3)
    assert np.all(highest_kw >= mean_kw)
    assert mean_kw.any()


YEAR_S = 365.25 * 86_400.0


def test_faults_in_words_are_planted() -> None:
    words = ["gas,site=1,size=500,start=2s", "sensor_drift,site=0,cell=19,size=0.4"]
    sites = sites_of(faults=planted(words, 1, 2, 20, 60.0))
    gas = []
    for _ in range(3):
        gas.append(sites.read()[0][Signal.GAS].tolist())
        assert sites.read()[0][Signal.CELL_VOLTAGE_V_MAX, 0] > 3.6
        advance(sites, 0.0)
    assert gas == [[0.0, 0.0], [0.0, 0.0], [0.0, 500.0]]


def test_random_faults_are_those_of_the_seed_and_can_be_more() -> None:
    usual, many = planted(["random"], 5, 4, 200, YEAR_S), planted(["random,rate=10"], 5, 4, 200, YEAR_S)
    assert usual == random_faults(5, 4, 200, YEAR_S)
    assert len(many) > 3 * max(len(usual), 1)
    assert planted(["random", "smoke,site=0,size=2"], 5, 4, 200, YEAR_S)[:-1] == usual
    assert planted([], 5, 4, 200, YEAR_S) == ()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("gas,site=2,size=5", "no site 2; there are 0 to 1"),
        ("leak,site=1,cell=20,size=5", "no cell 20; there are 0 to 19"),
        ("randomly", "no kind 'randomly'"),
        ("random,rate=-1", "random,rate=100"),
        ("random,often", "random,rate=100"),
        ("random,rate=nan", "random,rate=100"),
        (
            "gas,site=1,size=5,start=60s",
            "its start, 60 s, is not before the end of the run, which lasts 60 s: it would",
        ),
        ("gas,site=1,size=5,start=90d", "its start, 7.776e.06 s, is not before the end of the run, which lasts 60 s"),
        ("gas,site=1,size=5,start=0.2s,end=0.9s", "from 0.2 s to 0.9 s there is no whole second"),
        ("gas,site=1,size=5,start=59.5s", "from 59.5 s to 60 s there is no whole second"),
    ],
)
def test_faults_that_cannot_be_are_refused(words, told) -> None:
    with pytest.raises(UsageError, match=told):
        planted([words], 1, 2, 20, 60.0)


def test_a_fault_of_the_last_second_is_planted() -> None:
    (fault,) = planted(["gas,site=1,size=5,start=59s"], 1, 2, 20, 60.0)
    assert fault.start_s == 59.0


def test_the_largest_faults_all_at_once_leave_numbers() -> None:
    places = [(site, cell) for site in range(2) for cell in range(20)]
    cells = {kind: [(0, 0), (1, 0)] if kind in SITE_WIDE else places for kind in FaultKind}
    faults = [
        PlantedFault(kind=kind, site=site, cell=cell, start_s=0.0, size=SIZE_MAX[kind])
        for kind, here in cells.items()
        for site, cell in here * 2
    ]
    sites = sites_of(faults=faults)
    for second in range(300):
        assert np.isfinite(sites.read()[0]).all(), f"second {second}"
        assert np.isfinite(advance(sites, 10.0 if second % 20 < 10 else -10.0)).all()
    assert np.isfinite(sites.plants.container.cells.temperature_c).all()
    assert np.isfinite(sites.plants.container.cells.soc).all()


def test_modules_speak_and_are_heard_and_a_silent_battery_says_nothing_of_them():
    sites = SimulatedSites(1, 2, START_NS, n_cells=24, n_modules=3, power_kw=12.0)
    assert sites.read_modules().shape == (4, 2, 3)
    assert [each.shape for each in sites.read_cells()] == [(6, 8), (6,), (6, 1)]
    asked_kw = np.array([[2.0, 4.0, 0.0], [1.0, 1.0, 1.0]])
    for _ in range(5):
        sites.advance(np.full((2, 20), 6.0), np.zeros(2), np.zeros(2, dtype=bool), asked_kw)
    assert sites.plants.power_kw == pytest.approx([6.0, 3.0], abs=1e-2)
    sites.instruments.silent[Source.BATTERY, 1] = True
    told = sites.read_modules()
    assert np.isnan(told[:, 1]).all()
    assert not np.isnan(told[:, 0]).any()
