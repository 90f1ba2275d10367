"""Models as pysunspec2 lays them out: the same points at the same places."""

import pytest
from sunspec2.device import Model

from battuta.adapters.devices.sunspec.models import definition, length_registers, place, repetitions


@pytest.mark.parametrize("number", [1, 701, 702, 703, 704, 713, 715, 802, 203, 213, 202, 211])
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


@pytest.mark.parametrize(
    ("number", "counts", "said"),
    [
        (705, {"Crv": 3, "Pt": 8}, {"NCrv": 3, "NPt": 8}),
        (709, {"Crv": 2, "Pt": 5}, {"NCrvSet": 2, "NPt": 5}),
        (711, {"Ctl": 2}, {"NCtl": 2}),
        (714, {"Prt": 3}, {"NPrt": 3}),
        (803, {"string": 4}, {"NStr": 4}),
    ],
)
def test_groups_in_groups_lie_where_the_reference_library_has_them(number, counts, said):
    placed = place(number, counts)
    raw = bytearray(2 * length_registers(placed))
    for name, value in {"ID": number, "L": length_registers(placed) - 2, **said}.items():
        at = 2 * placed[name].offsets[0]
        raw[at : at + 2] = value.to_bytes(2)
    reference = Model(model_id=number, data=bytes(raw), model_len=length_registers(placed) - 2)
    found: dict[str, list[int]] = {}
    gather(reference, "", found)
    assert {name: list(each.offsets) for name, each in placed.items()} == found
    registers = [int.from_bytes(raw[k : k + 2]) for k in range(0, len(raw), 2)]
    assert repetitions(number, registers) == counts


def gather(group, prefix, found):
    """Offsets of the reference library, which counts them within the whole model."""
    for name, point in group.points.items():
        found.setdefault(prefix + name, []).append(point.offset)
    for name, inner in group.groups.items():
        for each in inner if isinstance(inner, list) else [inner]:
            gather(each, f"{prefix}{name}.", found)


def test_curves_that_a_device_boasts_of_are_cut_to_its_length():
    placed = place(705, {"Crv": 2, "Pt": 4})
    registers = [0] * length_registers(placed)
    registers[placed["NCrv"].offsets[0]], registers[placed["NPt"].offsets[0]] = 9, 4
    assert repetitions(705, registers) == {"Crv": 2, "Pt": 4}
