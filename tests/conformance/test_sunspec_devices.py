"""The SunSpec client and the register maps pass the suite against the simulated server; and the suite can fail."""

import asyncio

import pytest

from battuta.testing.conformance import devices
from conformance.sunspec_bench import SunSpecBench


@pytest.mark.parametrize("check", devices.CHECKS, ids=lambda check: check.__name__)
def test_the_sunspec_client_conforms(check):
    assert asyncio.run(devices.perform(check, SunSpecBench())) == "passed"
