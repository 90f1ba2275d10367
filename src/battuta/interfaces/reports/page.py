"""The page that carries a report: one small file, no request to anywhere, no script but the two that are in it."""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from plotly.offline import get_plotlyjs  # pyright: ignore[reportMissingTypeStubs]

from battuta.interfaces.reports.markup import Html, element
from battuta.interfaces.reports.page_style import STYLE
from battuta.interfaces.reports.page_text import framed, write_text
from battuta.interfaces.reports.plotly_figure import Figure, figure_json

_START: Final = """
"use strict";
(async function () {
  const packed = document.getElementById("library").textContent;
  const bytes = Uint8Array.from(atob(packed), function (each) { return each.charCodeAt(0); });
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const script = document.createElement("script");
  script.textContent = await new Response(stream).text();
  document.head.appendChild(script);
  const boxes = Array.from(document.querySelectorAll(".plot"));
  const config = {responsive: true, displaylogo: false, showSendToCloud: false, plotlyServerURL: ""};
  boxes.forEach(function (box) {
    const spec = JSON.parse(document.getElementById(box.dataset.spec).textContent);
    box.textContent = "";
    Plotly.newPlot(box, spec.data, spec.layout, config);
  });
  function fit(width) {
    boxes.forEach(function (box) {
      Plotly.relayout(box, width ? {autosize: false, width: width} : {autosize: true, width: null});
    });
  }
  window.addEventListener("beforeprint", function () { fit(680); });
  window.addEventListener("afterprint", function () { fit(0); });
})();
"""
_FALLBACK: Final = "This figure is drawn by JavaScript, which did not run. The tables of this page hold its numbers."


def figure_html(figure: Figure, key: str, caption: str) -> Html:
    """Put a figure on a page: a place to draw it, its data and its caption.

    Parameters
    ----------
    figure : Figure
        The figure.
    key : str
        Name of the place, unique on the page, never from a user.
    caption : str
        What is to be seen, for all who read and for those who cannot see it.

    Returns
    -------
    Html
        A figure element.
    """
    spec = element("script", Html(figure_json(figure)), type="application/json", id=f"{key}-data")
    place = element(
        "div", _FALLBACK, class_="plot", data_spec=f"{key}-data", role="group", aria_labelledby=f"{key}-caption"
    )
    return element("figure", place, element("figcaption", caption, id=f"{key}-caption"), spec, id=key)


def write_page(path: Path, *, title: str, body: Sequence[Html]) -> Path:
    """Write a page as one self-contained file; browsers since 2023 unpack and draw it, others show its tables.

    Parameters
    ----------
    path : Path
        Where to; folders are made, an older file is replaced by the whole new one.
    title : str
        Plain text.
    body : sequence of Html
        What the page holds.

    Returns
    -------
    Path
        The same path.

    Raises
    ------
    DataError
        If the file cannot be written.
    """
    return write_text(path, page_text(title, body))


def page_text(title: str, body: Sequence[Html]) -> str:
    """Text of a page in which figures can be moved; it asks no network.

    Parameters
    ----------
    title : str
        Title of the page.
    body : sequence of Html
        Its parts.

    Returns
    -------
    str
        The page.
    """
    packed, digest = _library()
    policy = (
        f"default-src 'none'; script-src 'sha256-{_digest(_START)}' 'sha256-{digest}'; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    scripts = [
        element("script", Html(packed), type="application/gzip", id="library"),
        element("script", Html(_START)),
    ]
    return framed(title, policy, (STYLE,), body, scripts)


@cache
def _library() -> tuple[str, str]:
    """Plotly, packed, and the digest by which the page lets it run once it is unpacked."""
    script = str(get_plotlyjs())
    packed = gzip.compress(script.encode(), compresslevel=9, mtime=0)
    return base64.b64encode(packed).decode("ascii"), _digest(script)


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
