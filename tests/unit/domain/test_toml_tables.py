"""TOML, or words on why it is none."""

import pytest

from battuta.domain.errors import DataError
from battuta.domain.toml_tables import toml_tables


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lives = 1\nlives = 2", r"a\.toml is not valid TOML: Cannot overwrite a value.*; see the docs"),
        (f"lives = {'1' * 5000}", r"a\.toml cannot be used: it holds a whole number of thousands of digits; shorten"),
        ("a = " + "[" * 20_000, r"a\.toml cannot be used: it is nested too deeply; see the docs"),
        ("a = 2027-02-30", "not valid TOML"),
    ],
)
def test_what_is_no_toml_is_named(text, words):
    with pytest.raises(DataError, match=words):
        toml_tables(text, "a.toml", "see the docs")


def test_nothing_is_no_tables():
    assert toml_tables("", "a.toml") == {}
