"""Text can be read by day and by night: contrast of at least 4.5 to 1 (WCAG 2.2 AA); lines at least 3 to 1."""

import pytest

from battuta.interfaces.reports.health_style import DARK, HEALTH_STYLE, LIGHT
from unit.interfaces.reports.test_page_style import contrast


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("text", ["ink", "quiet", "link", "act", "watch", "plan"])
def test_text_can_be_read(colors: dict[str, str], text: str) -> None:
    assert contrast(colors[text], colors["paper"]) >= 4.5


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_what_lies_on_other_grounds_can_be_read(colors: dict[str, str]) -> None:
    assert contrast(colors["warning-ink"], colors["warning-wash"]) >= 4.5
    assert contrast(colors["ink"], colors["wash"]) >= 4.5
    assert contrast(colors["quiet"], colors["wash"]) >= 4.5
    assert contrast(colors["accent"], colors["band"]) >= 3.0


def test_both_have_the_same_colours_and_the_style_asks_nobody() -> None:
    assert set(LIGHT) == set(DARK)
    assert "url(" not in HEALTH_STYLE
    assert "prefers-color-scheme: dark" in HEALTH_STYLE
