"""A droop in the device and a response of the guard are told; a device that says nothing of itself is left alone."""

import asyncio
from dataclasses import replace

import pytest

from battuta.adapters.devices.modbus.site import ModbusSite, Part
from battuta.adapters.devices.sunspec.functions import DeviceFunction, DeviceFunctions, FunctionCurve
from battuta.app.device_conflicts import conflicts
from battuta.domain.errors import DeviceUnavailableError

SETTINGS = FunctionCurve(
    name="adopted",
    columns=("deadband_over_hz", "deadband_under_hz", "droop_over_pu", "droop_under_pu"),
    points=((0.0, 0.0, 0.04, 0.04),),
)
DROOP = DeviceFunction(
    model=711, name="frequency droop", is_enabled=True, reference="", response_s=1.0, curves=(SETTINGS,)
)


class Converter:
    """A device that says what it does of its own, or cannot."""

    def __init__(self, functions) -> None:
        self.functions = functions

    async def read_functions(self):
        if self.functions is None:
            raise DeviceUnavailableError("silent")
        return DeviceFunctions(entries=self.functions)


def told(settings, device, site=0):
    whole = ModbusSite([Part(name="converter", device=device)], now_ns=lambda: 0)
    return asyncio.run(conflicts(whole, site, settings, 50.0))


def test_a_droop_in_the_device_of_a_site_that_answers_frequency_is_told(make_settings) -> None:
    settings = make_settings()
    assert len(told(settings, Converter((DROOP,)), site=0)) == 1
    assert told(settings, Converter((DROOP,)), site=1) == ()
    assert told(settings, Converter((replace(DROOP, is_enabled=False),)), site=0) == ()


@pytest.mark.parametrize("device", [object(), Converter(None)])
def test_a_device_that_says_nothing_of_itself_is_left_alone(make_settings, device) -> None:
    assert told(make_settings(), device) == ()
