import numpy as np
import pytest

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.physics.container import resting, step_container
from battuta.physics.container_parameters import container_parameters

PARAMETERS = container_parameters("lfp_314ah").coarse(8, 2)


def drive(state, power_kw, hours, *, step_s=60.0, ambient_c=20.0):
    n = state.n_sites
    energy_kwh = np.zeros((3, n))
    for _ in range(round(hours * 3600.0 / step_s)):
        step_container(state, np.full(n, power_kw), np.full(n, ambient_c), step_s)
        sites = state.sites
        lost = sites.heat_kw + sites.hysteresis_kw + sites.leak_kw
        energy_kwh += np.array([sites.power_kw, lost, sites.auxiliary_power_kw]) * step_s / 3600.0
    return energy_kwh


def test_a_container_delivers_what_is_asked_for() -> None:
    state = resting(PARAMETERS, n_sites=2)
    step_container(state, np.array([2500.0, -1000.0]), np.array([20.0, 20.0]), 1.0)
    assert state.sites.power_kw == pytest.approx([2500.0, -1000.0], rel=1e-5)
    assert state.mean_soc()[0] < 0.5 < state.mean_soc()[1]
    assert state.sites.auxiliary_power_kw[0] == pytest.approx(3.0), "pump and controls"


@pytest.mark.parametrize("step_s", [1.0, 60.0, 900.0, 3600.0])
def test_energy_is_conserved_at_any_step(step_s) -> None:
    state = resting(PARAMETERS, soc=0.6)
    state.cells.leak_a[3] = 1.0
    before = state.stored_j()[0]
    moved = 0.0
    for power_kw in (1500.0, -2000.0, 0.0, 800.0):
        moved += drive(state, power_kw, 1.0, step_s=step_s)[:2].sum() * 3.6e6
    assert before - state.stored_j()[0] == pytest.approx(moved, abs=1e-9 * 6e9)


@pytest.mark.parametrize("step_s", [60.0, 900.0, 3600.0])
def test_a_steady_signal_gives_the_same_at_any_step(step_s) -> None:
    fine, coarse = resting(PARAMETERS, soc=0.5), resting(PARAMETERS, soc=0.5)
    for power_kw, ambient_c in ((1200.0, 30.0), (0.0, 30.0), (-1500.0, 10.0), (0.0, 5.0)):
        first = drive(fine, power_kw, 1.0, step_s=1.0, ambient_c=ambient_c)
        second = drive(coarse, power_kw, 1.0, step_s=step_s, ambient_c=ambient_c)
        np.testing.assert_allclose(coarse.cells.soc, fine.cells.soc, atol=1e-5)
        np.testing.assert_allclose(coarse.cells.voltage_v, fine.cells.voltage_v, atol=5e-4)
        np.testing.assert_allclose(coarse.cells.temperature_c, fine.cells.temperature_c, atol=0.1)
        np.testing.assert_allclose(second[0], first[0], atol=0.05)


@pytest.mark.parametrize("step_s", [1.0, 60.0, 3600.0])
def test_deep_frost_refuses_charge_and_warms_up(step_s) -> None:
    state = resting(PARAMETERS, temperature_c=-20.0)
    step_container(state, np.array([-1000.0]), np.array([-20.0]), step_s, inner_s_max=60.0)
    if step_s <= 60.0:
        assert state.sites.power_kw[0] == 0.0
    assert state.sites.heating_kw[0] == pytest.approx(20.0)
    drive(state, -500.0, 24.0, step_s=max(step_s, 60.0), ambient_c=-20.0)
    assert state.sites.cell_temperature_c_low[0] > 5.0
    assert state.mean_soc()[0] > 0.6
    assert np.isfinite(state.cells.voltage_v).all()


def test_limits_hold_from_full_to_empty_and_back() -> None:
    state = resting(PARAMETERS, soc=0.5)
    delivered = drive(state, 2500.0, 3.0)[0, 0]
    assert state.cells.soc.min() >= -1e-12
    assert state.cells.voltage_v.min() > 2.49
    assert state.sites.power_kw[0] < 100.0
    taken = -drive(state, -2500.0, 5.0)[0, 0]
    assert state.cells.voltage_v.max() < 3.602
    assert state.mean_soc()[0] > 0.98
    assert 0.45 * 5117 < delivered < 0.5 * 5117 < taken


def test_round_trip_efficiency_is_that_of_the_class() -> None:
    state = resting(PARAMETERS, soc=0.1, temperature_c=25.0)
    taken = -drive(state, -2500.0, 1.5, ambient_c=25.0)[0, 0]
    given = 0.0
    while state.mean_soc()[0] > 0.1:
        given += drive(state, 2500.0, 1.0 / 60.0, ambient_c=25.0)[0, 0]
    assert 0.93 < given / taken < 0.97


def test_heat_waves_are_cooled_and_cost_electricity() -> None:
    cool, hot = resting(PARAMETERS, soc=0.9), resting(PARAMETERS, soc=0.9)
    hot.sites.mode_request[0] = 0
    power = [2000.0, -2000.0] * 6
    aux = [sum(drive(state, kw, 1.0, ambient_c=42.0)[2, 0] for kw in power) for state in (cool, hot)]
    assert cool.sites.cell_temperature_c_high[0] < 35.0 < hot.sites.cell_temperature_c_high[0]
    assert aux[0] > aux[1] + 20.0


def test_faults_show_in_their_own_cell_string_and_site() -> None:
    state = resting(PARAMETERS, n_sites=2, soc=0.8)
    state.cells.resistance_factor[2] = 2.0
    state.cells.leak_a[5] = 2.0
    state.sites.flow_factor[1] = 0.1
    drive(state, 2000.0, 1.0)
    first, second = state.cells_of(0), state.cells_of(1)
    assert np.argmin(state.cells.voltage_v[state.cells_of(0, 0)]) == 2
    assert np.argmin(state.cells.soc[first]) == 5
    assert np.ptp(state.cells.temperature_c[second]) > 2.0 * np.ptp(state.cells.temperature_c[state.cells_of(0, 1)])


def test_a_string_out_of_service_rests() -> None:
    state = resting(PARAMETERS)
    state.strings.share[1] = 0.0
    drive(state, 1000.0, 0.5)
    assert state.strings.current_a[1] == 0.0
    assert state.cells.soc[state.cells_of(0, 1)].tolist() == [0.5] * 8
    assert state.sites.power_kw[0] == pytest.approx(1000.0, rel=1e-4)


def test_a_copy_is_independent() -> None:
    state = resting(PARAMETERS)
    future = state.copy()
    drive(future, 1000.0, 0.5)
    assert state.cells.soc.tolist() == [0.5] * 16
    assert state.sites.power_kw[0] == 0.0


def test_lumps_follow_the_cells_they_stand_for() -> None:
    full, coarse = resting(container_parameters("lfp_314ah")), resting(PARAMETERS)
    wanted, seen = drive(full, 2000.0, 0.5, ambient_c=30.0), drive(coarse, 2000.0, 0.5, ambient_c=30.0)
    np.testing.assert_allclose(seen, wanted, rtol=1e-3)
    assert coarse.cells.temperature_c.mean() == pytest.approx(full.cells.temperature_c.mean(), abs=0.05)


def test_ranges_of_sites_step_alone() -> None:
    whole, parts = resting(PARAMETERS, n_sites=3), resting(PARAMETERS, n_sites=3)
    power, ambient = np.array([500.0, -700.0, 0.0]), np.array([20.0, 30.0, 0.0])
    step_container(whole, power, ambient, 60.0)
    step_container(parts, power, ambient, 60.0, sites=(0, 2))
    assert parts.sites.power_kw[2] == 0.0
    step_container(parts, power, ambient, 60.0, sites=(2, 3))
    for left, right in zip(whole.cells, parts.cells, strict=True):
        np.testing.assert_array_equal(left, right)


def test_requests_are_checked() -> None:
    state = resting(PARAMETERS, n_sites=2)
    with pytest.raises(DataError, match="power_kw has shape"):
        step_container(state, np.zeros(1), np.zeros(2), 1.0)
    with pytest.raises(DataError, match="power_kw of container 1 is nan"):
        step_container(state, np.array([0.0, np.nan]), np.zeros(2), 1.0)
    with pytest.raises(InvalidQuantityError, match="duration_s = 0 s"):
        step_container(state, np.zeros(2), np.zeros(2), 0.0)
