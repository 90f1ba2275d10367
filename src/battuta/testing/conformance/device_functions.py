"""What a client of a converter with functions of its own must pass: Q(V) handed over, service, the store's energy.

Used as `battuta.testing.conformance.devices` is, with a bench that can do more::

    @pytest.mark.parametrize("check", device_functions.CHECKS, ids=lambda check: check.__name__)
    def test_it_conforms(check):
        asyncio.run(device_functions.perform(check, MyBench()))
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from typing import Protocol

from battuta.domain.command import DeviceCommand
from battuta.domain.errors import DeviceError
from battuta.physics.grid_connection import ReactiveLaw, ReactiveMode
from battuta.ports.device import Device
from battuta.testing.conformance.devices import Bench, perform

__all__ = ["CHECKS", "LAW", "Check", "FunctionBench", "FunctionalDevice", "perform"]

LAW = ReactiveLaw(
    mode=ReactiveMode.Q_OF_V,
    curve_v_pu=(0.92, 0.98, 1.02, 1.08),
    curve_q_pu=(0.44, 0.0, 0.0, -0.44),
    q_pu_max=0.44,
    response_s=0.5,
)
_SETTLING_S = 8.0
"""Long for the law, and shorter than a commanded reactive power holds without being renewed. [s]"""
_TOLERANCE_PU = 0.005
_EXPECTED = ((1.00, 0.0), (1.05, -0.22), (1.12, -0.44), (0.95, 0.22), (0.90, 0.44))
"""Voltage, and what the law makes of it, by hand. [-]"""


class FunctionalDevice(Device, Protocol):
    """A converter that can hold a Q(V) law itself."""

    async def adopt_volt_var(self, law: ReactiveLaw) -> None:
        """Hand a law over."""
        ...

    async def leave_volt_var(self) -> None:
        """Let the device follow its law no longer."""
        ...


class FunctionBench(Bench, Protocol):
    """A bench whose plant has a voltage that can be set; what it says comes from the plant, not from the adapter.

    `apparent_power_kva` is the rated apparent power that the device's Q is per unit of.
    """

    apparent_power_kva: float

    def converter(self, *, deadline_s: float = 1.0) -> FunctionalDevice:
        """Make a client of the converter alone, not opened yet."""
        ...

    def asked_reactive_kvar(self) -> float:
        """Reactive power that the device asks of the plant now, injected positive. [kvar]"""
        ...

    async def set_voltage_pu(self, voltage_pu: float) -> None:
        """Let the grid at the meter have a voltage."""
        ...

    async def permit_service(self, *, is_permitted: bool) -> None:
        """Give or take the device's permission to enter service, as its operator would."""
        ...


Check = Callable[[FunctionBench], Awaitable[None]]


def _expect(condition: bool, message: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not condition:
        raise AssertionError(message)


async def _expect_reactive(bench: FunctionBench, voltage_pu: float, q_pu: float, when: str) -> None:
    await bench.set_voltage_pu(voltage_pu)
    for _ in range(2):
        await bench.elapse(_SETTLING_S / 2.0)
    found_pu = bench.asked_reactive_kvar() / bench.apparent_power_kva
    _expect(
        abs(found_pu - q_pu) <= _TOLERANCE_PU,
        f"{when}: at {voltage_pu} pu the plant is asked {found_pu:+.4f} pu of reactive power, not {q_pu:+.4f}",
    )


async def volt_var_is_adopted(bench: FunctionBench) -> None:
    """A law that was handed over is what the plant is asked: low voltage injects, high voltage absorbs."""
    device = bench.converter()
    await device.open()
    try:
        await device.adopt_volt_var(LAW)
        for voltage_pu, q_pu in _EXPECTED:
            await _expect_reactive(bench, voltage_pu, q_pu, "with the law handed over")
    finally:
        await device.close()


async def volt_var_outlives_its_controller(bench: FunctionBench) -> None:
    """The device holds the voltage when nobody speaks to it any more."""
    device = bench.converter()
    await device.open()
    await device.write(DeviceCommand(power_kw=bench.power_kw))
    await device.adopt_volt_var(LAW)
    await device.close()
    await bench.elapse(600.0)
    _expect(bench.asked_power_kw() == 0.0, f"after ten minutes {bench.asked_power_kw()} kW is still asked")
    await _expect_reactive(bench, 1.05, -0.22, "ten minutes after its controller died")


async def newer_reactive_command_wins(bench: FunctionBench) -> None:
    """Of a law and a commanded Q the newer holds; a Q that is taken back leaves it to the law."""
    device = bench.converter()
    await device.open()
    try:
        await device.write(DeviceCommand(power_kw=0.0, reactive_kvar=0.1 * bench.apparent_power_kva))
        await device.adopt_volt_var(LAW)
        await _expect_reactive(bench, 1.05, -0.22, "the law came after the command")
        await device.write(DeviceCommand(power_kw=0.0, reactive_kvar=0.1 * bench.apparent_power_kva))
        found_kvar = bench.asked_reactive_kvar()
        _expect(
            math.isclose(found_kvar, 0.1 * bench.apparent_power_kva, rel_tol=1e-3),
            f"the command came after the law, yet {found_kvar} kvar is asked",
        )
        await device.write(DeviceCommand(power_kw=0.0))
        await _expect_reactive(bench, 1.05, -0.22, "the command was taken back")
    finally:
        await device.close()


async def left_volt_var_is_silent(bench: FunctionBench) -> None:
    """A law that was left acts no longer."""
    device = bench.converter()
    await device.open()
    try:
        await device.adopt_volt_var(LAW)
        await _expect_reactive(bench, 1.05, -0.22, "with the law handed over")
        await device.leave_volt_var()
        await _expect_reactive(bench, 1.05, 0.0, "with the law left")
    finally:
        await device.close()


async def service_must_be_permitted(bench: FunctionBench) -> None:
    """Where service is not permitted no power is asked, and the client says so; zero is always taken."""
    device = bench.converter()
    await device.open()
    try:
        await device.write(DeviceCommand(power_kw=bench.power_kw))
        await bench.permit_service(is_permitted=False)
        await bench.elapse(1.0)
        await device.read()
        _expect(bench.asked_power_kw() == 0.0, f"{bench.asked_power_kw()} kW is asked without permission")
        is_refused = False
        try:
            await device.write(DeviceCommand(power_kw=bench.power_kw))
        except DeviceError:
            is_refused = True
        _expect(is_refused, "a power was taken without a word though service is not permitted")
        await device.write(DeviceCommand(power_kw=0.0))
        await bench.permit_service(is_permitted=True)
        for _ in range(40):
            await bench.elapse(5.0)
            await device.read()
            await device.write(DeviceCommand(power_kw=bench.power_kw))
        asked = bench.asked_power_kw()
        _expect(math.isclose(asked, bench.power_kw, abs_tol=1e-3), f"permitted again, yet {asked} kW is asked")
    finally:
        await device.close()


CHECKS: tuple[Check, ...] = (
    volt_var_is_adopted,
    volt_var_outlives_its_controller,
    newer_reactive_command_wins,
    left_volt_var_is_silent,
    service_must_be_permitted,
)
"""All of them; a converter with functions of its own must pass each that its bench can set up."""
