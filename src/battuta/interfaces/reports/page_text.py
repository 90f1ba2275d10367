"""The frame of every report: one page as text with its policy and styles, and one whole file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from battuta.app.result_file import write_result
from battuta.domain.errors import DataError
from battuta.interfaces.reports.markup import Html, element, joined


def framed(title: str, policy: str, styles: Sequence[str], body: Sequence[Html], scripts: Sequence[Html] = ()) -> str:
    """Write a page as text.

    Parameters
    ----------
    title, policy : str
        Plain text, and what the page may do.
    styles : sequence of str
        Style sheets.
    body, scripts : sequence of Html
        What the page holds, and what runs after it.

    Returns
    -------
    str
        The page.
    """
    head = [
        Html('<meta charset="utf-8">'),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        element("title", title),
        element("style", *(Html(each) for each in styles)),
    ]
    page = element("html", element("head", joined(head)), element("body", element("main", *body), *scripts), lang="en")
    return f"<!DOCTYPE html>\n{page}\n"


def write_text(path: Path, text: str) -> Path:
    """Write a page as one whole file; folders are made, an older file is replaced.

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
    write_result(path, text.encode("utf-8", errors="backslashreplace"))  # a file's name may be no text
    return path
