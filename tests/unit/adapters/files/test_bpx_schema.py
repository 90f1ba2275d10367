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
