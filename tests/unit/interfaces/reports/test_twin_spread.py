import numpy as np
import pytest

from battuta.interfaces.reports.twin_spread import bettered, spread_of


def test_p90_of_a_return_is_what_nine_lives_of_ten_better():
    found = bettered(np.linspace(0.0, 1.0, 101))
    assert found.p90 == pytest.approx(0.1)
    assert found.p99 == pytest.approx(0.01)
    assert found.p50 == pytest.approx(0.5)
    assert found.p90 < found.p75 < found.p50


def test_p90_of_a_cost_is_what_nine_lives_of_ten_stay_below():
    found = bettered(np.linspace(0.0, 1.0, 101), is_cost=True)
    assert found.p90 == pytest.approx(0.9)
    assert found.p90 > found.p75 > found.p50


@pytest.mark.parametrize("is_cost", [False, True])
def test_a_life_without_the_figure_is_the_worst(is_cost):
    found = bettered(np.array([np.nan, np.nan, *range(8)]), is_cost=is_cost)
    assert np.isnan(found.p90)
    assert np.isfinite(found.p50)
    assert np.isnan(found.mean), "that of the other lives would flatter"


def test_no_life_has_the_figure():
    found = bettered(np.full(4, np.nan))
    assert np.isnan(found.mean)
    assert np.isnan(found.values).all()


def test_a_spread_is_ordered_from_low_to_high():
    spread = spread_of(np.array([[1.0, 0.9], [1.0, 0.8], [1.0, 0.7]]))
    assert spread.low[1] < spread.middle[1] < spread.high[1]
    assert spread.middle[1] == 0.8
