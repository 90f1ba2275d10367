"""The SunSpec client and the register maps pass the suite against the simulated server; and the suite can fail."""

import asyncio

import pytest

from battuta.testing.conformance import device_functions, devices
from conformance.sunspec_bench import StoreBench, SunSpecBench


@pytest.mark.parametrize("check", devices.CHECKS, ids=lambda check: check.__name__)
def test_the_sunspec_client_conforms(check):
    assert asyncio.run(devices.perform(check, SunSpecBench())) == "passed"


@pytest.mark.parametrize("check", devices.CHECKS, ids=lambda check: check.__name__)
def test_a_site_whose_charge_comes_from_model_713_conforms(check):
    assert asyncio.run(devices.perform(check, StoreBench())) == "passed"


def test_the_charge_of_that_site_does_come_from_model_713():
    async def steps():
        bench = StoreBench()
        await bench.start()
        device = bench.device()
        await device.open()
        battery = next(part.device for part in device.parts if part.name == "battery")
        await device.close()
        await bench.stop()
        return [model.number for model in battery.models]

    assert asyncio.run(steps())[:3] == [1, 713, 803]


@pytest.mark.parametrize("check", device_functions.CHECKS, ids=lambda check: check.__name__)
def test_the_converters_own_functions_conform(check):
    assert asyncio.run(device_functions.perform(check, SunSpecBench())) == "passed"
