"""The meter counts import positive, as meters do."""

import pytest

from battuta.adapters.devices.simulated.meter_unit import MeterUnit
from battuta.adapters.devices.simulated.site_plant import NamePlate
from battuta.domain.command import DeviceCommand
from conformance.tank import Tank


def test_an_export_is_negative_at_the_meter():
    tank = Tank()
    tank.command = DeviceCommand(power_kw=105.0, reactive_kvar=3.0)
    unit = MeterUnit(NamePlate(nominal_voltage_v=20_000.0))
    unit.show(tank.readings())
    assert unit.meter.value("W") == pytest.approx(-100_000.0)
    assert unit.meter.value("VAR") == pytest.approx(-3000.0)
    assert unit.meter.value("PPV") == pytest.approx(20_200.0)
    assert unit.meter.value("PhV") == pytest.approx(20_200.0 / 3**0.5)
    assert unit.meter.value("Hz") == pytest.approx(50.0)
