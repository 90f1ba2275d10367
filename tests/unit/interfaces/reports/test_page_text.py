"""The frame holds what a page needs and nothing that asks anybody; a file is written whole or not at all."""

import pytest

from battuta.domain.errors import DataError
from battuta.interfaces.reports.markup import element
from battuta.interfaces.reports.page_text import framed, write_text


def test_a_page_says_what_it_may_do_and_escapes_its_title():
    text = framed("a < b", "default-src 'none'", ("p {}", "q {}"), [element("p", "x & y")], [element("script", "")])
    assert text.startswith("<!DOCTYPE html>\n<html")
    assert "<title>a &lt; b</title>" in text
    assert "content=\"default-src 'none'\"" in text
    assert text.index("p {}") < text.index("q {}") < text.index("x &amp; y") < text.index("<script>")


def test_folders_are_made_and_a_place_that_is_none_is_said(tmp_path):
    path = tmp_path / "new" / "page.html"
    assert write_text(path, "<p>\udce9</p>") == path
    assert path.read_bytes() == b"<p>\\udce9</p>"
    (tmp_path / "file").write_text("x")
    with pytest.raises(DataError, match=r"cannot be written"):
        write_text(tmp_path / "file" / "page.html", "x")
