"""Points to signals: units, signs, and which model says what where several could."""

import asyncio
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battuta.adapters.devices.simulated.unit_image import SunSpecImage
from battuta.adapters.devices.sunspec.chain import Block, scan
from battuta.adapters.devices.sunspec.mapping import POINTS, Conventions, signals, temperature_points
from battuta.domain.errors import UsageError
from battuta.domain.image import Signal
from unit.adapters.devices.sunspec.memory import Memory


def mapped(image, conventions=None):
    memory = Memory(image)

    async def steps():
        blocks = {}
        for model in await scan(memory.read, wanted=POINTS, where="x"):
            block = Block(model, POINTS[model.number])
            await block.read(memory.read)
            blocks.setdefault(model.number, []).append(block)
        return blocks

    return signals(asyncio.run(steps()), conventions or Conventions())


def image_of(**models):
    image = SunSpecImage()
    for number, (scales, values) in models.items():
        served = image.add(int(number[1:]), scales)
        for name, value in values.items():
            served.set_value(name, value)
    return image


@pytest.mark.parametrize("number", ["m203", "m213"])
def test_meters_of_both_kinds_count_import_positive(number):
    scales = {"W_SF": 1, "VAR_SF": 1, "Hz_SF": -2, "V_SF": -1} if number == "m203" else {}
    values = mapped(
        image_of(**{number: (scales, {"W": 50_000.0, "VAR": -2_000.0, "Hz": 50.01, "PhV": 231.0})}),
        Conventions(nominal_voltage_v=400.0),
    )
    assert values[Signal.METER_POWER_KW] == pytest.approx(-50.0)
    assert values[Signal.METER_REACTIVE_KVAR] == pytest.approx(2.0)
    assert values[Signal.FREQUENCY_HZ] == pytest.approx(50.01)
    assert values[Signal.METER_VOLTAGE_PU] == pytest.approx(231.0 * math.sqrt(3.0) / 400.0)


def test_a_single_phase_meter_has_its_voltage_to_neutral():
    values = mapped(image_of(m211=({}, {"PhV": 230.0})), Conventions(nominal_voltage_v=230.0))
    assert values[Signal.METER_VOLTAGE_PU] == pytest.approx(1.0)


def test_the_nominal_voltage_may_come_from_the_converter():
    values = mapped(image_of(m702=({"V_SF": 0}, {"VNomRtg": 400.0}), m213=({}, {"PPV": 404.0})))
    assert values[Signal.METER_VOLTAGE_PU] == pytest.approx(1.01)


def test_a_converter_with_its_own_storage_needs_no_battery_model():
    values = mapped(
        image_of(
            m701=({"W_SF": 0, "Hz_SF": -2}, {"W": -5000.0, "Hz": 49.95}),
            m702=({"W_SF": 1}, {"WChaRteMaxRtg": 8000.0, "WDisChaRteMaxRtg": 10000.0, "WDisChaRteMax": 9000.0}),
            m713=({"Pct_SF": -1}, {"SoC": 55.5}),
        )
    )
    assert values[Signal.CONVERTER_POWER_KW] == pytest.approx(-5.0)
    assert values[Signal.FREQUENCY_HZ] == pytest.approx(49.95)
    assert values[Signal.SOC] == pytest.approx(0.555)
    assert values[Signal.CHARGE_POWER_KW_MAX] == pytest.approx(8.0)
    assert values[Signal.DISCHARGE_POWER_KW_MAX] == pytest.approx(9.0)


def test_the_battery_model_is_trusted_before_the_storage_model():
    values = mapped(image_of(m802=({"SoC_SF": -2}, {"SoC": 40.0}), m713=({"Pct_SF": 0}, {"SoC": 90.0})))
    assert values[Signal.SOC] == pytest.approx(0.4)


def test_temperatures_of_several_modules_become_one_range():
    image = SunSpecImage()
    for low, mean, high in ((20.0, 22.0, 24.0), (19.0, 23.0, 30.0), (math.nan, math.nan, math.nan)):
        served = image.add(805, {"Tmp_SF": -1})
        for name, value in (("CellTmpMin", low), ("CellTmpAvg", mean), ("CellTmpMax", high)):
            served.set_value(name, value)
    values = mapped(image)
    assert values[Signal.CELL_TEMPERATURE_C_MIN] == pytest.approx(19.0)
    assert values[Signal.CELL_TEMPERATURE_C_MEAN] == pytest.approx(22.5)
    assert values[Signal.CELL_TEMPERATURE_C_MAX] == pytest.approx(30.0)


def test_temperatures_come_from_the_model_with_the_fewest_registers():
    assert list(temperature_points({805: [1], 803: [1]})) == [803]
    assert list(temperature_points({805: [1], 804: [1]})) == [804]
    assert temperature_points({}) == {}


@given(st.lists(st.integers(0, 0xFFFF), min_size=40, max_size=40), st.integers(0, 2**32))
def test_whatever_stands_in_the_registers_becomes_a_number_or_is_missing(pieces, seed):
    image = SunSpecImage()
    kept = {0, 1}
    for number in (701, 702, 213, 203, 802, 803, 713, 715):
        first = len(image.registers) - 2
        kept |= {first, first + 1}
        image.add(number)
    kept |= {len(image.registers) - 2, len(image.registers) - 1}
    for k, piece in enumerate(pieces * 12):
        position = (seed + 7 * k) % len(image.registers)
        if position not in kept:
            image.registers[position] = piece
    values = mapped(image, Conventions(nominal_voltage_v=400.0))
    assert not np.isinf(values).any()


def test_a_device_that_never_lets_go_is_refused():
    with pytest.raises(UsageError, match="reversion_s = 0"):
        Conventions(reversion_s=0)
