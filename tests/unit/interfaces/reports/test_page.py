"""One file, no request to anywhere, no script but its own."""

import base64
import gzip
import hashlib
import json
import re
import resource

import pytest

from battuta.domain.errors import DataError
from battuta.interfaces.reports.markup import element
from battuta.interfaces.reports.page import figure_html, write_page
from battuta.interfaces.reports.plotly_figure import make_figure


@pytest.fixture
def figure():
    return make_figure([{"type": "scatter", "x": [0, 1], "y": [1, 2]}], {}, title="</script>", label="", height_px=200)


def test_a_figure_has_a_caption_and_its_data(figure):
    made = figure_html(figure, "money", "What & why")
    assert '<figcaption id="money-caption">What &amp; why</figcaption>' in made
    data = re.search(r'<script type="application/json" id="money-data">(.*?)</script>', made).group(1)
    assert set(json.loads(data)) == {"data", "layout"}


def test_only_its_own_scripts_may_run_and_what_is_packed_is_one_of_them(figure, tmp_path):
    text = write_page(tmp_path / "new" / "page.html", title="<T>", body=[figure_html(figure, "a", "b")]).read_text(
        "utf-8"
    )
    packed = re.search(r'<script type="application/gzip" id="library">(.*?)</script>', text).group(1)
    library = gzip.decompress(base64.b64decode(packed))
    (start,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(each).digest()).decode() for each in (start.encode(), library)]
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text).group(1)
    assert policy.startswith("default-src 'none'; ")
    assert policy.split("script-src ")[1].split(";")[0] == " ".join(f"'sha256-{digest}'" for digest in digests)
    assert b"plotly.js v" in library[:200]
    assert len(text) < 2_200_000


def test_a_page_says_its_language_and_title(tmp_path):
    text = write_page(tmp_path / "page.html", title="A <b> & c", body=[element("p", "x")]).read_text("utf-8")
    assert text.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert "<title>A &lt;b&gt; &amp; c</title>" in text


def test_a_disk_that_is_full_leaves_the_older_page_whole(tmp_path):
    path = write_page(tmp_path / "page.html", title="old", body=[])
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limit[1]))
    try:
        with pytest.raises(DataError, match="cannot be written"):
            write_page(path, title="new", body=[])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    text = path.read_text("utf-8")
    assert ("<title>old</title>" in text, text.endswith("</html>\n")) == (True, True)
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(DataError, match="cannot be written"):
        write_page(tmp_path / "file" / "page.html", title="x", body=[])
