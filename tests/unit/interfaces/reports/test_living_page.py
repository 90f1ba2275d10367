"""A page whose library is packed: small, whole, and only its own scripts may run."""

import base64
import gzip
import hashlib
import re

import pytest

from battuta.domain.errors import DataError
from battuta.interfaces.reports.living_page import write_packed_page
from battuta.interfaces.reports.markup import element


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "page.html"
    return write_packed_page(path, title="A <b> & c", body=[element("p", "1 < 2")]).read_text("utf-8")


def test_what_is_packed_is_what_may_run(text):
    packed = re.search(r'<script type="application/gzip" id="library">(.*?)</script>', text).group(1)
    library = gzip.decompress(base64.b64decode(packed))
    (start,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(each).digest()).decode() for each in (start.encode(), library)]
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text).group(1)
    assert policy.startswith("default-src 'none'; ")
    assert policy.split("script-src ")[1].split(";")[0] == " ".join(f"'sha256-{digest}'" for digest in digests)
    assert b"plotly.js v" in library[:200]


def test_it_is_small(text):
    assert len(text) < 2_200_000


def test_it_says_its_language_and_title(text):
    assert text.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert "<title>A &lt;b&gt; &amp; c</title>" in text
    assert "<p>1 &lt; 2</p>" in text


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(DataError, match="cannot be written"):
        write_packed_page(tmp_path / "nowhere" / "page.html", title="x", body=[])
