"""Find models wherever they are, and read what is wanted in few requests."""

import asyncio
import math

import pytest

from battuta.adapters.devices.simulated.unit_image import SunSpecImage, UnitImage
from battuta.adapters.devices.sunspec.chain import Block, scan
from battuta.domain.errors import DeviceError
from unit.adapters.devices.sunspec.memory import Memory


def found(image, wanted=(1, 701, 802)):
    memory = Memory(image)
    return asyncio.run(scan(memory.read, wanted=wanted, where="the device")), memory


@pytest.mark.parametrize("base", [40000, 0, 50000])
def test_a_chain_is_found_at_each_place_where_it_may_begin(base):
    image = SunSpecImage(base)
    image.add(1)
    image.add(701)
    models, _ = found(image)
    assert [(model.number, model.address) for model in models] == [(1, base + 2), (701, base + 70)]


def test_order_is_free_and_strange_models_are_passed_over():
    image = SunSpecImage()
    image.add(802)
    image.add(203)
    image.registers[-2:] = [64999, 3, 7, 7, 7, 0xFFFF, 0]
    image.add(701)
    image.add(1)
    models, _ = found(image)
    assert [model.number for model in models] == [802, 701, 1]


def test_no_marker_is_said():
    with pytest.raises(DeviceError, match=r"no SunSpec marker at 40000, 0, 50000"):
        found(UnitImage(0, [0] * 10))


def test_a_chain_without_end_is_said():
    image = SunSpecImage()
    image.registers[-2:] = [1, 0] * 500
    with pytest.raises(DeviceError, match="has no end"):
        found(image)
    image = SunSpecImage(50000)
    image.registers[-2:] = [1, 0xFFF0]
    with pytest.raises(DeviceError, match="has no end"):
        found(image)


def block_of(scales, values, names):
    image = SunSpecImage()
    served = image.add(701, scales)
    for name, value in values.items():
        served.set_value(name, value)
    (model,), memory = found(image)
    block = Block(model, names)
    memory.requests.clear()
    asyncio.run(block.read(memory.read))
    return block, memory


def test_a_block_is_read_in_one_request_with_its_scales():
    block, memory = block_of({"W_SF": 2, "Hz_SF": -3}, {"W": -123400.0, "Hz": 49.987}, ("W", "Hz"))
    assert len(memory.requests) == 1
    assert block.value("W") == -123400.0
    assert block.value("Hz") == pytest.approx(49.987)


def test_what_has_no_scale_or_no_value_or_was_not_read_is_nan():
    block, _ = block_of({"Hz_SF": -3}, {"Hz": 50.0}, ("W", "Hz", "Nonsense"))
    block.registers[block.model.placed["W"].offsets[0]] = 17
    assert math.isnan(block.value("W"))
    assert math.isnan(block.value("Nonsense"))
    assert math.isnan(Block(block.model, ("Hz",)).value("Hz"))


def test_a_point_without_scale_is_taken_as_it_is():
    block, _ = block_of({}, {"ACType": 2}, ("ACType",))
    assert block.value("ACType") == 2.0


def test_a_shorter_model_that_ends_before_its_scales_has_no_values():
    image = SunSpecImage()
    image.add(701, {"W_SF": 0}).set_value("W", 1000.0)
    image.registers[3] = 20
    image.registers[24:] = [0xFFFF, 0]
    (model,), memory = found(image)
    block = Block(model, ("W", "ACType"))
    asyncio.run(block.read(memory.read))
    assert block.has("W")
    assert not block.has("W_SF")
    assert math.isnan(block.value("W"))
