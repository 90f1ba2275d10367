"""A life as SimSES counts it: repeats, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.physics.ageing.naumann import naumann
from battuta.physics.cell_parameters import cell_parameters
from battuta.physics.life_pack_simses import SimsesPack, live_as_simses
from battuta.physics.life_pack_walk import PackDuty
from battuta.physics.pcs import notton_pcs

CELL = replace(cell_parameters("sony_lfp_3ah"), hysteresis_v=0.02)
PACK = SimsesPack(
    cell=CELL, hysteresis_v=np.full(CELL.ocv_v.size, 0.02), cells_in_series=100, strings=10,
    pcs=notton_pcs("sungrow_sc1000tl_field", 4.8),
)  # fmt: skip


def duty(n_days=3, ambient_c=22.0):
    t = np.arange(n_days * 1440) / 60.0
    power_kw = 2.0 * np.sin(2.0 * np.pi * t / 3.0) - 0.15
    return PackDuty(power_kw=power_kw, ambient_c=np.full(t.size, ambient_c), step_s=60.0)


def test_a_year_twice_goes_on_where_it_ended() -> None:
    twice, once = live_as_simses(PACK, duty(3), n_years=2), live_as_simses(PACK, duty(3))
    np.testing.assert_array_equal(twice.soh_capacity[:3], once.soh_capacity)
    assert twice.soh_capacity.size == 6
    assert np.all(np.diff(twice.soh_capacity) < 0.0)
    assert twice.ac_throughput_kwh > 1.9 * once.ac_throughput_kwh


def test_standing_still_ages_by_the_calendar_alone() -> None:
    rest = PackDuty(power_kw=np.zeros(1440), ambient_c=np.full(1440, 25.0), step_s=60.0)
    life = live_as_simses(PACK, rest, start_c=25.0)
    lost = naumann().calendar_capacity_share(soc=0.5, temperature_c=25.0, duration_s=86_400.0)
    assert 1.0 - life.soh_capacity[0] == pytest.approx(lost, rel=1e-9)
    assert life.full_cycles == 0.0


def test_where_simses_ends_with_an_error_so_does_this() -> None:
    cold = replace(duty(), ambient_c=np.full(3 * 1440, -30.0))
    with pytest.raises(DataError, match=r"outside \[-20, 40\] degC"):
        live_as_simses(PACK, cold)


def test_a_hysteresis_of_another_grid_is_refused() -> None:
    with pytest.raises(DataError, match=r"the soc grid needs \(201,\)"):
        replace(PACK, hysteresis_v=np.zeros(3)).numbers()
