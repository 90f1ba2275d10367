"""A layout in a short TOML file."""

import pytest

from battuta.adapters.telemetry.layout_file import read_layout_file
from battuta.domain.errors import DataError


def test_words_and_numbers_are_words(tmp_path):
    path = tmp_path / "layout.toml"
    path.write_text('voltage = "v{n}"\nflag_current_a = 0.06\n')
    assert read_layout_file(path) == {"voltage": "v{n}", "flag_current_a": "0.06"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("voltage", "not valid TOML"),
        ("[cells]\nn = 3\n", "cells is neither"),
        ("a = true\n", "a is neither"),
        (f"a = {'1' * 5000}", "thousands of digits"),
    ],
)
def test_what_is_no_layout_is_refused(tmp_path, text, said):
    path = tmp_path / "layout.toml"
    path.write_text(text)
    with pytest.raises(DataError, match=rf"layout\.toml.*{said}"):
        read_layout_file(path)
    with pytest.raises(DataError, match=r"gone\.toml cannot be read"):
        read_layout_file(tmp_path / "gone.toml")


def test_a_name_that_is_none_is_told(tmp_path) -> None:
    with pytest.raises(DataError, match="cannot be read as text"):
        read_layout_file(tmp_path / ("n" * 300))
