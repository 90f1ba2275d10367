"""The page runs nothing and asks nobody."""

from pathlib import Path

import pytest

from battuta.domain.errors import DataError
from battuta.interfaces.reports.health_page import page_text, write_still_page
from battuta.interfaces.reports.markup import element


def test_a_page_has_no_script_and_may_load_nothing() -> None:
    text = page_text("<A> & B", [element("p", "words")])
    assert text.startswith("<!DOCTYPE html>")
    assert "<title>&lt;A&gt; &amp; B</title>" in text
    assert "default-src 'none'" in text
    assert "<script" not in text
    assert "http:" not in text
    assert "https:" not in text


def test_folders_are_made_and_a_place_that_is_none_is_named(tmp_path: Path) -> None:
    path = write_still_page(tmp_path / "deep" / "page.html", title="t", body=[element("p", "words")])
    assert path.read_text(encoding="utf-8").count("<p>words</p>") == 1
    with pytest.raises(DataError, match="cannot be written"):
        write_still_page(path / "under a file.html", title="t", body=[])
