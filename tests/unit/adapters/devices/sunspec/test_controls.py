"""Setpoints with their reversion: at once where the device takes it, point by point where it does not."""

import asyncio
import math

import pytest

from battuta.adapters.devices.simulated.unit_image import SunSpecImage
from battuta.adapters.devices.sunspec.chain import Block, scan
from battuta.adapters.devices.sunspec.controls import local_control, prepare, refusal, write_point
from battuta.adapters.devices.sunspec.mapping import CONTROLS, Conventions
from battuta.domain.command import DeviceCommand
from battuta.domain.errors import DeviceError, InvalidQuantityError
from unit.adapters.devices.sunspec.memory import Memory


def written(*commands, conventions=None, **options):
    image = SunSpecImage()
    served = image.add(704, {"WSet_SF": 1, "VarSet_SF": 0})
    memory = Memory(image, **options)

    async def steps():
        models = await scan(memory.read, wanted=[CONTROLS], where="x")
        controls = await prepare({CONTROLS: list(models)}, memory.read, memory.write, "the converter")
        for command in commands:
            await controls.write(command, conventions or Conventions(reversion_s=7))
        return await controls.read()

    return asyncio.run(steps()), served, memory


def test_power_reversion_and_timer_go_out_in_one_write():
    held, served, memory = written(DeviceCommand(power_kw=-250.0))
    assert len(memory.writes) == 1
    assert held.power_kw == -250.0
    names = ("WSetEna", "WSetMod", "WSet", "WSetRvrt", "WSetEnaRvrt", "WSetRvrtTms")
    assert [served.value(name) for name in names] == [1.0, 1.0, -250_000.0, 0.0, 1.0, 7.0]
    assert math.isnan(served.value("WSetPct")), "what the device lacks is written back as it was"


def test_the_safe_power_may_be_another():
    _, served, _ = written(DeviceCommand(power_kw=1.0), conventions=Conventions(safe_power_kw=-3.0))
    assert served.value("WSetRvrt") == -3000.0


def test_a_device_that_refuses_blocks_gets_its_points_one_by_one_the_switch_last():
    held, served, memory = written(DeviceCommand(power_kw=10.0), DeviceCommand(power_kw=20.0), refuses_blocks=True)
    assert held.power_kw == 20.0
    assert memory.writes[-1][0] == served.address("WSetEna")
    assert served.address("WSetPct") not in [address for address, _ in memory.writes]
    assert len(memory.writes) == 12, "six points twice, the block is tried once"


def test_reactive_power_is_written_when_asked_and_taken_back_once():
    commands = [DeviceCommand(power_kw=1.0, reactive_kvar=kvar) for kvar in (0.0, -5.0, 0.0, 0.0)]
    held, served, memory = written(*commands)
    assert len(memory.writes) == 4 + 2
    assert held.reactive_kvar == 0.0
    assert (served.value("VarSetEna"), served.value("VarSet"), served.value("VarSetMod")) == (0.0, 0.0, 4.0)
    held, served, _ = written(*commands[:2])
    assert (held.reactive_kvar, served.value("VarSet")) == (-5.0, -5000.0)


def test_a_power_that_is_not_enabled_reads_as_missing():
    held, _, _ = written()
    assert math.isnan(held.power_kw)


def test_no_number_is_no_power():
    with pytest.raises(InvalidQuantityError):
        written(DeviceCommand(power_kw=math.nan))


def test_a_device_without_controls_takes_none():
    assert asyncio.run(prepare({}, None, None, "x")) is None


def test_a_lost_scale_is_named():
    image = SunSpecImage()
    image.add(704)
    memory = Memory(image)

    async def steps():
        models = await scan(memory.read, wanted=[CONTROLS], where="x")
        controls = await prepare({CONTROLS: list(models)}, memory.read, memory.write, "the converter")
        await controls.write(DeviceCommand(power_kw=1.0), Conventions())

    with pytest.raises(DeviceError, match=r"the converter.*WSet_SF"):
        asyncio.run(steps())
    assert memory.writes == []


def test_a_point_that_is_not_there_is_not_written():
    image = SunSpecImage()
    image.add(715)
    memory = Memory(image)

    async def steps():
        (model,) = await scan(memory.read, wanted=[715], where="x")
        await write_point(model, "Nonsense", 1, memory.write)
        await write_point(model, "ControllerHb", 9, memory.write)

    asyncio.run(steps())
    assert [values for _, values in memory.writes] == [[0, 9]]


def blocks_of(**values):
    image = SunSpecImage()
    image.add(703).set_value("ES", values.get("ES", math.nan))
    image.add(715).set_value("LocRemCtl", values.get("LocRemCtl", 0))
    memory = Memory(image)

    async def steps():
        blocks = {}
        for model, name in zip(await scan(memory.read, wanted=[703, 715], where="x"), ("ES", "LocRemCtl"), strict=True):
            blocks[model.number] = [Block(model, (name,))]
            await blocks[model.number][0].read(memory.read)
        return blocks

    return asyncio.run(steps())


@pytest.mark.parametrize(
    ("command", "is_refused"),
    [
        (DeviceCommand(power_kw=5.0), True),
        (DeviceCommand(power_kw=-5.0), True),
        (DeviceCommand(power_kw=0.0, reactive_kvar=1.0), True),
        (DeviceCommand(power_kw=0.0), False),
    ],
)
def test_power_is_refused_where_service_is_not_permitted_and_zero_never(command, is_refused):
    reason = refusal(blocks_of(ES=0), command)
    assert (reason is not None) is is_refused
    assert not is_refused or "703" in reason
    assert refusal(blocks_of(ES=1), command) is None
    assert refusal(blocks_of(), command) is None, "a device that does not say it is not held"
    assert refusal({}, command) is None


def test_local_control_is_a_reason_of_its_own():
    assert "local control" in refusal(blocks_of(ES=1, LocRemCtl=1), DeviceCommand(power_kw=0.0))
    assert local_control(blocks_of(ES=0)) is None


def test_reactive_power_is_taken_back_whoever_asked_for_it():
    image = SunSpecImage()
    served = image.add(704, {"WSet_SF": 1, "VarSet_SF": 0})
    memory = Memory(image)

    async def steps(value):
        served.set_value("VarSetEna", value)
        models = await scan(memory.read, wanted=[CONTROLS], where="x")
        controls = await prepare({CONTROLS: list(models)}, memory.read, memory.write, "the converter")
        await controls.take_back_reactive()
        return served.value("VarSetEna")

    assert asyncio.run(steps(1.0)) == 0.0
    assert math.isnan(asyncio.run(steps(math.nan))), "what the device lacks is not written"
