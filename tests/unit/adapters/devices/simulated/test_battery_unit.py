"""The battery's registers: state, limits, strings, modules, cells."""

import numpy as np
import pytest

from battuta.adapters.devices.simulated.battery_unit import BatteryUnit
from battuta.adapters.devices.simulated.site_plant import NamePlate
from battuta.domain.image import Signal
from battuta.ports.device import CellReadings
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
    assert unit.all_strings.value("ModTmpMax") == pytest.approx(24.0)


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


def test_currents_of_the_strings_stand_side_by_side():
    unit = unit_of(Tank(n_strings=3))
    bank = unit.all_strings
    assert [bank.value("string.StrA", index) for index in range(3)] == pytest.approx([100.0, 101.0, 102.0])
    assert [bank.value(name) for name in ("StrAMin", "StrAMax", "StrAAvg")] == pytest.approx([100.0, 102.0, 101.0])
    assert [bank.value(name) for name in ("StrAMinStr", "StrAMaxStr", "NStr", "NStrCon")] == [1.0, 3.0, 3.0, 3.0]
    assert bank.value("string.StrCellVMax", 1) == pytest.approx(3.419)
    assert bank.value("string.StrModTmpAvg", 2) == pytest.approx(21.2)
    assert bank.value("string.StrNMod", 0) == 2.0
    assert bank.value("string.StrSt", 0) == 3.0
    unit.bank.set_value("SetOp", 2)
    unit.show(Tank().readings())
    assert (bank.value("NStrCon"), bank.value("string.StrSt", 2)) == (0.0, 1.0)


def test_a_string_without_a_current_leaves_the_others():
    tank = Tank()
    unit = unit_of(tank)
    first, second = tank.cells()
    unit.show_cells(
        (CellReadings(current_a=np.nan, voltage_v=first.voltage_v, temperature_c=first.temperature_c), second)
    )
    bank = unit.all_strings
    assert np.isnan(bank.value("string.StrA", 0))
    assert (bank.value("StrAMin"), bank.value("StrAMinStr")) == (pytest.approx(101.0), 2.0)


def test_the_store_says_what_can_be_taken_out():
    unit = unit_of(Tank())
    assert unit.storage.value("SoC") == pytest.approx(50.0)
    assert unit.storage.value("WHRtg") == pytest.approx(2e6)
    assert unit.storage.value("WHAvail") == pytest.approx(1e6)
    assert np.isnan(unit.storage.value("SoH")), "the plant does not say it"
