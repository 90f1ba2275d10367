"""Naumann's model against its own published data, the closed forms of others, and as a price."""

import csv

import numpy as np
import pytest

from battuta.domain import catalogue
from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.domain.wear import depth_segments
from battuta.physics.ageing.naumann import (
    aged,
    aged_by_rainflow,
    depth_stress,
    naumann,
    new_cells,
    soh_capacity,
    soh_resistance,
    wear_price_per_mwh,
)
from battuta.physics.ageing.naumann_kernels import FULL_CYCLES

MODEL = naumann()
YEAR_S = 365.25 * 86_400.0


def test_fourteen_published_conditions(data_dir):
    """The root mean square errors that the card states."""
    with (data_dir / "twin" / "naumann_lfp_calendar_14_conditions.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len({(row["temperature_c"], row["storage_soc_fraction"]) for row in rows}) == 14
    errors = []
    for row in rows:
        state = {
            "soc": float(row["storage_soc_fraction"]),
            "temperature_c": float(row["temperature_c"]),
            "duration_s": float(row["elapsed_time_s"]),
        }
        lost = 100.0 * MODEL.calendar_capacity_share(**state) - float(row["capacity_loss_pct"])
        grown = 100.0 * MODEL.calendar_resistance_share(**state) - float(row["resistance_growth_pct"])
        errors.append((lost, grown))
    rmse = np.sqrt(np.mean(np.square(errors), axis=0))
    assert rmse == pytest.approx([1.43, 3.23], abs=0.01)


@pytest.mark.parametrize(
    ("cycles_per_day", "depth", "c_rate", "temperature_c", "soh"),
    [
        (1.0, 0.8, 0.25, 25.0, (0.797, 0.751, 0.713)),
        (1.0, 0.8, 0.25, 35.0, (0.763, 0.710, 0.665)),
        (2.0, 0.8, 0.50, 25.0, (0.755, 0.700, 0.654)),
    ],
)
def test_ten_fifteen_and_twenty_years(cycles_per_day, depth, c_rate, temperature_c, soh):
    """Closed forms worked out apart from this code, at soc 0.5."""
    for years, expected in zip((10, 15, 20), soh, strict=True):
        calendar = MODEL.calendar_capacity_share(soc=0.5, temperature_c=temperature_c, duration_s=years * YEAR_S)
        full_cycles = cycles_per_day * depth * years * 365.25
        cycle = MODEL.cycle_capacity_share(depth=depth, c_rate=c_rate, full_cycles=full_cycles)
        assert 1.0 - calendar - cycle == pytest.approx(expected, abs=0.0015)


def triangle(days):
    """One cycle a day between 0.1 and 0.9, hourly: 4 h down, 8 h rest, 4 h up, 8 h rest."""
    day = np.concatenate((np.linspace(0.7, 0.1, 4), np.full(8, 0.1), np.linspace(0.3, 0.9, 4), np.full(8, 0.9)))
    return np.concatenate(([0.9], np.tile(day, days)))[:, np.newaxis]


def test_a_stream_of_days_is_the_closed_form():
    soc = triangle(200)
    temperature = np.full_like(soc, 25.0)
    age = aged(MODEL, soc, temperature, 3600.0, new_cells(1))
    assert age[0, FULL_CYCLES] == pytest.approx(200 * 0.8, rel=0.01)
    hours = [MODEL.calendar_capacity_share(soc=each, temperature_c=25.0, duration_s=3600.0) for each in soc[:, 0]]
    calendar = np.sqrt(np.sum(np.square(hours)))
    cycle = MODEL.cycle_capacity_share(depth=0.8, c_rate=0.2, full_cycles=age[0, FULL_CYCLES])
    assert 1.0 - soh_capacity(age)[0] == pytest.approx(calendar + cycle, rel=1e-3)
    assert soh_resistance(age)[0] > 1.0
    assert soh_capacity(new_cells(2)).tolist() == [1.0, 1.0]


def test_rainflow_sees_what_half_cycles_cut_to_pieces():
    time = np.arange(20_000)
    soc = 0.5 + 0.35 * np.sin(time / 2000.0) + 0.02 * np.sin(time / 7.0)
    half = aged(MODEL, soc[:, np.newaxis], np.full((20_000, 1), 25.0), 60.0, new_cells(1))
    rain = aged_by_rainflow(MODEL, soc, new_cells(1), c_rate=0.25)
    assert np.sqrt(rain[0, 1]) > 1.02 * np.sqrt(half[0, 1])
    assert aged_by_rainflow(MODEL, soc, new_cells(3), c_rate=0.25)[2].tolist() == rain[0].tolist()


def test_wear_has_a_price():
    duty = {"depth": 0.8, "c_rate": 0.25, "replacement_cost": 100_000.0, "energy_kwh": 1000.0}
    mean = wear_price_per_mwh(MODEL, **duty)
    life = (0.2 / MODEL.cycle_capacity_share(depth=0.8, c_rate=0.25, full_cycles=1.0)) ** 2
    assert mean == pytest.approx(100_000.0 / life / 1.0)
    assert wear_price_per_mwh(MODEL, **duty, cycle_loss=0.1) == pytest.approx(mean)
    assert wear_price_per_mwh(MODEL, **duty, cycle_loss=0.05) == pytest.approx(2.0 * mean)
    assert wear_price_per_mwh(MODEL, **duty, efficiency_discharge=0.5) == pytest.approx(2.0 * mean)
    assert wear_price_per_mwh(MODEL, **{**duty, "depth": 1.0}) > mean
    with pytest.raises(InvalidQuantityError, match="no finite marginal price"):
        wear_price_per_mwh(MODEL, **duty, cycle_loss=0.0)
    with pytest.raises(InvalidQuantityError, match="energy_kwh"):
        wear_price_per_mwh(MODEL, **{**duty, "energy_kwh": 0.0})


def test_depth_segments_of_the_desk_cost_a_full_cycle_what_the_model_says():
    stress = depth_stress(MODEL, c_rate=0.5)
    wear = depth_segments(stress, 10, replacement_cost=1e5, energy_kwh=1000.0, efficiency_discharge=1.0)
    full = wear_price_per_mwh(MODEL, depth=1.0, c_rate=0.5, replacement_cost=1e5, energy_kwh=1000.0)
    assert np.mean(wear.price_per_mwh) == pytest.approx(full, rel=1e-6)
    assert stress.y[0] == 0.0


def test_a_set_that_lacks_a_figure_is_named(monkeypatch):
    monkeypatch.setattr(catalogue, "table", lambda *_: {"capacity": {"calendar_rate": "slow"}})
    with pytest.raises(DataError, match=r"capacity\.calendar_rate must be a number"):
        naumann("x")
