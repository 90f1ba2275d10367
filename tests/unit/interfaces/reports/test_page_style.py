"""Text can be read: contrast of at least 4.5 to 1 on everything it stands on (WCAG 2.2 AA)."""

import pytest

from battuta.interfaces.reports import page_style, palette


def luminance(color):
    parts = [int(color[k : k + 2], 16) / 255.0 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, two):
    high, low = sorted((luminance(one), luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        (palette.INK, palette.PAPER),
        (palette.QUIET, palette.PAPER),
        (palette.ACCENT, palette.PAPER),
        (palette.ALERT, palette.PAPER),
        (palette.INK, page_style.WASH),
        (palette.QUIET, page_style.WASH),
        (page_style.WARNING_INK, page_style.WARNING_WASH),
    ],
)
def test_contrast(text, ground):
    assert contrast(text, ground) >= 4.5


def test_a_grey_print_tells_selling_from_buying():
    assert contrast(palette.ACCENT, palette.BUY) >= 3.0


def test_the_style_asks_nobody():
    assert "url(" not in page_style.STYLE
    assert "@import" not in page_style.STYLE
