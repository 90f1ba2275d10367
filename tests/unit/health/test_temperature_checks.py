"""A sensor that is wrong is told with its place; a place that is truly warm, or noise, is not."""

import numpy as np
import pytest

from battuta.domain.health import FaultClass, FindingLevel
from battuta.health.temperature_checks import SensorChecks, SensorReader

N_SENSORS, N_CELLS = 10, 80
TIME_S = np.arange(288) * 300.0
NOBODY = np.zeros(N_SENSORS, dtype=np.bool_)
FOURTH = np.arange(N_SENSORS) == 4


def told(change=None, n_days=60, truly_so=NOBODY, seed=2):
    rng = np.random.default_rng(seed)
    reader, checks = SensorReader(N_SENSORS), SensorChecks("S", N_CELLS, N_SENSORS)
    place_k, found = rng.normal(size=N_SENSORS), []
    for day in range(n_days):
        rate_c = np.where((np.arange(288) // 36) % 2 == 0, 0.3, 0.0)
        middle_c = 20.0 + 0.1 * day + 3.0 * np.sin(TIME_S / 14_000.0)
        noise_k = 0.1 * rng.normal(size=(288, N_SENSORS))
        temperature_c = middle_c[:, None] + place_k + noise_k
        if change is not None:
            change(day, temperature_c, rate_c)
        seen = reader.take(day, TIME_S + 86_400.0 * day, rate_c, temperature_c)
        found += checks.take(seen, truly_so)
    return found


@pytest.mark.parametrize("seed", range(5))
def test_healthy_sensors_are_left_in_peace(seed):
    assert told(seed=seed) == []


def jump(day, temperature_c, _):
    temperature_c[:, 4] += 2.5 if day >= 30 else 0.0


def drift(day, temperature_c, _):
    temperature_c[:, 4] -= 0.1 * max(day - 20, 0)


def freeze(day, temperature_c, _):
    temperature_c[:, 4] = 21.0 if day >= 30 else temperature_c[:, 4]


def break_off(day, temperature_c, _):
    temperature_c[::3, 4] = -273.0 if day >= 30 else temperature_c[::3, 4]


def be_missing(day, temperature_c, _):
    temperature_c[:, 4] = np.nan if day >= 30 else temperature_c[:, 4]


def stand_apart(_, temperature_c, __):
    temperature_c[:, 4] += 12.0


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (jump, "change_k"),
        (drift, "change_k"),
        (freeze, "range_k"),
        (break_off, "impossible_share"),
        (be_missing, "impossible_share"),
        (stand_apart, "distance_k"),
    ],
)
def test_what_is_wrong_is_named_with_its_sensor(change, name):
    found = [each for each in told(change) if name in each.evidence]
    assert {(each.fault, each.cell, each.evidence["sensor"]) for each in found} == {
        (FaultClass.TEMPERATURE_SENSOR, 36, 4.0)
    }
    assert max(each.level for each in found) == FindingLevel.ACT
    assert (found[0].evidence["first_cell"], found[0].evidence["last_cell"]) == (32.0, 39.0)


def test_a_step_is_told_within_three_days():
    day = told(jump)[0].found_ns // 86_400_000_000_000 - 1
    assert 30 < day <= 33


def test_a_place_that_warms_with_the_heat_of_its_cells_is_no_wrong_sensor():
    def warm(day, temperature_c, rate_c):
        if day >= 30:
            temperature_c[:, 4] += 3.0 * np.convolve(rate_c**2 / 0.09, np.exp(-np.arange(60) / 10.0) / 10.5)[:288]

    assert told(warm) == []


@pytest.mark.parametrize(("change", "name"), [(jump, "warmer_than_before_k"), (stand_apart, "warmer_than_others_k")])
def test_a_place_that_is_truly_hot_is_told_as_cooled_worse(change, name):
    found = told(change, truly_so=FOURTH)
    assert {(each.fault, each.cell, each.evidence["sensor"]) for each in found} == {(FaultClass.COOLING, 36, 4.0)}
    assert found[-1].level is FindingLevel.ACT
    assert found[-1].evidence[name] == pytest.approx({jump: 2.5, stand_apart: 12.0}[change], rel=0.2)


def test_a_place_that_is_truly_a_little_warmer_is_watched():
    def warm_a_little(day, temperature_c, _):
        temperature_c[:, 4] += 1.2 if day >= 30 else 0.0

    found = told(warm_a_little, truly_so=FOURTH)
    assert [(each.fault, each.level) for each in found] == [(FaultClass.COOLING, FindingLevel.WATCH)]


def test_a_place_that_is_truly_colder_is_neither_a_wrong_sensor_nor_cooled_worse():
    assert told(drift, truly_so=FOURTH) == []


def test_the_middle_and_the_rest_are_read():
    reader = SensorReader(5)
    temperature_c = np.full((288, 5), 25.0) + np.array([0.0, 1.0, 0.0, -1.0, 0.0])
    seen = reader.take(3, TIME_S, np.zeros(288), temperature_c)
    np.testing.assert_allclose(seen.rest_k, [0.0, 1.0, 0.0, -1.0, 0.0], atol=1e-9)
    np.testing.assert_allclose(seen.middle_c, 25.0)
    assert seen.impossible_share.tolist() == [0.0] * 5
