"""Values of a map survive their registers, in each type and word order."""

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battuta.adapters.devices.register_map.codec import registers_of, value_of
from battuta.adapters.devices.register_map.map_file import REGISTERS_OF_TYPE, Register
from battuta.domain.errors import InvalidQuantityError


def register(**keys):
    return Register(name="x", address=0, **keys)


def test_a_scaled_and_shifted_temperature():
    kelvin = register(type="uint16", scale=0.1, offset=-273.15, unit="degC")
    assert value_of(kelvin, [2931]) == pytest.approx(19.95)
    assert registers_of(kelvin, 19.95) == [2931]


def test_the_low_word_may_come_first():
    high, low = struct.unpack(">2H", struct.pack(">f", 12.5))
    assert value_of(register(type="float32", word_order="little"), [low, high]) == 12.5
    assert value_of(register(type="float32"), [high, low]) == 12.5


def test_a_bit_is_picked():
    assert [value_of(register(bit=bit), [0b100]) for bit in (1, 2)] == [0.0, 1.0]


def test_the_code_for_missing_is_nan_both_ways():
    missing = register(type="int32", missing=0x80000000)
    assert math.isnan(value_of(missing, [0x8000, 0]))
    assert registers_of(missing, math.nan) == [0x8000, 0]
    assert value_of(register(type="int16"), [0x8000]) == -32768.0


@pytest.mark.parametrize("value", [-0.1, 6553.6, math.nan, math.inf])
def test_what_does_not_fit_is_refused_with_the_range(value):
    with pytest.raises(InvalidQuantityError, match=r"\[0, 6553.5\] kW"):
        registers_of(register(type="uint16", scale=0.1, unit="kW"), value)


@given(
    kind=st.sampled_from(sorted(REGISTERS_OF_TYPE)),
    order=st.sampled_from(["big", "little"]),
    counts=st.integers(0, 32767),
    scale=st.sampled_from([0.1, 1.0, -2.0]),
)
def test_what_is_written_is_read(kind, order, counts, scale):
    each = register(type=kind, word_order=order, scale=scale, offset=3.0)
    value = counts * scale + 3.0
    raw = registers_of(each, value)
    assert len(raw) == REGISTERS_OF_TYPE[kind]
    assert value_of(each, raw) == pytest.approx(value, rel=1e-6)
