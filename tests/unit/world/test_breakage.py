"""Broken parts: each fault reaches the plant where it acts, in the second in which it changes, and leaves no trace."""

import math

import numpy as np
import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.physics.container import ContainerState, resting
from battuta.world.breakage import RAMP_STEP_S_MAX, Breakage, next_change_s
from battuta.world.plant_parameters import cabinet
from battuta.world.planted_faults import FaultKind, PlantedFault, apply_faults, healthy_state

N_SITES, N_CELLS = 2, 4
SLOT = np.array([[2, 0, 3, 1], [5, 7, 4, 6]])


def fault(kind: FaultKind = FaultKind.LEAK, **values) -> PlantedFault:
    return PlantedFault(**({"kind": kind, "site": 1, "cell": 2, "start_s": 100.0, "size": 0.5} | values))


def container_of() -> ContainerState:
    container = resting(cabinet(N_CELLS), n_sites=N_SITES)
    container.cells.leak_a[:] = 0.01
    container.cells.resistance_factor[:] = 2.0
    return container


def arrays_of(container: ContainerState) -> dict[str, np.ndarray]:
    cells = container.cells
    return {
        "leak_a": cells.leak_a,
        "resistance_factor": cells.resistance_factor,
        "contact_ohm": cells.contact_ohm,
        "flow_factor": container.sites.flow_factor,
    }


@pytest.mark.parametrize(
    ("kind", "name", "place", "value"),
    [
        (FaultKind.LEAK, "leak_a", 4, 0.06),
        (FaultKind.RESISTANCE_RISE, "resistance_factor", 4, 2.1),
        (FaultKind.LOOSE_CONTACT, "contact_ohm", 4, 0.05),
        (FaultKind.COOLING_LOSS, "flow_factor", 1, 0.95),
    ],
)
def test_a_fault_acts_in_the_place_of_its_cell_and_is_gone_at_its_end(kind, name, place, value) -> None:
    container, sound = container_of(), arrays_of(container_of())
    breakage = Breakage([fault(kind, size=0.05, end_s=300.0)], container, SLOT)
    for at_s, is_broken in ((99.0, False), (100.0, True), (299.0, True), (300.0, False), (301.0, False)):
        breakage.bring_to(at_s)
        for each, values in arrays_of(container).items():
            expected = sound[each].copy()
            if is_broken and each == name:
                expected[place] = value
            np.testing.assert_allclose(values, expected, rtol=1e-12, err_msg=f"{each} at {at_s} s")


def test_broken_sensors_move_what_is_read_and_sound_ones_cost_no_copy() -> None:
    volts, degrees = np.full(8, 3.3), np.full(8, 25.0)
    breakage = Breakage([fault(FaultKind.SENSOR_DRIFT, size=-0.02)], container_of(), SLOT)
    breakage.bring_to(100.0)
    np.testing.assert_allclose(breakage.shown_v(volts), [3.3, 3.3, 3.3, 3.3, 3.28, 3.3, 3.3, 3.3])
    assert breakage.shown_c(degrees) is degrees
    breakage = Breakage([fault(FaultKind.TEMPERATURE_DRIFT, size=6.0, site=0, cell=0)], container_of(), SLOT)
    breakage.bring_to(100.0)
    assert breakage.shown_c(degrees).tolist() == [25.0, 25.0, 31.0, 25.0, 25.0, 25.0, 25.0, 25.0]
    assert breakage.shown_v(volts) is volts


def test_two_faults_of_a_cell_add_up_though_they_change_at_other_instants() -> None:
    container = container_of()
    breakage = Breakage([fault(), fault(start_s=200.0, size=0.25, end_s=250.0)], container, SLOT)
    seen = []
    for at_s in (150.0, 200.0, 250.0):
        breakage.bring_to(at_s)
        seen.append(float(container.cells.leak_a[4]))
    np.testing.assert_allclose(seen, [0.51, 0.76, 0.51])


def test_every_second_is_as_if_all_faults_were_looked_at_in_each() -> None:
    faults = [
        fault(ramp_s=50.0, end_s=400.0),
        fault(FaultKind.LOOSE_CONTACT, size=0.05, active_share=0.5, end_s=300.0),
        fault(FaultKind.GAS, ramp_s=600.0, start_s=0.0),
        fault(FaultKind.COOLING_LOSS, start_s=-5.0, end_s=120.5),
    ]
    breakage, plain = Breakage(faults, container_of(), SLOT), healthy_state(N_SITES, N_CELLS)
    for second in range(700):
        breakage.bring_to(float(second))
        apply_faults(faults, float(second), plain)
        for name in ("leak_a", "contact_ohm", "flow_factor", "gas_ppm"):
            np.testing.assert_array_equal(
                getattr(breakage.state, name), getattr(plain, name), err_msg=f"{name} {second}"
            )


def test_a_slow_ramp_is_looked_at_once_a_minute() -> None:
    slow = fault(ramp_s=20 * 86_400.0)
    assert next_change_s(slow, 100.0) == 100.0 + RAMP_STEP_S_MAX
    assert next_change_s(slow, 100.0 + slow.ramp_s - 1.0) == 100.0 + slow.ramp_s
    assert next_change_s(slow, 100.0 + slow.ramp_s) == math.inf
    assert next_change_s(fault(active_share=0.5, end_s=101.5), 101.0) == 101.5


def test_a_fault_where_nothing_is_is_refused() -> None:
    with pytest.raises(InvalidQuantityError, match="cell = 4"):
        Breakage([fault(cell=4)], container_of(), SLOT)
