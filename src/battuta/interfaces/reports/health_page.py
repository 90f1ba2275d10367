"""A page without any script: one small file, no request to anywhere, light or dark as its reader's screen is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from battuta.interfaces.reports.health_style import HEALTH_STYLE
from battuta.interfaces.reports.markup import Html
from battuta.interfaces.reports.page_style import STYLE
from battuta.interfaces.reports.page_text import framed, write_text

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
    return write_text(path, page_text(title, body))


def page_text(title: str, body: Sequence[Html]) -> str:
    """Write a page as text."""
    return framed(title, POLICY, (STYLE, HEALTH_STYLE), body)
