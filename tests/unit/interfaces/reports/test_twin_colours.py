from battuta.interfaces.reports.twin_blocks import LINE_STYLES
from battuta.interfaces.reports.twin_colours import COLOURS


def test_every_style_has_a_colour_of_its_own():
    assert len(set(COLOURS)) == LINE_STYLES
