"""A page without any script: one small file, no request to anywhere, light or dark as its reader's screen is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from battuta.app.result_file import write_result
from battuta.domain.errors import DataError
from battuta.interfaces.reports.health_style import HEALTH_STYLE
from battuta.interfaces.reports.markup import Html, element, joined
from battuta.interfaces.reports.page_style import STYLE

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""What the page may do: show itself, and nothing else."""


def write_still_page(path: Path, *, title: str, body: Sequence[Html]) -> Path:
    """Write a page as one self-contained file.

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
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"report {path} cannot be written: {error.strerror}; choose another place"
        raise DataError(message) from None
    write_result(path, page_text(title, body).encode("utf-8", errors="backslashreplace"))
    return path


def page_text(title: str, body: Sequence[Html]) -> str:
    """Write a page as text."""
    head = [
        Html('<meta charset="utf-8">'),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'),
        Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        element("title", title),
        element("style", Html(STYLE), Html(HEALTH_STYLE)),
    ]
    page = element("html", element("head", joined(head)), element("body", element("main", *body)), lang="en")
    return f"<!DOCTYPE html>\n{page}\n"
