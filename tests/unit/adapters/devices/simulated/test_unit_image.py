"""Served registers: what is not set is not implemented, what is set can be read, the end is marked."""

import math

import numpy as np
import pytest

from battuta.adapters.devices.simulated.unit_image import SunSpecImage, UnitImage
from battuta.domain.errors import UsageError

CELL = "lithium-ion-module-cell"


def test_a_new_model_says_nothing_but_its_number_and_length():
    image = SunSpecImage()
    model = image.add(701)
    assert image.registers[:4] == [0x5375, 0x6E53, 701, 153]
    assert image.registers[-2:] == [0xFFFF, 0]
    assert math.isnan(model.value("W"))
    assert model.value("TotWhInj") != 0.0


def test_values_are_scaled_and_addresses_are_those_of_the_chain():
    image = SunSpecImage()
    model = image.add(701, {"W_SF": 2})
    model.set_value("W", -1260.0)
    assert model.value("W") == pytest.approx(-1300.0)
    assert image.read(model.address("W"), 1) == [0xFFFF & -13]


def test_a_meter_at_its_end_stands_still_there():
    model = SunSpecImage().add(701, {"W_SF": 0})
    model.set_value("W", 1e6)
    assert model.value("W") == 32767.0
    model.set_value("W", math.nan)
    assert math.isnan(model.value("W"))


def test_many_cells_are_set_at_once_with_the_missing_ones_marked():
    image = SunSpecImage()
    model = image.add(805, {"CellV_SF": -3, "Tmp_SF": -1}, {CELL: 3})
    model.set_values(f"{CELL}.CellV", np.array([3.2, math.nan, 99.0]))
    model.set_values(f"{CELL}.CellTmp", np.array([-5.0]))
    first = model.address(f"{CELL}.CellV")
    assert (
        image.read(first, 12)
        == [3200, 0xFFCE, 0xFFFF, 0xFFFF, 0xFFFF, 0x8000, 0xFFFF, 0xFFFF, 0xFFFE, 0x8000] + [0xFFFF] * 2
    )


def test_only_what_is_allowed_may_be_written():
    image = SunSpecImage()
    model = image.add(704)
    model.allow_writing("WSet")
    assert image.writable == {model.address("WSet"), model.address("WSet") + 1}


def test_texts_are_set():
    image = SunSpecImage()
    model = image.add(1)
    model.set_text("Mn", "Maker")
    assert image.read(model.address("Mn"), 3) == [0x4D61, 0x6B65, 0x7200]


def test_more_than_the_address_space_holds_is_refused():
    image = SunSpecImage()
    with pytest.raises(UsageError, match="fewer cells"):
        image.add(805, counts={CELL: 7000})


def test_registers_are_read_and_written_by_address():
    image = UnitImage(100, [1, 2, 3])
    image.write(101, [9])
    assert image.read(100, 3) == [1, 9, 3]


def test_repetitions_are_addressed_read_and_opened_one_by_one():
    image = SunSpecImage()
    model = image.add(705, {"V_SF": -1}, {"Crv": 2, "Pt": 2})
    model.set_value("Crv.Pt.V", 95.5, 2)
    assert model.value("Crv.Pt.V", 2) == pytest.approx(95.5)
    assert model.raw("Crv.Pt.V", 2) == [955]
    assert math.isnan(model.value("Crv.Pt.V", 1))
    model.allow_writing("Crv.ActPt", index=1)
    assert image.writable == {model.address("Crv.ActPt", 1)}


def test_a_request_touches_a_model_where_they_overlap():
    image = SunSpecImage()
    image.add(701)
    model = image.add(713)
    first, n_registers = model.address("ID"), model.n_registers
    assert n_registers == 9
    assert [model.is_touched(first - 1, count) for count in (1, 2)] == [False, True]
    assert [model.is_touched(first + offset, 1) for offset in (0, 8, 9)] == [True, True, False]
