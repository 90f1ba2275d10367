"""Ageing of a run: a battery that is hot and full ages faster, and the minutes of a run add up."""

import numpy as np
import pytest

from battuta.app.site_ageing import SiteAgeing
from battuta.domain.image import N_SIGNALS, N_SOURCES, Signal, SiteImage
from battuta.physics.ageing.naumann import aged, naumann, new_cells, soh_capacity


def image_of(soc, temperature_c) -> SiteImage:
    values = np.full((N_SIGNALS, 2), np.nan)
    values[Signal.SOC], values[Signal.CELL_TEMPERATURE_C_MEAN] = soc, temperature_c
    return SiteImage(time_ns=0, values=values, age_s=np.zeros((N_SOURCES, 2)))


def test_a_new_battery_has_lost_nothing() -> None:
    assert SiteAgeing(3).capacity_lost().tolist() == [0.0, 0.0, 0.0]


def test_heat_ages_faster() -> None:
    ageing = SiteAgeing(2)
    for _ in range(3 * 3_600):
        ageing.add(image_of([0.5, 0.5], [20.0, 45.0]))
    lost = ageing.capacity_lost()
    assert 0.0 < lost[0] < lost[1] < 0.01


def test_minutes_that_are_folded_by_the_hour_age_as_those_of_one_profile() -> None:
    random = np.random.default_rng(4)
    soc = np.clip(0.5 + np.cumsum(random.normal(0.0, 0.02, (150, 2)), axis=0), 0.0, 1.0)
    ageing = SiteAgeing(2)
    for row in soc:
        for _ in range(60):
            ageing.add(image_of(row, [25.0, 30.0]))
    whole = aged(naumann(), soc, np.tile([25.0, 30.0], (150, 1)), 60.0, new_cells(2), turn_soc=0.005)
    np.testing.assert_allclose(ageing.capacity_lost(), 1.0 - soh_capacity(whole), rtol=1e-12)


def test_a_missing_minute_does_not_poison_what_comes() -> None:
    ageing = SiteAgeing(2)
    for second in range(2 * 3_600):
        missing = second // 600 == 3
        ageing.add(image_of([np.nan if missing else 0.5, 0.5], [25.0, 25.0]))
    lost = ageing.capacity_lost()
    assert np.isfinite(lost).all()
    assert lost[0] == pytest.approx(lost[1], rel=0.2)
