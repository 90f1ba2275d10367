"""Cell monitors read every string, with steps and noise, and the same again for one seed."""

import numpy as np

from battuta.world.cell_monitors import CellMonitors
from battuta.world.plant import Plants
from battuta.world.plant_parameters import PlantCharacter


def plants() -> Plants:
    return Plants(3, 2, 1_767_225_600, PlantCharacter(n_cells=40))


def test_readings_are_near_the_truth_and_in_steps() -> None:
    world = plants()
    monitors = CellMonitors(3, world, 60.0)
    voltage_v, current_a, temperature_c = monitors.read()
    assert voltage_v.shape == (2, 40)
    assert temperature_c.shape == (2, monitors.n_sensors) == (2, 3)
    for site in range(2):
        true_v, true_c = world.cells_seen(site)
        assert np.abs(voltage_v[site] - true_v).max() < 0.01
        assert np.abs(temperature_c[site] - true_c[::16]).max() < 2.5
    np.testing.assert_allclose(voltage_v * 1000.0, np.rint(voltage_v * 1000.0), atol=1e-6)
    assert np.abs(current_a).max() < 1.0, "nothing flows yet"


def test_the_same_seed_reads_the_same_and_rows_differ() -> None:
    one, other = CellMonitors(3, plants(), 60.0), CellMonitors(3, plants(), 60.0)
    first, again = one.read()[0], other.read()[0]
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(one.read()[0], first)
