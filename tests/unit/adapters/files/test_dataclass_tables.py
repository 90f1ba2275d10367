"""Tables made from dataclasses: what they take, what they refuse, and that nothing is lost on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pytest
from pydantic import ValidationError

from battuta.adapters.files.dataclass_tables import meanings, table_of, value_of


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    """A part.

    Attributes
    ----------
    low, high : float
        Its ends, which may
        take two lines. [V]
    """

    low: float
    high: float = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outer:
    """A whole.

    Attributes
    ----------
    name : str
        What it is called.
    parts : tuple of Inner
        Its parts.
    """

    name: str
    count: int = 3
    colour: Colour = Colour.RED
    one: Inner | None = None
    parts: tuple[Inner, ...] = ()
    pair: tuple[float, float] = (0.0, 1.0)
    weights: Mapping[str, float] = field(default_factory=dict)
    points: tuple[tuple[float, float], ...] = ()


def read(given):
    return value_of(Outer, table_of(Outer).model_validate(given))


def test_what_a_file_says_is_what_the_domain_gets():
    whole = read(
        {
            "name": "a",
            "colour": "red",
            "one": {"low": 1},
            "parts": [{"low": 1.0}, {"low": 2.0, "high": 5.0}],
            "pair": [3, 4.0],
            "weights": {"x": 1},
            "points": [[0.0, 1.0], [2.0, 3.0]],
        }
    )
    assert whole == Outer(
        name="a",
        one=Inner(low=1.0),
        parts=(Inner(low=1.0), Inner(low=2.0, high=5.0)),
        pair=(3.0, 4.0),
        weights={"x": 1.0},
        points=((0.0, 1.0), (2.0, 3.0)),
    )
    assert whole.colour is Colour.RED


def test_what_is_left_out_keeps_its_default():
    assert read({"name": "a"}) == Outer(name="a")


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({}, ("name",)),
        ({"name": "a", "nam": 1}, ("nam",)),
        ({"name": "a", "count": "3"}, ("count",)),
        ({"name": "a", "count": True}, ("count",)),
        ({"name": "a", "one": {"low": "x"}}, ("one", "low")),
        ({"name": "a", "parts": [{"low": 1.0, "hi": 2.0}]}, ("parts", 0, "hi")),
        ({"name": "a", "colour": "blue"}, ("colour",)),
        ({"name": "a", "pair": [1.0]}, ("pair", 1)),
        ({"name": "a", "one": {"low": float("nan")}}, ("one", "low")),
    ],
)
def test_what_no_table_holds_is_refused_where_it_stands(given, place):
    with pytest.raises(ValidationError) as caught:
        read(given)
    assert place in {each["loc"] for each in caught.value.errors()}


def test_a_schema_says_what_the_docstring_says():
    assert meanings(Inner) == dict.fromkeys(("low", "high"), "Its ends, which may take two lines. [V]")
    schema = table_of(Outer).model_json_schema()
    assert schema["properties"]["name"]["description"] == "What it is called."
    assert schema["$defs"]["Inner"]["properties"]["high"]["default"] == 2.0
    assert schema["additionalProperties"] is False
