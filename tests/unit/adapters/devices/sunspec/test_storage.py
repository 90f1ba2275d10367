"""Store and DC side of a converter by models 713 and 714."""

import asyncio
import math

import pytest

from battuta.adapters.devices.simulated.unit_image import SunSpecImage
from battuta.adapters.devices.sunspec.chain import scan
from battuta.adapters.devices.sunspec.storage import read_dc_ports, read_storage
from unit.adapters.devices.sunspec.memory import Memory


def read_from(image):
    memory = Memory(image)

    async def steps():
        found = {model.number: [model] for model in await scan(memory.read, wanted=[713, 714], where="x")}
        return await read_storage(found, memory.read), await read_dc_ports(found, memory.read)

    return asyncio.run(steps())


def test_energy_charge_and_health_are_read():
    image = SunSpecImage()
    served = image.add(713, {"WH_SF": 2, "Pct_SF": -1})
    for name, value in {"WHRtg": 2e6, "WHAvail": 1.2e6, "SoC": 60.5, "SoH": 97.0, "Sta": 1}.items():
        served.set_value(name, value)
    storage, ports = read_from(image)
    assert (storage.energy_kwh_rated, storage.energy_kwh_available) == (pytest.approx(2000.0), pytest.approx(1200.0))
    assert (storage.soc, storage.soh_by_device) == (pytest.approx(0.605), pytest.approx(0.97))
    assert storage.status == "warning"
    assert ports == ()


def test_what_a_store_does_not_say_is_missing_and_a_strange_status_is_told():
    image = SunSpecImage()
    served = image.add(713, {"WH_SF": 2})
    served.set_value("WHRtg", 2e6)
    served.put("SoC", [500])
    served.set_value("Sta", 9)
    storage, _ = read_from(image)
    assert math.isnan(storage.soc), "its scale factor is not there"
    assert math.isnan(storage.energy_kwh_available)
    assert storage.status == "code 9"


def test_each_dc_port_has_power_voltage_and_current():
    image = SunSpecImage()
    served = image.add(714, {"DCA_SF": -1, "DCV_SF": -1, "DCW_SF": 1, "Tmp_SF": 0}, {"Prt": 2})
    served.set_value("NPrt", 2)
    served.set_text("Prt.IDStr", "rack row A")
    for index, (watts, volts, amperes) in enumerate([(-80_000.0, 800.0, -100.0), (20_000.0, 810.0, 24.7)]):
        served.set_value("Prt.DCW", watts, index)
        served.set_value("Prt.DCV", volts, index)
        served.set_value("Prt.DCA", amperes, index)
        served.set_value("Prt.PrtTyp", (1, 0)[index], index)
    storage, (first, second) = read_from(image)
    assert storage is None
    assert (first.name, first.kind, second.kind) == ("rack row A", "storage", "pv")
    assert (first.power_kw, first.voltage_v, first.current_a) == pytest.approx((-80.0, 800.0, -100.0))
    assert (second.power_kw, second.voltage_v, second.current_a) == pytest.approx((20.0, 810.0, 24.7))
    assert second.name == "2", "a port without a name is called by its place"
    assert math.isnan(second.temperature_c)
