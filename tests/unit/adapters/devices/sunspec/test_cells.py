"""Cells of strings whose models lie in any order."""

import asyncio
import math

import numpy as np
import pytest

from battuta.adapters.devices.simulated.unit_image import SunSpecImage
from battuta.adapters.devices.sunspec import cells
from battuta.adapters.devices.sunspec.chain import scan
from battuta.adapters.devices.sunspec.mapping import Conventions
from unit.adapters.devices.sunspec.memory import Memory

CELL = "lithium-ion-module-cell"


def add_module(image, string, module, volts, degrees=(math.nan,)):
    served = image.add(805, {"CellV_SF": -3, "Tmp_SF": -1}, {CELL: len(volts)})
    served.set_value("StrIdx", string)
    served.set_value("ModIdx", module)
    served.set_values(f"{CELL}.CellV", np.array(volts))
    served.set_values(f"{CELL}.CellTmp", np.array(degrees))
    return served


def add_string(image, index, current_a, temperatures=()):
    counts = {"lithium_ion_string_module": len(temperatures)}
    served = image.add(804, {"A_SF": -1, "ModTmp_SF": -1}, counts)
    served.set_value("Idx", index)
    served.set_value("NMod", len(temperatures))
    served.set_value("A", current_a)
    if temperatures:
        served.set_values("lithium_ion_string_module.ModCellTmpAvg", np.array(temperatures, dtype=float))


def readings(image, *changes, **conventions):
    memory = Memory(image)

    async def steps():
        models = {}
        for model in await scan(memory.read, wanted=[802, 803, 804, 805], where="x"):
            models.setdefault(model.number, []).append(model)
        prepared = await cells.prepare(models, memory.read)
        for change in changes:
            change()
        return () if prepared is None else await prepared.read(memory.read, Conventions(**conventions))

    return asyncio.run(steps())


def test_strings_and_modules_are_sorted_by_their_numbers():
    image = SunSpecImage()
    add_module(image, 8, 1, [3.3, 3.4])
    add_module(image, 1, 2, [3.1])
    add_string(image, 8, -20.0)
    add_module(image, 1, 1, [3.0, 3.05], [21.0])
    add_string(image, 1, -10.0)
    first, second = readings(image)
    assert first.voltage_v == pytest.approx([3.0, 3.05, 3.1])
    assert first.temperature_c == pytest.approx([21.0])
    assert (first.current_a, second.current_a) == (-10.0, -20.0)
    assert second.voltage_v == pytest.approx([3.3, 3.4])
    assert second.temperature_c.shape == (0,)


def test_a_sensor_that_breaks_keeps_its_place():
    image = SunSpecImage()
    module = add_module(image, 1, 1, [3.0, 3.1, 3.2], [20.0, 21.0])
    (string,) = readings(image, lambda: module.set_value(f"{CELL}.CellTmp", math.nan, 0))
    assert string.temperature_c[1:] == pytest.approx([21.0])
    assert math.isnan(string.temperature_c[0])
    assert math.isnan(string.current_a), "nobody measures it"


def test_a_single_string_takes_the_batterys_current():
    image = SunSpecImage()
    image.add(802, {"A_SF": 0}).set_value("A", 55.0)
    add_module(image, 1, 1, [3.0])
    (string,) = readings(image, charge_current_is_positive=True)
    assert string.current_a == -55.0


def test_a_string_without_module_models_gives_the_temperatures_of_its_modules():
    image = SunSpecImage()
    add_string(image, 1, 5.0, [20.0, 25.0])
    (string,) = readings(image)
    assert string.voltage_v.shape == (0,)
    assert string.temperature_c == pytest.approx([20.0, 25.0])


def test_a_battery_that_tells_no_cells_has_none():
    assert readings(SunSpecImage()) == ()


def add_bank(image, *currents):
    served = image.add(803, {"A_SF": -1, "ModTmp_SF": -1}, {"string": len(currents)})
    served.set_value("NStr", len(currents))
    served.set_values("string.StrA", np.array(currents))
    served.set_values("string.StrModTmpAvg", 20.0 + np.arange(len(currents)))
    return served


def test_currents_of_strings_without_a_model_of_their_own_come_from_the_bank():
    image = SunSpecImage()
    add_bank(image, 12.5, -3.0)
    add_module(image, 7, 1, [3.3])
    add_module(image, 2, 1, [3.1])
    first, second = readings(image)
    assert (first.current_a, second.current_a) == (pytest.approx(12.5), pytest.approx(-3.0))
    assert (first.voltage_v, second.voltage_v) == (pytest.approx([3.1]), pytest.approx([3.3]))
    assert [each.current_a for each in readings(image, charge_current_is_positive=True)] == pytest.approx([-12.5, 3.0])


def test_a_bank_alone_tells_current_and_temperature_of_each_string():
    image = SunSpecImage()
    served = add_bank(image, 12.5, -3.0, 0.0)
    served.put("string.StrA", [0x8000], 2)
    strings = readings(image)
    assert [each.current_a for each in strings[:2]] == pytest.approx([12.5, -3.0])
    assert math.isnan(strings[2].current_a)
    assert [each.temperature_c.tolist() for each in strings] == [[20.0], [21.0], [22.0]]
    assert strings[0].voltage_v.shape == (0,)


def test_a_strings_own_model_is_believed_before_the_bank():
    image = SunSpecImage()
    add_bank(image, 99.0)
    add_string(image, 1, -10.0)
    assert readings(image)[0].current_a == pytest.approx(-10.0)


def test_a_bank_that_counts_other_strings_than_the_modules_is_not_matched_by_guess():
    image = SunSpecImage()
    add_bank(image, 12.5, -3.0, 4.0)
    add_module(image, 1, 1, [3.3])
    add_module(image, 2, 1, [3.1])
    assert all(math.isnan(each.current_a) for each in readings(image))


def test_a_bank_is_read_once_for_all_its_strings():
    image = SunSpecImage()
    add_bank(image, *np.arange(3.0))
    memory = Memory(image)

    async def steps():
        (model,) = await scan(memory.read, wanted=[803], where="x")
        prepared = await cells.prepare({803: [model]}, memory.read)
        memory.requests.clear()
        await prepared.read(memory.read, Conventions())
        return len(memory.requests)

    assert asyncio.run(steps()) <= 2
