"""The battery's registers: state, limits, strings, modules, cells."""

import numpy as np
import pytest

from battuta.adapters.devices.simulated.battery_unit import BatteryUnit
from battuta.adapters.devices.simulated.site_plant import NamePlate
from battuta.domain.image import Signal
from conformance.tank import Tank


def unit_of(tank, **plate):
    unit = BatteryUnit(NamePlate(**plate), tank.cells())
    unit.show(tank.readings())
    unit.show_cells(tank.cells())
    return unit


def test_state_and_limits_are_shown():
    unit = unit_of(Tank())
    assert unit.bank.value("SoC") == pytest.approx(50.0)
    assert unit.bank.value("WChaRteMax") == pytest.approx(900_000.0)
    assert unit.bank.value("WDisChaRteMax") == pytest.approx(950_000.0)
    assert unit.bank.value("WHRtg") == pytest.approx(2e6)
    assert unit.temperatures.value("ModTmpMax") == pytest.approx(24.0)


@pytest.mark.parametrize(("n_cells", "per_module", "sizes"), [(20, 16, [16, 4]), (5, 10, [5]), (9, 3, [3, 3, 3])])
def test_cells_are_spread_over_modules(n_cells, per_module, sizes):
    unit = unit_of(Tank(n_cells=n_cells), cells_per_module=per_module)
    assert [[int(module.value("NCell")) for module, _, _ in modules] for modules in unit.modules] == [sizes] * 2
    assert unit.strings[0].value("NMod") == len(sizes)


def test_each_module_knows_its_range():
    unit = unit_of(Tank())
    (first, _, _), (last, _, _) = unit.modules[0]
    assert first.value("CellVMax") == pytest.approx(3.315)
    assert last.value("CellVMin") == pytest.approx(3.316)
    assert unit.strings[1].value("CellVMax") == pytest.approx(3.419)
    assert unit.strings[1].value("A") == pytest.approx(101.0)
    assert unit.strings[0].value("lithium_ion_string_module.ModCellVMax") == pytest.approx(3.315)


def test_broken_sensors_leave_the_rest():
    tank = Tank()
    cells = tank.cells()
    cells[0].voltage_v[:16] = np.nan
    unit = unit_of(tank)
    unit.show_cells(cells)
    assert np.isnan(unit.modules[0][0][0].value("CellVMax"))
    assert unit.strings[0].value("CellVMin") == pytest.approx(3.316)


def test_an_order_to_open_is_seen():
    unit = unit_of(Tank())
    assert not unit.wants_open_strings
    unit.bank.set_value("SetOp", 2)
    assert unit.wants_open_strings
    unit.show(Tank().readings())
    assert unit.bank.value("State") == 1.0


def test_a_missing_state_is_not_implemented():
    tank = Tank()
    readings = tank.readings()
    readings[Signal.SOC] = np.nan
    unit = unit_of(tank)
    unit.show(readings)
    assert np.isnan(unit.bank.value("SoC"))
