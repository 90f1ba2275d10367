"""Colours of the lines and bars of a study, the same in its PDF and on its page."""

from __future__ import annotations

from battuta.interfaces.reports.palette import ACCENT, ALERT, INK
from battuta.interfaces.reports.twin_blocks import LINE_STYLES

COLOURS = (ACCENT, ALERT, "#00734F", "#7B3F86", INK, "#6B7280")
"""By style: Okabe and Ito's hues, darkened until they differ in lightness too."""


def colour(style: int) -> str:
    """Colour of a style; styles beyond the last begin again.

    Examples
    --------
    >>> colour(0) == colour(6), colour(0) == colour(1)
    (True, False)
    """
    return COLOURS[style % LINE_STYLES]
