from dataclasses import replace

import numpy as np
import pytest

from battuta.interfaces.reports.twin_strings import strings_figures
from unit.interfaces.reports.twin_case import augmented, result


@pytest.fixture(scope="module")
def came():
    return augmented(result()).strategies[0].augmented


def test_strings_are_counted_over_the_lives(came):
    found = strings_figures(came)
    assert (found.lives_share, found.times_mean, found.first_year) == (0.5, 0.75, 4.0)
    assert found.cost_by_year[3] == pytest.approx(0.5 * 50_000.0)
    assert found.cost.mean == pytest.approx(0.5 * 50_000.0 + 0.25 * 25_000.0)
    assert found.cost.p50 < found.cost.p90
    assert found.installed_mwh.low[-1] == 4.0
    assert found.installed_mwh_mean[-1] == 4.0 * (1.0 + 0.5 * 0.5 + 0.25 * 0.25)
    assert found.installed_mwh.high[-1] == 7.0


def test_a_cohort_is_told_of_the_lives_that_have_it(came):
    first, second, third = strings_figures(came).cohorts
    assert (first.lives_share, first.year, first.soh_capacity) == (1.0, 0.0, 0.7)
    assert (second.lives_share, second.year, second.strings_share, second.soh_capacity) == (0.5, 4.0, 0.5, 0.8)
    assert (third.lives_share, third.year) == (0.25, 7.0)


def test_where_no_string_comes_there_is_one_cohort_and_no_year(came):
    found = strings_figures(replace(came, added_share=np.zeros_like(came.added_share), cost=np.zeros_like(came.cost)))
    assert len(found.cohorts) == 1
    assert found.lives_share == 0.0
    assert np.isnan(found.first_year)
