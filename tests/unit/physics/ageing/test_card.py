"""A card says where a question lies outside what the model knows."""

from battuta.physics.ageing.card import ModelCard, ValidityRange
from battuta.physics.ageing.naumann import CARD


def test_what_lies_outside_is_said():
    box = (
        ValidityRange(name="temperature_c", low=0.0, high=60.0, unit="degC"),
        ValidityRange(name="c_rate", low=0.2, high=1.0, unit="1/h"),
    )
    card = ModelCard(name="toy", fitted_on="one cell", validity=box)
    assert card.outside({"temperature_c": 60.0, "c_rate": 0.2, "colour": 7.0}) == ()
    said = card.outside({"temperature_c": -1.0, "c_rate": 2.0})
    assert len(said) == 2
    assert "temperature_c = -1 degC" in said[0]


def test_naumann_prints_its_card():
    text = CARD.markdown()
    for words in ("US26650", "1.43 points", "temperature_c in [0, 60] degC", "does not depend on temperature", "doi"):
        assert words in text
    assert CARD.outside({"duration_days": 7305.0})
