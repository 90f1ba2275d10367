import pytest

from battuta.interfaces.reports.twin_tornado import factor_text, tornado_chart
from battuta.twin.sensitivity import Factor, TornadoBar


def bar(name, low, high):
    return TornadoBar(factor=Factor(name=name, low=0.5, base=1.0, high=1.5), at_low=low, at_high=high)


def test_the_widest_bar_is_first_and_all_begin_at_the_study():
    moved = (bar("narrow", 5.0, 6.0), bar("wide", 9.0, 4.0), bar("still", 5.0, 5.0), bar("lost", 5.0, float("nan")))
    chart = tornado_chart(moved, 5.0, "t", "EUR", 10.0)
    assert chart.categories == ("wide ±50 %", "narrow ±50 %")
    low, high = chart.bars
    assert low.starts.tolist() == high.starts.tolist() == [50.0, 50.0]
    assert low.values.tolist() == [40.0, 0.0]
    assert high.values.tolist() == [-10.0, 10.0]


@pytest.mark.parametrize(
    ("name", "low", "base", "high", "said"),
    [
        ("availability", -0.02, 0.0, 0.02, "availability -2 to +2 points"),
        ("ageing rate", 1 / 1.5, 1.0, 1.5, "ageing x 0.67 to x 1.5"),
        ("capacity price", 0.8, 1.0, 1.2, "price of response ±20 %"),
        ("other", -1.0, 0.0, 1.0, "other -1 to 1"),
    ],
)
def test_a_factor_is_told_with_its_range(name, low, base, high, said):
    assert factor_text(Factor(name=name, low=low, base=base, high=high)) == said
