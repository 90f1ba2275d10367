"""Terms of a load forecast: what a day of that kind brought before, under which weather."""

import numpy as np

from battuta.forecast.site_load_terms import N_MEANS, N_TERMS, PRIOR, LoadMeans, degrees_k

KINDS = np.array([0, 0, 0, 0, 0, 1, 1])
MONDAY = 20_003  # 2024-10-07
N_SLOTS = 24


def walked(n_days: int = 21, temperature_c: float = 10.0):
    """Working days draw 100 kW, others 10 kW."""
    means = LoadMeans(KINDS, (), N_SLOTS)
    works = (np.arange(n_days) % 7) < 5
    load_kw = np.where(works, 100.0, 10.0)[:, None] * np.ones(N_SLOTS)
    return means, means.walk(MONDAY, load_kw, np.full((n_days, N_SLOTS), temperature_c))


def test_every_mean_of_a_steady_site_is_its_load() -> None:
    means, past = walked()
    day = MONDAY + np.array([21, 26])  # a Monday and a Saturday to come
    terms = means.terms(past, day, np.array([5, 5]), day - 1, np.full(2, 10.0))
    assert terms.shape == (2, N_TERMS)
    np.testing.assert_allclose(terms[0, :N_MEANS], 100.0)
    np.testing.assert_allclose(terms[1, :N_MEANS], 10.0)
    np.testing.assert_allclose(terms[:, N_MEANS:], 0.0, atol=1e-12)
    np.testing.assert_allclose(terms[:, :N_MEANS] @ PRIOR[:N_MEANS], [100.0, 10.0])


def test_colder_and_warmer_than_usual_stand_apart_by_kind_of_day() -> None:
    means, past = walked()
    day = MONDAY + np.array([21, 26])
    terms = means.terms(past, day, np.array([5, 5]), day - 1, np.array([7.0, 22.0]))
    np.testing.assert_allclose(terms[0, N_MEANS:], [3.0, 0.0, 0.0, 0.0])
    np.testing.assert_allclose(terms[1, N_MEANS:], [0.0, 0.0, -5.0, 2.0])
    assert np.isnan(means.terms(past, day, np.array([5, 5]), day - 1, np.full(2, np.nan))[0, N_MEANS])
    assert degrees_k(np.array([15.0, 20.0])).max() == 0.0


def test_a_kind_of_day_never_seen_looks_like_the_others() -> None:
    means, past = walked(n_days=4)  # Monday to Thursday
    saturday = np.array([MONDAY + 5])
    terms = means.terms(past, saturday, np.array([5]), saturday - 1, np.full(1, 10.0))
    np.testing.assert_allclose(terms[0, :N_MEANS], 100.0)


def test_a_steady_site_still_has_a_spread_and_an_unsteady_one_a_larger() -> None:
    means, past = walked()
    day = np.array([MONDAY + 21])
    steady_kw = means.spread_kw(past, day, np.array([5]), day - 1)
    assert 0.0 < steady_kw[0] < 1.0
    restless = LoadMeans(KINDS, (), N_SLOTS)
    load_kw = 100.0 + 20.0 * np.random.default_rng(2).normal(size=(21, N_SLOTS))
    after = restless.walk(MONDAY, load_kw, np.full((21, N_SLOTS), 10.0))
    assert 8.0 < restless.spread_kw(after, day, np.array([5]), day - 1)[0] < 30.0


def test_days_pushed_on_later_are_days_walked_at_once() -> None:
    means, whole = walked(21)
    _, begun = walked(18)
    other, _ = walked(18)
    load_kw = np.where(np.arange(18, 21) % 7 < 5, 100.0, 10.0)[:, None] * np.ones(N_SLOTS)
    late = begun.tail(3).joined(other.copy().walk(MONDAY + 18, load_kw, np.full((3, N_SLOTS), 10.0)))
    np.testing.assert_array_equal(late.load_kw[-1], whole.load_kw[-1])
    np.testing.assert_array_equal(late.weekly_kw[-1], whole.weekly_kw[-1])
    assert late.row(np.array([MONDAY + 400])).item() == late.load_kw.shape[0] - 1
    assert means is not other
