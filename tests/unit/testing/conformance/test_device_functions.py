"""The suite of a converter's own functions refuses an adapter that is broken in its one point."""

import asyncio
import dataclasses

import pytest

from battuta.domain.command import DeviceCommand
from battuta.domain.errors import DeviceError
from battuta.testing.conformance import device_functions
from conformance.sunspec_bench import SunSpecBench


class Wrapped:
    """A sound converter that subclasses break."""

    def __init__(self, inner, bench):
        self.inner, self.bench = inner, bench

    def __getattr__(self, name):
        return getattr(self.inner, name)


class SignTurned(Wrapped):
    async def adopt_volt_var(self, law):
        q_pu = tuple(-each for each in reversed(law.curve_q_pu))
        v_pu = tuple(2.02 - each for each in reversed(law.curve_v_pu))
        await self.inner.adopt_volt_var(dataclasses.replace(law, curve_v_pu=v_pu, curve_q_pu=q_pu))


class AdoptingWithoutEnabling(Wrapped):
    async def adopt_volt_var(self, law):
        await self.inner.adopt_volt_var(law)
        await self.inner.leave_volt_var()


class LeavingOnClose(Wrapped):
    async def close(self):
        await self.inner.leave_volt_var()
        await self.inner.close()


class KeepingItsCommand(Wrapped):
    async def adopt_volt_var(self, law):
        before = self.bench.tank.command
        await self.inner.adopt_volt_var(law)
        if before.reactive_kvar:
            await self.inner.write(before)


class NeverLeaving(Wrapped):
    async def leave_volt_var(self):
        pass


class Swallowing(Wrapped):
    async def write(self, command):
        try:
            await self.inner.write(command)
        except DeviceError:
            await self.inner.write(DeviceCommand(power_kw=0.0))


class BrokenBench(SunSpecBench):
    def __init__(self, kind):
        super().__init__()
        self.kind = kind

    def converter(self, *, deadline_s=1.0):
        return self.kind(super().converter(deadline_s=deadline_s), self)


@pytest.mark.parametrize(
    ("check", "kind"),
    [
        (device_functions.volt_var_is_adopted, SignTurned),
        (device_functions.volt_var_is_adopted, AdoptingWithoutEnabling),
        (device_functions.volt_var_outlives_its_controller, LeavingOnClose),
        (device_functions.newer_reactive_command_wins, KeepingItsCommand),
        (device_functions.left_volt_var_is_silent, NeverLeaving),
        (device_functions.service_must_be_permitted, Swallowing),
    ],
)
def test_a_broken_adapter_is_refused(check, kind):
    with pytest.raises(AssertionError):
        asyncio.run(device_functions.perform(check, BrokenBench(kind)))


def test_what_a_bench_cannot_do_is_said():
    class Simple(SunSpecBench):
        async def set_voltage_pu(self, voltage_pu):
            raise NotImplementedError

    outcome = asyncio.run(device_functions.perform(device_functions.volt_var_is_adopted, Simple()))
    assert outcome.startswith("not possible")


def test_every_check_is_in_the_list():
    public = {
        value for name, value in vars(device_functions).items() if asyncio.iscoroutinefunction(value) and name[0] != "_"
    }
    assert public - {device_functions.perform} == set(device_functions.CHECKS)
