import numpy as np
import pytest

from battuta.interfaces.reports.twin_figures import study_figures
from unit.interfaces.reports.twin_case import N_LIVES, N_YEARS, lives, result


@pytest.fixture(scope="module")
def figures():
    return study_figures(result(), "1.2")


def test_each_model_speaks_for_its_own_lives(figures):
    base = figures.strategies[0]
    assert base.lives_by_law == {"naumann_lfp": N_LIVES // 2, "sony_lfp_3ah": N_LIVES // 2}
    assert base.by_law["naumann_lfp"][-1] == pytest.approx(np.median(lives(0.04).soh_capacity[::2, -1]))
    assert base.model_gap == pytest.approx(base.by_law["sony_lfp_3ah"][-1] - base.by_law["naumann_lfp"][-1])


def test_a_model_without_lives_is_left_out():
    study = result()
    lived = study.strategies[0].lives
    lived.law_of_life[:] = 0
    figures = study_figures(study)
    assert list(figures.strategies[0].by_law) == ["naumann_lfp"]
    assert figures.strategies[0].model_gap == 0.0


def test_the_faster_strategy_breaks_its_promise(figures):
    base, hard = (each.warranty for each in figures.strategies)
    assert base.promise_breach == 0.0
    assert 0.0 < hard.promise_breach < 1.0
    assert hard.condition_breach == 0.0
    assert hard.promise_by_year[-1] == hard.promise_breach
    assert (np.diff(hard.promise_by_year) >= 0.0).all()
    assert hard.promise_by_year.shape == (N_YEARS,)
    assert 1.0 <= hard.breach_year <= N_YEARS
    assert np.isnan(base.breach_year)


def test_margins_are_ordered_and_causes_named(figures):
    clause = figures.strategies[1].warranty.clauses[0]
    assert clause.margin[0] < clause.margin[1] < clause.margin[2]
    assert 0.0 < clause.consumed["calendar"] < 1.0


def test_efficiency_is_delivered_over_drawn(figures):
    assert figures.strategies[0].round_trip_efficiency == pytest.approx(np.full(N_YEARS, 400.0 / 470.0))
    assert figures.strategies[0].name == "base"
    assert (figures.currency, figures.n_years, figures.version) == ("EUR", N_YEARS, "1.2")


def test_a_study_without_warranty_has_none():
    assert study_figures(result(has_warranty=False)).strategies[0].warranty is None
