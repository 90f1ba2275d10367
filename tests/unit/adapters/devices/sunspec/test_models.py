"""Models as pysunspec2 lays them out: the same points at the same places."""

import pytest
from sunspec2.device import Model

from battuta.adapters.devices.sunspec.models import definition, length_registers, place, repetitions


@pytest.mark.parametrize("number", [1, 701, 702, 704, 713, 715, 802, 203, 213, 202, 211])
def test_points_lie_where_the_reference_library_has_them(number):
    reference = Model(model_id=number)
    placed = place(number, {})
    assert length_registers(placed) == reference.len
    for name, point in reference.points.items():
        if point.pdef["type"] != "pad":
            assert placed[name].offsets == (point.offset,), name


def test_repeated_groups_follow_each_other():
    placed = place(805, {"lithium-ion-module-cell": 3})
    assert placed["lithium-ion-module-cell.CellV"].offsets == (44, 48, 52)
    assert placed["lithium-ion-module-cell.CellTmp"].offsets == (45, 49, 53)


def test_a_shorter_model_of_an_older_device_has_fewer_points():
    placed = place(701, {}, 20)
    assert "W" in placed
    assert "MnAlrmInfo" not in placed


def test_repetitions_come_from_the_point_or_fill_the_length():
    module = [0] * (44 + 4 * 5)
    assert repetitions(805, module) == {"lithium-ion-module-cell": 5}
    string = [0] * (place(804, {})["Pad4"].offsets[0] + 1 + 16 * 2)
    string[place(804, {})["NMod"].offsets[0]] = 2
    assert repetitions(804, string) == {"lithium_ion_string_module": 2}
    string[place(804, {})["NMod"].offsets[0]] = 0xFFFF
    assert repetitions(804, string) == {"lithium_ion_string_module": 2}, "never more than there is room for"


def test_sync_groups_of_the_controls_are_there_once():
    group = definition(704)
    assert group is not None
    assert place(704, {})["PFWInj.PF"].offsets == (group.n_registers - 8,)


def test_an_unknown_model_has_no_points():
    assert place(64999, {}) == {}
    assert repetitions(64999, [0] * 10) == {}
