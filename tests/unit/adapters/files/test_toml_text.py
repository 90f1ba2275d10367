"""A file as text, or words on why it is none."""

import pytest

from battuta.adapters.files.toml_text import toml_tables, toml_text
from battuta.domain.errors import DataError


def test_text_is_read_without_its_byte_order_mark(tmp_path):
    path = tmp_path / "a.toml"
    path.write_bytes(b"\xef\xbb\xbfname = 'a'\n")
    assert toml_text(path, "asset") == "name = 'a'\n"


def test_what_is_absent_or_no_text_is_named_with_the_mend(tmp_path):
    with pytest.raises(DataError, match=r"no\.toml does not exist; write one with: battuta schema study --example"):
        toml_text(tmp_path / "no.toml", "study")
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="cannot be read as text"):
        toml_text(tmp_path / "b.toml", "study")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lives = 1\nlives = 2", r"a\.toml is not valid TOML: Cannot overwrite a value"),
        (f"lives = {'1' * 5000}", r"a\.toml is not valid TOML: Exceeds the limit \(4300 digits\)"),
        ("a = " + "[" * 20_000, r"a\.toml is no study file: it is nested too deeply; see: battuta schema study"),
    ],
)
def test_what_is_no_toml_is_named(text, words):
    with pytest.raises(DataError, match=words):
        toml_tables(text, "a.toml", "study")
