import copy
import json
from pathlib import Path

import numpy as np
import pytest

from battuta.adapters.files.bpx_file import parse_bpx, read_bpx
from battuta.adapters.files.bpx_mapping import Assumptions
from battuta.domain.errors import DataError

CELLS = Path(__file__).parents[3] / "validation" / "bpx"
LFP = json.loads((CELLS / "made_up_lfp.json").read_text(encoding="utf-8"))


def without(*path):
    """The file less one key."""
    document = copy.deepcopy(LFP)
    part = document
    for key in path[:-1]:
        part = part[key]
    del part[path[-1]]
    return document


def with_value(value, *path):
    document = copy.deepcopy(LFP)
    part = document
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    return document


def test_a_file_becomes_a_cell() -> None:
    cell = read_bpx(CELLS / "made_up_lfp.json")
    assert cell.version == "1.1.0"
    assert cell.parameters.label == "Made-up LFP cell, 10 Ah (BPX, as a circuit)"
    assert cell.parameters.capacity_ah == pytest.approx(9.881, abs=1e-3)
    assert (cell.parameters.voltage_v_min, cell.parameters.voltage_v_max) == (2.4, 3.55)
    assert cell.parameters.heat_capacity_j_per_k == pytest.approx(2000.0 * 1.4e-4 * 1000.0)
    assert cell.parameters.air_w_per_k == pytest.approx(8.0 * 0.03)


def test_the_cell_can_be_stepped() -> None:
    tables = read_bpx(CELLS / "made_up_lfp.json").parameters.tables()
    assert tables.resistance_ohm.shape[:2] == (2, 10)
    assert np.isfinite(tables.ocv_integral_v).all()


def test_what_was_left_is_named_with_its_place() -> None:
    left = read_bpx(CELLS / "made_up_lfp.json").not_mapped
    assert "Parameterisation.Electrolyte.Diffusivity activation energy [J.mol-1]" in left
    assert "Parameterisation.User-defined" in left
    assert not any("OCP" in each for each in left)


def test_the_first_version_of_the_format_is_read_too() -> None:
    cell = read_bpx(CELLS / "made_up_nmc.json")
    assert cell.version == "0.4"
    assert any("no entropic change" in each for each in cell.approximations)


def test_a_byte_order_mark_is_no_matter(tmp_path) -> None:
    path = tmp_path / "cell.json"
    path.write_text(json.dumps(LFP), encoding="utf-8-sig")
    assert read_bpx(path).parameters.name == "cell"


def test_assumptions_of_the_user_are_taken() -> None:
    parameters = parse_bpx(json.dumps(LFP), "cell.json", Assumptions(charge_rate_max=0.5)).parameters
    assert parameters.charge_rate_max == 0.5
    assert next(each for each in parameters.facts if each.name == "limits").status == "assumed"


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (without("Header"), r"- Header is missing; add it"),
        (without("Parameterisation", "Cell", "Nominal cell capacity [A.h]"),
         r"Parameterisation.Cell.Nominal cell capacity \[A.h\] is missing; add it, the unit in brackets"),
        (without("Parameterisation", "Negative electrode", "OCP [V]"), "blended of several materials"),
        (with_value("ten", "Parameterisation", "Cell", "Nominal cell capacity [A.h]"), r"\[A.h\]: Input should"),
        (with_value(-1.0, "Parameterisation", "Separator", "Thickness [m]"), r"Thickness \[m\]: .*greater than 0"),
        (with_value("import os", "Parameterisation", "Positive electrode", "OCP [V]"),
         r"Positive electrode.OCP \[V\]: 'import os' is no formula in x"),
        (with_value(1.4, "Parameterisation", "Negative electrode", "Maximum stoichiometry"), "less than or equal to 1"),
        (with_value(0.01, "Parameterisation", "Negative electrode", "Maximum stoichiometry"), "exchange or mend them"),
        (with_value(1e-4, "Parameterisation", "Positive electrode", "Thickness [m]"), "agree within 10%"),
        (with_value({"x": [0.1, 0.9], "y": [3.5, 3.2]}, "Parameterisation", "Positive electrode", "OCP [V]"),
         "its table ends at 0.1 and 0.9: lengthen it or narrow the window"),
        (without("Parameterisation", "Separator"), "belong together"),
        (without("Parameterisation", "Positive electrode", "Porosity"), "lacks Transport efficiency"),
        (with_value(0.0, "Parameterisation", "Positive electrode", "Diffusivity [m2.s-1]"), "should be from 1e-24 to"),
        (with_value("x - 1100", "Parameterisation", "Electrolyte", "Conductivity [S.m-1]"), "concentration at rest"),
        (with_value(3.6, "Parameterisation", "Cell", "Lower voltage cut-off [V]"), "Lower voltage cut-off"),
        ([], "valid dictionary"),
    ],
)  # fmt: skip
def test_a_broken_file_says_what_where_and_how_to_mend_it(document, words) -> None:
    with pytest.raises(DataError, match=words) as caught:
        parse_bpx(json.dumps(document), "cell.json")
    assert "cell.json" in str(caught.value)


@pytest.mark.parametrize("digits", [350, 5000])
def test_a_whole_number_too_large_for_a_float_is_named_with_its_place(digits) -> None:
    text = json.dumps(with_value(12345, "Parameterisation", "Positive electrode", "OCP [V]"))
    with pytest.raises(DataError, match=r"Positive electrode.OCP \[V\]: should be a finite number"):
        parse_bpx(text.replace("12345", "1" + "0" * digits), "cell.json")
    text = json.dumps(with_value(12345, "Parameterisation", "Cell", "Volume [m3]"))
    with pytest.raises(DataError, match=r"Cell.Volume \[m3\]: Input should be a finite number"):
        parse_bpx(text.replace("12345", "1" + "0" * digits), "cell.json")


def test_a_key_written_twice_is_refused_unless_both_agree() -> None:
    text = json.dumps(LFP)
    once = '"Lower voltage cut-off [V]": 2.4'
    assert parse_bpx(text.replace(once, f"{once}, {once}"), "cell.json").parameters.voltage_v_min == 2.4
    words = r"cell.json .*Lower voltage cut-off \[V\] is written twice, as 2.5 and as 2.4; leave one out"
    with pytest.raises(DataError, match=words):
        parse_bpx(text.replace(once, f'"Lower voltage cut-off [V]": 2.5, {once}'), "cell.json")


def test_a_long_value_written_twice_is_shown_in_short() -> None:
    with pytest.raises(DataError, match=r"as \[0, 0, .*\.\.\. and as 1;"):
        parse_bpx(f'{{"x": {[0] * 1000}, "x": 1}}', "cell.json")


def test_a_formula_at_the_edge_of_what_nests_is_read_or_refused() -> None:
    outcomes = set()
    document = with_value(0.1, "Parameterisation", "Negative electrode", "OCP [V]")
    for depth in range(700, 1000, 2):
        document["Parameterisation"]["Positive electrode"]["OCP [V]"] = "-" * depth + "(3.4 - 0.2 * x)"
        try:
            parse_bpx(json.dumps(document), "cell.json")
            outcomes.add("read")
        except DataError as error:
            outcomes.add("refused")
            assert "no formula in x" in str(error) or "nested too deeply" in str(error)  # noqa: PT017
    assert outcomes == {"read", "refused"}


def test_a_name_that_no_file_can_have_is_said(tmp_path) -> None:
    with pytest.raises(DataError, match="cannot be read as text: embedded null byte; name a BPX file"):
        read_bpx(tmp_path / "\0cell.json")


def test_what_is_no_file_and_no_json_is_said(tmp_path) -> None:
    with pytest.raises(DataError, match="does not exist"):
        read_bpx(tmp_path / "none.json")
    with pytest.raises(DataError, match="is a pipe or a device"):
        read_bpx(Path("/dev/null"))
    with pytest.raises(DataError, match="is not valid JSON: Expecting value: line 1"):
        parse_bpx("?", "cell.json")
    (tmp_path / "latin.json").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(DataError, match="cannot be read as text"):
        read_bpx(tmp_path / "latin.json")
    with pytest.raises(DataError, match="nested too deeply"):
        parse_bpx('{"a":' * 100_000, "cell.json")
