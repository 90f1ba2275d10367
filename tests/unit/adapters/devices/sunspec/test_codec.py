"""Registers and numbers: round trips, and "not implemented" is never a number."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sunspec2.mb import SUNS_UNIMPL_INT16, SUNS_UNIMPL_UINT16
from sunspec2.mdef import TYPE_INT16, TYPE_UINT16

from battuta.adapters.devices.sunspec.codec import (
    missing_registers,
    number_of,
    power_of_ten,
    registers_of,
    text_of,
    text_registers,
)
from battuta.domain.errors import InvalidQuantityError

SIZES = {"int16": 1, "uint16": 1, "enum16": 1, "bitfield32": 2, "int32": 2, "uint32": 2, "int64": 4, "uint64": 4}


@pytest.mark.parametrize("kind", [*SIZES, "sunssf", "float32", "float64"])
def test_not_implemented_is_nan_both_ways(kind):
    n_registers = {**SIZES, "sunssf": 1, "float32": 2, "float64": 4}[kind]
    assert math.isnan(number_of(kind, missing_registers(kind, n_registers)))
    assert math.isnan(number_of(kind, registers_of(kind, math.nan, n_registers)))


def test_the_codes_are_those_of_the_reference_library():
    assert missing_registers(TYPE_INT16, 1) == [SUNS_UNIMPL_INT16 & 0xFFFF]
    assert missing_registers(TYPE_UINT16, 1) == [SUNS_UNIMPL_UINT16]


@given(st.sampled_from(sorted(SIZES)), st.integers(-(2**15) + 1, 2**15 - 1))
def test_what_is_written_is_read(kind, number):
    number = number if kind.startswith("int") else abs(number)
    assert number_of(kind, registers_of(kind, number, SIZES[kind])) == number


@pytest.mark.parametrize(
    ("kind", "value"), [("int16", 32768.0), ("int16", -32768.0), ("uint16", -1.0), ("uint16", 65535.0), ("int32", 3e9)]
)
def test_what_does_not_fit_or_would_read_as_missing_is_refused(kind, value):
    with pytest.raises(InvalidQuantityError):
        registers_of(kind, value, SIZES[kind])


def test_infinity_is_no_measurement():
    assert math.isnan(number_of("float32", [0x7F80, 0]))


def test_infinity_is_refused():
    with pytest.raises(InvalidQuantityError):
        registers_of("int32", -math.inf, 2)


def test_a_counter_at_zero_is_zero():
    assert number_of("acc32", [0, 0]) == 0.0


@pytest.mark.parametrize(("exponent", "factor"), [(2.0, 100.0), (-3.0, 0.001), (0.0, 1.0)])
def test_scale_factors(exponent, factor):
    assert power_of_ten(exponent) == pytest.approx(factor)


@pytest.mark.parametrize("exponent", [math.nan, 11.0, -11.0])
def test_a_scale_factor_that_is_none_is_no_guess(exponent):
    assert math.isnan(power_of_ten(exponent))


def test_texts_are_padded_and_cut():
    assert text_registers("AB", 2) == [0x4142, 0]
    assert text_of(text_registers("a longer name", 4)) == "a longer"
