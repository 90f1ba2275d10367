"""The plants: one seed one world, energy and signs, cold and full cells, open strings."""

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.domain.image import N_SIGNALS, Signal
from battuta.world.heterogeneity import cell_population
from battuta.world.plant import Plants
from battuta.world.plant_parameters import PlantCharacter
from battuta.world.planted_faults import FaultKind, PlantedFault
from battuta.world.surroundings import Surroundings

START_S = 1_767_225_600
N_CELLS = 20
POWER_KW = 10.0


def plants_of(n_sites: int = 3, seed: int = 1, **character) -> Plants:
    usual = {"n_cells": N_CELLS, "power_kw": POWER_KW}
    return Plants(seed, n_sites, START_S, PlantCharacter(**(usual | character)))


def advance(plants: Plants, power_kw, seconds: int = 1, reactive_kvar: float = 0.0) -> np.ndarray:
    asked_kw = np.ascontiguousarray(
        np.broadcast_to(np.atleast_1d(power_kw)[:, None], (plants.n_sites, 20)), dtype=float
    )
    leave = np.full(plants.n_sites, np.nan)
    for _ in range(seconds):
        followed_kw = plants.advance(asked_kw, np.full(plants.n_sites, reactive_kvar), leave)
    return followed_kw


def history(n_sites: int, seed: int = 1, seconds: int = 200) -> np.ndarray:
    plants, images = plants_of(n_sites, seed), []
    for second in range(seconds):
        advance(plants, POWER_KW * np.sin(second / 20.0 + np.arange(n_sites)))
        images.append(plants.truth())
    return np.array(images)


def test_one_seed_gives_the_same_bytes() -> None:
    first = history(2, seconds=60)
    assert first.shape == (60, N_SIGNALS, 2)
    assert np.isfinite(first).all()
    assert first.tobytes() == history(2, seconds=60).tobytes()
    assert first.tobytes() != history(2, seed=2, seconds=60).tobytes()


def test_one_more_site_changes_nothing_before_it() -> None:
    np.testing.assert_array_equal(history(4)[:, :, :3], history(3))


def test_the_meter_is_the_converter_and_the_sun_less_load_and_auxiliaries() -> None:
    plants = Plants(1, 4, START_S + 11 * 3600, PlantCharacter(n_cells=N_CELLS, power_kw=POWER_KW, load_share=1.0))
    advance(plants, 5.0, 30)
    truth = plants.truth()
    assert truth[Signal.LOAD_KW].min() > 0.0
    assert truth[Signal.AUXILIARY_POWER_KW].min() > 0.0
    np.testing.assert_allclose(
        truth[Signal.METER_POWER_KW],
        truth[Signal.CONVERTER_POWER_KW]
        + truth[Signal.PV_KW]
        - truth[Signal.LOAD_KW]
        - truth[Signal.AUXILIARY_POWER_KW],
        atol=1e-12,
    )


@pytest.mark.parametrize("power_kw", [8.0, -8.0])
def test_positive_power_lowers_soc_and_the_power_asked_is_delivered(power_kw) -> None:
    plants = plants_of()
    before = plants.truth()[Signal.SOC]
    advance(plants, power_kw, 60)
    truth = plants.truth()
    assert np.all(np.sign(before - truth[Signal.SOC]) == np.sign(power_kw))
    np.testing.assert_allclose(truth[Signal.CONVERTER_POWER_KW], power_kw, rtol=1e-9)


def test_a_round_trip_costs_energy_of_a_plausible_share() -> None:
    plants = plants_of(1)
    start = plants.truth()[Signal.SOC][0]
    advance(plants, -8.0, 600)
    charged = plants.truth()[Signal.SOC][0] - start
    stored_kwh = charged * plants.energy_kwh
    assert 0.85 < stored_kwh / (8.0 / 6.0) < 0.999
    advance(plants, 8.0, 600)
    assert plants.truth()[Signal.SOC][0] < start


def test_the_converter_follows_with_a_lag_tick_by_tick() -> None:
    plants = plants_of(1)
    followed_kw = advance(plants, 5.0)
    assert 0.0 < followed_kw[0, 0] < 5.0
    assert np.all(np.diff(followed_kw[0]) >= 0.0)
    assert followed_kw[0, -1] == pytest.approx(5.0, rel=1e-4)


def test_a_setpoint_that_is_no_number_is_refused_by_site() -> None:
    plants, setpoint_kw = plants_of(3), np.zeros((3, 20))
    setpoint_kw[1, 4] = np.nan
    with pytest.raises(DataError, match="site 1"):
        plants.advance(setpoint_kw, np.zeros(3), np.full(3, np.nan))


def test_no_more_than_rated_power_flows() -> None:
    plants = plants_of()
    advance(plants, 50.0, 5)
    assert np.all(plants.power_kw <= POWER_KW + 1e-9)


def test_cold_cells_refuse_charge_and_still_discharge() -> None:
    character = PlantCharacter(n_cells=N_CELLS, power_kw=POWER_KW)
    surroundings = Surroundings(1, 2, character)
    surroundings.at(START_S)
    surroundings.ambient_c[:] = -20.0
    plants = Plants(1, 2, START_S, character, surroundings)
    plants.container.cells.temperature_c[:] = -20.0
    plants.container.sites.tank_c[:] = -20.0
    assert plants.truth()[Signal.CHARGE_POWER_KW_MAX].tolist() == [0.0, 0.0]
    soc = plants.truth()[Signal.SOC]
    advance(plants, -8.0, 5)
    assert np.all(plants.power_kw >= -0.02 * POWER_KW)  # what the converter itself takes
    assert np.all(plants.truth()[Signal.SOC] <= soc)
    advance(plants, 2.0, 5)
    assert np.all(plants.power_kw > 1.0)
    assert plants.truth()[Signal.AMBIENT_TEMPERATURE_C].tolist() == [-20.0, -20.0]


@pytest.mark.parametrize(
    ("soc", "signal", "sign"), [(1.0, Signal.CHARGE_POWER_KW_MAX, -1.0), (0.0, Signal.DISCHARGE_POWER_KW_MAX, 1.0)]
)
def test_a_full_or_empty_battery_tapers_and_does_not_follow(soc, signal, sign) -> None:
    plants = plants_of(1, soc_start=0.98 if soc else 0.02)
    advance(plants, sign * POWER_KW, 900)
    assert plants.truth()[signal][0] < 0.2 * POWER_KW
    assert abs(plants.power_kw[0]) < 0.5 * POWER_KW
    assert -0.001 <= plants.truth()[Signal.SOC][0] <= 1.001


def test_an_opened_site_gives_nothing_and_its_neighbour_all() -> None:
    plants = plants_of(2)
    advance(plants, 5.0, 3)
    plants.opened[0] = True
    advance(plants, 5.0, 3)
    truth = plants.truth()
    assert abs(truth[Signal.CONVERTER_POWER_KW][0]) < 0.1
    assert truth[Signal.CONVERTER_POWER_KW][1] == pytest.approx(5.0, rel=1e-4)
    for signal in (Signal.CHARGE_POWER_KW_MAX, Signal.DISCHARGE_POWER_KW_MAX):
        assert truth[signal][0] == 0.0
        assert truth[signal][1] > 0.0


def test_reactive_power_takes_what_active_power_leaves() -> None:
    plants = plants_of(1)
    advance(plants, POWER_KW, 3, reactive_kvar=20.0)
    assert plants.reactive_kvar[0] == pytest.approx(np.sqrt(1.1**2 - 1.0) * POWER_KW, rel=1e-3)


def test_a_chiller_takes_a_setpoint_and_keeps_it() -> None:
    plants = plants_of(2)
    asked_c = np.array([18.5, np.nan])
    before_c = plants.truth()[Signal.CHILLER_SETPOINT_C]
    plants.advance(np.zeros((2, 20)), np.zeros(2), asked_c)
    plants.advance(np.zeros((2, 20)), np.zeros(2), np.full(2, np.nan))
    assert plants.truth()[Signal.CHILLER_SETPOINT_C].tolist() == [18.5, before_c[1]]


def test_gas_and_smoke_are_seen_where_they_are() -> None:
    plants = plants_of(2)
    plants.gas[1] = 1.0
    assert plants.truth()[Signal.GAS].tolist() == [0.0, 1.0]
    assert plants.truth()[Signal.SMOKE].tolist() == [0.0, 0.0]


def broken(faults: tuple[PlantedFault, ...], n_sites: int = 2, **values) -> Plants:
    return Plants(1, n_sites, START_S, PlantCharacter(n_cells=N_CELLS, power_kw=POWER_KW), faults=faults, **values)


def fault(kind: FaultKind, size: float, **values) -> PlantedFault:
    return PlantedFault(**({"kind": kind, "site": 1, "cell": 7, "start_s": 3.0, "size": size} | values))


def test_each_cell_is_the_one_of_its_population_and_lies_along_the_coolant() -> None:
    plants = plants_of(2)
    population, cells = cell_population(1, 1, N_CELLS), plants.container.cells
    slot = plants.slot[1]
    np.testing.assert_array_equal(cells.resistance_factor[slot], population.resistance_factor)
    np.testing.assert_allclose(cells.leak_a[slot] * 24.0 / cells.capacity_ah[slot], population.self_discharge_per_day)
    np.testing.assert_allclose(
        cells.capacity_ah[slot] / population.capacity_factor, cells.capacity_ah.mean(), rtol=0.01
    )
    assert sorted(slot) == list(range(N_CELLS, 2 * N_CELLS))
    assert (np.diff(population.coolant_position[np.argsort(slot)]) >= 0.0).all()


@pytest.mark.parametrize(
    ("kind", "size", "signal"),
    [
        (FaultKind.SENSOR_DRIFT, -0.3, Signal.CELL_VOLTAGE_V_MIN),
        (FaultKind.SENSOR_DRIFT, 0.3, Signal.CELL_VOLTAGE_V_MAX),
        (FaultKind.TEMPERATURE_DRIFT, -6.0, Signal.CELL_TEMPERATURE_C_MIN),
        (FaultKind.TEMPERATURE_DRIFT, 6.0, Signal.CELL_TEMPERATURE_C_MAX),
        (FaultKind.GAS, 500.0, Signal.GAS),
        (FaultKind.SMOKE, 5.0, Signal.SMOKE),
        (FaultKind.RESISTANCE_RISE, 200.0, Signal.CELL_VOLTAGE_V_MIN),
        (FaultKind.LOOSE_CONTACT, 0.05, Signal.CELL_VOLTAGE_V_MIN),
    ],
)
def test_a_planted_fault_is_seen_at_its_site_from_its_second_on(kind, size, signal) -> None:
    plants, sound = broken((fault(kind, size),)), broken(())
    is_physical = kind in {FaultKind.RESISTANCE_RISE, FaultKind.LOOSE_CONTACT}
    for second in range(1, 6):
        for each in (plants, sound):
            advance(each, 3.0)
        difference = plants.truth()[signal] - sound.truth()[signal]
        assert difference[0] == 0.0
        # an offset shows at once, what the cell itself does at the end of the second in which it broke
        assert (abs(difference[1]) > 1e-3) == (second >= (4 if is_physical else 3)), second
        assert difference[1] == 0.0 or np.sign(difference[1]) == (-1.0 if is_physical else np.sign(size))


def test_a_cell_that_reads_wrong_is_seen_by_its_number_and_only_read_wrong() -> None:
    plants, sound = broken((fault(FaultKind.SENSOR_DRIFT, 0.3), fault(FaultKind.TEMPERATURE_DRIFT, 6.0))), broken(())
    for each in (plants, sound):
        advance(each, 3.0, 5)
    for seen, true, offset in zip(plants.cells_seen(1), sound.cells_seen(1), (0.3, 6.0), strict=True):
        np.testing.assert_allclose(seen - true, offset * (np.arange(N_CELLS) == 7), atol=1e-12)
    assert plants.container.cells.voltage_v.tobytes() == sound.container.cells.voltage_v.tobytes()


def test_a_leak_empties_its_cell_by_its_charge_alone() -> None:
    plants, sound = broken((fault(FaultKind.LEAK, 30.0, start_s=0.0, end_s=60.0),)), broken(())
    for each in (plants, sound):
        advance(each, 3.0, 90)
    lost_ah = (sound.container.cells.soc - plants.container.cells.soc) * plants.container.cells.capacity_ah
    np.testing.assert_allclose(lost_ah[plants.slot[1, 7]], 30.0 * 60.0 / 3600.0, rtol=1e-4)  # the current adapts
    assert np.abs(np.delete(lost_ah, plants.slot[1, 7])).max() < 1e-3


def test_lost_coolant_lets_cells_warm() -> None:
    plants, sound = broken((fault(FaultKind.COOLING_LOSS, 1.0, start_s=0.0),)), broken(())
    for each in (plants, sound):
        each.container.cells.temperature_c[:] = 38.0
        advance(each, 9.0, 600)
    warmer_c = plants.truth()[Signal.CELL_TEMPERATURE_C_MEAN] - sound.truth()[Signal.CELL_TEMPERATURE_C_MEAN]
    assert warmer_c[0] == 0.0
    assert warmer_c[1] > 0.2


def test_faults_may_count_from_another_second_than_the_first() -> None:
    plants = broken((fault(FaultKind.GAS, 500.0),), faults_from_s=START_S + 1)
    seen = []
    for _ in range(5):
        advance(plants, 0.0)
        seen.append(plants.truth()[Signal.GAS][1])
    assert seen == [0.0, 0.0, 0.0, 500.0, 500.0]
