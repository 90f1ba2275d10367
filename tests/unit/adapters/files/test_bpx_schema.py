import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from battuta.adapters.files.bpx_schema import BpxDocument, left_over

PATH = Path(__file__).parents[3] / "validation" / "bpx" / "made_up_lfp.json"


def given():
    return json.loads(PATH.read_text(encoding="utf-8"))


def test_fields_carry_the_numbers_of_the_file() -> None:
    whole = BpxDocument.model_validate(given()).parameterisation
    assert whole.cell.pairs == 31
    assert whole.negative.stoichiometry_max == 0.84
    assert whole.separator is not None
    assert whole.separator.porosity == 0.45


def test_left_over_keys_are_named_from_the_top() -> None:
    document = given()
    document["Validation"] = {}
    document["State"]["Degradation"] = {"LLI": 0.1}
    left = left_over(BpxDocument.model_validate(document))
    assert left[0] == "Validation"
    assert "State.Degradation" in left


def test_a_number_as_text_is_no_number_where_no_formula_may_stand() -> None:
    document = given()
    document["Parameterisation"]["Cell"]["Electrode area [m2]"] = "0.02"
    with pytest.raises(ValidationError, match="valid number"):
        BpxDocument.model_validate(document)


@pytest.mark.parametrize(("version", "text"), [("1.1.0", "1.1.0"), ("0.5", "0.5"), (0.4, "0.4"), (1, "1")])
def test_versions_of_both_generations_are_read(version, text) -> None:
    document = given()
    document["Header"]["BPX"] = version
    assert BpxDocument.model_validate(document).header.version == text


@pytest.mark.parametrize("version", ["abc", "", "2.0", 99, True, None, float("nan"), "1.1.0\n", [1]])
def test_other_versions_are_refused(version) -> None:
    document = given()
    document["Header"]["BPX"] = version
    with pytest.raises(ValidationError, match=r"no version that is read here; these are 0\.x and 1\.x"):
        BpxDocument.model_validate(document)


@pytest.mark.parametrize(
    ("section", "key", "value", "words"),
    [
        ("Cell", "Reference temperature [K]", 25.0, r"25 K is outside \[200, 400\] K; is it in degC"),
        ("Cell", "Reference temperature [K]", 1e-3, "is it in degC"),
        ("Cell", "Electrode area [m2]", 1e300, "outside"),
        ("Cell", "Electrode area [m2]", 1e-300, "outside"),
        ("Cell", "Number of electrode pairs connected in parallel to make a cell", 0.5, "outside"),
        ("Cell", "Number of electrode pairs connected in parallel to make a cell", 1.5, "no whole number"),
        ("Cell", "Density [kg.m-3]", 2.0, "is it in g/cm3"),
        ("Cell", "Volume [m3]", 1e300, "outside"),
        ("Cell", "Specific heat capacity [J.K-1.kg-1]", 1e300, "outside"),
        ("Cell", "External surface area [m2]", 1e300, "outside"),
        ("Electrolyte", "Conductivity activation energy [J.mol-1]", 1e9, "warmth makes it faster"),
        ("Negative electrode", "Reaction rate constant activation energy [J.mol-1]", 1e9, "warmth makes it faster"),
        ("Negative electrode", "Reaction rate constant activation energy [J.mol-1]", -1e9, "warmth makes it faster"),
        ("Negative electrode", "Reaction rate constant [mol.m-2.s-1]", 1e-300, "outside"),
        ("Negative electrode", "Porosity", 7.0, "less than or equal to 1"),
        ("Separator", "Porosity", 7.0, "less than or equal to 1"),
        ("Separator", "Transport efficiency", 7.0, "less than or equal to 1"),
        ("Negative electrode", "Thickness [m]", 44.0, "is it in micrometres"),
        ("Negative electrode", "Particle radius [m]", 5.0, "is it in micrometres"),
        ("Negative electrode", "Maximum concentration [mol.m-3]", 1e300, "outside"),
        ("Negative electrode", "Surface area per unit volume [m-1]", 1e7, "fill 16.7 of the layer"),
        ("Negative electrode", "Conductivity [S.m-1]", 1e-300, "outside"),
    ],
)
def test_a_number_beyond_any_cell_is_refused_with_its_range(section, key, value, words) -> None:
    document = given()
    document["Parameterisation"][section][key] = value
    with pytest.raises(ValidationError, match=words):
        BpxDocument.model_validate(document)


def test_surroundings_beyond_any_are_refused_too() -> None:
    document = given()
    document["State"]["Thermal environment"]["Heat transfer coefficient [W.m-2.K-1]"] = -1.0
    document["State"]["Initial conditions"]["Initial electrolyte concentration [mol.m-3]"] = 1.1
    with pytest.raises(ValidationError, match=r"(?s)mol per litre.*W/\(m2 K\)"):
        BpxDocument.model_validate(document)
