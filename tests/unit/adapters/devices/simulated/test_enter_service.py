"""The permission to run: taken away at once, given back after the delay, and only while the voltage is right."""

import math

import pytest

from battuta.adapters.devices.simulated.enter_service import EnterService
from battuta.adapters.devices.simulated.unit_image import SunSpecImage

NS = 1_000_000_000


def held():
    service = EnterService(SunSpecImage())
    service.model.set_value("ES", 0)
    service.written()
    return service


def test_it_runs_as_delivered_and_stops_at_once_when_it_may_not():
    assert EnterService(SunSpecImage()).is_in_service
    service = held()
    assert not service.is_in_service
    for hour in range(3):
        service.follow(1.0, hour * 3600 * NS)
    assert not service.is_in_service


def test_it_enters_service_after_its_delay():
    service = held()
    service.model.set_value("ES", 1)
    service.written()
    service.follow(1.0, 100 * NS)
    assert (service.is_in_service, service.model.value("ESDlyRemTms")) == (False, 60.0)
    service.follow(1.0, 159 * NS)
    assert (service.is_in_service, service.model.value("ESDlyRemTms")) == (False, 1.0)
    service.follow(1.0, 160 * NS)
    assert (service.is_in_service, service.model.value("ESDlyRemTms")) == (True, 0.0)


@pytest.mark.parametrize("voltage_pu", [0.84, 1.11, math.nan])
def test_a_voltage_outside_of_the_window_begins_the_delay_anew(voltage_pu):
    service = held()
    service.model.set_value("ES", 1)
    service.follow(1.0, 0)
    service.follow(voltage_pu, 59 * NS)
    service.follow(1.0, 61 * NS)
    assert not service.is_in_service
    service.follow(1.0, 120 * NS)
    assert not service.is_in_service
    service.follow(1.0, 121 * NS)
    assert service.is_in_service


def test_what_is_in_service_is_not_stopped_by_the_voltage():
    service = EnterService(SunSpecImage())
    service.follow(1.2, 0)
    assert service.is_in_service
